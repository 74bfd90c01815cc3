package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Forms of who works on a case, as drafts name them.
const (
	flowOffer    = "offer"
	flowInvite   = "invite"
	flowTurnDown = "turn_down"
	flowTurnBack = "turn_back"
	flowMessage  = "message"
	flowPause    = "pause"
	flowObject   = "object"
)

// Actions of them, as handles name them.
const (
	actTake     = "take"
	actTurnDown = "turn down"
	actTurnBack = "turn back"
	actAck      = "ack"
	actOffer    = "offer"
	actInvite   = "invite"
	actMessage  = "message"
	actPause    = "pause"
	actObject   = "object"
)

func (b *Bot) teamFlows() map[string]flow {
	return map[string]flow{
		flowOffer: {b.colleagueForm, b.offer}, flowInvite: {b.colleagueForm, b.invite}, flowTurnDown: {nil, b.turnDown}, flowTurnBack: {nil, b.turnBack},
		flowMessage: {nil, b.message}, flowPause: {nil, b.pause}, flowObject: {nil, b.object},
		flowExtend: {b.colleagueForm, b.extend}, flowMerge: {b.mergeForm, b.merge}, flowSeat: {nil, b.seat}, flowPhoned: {nil, b.phoned},
	}
}

// teamChoices are the buttons of teamwork that fit a case now.
var teamChoices = []struct {
	op          dispute.Op
	key, action string
}{
	{dispute.OpTake, "flow.choice.take", actTake},
	{dispute.OpTurnDown, "flow.choice.turn_down", actTurnDown},
	{dispute.OpTurnBack, "flow.choice.turn_back", actTurnBack},
	{dispute.OpMessage, "flow.choice.message", actMessage},
	{dispute.OpPause, "flow.choice.pause", actPause},
	{dispute.OpOffer, "flow.choice.offer_to", actOffer},
	{dispute.OpInvite, "flow.choice.invite", actInvite},
	{dispute.OpSeat, "flow.choice.seat", actSeat},
	{dispute.OpExtend, "flow.choice.extend", actExtend},
	{dispute.OpMerge, "flow.choice.merge", actMerge},
}

// teamForms are the dialogues that buttons open.
var teamForms = map[string]string{
	actTurnDown: flowTurnDown, actTurnBack: flowTurnBack, actOffer: flowOffer, actInvite: flowInvite, actMessage: flowMessage, actPause: flowPause, actObject: flowObject,
}

// teamPressed does what a button of teamwork says; false if it is none.
func (b *Bot) teamPressed(ctx context.Context, t *turn, h Handle, id string) (Reply, bool, error) {
	seen := dispute.Seen{Token: id}
	switch h.Action {
	case actTake:
		c, err := b.d.Cases.Take(ctx, t.who, h.Case, seen)
		if offerGone(err) {
			return b.say("flow.offer.gone", nil), true, nil
		}
		r, err := b.worked(ctx, t, c, err)
		return r, true, err
	case actAck:
		c, err := b.d.Cases.Acknowledge(ctx, t.who, h.Case, seen)
		if errors.Is(err, dispute.ErrMove) {
			return b.say("flow.ack.before", nil), true, nil
		}
		if err != nil {
			return Reply{}, true, err
		}
		r := b.say("flow.acked", c.Number)
		r.Choices, err = b.caseChoices(ctx, t, c, false)
		return r, true, err
	}
	if r, ok, err := b.callPressed(ctx, t, h, id); ok {
		return r, true, err
	}
	if r, ok, err := b.morePressed(ctx, t, h); ok {
		return r, true, err
	}
	form, ok := teamForms[h.Action]
	if !ok {
		return Reply{}, false, nil
	}
	d := Draft{Form: form, Case: h.Case}
	if form == flowOffer || form == flowInvite {
		var err error
		if d.Ref, err = b.colleagues(ctx, t, h.Case, form); err != nil {
			return Reply{}, true, err
		}
		if d.Ref == "" {
			return b.say("flow.nobody_else", nil), true, nil
		}
	}
	return b.begin(t, d), true, nil
}

// mostColleagues are offered to choose from; the console shows all.
const mostColleagues = 12

// colleagues lists who may be given a case or asked to help with it, those of
// its territory first, as lines "id=name".
func (b *Bot) colleagues(ctx context.Context, t *turn, id dispute.CaseID, form string) (string, error) {
	c, err := b.d.Cases.Brief(ctx, t.who, id)
	if err != nil {
		return "", err
	}
	all, err := b.d.Accounts.List(ctx)
	if err != nil {
		return "", err
	}
	need := access.ClaimCase
	if form == flowInvite {
		need = access.HelpCase
	}
	var near, far []string
	for _, a := range all {
		switch who := a.Actor(); {
		case a.Disabled || !who.May(need) || a.ID == c.Owner || c.Recused(a.ID):
		case who.Covers(c.Territory):
			near = append(near, a.ID+"="+a.Name)
		default:
			far = append(far, a.ID+"="+a.Name)
		}
	}
	list := slices.Concat(near, far)
	return strings.Join(list[:min(len(list), mostColleagues)], "\n"), nil
}

// colleagueForm asks which of the lines of the draft, a colleague or the like,
// then the rest.
func (b *Bot) colleagueForm(d *Draft) dialog.Form {
	f := b.formOf(d.Form, b.d.Talk.Forms[d.Form], false)
	for i := range f.Steps {
		if f.Steps[i].Key != "to" {
			continue
		}
		for _, line := range strings.FieldsFunc(d.Ref, func(r rune) bool { return r == '\n' }) {
			id, name, _ := strings.Cut(line, "=")
			f.Steps[i].Options = append(f.Steps[i].Options, dialog.Option{Value: id, Label: name})
		}
	}
	return f
}

func (b *Bot) offer(ctx context.Context, t *turn, d Draft) (Reply, error) {
	to, err := b.d.Accounts.Account(ctx, d.State.Answers.Of("to"))
	if err != nil {
		return Reply{}, err
	}
	c, err := b.d.Cases.Offer(ctx, t.who, d.Case, to.Actor(), d.State.Answers.Of("reason"), dispute.Seen{Token: d.Token})
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.offered", map[string]any{"Number": c.Number, "Name": to.Name}), nil
}

func (b *Bot) invite(ctx context.Context, t *turn, d Draft) (Reply, error) {
	to, err := b.d.Accounts.Account(ctx, d.State.Answers.Of("to"))
	if err != nil {
		return Reply{}, err
	}
	c, err := b.d.Cases.Invite(ctx, t.who, d.Case, to.Actor(), d.State.Answers.Of("note"), dispute.Seen{Token: d.Token})
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.invited", map[string]any{"Number": c.Number, "Name": to.Name}), nil
}

func (b *Bot) turnDown(ctx context.Context, t *turn, d Draft) (Reply, error) {
	_, err := b.d.Cases.TurnDown(ctx, t.who, d.Case, d.State.Answers.Of("reason"), dispute.Seen{Token: d.Token})
	if offerGone(err) {
		return b.say("flow.offer.gone", nil), nil
	}
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.turned_down", nil), nil
}

// turnBack has a village not take a case of the centre that it was asked to.
func (b *Bot) turnBack(ctx context.Context, t *turn, d Draft) (Reply, error) {
	c, err := b.d.Cases.TurnBack(ctx, t.who, d.Case, d.State.Answers["reason"].Text(), dispute.Seen{Token: d.Token})
	if offerGone(err) {
		return b.say("flow.claim.gone", nil), nil
	}
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.turned_back", c.Number), nil
}

// offerGone tells whether an offer was over when it was answered; who isn't
// asked any more may not even know of the case.
func offerGone(err error) bool {
	return errors.Is(err, dispute.ErrMove) || fault.Of(err) == fault.NotFound
}

func (b *Bot) message(ctx context.Context, t *turn, d Draft) (Reply, error) {
	c, err := b.d.Cases.Message(ctx, t.who, d.Case, d.State.Answers.Of("text"), dispute.Seen{Token: d.Token})
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.messaged", c.Number), nil
}

func (b *Bot) pause(ctx context.Context, t *turn, d Draft) (Reply, error) {
	c, err := b.d.Cases.Advance(ctx, t.who, d.Case, dispute.OpPause, d.State.Answers["reason"].Text(), dispute.Seen{Token: d.Token})
	return b.worked(ctx, t, c, err)
}

// object passes on that a reporter wants another mediator.
func (b *Bot) object(ctx context.Context, t *turn, d Draft) (Reply, error) {
	c, err := b.d.Cases.Object(ctx, t.who, d.Case, d.State.Answers["reason"].Text(), dispute.Seen{Token: d.Token})
	if errors.Is(err, dispute.ErrMove) {
		return b.say("flow.objected.before", nil), nil
	}
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.objected", c.Number), nil
}

// nextCase claims the best case that waits for this mediator.
func (b *Bot) nextCase(ctx context.Context, t *turn) (Reply, error) {
	if !t.who.May(access.ClaimCase) {
		return b.question(ctx, t, t.m.Text)
	}
	c, err := b.d.Cases.Next(ctx, t.who, dispute.Seen{Token: t.m.ID})
	if errors.Is(err, dispute.ErrNoneWaits) {
		return b.say("flow.queue.none", nil), nil
	}
	if err != nil {
		return Reply{}, err
	}
	r := b.say("flow.claimed", map[string]any{"Number": c.Number, "Until": b.when(c.Lease)})
	r.Text = b.caseLine(c) + "\n\n" + r.Text
	r.Choices, err = b.caseChoices(ctx, t, c, false)
	return r, err
}
