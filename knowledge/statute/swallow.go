package statute

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Some collections lost the 第二章 before a chapter's name, so that the name
// stands as a paragraph between two articles. It is no sentence of the article
// before it.

const longestName = 32 // characters of a chapter's name

// takeHeadings moves the names of chapters and sections that stand at the end of the open
// article into the outline. The article no begins right after them.
func (a *assembler) takeHeadings(no Number) {
	if a.annex == nil && a.follows(no) {
		a.takeNames()
	}
}

func (a *assembler) takeNames() {
	if a.cur == nil {
		return
	}
	text := a.cur.text
	n := 0
	for n < 2 && n < len(text)-1 && nameOnly(text[len(text)-1-n]) {
		n++
	}
	if n == 0 || !sentenceEnds(text[len(text)-1-n]) {
		return
	}
	names := text[len(text)-n:]
	a.cur.text = text[:len(text)-n]
	a.closeArticle()
	if n == 2 && continues(names[0], names[1]) {
		names = []string{names[0] + names[1]}
	}
	if len(names) == 2 {
		a.outline.pushUnmarked(squeeze(names[0]), rankChapter)
		a.outline.pushUnmarked(squeeze(names[1]), rankSection)
		return
	}
	a.outline.pushUnmarked(squeeze(names[0]), a.outline.nextRank(names[0]))
}

// nameOnly says whether a line can be a chapter's name: words without the
// marks of a sentence, a sum or a table. 九、… and （二）… may number it.
func nameOnly(s string) bool {
	for _, re := range marks[1:] {
		s = re.ReplaceAllString(s, "")
	}
	n := utf8.RuneCountInString(s)
	return n >= 2 && n <= longestName && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.Is(unicode.Han, r) && !strings.ContainsRune(" 、", r)
	})
}

func sentenceEnds(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune("。”）)", r)
}

// continues says whether b is the rest of the name a, broken in two.
func continues(a, b string) bool {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	return strings.ContainsRune("、和与及的等或", last) || strings.ContainsRune("、和与及的或", first)
}

// nextRank guesses what a name without its 第X章 names: a section where the
// heading before it was one, else a chapter, as what every law has.
func (o *outline) nextRank(name string) int {
	top := len(o.stack) - 1
	if top >= 0 && o.stack[top].rank == rankSection && name != "法律责任" && name != "附则" {
		return rankSection
	}
	return rankChapter
}

// pushUnmarked adds a heading that lost its 第X章; 一、… and （二）… keep their own rank.
func (o *outline) pushUnmarked(text string, rank int) {
	if marks[1].MatchString(text) || marks[2].MatchString(text) {
		o.push(text, 0, true)
		return
	}
	for len(o.stack) > 0 && o.stack[len(o.stack)-1].rank >= rank {
		o.stack = o.stack[:len(o.stack)-1]
	}
	o.stack = append(o.stack, headed{text: text, rank: rank})
}

// quoted says whether the line at hand stands within a quotation that the open
// article began: 第六条 of the law quoted is no article of this one. The mark
// that closes it and the article that comes next tell; a quotation never closed
// is a slip of the source and hides nothing.
func (a *assembler) quoted() bool {
	if a.cur == nil || a.cur.quotes <= 0 {
		return false
	}
	const far = 120 // lines of a quotation at most
	open := a.cur.quotes
	rest := a.src.lines[a.at:]
	for i, l := range rest[:min(len(rest), far)] {
		if open <= 0 {
			no, after, ok := articleMark(l.text)
			if ok && i > 0 && (after == "" || after[0] == ' ') {
				return a.follows(no)
			}
			continue
		}
		open += strings.Count(l.text, "“") - strings.Count(l.text, "”")
	}
	return false
}
