// Package money reads sums of yuan as people write and say them: 3万, 一万二,
// 两千五百块, 12,000元, 三块五.
//
// A sum is exact: what is about so much, from so much to so much, below zero, or
// finer than a fen is refused, each by a [Refusal] of its own, and so is what
// exceeds [Most]. The package knows no form and no dialogue.
package money

import (
	"math/big"
	"strings"
)

// Most is the largest sum, in yuan: more is a slip of the finger.
const Most = 1_000_000_000

// Refusal says why words are no sum.
type Refusal string

// The refusals.
const (
	None     Refusal = "none"     // they name no sum
	Vague    Refusal = "vague"    // 三万余, 几千, 3000 左右
	Range    Refusal = "range"    // 三到五万, 两三千
	Several  Refusal = "several"  // more than one sum
	Negative Refusal = "negative" // below zero
	Much     Refusal = "much"     // more than Most
	Fine     Refusal = "fine"     // a part of a fen
)

// Refusals lists every refusal.
func Refusals() []Refusal { return []Refusal{None, Vague, Range, Several, Negative, Much, Fine} }

func (r Refusal) Error() string { return "no sum of money: " + string(r) }

// Words that stand before a sum and say nothing, and those that make it vague.
var (
	before = []string{"人民币", "rmb", "cny", "¥", "合计", "共计", "总计", "一共", "总共", "共", "计", "金额", "大写", ":"}
	after  = []string{"人民币", "rmb", "整", "正", "钱", "。", "."}
	abouts = []string{"大约", "大概", "差不多", "将近", "接近", "不到", "超过", "至少", "最多", "起码", "约", "近", "上"}
	around = []string{"左右", "上下", "以上", "以下", "以内", "出头", "不到", "许"}
	to     = []string{"-", "~", "至", "到", "或", "、"}
)

// Parse reads words that are one sum and nothing else, in fen.
func Parse(text string) (fen int64, err error) {
	l := lexer{normal(text), 0}
	l.skipAny(before)
	vague := l.skipAny(abouts)
	l.skipAny(before)
	s := l.sum()
	if s.end == 0 {
		return 0, None
	}
	l.i = s.end
	if s.why == "" && l.joins() {
		s.why = Range
	}
	l.skipAny(after)
	vague = l.skipAny(around) || vague
	l.skipAny(after)
	switch {
	case l.i < len(l.r):
		return 0, None
	case vague && s.why == None && s.marked: // 上万
		return 0, Vague
	case s.why != "":
		return 0, s.why
	case vague:
		return 0, Vague
	}
	return s.fen()
}

// joins goes past another sum that follows as the end of a range; false if none
// does.
func (l *lexer) joins() bool {
	m := *l
	if !m.skipAny(to) {
		return false
	}
	next := m.sum()
	if next.end == 0 || next.why != "" && next.why != Vague {
		return false
	}
	l.i = next.end
	return true
}

// fen is a sum that was read, if it is one that can be kept.
func (s sum) fen() (int64, error) {
	if s.why != "" {
		return 0, s.why
	}
	f := new(big.Rat).Mul(s.yuan, big.NewRat(100, 1))
	switch {
	case f.Sign() < 0:
		return 0, Negative
	case s.yuan.Cmp(big.NewRat(Most, 1)) > 0:
		return 0, Much
	case !f.IsInt():
		return 0, Fine
	}
	return f.Num().Int64(), nil
}

// normal writes digits, numerals, units and signs in one way, spaces as ' '.
func normal(text string) []rune {
	return []rune(strings.ToLower(strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		if p, ok := plain[r]; ok {
			return p
		}
		switch r {
		case '\t', '\n', '\r', '\u00a0', '\u3000':
			return ' '
		case '．':
			return '.'
		case '￥':
			return '¥'
		}
		return r
	}, strings.TrimSpace(text))))
}

// plain is how a numeral, unit or sign is read that people write in other ways:
// each of the first line as the one below it.
var plain = func() map[rune]rune {
	odd := []rune("壹贰叁肆伍陆柒捌玖拾佰仟萬億〇圆圓貳參陸，－−—–～〜＋：毛塊")
	one := []rune("一二三四五六七八九十百千万亿零元元二三六,----~~+:角块")
	m := make(map[rune]rune, len(odd))
	for i, r := range odd {
		m[r] = one[i]
	}
	return m
}()
