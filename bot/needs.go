package bot

import (
	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/bot/needs"
)

// Needs records what residents ask, so that staff see what to write;
// *needs.Service is one. Record must not wait.
type Needs interface {
	Record(a needs.Asked)
}

var _ Needs = (*needs.Service)(nil)

// unsure is the certainty below which an answer that was given counts as a
// guess.
const unsure = 0.5

// record hands on what a message asked. What the staff ask is no resident's
// need.
func (b *Bot) record(t *turn) {
	if b.d.Needs == nil || t.who.Staff() {
		return
	}
	for _, a := range t.asked {
		b.d.Needs.Record(a)
	}
}

// noteAsked notes questions and how they were answered.
func (t *turn) noteAsked(as ...answer.Answer) {
	for _, a := range as {
		kind, counts := kindOf(a)
		if !counts {
			continue
		}
		n := needs.Asked{Text: a.Question, Kind: kind}
		if a.FAQ != nil {
			n.Entry = a.FAQ.ID
		}
		t.asked = append(t.asked, n)
	}
}

// kindOf says how well an answer answered; false for chatter and the like,
// which is no question.
func kindOf(a answer.Answer) (needs.Kind, bool) {
	switch {
	case a.Kind == answer.Refuse && a.Reason == answer.ReasonUnknown:
		return needs.Refused, true
	case a.Kind == answer.Refuse && a.Reason == answer.ReasonService:
		return needs.Elsewhere, true
	case a.Kind == answer.Refuse:
		return "", false
	case a.Kind == answer.Answered && a.FAQ == nil && a.Guide == nil:
		return needs.Bare, true
	case a.Kind == answer.Answered && a.Certainty < unsure:
		return needs.Unsure, true
	}
	return needs.Answered, true
}

// noteOpinion notes what a resident thought of an answer.
func (t *turn) noteOpinion(g Given, useful bool) {
	kind := needs.Useless
	if useful {
		kind = needs.Useful
	}
	t.asked = append(t.asked, needs.Asked{Text: g.Question, Kind: kind, Entry: g.FAQ})
}
