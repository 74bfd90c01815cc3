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
	From    []int32  // first day in force, days since 1970; minDay if not known
	Until   []int32  // first day no longer in force; maxDay if it is
	Opening []bool   // the first article of its law, or of the heading 附则
	Now     []bool   // in force when built
	Laws    []lawRow
	Heads   []string // heading of each chapter, folded, without its numbers
	Keys    []uint64 // sorted hashes of law, version and article …
	Ords    []uint32 // … and the article that each belongs to
}

type lawRow struct {
	Title   string // full
	Bare    string // as compared
	Version string
	Rank    rank
	Local   string
	Day     int32 // of the version
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

// newColumns reads the facts of articles, which must be in order of law and
// chapter.
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
			c.Laws = append(c.Laws, lawRow{Title: cite.Law, Bare: bare, Version: cite.Version, Rank: rankOf(d, bare), Local: d.Local, Day: dayOf(cite.Version)})
		}
		chapter, known := chapters[key+"#"+d.Heading]
		if !known {
			chapter = uint32(len(chapters))
			chapters[key+"#"+d.Heading] = chapter
			c.Heads = append(c.Heads, foldHeading(d.Heading))
		}
		c.Law, c.Chapter = append(c.Law, law), append(c.Chapter, chapter)
		c.From = append(c.From, dayOf(cite.Effective, cite.Version))
		c.Until = append(c.Until, maxDay)
		c.Now = append(c.Now, cite.InForce)
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
// article alone (the newest version).
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
		if had, ok := newest[bare]; !ok || c.Laws[c.Law[had]].Version < cite.Version {
			newest[bare] = ord
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

// find returns the article of that law, version ("" for the newest) and number.
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
	from := make([]int32, len(c.Laws))
	for i, law := range c.Law {
		from[law] = c.From[i]
	}
	for i, row := range c.Laws {
		begins[row.Bare] = append(begins[row.Bare], from[i])
	}
	for i, law := range c.Law {
		for _, day := range begins[c.Laws[law].Bare] {
			if day > c.From[i] && day < c.Until[i] {
				c.Until[i] = day
			}
		}
	}
}

// inForce tells whether article ord was in force on a day, as far as the
// versions held tell.
func (c *columns) inForce(ord uint32, day int32) bool {
	return day >= c.From[ord] && day < c.Until[ord]
}

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
	for i := range arts {
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
	for i := range arts {
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
