package index

import (
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
)

// columns hold the few facts of each article that ranking needs, by ordinal.
type columns struct {
	Length  []uint16 // terms in the text
	Law     []uint16 // row of Laws
	Chapter []uint32 // number of the chapter, across all laws
	Cited   []uint8  // by how many other articles, at most 255
	Opening []bool   // the first article of its law, or of the heading 附则
	Current int      // so many of the articles, the first, are the last word when built
	Laws    []lawRow
	// CurrentLaws is how many of Laws, the first, the current articles are of.
	CurrentLaws int
	Heads       []string // heading of each chapter, folded, without its numbers
	HeadLaw     []uint16 // row of Laws of each chapter
	Keys        []uint64 // sorted hashes of law, version and article …
	Ords        []uint32 // … and the article that each belongs to
}

// lawRow is one version of a law.
type lawRow struct {
	Title   string // full
	Bare    string // as compared
	Version string
	Rank    rank
	Local   string
	Day     int32 // of the version
	From    int32 // first day in force, days since 1970; minDay if not known
	Until   int32 // first day no longer in force; maxDay if it is
	Newer   int32 // first day of a newer revision that is not held; maxDay if none is known
	Named   int32 // how many articles of other laws name it
}

const (
	minDay = -1 << 31
	maxDay = 1<<31 - 1
)

// rank is the place of a law in the hierarchy as the questions of residents
// weigh it: the two codes stand apart from other statutes.
type rank uint8

const (
	rankOther rank = iota
	rankConstitution
	rankCivilCode
	rankCriminalLaw
	rankStatute
	rankInterpretation
	rankRegulation
	rankRule
	rankLocal
	ranks
)

func rankOf(d *knowledge.Document, bare string) rank {
	switch d.Level {
	case knowledge.Constitution:
		return rankConstitution
	case knowledge.Statute:
		switch bare {
		case "民法典":
			return rankCivilCode
		case "刑法":
			return rankCriminalLaw
		}
		return rankStatute
	case knowledge.JudicialInterp:
		return rankInterpretation
	case knowledge.AdminRegulation:
		return rankRegulation
	case knowledge.DepartmentalRule:
		return rankRule
	case knowledge.LocalRegulation:
		return rankLocal
	case knowledge.LevelUnknown, knowledge.OtherNorm:
	}
	return rankOther
}

func (c *columns) count() int { return len(c.Law) }

// newColumns reads the facts of articles, which must be in the order that
// split gives them.
func newColumns(arts []knowledge.Document) *columns {
	c := &columns{}
	laws, chapters := map[string]uint16{}, map[string]uint32{}
	for i := range arts {
		d := &arts[i]
		cite := own(d)
		key := cite.Law + "@" + cite.Version
		law, known := laws[key]
		if !known {
			law = uint16(len(c.Laws))
			laws[key] = law
			bare := bareLaw(cite.Law)
			c.Laws = append(c.Laws, lawRow{
				Title: cite.Law, Bare: bare, Version: cite.Version, Rank: rankOf(d, bare), Local: d.Local, Day: dayOf(cite.Version),
				From: dayOf(cite.Effective, cite.Version), Until: endOf(d.Until), Newer: endOf(d.Newer),
			})
		}
		chapter, known := chapters[key+"#"+d.Heading]
		if !known {
			chapter = uint32(len(chapters))
			chapters[key+"#"+d.Heading] = chapter
			c.Heads, c.HeadLaw = append(c.Heads, foldHeading(d.Heading)), append(c.HeadLaw, law)
		}
		c.Law, c.Chapter = append(c.Law, law), append(c.Chapter, chapter)
		if lastWord(d) {
			c.Current, c.CurrentLaws = i+1, len(c.Laws)
		}
		c.Opening = append(c.Opening, cite.Article == "1" || strings.Contains(d.Heading, "附则"))
	}
	c.index(arts)
	c.validity()
	c.countCited(arts)
	c.countNamed(arts)
	return c
}

// own is the citation of the article itself.
func own(d *knowledge.Document) knowledge.Citation {
	if len(d.Citations) == 0 {
		return knowledge.Citation{}
	}
	return d.Citations[0]
}

// lastWord tells whether an article was in force when it was made a document,
// or would be but for a revision that is not held.
func lastWord(d *knowledge.Document) bool {
	return own(d).InForce || d.Newer != "" && d.Until == ""
}

// endOf is the day on which something ends, maxDay if it does not.
func endOf(date string) int32 {
	if date == "" {
		return maxDay
	}
	return dayOf(date)
}

func dayOf(dates ...string) int32 {
	for _, s := range dates {
		if t, err := time.Parse(time.DateOnly, s); err == nil {
			return dayNumber(t)
		}
	}
	return minDay
}

func dayNumber(t time.Time) int32 {
	y, m, d := t.Date()
	return int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func keyOf(law, version, article string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(bareLaw(law) + "@" + version + "#" + article))
	return h.Sum64()
}

// index makes articles findable by law, version and article, and by law and
// article alone (the version in force, else the newest).
func (c *columns) index(arts []knowledge.Document) {
	type entry struct {
		key uint64
		ord uint32
	}
	var all []entry
	newest := map[uint64]uint32{}
	for i := range arts {
		cite, ord := own(&arts[i]), uint32(i)
		all = append(all, entry{keyOf(cite.Law, cite.Version, cite.Article), ord})
		bare := keyOf(cite.Law, "", cite.Article)
		if had, ok := newest[bare]; !ok || i < c.Current || int(had) >= c.Current {
			newest[bare] = ord // later ones are newer, among those in force and among the rest
		}
	}
	for key, ord := range newest {
		all = append(all, entry{key, ord})
	}
	slices.SortStableFunc(all, func(a, b entry) int {
		switch {
		case a.key < b.key:
			return -1
		case a.key > b.key:
			return 1
		}
		return int(a.ord) - int(b.ord)
	})
	for _, e := range all {
		if n := len(c.Keys); n > 0 && c.Keys[n-1] == e.key {
			continue
		}
		c.Keys, c.Ords = append(c.Keys, e.key), append(c.Ords, e.ord)
	}
}

// find returns the article of that law, version ("" for the one in force) and
// number.
func (c *columns) find(law, version, article string) (uint32, bool) {
	i, ok := slices.BinarySearch(c.Keys, keyOf(law, version, article))
	if !ok {
		return 0, false
	}
	return c.Ords[i], true
}

// validity ends a version where the next one of the same law begins.
func (c *columns) validity() {
	begins := map[string][]int32{}
	for _, row := range c.Laws {
		begins[row.Bare] = append(begins[row.Bare], row.From)
	}
	for i := range c.Laws {
		row := &c.Laws[i]
		for _, day := range begins[row.Bare] {
			if day > row.From && day < row.Until {
				row.Until = day
			}
		}
	}
}

// holds tells whether the version was in force on a day, as far as the
// versions held tell.
func (l *lawRow) holds(day int32) bool { return day >= l.From && day < l.Until }

// headingNumber is what a heading has before its words: 第二章, 第一节.
var headingNumber = regexp.MustCompile(`第[零〇一二三四五六七八九十百]+(?:分编|[编章节])\s*|>`)

func foldHeading(h string) string {
	return strings.Join(strings.Fields(headingNumber.ReplaceAllString(fold(h), " ")), " ")
}

// countNamed counts how often other laws name each law: what is named often
// is what people's lives turn on.
func (c *columns) countNamed(arts []knowledge.Document) {
	newest := map[string]int{}
	for i, row := range c.Laws {
		if had, ok := newest[row.Bare]; !ok || c.Laws[had].Version < row.Version {
			newest[row.Bare] = i
		}
	}
	for i := range arts[:c.Current] {
		if !strings.Contains(arts[i].Text, "《") {
			continue
		}
		seen := map[int]bool{}
		for _, m := range titleInText.FindAllStringSubmatch(arts[i].Text, -1) {
			if law, ok := newest[bareLaw(m[1])]; ok && law != int(c.Law[i]) && !seen[law] {
				seen[law] = true
				c.Laws[law].Named++
			}
		}
	}
}

var titleInText = regexp.MustCompile(`《([^》]{2,60})》`)

func (c *columns) countCited(arts []knowledge.Document) {
	c.Cited = make([]uint8, len(arts))
	for i := range arts[:c.Current] { // who names an article no longer counts for it
		for _, ord := range c.targets(arts, i) {
			if c.Cited[ord] < 255 {
				c.Cited[ord]++
			}
		}
	}
}

// targets are the articles that article i names, itself left out.
func (c *columns) targets(arts []knowledge.Document, i int) []uint32 {
	if !strings.Contains(arts[i].Text, "条") {
		return nil
	}
	var out []uint32
	self := own(&arts[i])
	for _, ref := range references(arts[i].Text) {
		law, version := ref.law, ""
		if law == "" || law == bareLaw(self.Law) {
			law, version = self.Law, self.Version
		}
		if ord, ok := c.find(law, version, ref.article); ok && int(ord) != i {
			out = append(out, ord)
		}
	}
	return out
}
