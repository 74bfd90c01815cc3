package place

import (
	"fmt"
	"time"
)

// Holidays says on which days offices are closed beside weekends, and on which
// weekend days they work. A year that isn't among Years has not been announced
// yet: its weekends are all that is known.
type Holidays struct {
	Years   map[int]string // year → the notice that the days were taken from
	Closed  map[string]string
	Working map[string]bool
}

type holidayFile struct {
	Years []struct {
		Year    int    `yaml:"year"`
		Source  string `yaml:"source"`
		Closed  []span `yaml:"closed"`
		Working []day  `yaml:"working"`
	} `yaml:"years"`
}

type span struct {
	Name string `yaml:"name"`
	From day    `yaml:"from"`
	To   day    `yaml:"to"`
}

// day is a date as written, 2026-10-01.
type day string

// ParseHolidays reads the holiday file. It fails on an unknown key and on a
// day that is none or lies in another year.
func ParseHolidays(raw []byte) (Holidays, error) {
	h := Holidays{Years: map[int]string{}, Closed: map[string]string{}, Working: map[string]bool{}}
	var f holidayFile
	if err := decode(raw, &f); err != nil {
		return h, fmt.Errorf("holidays: %w", err)
	}
	for _, y := range f.Years {
		if y.Source == "" {
			return h, fmt.Errorf("holidays %d: no source", y.Year)
		}
		h.Years[y.Year] = y.Source
		for _, s := range y.Closed {
			if err := h.close(y.Year, s); err != nil {
				return h, fmt.Errorf("holidays %d: %w", y.Year, err)
			}
		}
		for _, d := range y.Working {
			t, err := d.in(y.Year)
			if err != nil {
				return h, fmt.Errorf("holidays %d: %w", y.Year, err)
			}
			h.Working[t.Format(time.DateOnly)] = true
		}
	}
	return h, nil
}

func (h Holidays) close(year int, s span) error {
	from, err := s.From.in(year)
	if err != nil {
		return err
	}
	to, err := s.To.in(year)
	if err != nil {
		return err
	}
	if to.Before(from) || s.Name == "" {
		return fmt.Errorf("%s to %s: no name, or the end before the beginning", s.From, s.To)
	}
	for t := from; !t.After(to); t = t.AddDate(0, 0, 1) {
		h.Closed[t.Format(time.DateOnly)] = s.Name
	}
	return nil
}

func (d day) in(year int) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err == nil && t.Year() != year {
		err = fmt.Errorf("%s is not in this year", d)
	}
	return t, err
}

// Works tells whether offices work on the day of t in Shanghai.
func (h Holidays) Works(t time.Time) bool {
	t = t.In(shanghai)
	on := t.Format(time.DateOnly)
	if h.Working[on] {
		return true
	}
	if h.Closed[on] != "" {
		return false
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// Announced tells whether the holidays of t's year are in the file.
func (h Holidays) Announced(t time.Time) bool { return h.Years[t.In(shanghai).Year()] != "" }
