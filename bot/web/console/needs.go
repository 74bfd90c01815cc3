package console

import (
	"context"
	"net/http"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/needs"
	"github.com/anjie-desk/anjie/bot/web"
)

// Needs is what residents asked in vain; *needs.Service is one.
type Needs interface {
	Board(ctx context.Context, who access.Actor, day time.Time) (needs.Board, error)
	Decide(ctx context.Context, who access.Actor, ids []string, state needs.State, entry string) error
}

var _ Needs = (*needs.Service)(nil)

type needsView struct {
	needs.Board
	Monday        time.Time
	Before, After string // weeks, "" where there is none
	Kinds         []needs.Kind
	Hours, Days   int // in which half of the needs had their entry; Days is 0 for less than two
	Useful        int
	Useless       int
	Done          bool
}

// needs lists what to write next, by week.
func (c *Console) needs(w http.ResponseWriter, r *http.Request) error {
	now := c.opt.Now().In(c.opt.Zone)
	day, err := time.ParseInLocation(time.DateOnly, r.URL.Query().Get("week"), c.opt.Zone)
	if err != nil || day.After(now) {
		day = now
	}
	b, err := c.d.Needs.Board(r.Context(), web.Actor(r), day)
	if err != nil {
		return err
	}
	v := needsView{Board: b, Monday: day.AddDate(0, 0, -(int(day.Weekday())+6)%7), Kinds: needs.Kinds(), Hours: int(b.Waited.Hours()), Useful: b.Figures[needs.Useful], Useless: b.Figures[needs.Useless], Done: r.URL.Query().Has("done")}
	if v.Hours >= 2*24 {
		v.Days = v.Hours / 24
	}
	if day.After(now.Add(-needs.Kept)) {
		v.Before = needs.Week(day.AddDate(0, 0, -7))
	}
	if next := day.AddDate(0, 0, 7); !next.After(now) || needs.Week(next) == needs.Week(now) {
		v.After = needs.Week(next)
	}
	return c.render(w, r, "needs", v)
}

// decideNeeds notes what is to be done about a cluster.
func (c *Console) decideNeeds(w http.ResponseWriter, r *http.Request) error {
	state := needs.Dropped
	switch act := r.PathValue("act"); act {
	case "write", "join":
		path, err := c.writeFor(r, act == "join")
		if err != nil {
			return err
		}
		web.SeeOther(w, r, path)
		return nil
	case "drop":
	case "reopen":
		state = needs.Open
	default:
		return errNoSuchAct
	}
	if err := c.d.Needs.Decide(r.Context(), web.Actor(r), needs.ParseKey(r.PostFormValue("needs")), state, ""); err != nil {
		return err
	}
	web.SeeOther(w, r, "/console/needs?done&week="+r.PostFormValue("week"))
	return nil
}
