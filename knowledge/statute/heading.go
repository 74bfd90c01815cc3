package statute

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Ranks of what a heading heads. The unit word decides, not the number of #:
// one source sets chapters as ##, the next as ###.
const (
	rankBook    = 1 // 编
	rankSubBook = 2 // 分编
	rankChapter = 3
	rankSection = 4
	rankItem    = 5 // 目
	rankOther   = 6 // 一、…; headings without a unit
)

var unitHeading = regexp.MustCompile(`^(第 ?[零〇一二三四五六七八九十百两0-9]{1,8} ?(分编|编|章|节|目|部分|篇))(.*)$`)

// splitHeading cuts 第一章 总则 into unit and name.
func splitHeading(s string) (unit, name string) {
	m := unitHeading.FindStringSubmatch(s)
	if m == nil {
		return "", ""
	}
	return strings.ReplaceAll(m[1], " ", ""), strings.TrimSpace(m[3])
}

func rankOf(s string) int {
	m := unitHeading.FindStringSubmatch(s)
	if m == nil {
		return rankOther
	}
	switch m[2] {
	case "编", "篇", "部分":
		return rankBook
	case "分编":
		return rankSubBook
	case "章":
		return rankChapter
	case "节":
		return rankSection
	}
	return rankItem
}

// headingLine says whether running text is a heading all the same, as in .txt
// and .docx: 第一章 总则, without the full stop of a sentence.
func headingLine(s string) bool {
	if utf8.RuneCountInString(s) > 45 || strings.ContainsAny(s, "。；，：") {
		return false
	}
	unit, name := splitHeading(s)
	if unit == "" {
		return s == "附则" || s == "附 则" || s == "总则" || s == "总 则"
	}
	return !strings.HasPrefix(name, "的") && !strings.HasPrefix(name, "至") && !strings.HasPrefix(name, "规定")
}

// leader is the dotted line and page number of a printed table of contents.
var leader = regexp.MustCompile(`[ .…·．\-—]*\d{1,4}$`)

func trimLeader(s string) string {
	if cut := leader.ReplaceAllString(s, ""); cut != "" && strings.ContainsAny(s, ".…·．") {
		return cut
	}
	return s
}

type headed struct {
	text  string
	rank  int
	level int
}

// outline is the path of headings above the current line.
type outline struct {
	stack []headed
	seen  map[string]bool // before the first article: a repeat ends the table of contents
}

func (o *outline) push(text string, level int, started bool) {
	text = trimLeader(text)
	h := headed{text: text, rank: rankOf(text), level: level}
	if !started {
		if o.seen == nil {
			o.seen = map[string]bool{}
		}
		if o.seen[text] {
			o.stack, o.seen = nil, map[string]bool{}
		}
		o.seen[text] = true
	}
	for len(o.stack) > 0 && !o.stack[len(o.stack)-1].above(h) {
		o.stack = o.stack[:len(o.stack)-1]
	}
	o.stack = append(o.stack, h)
}

// above says whether h stays open when below begins.
func (h headed) above(below headed) bool {
	if h.rank < rankOther && below.rank < rankOther {
		return h.rank < below.rank
	}
	if h.level > 0 && below.level > 0 {
		return h.level < below.level
	}
	return h.rank < below.rank
}

func (o *outline) path() string { return o.join(len(o.stack)) }

// above is the path without the last heading.
func (o *outline) above() string { return o.join(len(o.stack) - 1) }

func (o *outline) join(n int) string {
	parts := make([]string, n)
	for i, h := range o.stack[:n] {
		parts[i] = h.text
	}
	return strings.Join(parts, " > ")
}
