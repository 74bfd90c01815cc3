package answer

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// Then is what is to be said of a matter that lies before today's law: an
// entry of the content speaks of today's.
type Then struct {
	Said      string               // the day, as the question put it; "" if it named none
	Day       time.Time            // the last day that it may mean
	Law       string               // today's law, by its short name, …
	Since     string               // … and the first day on which it holds, YYYY-MM-DD
	Was       string               // the law in its place then; "" for an older version of the same
	Until     string               // first day on which that no longer held
	Say       string               // what is special about matters of that time
	Rule      []knowledge.Citation // what the change of law rests on
	Articles  []knowledge.Document // in force then and no longer, as the corpus holds them
	Citations []knowledge.Citation // of Articles; in force on Day
}

// mostThen is how many articles of the other day are shown, and searchedThen
// among how many they are looked for.
const (
	mostThen     = 2
	searchedThen = 12
)

// then adds to an answer what held on the day that the question names, where
// today's law took effect later.
func (s *Service) then(ctx context.Context, a *Answer, asOf time.Time) error {
	if a.Kind != Answered && a.Kind != Exact {
		return nil
	}
	m, known := latest(a.Question, s.opt.Now())
	if !known || s.talk.now(a.Question) || !asOf.IsZero() || m.at.After(s.opt.Now()) {
		m = s.asked(asOf)
	}
	t, ok := s.earlier(a.Citations, m.at.Format(time.DateOnly))
	if !ok {
		return nil
	}
	t.Said, t.Day = m.said, m.at
	found, err := s.search.Search(ctx, knowledge.Query{
		Text: s.talk.bare(a.Question), Limit: searchedThen, Kinds: []knowledge.Kind{knowledge.Article}, AsOf: m.at,
	})
	if err != nil {
		return fmt.Errorf("search for the law of another day: %w", err)
	}
	if a.Kind == Exact { // only what was named: what is like it would pass for it
		found.Hits = found.Hits[:min(found.Named, len(found.Hits))]
	}
	s.fill(&t, a, found.Hits)
	if t.Was == "" && len(t.Articles) == 0 && a.Kind != Exact {
		return nil // nothing stood in its place
	}
	a.Then = &t
	return nil
}

// asked is the day that the caller asks for; the day on which it is asked,
// where none is, as when the desk answers as of another day.
func (s *Service) asked(asOf time.Time) moment {
	if asOf.IsZero() {
		asOf = s.opt.Now()
	}
	return moment{at: asOf, exact: true}
}

// Past adds to an answer by a chosen entry what held on the day that the
// question before named.
func (s *Service) Past(ctx context.Context, a *Answer) error { return s.then(ctx, a, time.Time{}) }

// decisive is how many of an answer's citations tell which law it is about.
const decisive = 2

// earlier finds the first of the citations that did not hold yet on day: by the
// table of what held before, or by the first day of the decisive one.
func (s *Service) earlier(cs []knowledge.Citation, day string) (Then, bool) {
	for _, c := range cs[:min(decisive, len(cs))] {
		if row, ok := s.laws.Before(c.Short, c.Article, day); ok {
			return Then{Law: s.today(row), Since: row.Until, Was: row.Was, Until: row.Until, Say: row.Say, Rule: s.cited(row.Citations)}, true
		}
	}
	if len(cs) == 0 || cmp.Or(cs[0].Effective, cs[0].Version) <= day || strings.HasPrefix(cs[0].Law, interpretation) {
		return Then{}, false // an interpretation holds for what is judged after it
	}
	return Then{Law: name(cs[0]), Since: cmp.Or(cs[0].Effective, cs[0].Version), Rule: s.cited(s.laws.Past)}, true
}

// interpretation begins the title of what the Supreme People's Court explains.
const interpretation = "最高人民法院"

// today names the law that took the place of the row's.
func (s *Service) today(row content.Then) string {
	for _, su := range s.laws.Successors {
		if su.Old == row.Was && su.Since == row.Until {
			return su.New
		}
	}
	return row.Law
}

func name(c knowledge.Citation) string {
	if c.Short != "" {
		return c.Short
	}
	return strings.TrimPrefix(c.Law, "中华人民共和国")
}

// fill takes the articles of that day that belong to the law in question and
// speak of what today's decisive ones speak of: of old law little is held, and
// what comes nearest may be far off.
func (s *Service) fill(t *Then, a *Answer, hits []knowledge.Hit) {
	for _, h := range hits {
		if len(h.Document.Citations) > 0 && len(t.Articles) < mostThen && belongs(t, a, h.Document.Citations[0]) &&
			(a.Kind == Exact || succeeded(h.Document.Text, a.Articles)) {
			t.Articles = append(t.Articles, h.Document)
			t.Citations = append(t.Citations, h.Document.Citations[0])
		}
	}
}

// belongs tells whether c is of the law that stood in today's place, of what
// explained it, or of an older version of a law that the answer rests on.
func belongs(t *Then, a *Answer, c knowledge.Citation) bool {
	if !c.InForce {
		return false
	}
	if t.Was != "" {
		return c.Law == t.Was || strings.Contains(c.Law, "中华人民共和国"+t.Was) || strings.Contains(c.Law, "《"+t.Was+"》")
	}
	return slices.ContainsFunc(a.Citations, func(own knowledge.Citation) bool { return own.Law == c.Law && c.Version < own.Version })
}

// likeThen is the share of pairs of characters that an article and its successor
// have in common at least, of the shorter one's. On twelve questions over the
// full corpus what answered them then had 0.30 to 0.93; of what didn't only
// transitional articles had more.
const likeThen = 0.3

// transitional is what an article says that only looks back beyond its own law.
var transitional = regexp.MustCompile(`(实施|施行)(之|以)?前`)

// succeeded tells whether one of the decisive articles of today took text's place.
func succeeded(text string, today []knowledge.Document) bool {
	if len(today) == 0 {
		return true // none is held to tell by
	}
	return !transitional.MatchString(text) && slices.ContainsFunc(today[:min(decisive, len(today))], func(d knowledge.Document) bool {
		return alike(text, d.Text) >= likeThen
	})
}

// alike is how many of the shorter text's pairs of Han characters the other has.
func alike(a, b string) float64 {
	p, q := distinctPairs(a), distinctPairs(b)
	if len(q) < len(p) {
		p, q = q, p
	}
	common := 0
	for _, k := range p {
		if _, had := slices.BinarySearch(q, k); had {
			common++
		}
	}
	return float64(common) / float64(max(1, len(p)))
}

func distinctPairs(text string) []string {
	han := func(r rune) rune {
		if unicode.Is(unicode.Han, r) {
			return r
		}
		return -1
	}
	all := pairs(strings.Map(han, text))
	slices.Sort(all)
	return slices.Compact(all)
}

// latest is the last day or time in the past that text names: an older one
// beside it says how the matter began, not when it is.
func latest(text string, now time.Time) (out moment, known bool) {
	var all []moment
	for _, read := range []func(string, time.Time) []moment{fullDays, yearMonths, agos, relDays, years} {
		for _, m := range read(text, now) {
			if !slices.ContainsFunc(all, func(had moment) bool { return strings.HasPrefix(had.said, m.said) }) {
				all = append(all, m)
			}
		}
	}
	for _, m := range all {
		if !known || m.at.After(out.at) {
			out, known = m, true
		}
	}
	return out, known
}
