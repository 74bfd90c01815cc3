package console

import (
	"net/http"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web"
)

// booked is a case with its meeting as the week shows it.
type booked struct {
	row
	Slot dispute.Slot
	Warn string // unusual hour, or "clash" with another of the same mediator's
}

type weekday struct {
	Date  time.Time
	Today bool
	Off   bool // offices are closed
	Meets []booked
}

type weekView struct {
	Days          []weekday
	Before, After string // first days of the weeks around
	ThisWeek      bool
}

// week is the calendar of meetings: a mediator's own, or everybody's for who
// manages cases.
func (c *Console) week(w http.ResponseWriter, r *http.Request) error {
	now := c.opt.Now()
	monday := c.mondayOf(now)
	v := weekView{}
	if day, err := time.ParseInLocation(time.DateOnly, r.URL.Query().Get("from"), c.opt.Zone); err == nil && day.Year() > 2000 && day.Year() < 2200 {
		v.ThisWeek = c.mondayOf(day).Equal(monday)
		monday = c.mondayOf(day)
	} else {
		v.ThisWeek = true
	}
	v.Before, v.After = monday.AddDate(0, 0, -7).Format(time.DateOnly), monday.AddDate(0, 0, 7).Format(time.DateOnly)
	cases, err := c.d.Cases.Week(r.Context(), web.Actor(r), monday, monday.AddDate(0, 0, 7))
	if err != nil {
		return err
	}
	for i := range 7 {
		day := monday.AddDate(0, 0, i)
		noon := dispute.Slot{At: day.Add(12 * time.Hour), Minutes: 30, Where: dispute.AtCentre}
		d := weekday{Date: day, Today: day.Equal(c.midnight(now)), Off: c.d.Cases.Warning(noon) == "holiday"}
		for _, ca := range cases {
			if sl, ok := dispute.Booked(ca); ok && c.midnight(sl.At).Equal(day) {
				d.Meets = append(d.Meets, booked{c.row(ca), sl, c.d.Cases.Warning(sl)})
			}
		}
		clashes(d.Meets)
		v.Days = append(v.Days, d)
	}
	return c.render(w, r, "week", v)
}

// clashes marks meetings of one mediator that overlap, which a case that
// changed hands can bring. Meets are in the order of their beginnings.
func clashes(meets []booked) {
	for i := range meets {
		for j := range meets[:i] {
			if meets[j].Owner == meets[i].Owner && meets[i].Slot.At.Before(meets[j].Slot.End()) {
				meets[i].Warn, meets[j].Warn = "clash", "clash"
			}
		}
	}
}

func (c *Console) mondayOf(t time.Time) time.Time {
	day := c.midnight(t)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}
