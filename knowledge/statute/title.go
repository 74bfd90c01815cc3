package statute

import (
	"strings"
	"unicode/utf8"
)

// trimTitle brings the first lines of a .txt or .docx into one shape: the
// decree that publishes a law goes, and a title broken over several lines
// becomes one.
func trimTitle(lines []line) []line {
	lines = dropDecree(lines)
	n := 0
	for n < len(lines) && n < 5 && titlePart(lines[n]) {
		n++
	}
	if n < 2 {
		return lines
	}
	var b strings.Builder
	for _, l := range lines[:n] {
		b.WriteString(squeeze(l.text))
	}
	return append([]line{{text: b.String()}}, lines[n:]...)
}

func titlePart(l line) bool {
	s := l.text
	if l.row || !titleLike(s) || isContents(s) || headingLine(s) || isHeaderLine(s) || startsList(s) {
		return false
	}
	_, _, article := articleMark(s)
	return !article && utf8.RuneCountInString(s) <= 50
}

func startsList(s string) bool {
	for _, re := range marks {
		if re.MatchString(s) {
			return true
		}
	}
	return strings.HasPrefix(s, "（") || strings.HasPrefix(s, "(")
}

// dropDecree leaves out 中华人民共和国主席令 第…号 《…》已由…通过，现予公布:
// the law begins where its title stands again.
func dropDecree(lines []line) []line {
	if len(lines) == 0 || !decree(lines[0].text) {
		return lines
	}
	title := ""
	for i, l := range lines[:min(len(lines), 30)] {
		if m := bookTitle.FindStringSubmatch(l.text); m != nil && title == "" {
			title = key(m[1])
			continue
		}
		if title == "" || i == 0 {
			continue
		}
		joined := key(l.text)
		for j := i + 1; j < min(i+4, len(lines)) && joined != title && strings.HasPrefix(title, joined); j++ {
			joined += key(lines[j].text)
		}
		if joined == title {
			return lines[i:]
		}
	}
	return lines
}

func decree(s string) bool {
	s = squeeze(s)
	return utf8.RuneCountInString(s) < 40 && (strings.HasSuffix(s, "令") || strings.HasSuffix(s, "公告") || strings.HasSuffix(s, "命令"))
}
