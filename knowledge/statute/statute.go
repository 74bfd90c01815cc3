// Package statute holds laws as they were published: articles verbatim, in
// every version that was imported, with the days from which each one holds.
//
// Texts come in by [Import] from the files that staff really have; a [Set] is
// what was imported, kept on disk by [Set.Save] and read back by [Open]. A Set
// never composes: each article that it returns stands so in an imported file.
// The package knows no search and no content; what the content says of laws
// (short names, successors) is handed in as a [Table].
package statute

import (
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/knowledge"
)

// Law is one statute with every version held, oldest first.
type Law struct {
	Title    string // full official title, without 《》
	Short    string // as people name it
	Level    knowledge.Level
	Local    string // 山东省, 威海市 …; "" for national law
	Versions []*Version

	repeal  Repeal
	ended   []clause // single articles that another law ended
	pattern bool     // Short was derived, not given by a Table
}

// Repeal says when and by what a law stopped holding.
type Repeal struct {
	Since     string // first day on which the law no longer holds, YYYY-MM-DD; "" if it holds
	Successor string // title or short name of what took its place, "" if nothing did
	By        string // where that stands: title and article, or the content's own table
	Note      string // a plain sentence from the table, "" otherwise
}

// Repeal returns when the law stopped holding; Since is "" while it holds.
func (l *Law) Repeal() Repeal { return l.repeal }

// Version is one text of a law.
type Version struct {
	Day       string   // names the version: date in the file name, else of publication, else of adoption
	Also      []string // other days under which the same text is known
	Adopted   string   // adopted or last amended, YYYY-MM-DD, "" if the source does not say
	Published string
	Effective string // first day in force, "" if not established
	Repealed  string // first day no longer in force, by the next version or a repeal; "" while it holds
	Status    string // what the source claims; never trusted by itself
	Source    string // file that it was read from

	read  string // Effective as the source has it, before any Table
	law   *Law
	first int // index of its first article in the set
	count int
	pre   span
	annex []annexEntry
	set   *store
}

// Law returns the statute that this is a version of.
func (v *Version) Law() *Law { return v.law }

// Len is the number of articles, 第X条之一 counted by itself.
func (v *Version) Len() int { return v.count }

// Heading is one entry of a version's table of contents.
type Heading struct {
	Path  string // 第五编 婚姻家庭 > 第三章 家庭关系
	First string // number of the first article below it
}

// Article is one article of one version, verbatim.
type Article struct {
	No      string // Arabic: "1062"; "120-1" is 第一百二十条之一
	Heading string // 第五编 > 第三章 > 第一节 with their names
	Text    string // without the 第X条 mark; paragraphs by "\n"
}

// Annex is what follows the articles: tables, lists, forms.
type Annex struct {
	Title string
	Text  string
}

// Number is an article number in a form that sorts.
type Number struct {
	Main uint16
	Sub  uint16 // 之一 is 1
}

// ParseNumber reads "1062" and "120-1".
func ParseNumber(s string) (Number, bool) {
	main, sub, cut := strings.Cut(s, "-")
	m, err := strconv.ParseUint(main, 10, 16)
	if err != nil || m == 0 {
		return Number{}, false
	}
	n := Number{Main: uint16(m)}
	if !cut {
		return n, true
	}
	u, err := strconv.ParseUint(sub, 10, 16)
	if err != nil || u == 0 {
		return Number{}, false
	}
	n.Sub = uint16(u)
	return n, true
}

// String writes "1062" or "120-1".
func (n Number) String() string {
	if n.Sub == 0 {
		return strconv.Itoa(int(n.Main))
	}
	return strconv.Itoa(int(n.Main)) + "-" + strconv.Itoa(int(n.Sub))
}

// Less orders 120 before 120-1 before 121.
func (n Number) Less(o Number) bool {
	if n.Main != o.Main {
		return n.Main < o.Main
	}
	return n.Sub < o.Sub
}

// Label writes the number as statutes do: 第一千零六十二条, 第一百二十条之一.
func (n Number) Label() string {
	s := "第" + chinese(int(n.Main)) + "条"
	if n.Sub > 0 {
		s += "之" + chinese(int(n.Sub))
	}
	return s
}
