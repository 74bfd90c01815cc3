package bot

import (
	"cmp"
	"context"
	"maps"
	"strings"

	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// sourceGrid is where a grid worker's reports come from, as the console names it.
const sourceGrid = "grid"

// gridForm also has the questions of the types: what the message answers stands
// at the review, and so does what it doesn't, for who can say more. The mediator
// reads what is still to be asked.
func (b *Bot) gridForm(*Draft) dialog.Form {
	f := b.formOf(flowGrid, b.d.Talk.Forms[flowGrid], true)
	b.addTypes(&f)
	return f
}

// saidOf is what a message answers of a type's questions: the one option of a
// question that it names. The rest is skipped.
func (b *Bot) saidOf(category, text string) dialog.Answers {
	given := dialog.Answers{}
	for _, c := range b.d.Intake.Categories {
		if c.Key != category {
			continue
		}
		for _, a := range c.Ask {
			said := dialog.Answer{Skipped: true}
			step := b.stepOf(a)
			if i, one := namedOnce(step.Options, text); one && step.Kind == dialog.Pick {
				said = dialog.Answer{Value: step.Options[i].Value}
				if label := step.Options[i].Label; label != said.Value {
					said.Shown = label
				}
			}
			given[c.KeyOf(a)] = said
		}
	}
	return given
}

// namedOnce finds the one option that a text names.
func namedOnce(options []dialog.Option, text string) (at int, one bool) {
	at = -1
	for i, o := range options {
		if !strings.Contains(text, o.Label) {
			continue
		}
		if at >= 0 {
			return -1, false
		}
		at = i
	}
	return at, at >= 0
}

// beginGrid shows what was understood of a grid worker's report, and open cases
// that it may repeat; what is missing is asked for.
func (b *Bot) beginGrid(ctx context.Context, t *turn, d Draft) (Reply, error) {
	given := dialog.Answers{keyWhat: {Value: d.Seed}, "other": {Skipped: true}, "phone": {Skipped: true}}
	if d.Ref != "" {
		given[keyVillage] = dialog.Answer{Value: d.Ref, Shown: b.d.Register.Label(d.Ref)}
	}
	if d.Category != "" {
		given[keyCategory] = dialog.Answer{Value: d.Category, Shown: b.categoryName(d.Category)}
	}
	if d.Question != "" {
		given["phone"] = dialog.Answer{Value: d.Question}
	}
	maps.Copy(given, b.saidOf(d.Category, d.Seed))
	d.Question = ""
	like, err := b.d.Cases.AlikeReport(ctx, t.who, dispute.Report{
		Village: d.Ref, Category: d.Category, What: d.Seed, Contact: dispute.Contact{Phone: given["phone"].Value},
	})
	if err != nil {
		return Reply{}, err
	}
	type twin struct{ Number dispute.Number }
	var twins []twin
	for _, l := range like {
		twins = append(twins, twin{l.Case.Number})
	}
	b.begin(t, d)
	f := b.gridForm(nil)
	state, res := dialog.StartWith(f, given)
	t.s.draft().State = state
	r := b.ask(t, f, res)
	r.Text = b.d.Texts.Say("flow.grid.check", twins) + "\n\n" + r.Text
	return r, nil
}

// fileGrid files for a resident: the grid worker says that they agreed, and
// follows the case as its reporter.
func (b *Bot) fileGrid(ctx context.Context, t *turn, d Draft) (Reply, error) {
	a := d.State.Answers
	c := b.classified(a)
	extra, instead := b.typed(a.Of(keyCategory), a)
	filed, err := b.d.Cases.File(ctx, t.who, dispute.Filing{
		Token: d.Token, Quiet: true, Gate: judged(b.gateOf(c)), Why: b.whyUrgent(c), Report: dispute.Report{
			Village: a.Of(keyVillage), Category: a.Of(keyCategory), What: a.Of(keyWhat), Other: cmp.Or(a.Of(keyOther), instead[keyOther]), Source: sourceGrid, Extra: extra,
			Urgency: priority(c.Urgency), Consented: b.opt.Now(), ConsentBy: t.who.Name,
			Contact: dispute.Contact{Name: a["phone"].Note, Phone: a.Of("phone"), Address: t.m.From.String()},
		},
	})
	if err != nil {
		return Reply{}, err
	}
	r := b.say("flow.grid.filed", map[string]any{
		"Number": filed.Number, "Code": filed.Code, "State": string(filed.State), "Emergency": filed.Priority == dispute.Emergency,
	})
	r.Choices, err = b.reporterChoices(ctx, t, filed.ID, true, false)
	return r, err
}
