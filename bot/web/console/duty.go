package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// Roster keeps who is away; *access.Roster is one.
type Roster interface {
	Today() string
	SetLeave(ctx context.Context, who access.Actor, account string, l access.Leave) error
	EndLeave(ctx context.Context, who access.Actor, account, from string) error
}

// dutyView is the roster of the mediators, and one mediator's open cases.
type dutyView struct {
	People  []dutyRow
	Nobody  []string // villages that nobody serves today
	Staff   []access.Account
	Self    string
	Whose   access.Account // whose cases are listed below
	Cases   []row
	Token   string
	Done    bool
	Handed  int
	Refused int
	Manage  bool
	Today   string
}

// dutyRow is one mediator.
type dutyRow struct {
	access.Account
	Places []string
	Now    *access.Leave // in which today falls
	Leaves []leaveRow
}

type leaveRow struct {
	access.Leave
	CoverName string
	Mine      bool // may be taken back by who looks
}

// duty shows who is on duty where, who is away, and who covers.
func (c *Console) duty(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	if !who.May(access.ManageCases) && !who.May(access.WorkCase) {
		return who.Require(access.ManageCases)
	}
	q := r.URL.Query()
	v := dutyView{Self: who.ID, Token: "duty", Done: q.Has("done"), Manage: who.May(access.ManageCases), Today: c.d.Roster.Today()}
	v.Handed, _ = strconv.Atoi(q.Get("handed"))
	v.Refused, _ = strconv.Atoi(q.Get("refused"))
	all, err := c.d.Accounts.List(r.Context())
	if err != nil {
		return err
	}
	v.Staff = slices.DeleteFunc(slices.Clone(all), func(a access.Account) bool { return a.Disabled || !a.Actor().May(access.ClaimCase) })
	for _, a := range v.Staff {
		v.People = append(v.People, c.dutyRow(who, a, all, v.Today))
	}
	for _, place := range c.d.Register.Open() {
		if !slices.ContainsFunc(v.Staff, func(a access.Account) bool { return access.Serves(a, place.Code, v.Today) }) {
			v.Nobody = append(v.Nobody, place.Name)
		}
	}
	return c.dutyCases(w, r, who, &v, q.Get("who"))
}

// dutyCases adds the open cases of one's own, or for a clerk of whoever is chosen.
func (c *Console) dutyCases(w http.ResponseWriter, r *http.Request, who access.Actor, v *dutyView, whose string) error {
	if whose == "" || !v.Manage {
		whose = who.ID
	}
	i := slices.IndexFunc(v.Staff, func(a access.Account) bool { return a.ID == whose })
	if i < 0 {
		return c.render(w, r, "duty", v)
	}
	v.Whose = v.Staff[i]
	cases, _, err := c.d.Cases.Cases(r.Context(), who, dispute.Filter{Owner: whose, State: inHand, Limit: 200})
	if err != nil {
		return err
	}
	v.Cases = c.rows(cases)
	return c.render(w, r, "duty", v)
}

// inHand are the states in which a case can be handed over.
var inHand = []dispute.State{dispute.Claimed, dispute.Consulting, dispute.Mediating, dispute.Paused}

func (c *Console) dutyRow(who access.Actor, a access.Account, all []access.Account, today string) dutyRow {
	d := dutyRow{Account: a}
	for _, t := range a.Territories {
		d.Places = append(d.Places, c.d.Register.Label(t))
	}
	if l, away := a.AwayOn(today); away {
		d.Now = &l
	}
	for _, l := range a.Away {
		if l.To < today {
			continue
		}
		row := leaveRow{Leave: l, Mine: who.May(access.ManageCases) || who.ID == a.ID}
		for _, o := range all {
			if o.ID == l.Cover {
				row.CoverName = o.Name
			}
		}
		d.Leaves = append(d.Leaves, row)
	}
	return d
}

// setLeave records or takes back a leave.
func (c *Console) setLeave(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	account := r.PostFormValue("who")
	if account == "" {
		account = who.ID
	}
	var err error
	if r.PathValue("act") == "back" {
		err = c.d.Roster.EndLeave(r.Context(), who, account, r.PostFormValue("from"))
	} else {
		err = c.d.Roster.SetLeave(r.Context(), who, account, access.Leave{
			From: r.PostFormValue("from"), To: r.PostFormValue("to"), Cover: r.PostFormValue("cover"),
		})
	}
	if fault.Of(err) == fault.Invalid {
		return web.Explain(err, "web.error.leave")
	}
	if err != nil {
		return err
	}
	web.SeeOther(w, r, "/console/duty?done&who="+account)
	return nil
}

// handOver does for each of a mediator's cases what was chosen for it: kept,
// put back into the queue, or handed to a colleague, who is asked by a mediator
// and told by a clerk. What can't be done is counted, and stays.
func (c *Console) handOver(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	if err := r.ParseForm(); err != nil {
		return fault.As(fault.Invalid, err)
	}
	reason := strings.TrimSpace(r.PostFormValue("note"))
	if reason == "" {
		return web.Explain(fault.New(fault.Invalid, "no reason"), "web.error.hand")
	}
	done, refused := 0, 0
	for name := range r.PostForm {
		id, err := dispute.ParseCaseID(strings.TrimPrefix(name, "case-"))
		to := r.PostFormValue(name)
		if err != nil || !strings.HasPrefix(name, "case-") || to == "" {
			continue
		}
		switch err := c.handOne(r.Context(), who, id, to, reason); {
		case err == nil:
			done++
		case fault.Of(err) == fault.Denied || fault.Of(err) == fault.Conflict || fault.Of(err) == fault.Invalid || fault.Of(err) == fault.NotFound:
			refused++
		default:
			return err
		}
	}
	web.SeeOther(w, r, "/console/duty?handed="+strconv.Itoa(done)+"&refused="+strconv.Itoa(refused)+"&who="+r.PostFormValue("who"))
	return nil
}

// toQueue is the choice of putting a case back.
const toQueue = "queue"

func (c *Console) handOne(ctx context.Context, who access.Actor, id dispute.CaseID, to, reason string) error {
	if to == toQueue {
		_, err := c.d.Cases.Release(ctx, who, id, reason, dispute.Seen{})
		return err
	}
	mediator, err := c.colleague(ctx, to)
	if err != nil {
		return err
	}
	if who.May(access.ManageCases) {
		_, err = c.d.Cases.Reassign(ctx, who, id, mediator, reason, dispute.Seen{})
	} else {
		_, err = c.d.Cases.Offer(ctx, who, id, mediator, reason, dispute.Seen{})
	}
	if errors.Is(err, dispute.ErrRecused) {
		return fault.As(fault.Denied, err)
	}
	return err
}
