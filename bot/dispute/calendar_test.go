package dispute

import (
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/place"
)

// TestWorkingDaysAreWhole: nobody has less than the working days they are
// given, at weekends and in holidays neither.
func TestWorkingDaysAreWhole(t *testing.T) {
	h, err := place.ParseHolidays([]byte("years:\n- year: 2026\n  source: test\n  closed: [{name: 国庆节, from: 2026-10-01, to: 2026-10-07}]\n  working: [2026-10-10]\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := NewService(nil, nil, Options{Holidays: h})
	at := func(text string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", text, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for said, want := range map[string]struct {
		days int
		due  string
	}{
		"2026-11-23 14:00": {1, "2026-11-24 14:00"}, // a Monday
		"2026-11-27 16:00": {1, "2026-11-30 16:00"}, // a Friday
		"2026-11-28 00:30": {1, "2026-11-30 17:00"}, // a Saturday: all of Monday
		"2026-11-29 09:00": {1, "2026-11-30 17:00"}, // a Sunday morning
		"2026-11-29 22:00": {2, "2026-12-01 17:00"}, // and evening
		"2026-09-30 11:00": {1, "2026-10-08 11:00"}, // before the holiday
		"2026-10-03 11:00": {3, "2026-10-10 17:00"}, // in it; the Saturday after is worked
	} {
		for _, zone := range []*time.Location{shanghai, time.UTC} {
			if got := s.cal.after(at(said).In(zone), want.days); !got.Equal(at(want.due)) {
				t.Errorf("%d working days from %s in %s: %s, want %s", want.days, said, zone, got.In(shanghai).Format("2006-01-02 15:04"), want.due)
			}
		}
	}
	// a claim on the eve of the holiday isn't lost while everybody is away
	lease := s.leased(at("2026-09-30 16:00"))
	if got := lease[0].At; !got.Equal(at("2026-10-10 16:00")) {
		t.Errorf("a lease from the eve of the holiday runs out %s", got.In(shanghai))
	}
	if got := lease[1].At; !got.Equal(at("2026-10-09 16:00")) {
		t.Errorf("its mediator is reminded %s", got.In(shanghai))
	}
}
