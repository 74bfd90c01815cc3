package bot

import (
	"context"
	"slices"

	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/content"
)

// report begins the dialogue, where this channel may take reports; elsewhere
// it leads to the page or the counter. One that is open is gone on with.
func (b *Bot) report(ctx context.Context, t *turn, d Draft) (Reply, error) {
	if t.m.Group {
		return b.say("bot.private", nil, b.link("bot.choice.page", "")...), nil
	}
	if !b.opt.ReportOn[t.m.From.Channel] {
		return b.say("flow.report.elsewhere", b.opt.PublicURL != "", b.link("bot.choice.page", "")...), nil
	}
	if open := t.s.draft(); open != nil && open.Form == flowReport {
		return b.goOn(ctx, t)
	}
	d.Form = flowReport
	return b.begin(t, d), nil
}

// gateNote tells that a matter belongs elsewhere or first elsewhere, by which
// article and where that is; the report goes on all the same, and a person
// decides. It is said again only if another rule holds after a change.
func (b *Bot) gateNote(d *Draft) string {
	a := d.State.Answers
	if a.Of(keyWhat) == "" || a.Of(keyCategory) == "" {
		return ""
	}
	c := b.classified(a)
	if d.Gate == c.Gate || c.Mediable == MediableYes || c.Reason == "" {
		return ""
	}
	d.Gate = c.Gate
	return b.d.Texts.Say("flow.report.gate", b.ways(c))
}

// classified is what the rules make of a report's answers.
func (b *Bot) classified(a dialog.Answers) Classification {
	extra, _ := b.typed(a.Of(keyCategory), a)
	return b.d.Classify.ClassifyReport(a.Of(keyWhat), a.Of(keyCategory), extra)
}

// ways words what a rule says: why, by which article, and whom to turn to.
func (b *Bot) ways(c Classification) string {
	if c.Reason == "" {
		return ""
	}
	return b.d.Texts.Say("flow.report.ways", map[string]any{"Reason": c.Reason, "Basis": b.basis(c.Cite), "Place": b.place(c.ReferTo)})
}

// place words where an office is and its number, "" if there is no such office.
func (b *Bot) place(office string) string {
	o, ok := b.offices[office]
	if !ok {
		return ""
	}
	return b.d.Texts.Say("answer.office", o)
}

// fileReport makes a case of the answers.
func (b *Bot) fileReport(ctx context.Context, t *turn, d Draft) (Reply, error) {
	filing := b.filing(t, d)
	var err error
	if filing.Report.Evidence, err = b.evidence(ctx, d.State.Answers); err != nil {
		return Reply{}, err
	}
	c, err := b.d.Cases.File(ctx, t.who, filing)
	if err != nil {
		return Reply{}, err
	}
	r := b.say("flow.report.filed", map[string]any{
		"Number": c.Number, "Code": c.Code, "Accepted": c.State == dispute.Accepted, "Due": b.when(c.Due), "Emergency": c.Priority == dispute.Emergency,
		"Ways": b.ways(b.classified(d.State.Answers)),
	})
	r.Choices, err = b.reporterChoices(ctx, t, c.ID, true, false)
	return r, err
}

// filing puts the answers together. What the rules let through is accepted at
// once; anything else a person looks at first: a rule may be wrong.
func (b *Bot) filing(t *turn, d Draft) dispute.Filing {
	a := d.State.Answers
	c := b.classified(a)
	r := dispute.Report{
		Village: a.Of(keyVillage), Category: a.Of(keyCategory), What: a.Of(keyWhat), Since: a.Of("since"), Other: a.Of(keyOther),
		Wish: a.Of("wish"), Source: t.m.From.Channel, Urgency: priority(c.Urgency), Consented: d.Consented,
		Question: d.Question, Cited: d.Cited, About: a.Of("about"), Relation: a["relation"].Text(), Agreed: a.Of("agreed"),
		Contact: dispute.Contact{
			Name: a["phone"].Note, Phone: a.Of("phone"), Address: t.m.From.String(), Withheld: a.Of("withheld") == withhold,
		},
	}
	var instead map[string]string
	if r.Extra, instead = b.typed(r.Category, a); r.Other == "" {
		r.Other = instead[keyOther]
	}
	if r.What == "" {
		r.What = b.d.Texts.Say("flow.report.recorded", nil) // told by voice alone
	}
	return dispute.Filing{Report: r, Token: d.Token, Quiet: true, Gate: judged(b.gateOf(c)), Why: b.whyUrgent(c)}
}

// withhold is the answer that keeps the reporter's name from the other party.
const withhold = "withhold"

// cardAt is the help card that the answer to a question of the type brings, nil
// if it brings none.
func (b *Bot) cardAt(d *Draft, key string) *Urgent {
	for _, c := range b.d.Intake.Categories {
		for _, a := range c.Ask {
			kind := a.Card[d.State.Answers.Of(key)]
			at := slices.IndexFunc(b.d.Library.Triage, func(r content.Triage) bool { return r.Kind == kind })
			if c.KeyOf(a) == key && at >= 0 {
				return cardOf(b.d.Library.Triage[at])
			}
		}
	}
	return nil
}

func priority(level string) dispute.Priority {
	switch level {
	case LevelEmergency:
		return dispute.Emergency
	case LevelHigh:
		return dispute.High
	case LevelRaised:
		return dispute.Raised
	}
	return dispute.Normal
}

// Actions that a handle opens.
const (
	actProgress   = "progress"
	actSupplement = "supplement"
	actWithdraw   = "withdraw"
	actClaim      = "claim"
	actDetail     = "detail"
	actNotMine    = "not mine"
	actRelease    = "release"
	actContact    = "contact"
	actOutcome    = "outcome"
	actStep       = "step" // an operation that needs nothing more: Handle.Ref
	actReply      = "reply"
	actConsent    = "consent" // a party reads the agreement
	actConfirm    = "confirm" // … and stands to it
	actTell       = "tell"    // a party tells of a step: Handle.Ref is "<step>:<what>"
	actScore      = "rate"    // a party rates how it went: Handle.Ref is the score
	actSign       = "sign"
	actUrge       = "urge"
	actVisit      = "visit"
)

// button is a choice that opens a handle.
func (b *Bot) button(ctx context.Context, person, key string, h Handle) (Choice, error) {
	h.Person = person
	id, err := b.d.Dialogs.NewHandle(ctx, h)
	if err != nil {
		return Choice{}, err
	}
	return b.choice(key, data(doHandle, id)), nil
}

// buttons makes several, in order.
func (b *Bot) buttons(ctx context.Context, person string, list []keyed) ([]Choice, error) {
	out := make([]Choice, 0, len(list))
	for _, k := range list {
		c, err := b.button(ctx, person, k.key, k.handle)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// keyed is a handle with the text key of its button.
type keyed struct {
	key    string
	handle Handle
}

// reporterChoices are what a reporter can do with a case of theirs.
func (b *Bot) reporterChoices(ctx context.Context, t *turn, id dispute.CaseID, open, inHand bool) ([]Choice, error) {
	list := []keyed{{"flow.choice.progress", Handle{Action: actProgress, Case: id}}}
	if open {
		list = append(
			list,
			keyed{"flow.choice.supplement", Handle{Action: actSupplement, Case: id}},
			keyed{"flow.choice.withdraw", Handle{Action: actWithdraw, Case: id}},
		)
	}
	if inHand {
		list = append(list, keyed{"flow.choice.object", Handle{Action: actObject, Case: id}})
	}
	return b.buttons(ctx, t.person(), list)
}
