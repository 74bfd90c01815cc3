package bot

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/fault"
)

// flow is a guided dialogue of the desk: its form, and what its answers do.
type flow struct {
	form   func(d *Draft) dialog.Form
	submit func(ctx context.Context, t *turn, d Draft) (Reply, error)
}

// Forms, as drafts name them.
const (
	flowReport     = "report"
	flowHandover   = "handover"
	flowWithdraw   = "withdraw"
	flowSupplement = "supplement"
	flowRelease    = "release"
	flowContact    = "contact"
	flowOutcome    = "outcome"
	flowReply      = "reply"
	flowGrid       = "grid"
	flowConfirm    = "confirm"
	flowScore      = "rate"
	flowUrge       = "urge"
	flowVisit      = "visit"
)

func (b *Bot) allFlows() map[string]flow {
	all := map[string]flow{
		flowReport:     {b.reportForm, b.fileReport},
		flowHandover:   {b.handoverForm, b.openHandover},
		flowWithdraw:   {nil, b.withdraw},
		flowSupplement: {nil, b.supplement},
		flowRelease:    {nil, b.release},
		flowContact:    {nil, b.contacted},
		flowOutcome:    {b.outcomeForm, b.outcome},
		flowReply:      {nil, b.replyHandover},
		flowGrid:       {b.gridForm, b.fileGrid},
		flowConfirm:    {nil, b.confirmed},
		flowScore:      {nil, b.ratedWords},
		flowUrge:       {nil, b.urged},
		flowVisit:      {nil, b.visited},
	}
	maps.Copy(all, b.teamFlows())
	maps.Copy(all, b.meetingFlows())
	for name, f := range all {
		if f.form == nil {
			f.form = func(*Draft) dialog.Form { return b.formOf(name, b.d.Talk.Forms[name], false) }
			all[name] = f
		}
	}
	return all
}

// begin opens a dialogue within the conversation and asks its first question.
func (b *Bot) begin(t *turn, d Draft) Reply {
	t.kind = "dialog"
	d.Token = rand.Text()
	f := b.flows[d.Form].form(&d)
	state, res := dialog.Start(f)
	d.State = state
	t.s.push(d)
	return b.ask(t, f, res)
}

// resume puts the open question again.
func (b *Bot) resume(t *turn) Reply {
	d := t.s.draft()
	if d == nil {
		return b.say("bot.nothing_open", nil, b.doors(t)...)
	}
	f := b.flows[d.Form].form(d)
	return b.ask(t, f, dialog.Ask(f, d.State))
}

// goOn takes a dialogue up again: with the words that a help card kept from
// being taken, or by its open question.
func (b *Bot) goOn(ctx context.Context, t *turn) (Reply, error) {
	if d := t.s.draft(); d != nil && d.Held != "" {
		return b.advance(ctx, t, dialog.Input{Text: d.Held})
	}
	return b.resume(t), nil
}

// andResume adds the open question after a reply that came between. Commands
// that open or close a dialogue themselves are left alone.
func (b *Bot) andResume(t *turn, r Reply, cmd string) Reply {
	switch cmd {
	case "", cmdHelp, cmdLaw, cmdProgress, cmdColumn, cmdQueue, cmdMine, cmdNext, cmdQuestions:
	default:
		return r
	}
	if t.s.draft() == nil {
		return r
	}
	again := b.resume(t)
	again.Text = b.d.Texts.Say("flow.go_on", nil) + again.Text
	r.More = append(r.More, again)
	return r
}

// inDialog takes a message while a dialogue is open.
func (b *Bot) inDialog(ctx context.Context, t *turn, o order, isCommand bool) (Reply, error) {
	if isCommand && o.name != cmdCancel && o.name != cmdBack {
		if o.name == cmdReport && t.s.draft().Form == flowReport {
			return b.resume(t), nil
		}
		r, err := b.obey(ctx, t, o)
		return b.andResume(t, r, o.name), err
	}
	if r, ok, err := b.askedBetween(ctx, t); ok || err != nil {
		return b.andResume(t, r, ""), err
	}
	return b.advance(ctx, t, dialog.Input{Text: t.m.Text, Files: filesOf(t.m.Files)})
}

func filesOf(files []File) []dialog.File {
	out := make([]dialog.File, 0, len(files))
	for _, f := range files {
		out = append(out, dialog.File(f))
	}
	return out
}

// dialogPressed takes a button of the open dialogue. One of a question that is
// no longer open does nothing but show the open one.
func (b *Bot) dialogPressed(ctx context.Context, t *turn, arg string) (Reply, error) {
	d := t.s.draft()
	seq, rest, ok := cutNumber(arg)
	i, _, isIndex := cutNumber(rest)
	if d == nil || !ok || !isIndex || seq != d.Seq || i < 0 || i >= len(d.Shown) {
		return b.stale(t), nil
	}
	return b.advance(ctx, t, dialog.Input{Option: d.Shown[i]})
}

// advance gives an input to the open dialogue.
func (b *Bot) advance(ctx context.Context, t *turn, in dialog.Input) (Reply, error) {
	t.kind = "dialog"
	d := t.s.draft()
	d.Held = ""
	f := b.flows[d.Form].form(d)
	was := d.State.At
	state, res := dialog.Advance(f, d.State, in)
	if res.Event == dialog.Submitted {
		return b.submitted(ctx, t, state)
	}
	d.State = state
	if res.Event == dialog.Cancelled || res.Event == dialog.Refused {
		return b.ended(t, *d, res.Event), nil
	}
	if was == keyCategory && b.toldMore(d, in, res) {
		f = b.flows[d.Form].form(d)
		r := b.asked(t, d, f, dialog.Ask(f, d.State), was)
		r.Text = b.d.Texts.Say("flow.told_more", nil) + r.Text
		return r, nil
	}
	if d.Consented.IsZero() && state.Answers.Of(keyConsent) != "" {
		d.Consented = b.opt.Now()
	}
	return b.asked(t, d, f, res, was), nil
}

// leastTold is how many characters are taken for more of the story where its
// type is asked for.
const leastTold = 4

// toldMore adds to the story what was said where its type is asked for, and is
// none: people go on telling. The type is guessed anew from all of it.
func (b *Bot) toldMore(d *Draft, in dialog.Input, res dialog.Result) bool {
	words := strings.TrimSpace(in.Text)
	if d.Form != flowReport || d.State.At != keyCategory || in.Option != "" || utf8.RuneCountInString(words) < leastTold ||
		res.Offer == nil && res.Problem != dialog.NoOption {
		return false
	}
	if what, ok := d.State.Answers[keyWhat]; ok {
		what.Value += "\n" + words
		d.State.Answers[keyWhat] = what
	} else {
		d.Seed = strings.TrimSpace(d.Seed + "\n" + words)
	}
	d.State.Offer = nil
	if a, ok := b.proposeCategory(d)(d.State.Answers); ok {
		d.State.Offer = &a
	}
	return true
}

// asked words the next question, after a note about where else to go if what
// was told calls for it.
func (b *Bot) asked(t *turn, d *Draft, f dialog.Form, res dialog.Result, was string) Reply {
	note := ""
	told := d.Form == flowReport && d.State.At != was
	if told {
		note = b.gateNote(d)
	}
	r := b.ask(t, f, res)
	if note != "" {
		r.Text = note + "\n\n" + r.Text
	}
	if card := b.cardAt(d, was); told && card != nil {
		return Reply{Urgent: card, More: []Reply{r}}
	}
	return r
}

func (b *Bot) ended(t *turn, d Draft, e dialog.Event) Reply {
	for _, a := range d.State.Answers {
		for _, f := range a.Files {
			t.unwanted = append(t.unwanted, f.Ref)
		}
	}
	t.s.pop()
	key := "flow.cancelled"
	if e == dialog.Refused {
		key = "flow.refused"
		if d.Form == flowWithdraw {
			key = "flow.withdraw.kept"
		}
	}
	return b.andResume(t, b.say(key, nil, b.doors(t)...), "")
}

// submitted does what the form is for. A report that could not be taken stays
// open, so that it can be mended or sent again; other forms do if it was their
// content.
func (b *Bot) submitted(ctx context.Context, t *turn, state dialog.State) (Reply, error) {
	done := *t.s.draft()
	done.State = state
	r, err := b.flows[done.Form].submit(ctx, t, done)
	if err == nil || done.Form != flowReport && fault.Of(err) != fault.Invalid {
		t.s.pop()
	}
	if err != nil {
		return Reply{}, err
	}
	return b.andResume(t, r, ""), nil
}

// askedBetween answers a question put in the middle of a dialogue. What a form
// asks for as free words is only a question if it is put as one.
func (b *Bot) askedBetween(ctx context.Context, t *turn) (Reply, bool, error) {
	d, text := t.s.draft(), strings.TrimSpace(t.m.Text)
	if text == "" || d.State.At == dialog.AtReview && !b.d.Answers.Asks(text) {
		return Reply{}, false, nil
	}
	f := b.flows[d.Form].form(d)
	step := dialog.Ask(f, d.State).Step
	if topics := b.d.Answers.FollowUps(text); !slices.Contains(topics, followThen) && (!inWords(step) || b.d.Answers.Asks(text)) {
		if r, ok, err := b.followUp(ctx, t, topics); ok || err != nil {
			return r, ok, err
		}
	}
	if !b.questionHere(d, f, step, text) {
		return Reply{}, false, nil
	}
	as, err := b.d.Answers.Matters(ctx, answer.Question{Text: text})
	if err != nil || as[0].Kind == answer.Refuse && !b.first.match(text) {
		return Reply{}, false, err
	}
	t.noteAsked(as[0])
	return b.answered(t, as[0]), true, nil
}

// questionHere tells whether words at the open step are a question rather than
// the answer that the step waits for.
func (b *Bot) questionHere(d *Draft, f dialog.Form, step *dialog.Step, text string) bool {
	if d.Form == flowHandover {
		return false // who asks for a person gets one
	}
	if step != nil && step.Kind == dialog.Text {
		return utf8.RuneCountInString(text) <= mostQuestion && b.first.match(text)
	}
	if !b.d.Answers.Asks(text) {
		return false
	}
	next, res := dialog.Advance(f, d.State, dialog.Input{Text: text})
	return res.Event == dialog.Rejected || step != nil && step.Kind == dialog.Date || next.Offer != nil && utf8.RuneCountInString(text) > 8 ||
		step != nil && step.Kind == dialog.Pick && freely(step, next.Answers)
}

// inWords tells whether a step takes what is said as it is said.
func inWords(step *dialog.Step) bool {
	return step != nil && (step.Kind == dialog.Text || step.Kind == dialog.Pick && step.Resolve != nil && step.Key != keyCategory)
}

// freely tells whether a choice was answered in words of one's own.
func freely(step *dialog.Step, given dialog.Answers) bool {
	a, ok := given[step.Key]
	return ok && !a.Skipped && !slices.ContainsFunc(step.Options, func(o dialog.Option) bool { return o.Value == a.Value })
}

// mostQuestion is how long words may be to be taken for a question where a
// story is asked for, in characters.
const mostQuestion = 40

// ask words a question of a dialogue with its buttons.
func (b *Bot) ask(t *turn, f dialog.Form, res dialog.Result) Reply {
	d := t.s.draft()
	d.Seq++
	d.Shown = nil
	r := Reply{Text: b.questionText(d, f, res)}
	for i, o := range res.Options {
		d.Shown = append(d.Shown, o.Value)
		r.Choices = append(r.Choices, Choice{Label: b.label(f, res, o), Data: data(doDialog, itoa(d.Seq), itoa(i))})
	}
	if res.Of > 2 {
		r.Progress = itoa(res.Done) + "/" + itoa(res.Of)
	}
	return r
}

// questionText is the problem with the last input, if any, then the question.
func (b *Bot) questionText(d *Draft, f dialog.Form, res dialog.Result) string {
	var parts []string
	if res.Problem != "" {
		parts = append(parts, b.d.Texts.Say("flow.problem", map[string]any{"Problem": string(res.Problem), "Max": maxOf(res.Step)}))
	}
	switch {
	case res.Step == nil:
		parts = append(parts, b.review(d, f))
	case res.Offer != nil:
		key := "flow.offer"
		if res.Step.Key == keyCategory {
			key = "flow.offer.category"
		}
		parts = append(parts, b.d.Texts.Say(key, map[string]any{"Label": res.Step.Label, "Answer": res.Offer.Text()}))
	case res.Problem == dialog.Several:
		// the candidates say it all
	default:
		parts = append(parts, b.d.Texts.Say("flow.ask", map[string]any{"Ask": res.Step.Ask, "Hint": res.Step.Hint, "First": res.Problem == ""}))
	}
	return strings.Join(parts, "\n\n")
}

func maxOf(s *dialog.Step) int {
	if s == nil || s.Max == 0 {
		return 500
	}
	return s.Max
}

// review lists the answers to be looked over.
func (b *Bot) review(d *Draft, f dialog.Form) string {
	type line struct{ Label, Value string }
	var lines []line
	for _, step := range f.Visible(d.State.Answers) {
		a, ok := d.State.Answers[step.Key]
		if !ok || step.Kind == dialog.Consent {
			continue
		}
		lines = append(lines, line{step.Label, b.answerText(a)})
	}
	return b.d.Texts.Say("flow.review", lines)
}

func (b *Bot) answerText(a dialog.Answer) string {
	return b.d.Texts.Say("flow.answer", map[string]any{"Text": a.Text(), "Note": a.Note, "Files": len(a.Files), "Skipped": a.Skipped})
}

// label is what a button of a dialogue says.
func (b *Bot) label(f dialog.Form, res dialog.Result, o dialog.Option) string {
	if o.Label != "" && !strings.HasPrefix(o.Value, dialog.EditPrefix) {
		return o.Label
	}
	if strings.HasPrefix(o.Value, dialog.EditPrefix) {
		return b.d.Texts.Say("flow.choice.edit", o.Label)
	}
	if res.Step != nil && (o.Value == dialog.OptYes || o.Value == dialog.OptNo) {
		return b.d.Texts.Say("flow.choice.offer", map[string]any{"Yes": o.Value == dialog.OptYes, "Free": res.Step.Kind == dialog.Text})
	}
	return b.d.Texts.Say(steering[o.Value], f.Name)
}

// steering is the wording of the buttons that steer.
var steering = map[string]string{
	dialog.OptBack: "flow.choice.back", dialog.OptCancel: "flow.choice.cancel", dialog.OptSkip: "flow.choice.skip",
	dialog.OptDone: "flow.choice.done", dialog.OptSubmit: "flow.choice.submit",
}
