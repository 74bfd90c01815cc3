package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web"
)

const (
	queueLen = 100
	pageLen  = 50
)

// desk is what is somebody's to do.
type desk struct {
	Mine   []row
	Queue  []row  // waits for a mediator
	Review []row  // waits for a clerk
	Help   []row  // helps somebody with
	Told   []told // one's own reports, of who only reports
	Token  string
	Open   dispute.CaseID
}

// told is a report and what became of it.
type told struct {
	dispute.Progress
	Type string
}

// reported lists what somebody reported who neither works on cases nor manages
// them: a grid worker.
func (c *Console) reported(ctx context.Context, who access.Actor) ([]told, error) {
	if !who.May(access.FileCase) || who.May(access.WorkCase) || who.May(access.ManageCases) {
		return nil, nil
	}
	all, err := c.d.Cases.MyReports(ctx, who)
	list := make([]told, 0, len(all))
	for _, p := range all {
		list = append(list, told{p, c.typeName(p.Category)})
	}
	return list, err
}

// work lists one's own cases and what waits.
func (c *Console) work(w http.ResponseWriter, r *http.Request) error {
	d, err := c.desk(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return c.render(w, r, "work", d)
}

func (c *Console) desk(ctx context.Context, who access.Actor) (desk, error) {
	queue, err := c.d.Cases.Queue(ctx, who, queueLen)
	if err != nil {
		return desk{}, err
	}
	d := desk{Queue: c.rows(queue), Token: rand.Text()}
	if d.Told, err = c.reported(ctx, who); err != nil {
		return desk{}, err
	}
	if who.May(access.WorkCase) {
		mine, err := c.d.Cases.Mine(ctx, who)
		if err != nil {
			return desk{}, err
		}
		d.Mine = c.rows(mine)
	}
	if who.May(access.HelpCase) {
		help, err := c.d.Cases.Helping(ctx, who)
		if err != nil {
			return desk{}, err
		}
		d.Help = c.rows(help)
	}
	if who.May(access.ManageCases) {
		review, _, err := c.d.Cases.Cases(ctx, who, dispute.Filter{State: []dispute.State{dispute.Submitted}, Limit: queueLen})
		if err != nil {
			return desk{}, err
		}
		slices.SortStableFunc(review, func(a, b dispute.Case) int { // as in the queue, the most urgent first
			return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.Due.Compare(b.Due))
		})
		d.Review = c.rows(review)
	}
	return d, nil
}

// chosen is the filter of the list of all cases, as the address names it.
type chosen struct {
	State, Village, Type, Who, Since, Until string
}

type listView struct {
	Rows     []row
	Next     string // address of the next page, "" after the last
	Chosen   chosen
	States   []dispute.State
	Villages []village
	Types    []kind
	Staff    []access.Account
}

type village struct{ Code, Name string }

type kind struct{ Key, Name string }

// stillOpen stands for every state in which the desk has something to do.
const stillOpen = "open"

// allCases lists cases by filter, newest first.
func (c *Console) allCases(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if !q.Has("state") {
		q.Set("state", stillOpen)
	}
	ch := chosen{q.Get("state"), q.Get("village"), q.Get("type"), q.Get("who"), q.Get("since"), q.Get("until")}
	f := ch.filter(q.Get("after"))
	f.Since, f.Until = c.days(ch.Since, ch.Until)
	cases, next, err := c.d.Cases.Cases(r.Context(), web.Actor(r), f)
	if err != nil {
		return err
	}
	v := listView{Rows: c.rows(cases), Chosen: ch, States: dispute.States}
	if next != "" {
		q.Set("after", next)
		v.Next = "/console/cases?" + q.Encode()
	}
	if v.Staff, err = c.mediators(r.Context(), web.Actor(r)); err != nil {
		return err
	}
	for _, t := range c.d.Register.Territories() {
		v.Villages = append(v.Villages, village{t, c.d.Register.Label(t)})
	}
	for _, t := range c.d.Categories {
		v.Types = append(v.Types, kind{t.Key, t.Name})
	}
	return c.render(w, r, "cases", v)
}

func (ch chosen) filter(after string) dispute.Filter {
	f := dispute.Filter{Category: ch.Type, Owner: ch.Who, Limit: pageLen, After: after}
	if ch.Village != "" {
		f.Territory = []string{ch.Village}
	}
	switch ch.State {
	case "":
	case stillOpen:
		f.State = slices.DeleteFunc(slices.Clone(dispute.States), func(s dispute.State) bool { return !s.Open() })
	default:
		f.State = []dispute.State{dispute.State(ch.State)}
	}
	return f
}

// days are the beginning of one day and the end of another; what is no day is
// the zero time.
func (c *Console) days(since, until string) (from, to time.Time) {
	from, _ = time.ParseInLocation(time.DateOnly, since, c.opt.Zone)
	if last, err := time.ParseInLocation(time.DateOnly, until, c.opt.Zone); err == nil {
		to = last.AddDate(0, 0, 1)
	}
	return from, to
}

// mediators lists those whom a case may be given to, for who may give it.
func (c *Console) mediators(ctx context.Context, who access.Actor) ([]access.Account, error) {
	if !who.May(access.ManageCases) {
		return nil, nil
	}
	all, err := c.d.Accounts.List(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(a access.Account) bool {
		return a.Disabled || !a.Actor().May(access.ClaimCase)
	}), nil
}
