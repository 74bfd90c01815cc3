package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/knowledge"
)

// AskResult is one line of `anjie ask --json`; docs/CLI.md describes it.
type AskResult struct {
	ID        string      `json:"id"`
	Kind      answer.Kind `json:"kind"`
	Certainty float64     `json:"certainty"`
	Urgent    *Urgent     `json:"urgent"`
	Passages  []Passage   `json:"passages"`
	Reply     string      `json:"reply"`
	Next      Next        `json:"next"`
	Version   string      `json:"version"`
}

// Passage is one thing found.
type Passage struct {
	Type      knowledge.Kind       `json:"type"`
	Title     string               `json:"title"`
	Text      string               `json:"text"`
	Citations []knowledge.Citation `json:"citations"`
	Score     float64              `json:"score"`
}

// Next is what a resident can do from here.
type Next struct {
	Choices   []string `json:"choices,omitempty"`   // labels of the buttons
	Ask       string   `json:"ask,omitempty"`       // the question put back
	Topics    []string `json:"topics,omitempty"`    // what is near, for a refusal
	Mediation string   `json:"mediation,omitempty"` // yes, no, refer
	Office    string   `json:"office,omitempty"`    // key of whom to turn to
	Reason    string   `json:"reason,omitempty"`    // of a refusal
	Person    bool     `json:"person,omitempty"`    // a person is offered
	Also      []string `json:"also,omitempty"`      // further matters of the same message that were answered
}

// AskOnce answers one text without a conversation around it: no session, no
// report, at most top passages (0 means 5).
func (b *Bot) AskOnce(ctx context.Context, text string, top int) (AskResult, error) {
	if top <= 0 {
		top = 5
	}
	out := AskResult{Passages: []Passage{}}
	over := false
	o, isCommand := b.command(text)
	if !isCommand {
		if m, ok := b.d.Triage.Match(text); ok {
			out.Urgent, over = m.Urgent, m.Over
			if !m.Calm {
				out.Kind = answer.Urgent
				out.Next.Choices = m.Choices
			}
		}
	}
	if isCommand && (o.name == cmdReport || o.name == cmdSupplement || o.name == cmdProgress || o.name == cmdWithdraw) {
		return b.commandResult(out, o), nil
	}
	if article, ok := answer.LoneArticle(text); ok && out.Kind == "" {
		out.Kind, out.Certainty = answer.Clarify, 1
		out.Reply = b.d.Texts.Say("answer.which_law", article)
		return out, nil
	}
	as, err := b.d.Answers.Matters(ctx, answer.Question{Text: text, Limit: top})
	if err != nil {
		return AskResult{}, fmt.Errorf("answer: %w", err)
	}
	b.fill(&out, as, top, over)
	return out, nil
}

// commandResult is what a command leads to.
func (b *Bot) commandResult(out AskResult, o order) AskResult {
	out.Kind, out.Certainty = answer.Report, 1
	out.Reply = b.d.Texts.Say("bot.report_here", o.name == cmdReport)
	return out
}

// fill puts answers into a result. An emergency's reply is its card alone; the
// card of a danger that is over comes last.
func (b *Bot) fill(out *AskResult, as []answer.Answer, top int, over bool) {
	t := &turn{s: &Session{}}
	first := as[0]
	out.Certainty, out.Version = first.Certainty, first.Version
	var replies []string
	if out.Urgent != nil && !over {
		replies = append(replies, b.cardText(out.Urgent))
	}
	for i, a := range as {
		r := b.answered(t, a)
		if out.Kind != answer.Urgent {
			replies = append(replies, r.Text)
		}
		if i > 0 {
			out.Next.Also = append(out.Next.Also, a.Question)
		}
		if a.Kind != answer.Refuse {
			out.Passages = append(out.Passages, b.passages(a, top)...)
		}
		if i == 0 && out.Kind != answer.Urgent {
			out.Kind = a.Kind
			out.Next = b.next(a, r)
		}
	}
	out.Passages = out.Passages[:min(len(out.Passages), top)]
	if over {
		replies = append(replies, b.cardText(out.Urgent))
	}
	out.Reply = strings.Join(replies, "\n\n")
}

func (b *Bot) next(a answer.Answer, r Reply) Next {
	n := Next{Reason: a.Reason, Office: a.Office}
	for _, c := range r.Choices {
		n.Choices = append(n.Choices, c.Label)
		n.Person = n.Person || strings.HasSuffix(c.Data, ":"+givenPerson)
	}
	for _, f := range a.Topics {
		n.Topics = append(n.Topics, f.Question)
	}
	if a.FAQ != nil {
		n.Mediation = a.FAQ.Mediation.Can
	}
	if a.Clarify != nil {
		n.Ask = a.Clarify.Ask
	}
	return n
}

// passages lists what was found: the entry that answers first, then the rest.
func (b *Bot) passages(a answer.Answer, top int) []Passage {
	out := make([]Passage, 0, top)
	lead := ""
	if a.FAQ != nil && a.Kind == answer.Answered {
		lead = "faq:" + a.FAQ.ID
	}
	for _, h := range a.Hits {
		p := Passage{h.Document.Kind, h.Document.Title, h.Document.Text, h.Document.Citations, h.Score}
		if p.Citations == nil {
			p.Citations = []knowledge.Citation{}
		}
		if h.Document.ID == lead {
			out = append([]Passage{p}, out...)
			continue
		}
		out = append(out, p)
	}
	return out
}
