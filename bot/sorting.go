package bot

import (
	"regexp"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/content"
)

// Sorting is what the rules make of a report before anybody has looked at it:
// for a form that staff fill in, and for the case's record.
type Sorting struct {
	Category   string           // key of the type, "" if the words point to none
	Village    string           // code, "" if none or several are named
	Candidates []string         // codes, when several bear the name
	Phone      string           // the first telephone number in the words
	Urgency    dispute.Priority //
	Why        string           // the rule that decided the urgency, in words; "" for an ordinary one
	Gate       dispute.Gate     // the rule's verdict; the zero one if no rule spoke
	Office     content.Office   // where to go instead, or besides
}

var phoneInWords = regexp.MustCompile(`1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}`)

// Sort judges the words of a report by the rules of the content, as one of the
// type that staff chose, "" if they chose none, with the answers to its questions.
func (b *Bot) Sort(text, category string, answers map[string]string) Sorting {
	c := b.d.Classify.ClassifyReport(text, category, answers)
	s := Sorting{
		Village: c.Village, Candidates: c.Candidates, Phone: phoneInWords.FindString(text), Urgency: priority(c.Urgency), Why: b.whyUrgent(c),
		Office: b.offices[c.ReferTo],
	}
	if c.Category != otherCategory {
		s.Category = c.Category
	}
	s.Gate = b.gateOf(c)
	return s
}

// gateOf is the rule's judgement with its article and office. What isn't let
// through waits for a person: a rule may be wrong.
func (b *Bot) gateOf(c Classification) dispute.Gate {
	g := dispute.Gate{Rule: c.Gate, Reason: c.Reason, Office: c.ReferTo, Basis: b.basis(c.Cite)}
	switch c.Mediable {
	case MediableYes:
		g.Verdict = dispute.Yes
	case MediableNo:
		g.Verdict = dispute.Decline
	case MediableRefer:
		g.Verdict = dispute.Refer
	}
	return g
}

// basis words articles as people read them: 《人民调解法》第17条.
func (b *Bot) basis(cite []string) string {
	type article struct{ Law, Number string }
	var all []article
	for _, ref := range cite {
		law, rest, _ := strings.Cut(ref, "@")
		_, number, _ := strings.Cut(rest, "#")
		all = append(all, article{law, number})
	}
	if len(all) == 0 {
		return ""
	}
	return b.d.Texts.Say("flow.basis", all)
}

// whyUrgent says by which rule a report is more than ordinary. The words that
// were found stay out: they are the resident's own.
func (b *Bot) whyUrgent(c Classification) string {
	if c.Urgency == LevelNormal {
		return ""
	}
	if c.Triage != nil && c.Triage.Level == c.Urgency {
		return b.d.Texts.Say("flow.urgent_sign", c.Triage.Kind)
	}
	return c.Reasons["urgency"]
}

// judged is the gate for filing by a resident: only what the rules let through
// is accepted at once.
func judged(g dispute.Gate) dispute.Gate {
	if g.Verdict == dispute.Yes {
		return dispute.Gate{Verdict: dispute.Yes, Rule: g.Rule}
	}
	g.Verdict = dispute.Review
	return g
}

// gridReport reads a report that a grid worker types in one message: the
// village (or their only one), what happened, a telephone number. The draft
// opens at the review, so that one confirmation files it.
func (b *Bot) gridReport(t *turn, text string) (Draft, bool) {
	if t.who.Role != access.GridWorker || len([]rune(text)) < 8 || b.d.Answers.Asks(text) {
		return Draft{}, false
	}
	s := b.Sort(text, "", nil)
	if s.Village == "" && len(t.who.Territories) == 1 && len(s.Candidates) == 0 {
		s.Village = t.who.Territories[0]
	}
	if slices.Contains(s.Candidates, first(t.who.Territories)) {
		s.Village = t.who.Territories[0]
	}
	if s.Village == "" && s.Category == "" && s.Phone == "" {
		return Draft{}, false
	}
	return Draft{Form: flowGrid, Seed: strings.TrimSpace(text), Ref: s.Village, Category: s.Category, Question: s.Phone}, true
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
