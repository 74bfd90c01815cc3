package corpus

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// Check holds the content against the statutes: every citation exists in the
// version claimed and is in force on the day now, the numbers that an entry
// states stand in an article that it cites or in a source that it names, and
// no long run of words is copied from a statute. It complements
// [content.Check], which needs no statutes.
func Check(set *statute.Set, lib *content.Library, now time.Time) []content.Problem {
	say, err := content.NewReporter()
	if err != nil {
		return []content.Problem{{File: "texts/check.yaml", Text: err.Error()}}
	}
	c := newChecker(set, lib, now, say)
	c.faqs()
	c.guides()
	c.moved()
	c.items()
	c.rules()
	c.laws()
	c.copied()
	return c.sorted()
}

// CheckFAQ holds one FAQ, which need not stand in lib, against the statutes by
// the same rules. Each problem names the field that it is about.
func CheckFAQ(set *statute.Set, lib *content.Library, f content.FAQ, now time.Time) []content.Problem {
	say, err := content.NewReporter()
	if err != nil {
		return []content.Problem{{File: "texts/check.yaml", Text: err.Error()}}
	}
	c := newChecker(set, lib, now, say)
	c.faq(&f)
	c.copied()
	return c.sorted()
}

func newChecker(set *statute.Set, lib *content.Library, now time.Time, say *content.Reporter) *checker {
	return &checker{
		set: set.With(Table(lib.Laws)), raw: set.With(statute.Table{}), lib: lib, now: now,
		say: say, find: content.NewLocator(lib), numbers: map[string]quantities{}, copies: newCopies(),
	}
}

func (c *checker) sorted() []content.Problem {
	slices.SortStableFunc(c.out, func(a, b content.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(c.out) // the same citation may stand in an entry twice
}

type checker struct {
	set     *statute.Set // with the content's days
	raw     *statute.Set // with the sources' own
	lib     *content.Library
	now     time.Time
	say     *content.Reporter
	find    *content.Locator
	numbers map[string]quantities // of articles, by law, version and number
	copies  *copies
	out     []content.Problem
}

// place is where something stands in the content; field is that of an FAQ.
type place struct{ file, entry, field string }

func (at place) in(field string) place {
	at.field = field
	return at
}

func (c *checker) report(at place, near, key string, data map[string]any) {
	p := content.Problem{File: at.file, Entry: at.entry, Field: at.field, Line: c.find.Line(at.file, at.entry, near)}
	p.Text, p.Instead = c.say.Say(key, data)
	c.out = append(c.out, p)
}

func (c *checker) faqs() {
	for i := range c.lib.FAQs {
		c.faq(&c.lib.FAQs[i])
	}
}

func (c *checker) faq(f *content.FAQ) {
	at := place{file: f.File, entry: f.ID}
	c.citations(at.in("cite"), f.Citations)
	cited := f.Citations
	for _, d := range f.Deadlines {
		at := at.in("deadlines")
		if x, ok := c.cite(at, d.Cite); ok {
			c.citations(at, []content.Citation{x})
			c.deadline(at, d, x)
			cited = append(slices.Clone(cited), x)
		}
	}
	given := append(append([]string{f.Question}, f.Phrasings...), f.Sources...)
	for field, texts := range map[string][]string{
		"conclusion": {f.Conclusion}, "explanation": {f.Explanation}, "warning": {f.Warning}, "mediation": {f.Mediation.Why}, "steps": f.Steps,
	} {
		at := at.in(field)
		c.stated(at, texts, cited, given)
		for _, t := range texts {
			c.copies.add(at, t)
		}
	}
}

// moved looks up where the articles of repealed laws went.
func (c *checker) moved() {
	for _, s := range c.lib.Laws.Successors {
		c.citations(place{file: "laws/moved.yaml", entry: s.Old}, c.lib.Laws.WentTo(s.Old))
	}
}

func (c *checker) guides() {
	for i := range c.lib.Guides {
		g := &c.lib.Guides[i]
		at := place{file: g.File, entry: g.Article}
		c.citations(at, append([]content.Citation{g.Citation}, g.Related...))
		c.stated(at, []string{g.Means}, append([]content.Citation{g.Citation}, g.Related...), nil)
		for _, t := range append([]string{g.Means, g.Example}, g.Questions...) {
			c.copies.add(at, t)
		}
	}
}

// items checks the numbers of themes and quizzes; cases and warnings tell
// invented stories. A quiz may state the numbers of its wrong choices.
func (c *checker) items() {
	for i := range c.lib.Items {
		it := &c.lib.Items[i]
		at := place{file: it.File, entry: it.ID}
		c.citations(at, it.Citations)
		cited, asked := c.quiz(at, it)
		if it.Kind == "theme" || it.Kind == "quiz" {
			c.stated(at, []string{it.Digest, it.Body, it.Large, it.Poster, it.Spoken}, cited, asked)
		}
		for _, t := range []string{it.Digest, it.Body, it.Large, it.Spoken} {
			c.copies.add(at, t)
		}
	}
}

// quiz checks each question's reason against what it cites, and returns all
// that the item cites and asks.
func (c *checker) quiz(at place, it *content.Item) (cited []content.Citation, asked []string) {
	cited = slices.Clone(it.Citations)
	for _, q := range it.Quiz {
		var own []content.Citation
		for _, ref := range q.Cite {
			if x, ok := c.cite(at, ref); ok {
				own = append(own, x)
			}
		}
		c.citations(at, own)
		words := append([]string{q.Ask}, q.Choices...)
		c.stated(at, []string{q.Because}, slices.Concat(own, it.Citations), words)
		cited, asked = append(cited, own...), append(asked, words...)
	}
	return cited, asked
}

// rules checks the citations of triage cards and of gates.
func (c *checker) rules() {
	for _, t := range c.lib.Triage {
		c.citations(place{file: t.File, entry: t.Kind}, t.Citations)
	}
	in, err := content.LoadIntake(c.lib.Files())
	if err != nil {
		return // a tree without forms; the loader's own test finds broken ones
	}
	for _, g := range in.Gates {
		at := place{file: "forms/gates.yaml", entry: g.Key}
		for _, ref := range g.Cite {
			if x, ok := c.cite(at, ref); ok {
				c.citations(at, []content.Citation{x})
			}
		}
	}
}

// cite parses a citation; the loader has refused the bad ones of entries, so
// what fails here is one that only the checker reads.
func (c *checker) cite(at place, ref string) (content.Citation, bool) {
	if ref == "" {
		return content.Citation{}, false
	}
	x, err := c.lib.Laws.Cite(ref)
	if err != nil {
		c.report(at, ref, "check.citation", map[string]any{"Ref": ref})
		return x, false
	}
	return x, true
}

func (c *checker) citations(at place, list []content.Citation) {
	for _, x := range list {
		c.citation(at, x)
	}
}

// citation says whether the article exists in the version claimed, and holds.
func (c *checker) citation(at place, x content.Citation) {
	near := x.Short + "@" + x.Version + "#" + x.Article
	v, err := c.set.Choose(x.Law, x.Version, time.Time{})
	var missing *statute.MissingError
	switch {
	case err != nil && x.Newer:
		c.newer(at, near, x)
		return
	case errors.As(err, &missing) && len(missing.Versions) > 0:
		c.report(at, near, "check.no_version", map[string]any{"Law": x.Short, "Version": x.Version, "Held": strings.Join(missing.Versions, "、")})
		return
	case err != nil:
		c.report(at, near, "check.no_law", map[string]any{"Law": x.Law})
		return
	}
	data := map[string]any{"Law": x.Short, "Version": x.Version, "Article": x.Article, "Count": v.Len(), "Held": v.Last(), "Newest": v.Day}
	switch {
	case !v.Has(x.Article):
		c.report(at, near, "check.no_article", data)
	case v.Day != x.Version:
		c.report(at, near, "check.other_day", data)
	case !v.InForce(c.now):
		c.outdated(at, near, x, v)
	}
}

func (c *checker) outdated(at place, near string, x content.Citation, v *statute.Version) {
	o, ok := c.overtaken(x)
	switch {
	case !ok:
		c.report(at, near, "check.not_yet", map[string]any{"Law": x.Short, "Version": x.Version, "Since": start(v.Day, v.Effective)})
	case o.How == Ended:
		c.report(at, near, "check.repealed", map[string]any{"Law": x.Short, "Since": o.Since, "New": o.Successor})
	default:
		c.report(at, near, "check.superseded", map[string]any{
			"Law": x.Short, "Version": x.Version, "Newest": o.Now, "Article": x.Article, "How": string(o.How), "To": o.To,
		})
	}
}

// newer judges a citation of a law whose text is not in the collections: it
// must be in force and have that many articles.
func (c *checker) newer(at place, near string, x content.Citation) {
	for _, l := range c.lib.Laws.All {
		if l.Title != x.Law || l.Version != x.Version {
			continue
		}
		no, _ := statute.ParseNumber(x.Article)
		if int(no.Main) > l.Articles {
			c.report(at, near, "check.no_article", map[string]any{"Law": x.Short, "Version": x.Version, "Article": x.Article, "Count": l.Articles, "Held": l.Articles})
		}
		if l.Effective > c.now.Format(time.DateOnly) {
			c.report(at, near, "check.not_yet", map[string]any{"Law": x.Short, "Version": x.Version, "Since": l.Effective})
		}
	}
}

// laws compares the table's days with those of the statutes themselves.
func (c *checker) laws() {
	for _, l := range c.lib.Laws.All {
		v, err := c.raw.Choose(l.Title, l.Version, time.Time{})
		if err != nil || l.Effective == "" || v.Effective == "" || v.Effective == l.Effective {
			continue
		}
		c.report(place{file: "laws/", entry: l.Title}, "", "check.effective", map[string]any{"Law": l.Short, "Effective": l.Effective, "Since": v.Effective})
	}
}
