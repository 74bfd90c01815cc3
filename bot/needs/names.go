package needs

import (
	"slices"
	"strings"
	"unicode"
)

// names strikes out people's names where the words around say that one stands
// there: 我叫…, 邻居…在, …先生, 老王, or at the start of a clause before what
// somebody did to somebody.
func (s *Stripper) names(text string) string {
	rs := []rune(text)
	var out []rune
	for i := 0; i < len(rs); {
		n, skip := s.nameAt(rs, i)
		if n == 0 {
			out = append(out, rs[i])
			i++
			continue
		}
		out = append(out, rs[i:i+skip]...)
		out = append(out, []rune(s.p.Marks.Name)...)
		i += skip + n
	}
	return string(out)
}

// nameAt tells how long a name at i is, after skip letters that introduce it
// and stay; n is 0 if none stands there.
func (s *Stripper) nameAt(rs []rune, i int) (n, skip int) {
	for _, w := range s.introduce {
		if !has(rs, i, w) {
			continue
		}
		skip = len([]rune(w))
		for skip < len([]rune(w))+2 && i+skip < len(rs) && strings.ContainsRune(":： 叫是为", rs[i+skip]) {
			skip++
		}
		known := s.p.Common
		if slices.Contains(s.p.Introduce, w) {
			known = s.p.Surnames
		}
		if n := s.name(rs, i+skip, known, s.p.Ends); n > 0 {
			return n, skip
		}
		break
	}
	if n := s.titled(rs, i); n > 0 {
		return n, 0
	}
	if i+1 < len(rs) && (rs[i] == '老' || rs[i] == '小') && strings.ContainsRune(s.p.Common, rs[i+1]) && !s.none(rs, i+1) {
		return 2, 0
	}
	if i == 0 || !unicode.In(rs[i-1], unicode.Han) {
		return s.name(rs, i, s.p.Common, s.p.Strong), 0
	}
	return 0, 0
}

func has(rs []rune, i int, word string) bool {
	for _, r := range word {
		if i >= len(rs) || rs[i] != r {
			return false
		}
		i++
	}
	return true
}

// name reads a surname and one or two letters that one of ends, a mark or the
// end follows.
func (s *Stripper) name(rs []rune, i int, surnames, ends string) int {
	first := s.surname(rs, i, surnames)
	if first == 0 || s.none(rs, i) {
		return 0
	}
	for _, given := range []int{2, 1} {
		n := first + given
		if i+n > len(rs) || !hanOnly(rs[i+first:i+n]) {
			continue
		}
		if ends == s.p.Strong {
			if i+n < len(rs) && strings.ContainsRune(ends, rs[i+n]) {
				return n
			}
			continue
		}
		if i+n == len(rs) || !unicode.In(rs[i+n], unicode.Han) || strings.ContainsRune(ends, rs[i+n]) {
			return n
		}
	}
	return 0
}

// titled reads a name that a title follows: 张先生, 李卫东师傅.
func (s *Stripper) titled(rs []rune, i int) int {
	first := s.surname(rs, i, s.p.Common)
	if first == 0 {
		return 0
	}
	for given := range 3 {
		if given > 0 && s.none(rs, i) { // 孙女士 begins like 孙女, but is 孙 with a title
			return 0
		}
		n := first + given
		if i+n > len(rs) || !hanOnly(rs[i:i+n]) {
			return 0
		}
		for _, title := range s.p.Titles {
			if has(rs, i+n, title) {
				return n
			}
		}
	}
	return 0
}

// surname tells how many letters of a surname stand at i.
func (s *Stripper) surname(rs []rune, i int, known string) int {
	for _, d := range s.p.Double {
		if has(rs, i, d) {
			return len([]rune(d))
		}
	}
	if i < len(rs) && strings.ContainsRune(known, rs[i]) {
		return 1
	}
	return 0
}

// none tells words that begin like a name and are none.
func (s *Stripper) none(rs []rune, i int) bool {
	return slices.ContainsFunc(s.not, func(w string) bool { return has(rs, i, w) })
}

func hanOnly(rs []rune) bool {
	return !slices.ContainsFunc(rs, func(r rune) bool { return !unicode.In(r, unicode.Han) })
}
