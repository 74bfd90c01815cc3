package bot

import (
	"context"
	"errors"
	"slices"

	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Forms and actions of a reporter's meetings.
const (
	flowPutOff   = "put_off"
	flowIdentify = "identify"

	actTimes    = "times"
	actPick     = "pick"
	actPutOff   = "put off"
	actIdentify = "identify"
)

// noneSuits is the Ref of the button by which no time is chosen.
const noneSuits = "none"

func (b *Bot) meetingFlows() map[string]flow {
	return map[string]flow{flowPutOff: {nil, b.putOff}, flowIdentify: {nil, b.identify}}
}

// meetings adds to where a case stands when and where its reporter meets the
// other side, and what can be done about it. Others than the reporter, who know
// the case's code, learn nothing of it.
func (b *Bot) meetings(ctx context.Context, t *turn, p dispute.Progress, r *Reply) error {
	if p.Mediator == "" {
		return nil
	}
	a, err := b.d.Cases.Appointments(ctx, t.who, p.ID)
	if fault.Of(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	page := func() {
		if t.m.From.Channel == webChannel {
			r.Choices = append(r.Choices, Choice{Label: b.d.Texts.Say("flow.choice.case_page", nil), URL: "/mine/" + string(p.ID)})
		}
	}
	var list []keyed
	switch {
	case !p.Open:
	case a.Booked != nil:
		list = append(list, keyed{"flow.choice.put_off", Handle{Action: actPutOff, Case: p.ID}})
		if a.MayConfirm {
			list = slices.Insert(list, 0, keyed{"flow.choice.identify", Handle{Action: actIdentify, Case: p.ID}})
		}
	case len(a.Offered) > 0:
		list = append(list, keyed{"flow.choice.times", Handle{Action: actTimes, Case: p.ID}})
	}
	if len(list) == 0 {
		page()
		return nil
	}
	choices, err := b.buttons(ctx, t.person(), list)
	if err != nil {
		return err
	}
	r.Text += "\n\n" + b.meetingText(a)
	r.Choices = append(choices, r.Choices...)
	page()
	return nil
}

// webChannel is where a reporter has a page of their own.
const webChannel = "web"

// meetingText says when and where, or that there are times to choose.
func (b *Bot) meetingText(a dispute.Appointments) string {
	d := map[string]any{"Booked": a.Booked != nil, "Chosen": a.Chosen, "When": "", "Where": "", "Place": "", "Link": "", "Remote": false, "Confirmed": !a.Confirmed.IsZero()}
	if a.Booked != nil {
		d["When"], d["Where"], d["Place"], d["Link"], d["Remote"] = b.when(a.Booked.At), string(a.Booked.Where), a.Booked.Place, a.Booked.Link, a.Booked.Where.Remote()
	}
	return b.d.Texts.Say("flow.meeting", d)
}

// meetingPressed does what a button about a meeting says; false if it is none.
func (b *Bot) meetingPressed(ctx context.Context, t *turn, h Handle) (Reply, bool, error) {
	var r Reply
	var err error
	switch h.Action {
	case actTimes:
		r, err = b.times(ctx, t, h.Case)
	case actPick:
		r, err = b.pickTime(ctx, t, h)
	case actPutOff:
		r = b.begin(t, Draft{Form: flowPutOff, Case: h.Case})
	case actIdentify:
		r = b.begin(t, Draft{Form: flowIdentify, Case: h.Case})
	default:
		return Reply{}, false, nil
	}
	return r, true, err
}

// times shows the times to choose from, those chosen marked.
func (b *Bot) times(ctx context.Context, t *turn, id dispute.CaseID) (Reply, error) {
	a, err := b.d.Cases.Appointments(ctx, t.who, id)
	if fault.Of(err) == fault.NotFound {
		return b.stale(t), nil
	}
	if err != nil {
		return Reply{}, err
	}
	if a.Booked != nil || len(a.Offered) == 0 {
		return b.progressByID(ctx, t, id)
	}
	r := b.say("flow.times", map[string]any{"Chosen": a.Chosen})
	for _, o := range a.Offered {
		hid, err := b.d.Dialogs.NewHandle(ctx, Handle{Person: t.person(), Action: actPick, Case: id, Ref: o.ID})
		if err != nil {
			return Reply{}, err
		}
		label := b.d.Texts.Say("flow.times.line", map[string]any{"When": b.when(o.At), "Where": string(o.Where), "Mine": o.Mine})
		r.Choices = append(r.Choices, Choice{Label: label, Data: data(doHandle, hid)})
	}
	none, err := b.button(ctx, t.person(), "flow.choice.times_none", Handle{Action: actPick, Case: id, Ref: noneSuits})
	r.Choices = append(r.Choices, none)
	return r, err
}

// pickTime adds a time to those that suit the reporter, or takes it out again:
// so a button may be pressed again, and has no token.
func (b *Bot) pickTime(ctx context.Context, t *turn, h Handle) (Reply, error) {
	a, err := b.d.Cases.Appointments(ctx, t.who, h.Case)
	if fault.Of(err) == fault.NotFound {
		return b.stale(t), nil
	}
	if err != nil {
		return Reply{}, err
	}
	if h.Ref != noneSuits && !slices.ContainsFunc(a.Offered, func(o dispute.Choosable) bool { return o.ID == h.Ref }) {
		return b.times(ctx, t, h.Case) // those are offered no more
	}
	var chosen []string
	for _, o := range a.Offered {
		if h.Ref != noneSuits && o.Mine != (o.ID == h.Ref) {
			chosen = append(chosen, o.ID)
		}
	}
	_, err = b.d.Cases.PickTimes(ctx, t.who, h.Case, dispute.SideReporter, chosen, dispute.Seen{})
	switch {
	case errors.Is(err, dispute.ErrBusy):
		return b.say("flow.times.gone", nil), nil
	case err != nil:
		return Reply{}, err
	case h.Ref == noneSuits:
		return b.say("flow.times.none", nil), nil
	}
	return b.times(ctx, t, h.Case)
}

func (b *Bot) putOff(ctx context.Context, t *turn, d Draft) (Reply, error) {
	_, err := b.d.Cases.PutOffMeeting(ctx, t.who, d.Case, d.State.Answers.Of("reason"), dispute.Seen{Token: d.Token})
	if errors.Is(err, dispute.ErrNoMeeting) {
		return b.say("flow.meeting.gone", nil), nil
	}
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.meeting.put_off", nil), nil
}

// identify takes name and number before a remote meeting.
func (b *Bot) identify(ctx context.Context, t *turn, d Draft) (Reply, error) {
	a := d.State.Answers
	_, err := b.d.Cases.ConfirmPresence(ctx, t.who, d.Case, dispute.Identity{
		Name: a.Of("name"), Last4: a.Of("last4"), Rights: a.Of("rights") == dialog.OptYes,
	}, dispute.Seen{Token: d.Token})
	switch {
	case errors.Is(err, dispute.ErrIdentity):
		again, berr := b.button(ctx, t.person(), "flow.choice.identify", Handle{Action: actIdentify, Case: d.Case})
		return b.say("flow.identify.wrong", nil, again), berr
	case errors.Is(err, dispute.ErrTries):
		return b.say("flow.identify.tries", nil), nil
	case errors.Is(err, dispute.ErrNoMeeting):
		return b.say("flow.meeting.gone", nil), nil
	case err != nil:
		return Reply{}, err
	}
	return b.progressByID(ctx, t, d.Case)
}
