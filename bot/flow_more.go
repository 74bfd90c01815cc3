package bot

import (
	"context"
	"errors"
	"strings"

	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Forms of a mediator's and a clerk's rarer work, as drafts name them.
const (
	flowExtend = "extend"
	flowMerge  = "merge"
	flowSeat   = "seat"
)

// Actions of them, as handles name them.
const (
	actExtend = "extend"
	actMerge  = "merge"
	actSeat   = "seat"
	actMarks  = "marks" // the five marks to choose from
)

// extensions are the days by which an end may be put off at a press.
var extensions = []int{7, 15, 30}

// laterDays lists the days to which a case's mediation may be extended, as lines
// "2026-12-31=12月31日".
func (b *Bot) laterDays(c dispute.Case) string {
	end := b.now()
	for _, t := range c.Timers {
		if t.Kind == dispute.DueSettle && t.At.After(end) {
			end = t.At.In(b.opt.Zone)
		}
	}
	var lines []string
	for _, n := range extensions {
		day := dispute.DayOf(end.AddDate(0, 0, n))
		lines = append(lines, string(day)+"="+b.d.Texts.Say("flow.extend.to", map[string]any{"Day": b.dayWords(day), "More": n}))
	}
	return strings.Join(lines, "\n")
}

// extend moves the end of a mediation, if both parties said yes.
func (b *Bot) extend(ctx context.Context, t *turn, d Draft) (Reply, error) {
	a := d.State.Answers
	until, err := dispute.ParseDay(a.Of("to"))
	if err != nil {
		return Reply{}, err
	}
	both := a.Of("both") == "both"
	c, err := b.d.Cases.Extend(ctx, t.who, d.Case, dispute.Extension{Until: until, Reporter: both, Other: both, How: a.Of("how")}, dispute.Seen{Token: d.Token})
	switch {
	case errors.Is(err, dispute.ErrConsent):
		return b.say("flow.extend.both", nil), nil
	case errors.Is(err, dispute.ErrDay):
		return b.say("flow.extend.day", nil), nil
	case err != nil:
		return Reply{}, err
	}
	return b.say("flow.extended", map[string]any{"Number": c.Number, "Day": b.dayWords(dispute.DayOf(until))}), nil
}

// twins lists the cases that one may repeat, as lines "number=number（village）".
func (b *Bot) twins(ctx context.Context, t *turn, id dispute.CaseID) (string, error) {
	like, err := b.d.Cases.Alike(ctx, t.who, id)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, l := range like[:min(len(like), mostPicked)] {
		label := b.d.Texts.Say("flow.merge.line", map[string]any{
			"Number": l.Case.Number, "Village": b.d.Register.Label(l.Case.HappenedIn()), "Category": b.categoryName(l.Case.Category),
		})
		lines = append(lines, string(l.Case.Number)+"="+label)
	}
	return strings.Join(lines, "\n"), nil
}

// mergeForm offers the cases that are alike; any other is named by its number.
func (b *Bot) mergeForm(d *Draft) dialog.Form {
	f := b.colleagueForm(d)
	for i := range f.Steps {
		if f.Steps[i].Key == "to" {
			f.Steps[i].Resolve = inOwnWords
		}
	}
	return f
}

func (b *Bot) merge(ctx context.Context, t *turn, d Draft) (Reply, error) {
	into, err := b.d.Cases.Find(ctx, t.who, d.State.Answers.Of("to"))
	var c dispute.Case
	if err == nil {
		c, err = b.d.Cases.Merge(ctx, t.who, d.Case, into, dispute.Seen{Token: d.Token})
	}
	if fault.Of(err) == fault.NotFound {
		return b.say("flow.merge.unknown", nil), nil
	}
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.merged", map[string]any{"Number": c.Number, "Into": c.Facts["into_number"]}), nil
}

// seat makes the other party's one-time link, anew where they have one.
func (b *Bot) seat(ctx context.Context, t *turn, d Draft) (Reply, error) {
	a := d.State.Answers
	in := dispute.Invitation{Name: a.Of("name"), Phone: a["phone"].Value, Matter: a.Of("matter")}
	c, err := b.d.Cases.Case(ctx, t.who, d.Case)
	if err != nil {
		return Reply{}, err
	}
	people, err := dispute.PeopleOf(c)
	if err != nil {
		return Reply{}, err
	}
	for _, o := range people.Present() {
		if o.Name == in.Name {
			in.N = o.N
		}
	}
	c, code, err := b.d.Cases.InviteParty(ctx, t.who, d.Case, in, dispute.Seen{})
	if errors.Is(err, dispute.ErrMatter) {
		return b.say("flow.seat.matter", nil), nil
	}
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.seat.link", map[string]any{"Name": in.Name, "Number": c.Number, "Link": strings.TrimSuffix(b.opt.PublicURL, "/") + "/party/" + code}), nil
}

// morePressed opens the dialogues of the rarer work; false if it is none.
func (b *Bot) morePressed(ctx context.Context, t *turn, h Handle) (Reply, bool, error) {
	d := Draft{Case: h.Case}
	switch h.Action {
	case actExtend:
		c, err := b.d.Cases.Brief(ctx, t.who, h.Case)
		if err != nil {
			return Reply{}, true, err
		}
		d.Form, d.Ref = flowExtend, b.laterDays(c)
	case actMerge:
		var err error
		if d.Ref, err = b.twins(ctx, t, h.Case); err != nil {
			return Reply{}, true, err
		}
		d.Form = flowMerge
	case actSeat:
		if t.m.Group || b.opt.PublicURL == "" {
			return b.say("flow.seat.console", nil), true, nil
		}
		d.Form = flowSeat
	default:
		return Reply{}, false, nil
	}
	return b.begin(t, d), true, nil
}

// choosePast has a reporter ask for another mediator, or say how it went, about
// the case that it fits.
func (b *Bot) choosePast(ctx context.Context, t *turn, what string) (Reply, error) {
	mine, err := b.d.Cases.MyReports(ctx, t.who)
	if err != nil {
		return Reply{}, err
	}
	action, none, which := actObject, "flow.object.none", "flow.which"
	fits := func(p dispute.Progress) bool { return p.InHand && !p.Objected }
	if what == cmdMark {
		action, none = actMarks, "flow.marks.none"
		fits = func(p dispute.Progress) bool { return p.MayRate }
	}
	var list []dispute.Progress
	for _, p := range mine {
		if fits(p) {
			list = append(list, p)
		}
	}
	switch {
	case len(list) == 0:
		return b.say(none, nil, b.doors(t)...), nil
	case len(list) > 1:
		return b.pickCase(ctx, t, list, action, which)
	case what == cmdMark:
		return b.marks(ctx, t, list[0].ID)
	}
	return b.begin(t, Draft{Form: flowObject, Case: list[0].ID}), nil
}

// marks puts the five marks to choose from.
func (b *Bot) marks(ctx context.Context, t *turn, id dispute.CaseID) (Reply, error) {
	r := b.say("flow.marks", nil)
	var list []keyed
	for _, k := range forScore {
		k.handle.Case = id
		list = append(list, k)
	}
	var err error
	r.Choices, err = b.buttons(ctx, t.person(), list)
	return r, err
}
