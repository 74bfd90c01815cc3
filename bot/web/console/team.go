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
	"github.com/anjie-desk/anjie/bot/web"
)

// teamView is what a case's page shows of who works on it and what it may
// repeat.
type teamView struct {
	Happened string // where it was said to have happened, when the centre has it
	Back     string // village that was asked to take it
	Villages []village
	Into     string // the case that it was merged into
	Alike    []likeRow
	Helpers  []access.Account // who may be asked to help
	Ranks    []dispute.Priority
	Grids    []string // of its village
}

// likeRow is a case that may be about the same matter.
type likeRow struct {
	row
	Why []string
}

var ranks = []dispute.Priority{dispute.Emergency, dispute.High, dispute.Raised, dispute.Normal}

// team fills in the people around a case; for who may merge, also cases like it.
func (c *Console) team(ctx context.Context, who access.Actor, v *caseView) error {
	v.Team = teamView{Into: v.Facts["into"], Ranks: ranks}
	if v.HappenedIn() != v.Territory {
		v.Team.Happened = c.d.Register.Label(v.HappenedIn())
	}
	if place, ok := c.d.Register.Village(v.Territory); ok {
		for _, g := range place.GridList() {
			v.Team.Grids = append(v.Team.Grids, g.Name)
		}
	}
	if len(v.Team.Grids) == 0 { // nothing to choose from
		v.Does = slices.DeleteFunc(v.Does, func(d does) bool { return d.Op == dispute.OpLocate })
	}
	if to := v.SentBackTo(); to != "" {
		v.Team.Back = c.d.Register.Label(to)
	}
	ops := dispute.Actions(who, v.Case)
	if slices.Contains(ops, dispute.OpSendBack) {
		for _, t := range c.d.Register.Open() {
			v.Team.Villages = append(v.Team.Villages, village{t.Code, t.Name})
		}
	}
	if slices.Contains(ops, dispute.OpInvite) {
		all, err := c.d.Accounts.List(ctx)
		if err != nil {
			return err
		}
		v.Team.Helpers = slices.DeleteFunc(all, func(a access.Account) bool {
			return a.Disabled || !a.Actor().May(access.HelpCase) || a.ID == v.Owner || v.Recused(a.ID)
		})
	}
	if slices.Contains(ops, dispute.OpOffer) && len(v.Staff) == 0 {
		all, err := c.d.Accounts.List(ctx)
		if err != nil {
			return err
		}
		v.Staff = slices.DeleteFunc(all, func(a access.Account) bool { return a.Disabled || !a.Actor().May(access.ClaimCase) })
	}
	v.Staff = slices.DeleteFunc(v.Staff, func(a access.Account) bool { return a.ID == v.Owner || v.Recused(a.ID) })
	if !slices.Contains(ops, dispute.OpMerge) {
		return nil
	}
	found, err := c.d.Cases.Alike(ctx, who, v.ID)
	v.Team.Alike = c.likeRows(found)
	return err
}

func (c *Console) likeRows(found []dispute.Like) []likeRow {
	rows := make([]likeRow, 0, len(found))
	for _, l := range found {
		rows = append(rows, likeRow{c.row(l.Case), l.Why})
	}
	return rows
}

// teamwork does what changes who works on a case, by when, and what is said;
// false if op is none of that.
func (c *Console) teamwork(r *http.Request, who access.Actor, id dispute.CaseID, op dispute.Op, note string, seen dispute.Seen) (bool, error) {
	ctx := r.Context()
	var err error
	switch op { //nolint:exhaustive // the others are done elsewhere
	case dispute.OpOffer:
		var to access.Actor
		if to, err = c.colleague(ctx, r.PostFormValue("to")); err == nil {
			_, err = c.d.Cases.Offer(ctx, who, id, to, note, seen)
		}
	case dispute.OpSendBack:
		_, err = c.d.Cases.SendBack(ctx, who, id, r.PostFormValue("village"), note, seen)
	case dispute.OpTurnBack:
		_, err = c.d.Cases.TurnBack(ctx, who, id, note, seen)
	case dispute.OpTake:
		_, err = c.d.Cases.Take(ctx, who, id, seen)
	case dispute.OpTurnDown:
		_, err = c.d.Cases.TurnDown(ctx, who, id, note, seen)
	case dispute.OpInvite:
		err = c.invite(r, who, id, note, seen)
	case dispute.OpLeave:
		_, err = c.d.Cases.Dismiss(ctx, who, id, r.PostFormValue("who"), note, seen)
	case dispute.OpObject:
		_, err = c.d.Cases.Object(ctx, who, id, note, seen)
	case dispute.OpReplace:
		_, err = c.d.Cases.Replace(ctx, who, id, note, seen)
	case dispute.OpKeep:
		_, err = c.d.Cases.Keep(ctx, who, id, note, seen)
	case dispute.OpExtend:
		err = c.extend(r, who, id, note, seen)
	case dispute.OpMessage:
		_, err = c.d.Cases.Message(ctx, who, id, note, seen)
	case dispute.OpAck:
		_, err = c.d.Cases.Acknowledge(ctx, who, id, seen)
	case dispute.OpRate:
		var p int
		if p, err = strconv.Atoi(r.PostFormValue("priority")); err != nil {
			return true, fault.As(fault.Invalid, fmt.Errorf("urgency of case %s: %w", id, err))
		}
		_, err = c.d.Cases.Rate(ctx, who, id, dispute.Priority(p), note, seen)
	case dispute.OpPhone:
		_, err = c.d.Cases.Telephoned(ctx, who, id, r.PostForm["tell"], note, seen)
	case dispute.OpLocate:
		_, err = c.d.Cases.Locate(ctx, who, id, r.PostFormValue("grid"), note, seen)
	case dispute.OpMerge:
		err = c.merge(ctx, who, id, r.PostFormValue("into"), seen)
	default:
		return false, nil
	}
	return true, err
}

// colleague is the account that a form names, if it may still act.
func (c *Console) colleague(ctx context.Context, id string) (access.Actor, error) {
	a, err := c.d.Accounts.Account(ctx, id)
	if fault.Of(err) == fault.NotFound || err == nil && a.Disabled {
		return access.Actor{}, web.Explain(fault.New(fault.Invalid, "no such colleague"), "web.error.colleague")
	}
	return a.Actor(), err
}

// invite asks a colleague, or an organisation of the register, to help.
func (c *Console) invite(r *http.Request, who access.Actor, id dispute.CaseID, note string, seen dispute.Seen) error {
	if office := r.PostFormValue("office"); office != "" {
		_, err := c.d.Cases.InviteOffice(r.Context(), who, id, dispute.Person{ID: office, Name: c.officeName(office)}, note, seen)
		return err
	}
	helper, err := c.colleague(r.Context(), r.PostFormValue("who"))
	if err != nil {
		return err
	}
	_, err = c.d.Cases.Invite(r.Context(), who, id, helper, note, seen)
	return err
}

func (c *Console) extend(r *http.Request, who access.Actor, id dispute.CaseID, how string, seen dispute.Seen) error {
	until, err := dispute.ParseDay(r.PostFormValue("until"))
	if err != nil {
		return err
	}
	_, err = c.d.Cases.Extend(r.Context(), who, id, dispute.Extension{
		Until: until, Reporter: r.PostFormValue("reporter") != "", Other: r.PostFormValue("other") != "", How: how,
	}, seen)
	return err
}

// merge puts a case into the one of a number as people write it.
func (c *Console) merge(ctx context.Context, who access.Actor, id dispute.CaseID, number string, seen dispute.Seen) error {
	into, err := c.d.Cases.Find(ctx, who, number)
	if err == nil {
		_, err = c.d.Cases.Merge(ctx, who, id, into, seen)
	}
	if fault.Of(err) == fault.NotFound {
		return web.Explain(err, "web.error.merge")
	}
	return err
}

// next claims the best case that waits and shows it.
func (c *Console) next(w http.ResponseWriter, r *http.Request) error {
	ca, err := c.d.Cases.Next(r.Context(), web.Actor(r), dispute.Seen{Token: r.PostFormValue("token")})
	if errors.Is(err, dispute.ErrNoneWaits) {
		return web.Explain(err, "web.error.none_waits")
	}
	if err != nil {
		return worded(err)
	}
	web.SeeOther(w, r, "/console/cases/"+string(ca.ID)+"?done")
	return nil
}

// find leads to the case of a number.
func (c *Console) find(w http.ResponseWriter, r *http.Request) error {
	id, err := c.d.Cases.Find(r.Context(), web.Actor(r), strings.TrimSpace(r.URL.Query().Get("number")))
	if fault.Of(err) == fault.NotFound {
		return web.Explain(err, "web.error.number")
	}
	if err != nil {
		return err
	}
	web.SeeOther(w, r, "/console/cases/"+string(id))
	return nil
}

// wordedTeam gives the refusals of teamwork words of their own.
func wordedTeam(err error) error {
	switch {
	case errors.Is(err, dispute.ErrRecused):
		return web.Explain(err, "web.error.recused")
	case errors.Is(err, dispute.ErrNoDuty):
		return web.Explain(err, "web.error.noduty")
	case errors.Is(err, dispute.ErrConsent):
		return web.Explain(err, "web.error.consent")
	case errors.Is(err, dispute.ErrDay):
		return web.Explain(err, "web.error.until")
	}
	return err
}
