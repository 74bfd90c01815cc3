package statute

import (
	"strings"
	"unicode/utf8"
)

// trimTitle brings the first lines of a .txt or .docx into one shape: the
// decree that publishes a law goes, and a title broken over several lines
// becomes one.
func trimTitle(lines []line) []line {
	lines = dropDecision(dropDecree(lines))
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

const maxDecision = 3000 // lines of the longest decision before the law that it amends

// dropDecision leaves out the decision that amends a law where the law follows
// in full (《…》根据本决定作相应修改，重新公布): what holds is the law.
func dropDecision(lines []line) []line {
	var head strings.Builder
	for _, l := range lines[:min(len(lines), 3)] {
		head.WriteString(squeeze(l.text))
		if amendment.MatchString(head.String()) {
			break
		}
	}
	m := bookTitle.FindStringSubmatch(head.String())
	if m == nil || !amendment.MatchString(head.String()) {
		return lines
	}
	law := key(m[1])
	for i := 1; i < min(len(lines), maxDecision); i++ {
		if len(lines[i].text) < maxHeading && key(lines[i].text) == law && beginsBelow(lines[i+1:]) {
			return lines[i:]
		}
	}
	return lines
}

// beginsBelow says whether a law's first article stands near the top of lines.
func beginsBelow(lines []line) bool {
	const near = 200 // lines of adoption, contents and headings
	for _, l := range lines[:min(len(lines), near)] {
		if no, _, ok := articleMark(l.text); ok {
			return no == Number{Main: 1}
		}
	}
	return false
}
