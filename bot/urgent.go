package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/content"
)

// emergency shows the help card before anything else. Only after a calm
// question about a danger does the answer follow; otherwise nothing is asked,
// and an open dialogue waits.
func (b *Bot) emergency(ctx context.Context, t *turn, m Match) (Reply, error) {
	t.s.Urgent, t.s.Words = m.Kind, t.m.Text
	if m.Calm {
		return b.calmCard(ctx, t, m)
	}
	t.kind = string(answer.Urgent)
	card := Reply{Urgent: m.Urgent}
	if t.m.Group {
		return card, nil
	}
	card.Choices = cardChoices(m.Kind, m.Choices)
	if d := t.s.draft(); d != nil {
		if step := dialog.Ask(b.flows[d.Form].form(d), d.State).Step; step != nil && step.Kind == dialog.Text {
			d.Held = t.m.Text // taken when the person comes back to the form
		}
		d.Card = m.Kind
		card.Choices = append(card.Choices, b.choice("flow.choice.resume", data(doCommand, cmdResume)))
	}
	return card, nil
}

// calmCard puts the card before the reply that the message has anyway, or after
// it where the danger is long over; within a dialogue once for each kind.
func (b *Bot) calmCard(ctx context.Context, t *turn, m Match) (Reply, error) {
	d := t.s.draft()
	shown := d != nil && d.Card == m.Kind
	r, err := b.calm(ctx, t, order{}, false)
	if err != nil || shown {
		return r, err
	}
	if d := t.s.draft(); d != nil {
		d.Card = m.Kind
	}
	if m.Over {
		r.More = append(r.More, Reply{Urgent: m.Urgent})
		return r, nil
	}
	return Reply{Urgent: m.Urgent, More: []Reply{r}}, nil
}

func cardChoices(kind string, labels []string) []Choice {
	out := make([]Choice, 0, len(labels))
	for i, label := range labels {
		out = append(out, Choice{Label: label, Data: data(doUrgent, kind, itoa(i))})
	}
	return out
}

// urgentPressed follows a button of a help card, as the content says.
func (b *Bot) urgentPressed(ctx context.Context, t *turn, arg string) (Reply, error) {
	kind, index, _ := strings.Cut(arg, ":")
	i, _, ok := cutNumber(index)
	at := slices.IndexFunc(b.d.Library.Triage, func(r content.Triage) bool { return r.Kind == kind })
	if !ok || at < 0 || i < 0 || i >= len(b.d.Library.Triage[at].Card.Choices) {
		return b.stale(t), nil
	}
	rule := b.d.Library.Triage[at]
	after, found := b.after(kind, rule.Card.Choices[i])
	t.kind = string(answer.Urgent)
	switch {
	case !found:
		return Reply{Urgent: cardOf(rule), Choices: cardChoices(kind, rule.Card.Choices)}, nil
	case after.Do == cmdPerson:
		return b.handOver(ctx, t, Draft{Seed: t.s.Words, Ref: kind})
	case after.Do == cmdReport:
		return b.report(ctx, t, Draft{Seed: t.s.Words})
	}
	r := Reply{Text: after.Say, Choices: b.helpChoices(kind, rule.Card.Choices)}
	if after.Ask == "" {
		return r, nil
	}
	return b.answerAfter(ctx, t, r, after.Ask)
}

// answerAfter adds what the desk knows about the situation, if it is sure.
func (b *Bot) answerAfter(ctx context.Context, t *turn, r Reply, question string) (Reply, error) {
	a, err := b.d.Answers.Ask(ctx, answer.Question{Text: question})
	if err != nil {
		return Reply{}, err
	}
	if a.Kind != answer.Answered && len(a.Topics) > 0 {
		a, _ = b.d.Answers.FAQ(a.Topics[0].ID, "") // the content asked for this very topic
	}
	if a.Kind != answer.Answered {
		if r.Text == "" {
			r.Text = b.d.Texts.Say("urgent.unknown", nil)
		}
		return r, nil
	}
	known := b.answered(t, a)
	if r.Text == "" {
		return known, nil
	}
	r.More, r.Choices = []Reply{known}, nil
	return r, nil
}

func (b *Bot) after(kind, label string) (content.After, bool) {
	for _, a := range b.d.Talk.After {
		if a.Label == label && (len(a.Kinds) == 0 || slices.Contains(a.Kinds, kind)) {
			return a, true
		}
	}
	return content.After{}, false
}

// helpChoices are the buttons of a card that lead to a person.
func (b *Bot) helpChoices(kind string, labels []string) []Choice {
	return slices.DeleteFunc(cardChoices(kind, labels), func(c Choice) bool {
		a, ok := b.after(kind, c.Label)
		return !ok || a.Do != cmdPerson
	})
}

func cardOf(r content.Triage) *Urgent {
	return &Urgent{Kind: r.Kind, Numbers: r.Numbers, Lead: r.Card.Lead, Lines: r.Card.Lines, After: r.Card.After}
}

// cardText is a help card as plain text, for channels without cards.
func (b *Bot) cardText(u *Urgent) string {
	return b.d.Texts.Say("urgent.card", map[string]any{"Lead": u.Lead, "Lines": numberedLines(u.Lines), "After": u.After, "Numbers": u.Numbers})
}
