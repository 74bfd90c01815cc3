package bot

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/content"
)

// question answers what is none of the above.
func (b *Bot) question(ctx context.Context, t *turn, text string) (Reply, error) {
	if article, ok := answer.LoneArticle(text); ok {
		law := b.lawBefore(t)
		if law == "" {
			t.kind = string(answer.Clarify)
			return b.say("answer.which_law", article), nil
		}
		text = "《" + law + "》" + article
	}
	as, joined, err := b.pieced(ctx, t, text)
	if err != nil {
		return Reply{}, err
	}
	t.kind = string(as[0].Kind)
	t.noteAsked(as...)
	if g, ok := t.s.last(); ok && joined && as[0].FAQ != nil && as[0].FAQ.ID == g.FAQ && as[0].Kind == answer.Answered {
		return b.same(t, as[0]), nil
	}
	if len(as) == 1 {
		return b.answered(t, as[0]), nil
	}
	r := b.say("answer.several", len(as))
	for _, a := range as {
		r.More = append(r.More, b.answered(t, a))
	}
	return r, nil
}

// lawBefore is the law that the last answer was about, "" if none was.
func (b *Bot) lawBefore(t *turn) string {
	g, ok := t.s.last()
	switch {
	case !ok || b.opt.Now().Sub(g.At) > followUpWithin:
		return ""
	case g.Law == "" && len(g.Cited) > 0:
		return g.Cited[0].Law
	}
	return g.Law
}

// How recent a message must be, and how short both, for one to go on with the
// other.
const (
	pieceWithin = 10 * time.Minute
	mostPiece   = 24 // characters of this one
	mostPieces  = 60 // … and of what was said before
	mostAside   = 12 // … and of one that changes nothing: a longer one is a matter that isn't known
)

// pieced answers a message, or, where it alone tells too little, together with
// what the person said just before: people write a matter in several pieces.
func (b *Bot) pieced(ctx context.Context, t *turn, text string) (as []answer.Answer, joined bool, err error) {
	as, err = b.d.Answers.Matters(ctx, answer.Question{Text: text})
	g, had := t.s.last()
	if err != nil || !had || g.Question == "" || len(as) > 1 || !little(as[0]) || b.d.Answers.Asks(text) || b.opt.Now().Sub(g.At) > pieceWithin ||
		utf8.RuneCountInString(text) > mostPiece || utf8.RuneCountInString(g.Question) > mostPieces {
		return as, false, err
	}
	both, err := b.d.Answers.Matters(ctx, answer.Question{Text: g.Question + "，" + text})
	if err != nil || len(both) > 1 || both[0].FAQ == nil || both[0].Kind == answer.Refuse ||
		both[0].FAQ.ID == g.FAQ && utf8.RuneCountInString(text) > mostAside {
		return as, false, err
	}
	return both, true, nil
}

// same says of a piece that adds to a matter without changing its answer that
// the answer stands.
func (b *Bot) same(t *turn, a answer.Answer) Reply {
	n := t.s.give(Given{Question: a.Question, FAQ: a.FAQ.ID, Certainty: a.Certainty, Cited: a.Citations, At: b.opt.Now()})
	out := topicChoices(slices.Concat(a.Also, a.Topics, a.Related))
	return b.say("answer.same", a.FAQ.Question, append(out, b.choice("answer.choice.person", givenData(n, givenPerson)))...)
}

// little tells whether an answer is none that a message of its own would get.
func little(a answer.Answer) bool {
	return a.Kind == answer.Refuse && (a.Reason == answer.ReasonUnknown || a.Reason == answer.ReasonContext) && a.Say == "" ||
		a.Kind == answer.Answered && a.FAQ == nil || a.Kind == answer.Clarify && a.Law == nil && a.Clarify == nil
}

// entry answers by an entry that was chosen: from a question back, from near
// topics, from a link in a publicity item.
func (b *Bot) entry(ctx context.Context, t *turn, id string) (Reply, bool, error) {
	asked := ""
	if g, ok := t.s.last(); ok && g.FAQ == "" {
		asked = g.Question // the one that was asked back or not understood: its dates count
	}
	a, ok := b.d.Answers.FAQ(id, asked)
	if !ok {
		return Reply{}, false, nil
	}
	if err := b.d.Answers.Past(ctx, &a); err != nil {
		return Reply{}, false, err
	}
	t.kind = string(a.Kind)
	return b.answered(t, a), true, nil
}

// answered notes an answer in the session and words it.
func (b *Bot) answered(t *turn, a answer.Answer) Reply {
	g := Given{Question: a.Question, Reason: a.Reason, Certainty: a.Certainty, Cited: a.Citations, At: b.opt.Now()}
	switch {
	case a.FAQ != nil && a.Kind == answer.Clarify:
		g.Clarify = a.FAQ.ID
	case a.FAQ != nil:
		g.FAQ = a.FAQ.ID
	}
	if len(a.Named) > 0 {
		g.Law = a.Named[len(a.Named)-1].Law
	}
	if a.Then != nil {
		g.Cited = slices.Concat(a.Citations, a.Then.Citations)
	}
	n := t.s.give(g)
	r := b.render(a)
	r.Choices = b.answerChoices(t, a, n)
	if r.Answer == nil {
		return r
	}
	if a.FAQ != nil && len(a.Topics) > 0 {
		r.note(b.d.Texts.Say("answer.else", nil))
	}
	if len(a.Also) > 0 {
		r.note(b.d.Texts.Say("answer.also", labelsOf(topicChoices(a.Also))))
	}
	if !t.s.General && t.m.From.Channel != "" {
		t.s.General = true
		r.note(b.d.Texts.Say("answer.general", nil))
	}
	return r
}

// note adds a last paragraph to an answer, in both its forms.
func (r *Reply) note(text string) {
	r.Text += "\n\n" + text
	r.Answer.Note = strings.TrimSpace(r.Answer.Note + "\n" + text)
}

// answerChoices are the buttons under an answer: where the next thought goes.
func (b *Bot) answerChoices(t *turn, a answer.Answer, n int) []Choice {
	switch a.Kind { //nolint:exhaustive // the others are answers
	case answer.Clarify:
		if a.Clarify == nil {
			return topicChoices(a.Topics)
		}
		out := make([]Choice, 0, len(a.Clarify.Choices))
		for _, c := range a.Clarify.Choices {
			out = append(out, Choice{Label: c.Say, Data: data(doEntry, c.To)})
		}
		return out
	case answer.Refuse:
		return b.refusedChoices(a, n)
	}
	var out []Choice
	if a.FAQ != nil && a.FAQ.Mediation.Can == MediableYes {
		out = append(out, b.choice("answer.choice.mediate", givenData(n, givenReport)))
	}
	bare := a.FAQ == nil && a.Guide == nil && a.Kind == answer.Answered
	out = append(out, topicChoices(slices.Concat(a.Also, a.Topics))...)
	if bare {
		out = append(out, b.choice("answer.choice.adviser", givenData(n, givenPerson)))
	}
	out = append(out, topicChoices(a.Related)...)
	if len(a.Citations) > 0 {
		out = append(out, b.choice("answer.choice.source", givenData(n, givenSource)))
	}
	if bare || t.s.draft() != nil {
		return out
	}
	return append(
		out,
		b.choice("answer.choice.useful", givenData(n, givenUseful)),
		b.choice("answer.choice.useless", givenData(n, givenUseless)),
		b.choice("answer.choice.person", givenData(n, givenPerson)),
	)
}

// refusedChoices: what is near, and a person where one can help.
func (b *Bot) refusedChoices(a answer.Answer, n int) []Choice {
	out := topicChoices(a.Topics)
	switch a.Reason {
	case answer.ReasonUnknown:
		out = append(out, b.choice("answer.choice.adviser", givenData(n, givenPerson)), b.choice("answer.choice.no", doNothing+":"))
	case answer.ReasonService:
		out = append(out, b.choice("answer.choice.person", givenData(n, givenPerson)))
	}
	return out
}

// topicChoices are entries to choose from.
func topicChoices(topics []*content.FAQ) []Choice {
	var out []Choice
	for _, f := range topics {
		out = append(out, entryChoice(f))
	}
	return out
}

func labelsOf(choices []Choice) []string {
	var out []string
	for _, c := range choices {
		out = append(out, c.Label)
	}
	return out
}

// most characters of a question on a button: what a channel can't show it
// shortens itself, a page lets it go on in the next line
const mostLabel = 40

func entryChoice(f *content.FAQ) Choice {
	return Choice{Label: clip(f.Question, mostLabel), Data: data(doEntry, f.ID)}
}

// clip shortens text to n characters.
func clip(text string, n int) string {
	if rs := []rune(text); len(rs) > n {
		return strings.TrimRight(string(rs[:n-1]), "，、。？ ") + "…"
	}
	return text
}

// aboutGiven does what a button under an answer says.
func (b *Bot) aboutGiven(ctx context.Context, t *turn, arg string) (Reply, error) {
	n, what, ok := cutNumber(arg)
	g, had := t.s.given(n)
	if !ok || !had {
		return b.stale(t), nil
	}
	switch what {
	case givenSource:
		return b.andResume(t, b.source(g), ""), nil
	case givenUseful, givenUseless:
		r, err := b.opinion(ctx, t, g, what == givenUseful)
		return b.andResume(t, r, ""), err
	case givenReport:
		return b.report(ctx, t, b.draftOf(g))
	case givenPerson:
		return b.handOver(ctx, t, Draft{Seed: g.Question})
	}
	return b.stale(t), nil
}

// draftOf starts a report where an answer left off: its question is what
// happened, its field the type, its articles come along.
func (b *Bot) draftOf(g Given) Draft {
	d := Draft{Seed: g.Question, Question: g.Question}
	for _, c := range g.Cited {
		d.Cited = append(d.Cited, c.Law+"@"+c.Version+"#"+c.Article)
	}
	if f := b.d.Answers.Entry(g.FAQ); f != nil {
		d.Category = b.categoryOf(f.Field)
		if d.Seed == "" {
			d.Seed = f.Question
		}
	}
	return d
}

// categoryOf is the type whose phrasings a content field holds, if only one does.
func (b *Bot) categoryOf(field string) string {
	found := ""
	for _, c := range b.d.Intake.Categories {
		for _, f := range c.Fields {
			if f != field {
				continue
			}
			if found != "" {
				return ""
			}
			found = c.Key
		}
	}
	return found
}

func (b *Bot) opinion(ctx context.Context, t *turn, g Given, useful bool) (Reply, error) {
	entry := g.FAQ
	if entry == "" {
		entry = "none"
	}
	if err := b.d.Dialogs.Opinion(ctx, entry, useful); err != nil {
		return Reply{}, err
	}
	t.noteOpinion(g, useful)
	if useful {
		return b.say("answer.thanks", nil), nil
	}
	return b.say("answer.sorry", nil, b.choice("answer.choice.person", givenData(g.N, givenPerson))), nil
}

// source shows the articles of an answer word for word, where they are held.
func (b *Bot) source(g Given) Reply {
	if len(g.Cited) == 0 {
		return b.say("answer.no_source", nil)
	}
	shown := make([]string, 0, len(g.Cited))
	for _, c := range g.Cited {
		d, held := b.d.Answers.Article(c)
		shown = append(shown, b.d.Texts.Say("answer.article", map[string]any{
			"Name": b.citation(c), "Version": c.Version, "Held": held, "Text": d.Text,
		}))
	}
	return Reply{Text: strings.Join(shown, "\n\n")}
}
