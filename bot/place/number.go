package place

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// Number is the form of case numbers.
type Number struct {
	Form   string `yaml:"form"`   // 〔{year}〕城区受字第 {serial} 号
	Digits int    `yaml:"digits"` // that a serial is filled up to with zeros: 4
}

func (n Number) check() error {
	if strings.Count(n.Form, "{year}") != 1 || strings.Count(n.Form, "{serial}") != 1 || strings.ContainsAny(n.Form, "\"\\%") {
		return errors.New("number.form needs {year} and {serial} once each, and no quotes, backslash or percent sign")
	}
	if n.Digits < 1 || n.Digits > 9 {
		return errors.New("number.digits is 1 to 9")
	}
	return nil
}

// Of is the form with its year filled in.
func (n Number) Of(year string) string { return strings.Replace(n.Form, "{year}", year, 1) }

var (
	yearAndSerial = regexp.MustCompile(`(20[0-9]{2})[^0-9]+([0-9]{1,9})([^0-9]|$)`)
	serialAlone   = regexp.MustCompile(`^[^0-9]*([0-9]{1,9})[^0-9]*$`)
)

// Parse finds a case number in what somebody typed: the whole of it, 2026-123,
// or the serial alone, which is then of this year.
func (n Number) Parse(text string, thisYear int) (year, serial int, ok bool) {
	text = narrow(text)
	if m := yearAndSerial.FindStringSubmatch(text); m != nil {
		year, _ = strconv.Atoi(m[1])
		serial, _ = strconv.Atoi(m[2])
		return year, serial, serial > 0
	}
	if m := serialAlone.FindStringSubmatch(text); m != nil {
		serial, _ = strconv.Atoi(m[1])
		return thisYear, serial, serial > 0
	}
	return 0, 0, false
}

// narrow makes full-width digits and letters plain.
func narrow(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '！' && c <= '～' {
			return c - '！' + '!'
		}
		return c
	}, s)
}
