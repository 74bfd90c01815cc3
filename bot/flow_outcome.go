package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// partyPressed does what a party to a case pressed after the mediation.
func (b *Bot) partyPressed(ctx context.Context, t *turn, h Handle, id string) (Reply, error) {
	switch h.Action {
	case actConsent:
		r, err := b.consent(ctx, t, h.Case)
		return b.andResume(t, r, ""), err
	case actConfirm:
		return b.begin(t, Draft{Form: flowConfirm, Case: h.Case}), nil
	case actTell:
		return b.tell(ctx, t, h, id)
	}
	return b.score(ctx, t, h, id)
}

// consent shows a party the agreement, with the code to stand to it by.
func (b *Bot) consent(ctx context.Context, t *turn, id dispute.CaseID) (Reply, error) {
	k, err := b.d.Cases.Consent(ctx, t.who, id)
	if errors.Is(err, dispute.ErrUnwritten) {
		return b.say("flow.consent.none", nil), nil
	}
	if err != nil {
		return Reply{}, err
	}
	type step struct {
		By, What, Yuan, Due string
		Done                bool
	}
	a, steps := k.Agreement, []step(nil)
	for _, p := range a.Steps {
		s := step{By: p.By, What: p.What, Due: b.dayWords(p.Due), Done: p.Done != ""}
		if p.Amount > 0 {
			s.Yuan = yuan(p.Amount)
		}
		steps = append(steps, s)
	}
	r := b.say("flow.consent", map[string]any{
		"Number": string(a.Number), "Parties": a.Parties, "Facts": a.Facts, "Terms": a.Terms, "How": a.How, "Where": a.Where, "When": a.When,
		"Steps": steps, "Effect": b.dayWords(a.Effect), "Code": k.Code, "Names": k.Names,
	})
	if k.Code == "" {
		return r, nil
	}
	c, err := b.button(ctx, t.person(), "flow.choice.confirm", Handle{Action: actConfirm, Case: id})
	r.Choices = append(r.Choices, c)
	return r, err
}

// dayWords words a day without an hour.
func (b *Bot) dayWords(d dispute.Day) string {
	if d == "" {
		return ""
	}
	at := d.Time().In(b.opt.Zone)
	return b.d.Texts.Say("bot.day", map[string]any{"Year": at.Year(), "Month": int(at.Month()), "Day": at.Day(), "ThisYear": at.Year() == b.now().Year()})
}

func yuan(fen int64) string {
	if fen%100 == 0 {
		return strconv.FormatInt(fen/100, 10)
	}
	return strconv.FormatFloat(float64(fen)/100, 'f', 2, 64)
}

func (b *Bot) confirmed(ctx context.Context, t *turn, d Draft) (Reply, error) {
	c, err := b.d.Cases.Confirm(ctx, t.who, d.Case, d.State.Answers.Of("code"), dispute.Seen{Token: d.Token})
	if errors.Is(err, dispute.ErrCode) {
		again, berr := b.button(ctx, t.person(), "flow.choice.consent", Handle{Action: actConsent, Case: d.Case})
		return b.say("flow.confirm.wrong", nil, again), berr
	}
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.confirmed", c.Number), nil
}

// tell passes on what a party says of a step.
func (b *Bot) tell(ctx context.Context, t *turn, h Handle, id string) (Reply, error) {
	n, what, ok := cutNumber(h.Ref)
	if !ok {
		return b.stale(t), nil
	}
	if _, err := b.d.Cases.Tell(ctx, t.who, h.Case, n, what, "", dispute.Seen{Token: id}); err != nil {
		return Reply{}, err
	}
	return b.andResume(t, b.say("flow.told", nil), ""), nil
}

// stepButtons are those under a reminder of a step, by whose turn it is.
func stepButtons(n dispute.Notice) []keyed {
	step, err := strconv.Atoi(n.Data["step"])
	if err != nil || !slices.Contains([]string{"notice.step.soon", "notice.step.today"}, n.Key) {
		return nil
	}
	ref := func(what string) Handle {
		return Handle{Action: actTell, Ref: strconv.Itoa(step-1) + ":" + what}
	}
	if n.Data["mine"] != "" {
		return []keyed{{"flow.choice.fulfilled", ref(dispute.SaidDone)}, {"flow.choice.trouble", ref(dispute.SaidTrouble)}}
	}
	return []keyed{{"flow.choice.received", ref(dispute.SaidReceived)}, {"flow.choice.not_received", ref(dispute.SaidNot)}}
}

// worstKept is the score up to which a party is asked what went wrong.
const worstKept = 2

// rate keeps a party's score at once, and asks for words where it is bad.
func (b *Bot) score(ctx context.Context, t *turn, h Handle, id string) (Reply, error) {
	score, err := strconv.Atoi(h.Ref)
	if err != nil {
		return b.stale(t), nil //nolint:nilerr // an old button
	}
	if _, err := b.d.Cases.Score(ctx, t.who, h.Case, score, "", dispute.Seen{Token: id}); err != nil {
		return Reply{}, err
	}
	if score <= worstKept {
		return b.begin(t, Draft{Form: flowScore, Case: h.Case, Ref: h.Ref}), nil
	}
	return b.andResume(t, b.say("flow.rated", nil), ""), nil
}

func (b *Bot) ratedWords(ctx context.Context, t *turn, d Draft) (Reply, error) {
	score, _ := strconv.Atoi(d.Ref)
	if words := d.State.Answers.Of("words"); words != "" {
		if _, err := b.d.Cases.Score(ctx, t.who, d.Case, score, words, dispute.Seen{Token: d.Token}); err != nil {
			return Reply{}, err
		}
	}
	return b.say("flow.rated.words", nil), nil
}

// afterChoices are the buttons of what follows an agreement, for the staff.
func afterChoices(ops []dispute.Op, c dispute.Case, own Handle) []keyed {
	var list []keyed
	add := func(op dispute.Op, key, action string, is bool) {
		if h := own; is && slices.Contains(ops, op) {
			h.Action = action
			list = append(list, keyed{key, h})
		}
	}
	add(dispute.OpSign, "flow.choice.signed", actSign, c.State == dispute.Agreed)
	add(dispute.OpUrge, "flow.choice.urge", actUrge, c.Facts["late"] != "")
	add(dispute.OpVisit, "flow.choice.visit", actVisit, c.State != dispute.Withdrawn)
	return list
}

// signedToday is what a mediator means by: all have signed and sealed it.
func (b *Bot) signedToday() dispute.Signing {
	today := dispute.DayOf(b.opt.Now())
	return dispute.Signing{
		Parties:  map[string]dispute.Day{dispute.RoleReporter: today, dispute.RoleOther: today, "third": today},
		Mediator: today, Seal: today,
	}
}

func (b *Bot) urged(ctx context.Context, t *turn, d Draft) (Reply, error) {
	c, err := b.d.Cases.Urge(ctx, t.who, d.Case, strings.TrimSpace(d.State.Answers.Of("note")), dispute.Seen{Token: d.Token})
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.urged", c.Number), nil
}

func (b *Bot) visited(ctx context.Context, t *turn, d Draft) (Reply, error) {
	a := d.State.Answers
	score, _ := strconv.Atoi(a.Of("score")) // skipped is 0
	c, err := b.d.Cases.RecordVisit(ctx, t.who, d.Case, dispute.Visit{
		How: a.Of("how"), Performed: a.Of("performed"), Score: score, Signs: a.Of("signs"),
	}, dispute.Seen{Token: d.Token})
	if err != nil {
		return Reply{}, err
	}
	return b.say("flow.visited", c.Number), nil
}
