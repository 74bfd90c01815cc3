package money

import (
	"math/big"
	"slices"
	"strings"
)

// lexer reads on in normal runes.
type lexer struct {
	r []rune
	i int
}

func (l *lexer) peek() rune {
	if l.i < len(l.r) {
		return l.r[l.i]
	}
	return 0
}

func (l *lexer) spaces() {
	for l.peek() == ' ' {
		l.i++
	}
}

// skipAny goes past any of the words, as often as they come.
func (l *lexer) skipAny(words []string) (any bool) {
	for more := true; more; {
		l.spaces()
		more = false
		for _, w := range words {
			if n := len([]rune(w)); l.i+n <= len(l.r) && string(l.r[l.i:l.i+n]) == w {
				l.i, any, more = l.i+n, true, true
				break
			}
		}
	}
	return any
}

// sum is what stands at one place of a text.
type sum struct {
	end    int // rune after it, 0 if nothing there is a number
	yuan   *big.Rat
	why    Refusal // "" for a sum
	marked bool    // a unit or a currency says that it is one, not any number
	money  bool    // a currency says so
	arabic bool
}

const (
	figures = "零一二两三四五六七八九"
	units   = "十百千万亿"
)

// sum reads the longest sum that begins here.
func (l *lexer) sum() sum {
	start := l.i
	negative := l.peek() == '-' || l.peek() == '负'
	if negative {
		l.i++
	}
	s := l.number()
	if s.end == 0 {
		l.i = start
		return sum{}
	}
	l.currency(&s)
	l.vague(&s)
	s.end = l.i
	if negative && s.why == "" {
		s.why = Negative
	}
	l.i = start
	return s
}

// vague takes what makes an exact number one of about so much: 三万多块, 3000+.
func (l *lexer) vague(s *sum) {
	switch r := l.peek(); {
	case strings.ContainsRune("多余几+", r):
	case r == '来' && l.i+1 < len(l.r) && strings.ContainsRune(units+"元块", l.r[l.i+1]):
	default:
		return
	}
	l.i++
	for strings.ContainsRune(units+"元块角", l.peek()) {
		s.marked = true
		l.i++
	}
	if l.peek() == '钱' {
		l.i++
	}
	if s.why == "" || s.why == None {
		s.why = Vague
	}
}

// currency takes 元, 块, 角, 分 and what belongs to them: 三块五, 12元5角3分.
func (l *lexer) currency(s *sum) {
	l.spaces()
	switch {
	case strings.ContainsRune("元块¥", l.peek()):
		l.i++
		s.money, s.marked = true, true
		if l.peek() == '半' {
			l.i++
			s.add(1, big.NewRat(1, 2))
			break
		}
		l.change(s, big.NewRat(1, 10), '角')
		l.change(s, big.NewRat(1, 100), '分')
	case l.peek() == '角' && s.why == "":
		l.i++
		s.money, s.marked = true, true
		s.yuan.Mul(s.yuan, big.NewRat(1, 10))
		l.change(s, big.NewRat(1, 100), '分')
	}
	if l.peek() == '钱' {
		l.i++
	}
}

func (s *sum) add(n int64, worth *big.Rat) {
	if s.why == "" {
		s.yuan.Add(s.yuan, new(big.Rat).Mul(big.NewRat(n, 1), worth))
	}
}

// change adds one digit of a smaller coin: with its name, or alone after the
// next larger one, as 五 in 三块五.
func (l *lexer) change(s *sum, worth *big.Rat, name rune) {
	at := l.i
	for l.peek() == '零' {
		l.i++
	}
	d, ok := l.digit()
	alone := l.i
	if !ok || l.peek() != name && (at != alone-1 || l.goesOn()) {
		l.i = at
		return
	}
	if l.peek() == name {
		l.i++
	}
	s.add(d, worth)
}

// goesOn tells whether what stands here makes the digit before it a number of
// something else: 三块五个.
func (l *lexer) goesOn() bool {
	r := l.peek()
	_, ok := l.figure()
	return ok || isDigit(r) || strings.ContainsRune(units+"元块角分.", r) || l.counts()
}

// digit is one figure.
func (l *lexer) digit() (int64, bool) {
	r := l.peek()
	if r >= '0' && r <= '9' {
		l.i++
		return int64(r - '0'), true
	}
	d, ok := l.figure()
	if ok {
		l.i++
	}
	return d, ok
}

// words are what 一 makes a word with, and no number: 3万一直没给.
const words = "直共下次起样点定些般旦家半边向律切致"

// figure is the value of the Chinese figure that stands here.
func (l *lexer) figure() (int64, bool) {
	if l.peek() == '一' && strings.ContainsRune(words, l.at(1)) {
		return 0, false
	}
	return figure(l.peek())
}

// figure is the value of a Chinese figure.
func figure(r rune) (int64, bool) {
	i := slices.Index([]rune(figures), r)
	switch {
	case r == 0 || i < 0:
		return 0, false
	case i > 2: // 两 stands after 二
		return int64(i - 1), true
	}
	return int64(i), true
}

// worth is what a unit stands for.
var worth = map[rune]int64{'十': 10, '百': 100, '千': 1000, '万': 10_000, '亿': 100_000_000}
