// Package office writes what people open in an office program: the papers of a
// dossier as Word files.
//
// It lays out plain text and knows no case: whoever calls it says what a paper
// reads. The first line is the title, lines of cells between bars are rows of a
// table, everything else is a paragraph.
package office

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Paper is one paper as text.
type Paper struct {
	Key  string // names the paper for {page:key}, the page on which it begins
	Text string
}

// Options are the words that the layout itself adds.
type Options struct {
	Foot string // of every page, with {page} and {pages}; "" leaves it out
}

// Docx writes papers as one Word file, A4, each from a page of its own.
func Docx(w io.Writer, papers []Paper, opt Options) error {
	var body strings.Builder
	for i, p := range papers {
		layOut(&body, p, i > 0)
	}
	z := zip.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRels},
		{"word/_rels/document.xml.rels", documentRels},
		{"word/styles.xml", styles},
		{"word/settings.xml", settings},
		{"word/footer1.xml", footer(opt.Foot)},
		{"word/document.xml", documentHead + body.String() + documentTail},
	} {
		f, err := z.Create(part.name)
		if err != nil {
			return fmt.Errorf("docx: %w", err)
		}
		if _, err := io.WriteString(f, part.text); err != nil {
			return fmt.Errorf("docx: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("docx: %w", err)
	}
	return nil
}

// layOut writes one paper.
func layOut(b *strings.Builder, p Paper, newPage bool) {
	lines := strings.Split(strings.TrimSpace(p.Text), "\n")
	title(b, p.Key, lines[0], newPage)
	signed := signedFrom(lines)
	for i := 1; i < len(lines); i++ {
		if rows := rowsAt(lines[i:]); len(rows) > 0 {
			table(b, rows)
			i += len(rows) - 1
			continue
		}
		paragraph(b, strings.TrimRight(lines[i], " \r"), i >= signed && i < len(lines)-1, i == len(lines)-1)
	}
}

// mostSigned is how many lines are signatures at most; more is text.
const mostSigned = 8

// signedFrom is the line before the signatures with which a paper ends: they
// stay on one page with it, so that nobody signs a page that says nothing.
func signedFrom(lines []string) int {
	for i := len(lines) - 1; i > 1 && i >= len(lines)-1-mostSigned; i-- {
		if strings.TrimSpace(lines[i]) == "" {
			return i - 1
		}
	}
	return len(lines)
}

// rowsAt are the rows of cells with which lines begin.
func rowsAt(lines []string) [][]string {
	var rows [][]string
	for _, l := range lines {
		l = strings.TrimSpace(l)
		if len(l) < 2 || !strings.HasPrefix(l, "|") || !strings.HasSuffix(l, "|") {
			break
		}
		cells := strings.Split(strings.Trim(l, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows
}

// title is the paper's name and, after a wide space, its number below.
func title(b *strings.Builder, key, line string, newPage bool) {
	name, number, _ := strings.Cut(strings.TrimSpace(line), "　")
	brk := ""
	if newPage {
		brk = "<w:pageBreakBefore/>"
	}
	id := bookmark(key)
	fmt.Fprintf(b, `<w:p><w:pPr><w:pStyle w:val="Title"/>%s</w:pPr><w:bookmarkStart w:id="%d" w:name="%s"/>`, brk, idOf(key), id)
	run(b, name)
	fmt.Fprintf(b, `<w:bookmarkEnd w:id="%d"/></w:p>`, idOf(key))
	if number = strings.TrimSpace(number); number != "" {
		b.WriteString(`<w:p><w:pPr><w:jc w:val="right"/></w:pPr>`)
		run(b, number)
		b.WriteString(`</w:p>`)
	}
}

func bookmark(key string) string { return "paper_" + notWord.ReplaceAllString(key, "_") }

var notWord = regexp.MustCompile(`[^A-Za-z0-9]`)

// idOf is a bookmark's number, the same for the same key.
func idOf(key string) uint32 {
	h := uint32(2166136261)
	for _, c := range []byte(key) {
		h = (h ^ uint32(c)) * 16777619
	}
	return h % 1_000_000
}

var (
	dateLine = regexp.MustCompile(`^\d{4}年\d{1,2}月\d{1,2}日$`)
	sealLine = regexp.MustCompile(`（印章）$`)
	signLine = regexp.MustCompile(`(：|:)$`)
)

// paragraph writes a line: a day or a seal at the right, a signature with room
// to sign. What holds stays on the page of the next line; where the last line
// is to be filled in, it is a day.
func paragraph(b *strings.Builder, line string, holds, last bool) {
	var props string
	if holds {
		props = "<w:keepNext/>"
	}
	switch {
	case strings.TrimSpace(line) == "":
		fmt.Fprintf(b, `<w:p><w:pPr>%s<w:spacing w:line="200" w:lineRule="exact"/></w:pPr></w:p>`, props)
		return
	case dateLine.MatchString(line) || sealLine.MatchString(line) || last && fillIn.MatchString(line):
		props += `<w:jc w:val="right"/>`
	case signLine.MatchString(line) && len([]rune(line)) < 40:
		props += `<w:spacing w:before="240"/>`
	}
	b.WriteString(`<w:p>`)
	if props != "" {
		b.WriteString(`<w:pPr>` + props + `</w:pPr>`)
	}
	run(b, line)
	b.WriteString(`</w:p>`)
}

var pageMark = regexp.MustCompile(`\{page:([^}]*)\}`)

// run writes text; {page:key} becomes the page on which that paper begins.
func run(b *strings.Builder, text string) {
	at := 0
	for _, m := range pageMark.FindAllStringSubmatchIndex(text, -1) {
		plainRun(b, text[at:m[0]])
		fmt.Fprintf(b, `<w:fldSimple w:instr=" PAGEREF %s "><w:r><w:t>1</w:t></w:r></w:fldSimple>`, bookmark(text[m[2]:m[3]]))
		at = m[1]
	}
	plainRun(b, text[at:])
}

func plainRun(b *strings.Builder, text string) {
	if text == "" {
		return
	}
	b.WriteString(`<w:r><w:t xml:space="preserve">`)
	_ = xml.EscapeText(b, []byte(clean(text))) // a Builder never fails
	b.WriteString(`</w:t></w:r>`)
}

// clean drops what XML can't hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}

// textWidth is the width of A4 between the margins, in twentieths of a point.
const textWidth = 8844

var fillIn = regexp.MustCompile(`^＿+$`)

// table writes rows; a row with fewer cells than the widest spreads its last
// one. In a form, where each label is followed by what is filled in, the labels
// are narrow.
func table(b *strings.Builder, rows [][]string) {
	columns := 0
	for _, r := range rows {
		columns = max(columns, len(r))
	}
	widths := widthsOf(rows, columns)
	b.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="8844" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid>`)
	for _, r := range rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="567" w:hRule="atLeast"/></w:trPr>`)
		for i, cell := range r {
			span := 1
			if i == len(r)-1 {
				span = columns - i
			}
			width := 0
			for _, w := range widths[i : i+span] {
				width += w
			}
			fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:gridSpan w:val="%d"/><w:vAlign w:val="center"/></w:tcPr>`, width, span)
			cellText(b, cell)
			b.WriteString(`</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
}

func cellText(b *strings.Builder, cell string) {
	if fillIn.MatchString(cell) { // in a cell there is room without a line
		cell = ""
	}
	for part := range strings.SplitSeq(cell, "\v") {
		b.WriteString(`<w:p><w:pPr><w:pStyle w:val="Cell"/></w:pPr>`)
		run(b, part)
		b.WriteString(`</w:p>`)
	}
}

// widthsOf gives each column a share by its longest short text: a column of
// labels needs no more than they do.
func widthsOf(rows [][]string, columns int) []int {
	want, sum := make([]int, columns), 0
	for i := range want {
		want[i] = 3
		for _, r := range rows {
			last := i == len(r)-1 && len(r) < columns
			if i < len(r) && !last {
				want[i] = max(want[i], min(len([]rune(pageMark.ReplaceAllString(r[i], "000")))+1, 12))
			}
		}
		sum += want[i]
	}
	left := textWidth
	for i := range want {
		if want[i] = textWidth * want[i] / sum; i == columns-1 {
			want[i] = left
		}
		left -= want[i]
	}
	return want
}

func footer(foot string) string {
	var b strings.Builder
	b.WriteString(xml.Header + `<w:ftr ` + namespace + `><w:p><w:pPr><w:jc w:val="center"/></w:pPr>`)
	for foot != "" {
		i := strings.IndexByte(foot, '{')
		if i < 0 {
			plainRun(&b, foot)
			break
		}
		plainRun(&b, foot[:i])
		foot = foot[i:]
		switch {
		case strings.HasPrefix(foot, "{pages}"):
			b.WriteString(`<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple>`)
			foot = foot[len("{pages}"):]
		case strings.HasPrefix(foot, "{page}"):
			b.WriteString(`<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>`)
			foot = foot[len("{page}"):]
		default:
			plainRun(&b, "{")
			foot = foot[1:]
		}
	}
	b.WriteString(`</w:p></w:ftr>`)
	return b.String()
}
