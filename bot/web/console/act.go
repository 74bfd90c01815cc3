package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/money"
	"github.com/anjie-desk/anjie/bot/web"
)

// posted reads which case a form is about, and as what version it was shown.
func posted(r *http.Request) (id dispute.CaseID, seen dispute.Seen, err error) {
	if id, err = dispute.ParseCaseID(r.PathValue("id")); err != nil {
		return "", seen, err
	}
	seen.Token = r.PostFormValue("token")
	if seen.Version, err = strconv.ParseInt(r.PostFormValue("version"), 10, 64); err != nil {
		return "", seen, fault.As(fault.Invalid, fmt.Errorf("version of case %s: %w", id, err))
	}
	return id, seen, nil
}

// act does one thing to a case and shows it again.
func (c *Console) act(w http.ResponseWriter, r *http.Request) error {
	id, seen, err := posted(r)
	if err != nil {
		return err
	}
	if err := c.do(r, web.Actor(r), id, dispute.Op(r.PathValue("op")), seen); err != nil {
		return worded(err)
	}
	if dispute.Op(r.PathValue("op")) == dispute.OpTurnBack { // a village that turned it back sees it no more
		web.SeeOther(w, r, "/console/work?done")
		return nil
	}
	web.SeeOther(w, r, "/console/cases/"+string(id)+backTo[dispute.Op(r.PathValue("op"))]+"?done")
	return nil
}

// adds are the operations that put something into the file whatever else
// happened to the case meanwhile.
var adds = []dispute.Op{dispute.OpNote, dispute.OpMessage, dispute.OpAdd, dispute.OpContact}

func (c *Console) do(r *http.Request, who access.Actor, id dispute.CaseID, op dispute.Op, seen dispute.Seen) error {
	ctx, note := r.Context(), strings.TrimSpace(r.PostFormValue("note"))
	if slices.Contains(adds, op) {
		seen.Version = 0
	}
	if done, err := c.teamwork(r, who, id, op, note, seen); done {
		return err
	}
	var err error
	switch op {
	case dispute.OpClaim:
		seen.Version = 0 // whatever else changed, it is free or it isn't
		_, err = c.d.Cases.Claim(ctx, who, id, seen)
	case dispute.OpRelease:
		_, err = c.d.Cases.Release(ctx, who, id, note, seen)
	case opOutcome:
		err = c.outcome(r, who, id, note, seen)
	case dispute.OpReassign:
		err = c.reassign(ctx, who, id, r.PostFormValue("to"), note, seen)
	case dispute.OpPassOn:
		err = c.passOn(ctx, who, id, r.PostFormValue("to"), note, seen)
	case dispute.OpRefer:
		_, err = c.d.Cases.Refer(ctx, who, id, gate(r, dispute.Refer, note), seen)
	case dispute.OpDecline:
		_, err = c.d.Cases.Decline(ctx, who, id, gate(r, dispute.Decline, note), seen)
	case dispute.OpWithdraw:
		_, err = c.d.Cases.Withdraw(ctx, who, id, note, seen)
	case dispute.OpAdd:
		err = c.supplement(r, who, id, note, seen)
	case dispute.OpAgree, dispute.OpAmend, dispute.OpSign, dispute.OpFulfil, dispute.OpUrge, dispute.OpJudicial, dispute.OpVisit, dispute.OpReview,
		dispute.OpEnclose, dispute.OpTally, dispute.OpDieOut:
		err = c.doOutcome(r, who, id, op, note, seen)
	default: // the service knows which of the rest need only a note
		_, err = c.d.Cases.Advance(ctx, who, id, op, note, seen)
	}
	return err
}

func gate(r *http.Request, v dispute.Verdict, reason string) dispute.Gate {
	return dispute.Gate{Verdict: v, Office: r.PostFormValue("office"), Reason: reason, Basis: strings.TrimSpace(r.PostFormValue("basis"))}
}

func (c *Console) outcome(r *http.Request, who access.Actor, id dispute.CaseID, summary string, seen dispute.Seen) error {
	fen, err := parseYuan(r.PostFormValue("amount"))
	if err != nil {
		return fmt.Errorf("outcome of case %s: %w", id, err)
	}
	res := dispute.Result{Outcome: dispute.Outcome(r.PostFormValue("outcome")), Summary: summary, Amount: fen}
	if r.PostFormValue("consented") != "" { // facts are recorded with both parties' consent only
		res.Undisputed = strings.TrimSpace(r.PostFormValue("undisputed"))
	}
	_, err = c.d.Cases.RecordOutcome(r.Context(), who, id, res, seen)
	return err
}

// sumWords are the words for why an amount is no sum.
var sumWords = map[money.Refusal]string{
	money.None: "web.error.amount", money.Several: "web.error.amount", money.Vague: "web.error.amount.vague", money.Range: "web.error.amount.range",
	money.Negative: "web.error.amount.negative", money.Much: "web.error.amount.much", money.Fine: "web.error.amount.fine",
}

// parseYuan reads an amount as people write it, "" for none, into fen.
func parseYuan(s string) (fen int64, err error) {
	if strings.TrimSpace(s) == "" {
		return 0, nil
	}
	fen, err = money.Parse(s)
	var why money.Refusal
	if errors.As(err, &why) {
		return 0, web.Explain(fault.As(fault.Invalid, err), sumWords[why])
	}
	return fen, nil
}

func (c *Console) reassign(ctx context.Context, who access.Actor, id dispute.CaseID, to, reason string, seen dispute.Seen) error {
	mediator, err := c.colleague(ctx, to)
	if err != nil {
		return fmt.Errorf("reassign case %s: %w", id, err)
	}
	_, err = c.d.Cases.Reassign(ctx, who, id, mediator, reason, seen)
	return err
}

func (c *Console) passOn(ctx context.Context, who access.Actor, id dispute.CaseID, to, reason string, seen dispute.Seen) error {
	mediator, err := c.colleague(ctx, to)
	if err != nil {
		return fmt.Errorf("pass on case %s: %w", id, err)
	}
	_, err = c.d.Cases.PassOn(ctx, who, id, mediator, reason, seen)
	return err
}

// worded gives the refusals that a mediator meets in daily work words of
// their own.
func worded(err error) error {
	switch {
	case errors.Is(err, dispute.ErrClaimed):
		return web.Explain(err, "web.error.claimed")
	case errors.Is(err, dispute.ErrStale):
		return web.Explain(err, "web.error.stale")
	case errors.Is(err, dispute.ErrIncomplete):
		return web.Explain(err, "web.error.incomplete")
	case errors.Is(err, dispute.ErrUntold):
		return web.Explain(err, "web.error.untold")
	case errors.Is(err, dispute.ErrUnanswered):
		return web.Explain(err, "web.error.unanswered")
	case errors.Is(err, dispute.ErrMove):
		return web.Explain(err, "web.error.move")
	}
	return wordedTeam(err)
}
