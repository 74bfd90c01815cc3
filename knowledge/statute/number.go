package statute

import (
	"strings"
	"unicode/utf8"
)

const digits = "零一二三四五六七八九"

// digitOf reads one Chinese, Arabic or full-width digit.
func digitOf(r rune) (int, bool) {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0'), true
	case r >= '０' && r <= '９':
		return int(r - '０'), true
	case r == '〇' || r == '○':
		return 0, true
	case r == '两':
		return 2, true
	}
	if i := strings.IndexRune(digits, r); i >= 0 && r != utf8.RuneError {
		return utf8.RuneCountInString(digits[:i]), true
	}
	return 0, false
}

func unitOf(r rune) int {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	case '廿':
		return 20
	}
	return 0
}

func isNumeral(r rune) bool {
	_, ok := digitOf(r)
	return ok || unitOf(r) > 0
}

// numeral reads the number at the start of s: Arabic, full-width, 一千零六十二
// or 一〇六二. It returns how many bytes it took, 0 when there is none or it is
// no article number (over 9999).
func numeral(s string) (n, size int) {
	total, cur, seen := 0, -1, 0
	for _, r := range s {
		d, ok := digitOf(r)
		u := unitOf(r)
		if !ok && u == 0 {
			break
		}
		seen++
		size += utf8.RuneLen(r)
		if seen > 12 {
			return 0, 0
		}
		switch {
		case r == '廿':
			total, cur = total+20, -1
		case u > 0:
			total, cur = total+max(cur, 1)*u, -1
		case cur < 0 || cur == 0 && r != '0':
			cur = d
		default:
			cur = cur*10 + d
		}
		if total > 9999 || cur > 9999 {
			return 0, 0
		}
	}
	return total + max(cur, 0), size
}

// chinese writes n (1 to 9999) as statutes do: 一千零六十二, 十, 二十一.
func chinese(n int) string {
	if n <= 0 || n > 9999 {
		return "零"
	}
	d := []rune(digits)
	var b strings.Builder
	zero := false
	for _, u := range []struct {
		v int
		w string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		q := n / u.v % 10
		if q == 0 {
			zero = b.Len() > 0
			continue
		}
		if zero {
			b.WriteRune('零')
			zero = false
		}
		if q != 1 || u.v != 10 || b.Len() > 0 {
			b.WriteRune(d[q])
		}
		b.WriteString(u.w)
	}
	return b.String()
}

// articleMark reads 第X条 or 第X条之Y at the start of a cleaned line.
func articleMark(line string) (no Number, rest string, ok bool) {
	line = strings.TrimPrefix(line, "**")
	body, found := strings.CutPrefix(line, "第")
	if !found {
		return no, "", false
	}
	body = strings.TrimLeft(body, " ")
	n, size := numeral(body)
	if size == 0 || n == 0 {
		return no, "", false
	}
	body, found = strings.CutPrefix(strings.TrimLeft(body[size:], " "), "条")
	if !found {
		return no, "", false
	}
	no.Main = uint16(n) //nolint:gosec // numeral stops at 9999
	if after, cut := strings.CutPrefix(body, "之"); cut {
		if sub, size := numeral(after); size > 0 && sub > 0 && sub < 100 {
			no.Sub, body = uint16(sub), after[size:]
		}
	}
	return no, strings.TrimPrefix(body, "**"), true
}

// Numeral reads a whole number of up to four digits as statutes write it: 三十,
// 一百零五, 两千, 30. ok is false if s is anything else or more.
func Numeral(s string) (n int, ok bool) {
	n, size := numeral(s)
	return n, size > 0 && size == len(s)
}

// ParseLabel reads 第一百二十条之一, 第120条 and 120条.
func ParseLabel(s string) (Number, bool) {
	s = squeeze(s)
	if !strings.HasPrefix(s, "第") {
		s = "第" + s
	}
	no, rest, ok := articleMark(s)
	return no, ok && rest == ""
}
