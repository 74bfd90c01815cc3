package statute

import (
	"strings"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/knowledge"
)

// Text is one version of a law as one file gives it.
type Text struct {
	Title, Subtitle string
	Level           knowledge.Level
	Local           string
	Day             string
	Also            []string
	Adopted         string
	Published       string
	Effective       string
	Status          string
	Source          string
	Preamble        string
	Articles        []Article
	Annexes         []Annex

	held bool // read back from a set, not from a file
}

// assembler walks a source's lines and sorts them into preamble, articles and
// annexes.
type assembler struct {
	src      *source
	out      *Text
	outline  outline
	header   []string
	preamble []string
	cur      *draft // open article
	annex    *annexDraft
	last     Number // of the open or last article
	have     map[Number]bool
	contents bool // inside the table of contents
	below    bool // the line before was a heading
	loose    []looseLine
	at       int // of the line being sorted
}

type draft struct {
	no      Number
	heading string
	text    []string
	quotes  int // quotation marks opened and not closed
}

type annexDraft struct {
	title string
	text  []string
}

// looseLine is body text of a law that has no 第X条 (yet).
type looseLine struct {
	text    string
	heading string // headings above it
	level   int    // of a heading
}

// assemble turns the source into a Text.
func assemble(src *source) *Text {
	a := &assembler{src: src, out: &Text{Source: src.file}, have: map[Number]bool{}}
	for i, ln := range src.lines {
		a.line(i, ln)
	}
	a.closeArticle()
	a.closeAnnex()
	if len(a.out.Articles) == 0 {
		a.numberLoose()
	} else {
		a.out.Preamble = strings.Join(a.preamble, "\n")
	}
	a.identify()
	return a.out
}

func (a *assembler) line(i int, ln line) {
	a.at = i
	switch {
	case ln.level == 1 && len(a.out.Articles) == 0 && a.cur == nil && i < 12:
		a.titleLine(ln.text)
	case i < a.src.infoEnds:
		a.addHeader(ln.text)
	case isContents(ln.text):
		a.contents = true
	case a.annexLine(ln):
	case ln.level > 0 && len(ln.text) < maxHeading || !ln.row && headingLine(ln.text):
		a.heading(ln)
	case !ln.row && a.article(ln.text):
	default:
		a.text(ln)
	}
}

// titleLine takes the first H1 as title and the second as the part's name
// (民法典 comes in one file a book).
func (a *assembler) titleLine(s string) {
	switch {
	case a.out.Title == "":
		a.out.Title = squeeze(s)
	case a.out.Subtitle == "" && squeeze(s) != a.out.Title:
		a.out.Subtitle = squeeze(s)
	}
}

// Limits that only hostile files reach.
const (
	maxHeading     = 600 // bytes of a heading; longer is text
	maxHeader      = 200 // lines of a title page
	maxHeaderBytes = 4000
)

func (a *assembler) addHeader(s string) {
	if len(a.header) < maxHeader && len(s) < maxHeaderBytes {
		a.header = append(a.header, s)
	}
}

func isContents(s string) bool { return len(s) < 60 && squeeze(s) == "目录" }

func (a *assembler) heading(ln line) {
	text := squeezeHeading(ln.text)
	if no, rest, ok := articleMark(ln.text); ok && (rest == "" || rest[0] == ' ') {
		a.open(no, strings.TrimSpace(rest))
		return
	}
	if a.annex != nil && rankOf(text) == rankOther { // a part of the annex: 一、立法会的产生办法
		a.annex.text = append(a.annex.text, text)
		return
	}
	if unit, _ := splitHeading(text); unit == "第一节" {
		a.takeNames()
	}
	started := a.cur != nil || len(a.out.Articles) > 0
	if a.contents && a.outline.seen[trimLeader(text)] {
		a.contents = false
	}
	a.closeArticle()
	a.outline.push(text, ln.level, started)
	a.below = true
	a.loose = append(a.loose, looseLine{text: text, level: max(ln.level, 1), heading: a.outline.above()})
}

// wrapped takes a short line below a heading as the rest of a heading that
// the source broke in two.
func (a *assembler) wrapped(s string) bool {
	if !a.below || utf8.RuneCountInString(s) > 30 || strings.ContainsAny(s, "。；：，、（(0123456789") || len(a.outline.stack) == 0 {
		return false
	}
	a.below = false
	a.outline.stack[len(a.outline.stack)-1].text += squeeze(s)
	a.loose[len(a.loose)-1].text += squeeze(s)
	return true
}

// article opens a new article if the line starts one. A line may start with a
// reference to an article (第五条第二款规定的…): the number's place in the
// sequence and what follows it tell.
func (a *assembler) article(s string) bool {
	no, rest, ok := articleMark(s)
	if !ok || !a.startsHere(no, rest) {
		return false
	}
	a.open(no, strings.TrimLeft(rest, " 　"))
	return true
}

func (a *assembler) startsHere(no Number, rest string) bool {
	if a.annex != nil {
		return a.follows(no) && (a.last.Main > 0 || a.republished()) && rest != "" && rest[0] == ' '
	}
	if a.quoted() {
		return false
	}
	if rest == "" || rest[0] == ' ' {
		return a.last.Main == 0 || a.last.Less(no) && no.Main-a.last.Main <= maxJump
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return a.follows(no) && !strings.ContainsRune("第、的规和至之或及与，所中", r)
}

// follows says whether no is the next number after the last article.
func (a *assembler) follows(no Number) bool {
	if no.Sub > 0 {
		return no.Main == a.last.Main && no.Sub == a.last.Sub+1
	}
	return no.Main == a.last.Main+1
}

const maxJump = 60 // numbers left out at most; more is a reference, not an article

func (a *assembler) open(no Number, rest string) {
	a.takeHeadings(no)
	a.closeArticle()
	a.takeRepublished()
	a.closeAnnex()
	a.contents, a.below = false, false
	a.last = no
	a.cur = &draft{no: no, heading: a.outline.path()}
	a.addText(rest)
}

// addText appends to the open article; a source that runs articles together in
// one line (…。 第二十九条 …) is cut apart.
func (a *assembler) addText(s string) {
	for {
		head, no, tail := a.inlineArticle(s)
		if head = strings.TrimSpace(head); head != "" {
			a.cur.text = append(a.cur.text, head)
			a.cur.quotes += strings.Count(head, "“") - strings.Count(head, "”")
		}
		if no.Main == 0 {
			return
		}
		a.closeArticle()
		a.last = no
		a.cur = &draft{no: no, heading: a.outline.path()}
		s = strings.TrimLeft(tail, " ")
	}
}

func (a *assembler) inlineArticle(s string) (head string, no Number, tail string) {
	for at := 0; ; {
		i := strings.Index(s[at:], " 第")
		if i < 0 {
			return s, Number{}, ""
		}
		at += i
		before, _ := utf8.DecodeLastRuneInString(s[:at])
		no, rest, ok := articleMark(s[at+1:])
		if ok && strings.HasPrefix(rest, " ") && a.follows(no) && strings.ContainsRune("。；：”）", before) {
			return s[:at], no, rest
		}
		at++
	}
}

func (a *assembler) text(ln line) {
	switch {
	case a.annex != nil:
		a.annex.text = append(a.annex.text, ln.text)
	case a.cur != nil:
		a.addText(ln.text)
	case !a.contents && !ln.row && a.wrapped(ln.text):
	case len(a.preamble) == 0 && len(a.loose) == 0 && isHeaderLine(ln.text):
		a.addHeader(ln.text)
	case a.out.Title == "" && a.src.meta["title"] == "" && len(a.header) == 0 && titleLike(ln.text):
		a.out.Title = squeeze(ln.text)
	case a.contents: // a line of the table of contents that is no heading
	default:
		a.below = false
		a.preamble = append(a.preamble, ln.text)
		a.loose = append(a.loose, looseLine{text: ln.text, heading: a.outline.path()})
	}
}

func titleLike(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 2 && n <= 80 && !strings.ContainsAny(s, "。；：")
}

func (a *assembler) closeArticle() {
	if a.cur == nil {
		return
	}
	d := a.cur
	a.cur = nil
	if a.have[d.no] {
		return // the first text of a number stands
	}
	a.have[d.no] = true
	a.out.Articles = append(a.out.Articles, Article{
		No: d.no.String(), Heading: d.heading, Text: strings.Join(d.text, "\n"),
	})
}
