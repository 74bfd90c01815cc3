package statute

import (
	"cmp"
	"slices"
	"time"
)

// Status is what a keeper of the statutes should look at.
type Status struct {
	Version  string // of the set
	Laws     int
	Versions int
	Articles int // of versions in force
	Newest   string

	Stale    []Gap // a newer revision is known but not held
	Missing  []Gap // named by the content and not held at all
	Repealed []Gap // held, and no longer in force
	Coming   []Gap // held, and not in force yet
	Doubtful []Gap // the source calls it repealed, but nothing confirms it
	Undated  int   // versions in force whose effective day is not established
}

// Gap is one line of a [Status].
type Gap struct {
	Title, Short string
	Held         string // version held, "" if none
	Known        string // version that the content knows of
	Since        string // from when Known, or the repeal, holds
	By           string // what ended it, or took its place
}

// Status lists what is stale or missing on the day asOf.
func (s *Set) Status(asOf time.Time) Status {
	out := Status{Version: s.Version(), Laws: len(s.laws)}
	for _, l := range s.laws {
		s.lawStatus(&out, l, asOf)
	}
	s.tableStatus(&out)
	for _, list := range []*[]Gap{&out.Stale, &out.Missing, &out.Repealed, &out.Coming, &out.Doubtful} {
		slices.SortFunc(*list, func(a, b Gap) int { return cmp.Compare(a.Title, b.Title) })
	}
	return out
}

func (s *Set) lawStatus(out *Status, l *Law, asOf time.Time) {
	day := asOf.Format(time.DateOnly)
	out.Versions += len(l.Versions)
	newest := l.Versions[len(l.Versions)-1]
	out.Newest = max(out.Newest, newest.Day)
	gap := Gap{Title: l.Title, Short: l.Short, Held: newest.Day}
	v, ok := l.On(asOf)
	switch {
	case ok:
		out.Articles += v.Len()
		if v.Effective == "" {
			out.Undated++
		}
		if newest != v {
			gap.Since = newest.start()
			out.Coming = append(out.Coming, gap)
		}
		if claimsRepeal(newest.Status) && !s.vouched(l, newest) {
			gap.Since = ""
			out.Doubtful = append(out.Doubtful, gap)
		}
	case l.repeal.Since != "" && l.repeal.Since <= day:
		gap.Since, gap.By = l.repeal.Since, cmp.Or(l.repeal.Successor, l.repeal.By)
		out.Repealed = append(out.Repealed, gap)
	default:
		gap.Since = newest.start()
		out.Coming = append(out.Coming, gap)
	}
}

// claimsRepeal reads a source's label. Public collections set it by looking
// for the word in the text, so that it never decides anything alone.
func claimsRepeal(label string) bool {
	return label == "废止或失效" || label == "已废止" || label == "废止" || label == "失效"
}

// vouched says whether the content's table names this very version.
func (s *Set) vouched(l *Law, v *Version) bool {
	k := key(l.Title)
	return slices.ContainsFunc(s.table.Names, func(n Name) bool { return v.known(n.Version) && key(n.Title) == k })
}

func (s *Set) tableStatus(out *Status) {
	for _, n := range newestFirst(s.table.Names) {
		same := func(g Gap) bool { return key(g.Title) == key(n.Title) }
		if slices.ContainsFunc(out.Stale, same) || slices.ContainsFunc(out.Missing, same) {
			continue
		}
		gap := Gap{Title: n.Title, Short: n.Short, Known: n.Version, Since: n.Effective}
		l, ok := s.byKey[key(n.Title)]
		switch {
		case !ok:
			out.Missing = append(out.Missing, gap)
		case !l.holds(n.Version) && l.Versions[len(l.Versions)-1].Day < n.Version:
			gap.Held = l.Versions[len(l.Versions)-1].Day
			out.Stale = append(out.Stale, gap)
		}
	}
}

func (l *Law) holds(day string) bool {
	return slices.ContainsFunc(l.Versions, func(v *Version) bool { return v.known(day) })
}

// Newer returns the newest revision of a law that the table knows and the set
// doesn't hold; ok is false when the set is up to date, or the law unknown.
func (s *Set) Newer(title string) (n Name, ok bool) {
	k := key(title)
	held := ""
	if l, found := s.byKey[k]; found {
		held = l.Versions[len(l.Versions)-1].Day
	}
	for _, c := range s.table.Names {
		if key(c.Title) == k && c.Version > held && c.Version > n.Version && (held == "" || !s.byKey[k].holds(c.Version)) {
			n, ok = c, true
		}
	}
	return n, ok
}

// Ended returns how a law ended that the set doesn't hold any more or never
// did: 婚姻法 gave way to 民法典.
func (t Table) Ended(name string) (Repeal, bool) {
	k := key(name)
	for _, s := range t.Successors {
		if key(s.Old) == k {
			return Repeal{Since: s.Since, Successor: s.New, By: "table", Note: s.Note}, true
		}
	}
	return Repeal{}, false
}
