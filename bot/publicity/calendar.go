package publicity

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/content"
)

// Day computes the day that a rule means in year, at midnight in loc. The zero
// rule is the first day of month. The error is of kind Invalid for a rule that
// cannot be read, NotFound for a year outside the tables or without that day.
func Day(r content.DayRule, year, month int, loc *time.Location) (time.Time, error) {
	y, m, d, err := dayOf(r, year, month)
	if err != nil {
		return time.Time{}, fmt.Errorf("day rule %+v in %d: %w", r, year, err)
	}
	return time.Date(y, m, d+r.Offset, 0, 0, 0, 0, loc), nil
}

func dayOf(r content.DayRule, year, month int) (int, time.Month, int, error) {
	if n := forms(r); n > 1 {
		return 0, 0, 0, fault.New(fault.Invalid, "more than one form is set")
	}
	switch {
	case r.Fixed != "":
		return fixedDay(r.Fixed, year)
	case r.Weekday != "":
		return weekdayDay(r.Weekday, year)
	case r.Term != "":
		return termDay(r.Term, year)
	case r.Lunar != "":
		return lunarDay(r.Lunar, year)
	}
	return year, time.Month(month), 1, nil
}

func forms(r content.DayRule) (n int) {
	for _, s := range []string{r.Fixed, r.Weekday, r.Term, r.Lunar} {
		if s != "" {
			n++
		}
	}
	return n
}

func fixedDay(s string, year int) (int, time.Month, int, error) {
	m, d, err := monthDay(s)
	if err != nil {
		return 0, 0, 0, err
	}
	if d > daysIn(year, time.Month(m)) {
		return 0, 0, 0, fault.New(fault.NotFound, "no such day in that year")
	}
	return year, time.Month(m), d, nil
}

// monthDay reads MM-DD, without asking how long the month is.
func monthDay(s string) (month, day int, err error) {
	a, b, ok := strings.Cut(s, "-")
	month, err1 := strconv.Atoi(a)
	day, err2 := strconv.Atoi(b)
	if !ok || err1 != nil || err2 != nil || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, 0, fault.New(fault.Invalid, "write MM-DD")
	}
	return month, day, nil
}

func daysIn(year int, m time.Month) int {
	return time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

var weekdays = map[string]time.Weekday{
	"sun": time.Sunday, "mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday,
	"thu": time.Thursday, "fri": time.Friday, "sat": time.Saturday,
}

// weekdayDay reads "05 3 sun", the third Sunday of May.
func weekdayDay(s string, year int) (int, time.Month, int, error) {
	f := strings.Fields(strings.ToLower(s))
	bad := fault.New(fault.Invalid, `write month, which one and weekday, such as "05 3 sun"`)
	if len(f) != 3 {
		return 0, 0, 0, bad
	}
	m, err1 := strconv.Atoi(f[0])
	n, err2 := strconv.Atoi(f[1])
	w, ok := weekdays[f[2]]
	if err1 != nil || err2 != nil || !ok || m < 1 || m > 12 || n < 1 || n > 5 {
		return 0, 0, 0, bad
	}
	first := time.Date(year, time.Month(m), 1, 0, 0, 0, 0, time.UTC).Weekday()
	d := 1 + (int(w-first)+7)%7 + 7*(n-1)
	if d > daysIn(year, time.Month(m)) {
		return 0, 0, 0, fault.New(fault.NotFound, "no such weekday in that month")
	}
	return year, time.Month(m), d, nil
}
