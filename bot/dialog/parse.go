package dialog

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tidy drops spaces and closing marks, and folds full-width digits.
func tidy(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return r
	}, text)
	return strings.Trim(text, "。，！？.,!?~～、〔〕[]【】")
}

// among tells whether text, tidied, is one of the words.
func among(text string, lists ...[]string) bool {
	t := tidy(text)
	for _, words := range lists {
		if t != "" && slices.Contains(words, t) {
			return true
		}
	}
	return false
}

// cutAround takes the word w from either end of text.
func cutAround(text, w string) (string, bool) {
	if rest, ok := strings.CutPrefix(text, w); ok {
		return rest, true
	}
	return strings.CutSuffix(text, w)
}

var ordinal = regexp.MustCompile(`^(?:第|选|选择)?(\d{1,2}|[一二三四五六七八九十])(?:[个项条号]|\.|、)?$`)

// pick finds the option that text means: its number, its label, or, when loose,
// the only label that holds the text or is held by it. It is -1 if there is none.
func pick(text string, options []Option, loose bool) int {
	t := tidy(text)
	if t == "" || len(options) == 0 {
		return -1
	}
	if i := labelled(t, options); i >= 0 {
		return i
	}
	if m := ordinal.FindStringSubmatch(t); m != nil {
		if n := number(m[1]); n >= 1 && n <= len(options) {
			return n - 1
		}
		return -1
	}
	if !loose {
		return -1
	}
	return overlap(t, options)
}

// labelled finds the option whose label or value is exactly text, but for commas.
func labelled(text string, options []Option) int {
	t := tidy(text)
	bare := commas.Replace(t)
	return slices.IndexFunc(options, func(o Option) bool { return bare != "" && (commas.Replace(tidy(o.Label)) == bare || o.Value == t) })
}

var commas = strings.NewReplacer("，", "", ",", "", "、", "")

// overlap finds the only option whose label holds t, or that t holds.
func overlap(t string, options []Option) int {
	found := -1
	for i, o := range options {
		label := tidy(o.Label)
		near := utf8.RuneCountInString(t) >= 2 && strings.Contains(label, t) ||
			utf8.RuneCountInString(label) >= 2 && strings.Contains(t, label)
		if !near {
			continue
		}
		if found >= 0 {
			return -1
		}
		found = i
	}
	return found
}

func number(s string) int {
	if i := strings.Index("一二三四五六七八九十", s); i >= 0 {
		return i/len("一") + 1
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// A mobile number, or a fixed line with or without its area code.
var phone = regexp.MustCompile(`(?:^|\D)((?:\+?86-?)?1[3-9]\d-?\d{4}-?\d{4}|0\d{2,3}-?\d{7,8}|[2-8]\d{6,7})(?:\D|$)`)

// readPhone takes the number out of what was typed; the rest is a name.
func readPhone(text string) reading {
	flat := strings.NewReplacer(" ", "", "\u00a0", "", "－", "-", "—", "-", "＋", "+").Replace(digits(text))
	m := phone.FindStringSubmatchIndex(flat)
	if m == nil && letters(text) > 0 && letters(text) <= mostName && !strings.ContainsAny(flat, "0123456789") {
		return reading{problem: NoNumber, noted: text}
	}
	if m == nil {
		return reading{problem: NoPhone}
	}
	no := flat[m[2]:m[3]]
	if !strings.HasPrefix(no, "0") {
		no = strings.ReplaceAll(no, "-", "")
	}
	if len(no) > 11 && no[0] != '0' {
		no = strings.TrimPrefix(strings.TrimPrefix(no, "+"), "86")
	}
	note := strings.Trim(flat[:m[2]]+flat[m[3]:], "，,。.;；:：、 电话手机号是")
	return reading{answer: &Answer{Value: no, Note: note}}
}

// mostName is how many letters are taken for a name without a number.
const mostName = 4

// named gives a number the name that came before it, in a message of its own.
func (r reading) named(noted string) reading {
	switch {
	case r.noted != "":
	case r.answer == nil:
		r.noted = noted
	case r.answer.Note == "":
		r.answer.Note = noted
	}
	return r
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, text)
}
