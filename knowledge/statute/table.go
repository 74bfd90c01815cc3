package statute

import "strings"

// Table is what the content knows of laws and the imported files don't say:
// short names, nicknames, frequent typos, days of coming into force, revisions
// newer than the public collections, and what took a repealed law's place.
type Table struct {
	Names      []Name
	Successors []Successor
}

// Name is one version of a law as the content names it.
type Name struct {
	Title, Short string
	Also         []string // nicknames and frequent typos
	Version      string   // YYYY-MM-DD
	Effective    string   // "" if not established
	Newer        bool     // newer than the public collections
}

// Successor says which statute took a repealed one's place.
type Successor struct {
	Old, New string // titles or short names; New is "" when nothing did
	Since    string // first day on which Old no longer holds
	Note     string
}

// compiled is a Table with its titles made comparable.
type compiled struct {
	Table
	names map[string][]Name
	ended map[string]Successor
}

func (t Table) compile() compiled {
	c := compiled{Table: t, names: map[string][]Name{}, ended: map[string]Successor{}}
	for _, n := range t.Names {
		k := key(n.Title)
		c.names[k] = append(c.names[k], n)
	}
	for _, s := range t.Successors {
		c.ended[key(s.Old)] = s
	}
	return c
}

func (c compiled) repeal(l *Law, k string) Repeal {
	newest := l.Versions[len(l.Versions)-1].Day
	for _, name := range []string{k, key(l.Short)} {
		if s, ok := c.ended[name]; ok && newest < s.Since {
			return Repeal{Since: s.Since, Successor: s.New, By: "table", Note: s.Note}
		}
	}
	return Repeal{}
}

// apply gives the law the content's short name and days.
func (c compiled) apply(l *Law, k string) {
	l.Short, l.pattern = strings.ReplaceAll(l.Title, "中华人民共和国", ""), true
	for _, n := range c.names[k] {
		if n.Short != "" {
			l.Short, l.pattern = n.Short, false
		}
		for _, v := range l.Versions {
			if n.Effective != "" && v.known(n.Version) {
				v.Effective = n.Effective
			}
		}
	}
}

// known says whether day names this version.
func (v *Version) known(day string) bool {
	if v.Day == day {
		return true
	}
	for _, d := range v.Also {
		if d == day {
			return true
		}
	}
	return false
}
