package publicity_test

import (
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/content"
)

var beijing = time.FixedZone("CST", 8*3600)

func TestADayRuleIsComputed(t *testing.T) {
	for name, tc := range map[string]struct {
		rule        content.DayRule
		year, month int
		want        string
	}{
		"the zero rule is the first of the month": {content.DayRule{}, 2026, 7, "2026-07-01"},
		"a fixed day":               {content.DayRule{Fixed: "03-15"}, 2026, 3, "2026-03-15"},
		"a week before a fixed day": {content.DayRule{Fixed: "12-04", Offset: -7}, 2026, 12, "2026-11-27"},
		"the day for the disabled, third Sunday of May":     {content.DayRule{Weekday: "05 3 sun"}, 2026, 5, "2026-05-17"},
		"national defence day, third Saturday of September": {content.DayRule{Weekday: "09 3 sat"}, 2025, 9, "2025-09-20"},
		"a first weekday that is the first of the month":    {content.DayRule{Weekday: "11 1 sun"}, 2026, 11, "2026-11-01"},
		"a fifth weekday":                                     {content.DayRule{Weekday: "05 5 sun"}, 2026, 5, "2026-05-31"},
		"harvest festival 2025, autumn equinox":               {content.DayRule{Term: "秋分"}, 2025, 9, "2025-09-23"},
		"harvest festival 2026":                               {content.DayRule{Term: "秋分"}, 2026, 9, "2026-09-23"},
		"harvest festival 2028 is a day earlier":              {content.DayRule{Term: "秋分"}, 2028, 9, "2028-09-22"},
		"harvest festival 2035":                               {content.DayRule{Term: "秋分"}, 2035, 9, "2035-09-23"},
		"tomb sweeping 2027":                                  {content.DayRule{Term: "清明"}, 2027, 4, "2027-04-05"},
		"tomb sweeping 2030":                                  {content.DayRule{Term: "清明"}, 2030, 4, "2030-04-05"},
		"winter solstice 2029":                                {content.DayRule{Term: "冬至"}, 2029, 12, "2029-12-21"},
		"winter solstice 2031":                                {content.DayRule{Term: "冬至"}, 2031, 12, "2031-12-22"},
		"spring begins 2025":                                  {content.DayRule{Term: "立春"}, 2025, 2, "2025-02-03"},
		"spring begins 2026":                                  {content.DayRule{Term: "立春"}, 2026, 2, "2026-02-04"},
		"rain water 2026, eight minutes before midnight":      {content.DayRule{Term: "雨水"}, 2026, 2, "2026-02-18"},
		"summer begins 2035, five minutes before midnight":    {content.DayRule{Term: "立夏"}, 2035, 5, "2035-05-05"},
		"spring festival 2025":                                {content.DayRule{Lunar: "01-01"}, 2025, 1, "2025-01-29"},
		"spring festival 2026":                                {content.DayRule{Lunar: "01-01"}, 2026, 2, "2026-02-17"},
		"spring festival 2027, new moon just before midnight": {content.DayRule{Lunar: "01-01"}, 2027, 2, "2027-02-06"},
		"spring festival 2030":                                {content.DayRule{Lunar: "01-01"}, 2030, 2, "2030-02-03"},
		"spring festival 2034 after a leap eleventh month":    {content.DayRule{Lunar: "01-01"}, 2034, 2, "2034-02-19"},
		"elders' day 2025 after a leap sixth month":           {content.DayRule{Lunar: "09-09"}, 2025, 10, "2025-10-29"},
		"elders' day 2026":                                    {content.DayRule{Lunar: "09-09"}, 2026, 10, "2026-10-18"},
		"elders' day 2028 after a leap fifth month":           {content.DayRule{Lunar: "09-09"}, 2028, 10, "2028-10-26"},
		"mid-autumn 2025":                                     {content.DayRule{Lunar: "08-15"}, 2025, 10, "2025-10-06"},
		"mid-autumn 2026":                                     {content.DayRule{Lunar: "08-15"}, 2026, 9, "2026-09-25"},
		"dragon boat 2025":                                    {content.DayRule{Lunar: "05-05"}, 2025, 5, "2025-05-31"},
		"laba belongs to the lunar year before":               {content.DayRule{Lunar: "12-08"}, 2026, 1, "2026-01-26"},
		"new year's eve in a month of 29 days":                {content.DayRule{Lunar: "12-30"}, 2026, 2, "2026-02-16"},
		"new year's eve in a month of 30 days":                {content.DayRule{Lunar: "12-30"}, 2024, 2, "2024-02-09"},
		"a week before spring festival":                       {content.DayRule{Lunar: "01-01", Offset: -7}, 2027, 1, "2027-01-30"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := publicity.Day(tc.rule, tc.year, tc.month, beijing)
			if err != nil || got.Format(time.DateOnly) != tc.want {
				t.Fatalf("Day(%+v, %d) = %v, %v, want %s", tc.rule, tc.year, got, err, tc.want)
			}
			if got.Location() != beijing || got.Hour() != 0 {
				t.Errorf("Day(%+v) = %v, want midnight in Beijing", tc.rule, got)
			}
		})
	}
}

func TestADayRuleThatCannotBeIsRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		rule content.DayRule
		year int
		want fault.Kind
	}{
		"two forms":                      {content.DayRule{Fixed: "03-15", Term: "秋分"}, 2026, fault.Invalid},
		"a month thirteen":               {content.DayRule{Fixed: "13-01"}, 2026, fault.Invalid},
		"a day that is no number":        {content.DayRule{Fixed: "03-x"}, 2026, fault.Invalid},
		"29 February in a common year":   {content.DayRule{Fixed: "02-29"}, 2026, fault.NotFound},
		"a fifth Sunday that isn't":      {content.DayRule{Weekday: "06 5 sun"}, 2026, fault.NotFound},
		"a zeroth Sunday":                {content.DayRule{Weekday: "06 0 sun"}, 2026, fault.Invalid},
		"a weekday without month":        {content.DayRule{Weekday: "3 sun"}, 2026, fault.Invalid},
		"an unknown term":                {content.DayRule{Term: "秋天"}, 2026, fault.Invalid},
		"a term after the table":         {content.DayRule{Term: "秋分"}, 2051, fault.NotFound},
		"a lunar day after the table":    {content.DayRule{Lunar: "09-09"}, 2051, fault.NotFound},
		"a lunar day 31":                 {content.DayRule{Lunar: "09-31"}, 2026, fault.Invalid},
		"a lunar day that skips a year":  {content.DayRule{Lunar: "12-01"}, 2020, fault.NotFound},
		"a lunar day before the table":   {content.DayRule{Lunar: "01-01"}, 2019, fault.NotFound},
		"29 February, three days before": {content.DayRule{Fixed: "02-29", Offset: -3}, 2027, fault.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := publicity.Day(tc.rule, tc.year, 1, beijing); err == nil || fault.Of(err) != tc.want {
				t.Fatalf("Day(%+v, %d) = %v, %v, want an error of kind %d", tc.rule, tc.year, got, err, tc.want)
			}
		})
	}
}

// Every year's months must add up to the next year's first day, and every term
// must come a plausible time after the one before: a digit mistyped in either
// table breaks the chain.
func TestTheTablesAreWithoutGaps(t *testing.T) {
	for year := 2020; year < 2050; year++ {
		eve := mustDay(t, content.DayRule{Lunar: "12-30"}, year+1)
		if first := mustDay(t, content.DayRule{Lunar: "01-01"}, year+1); !eve.AddDate(0, 0, 1).Equal(first) {
			t.Errorf("New Year's Eve %s is not the day before %s", eve.Format(time.DateOnly), first.Format(time.DateOnly))
		}
	}
	names := []string{
		"小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
		"小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
	}
	last := time.Date(2019, 12, 22, 0, 0, 0, 0, beijing)
	for year := 2020; year <= 2050; year++ {
		for _, n := range names {
			d := mustDay(t, content.DayRule{Term: n}, year)
			if gap := int(d.Sub(last).Hours() / 24); gap < 14 || gap > 16 {
				t.Errorf("%s %d comes %d days after the term before", n, year, gap)
			}
			last = d
		}
	}
}

func mustDay(t *testing.T, r content.DayRule, year int) time.Time {
	t.Helper()
	d, err := publicity.Day(r, year, 1, beijing)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
