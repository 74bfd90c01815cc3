package dispute

import (
	"fmt"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
)

// Day is a calendar day in China as agreements name it, 2026-12-31; "" is none.
type Day string

// ReadDay takes a day as it comes from outside; "" stays none.
func ReadDay(s string) (Day, error) {
	if s == "" {
		return "", nil
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fault.As(fault.Invalid, fmt.Errorf("%.20q is no day", s))
	}
	return Day(s), nil
}

// DayOf is the day of a moment.
func DayOf(t time.Time) Day {
	if t.IsZero() {
		return ""
	}
	return Day(t.In(shanghai).Format(time.DateOnly))
}

// morning is the hour at which people are reminded.
const morning = 9

// at is a morning n days after d. It is zero for no day.
func (d Day) at(n int) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), shanghai)
	if err != nil {
		return time.Time{}
	}
	return time.Date(t.Year(), t.Month(), t.Day()+n, morning, 0, 0, 0, shanghai).UTC()
}

// Time is the morning of d, zero for no day.
func (d Day) Time() time.Time { return d.at(0) }

// Plus is the day n days later.
func (d Day) Plus(n int) Day { return DayOf(d.at(n)) }

// Months is the day n months later, the last of that month where it is shorter.
func (d Day) Months(n int) Day {
	t := d.at(0).In(shanghai)
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, morning, 0, 0, 0, shanghai)
	last := first.AddDate(0, 1, -1).Day()
	return DayOf(first.AddDate(0, 0, min(t.Day(), last)-1))
}

// words splits a day for a text, see moment.
func (d Day) words(name string) map[string]string { return moment(name, d.at(0)) }
