package answer

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/content"
)

// moment is a time that a person named: a day, or only its month or year.
type moment struct {
	at    time.Time // the last day that it may mean
	exact bool      // the day itself was named
	said  string    // as the person put it
}

// daysPerWeek and the numerals that people write instead of digits.
const daysPerWeek = 7

var (
	fullDay   = regexp.MustCompile(`(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})[日号]?`)
	yearMonth = regexp.MustCompile(`(\d{4})年(\d{1,2})月`)
	yearOnly  = regexp.MustCompile(`((?:19|20)\d{2})年`)
	lastYear  = regexp.MustCompile(`(大前年|前年|去年|今年)(\d{1,2}|[一二三四五六七八九十]{1,2})月`)
	lastOnly  = regexp.MustCompile(`大前年|前年|去年`)
	ago       = regexp.MustCompile(`(\d{1,3}|[一二两三四五六七八九十]{1,2})(?:来)?(天|个?星期|周|个月|年)(?:多)?(?:以)?前`)
	agreed    = regexp.MustCompile(`(?:说好|说是|约好|约定|讲好|答应|保证|写明|写着|写的)(?:了|的|是)?(当?年底|年末)?(半年|(\d{1,2}|[一二两三四五六七八九十]{1,2})(年|个月))?(?:内|以内|后|之内|之前|前)?(?:就|全|一定)?(?:还|给|付|结)(?:清|上|完|钱|我|俺)?`)
	relDay    = regexp.MustCompile(`大前天|前天|昨天|昨晚|今天|上个?月`)
)

// readDay finds the one time that a question names, or the day by which it
// says that payment was agreed. A question that names several, or none, gives
// none: a wrong deadline is worse than none.
func readDay(text string, now time.Time) (moment, bool) {
	m, known := namedDay(text, now)
	if due, ok := agreedDay(text, m); known && ok {
		return due, due.at.Before(now)
	}
	return m, known
}

// agreedDay is when payment was due that was agreed on at the time named:
// 去年三月打的条，说好年底还.
func agreedDay(text string, named moment) (moment, bool) {
	said := agreed.FindStringSubmatch(text)
	if said == nil || said[1] == "" && said[2] == "" {
		return moment{}, false
	}
	due := time.Date(named.at.Year(), 12, 31, 0, 0, 0, 0, named.at.Location())
	switch {
	case said[2] == "":
	case said[2] == "半年":
		due = clip(named.at, 0, 6)
	case said[4] == "年":
		due = clip(named.at, count(said[3]), 0)
	default:
		due = clip(named.at, 0, count(said[3]))
	}
	return moment{due, false, named.said + "、" + said[0]}, true
}

func namedDay(text string, now time.Time) (moment, bool) {
	for _, read := range []func(string, time.Time) []moment{fullDays, yearMonths, agos, relDays, years} {
		switch found := read(text, now); len(found) {
		case 0:
		case 1:
			return found[0], !found[0].at.After(now) || !found[0].exact
		default:
			return moment{}, false
		}
	}
	return moment{}, false
}

func fullDays(text string, now time.Time) (out []moment) {
	for _, m := range fullDay.FindAllStringSubmatch(text, 3) {
		if t, err := time.ParseInLocation("2006-1-2", m[1]+"-"+m[2]+"-"+m[3], now.Location()); err == nil {
			out = append(out, moment{t, true, m[0]})
		}
	}
	return out
}

func yearMonths(text string, now time.Time) (out []moment) {
	for _, m := range yearMonth.FindAllStringSubmatch(text, 3) {
		out = appendMonth(out, count(m[1]), count(m[2]), m[0], now)
	}
	for _, m := range lastYear.FindAllStringSubmatch(text, 3) {
		out = appendMonth(out, now.Year()-yearsBack(m[1]), count(m[2]), m[0], now)
	}
	return out
}

// appendMonth adds a month's last day.
func appendMonth(out []moment, year, month int, said string, now time.Time) []moment {
	if month < 1 || month > 12 {
		return out
	}
	return append(out, moment{time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, now.Location()), false, said})
}

func years(text string, now time.Time) (out []moment) {
	for _, m := range yearOnly.FindAllStringSubmatch(text, 3) {
		out = append(out, moment{time.Date(count(m[1]), 12, 31, 0, 0, 0, 0, now.Location()), false, m[0]})
	}
	for _, m := range lastOnly.FindAllString(text, 3) {
		out = append(out, moment{time.Date(now.Year()-yearsBack(m), 12, 31, 0, 0, 0, 0, now.Location()), false, m})
	}
	return out
}

func yearsBack(word string) int {
	switch word {
	case "去年":
		return 1
	case "前年":
		return 2
	case "大前年":
		return 3
	}
	return 0
}

func agos(text string, now time.Time) (out []moment) {
	for _, m := range ago.FindAllStringSubmatch(text, 3) {
		n := count(m[1])
		d := date(now)
		switch m[2] {
		case "天":
			d = d.AddDate(0, 0, -n)
		case "个月":
			d = d.AddDate(0, -n, 0)
		case "年":
			d = d.AddDate(-n, 0, 0)
		default:
			d = d.AddDate(0, 0, -n*daysPerWeek)
		}
		out = append(out, moment{d, m[2] == "天", m[0]})
	}
	return out
}

func relDays(text string, now time.Time) (out []moment) {
	for _, w := range relDay.FindAllString(text, 3) {
		d := date(now)
		switch w {
		case "昨天", "昨晚":
			d = d.AddDate(0, 0, -1)
		case "前天":
			d = d.AddDate(0, 0, -2)
		case "大前天":
			d = d.AddDate(0, 0, -3)
		case "上月", "上个月":
			out = append(out, moment{time.Date(now.Year(), now.Month(), 0, 0, 0, 0, 0, now.Location()), false, w})
			continue
		}
		out = append(out, moment{d, true, w})
	}
	return out
}

func date(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// count reads digits or a numeral up to 十九.
func count(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	n := 0
	for _, r := range s {
		switch i := strings.IndexRune("一二三四五六七八九十", r); {
		case r == '两':
			n += 2
		case r == '十':
			n = max(n, 1) * 10
		case i >= 0:
			n += i/len("一") + 1
		}
	}
	return n
}

var within = regexp.MustCompile(`^(\d+)(y|m|d|wd|h)$`)

// compute works a deadline out from the time that the question gave. Working
// days count Monday to Friday; holidays only push the end later.
func compute(d content.Deadline, since moment, known bool, now time.Time) Deadline {
	out := Deadline{Deadline: d}
	m := within.FindStringSubmatch(d.Within)
	if m == nil || !known {
		return out
	}
	end := add(since.at, count(m[1]), m[2])
	out.Since, out.Over = since.said, end.Before(date(now))
	out.Until = end.Format("2006-01-02")
	if !since.exact {
		out.Until = end.Format("2006-01")
	}
	return out
}

func add(t time.Time, n int, unit string) time.Time {
	switch unit {
	case "y":
		return clip(t, n, 0)
	case "m":
		return clip(t, 0, n)
	case "h":
		return t.Add(time.Duration(n) * time.Hour)
	case "wd":
		for n > 0 {
			t = t.AddDate(0, 0, 1)
			if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
				n--
			}
		}
		return t
	}
	return t.AddDate(0, 0, n)
}

// clip adds years and months; where that month has no such day, its last day.
func clip(t time.Time, years, months int) time.Time {
	end := t.AddDate(years, months, 0)
	if end.Day() != t.Day() {
		return end.AddDate(0, 0, -end.Day())
	}
	return end
}
