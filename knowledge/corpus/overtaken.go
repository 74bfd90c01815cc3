package corpus

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// How says what became of an article that an entry cites.
type How string

// What may have become of it. Same is no reason to change a word but the day
// of the version.
const (
	Changed How = "changed" // the later version says something else under its number
	Moved   How = "moved"   // the same words stand under another number
	Gone    How = "gone"    // the later version has neither its number nor its words
	Same    How = "same"
	Unheld  How = "unheld" // only later versions are held: nothing to compare with
	Ended   How = "ended"  // the law was repealed
)

// Overtaken is an article cited in a version that is no longer in force.
type Overtaken struct {
	File, Entry, Question string

	Law, Article string // short name, number
	Cited        string // version that the entry cites
	How          How
	Now          string // version in force, "" when the law ended
	To           string // for Moved: its number now
	Since        string // for Ended: from when
	Successor    string // for Ended: what took its place, if anything did
}

// Overtakens lists, in the order of the FAQs, each article that one cites in a
// version which gave way to a later one held, or whose law has ended by now.
func Overtakens(set *statute.Set, lib *content.Library, now time.Time) []Overtaken {
	say, err := content.NewReporter()
	if err != nil {
		return nil // the wording is our own file; its tests find a broken one
	}
	c := newChecker(set, lib, now, say)
	var out []Overtaken
	for i := range lib.FAQs {
		f := &lib.FAQs[i]
		for _, x := range c.allCited(f) {
			if o, ok := c.overtaken(x); ok {
				o.File, o.Entry, o.Question = f.File, f.ID, f.Question
				out = append(out, o)
			}
		}
	}
	return out
}

// allCited are the citations of an entry and of its deadlines, each once.
func (c *checker) allCited(f *content.FAQ) []content.Citation {
	all := slices.Clone(f.Citations)
	for _, d := range f.Deadlines {
		if x, err := c.lib.Laws.Cite(d.Cite); err == nil && !slices.Contains(all, x) {
			all = append(all, x)
		}
	}
	return all
}

// overtaken says what became of a cited article; false while its version holds
// or is still to come.
func (c *checker) overtaken(x content.Citation) (Overtaken, bool) {
	o := Overtaken{Law: x.Short, Article: x.Article, Cited: x.Version}
	l, ok := c.set.Find(x.Law)
	if !ok {
		return o, false
	}
	now, holds := l.On(c.now)
	if !holds {
		r := l.Repeal()
		o.How, o.Since, o.Successor = Ended, r.Since, bare(r.Successor)
		return o, r.Since != "" && r.Since <= c.now.Format(time.DateOnly)
	}
	old, err := c.set.Choose(x.Law, x.Version, time.Time{})
	var missing *statute.MissingError
	switch {
	case err == nil && (old == now || old.Day > now.Day):
		return o, false
	case err == nil:
		o.Now = now.Day
		o.How, o.To = c.became(old, now, x.Article)
		return o, true
	case errors.As(err, &missing) && x.Version < l.Versions[0].Day && !x.Newer:
		o.Now, o.How = now.Day, Unheld
		return o, true
	}
	return o, false
}

// became compares an article with the later version.
func (c *checker) became(old, now *statute.Version, no string) (how How, to string) {
	was, ok, err := old.Article(no)
	if !ok || err != nil {
		return Changed, ""
	}
	is, had, err := now.Article(no)
	if err != nil {
		return Changed, ""
	}
	words := lettersOf(was.Text)
	if had && lettersOf(is.Text) == words {
		return Same, ""
	}
	arts, err := now.Articles()
	if err != nil {
		return Changed, ""
	}
	for _, a := range arts {
		if lettersOf(a.Text) == words {
			return Moved, a.No
		}
	}
	if had {
		return Changed, ""
	}
	return Gone, ""
}

// lettersOf leaves spaces and marks out, so that only words count.
func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, s)
}
