package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// mostListed cases are shown at once in a chat; the console shows all.
const mostListed = 5

// staff shows what waits for a member of the staff. Residents are told
// nothing of it: to them it is a word like any other.
func (b *Bot) staff(ctx context.Context, t *turn, what string) (Reply, error) {
	if !t.who.Staff() {
		return b.question(ctx, t, t.m.Text)
	}
	switch what {
	case cmdQuestions:
		return b.questions(ctx, t)
	case cmdMine:
		cases, err := b.d.Cases.Mine(ctx, t.who)
		return b.list(ctx, t, cases, "flow.mine.none", err)
	}
	cases, err := b.d.Cases.Queue(ctx, t.who, mostListed)
	return b.list(ctx, t, cases, "flow.queue.none", err)
}

// list shows cases, each with what can be done to it, nothing personal.
func (b *Bot) list(ctx context.Context, t *turn, cases []dispute.Case, none string, err error) (Reply, error) {
	if err != nil {
		return Reply{}, err
	}
	if len(cases) == 0 {
		return b.say(none, nil), nil
	}
	var r Reply
	for i, c := range cases[:min(len(cases), mostListed)] {
		choices, err := b.caseChoices(ctx, t, c, false)
		if err != nil {
			return Reply{}, err
		}
		one := Reply{Text: b.caseLine(c), Choices: choices}
		if i == 0 {
			r = one
			continue
		}
		r.More = append(r.More, one)
	}
	return r, nil
}

// caseLine names a case without saying anything about anybody.
func (b *Bot) caseLine(c dispute.Case) string {
	return b.d.Texts.Say("flow.case.line", map[string]any{
		"Category": b.categoryName(c.Category), "Village": b.d.Register.Label(c.Territory) + c.Grid(), "Priority": int(c.Priority),
		"Filed": b.when(c.Filed), "Due": b.when(c.Due), "State": string(c.State), "Number": c.Number,
	})
}

// steps are the operations that a button does at once, with its wording.
var steps = []struct {
	op  dispute.Op
	key string
}{
	{dispute.OpConsult, "flow.choice.consult"},
	{dispute.OpMediate, "flow.choice.start_mediation"},
	{dispute.OpResume, "flow.choice.unpause"},
	{dispute.OpPerform, "flow.choice.performed"},
	{dispute.OpClose, "flow.choice.close"},
}

// results are the outcomes that need a record, by the operation that each is.
var results = map[dispute.Op]dispute.Outcome{
	dispute.OpAgree: dispute.AgreedWritten, dispute.OpOral: dispute.AgreedOral, dispute.OpFail: dispute.NotAgreed,
	dispute.OpRefuse: dispute.Refused, dispute.OpSettle: dispute.Settled,
}

// caseChoices are what this person may do to a case now.
func (b *Bot) caseChoices(ctx context.Context, t *turn, c dispute.Case, detail bool) ([]Choice, error) {
	ops := dispute.Actions(t.who, c)
	own := Handle{Case: c.ID, Version: c.Version}
	as := func(action, ref string) Handle {
		h := own
		h.Action, h.Ref = action, ref
		return h
	}
	list := callChoice(ops, own)
	if slices.Contains(ops, dispute.OpAck) {
		list = append(list, keyed{"flow.choice.ack", as(actAck, "")})
	}
	if slices.Contains(ops, dispute.OpClaim) {
		list = append(list, keyed{"flow.choice.claim", as(actClaim, "")})
	}
	if slices.Contains(ops, dispute.OpContact) {
		list = append(list, keyed{"flow.choice.contact", as(actContact, "")})
	}
	list = append(list, afterChoices(ops, c, own)...)
	for _, s := range steps {
		if slices.Contains(ops, s.op) {
			list = append(list, keyed{s.key, as(actStep, string(s.op))})
		}
	}
	if possible := outcomesOf(ops); possible != "" {
		list = append(list, keyed{"flow.choice.outcome", as(actOutcome, possible)})
	}
	for _, x := range teamChoices {
		if slices.Contains(ops, x.op) {
			list = append(list, keyed{x.key, as(x.action, "")})
		}
	}
	if !detail && t.who.May(access.SeePersonal) {
		list = append(list, keyed{"flow.choice.detail", as(actDetail, "")})
	}
	if slices.Contains(ops, dispute.OpRelease) && c.Owner == t.who.ID {
		list = append(list, keyed{"flow.choice.release", as(actRelease, "")})
	}
	if slices.Contains(ops, dispute.OpClaim) {
		list = append(list, keyed{"flow.choice.not_mine", as(actNotMine, "")})
	}
	return b.buttons(ctx, t.person(), list)
}

// outcomesOf lists the outcomes that the operations allow, by commas.
func outcomesOf(ops []dispute.Op) string {
	var out []string
	for _, op := range ops {
		if o, ok := results[op]; ok {
			out = append(out, string(o))
		}
	}
	return strings.Join(out, ",")
}

// staffPressed does what a member of the staff pressed.
func (b *Bot) staffPressed(ctx context.Context, t *turn, h Handle, id string) (Reply, error) {
	seen := dispute.Seen{Version: h.Version, Token: id}
	switch h.Action {
	case actClaim:
		return b.claim(ctx, t, h)
	case actDetail:
		return b.detail(ctx, t, h.Case)
	case actNotMine:
		return b.notMine(ctx, t, h.Case)
	case actStep:
		c, err := b.d.Cases.Advance(ctx, t.who, h.Case, dispute.Op(h.Ref), "", seen)
		return b.worked(ctx, t, c, err)
	case actRelease:
		return b.begin(t, Draft{Form: flowRelease, Case: h.Case}), nil
	case actContact:
		return b.begin(t, Draft{Form: flowContact, Case: h.Case}), nil
	case actOutcome:
		return b.begin(t, Draft{Form: flowOutcome, Case: h.Case, Ref: h.Ref}), nil
	case actReply:
		return b.begin(t, Draft{Form: flowReply, Ref: h.Ref}), nil
	case actSign:
		c, err := b.d.Cases.Sign(ctx, t.who, h.Case, b.signedToday(), seen)
		return b.worked(ctx, t, c, err)
	case actUrge:
		return b.begin(t, Draft{Form: flowUrge, Case: h.Case}), nil
	case actVisit:
		return b.begin(t, Draft{Form: flowVisit, Case: h.Case}), nil
	}
	if r, ok, err := b.meetingPressed(ctx, t, h); ok {
		return r, err
	}
	if r, ok, err := b.teamPressed(ctx, t, h, id); ok {
		return r, err
	}
	return b.stale(t), nil
}

// claim takes a case; who comes second is told kindly. The version is not
// asked for: a case that came back to the queue may be claimed by an old button.
// Nor is there a token: to claim one's own case again does no harm.
func (b *Bot) claim(ctx context.Context, t *turn, h Handle) (Reply, error) {
	c, err := b.d.Cases.Claim(ctx, t.who, h.Case, dispute.Seen{})
	switch {
	case errors.Is(err, dispute.ErrClaimed):
		return b.say("flow.claim.lost", nil), nil
	case errors.Is(err, dispute.ErrRecused):
		return b.say("flow.claim.refused", nil), nil
	case errors.Is(err, dispute.ErrMove):
		return b.say("flow.claim.gone", nil), nil
	case err != nil:
		return Reply{}, err
	}
	r := b.say("flow.claimed", map[string]any{"Number": c.Number, "Until": b.when(c.Lease)})
	r.Choices, err = b.caseChoices(ctx, t, c, false)
	return r, err
}

// worked tells where a case stands after a step, with what comes next.
func (b *Bot) worked(ctx context.Context, t *turn, c dispute.Case, err error) (Reply, error) {
	switch {
	case errors.Is(err, dispute.ErrStale):
		return b.say("flow.case.changed", nil, b.choice("flow.choice.mine", data(doCommand, cmdMine))), nil
	case err != nil:
		return Reply{}, err
	}
	r := b.say("flow.case.done", map[string]any{"Number": c.Number, "State": string(c.State), "Due": b.when(c.Due)})
	r.Choices, err = b.caseChoices(ctx, t, c, false)
	return r, err
}

// detail shows a case with what the service lets this person read, in a
// private chat only.
func (b *Bot) detail(ctx context.Context, t *turn, id dispute.CaseID) (Reply, error) {
	c, err := b.d.Cases.Case(ctx, t.who, id)
	if err != nil {
		return Reply{}, err
	}
	var unasked []dispute.Answered
	if c.Report.Contact.Name+c.Report.Contact.Phone != "" || c.Owner == t.who.ID { // else an answer may only be withheld
		unasked = b.d.Cases.Unasked(c)
	}
	exhibits, err := dispute.ExhibitsOf(c)
	if err != nil {
		return Reply{}, err
	}
	r := Reply{Text: b.d.Texts.Say("flow.case.detail", map[string]any{
		"Line": b.caseLine(c), "What": c.Report.What, "Since": c.Report.Since, "Other": c.Report.Other, "Wish": c.Report.Wish,
		"Name": c.Report.Contact.Name, "Phone": c.Report.Contact.Phone, "Files": len(c.Report.Evidence) + len(exhibits), "Mine": c.Owner == t.who.ID,
		"Withheld": c.Report.Contact.Withheld, "About": c.Report.About, "Relation": c.Report.Relation, "Agreed": c.Report.Agreed,
		"Answers": b.d.Cases.Answers(c), "Unasked": unasked,
	})}
	r.Choices, err = b.caseChoices(ctx, t, c, true)
	return r, err
}

// notMine tells the clerks that a case seems to lie in the wrong queue.
func (b *Bot) notMine(ctx context.Context, t *turn, id dispute.CaseID) (Reply, error) {
	c, err := b.d.Cases.Brief(ctx, t.who, id)
	if err != nil {
		return Reply{}, err
	}
	err = b.d.Outbox.Put(ctx, dispute.Notice{To: "role:" + string(access.Clerk), Key: "flow.notice.not_mine", Data: map[string]string{
		"number": string(c.Number), "by": t.who.Name, "territory": b.d.Register.Label(c.Territory), "case": string(c.ID),
	}})
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.not_mine", nil), nil
}

func (b *Bot) release(ctx context.Context, t *turn, d Draft) (Reply, error) {
	c, err := b.d.Cases.Release(ctx, t.who, d.Case, d.State.Answers["reason"].Text(), dispute.Seen{Token: d.Token})
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.released", c.Number), nil
}

func (b *Bot) contacted(ctx context.Context, t *turn, d Draft) (Reply, error) {
	a := d.State.Answers
	note := b.d.Texts.Say("flow.contact.note", map[string]any{"Who": a["who"].Text(), "Note": a.Of("note")})
	c, err := b.d.Cases.Advance(ctx, t.who, d.Case, dispute.OpContact, note, dispute.Seen{Token: d.Token})
	return b.worked(ctx, t, c, err)
}

// outcomeForm offers the outcomes that the case's state allows.
func (b *Bot) outcomeForm(d *Draft) dialog.Form {
	f := b.formOf(flowOutcome, b.d.Talk.Forms[flowOutcome], false)
	possible := strings.Split(d.Ref, ",")
	for i := range f.Steps {
		if f.Steps[i].Key == "outcome" {
			f.Steps[i].Options = slices.DeleteFunc(f.Steps[i].Options, func(o dialog.Option) bool { return !slices.Contains(possible, o.Value) })
		}
		if f.Steps[i].Key == "amount" {
			f.Steps[i].Only = &dialog.When{Key: "outcome", In: []string{string(dispute.AgreedWritten), string(dispute.AgreedOral)}}
		}
	}
	return f
}

func (b *Bot) outcome(ctx context.Context, t *turn, d Draft) (Reply, error) {
	a := d.State.Answers
	fen := int64(0)
	if v := a.Of("amount"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return Reply{}, err
		}
		fen = n
	}
	c, err := b.d.Cases.RecordOutcome(ctx, t.who, d.Case, dispute.Result{
		Outcome: dispute.Outcome(a.Of("outcome")), Summary: a.Of("summary"), Amount: fen,
	}, dispute.Seen{Token: d.Token})
	return b.worked(ctx, t, c, err)
}

// questions lists what residents asked a person.
func (b *Bot) questions(ctx context.Context, t *turn) (Reply, error) {
	waiting, err := b.Waiting(ctx, t.who, mostListed)
	if err != nil {
		return Reply{}, err
	}
	if len(waiting) == 0 {
		return b.say("flow.questions.none", nil), nil
	}
	var r Reply
	for _, h := range waiting {
		c, err := b.button(ctx, t.person(), "flow.choice.reply", Handle{Action: actReply, Ref: h.ID})
		if err != nil {
			return Reply{}, err
		}
		r.More = append(r.More, Reply{Text: b.handoverText(h), Choices: []Choice{c}})
	}
	r.Text = b.d.Texts.Say("flow.questions", len(waiting))
	return r, nil
}

func (b *Bot) handoverText(h Handover) string {
	return b.d.Texts.Say("flow.handover", map[string]any{"Question": h.Question, "Phone": h.Phone, "Asked": b.when(h.Asked), "Urgent": h.Urgent != ""})
}
