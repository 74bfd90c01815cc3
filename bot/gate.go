package bot

import (
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/content"
)

type gateRule struct {
	content.Gate
	match, not []expression
}

type escalationRule struct {
	content.Escalation
	match, not []expression
}

func newGateRule(f *prefilter, g content.Gate) gateRule {
	return gateRule{g, compileAll(f, g.Match), compileAll(f, g.Not)}
}

// passGates applies the first rule that holds, in the order of the file.
func (c *Classifier) passGates(r reading, out *Classification) {
	for i := range c.gates {
		g := &c.gates[i]
		if !g.holds(r, out.Category) {
			continue
		}
		out.Mediable, out.ReferTo, out.Gate = g.Mediable, g.Office, g.Key
		out.Reason, out.Cite = g.Reason, g.Cite
		out.Reasons["mediable"] = g.Reason
		if g.Category != "" {
			out.Category = g.Category
		}
		return
	}
}

func (g *gateRule) holds(r reading, category string) bool {
	if len(g.Only) > 0 && !slices.Contains(g.Only, category) {
		return false
	}
	if hits(g.not, r.text, r.may) {
		return false
	}
	return hits(g.match, r.text, r.may) || g.byTriage(r.triage) || r.answered(g.Answers)
}

// byTriage tells whether one of the rule's triage kinds was found; "crime:now"
// asks for one that is no calm question.
func (g *gateRule) byTriage(m *Match) bool {
	if m == nil {
		return false
	}
	for _, want := range g.Triage {
		kind, now := strings.CutSuffix(want, ":now")
		if !slices.Contains(m.Kinds, kind) {
			continue
		}
		if !now || slices.Contains(m.Acute, kind) {
			return true
		}
	}
	return false
}

func (e *escalationRule) holds(r reading) bool {
	return r.answered(e.Answers) || hits(e.match, r.text, r.may) && !hits(e.not, r.text, r.may)
}

// weighUrgency takes the higher of what triage and the signs of escalation say.
func (c *Classifier) weighUrgency(r reading, out *Classification) {
	if r.triage != nil {
		out.Urgency = r.triage.Level
		out.Reasons["urgency"] = r.triage.Kind + "：" + strings.Join(r.triage.Words, "、")
	}
	for i := range c.signs {
		e := &c.signs[i]
		if rank(e.Level) >= rank(out.Urgency) || !e.holds(r) {
			continue
		}
		out.Urgency = e.Level
		out.Reasons["urgency"] = e.Why
	}
}
