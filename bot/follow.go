package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/answer"
)

// followUpWithin is how old the last answer may be for a follow-up to mean it.
const followUpWithin = 12 * time.Hour

// followThen is the topic of a message that only says when the matter was; in
// a form it is what was asked for.
const followThen = "then"

// followUp answers a short question (那要多久？在哪办？) from the entry that
// answered last. It is false where there is none, or nothing was asked for.
func (b *Bot) followUp(ctx context.Context, t *turn, topics []string) (Reply, bool, error) {
	g, ok := t.s.last()
	g.FAQ = cmp.Or(g.FAQ, g.Clarify) // what was asked back about is known, too
	if !ok || len(topics) == 0 || g.FAQ == "" || b.opt.Now().Sub(g.At) > followUpWithin {
		return Reply{}, false, nil
	}
	if topics[0] == followThen {
		return b.thatDay(ctx, t, g)
	}
	a, ok := b.d.Answers.FAQ(g.FAQ, g.Question)
	if !ok {
		return Reply{}, false, nil
	}
	var sides []string
	for _, topic := range topics {
		lines := filled(b.aside(&a, topic)...)
		if len(lines) == 0 && len(topics) == 1 {
			if more, ok := b.d.Answers.FAQ(b.d.Answers.SeeAlso(topic), ""); ok {
				t.kind = string(more.Kind)
				return b.answered(t, more), true, nil
			}
		}
		sides = append(sides, b.d.Texts.Say("answer.follow.side", map[string]any{
			"Topic": topic, "Lines": strings.Join(lines, "\n"), "Mediation": a.FAQ.Mediation.Can == MediableYes,
		}))
	}
	t.kind = "answer"
	return b.say("answer.follow", map[string]any{"Sides": strings.Join(sides, "\n\n"), "Question": a.FAQ.Question},
		b.choice("answer.choice.person", givenData(g.N, givenPerson))), true, nil
}

// aside is what an answer says of one side of the matter.
func (b *Bot) aside(a *answer.Answer, topic string) []string {
	f := a.FAQ
	var lines []string
	switch topic {
	case "time":
		for _, d := range a.Deadlines {
			lines = append(lines, b.deadline(d))
		}
	case "place":
		for _, o := range b.officesOf(f.See) {
			lines = append(lines, b.d.Texts.Say("answer.office", o))
		}
		return lines
	case "papers":
		if len(f.Papers) > 0 {
			return []string{b.d.Texts.Say("answer.papers", f.Papers)}
		}
	case "mediation":
		return []string{b.mediation(f.Mediation)}
	case "lawful":
		return []string{f.Conclusion}
	case "steps":
		return numberedLines(f.Steps)
	}
	return append(lines, b.d.Answers.About(f, topic)...)
}

// thatDay answers anew by the entry before, for a matter of the day that the
// message names: 2019年的事.
func (b *Bot) thatDay(ctx context.Context, t *turn, g Given) (Reply, bool, error) {
	a, ok := b.d.Answers.FAQ(g.FAQ, g.Question+"，"+t.m.Text)
	if !ok {
		return Reply{}, false, nil
	}
	if err := b.d.Answers.Past(ctx, &a); err != nil {
		return Reply{}, false, err
	}
	t.kind = string(a.Kind)
	return b.answered(t, a), true, nil
}

// shortReply is how long the answer to a question back may be, in characters:
// longer words tell the matter anew.
const shortReply = 24

// clarified takes words typed in reply to a question back: as the choice that
// they mean, else as what the question before left out.
func (b *Bot) clarified(ctx context.Context, t *turn) (Reply, bool, error) {
	if r, ok, err := b.corrected(ctx, t); ok || err != nil {
		return r, ok, err
	}
	g, ok := t.s.last()
	text := strings.TrimSpace(t.m.Text)
	if !ok || g.Clarify == "" || b.opt.Now().Sub(g.At) > followUpWithin || len([]rune(text)) > shortReply || b.d.Answers.Asks(text) {
		return Reply{}, false, nil
	}
	if id, ok := b.d.Answers.Chosen(g.Clarify, text); ok {
		return b.entry(ctx, t, id)
	}
	if b.d.Answers.Idle(text) {
		return Reply{}, false, nil
	}
	r, err := b.question(ctx, t, text+"，"+g.Question)
	if now, ok := t.s.last(); err == nil && ok && now.Clarify == g.Clarify { // never the same question twice
		return b.entry(ctx, t, g.Clarify)
	}
	return r, true, err
}

// corrected takes words that put right what was said to a question back: as
// another choice of it, or else asks it once more.
func (b *Bot) corrected(ctx context.Context, t *turn) (Reply, bool, error) {
	rest, ok := b.d.Answers.Corrects(t.m.Text)
	if !ok {
		return Reply{}, false, nil
	}
	for _, g := range slices.Backward(t.s.Given) {
		f := b.d.Answers.Entry(g.Clarify)
		if f == nil || f.Clarify == nil || b.opt.Now().Sub(g.At) > followUpWithin {
			continue
		}
		if id, ok := b.d.Answers.Chosen(g.Clarify, rest); ok {
			return b.entry(ctx, t, id)
		}
		if b.d.Answers.Asks(rest) || utf8.RuneCountInString(rest) > shortReply {
			break
		}
		t.kind = string(answer.Clarify)
		return b.answered(t, answer.Answer{Kind: answer.Clarify, Question: g.Question, FAQ: f, Clarify: f.Clarify}), true, nil
	}
	g, had := t.s.last()
	if !had || utf8.RuneCountInString(rest) < leastCorrected {
		return Reply{}, false, nil
	}
	if utf8.RuneCountInString(rest) <= shortReply {
		rest += "，" + g.Question
	}
	r, err := b.question(ctx, t, rest)
	return r, true, err
}

// leastCorrected is how long the words of a correction are that say something,
// in characters.
const leastCorrected = 3
