package statute

import (
	"html"
	"strings"
	"unicode"
)

// clean makes one line of a source comparable: no zero-width and private-use
// characters, every kind of space an ordinary one, runs of them one. The words
// stay as they are.
func clean(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case invisible(r):
			continue
		case r == '\t' || unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

func invisible(r rune) bool {
	switch {
	case r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x2064,
		r == 0xfeff, r == 0xfffd, r == 0xad,
		r >= 0xe000 && r <= 0xf8ff, r >= 0xf0000,
		r >= 0xfe00 && r <= 0xfe0f:
		return true
	}
	return r != '\t' && r != '\n' && unicode.IsControl(r)
}

// unmark takes away [[wiki|links]], [text](address), **stress** and &entities;.
func unmark(s string) string {
	if strings.Contains(s, "&") {
		s = html.UnescapeString(s)
	}
	for strings.Contains(s, "[[") {
		open := strings.Index(s, "[[")
		end := strings.Index(s[open:], "]]")
		if end < 0 {
			break
		}
		inner := s[open+2 : open+end]
		if _, shown, ok := strings.Cut(inner, "|"); ok {
			inner = shown
		}
		s = s[:open] + inner + s[open+end+2:]
	}
	for {
		mid := strings.Index(s, "](")
		if mid < 0 {
			break
		}
		open := strings.LastIndex(s[:mid], "[")
		end := strings.Index(s[mid:], ")")
		if open < 0 || end < 0 {
			break
		}
		s = strings.TrimSuffix(s[:open], "!") + s[open+1:mid] + s[mid+end+1:]
	}
	return strings.ReplaceAll(s, "**", "")
}

// squeeze removes the spaces that set out a heading (总　则) and, for titles,
// line breaks: a space stays only between two Latin words.
func squeeze(s string) string {
	s = clean(strings.ReplaceAll(s, "\n", " "))
	runes := []rune(s)
	var b strings.Builder
	for i, r := range runes {
		if r == ' ' && i > 0 && i+1 < len(runes) && (runes[i-1] > 0x2e80 || runes[i+1] > 0x2e80) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// key makes a title comparable: without 中华人民共和国, punctuation, spaces and
// brackets, so that differently written titles of one law meet.
func key(title string) string {
	title = strings.ReplaceAll(squeeze(title), "中华人民共和国", "")
	var b strings.Builder
	for _, r := range title {
		switch {
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
