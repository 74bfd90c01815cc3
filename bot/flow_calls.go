package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// flowPhoned asks what somebody who was telephoned said to it.
const flowPhoned = "phoned"

// Actions of telephoning, as handles name them. A handle's Ref holds the marks
// of what was to be told when its button was shown: newer news needs another call.
const (
	actCalls      = "calls"
	actPhoned     = "phoned"
	actPhonedSaid = "phoned and said"
)

// called is one person to telephone and what to say.
type called struct {
	Reporter    bool
	Name, Phone string
	Page        bool // it stands on a page of theirs
	News        []string
}

// callChoice is the button that leads to whom to telephone, first where there is
// somebody.
func callChoice(ops []dispute.Op, own Handle) []keyed {
	if !slices.Contains(ops, dispute.OpPhone) {
		return nil
	}
	own.Action = actCalls
	return []keyed{{"flow.choice.calls", own}}
}

// callPressed does what a button about telephoning says; false if it is none.
func (b *Bot) callPressed(ctx context.Context, t *turn, h Handle, id string) (Reply, bool, error) {
	switch h.Action {
	case actCalls:
		r, err := b.calls(ctx, t, h.Case)
		return r, true, err
	case actPhoned:
		c, err := b.d.Cases.Telephoned(ctx, t.who, h.Case, strings.Fields(h.Ref), "", dispute.Seen{Token: id})
		r, err := b.ticked(ctx, t, c, err)
		return r, true, err
	case actPhonedSaid:
		return b.begin(t, Draft{Form: flowPhoned, Case: h.Case, Ref: h.Ref}), true, nil
	}
	return Reply{}, false, nil
}

// calls tells whom to telephone about a case, at which number and what to say,
// each with the buttons that tick it off.
func (b *Bot) calls(ctx context.Context, t *turn, id dispute.CaseID) (Reply, error) {
	c, err := b.d.Cases.Case(ctx, t.who, id)
	if err != nil {
		return Reply{}, err
	}
	if !slices.Contains(dispute.Actions(t.who, c), dispute.OpPhone) {
		return b.say("flow.calls.none", c.Number), nil
	}
	all, err := dispute.UntoldOf(c)
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Text: b.d.Texts.Say("flow.calls", c.Number)}
	for len(all) > 0 {
		n := slices.IndexFunc(all, func(u dispute.Untold) bool { return u.Party != all[0].Party })
		if n < 0 {
			n = len(all)
		}
		one, err := b.call(ctx, t, id, all[:n])
		if err != nil {
			return Reply{}, err
		}
		r.More, all = append(r.More, one), all[n:]
	}
	return r, nil
}

// call is what one person must be told.
func (b *Bot) call(ctx context.Context, t *turn, id dispute.CaseID, news []dispute.Untold) (Reply, error) {
	who := called{Reporter: news[0].Party == 0, Name: news[0].Name, Phone: news[0].Phone, Page: news[0].Page}
	var marks []string
	for _, u := range news {
		who.News = append(who.News, b.d.Texts.Say(u.Say(), u.Data))
		marks = append(marks, u.Mark())
	}
	h := Handle{Case: id, Ref: strings.Join(marks, " ")}
	told, said := h, h
	told.Action, said.Action = actPhoned, actPhonedSaid
	var err error
	r := Reply{Text: b.d.Texts.Say("flow.call", who)}
	r.Choices, err = b.buttons(ctx, t.person(), []keyed{{"flow.choice.phoned", told}, {"flow.choice.phoned.said", said}})
	return r, err
}

// phoned ticks a call off with what was answered.
func (b *Bot) phoned(ctx context.Context, t *turn, d Draft) (Reply, error) {
	c, err := b.d.Cases.Telephoned(ctx, t.who, d.Case, strings.Fields(d.Ref), d.State.Answers.Of("said"), dispute.Seen{Token: d.Token})
	return b.ticked(ctx, t, c, err)
}

// ticked says that a call is on file, and what else there is to do.
func (b *Bot) ticked(ctx context.Context, t *turn, c dispute.Case, err error) (Reply, error) {
	switch {
	case errors.Is(err, dispute.ErrStale), errors.Is(err, dispute.ErrMove):
		return b.say("flow.phoned.before", nil, b.choice("flow.choice.mine", data(doCommand, cmdMine))), nil
	case err != nil:
		return Reply{}, err
	}
	r := b.say("flow.phoned", map[string]any{"Number": c.Number, "More": c.HasUntold()})
	r.Choices, err = b.caseChoices(ctx, t, c, false)
	return r, err
}
