package money

import (
	"math/big"
	"strings"
)

// reader puts a number together from figures and units: 一亿二千万零五百, 3万5,
// 3.5万, 两万半.
type reader struct {
	total   *big.Rat // what 亿 closed
	high    *big.Rat // what 万 closed
	low     *big.Rat // below 万
	figure  *big.Rat // a number that waits for its unit
	digits  int      // how many digits it has; 0 for a Chinese figure
	last    int64    // the unit before, 0 at the beginning
	below   int64    // units of this section must be less
	zero    bool     // 零 came since the last unit
	parts   bool     // a number with decimals: one unit may follow, nothing else
	two     bool     // two figures side by side: 三五千
	guess   bool     // 几 or 数 for a figure
	broken  bool
	arabic  bool
	began   bool
	hasUnit bool
}

// longest is how many characters a number may have: none that is a sum has more,
// and to work with longer ones takes time.
const longest = 40

// number reads the number that begins here, as a sum without its currency.
func (l *lexer) number() sum {
	n := reader{total: new(big.Rat), high: new(big.Rat), low: new(big.Rat), below: 10_000}
	from := l.i
	for n.take(l) {
		if l.i-from > longest {
			n.broken = true
			break
		}
	}
	if !n.began {
		l.i = from
		return sum{}
	}
	s := sum{end: l.i, arabic: n.arabic, marked: n.hasUnit}
	s.yuan, s.why = n.result(l)
	return s
}

// take reads one figure or unit; false at the end of the number.
func (n *reader) take(l *lexer) bool {
	r := l.peek()
	switch {
	case r >= '0' && r <= '9':
		if n.figure != nil || n.parts {
			return false
		}
		n.figure, n.digits, n.parts = l.decimal()
		n.arabic = true
		if n.figure == nil {
			n.figure, n.broken = new(big.Rat), true
		}
	case n.arabic && n.figure != nil && (r == 'w' || r == 'k'): // as people type 3w, 5k
		l.i++
		n.unit(worth[map[rune]rune{'w': '万', 'k': '千'}[r]])
		n.hasUnit = true
	case strings.ContainsRune(units, r):
		l.i++
		n.unit(worth[r])
		n.hasUnit = true
	case r == '零':
		if n.figure != nil {
			return false
		}
		l.i++
		n.zero = true
	case r == '半':
		if n.figure != nil || n.parts || n.zero {
			return false
		}
		l.i++
		n.half(l)
	case r == '几' || r == '数' && l.i+1 < len(l.r) && strings.ContainsRune(units, l.r[l.i+1]):
		if n.figure != nil || !strings.ContainsRune(units+"元块", l.at(1)) {
			return false
		}
		l.i++
		n.guess, n.figure, n.digits = true, big.NewRat(1, 1), 0
	default:
		return n.chinese(l)
	}
	n.began = true
	return true
}

func (l *lexer) at(n int) rune {
	if l.i+n < len(l.r) {
		return l.r[l.i+n]
	}
	return 0
}

func (n *reader) chinese(l *lexer) bool {
	d, ok := l.figure()
	if !ok || n.parts {
		return false
	}
	if n.figure != nil {
		if n.digits > 0 || n.two {
			return false
		}
		n.two = true
	}
	l.i++
	n.figure, n.digits, n.began = big.NewRat(d, 1), 0, true
	return true
}

// half is 半 before a unit, or half of the unit before it.
func (n *reader) half(l *lexer) {
	switch next := l.peek(); {
	case n.last == 0 && strings.ContainsRune(units, next):
		n.figure, n.parts = big.NewRat(1, 2), true
	case n.last >= 100:
		n.low.Add(n.low, big.NewRat(n.last, 2))
		n.parts = true
	default:
		n.broken = true
	}
}

// unit closes what came before it.
func (n *reader) unit(u int64) {
	if n.figure == nil {
		switch {
		case u == 10 && n.below > 10: // 十五, 一百十五
			n.figure = big.NewRat(1, 1)
		case u < 10_000, n.low.Sign() == 0 && n.high.Sign() == 0:
			n.broken = true // 百五, 万
		}
	}
	if n.parts && n.last != 0 {
		n.broken = true
	}
	switch {
	case u < 10_000:
		n.broken = n.broken || u >= n.below
		n.add(u)
		n.below = u
	case u == 10_000:
		n.broken = n.broken || n.high.Sign() != 0
		n.ones()
		n.high.Mul(n.low, big.NewRat(u, 1))
		n.low, n.below = new(big.Rat), 10_000
	default:
		n.broken = n.broken || n.total.Sign() != 0
		n.ones()
		n.total.Mul(n.high.Add(n.high, n.low), big.NewRat(u, 1))
		n.high, n.low, n.below = new(big.Rat), new(big.Rat), 10_000
	}
	n.last, n.zero = u, false
}

func (n *reader) add(u int64) {
	if n.figure != nil {
		n.low.Add(n.low, new(big.Rat).Mul(n.figure, big.NewRat(u, 1)))
	}
	n.figure, n.digits = nil, 0
}

// ones adds a figure without a unit of its own: the five of 二十五万.
func (n *reader) ones() {
	if n.figure != nil && n.low.Sign() != 0 && n.below > 10 && !n.zero {
		n.broken = true // 一百五万
	}
	n.add(1)
}

// result is the number; l stands behind it.
func (n *reader) result(l *lexer) (*big.Rat, Refusal) {
	switch {
	case n.broken:
		return nil, None
	case n.guess:
		return nil, Vague
	case n.two && (n.hasUnit || strings.ContainsRune("元块", l.peek())):
		return nil, Range
	case n.two:
		return nil, None
	}
	if n.figure != nil && !n.end() {
		return nil, None
	}
	return n.total.Add(n.total, n.high.Add(n.high, n.low)), ""
}

// end adds a last figure: ones, or of the next lower unit, as in 两万五, 3千2.
func (n *reader) end() bool {
	one, next := big.NewRat(10, 1), n.last/10
	switch {
	case n.last == 0 || n.last == 10 || n.zero:
		if n.last == 10 && n.figure.Cmp(one) >= 0 || n.zero && n.last > 0 && n.figure.Cmp(big.NewRat(n.last, 1)) >= 0 {
			return false
		}
		next = 1
	case n.digits > 1: // 3万2000
		if !n.figure.IsInt() || n.figure.Cmp(big.NewRat(n.last, 1)) >= 0 || n.figure.Cmp(big.NewRat(n.last, 10)) < 0 {
			return false
		}
		next = 1
	case n.figure.Sign() == 0 || n.figure.Cmp(one) >= 0 || !n.figure.IsInt():
		return false
	}
	n.low.Add(n.low, n.figure.Mul(n.figure, big.NewRat(next, 1)))
	return true
}

// decimal reads 12000, 12,000, 12 000 and 3.5; parts tells of decimals. The
// value of what is too long is nil.
func (l *lexer) decimal() (value *big.Rat, digits int, parts bool) {
	var b strings.Builder
	for isDigit(l.peek()) {
		b.WriteRune(l.peek())
		l.i++
	}
	for b.Len() > 0 && l.grouped(b.Len()) {
		b.WriteString(string(l.r[l.i+1 : l.i+4]))
		l.i += 4
	}
	digits = b.Len()
	if l.peek() == '.' && isDigit(l.at(1)) {
		parts = true
		b.WriteByte('.')
		for l.i++; isDigit(l.peek()); l.i++ {
			b.WriteRune(l.peek())
		}
	}
	if b.Len() > longest {
		return nil, digits, parts
	}
	value, _ = new(big.Rat).SetString(b.String())
	return value, digits, parts
}

// grouped tells whether three digits follow behind a comma or a space, as
// thousands are written; had is how many came before.
func (l *lexer) grouped(had int) bool {
	comma := l.peek() == ',' || l.peek() == ' '
	first := had <= 3 || isGroup(l.r[:l.i])
	return comma && first && isDigit(l.at(1)) && isDigit(l.at(2)) && isDigit(l.at(3)) && !isDigit(l.at(4))
}

// isGroup tells whether three digits behind a comma or a space end here.
func isGroup(r []rune) bool {
	n := len(r)
	return n > 3 && (r[n-4] == ',' || r[n-4] == ' ')
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
