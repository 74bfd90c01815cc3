package publicity

import (
	"html/template"
	"regexp"
	"strings"
)

// BlockKind is what a [Block] is.
type BlockKind int

// The kinds of blocks: the whole of the markdown that items are written in.
const (
	Paragraph BlockKind = iota
	Heading             // "## " and deeper
	Bullets             // "- "
	Numbers             // "1. "
	Quote               // "> "
)

// Span is a run of text.
type Span struct {
	Text string
	Bold bool
}

// Block is a paragraph-like part of a piece. Lines holds one entry, or one an
// item for lists.
type Block struct {
	Kind  BlockKind
	Lines [][]Span
}

var number = regexp.MustCompile(`^\d{1,2}\. +`)

// Parse reads the markdown of an item. Whatever is not headings, paragraphs,
// lists, quotes or **bold** is text like any other: no raw HTML, no links.
func Parse(src string) []Block {
	var all []Block
	fresh := true // whether the next line starts a block of its own
	for line := range strings.Lines(src) {
		line = strings.TrimSpace(line)
		if line == "" {
			fresh = true
			continue
		}
		kind, text := classify(line)
		if fresh || kind == Heading || all[len(all)-1].Kind != kind {
			all = append(all, Block{Kind: kind, Lines: [][]Span{Spans(text)}})
		} else {
			all[len(all)-1].add(Spans(text))
		}
		fresh = false
	}
	return all
}

// add takes a line on: a list as an item, any other block as more text.
func (b *Block) add(spans []Span) {
	if b.Kind == Bullets || b.Kind == Numbers {
		b.Lines = append(b.Lines, spans)
		return
	}
	b.Lines[0] = append(b.Lines[0], spans...)
}

func classify(line string) (BlockKind, string) {
	if h := strings.TrimLeft(line, "#"); len(h) < len(line) && strings.HasPrefix(h, " ") {
		return Heading, strings.TrimSpace(h)
	}
	for _, mark := range []string{"- ", "* "} {
		if t, ok := strings.CutPrefix(line, mark); ok {
			return Bullets, t
		}
	}
	if t, ok := strings.CutPrefix(line, "> "); ok {
		return Quote, t
	}
	if m := number.FindString(line); m != "" {
		return Numbers, line[len(m):]
	}
	return Paragraph, line
}

// Spans parts a line at its **bold** marks. An odd mark is text.
func Spans(line string) []Span {
	var all []Span
	for line != "" {
		before, rest, ok := strings.Cut(line, "**")
		inner, after, closed := strings.Cut(rest, "**")
		if !ok || !closed || inner == "" {
			return append(all, Span{Text: line})
		}
		if before != "" {
			all = append(all, Span{Text: before})
		}
		all = append(all, Span{Text: inner, Bold: true})
		line = after
	}
	return all
}

// Style gives the style attribute of a kind of element in HTML; nil for none.
// It is for places that drop style sheets, as the official account does.
type Style func(element string) string

// HTML renders blocks as elements h3, p, ul, ol, blockquote and strong.
func HTML(blocks []Block, style Style) template.HTML {
	w := &htmlWriter{style: style}
	for _, b := range blocks {
		w.block(b)
	}
	return template.HTML(w.b.String()) //nolint:gosec // every text went through the escaper
}

type htmlWriter struct {
	b     strings.Builder
	style Style
}

var element = map[BlockKind]string{Paragraph: "p", Heading: "h3", Bullets: "ul", Numbers: "ol", Quote: "blockquote"}

func (w *htmlWriter) block(b Block) {
	tag := element[b.Kind]
	w.open(tag)
	for _, line := range b.Lines {
		if b.Kind == Bullets || b.Kind == Numbers {
			w.open("li")
			w.spans(line)
			w.close("li")
			continue
		}
		w.spans(line)
	}
	w.close(tag)
	w.b.WriteByte('\n')
}

func (w *htmlWriter) spans(line []Span) {
	for _, s := range line {
		if s.Bold {
			w.open("strong")
		}
		w.b.WriteString(template.HTMLEscapeString(s.Text))
		if s.Bold {
			w.close("strong")
		}
	}
}

func (w *htmlWriter) open(tag string) {
	w.b.WriteString("<" + tag)
	if w.style != nil {
		if css := w.style(tag); css != "" {
			w.b.WriteString(` style="` + template.HTMLEscapeString(css) + `"`)
		}
	}
	w.b.WriteByte('>')
}

func (w *htmlWriter) close(tag string) { w.b.WriteString("</" + tag + ">") }
