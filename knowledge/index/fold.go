package index

import (
	"strings"
	"unicode"
)

// fold brings text to the one form that is indexed and searched: half width,
// lower case, simplified characters, no zero-width marks. Text that has this
// form already, as most statutes do, comes back as it is.
func fold(s string) string {
	for i, r := range s {
		if foldRune(r) != r {
			return s[:i] + foldRest(s[i:])
		}
	}
	return s
}

func foldRest(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r = foldRune(r); r >= 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// foldRune returns -1 for a rune that is to vanish.
func foldRune(r rune) rune {
	switch {
	case r >= firstHan && r <= lastHan:
		if t := simplified()[r-firstHan]; t != 0 {
			return rune(t)
		}
		return r
	case r >= 0xFF01 && r <= 0xFF5E:
		r -= 0xFEE0
	case r == 0x3000 || r == 0xA0 || r == '\t' || r == '\n' || r == '\r':
		return ' '
	case r == 0xFEFF || r >= 0x200B && r <= 0x200F || r == 0x2060:
		return -1
	}
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// The block in which nearly all Han characters stand.
const (
	firstHan = 0x4E00
	lastHan  = 0x9FFF
)

func isHan(r rune) bool {
	return r >= firstHan && r <= lastHan || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x323AF || r == '〇'
}

func isWord(r rune) bool {
	return r < 0x80 && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9') || r >= 0x80 && !isHan(r) && unicode.IsLetter(r)
}
