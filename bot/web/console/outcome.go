package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// Outcomes is what the console asks of the case service after the mediation.
type Outcomes interface {
	Dossier(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Dossier, error)
	OpenScan(ctx context.Context, who access.Actor, id dispute.CaseID, n int) (dispute.Evidence, []byte, error)
	Agree(ctx context.Context, who access.Actor, id dispute.CaseID, t dispute.Terms, seen dispute.Seen) (dispute.Case, error)
	Amend(ctx context.Context, who access.Actor, id dispute.CaseID, t dispute.Terms, reason string, seen dispute.Seen) (dispute.Case, error)
	Sign(ctx context.Context, who access.Actor, id dispute.CaseID, g dispute.Signing, seen dispute.Seen) (dispute.Case, error)
	Fulfil(ctx context.Context, who access.Actor, id dispute.CaseID, step int, on dispute.Day, proof string, seen dispute.Seen) (dispute.Case, error)
	Urge(ctx context.Context, who access.Actor, id dispute.CaseID, note string, seen dispute.Seen) (dispute.Case, error)
	RecordJudicial(ctx context.Context, who access.Actor, id dispute.CaseID, j dispute.Judicial, seen dispute.Seen) (dispute.Case, error)
	RecordVisit(ctx context.Context, who access.Actor, id dispute.CaseID, v dispute.Visit, seen dispute.Seen) (dispute.Case, error)
	Review(ctx context.Context, who access.Actor, id dispute.CaseID, answer string, seen dispute.Seen) (dispute.Case, error)
	Enclose(ctx context.Context, who access.Actor, id dispute.CaseID, key string, fields map[string]string, onPaper dispute.Day, reason string, seen dispute.Seen) (dispute.Case, error)
	Count(ctx context.Context, who access.Actor, id dispute.CaseID, t dispute.Tally, seen dispute.Seen) (dispute.Case, error)
	DieOut(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
}

// backTo says which page of the case an operation's form stands on.
var backTo = map[dispute.Op]string{
	dispute.OpAgree: "/agreement", dispute.OpAmend: "/agreement", dispute.OpEnclose: "/dossier",
}

// after is what followed the mediation of a case.
type after struct {
	dispute.Dossier
	Writable bool // the agreement may be written or worded anew
	Yuan     string
	Steps    []step
	By       time.Time // last day to apply for judicial confirmation, zero when nothing waits for it
	Days     int       // left until then
}

// step is one thing to be done with how it stands.
type step struct {
	dispute.Step
	N    int
	Yuan string
	Late bool
}

// after reads what followed; for whom it isn't, there is nothing.
func (c *Console) after(ctx context.Context, who access.Actor, id dispute.CaseID) (*after, error) {
	d, err := c.d.Cases.Dossier(ctx, who, id)
	if fault.Of(err) == fault.Denied {
		return nil, nil //nolint:nilnil // not for this person
	}
	if err != nil {
		return nil, err
	}
	ca := d.File.Case
	ops := dispute.Actions(who, ca)
	a := &after{Dossier: d, Writable: slices.Contains(ops, dispute.OpAmend) || slices.Contains(ops, dispute.OpAgree)}
	if d.File.Agreement == nil {
		return a, nil
	}
	today := dispute.DayOf(c.opt.Now())
	a.Yuan = web.Yuan(d.File.Agreement.Amount)
	for i, p := range d.File.Agreement.Steps {
		a.Steps = append(a.Steps, step{p, i, web.Yuan(p.Amount), p.Late(today)})
	}
	if by := dispute.Day(ca.Facts["confirm_by"]); by >= today && ca.Facts["judicial"] == "" {
		a.By = by.Time()
		a.Days = int(a.By.Sub(today.Time()).Hours() / 24)
	}
	return a, nil
}

func (c *Console) doOutcome(r *http.Request, who access.Actor, id dispute.CaseID, op dispute.Op, note string, seen dispute.Seen) error {
	ctx, cases := r.Context(), c.d.Cases
	var err error
	switch op { //nolint:exhaustive // act passes on no others
	case dispute.OpAgree, dispute.OpAmend:
		err = c.writeAgreement(r, who, id, op, note, seen)
	case dispute.OpSign:
		err = c.sign(r, who, id, seen)
	case dispute.OpFulfil:
		n, on, perr := stepOf(r)
		if perr != nil {
			return perr
		}
		_, err = cases.Fulfil(ctx, who, id, n, on, note, seen)
	case dispute.OpUrge:
		_, err = cases.Urge(ctx, who, id, note, seen)
	case dispute.OpReview:
		_, err = cases.Review(ctx, who, id, note, seen)
	case dispute.OpDieOut:
		_, err = cases.DieOut(ctx, who, id, note, seen)
	case dispute.OpJudicial:
		err = c.judicial(r, who, id, note, seen)
	case dispute.OpVisit:
		err = c.visit(r, who, id, note, seen)
	case dispute.OpEnclose:
		err = c.enclose(r, who, id, note, seen)
	case dispute.OpTally:
		err = c.tally(r, who, id, seen)
	}
	return err
}

func dayIn(r *http.Request, field string) (dispute.Day, error) {
	d, err := dispute.ReadDay(strings.TrimSpace(r.PostFormValue(field)))
	return d, web.Explain(err, "web.error.date")
}

func stepOf(r *http.Request) (int, dispute.Day, error) {
	n, err := strconv.Atoi(r.PostFormValue("step"))
	on, derr := dayIn(r, "on")
	if err != nil {
		err = fault.As(fault.Invalid, err)
	}
	return n, on, errors.Join(err, derr)
}

func (c *Console) sign(r *http.Request, who access.Actor, id dispute.CaseID, seen dispute.Seen) error {
	g, parties := dispute.Signing{Parties: map[string]dispute.Day{}}, r.PostForm["party"]
	on, err := dayIn(r, "on")
	if err != nil {
		return err
	}
	for _, role := range parties {
		g.Parties[role] = on
	}
	if r.PostFormValue("mediator") != "" {
		g.Mediator = on
	}
	if r.PostFormValue("seal") != "" {
		g.Seal = on
	}
	if g.Scans, err = c.attached(r, dispute.IsScan); err != nil {
		return err
	}
	_, err = c.d.Cases.Sign(r.Context(), who, id, g, seen)
	if fault.Of(err) == fault.Invalid {
		err = web.Explain(err, "web.error.sign")
	}
	return err
}

func (c *Console) judicial(r *http.Request, who access.Actor, id dispute.CaseID, note string, seen dispute.Seen) error {
	on, err := dayIn(r, "on")
	if err != nil {
		return err
	}
	j := dispute.Judicial{Court: r.PostFormValue("court"), Number: r.PostFormValue("ruling"), Result: r.PostFormValue("result"), Note: note}
	if j.Result == dispute.JudicialFiled {
		j.Filed = on
	} else {
		j.Ended = on
	}
	_, err = c.d.Cases.RecordJudicial(r.Context(), who, id, j, seen)
	return err
}

func (c *Console) visit(r *http.Request, who access.Actor, id dispute.CaseID, words string, seen dispute.Seen) error {
	score, _ := strconv.Atoi(r.PostFormValue("score")) // none is 0
	get := func(field string) string { return strings.TrimSpace(r.PostFormValue(field)) }
	_, err := c.d.Cases.RecordVisit(r.Context(), who, id, dispute.Visit{
		Why: get("why"), How: get("how"), Performed: get("performed"), Score: score, Words: words, Signs: get("signs"), Measures: get("measures"),
	}, seen)
	return err
}

func (c *Console) tally(r *http.Request, who access.Actor, id dispute.CaseID, seen dispute.Seen) error {
	people := func(field string) int {
		n, err := strconv.Atoi(r.PostFormValue(field))
		if err != nil && r.PostFormValue(field) != "" {
			return -1 // the service refuses it
		}
		return n
	}
	_, err := c.d.Cases.Count(r.Context(), who, id, dispute.Tally{
		Origin: r.PostFormValue("origin"), Crime: people("crime"), Petition: people("petition"), Difficult: r.PostFormValue("difficult") != "",
	}, seen)
	return err
}
