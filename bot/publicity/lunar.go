package publicity

import (
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
)

// lunarYear is one year of the Chinese calendar (GB/T 33661).
type lunarYear struct {
	month, day int    // its first day in our calendar
	leap       int    // the month that comes twice, 0 for none
	lengths    string // a letter a month in order: b of 30 days, s of 29
}

// lunarYears was checked against computed new moons, by Beijing time.
var lunarYears = map[int]lunarYear{
	2020: {1, 25, 4, "sbbbsbssbsbsb"},
	2021: {2, 12, 0, "sbbsbsbsbsbs"},
	2022: {2, 1, 0, "bsbsbbsbsbsb"},
	2023: {1, 22, 2, "sbssbbsbbsbsb"},
	2024: {2, 10, 0, "sbssbsbbsbbs"},
	2025: {1, 29, 6, "bsbssbsbsbbbs"},
	2026: {2, 17, 0, "bsbssbssbbbs"},
	2027: {2, 6, 0, "bbsbssbssbbs"},
	2028: {1, 26, 5, "bbbsbssbssbbs"},
	2029: {2, 13, 0, "bbsbsbsbssbb"},
	2030: {2, 3, 0, "sbsbbsbsbsbs"},
	2031: {1, 23, 3, "sbbsbsbbsbsbs"},
	2032: {2, 11, 0, "bssbsbbsbbsb"},
	2033: {1, 31, 11, "sbssbsbsbbbsb"},
	2034: {2, 19, 0, "sbssbsbsbbsb"},
	2035: {2, 8, 0, "bsbssbssbbsb"},
	2036: {1, 28, 6, "bbsbssbssbsbb"},
	2037: {2, 15, 0, "bbsbssbssbsb"},
	2038: {2, 4, 0, "bbsbsbsbssbs"},
	2039: {1, 24, 5, "bbsbbsbsbsbss"},
	2040: {2, 12, 0, "bsbbsbsbbsbs"},
	2041: {2, 1, 0, "sbsbsbbsbbsb"},
	2042: {1, 22, 2, "sbssbsbsbbsbb"},
	2043: {2, 10, 0, "sbssbssbbsbb"},
	2044: {1, 30, 7, "bsbssbssbsbbb"},
	2045: {2, 17, 0, "bsbssbssbsbb"},
	2046: {2, 6, 0, "bsbsbsbssbsb"},
	2047: {1, 26, 5, "bsbbsbsbssbsb"},
	2048: {2, 14, 0, "sbbsbbsbssbs"},
	2049: {2, 2, 0, "bsbsbbsbbsbs"},
	2050: {1, 23, 3, "sbsbsbsbbsbbs"},
}

// lunarDay finds the day MM-DD of the Chinese calendar that falls in year. A
// 30th in a month of 29 days is its last day, so that 12-30 is New Year's Eve.
func lunarDay(s string, year int) (int, time.Month, int, error) {
	m, d, err := monthDay(s)
	if err != nil || d > 30 {
		return 0, 0, 0, fault.New(fault.Invalid, "write MM-DD of the Chinese calendar")
	}
	if _, ok := lunarYears[year]; !ok {
		return 0, 0, 0, fault.New(fault.NotFound, "the table of the Chinese calendar covers 2020 to 2050")
	}
	for _, y := range []int{year - 1, year} {
		ly, ok := lunarYears[y]
		if !ok {
			continue
		}
		if t := ly.date(y, m, d); t.Year() == year {
			return t.Year(), t.Month(), t.Day(), nil
		}
	}
	return 0, 0, 0, fault.New(fault.NotFound, "the day does not fall in that year")
}

// date is day d of month m, of the first of the two where one comes twice.
func (ly lunarYear) date(year, m, d int) time.Time {
	i := m - 1
	if ly.leap > 0 && m > ly.leap {
		i++
	}
	t := time.Date(year, time.Month(ly.month), ly.day, 0, 0, 0, 0, time.UTC)
	for _, l := range ly.lengths[:i] {
		t = t.AddDate(0, 0, lunarMonth(l))
	}
	return t.AddDate(0, 0, min(d, lunarMonth(rune(ly.lengths[i])))-1)
}

func lunarMonth(letter rune) int {
	if letter == 'b' {
		return 30
	}
	return 29
}
