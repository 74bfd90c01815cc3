package statute

import (
	"html"
	"regexp"
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
// It goes through the text once, however many marks there are.
func unmark(s string) string {
	if strings.Contains(s, "&") {
		s = html.UnescapeString(s)
	}
	if !strings.Contains(s, "[") {
		return strings.ReplaceAll(s, "**", "")
	}
	var b strings.Builder
	for {
		at := strings.IndexByte(s, '[')
		if at < 0 {
			break
		}
		shown, rest, ok := link(s[at:])
		if !ok {
			b.WriteString(s[:at+1])
			s = s[at+1:]
			continue
		}
		b.WriteString(strings.TrimSuffix(s[:at], "!") + shown)
		s = rest
	}
	b.WriteString(s)
	return strings.ReplaceAll(b.String(), "**", "")
}

// category is a wiki's filing mark, no part of the text.
var category = regexp.MustCompile(`^(?i:category|file|分类|文件) ?[:：]`)

const maxLink = 2000 // bytes of one link's text or address

// link reads one link at the start of s.
func link(s string) (shown, rest string, ok bool) {
	if strings.HasPrefix(s, "[[") {
		end := strings.Index(s[:min(len(s), maxLink)], "]]")
		if end < 0 {
			return "", s, false
		}
		shown = s[2:end]
		if category.MatchString(shown) {
			return "", s[end+2:], true
		}
		if _, after, cut := strings.Cut(shown, "|"); cut {
			shown = after
		}
		return shown, s[end+2:], true
	}
	mid := strings.Index(s[:min(len(s), maxLink)], "](")
	if mid < 0 || strings.Contains(s[1:mid], "[") {
		return "", s, false
	}
	end := strings.IndexByte(s[mid:min(len(s), mid+maxLink)], ')')
	if end < 0 {
		return "", s, false
	}
	return s[1:mid], s[mid+end+1:], true
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
