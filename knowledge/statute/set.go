package statute

import (
	"iter"
	"slices"
	"time"
)

// Set is every law held, with all versions. It doesn't change: an import makes
// a new one. It is safe for concurrent use.
type Set struct {
	st    *store
	laws  []*Law
	byKey map[string]*Law
	table Table
	names *Names
}

func newSet(laws []*Law, st *store, table Table) *Set {
	s := &Set{st: st, laws: laws, byKey: make(map[string]*Law, len(laws)), table: table}
	c := table.compile()
	ends := map[string][]clause{}
	for _, e := range st.clauses {
		ends[e.target] = append(ends[e.target], e)
	}
	for _, l := range laws {
		k := key(l.Title)
		s.byKey[k] = l
		l.settle(k, ends[k], c)
	}
	s.names = NewNames(laws, table)
	return s
}

// With returns the same set seen with another table of names and successors.
// Texts are shared, and closing either closes both.
func (s *Set) With(table Table) *Set {
	laws := make([]*Law, len(s.laws))
	for i, l := range s.laws {
		copied := *l
		copied.Versions = make([]*Version, len(l.Versions))
		for j, v := range l.Versions {
			w := *v
			w.law, w.Effective = &copied, v.read
			copied.Versions[j] = &w
		}
		laws[i] = &copied
	}
	return newSet(laws, s.st, table)
}

// Version names the set by its contents: the same files make the same version.
func (s *Set) Version() string { return s.st.version }

// Laws lists every law held, in the order of their titles.
func (s *Set) Laws() []*Law { return s.laws }

// Len counts laws and the articles of all their versions.
func (s *Set) Len() (laws, articles int) { return len(s.laws), len(s.st.articles) }

// InForce yields the version of each law that holds on the day asOf.
func (s *Set) InForce(asOf time.Time) iter.Seq[*Version] {
	return func(yield func(*Version) bool) {
		for _, l := range s.laws {
			if v, ok := l.On(asOf); ok && !yield(v) {
				return
			}
		}
	}
}

// Close releases the file of an opened set.
func (s *Set) Close() error {
	if s.st.closer == nil {
		return nil
	}
	return s.st.closer.Close()
}

// Article reads one article; ok is false when the version has no such number.
func (v *Version) Article(no string) (a Article, ok bool, err error) {
	n, ok := ParseNumber(no)
	if !ok {
		return Article{}, false, nil
	}
	entries := v.set.articles[v.first : v.first+v.count]
	i, ok := slices.BinarySearchFunc(entries, n, func(e articleEntry, n Number) int {
		switch {
		case e.no.Less(n):
			return -1
		case n.Less(e.no):
			return 1
		}
		return 0
	})
	if !ok {
		return Article{}, false, nil
	}
	a, err = v.set.article(v.first + i)
	return a, err == nil, err
}

// Has says whether the version has an article of that number.
func (v *Version) Has(no string) bool {
	n, ok := ParseNumber(no)
	if !ok {
		return false
	}
	return slices.ContainsFunc(v.set.articles[v.first:v.first+v.count], func(e articleEntry) bool { return e.no == n })
}

// Articles reads all articles in order.
func (v *Version) Articles() ([]Article, error) {
	out := make([]Article, 0, v.count)
	for i := v.first; i < v.first+v.count; i++ {
		a, err := v.set.article(i)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// Numbers lists the article numbers in order.
func (v *Version) Numbers() []string {
	out := make([]string, v.count)
	for i, e := range v.set.articles[v.first : v.first+v.count] {
		out[i] = e.no.String()
	}
	return out
}

// Last is the highest article number, "" for a version without articles.
func (v *Version) Last() string {
	if v.count == 0 {
		return ""
	}
	return v.set.articles[v.first+v.count-1].no.String()
}

// Preamble reads what stands before the first article, "" if nothing does.
func (v *Version) Preamble() (string, error) { return v.set.text(v.pre) }

// Annexes reads what follows the articles.
func (v *Version) Annexes() ([]Annex, error) {
	out := make([]Annex, 0, len(v.annex))
	for _, x := range v.annex {
		text, err := v.set.text(x.text)
		if err != nil {
			return nil, err
		}
		out = append(out, Annex{Title: x.title, Text: text})
	}
	return out, nil
}

// Headings is the table of contents: every heading with its first article.
func (v *Version) Headings() []Heading {
	var out []Heading
	last := ^uint32(0)
	for _, e := range v.set.articles[v.first : v.first+v.count] {
		if e.heading == last {
			continue
		}
		last = e.heading
		if path := v.set.headings[e.heading]; path != "" {
			out = append(out, Heading{Path: path, First: e.no.String()})
		}
	}
	return out
}
