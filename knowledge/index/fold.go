package index

import (
	"strings"
	"unicode"
)

// fold brings text to the one form that is indexed and searched: half width,
// lower case, simplified characters, no zero-width marks.
func fold(s string) string {
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
	case r >= 0xFF01 && r <= 0xFF5E:
		r -= 0xFEE0
	case r == 0x3000 || r == 0xA0 || r == '\t' || r == '\n' || r == '\r':
		return ' '
	case r == 0xFEFF || r >= 0x200B && r <= 0x200F || r == 0x2060:
		return -1
	case isHan(r):
		if s, ok := simplified()[r]; ok {
			return s
		}
		return r
	}
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x323AF || r == '〇'
}

func isWord(r rune) bool {
	return r < 0x80 && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9') || r >= 0x80 && !isHan(r) && unicode.IsLetter(r)
}
