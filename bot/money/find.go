package money

import (
	"errors"
	"strings"
)

// counters are what is counted and is no money: a number before one of them is
// passed over in a sentence.
const counters = "年月日号天个周人次岁点时分钟平亩斤吨户口楼层栋单米里公%％家套间辆台头只棵根条张件份封页期季度名位届级路"

// pieces follow 块 where it counts pieces.
const pieces = "地砖板田石布木肉玻表牌瓦"

// mostDigits are the digits of a number that may be a sum without being called
// one: a telephone number has more.
const mostDigits = 7

// Find reads the one sum that a sentence names, in fen; what it calls about so
// much counts as that much. Numbers of other things are passed over.
func Find(text string) (fen int64, err error) {
	fen, err = Parse(text)
	if err == nil || !errors.Is(err, None) && !errors.Is(err, Vague) {
		return fen, err
	}
	var sure, bare []sum
	l := lexer{normal(text), 0}
	for l.i < len(l.r) {
		s, ok := l.candidate()
		switch {
		case !ok:
		case s.marked:
			sure = append(sure, s)
		default:
			bare = append(bare, s)
		}
	}
	if len(sure) == 0 {
		sure = bare
	}
	return only(sure)
}

// only is the sum of which all candidates are.
func only(all []sum) (fen int64, err error) {
	if len(all) == 0 {
		return 0, None
	}
	for i, s := range all {
		f, ferr := s.fen()
		if ferr != nil {
			return 0, ferr
		}
		if i > 0 && f != fen {
			return 0, Several
		}
		fen = f
	}
	return fen, nil
}

// candidate reads what stands at l and goes past it; false if it is no sum.
func (l *lexer) candidate() (sum, bool) {
	at := l.i
	if r := l.peek(); (r == '-' || r == '负') && (at > 0 && !strings.ContainsRune(" ,:;。，；欠是", l.r[at-1]) || !l.startsNumber(1)) {
		l.i++
		return sum{}, false
	}
	s := l.sum()
	if s.end == 0 {
		l.i++
		return s, false
	}
	l.i = s.end
	if l.counted(s) || s.why == None {
		return s, false
	}
	if next, ok := l.rangeEnd(s); ok {
		l.i = next.end
		s.why, s.marked = Range, s.marked || next.marked
		return s, s.marked
	}
	if s.marked {
		return s, s.money || s.arabic || worthSaying(s)
	}
	return s, l.bare(at, s)
}

// bare tells whether a number without unit may be a sum: a few digits, no part of
// a date or of something longer.
func (l *lexer) bare(at int, s sum) bool {
	digits := 0
	for _, r := range l.r[at:s.end] {
		if isDigit(r) {
			digits++
		}
	}
	joined := func(i int) bool {
		return i >= 0 && i < len(l.r) && strings.ContainsRune("-/.:@_abcdefghijklmnopqrstuvwxyz", l.r[i])
	}
	return s.arabic && s.yuan != nil && s.yuan.IsInt() && digits > 1 && digits <= mostDigits && !joined(at-1) && !joined(s.end)
}

// worthSaying tells whether Chinese numerals without a currency are meant as a
// sum: hundreds and more, not the 十五 of a day.
func worthSaying(s sum) bool {
	if s.why != "" {
		return true
	}
	f, err := s.fen()
	return err != nil || f >= 100*100
}

func (l *lexer) startsNumber(n int) bool {
	r := l.at(n)
	_, ok := figure(r)
	return isDigit(r) || ok
}

// counts tells whether what is counted stands here.
func (l *lexer) counts() bool {
	return strings.ContainsRune(counters, l.peek())
}

// counted tells whether a sum is a number of something else: 三个月, 三块地.
func (l *lexer) counted(s sum) bool {
	if !s.money {
		return l.counts()
	}
	return strings.ContainsRune(pieces, l.peek())
}

// rangeEnd is the other end of a range that begins with s: 3到5万.
func (l *lexer) rangeEnd(s sum) (sum, bool) {
	m := lexer{l.r, l.i}
	if !m.skipAny(to[:4]) {
		return sum{}, false
	}
	next := m.sum()
	m.i = next.end
	if next.end == 0 || next.why == None || m.counted(next) {
		return sum{}, false
	}
	return next, s.marked || next.marked
}
