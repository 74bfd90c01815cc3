package bot

import (
	"context"
	"errors"
	"regexp"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
)

var (
	anyDigit = regexp.MustCompile(`[0-9０-９]`)
	// a code stands alone: letters and digits of which at least one is a letter
	caseCode = regexp.MustCompile(`(?:^|[^0-9A-Za-z])([0-9]*[A-Za-z][0-9A-Za-z-]{3,})\s*$`)
)

// progress tells a reporter where their cases stand; with a number, where that
// one does. A number that is not there and one that is not theirs read alike.
func (b *Bot) progress(ctx context.Context, t *turn, text string) (Reply, error) {
	if t.m.Choice != "" {
		text = ""
	}
	if anyDigit.MatchString(text) {
		return b.progressOf(ctx, t, text)
	}
	mine, err := b.d.Cases.MyReports(ctx, t.who)
	if err != nil {
		return Reply{}, err
	}
	switch len(mine) {
	case 0:
		return b.say("flow.progress.none", nil, b.doors(t)...), nil
	case 1:
		return b.standing(ctx, t, mine[0])
	}
	return b.pickCase(ctx, t, mine, actProgress, "flow.progress.which")
}

func (b *Bot) progressOf(ctx context.Context, t *turn, text string) (Reply, error) {
	number, code := text, ""
	if m := caseCode.FindStringSubmatchIndex(text); m != nil {
		number, code = text[:m[2]], text[m[2]:m[3]]
	}
	p, err := b.d.Cases.Progress(ctx, t.who, number, code)
	if fault.Of(err) == fault.NotFound || fault.Of(err) == fault.Denied {
		return b.say("flow.progress.unknown", nil), nil
	}
	if err != nil {
		return Reply{}, err
	}
	return b.standing(ctx, t, p)
}

// mostPicked cases are offered to choose from.
const mostPicked = 6

// pickCase asks which of several cases is meant.
func (b *Bot) pickCase(ctx context.Context, t *turn, ps []dispute.Progress, action, key string) (Reply, error) {
	r := b.say(key, nil)
	for _, p := range ps[:min(len(ps), mostPicked)] {
		id, err := b.d.Dialogs.NewHandle(ctx, Handle{Person: t.person(), Action: action, Case: p.ID})
		if err != nil {
			return Reply{}, err
		}
		label := b.d.Texts.Say("flow.progress.line", map[string]any{"Number": p.Number, "Category": b.categoryName(p.Category)})
		r.Choices = append(r.Choices, Choice{Label: label, Data: data(doHandle, id)})
	}
	return r, nil
}

// standing words where a case stands, for its reporter.
func (b *Bot) standing(ctx context.Context, t *turn, p dispute.Progress) (Reply, error) {
	r := b.say("flow.progress", map[string]any{
		"Number": p.Number, "State": string(p.State), "Category": b.categoryName(p.Category), "Mediator": p.Mediator,
		"Outcome": string(p.Outcome), "Filed": b.when(p.Filed), "Due": b.when(p.Due), "Place": b.place(p.Facts["refer_to"]), "Basis": p.Facts["basis"],
		"Reason": p.Facts["reason"], "Into": p.Into, "Objected": p.Objected,
	})
	var err error
	r.Choices, err = b.reporterChoices(ctx, t, p.ID, p.Open, p.InHand && !p.Objected)
	r.Choices = r.Choices[min(1, len(r.Choices)):] // it was just told
	if err == nil {
		err = b.meetings(ctx, t, p, &r)
	}
	if err == nil && p.MayRate {
		var mark Choice
		mark, err = b.button(ctx, t.person(), "flow.choice.marks", Handle{Action: actMarks, Case: p.ID})
		r.Choices = append(r.Choices, mark)
	}
	if err == nil && (p.State == dispute.Agreed || p.State == dispute.Performing) {
		var see Choice
		see, err = b.button(ctx, t.person(), "flow.choice.consent", Handle{Action: actConsent, Case: p.ID})
		r.Choices = append([]Choice{see}, r.Choices...)
	}
	return r, err
}

// chooseCase begins what a reporter wants done with one of their open cases.
func (b *Bot) chooseCase(ctx context.Context, t *turn, what string) (Reply, error) {
	mine, err := b.d.Cases.MyReports(ctx, t.who)
	if err != nil {
		return Reply{}, err
	}
	var open []dispute.Progress
	for _, p := range mine {
		if p.Open {
			open = append(open, p)
		}
	}
	action, form := actWithdraw, flowWithdraw
	if what == cmdSupplement {
		action, form = actSupplement, flowSupplement
	}
	switch len(open) {
	case 0:
		return b.say("flow.progress.none", nil, b.doors(t)...), nil
	case 1:
		return b.begin(t, Draft{Form: form, Case: open[0].ID}), nil
	}
	return b.pickCase(ctx, t, open, action, "flow.which")
}

func (b *Bot) withdraw(ctx context.Context, t *turn, d Draft) (Reply, error) {
	c, err := b.d.Cases.Withdraw(ctx, t.who, d.Case, d.State.Answers.Of("reason"), dispute.Seen{Token: d.Token})
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.withdrawn", c.Number), nil
}

func (b *Bot) supplement(ctx context.Context, t *turn, d Draft) (Reply, error) {
	a := d.State.Answers
	files, err := b.evidence(ctx, a, "note", "files")
	if err != nil {
		return Reply{}, err
	}
	c, err := b.d.Cases.Supplement(ctx, t.who, d.Case, a.Of("note"), files, dispute.Seen{Token: d.Token})
	if errors.Is(err, dispute.ErrFull) {
		return b.noRoom(ctx, t, d, files)
	}
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.supplemented", c.Number), nil
}

// noRoom keeps the words of a supplement whose files find no room any more, and
// destroys those.
func (b *Bot) noRoom(ctx context.Context, t *turn, d Draft, files []dispute.Evidence) (Reply, error) {
	if err := b.discard(ctx, files); err != nil {
		return Reply{}, err
	}
	note, data := d.State.Answers.Of("note"), map[string]any{"Noted": false}
	if note != "" {
		c, err := b.d.Cases.Supplement(ctx, t.who, d.Case, note, nil, dispute.Seen{Token: d.Token})
		if err != nil {
			return Reply{}, err
		}
		data = map[string]any{"Noted": true, "Number": c.Number}
	}
	return b.say("flow.supplement.full", data), nil
}

// handlePressed opens a handle: for its own person only, and what it does is
// judged anew by the service.
func (b *Bot) handlePressed(ctx context.Context, t *turn, id string) (Reply, error) {
	h, err := b.d.Dialogs.Handle(ctx, id)
	if fault.Of(err) == fault.NotFound || err == nil && h.Person != t.person() {
		return b.stale(t), nil
	}
	if err != nil {
		return Reply{}, err
	}
	switch h.Action {
	case actProgress:
		r, err := b.progressByID(ctx, t, h.Case)
		return b.andResume(t, r, ""), err
	case actSupplement:
		return b.begin(t, Draft{Form: flowSupplement, Case: h.Case}), nil
	case actWithdraw:
		return b.begin(t, Draft{Form: flowWithdraw, Case: h.Case}), nil
	case actMarks:
		return b.marks(ctx, t, h.Case)
	case actConsent, actConfirm, actTell, actScore:
		return b.partyPressed(ctx, t, h, id)
	}
	return b.staffPressed(ctx, t, h, id)
}

func (b *Bot) progressByID(ctx context.Context, t *turn, id dispute.CaseID) (Reply, error) {
	mine, err := b.d.Cases.MyReports(ctx, t.who)
	if err != nil {
		return Reply{}, err
	}
	for _, p := range mine {
		if p.ID == id || p.IntoID == id {
			return b.standing(ctx, t, p)
		}
	}
	return b.say("flow.progress.unknown", nil), nil
}

// when words a time: 今天 14:05, 11月22日（周日）14:05. The zero time is "".
func (b *Bot) when(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at, now := at.In(b.opt.Zone), b.now()
	days := int(at.Truncate(time.Minute).Sub(now).Hours() / 24)
	near := ""
	switch {
	case at.YearDay() == now.YearDay() && at.Year() == now.Year():
		near = "today"
	case days <= 1 && at.Add(-24*time.Hour).YearDay() == now.YearDay() && at.After(now):
		near = "tomorrow"
	}
	return b.d.Texts.Say("bot.when", map[string]any{
		"Near": near, "Month": int(at.Month()), "Day": at.Day(), "Weekday": int(at.Weekday()), "Time": at.Format("15:04"),
	})
}
