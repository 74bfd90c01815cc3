package index

import (
	"cmp"
	"slices"

	"github.com/anjie-desk/anjie/knowledge"
)

// maxContent is how many FAQs and guides come before the articles.
const maxContent = 3

// even is the fit from which an FAQ or guide leads the answer, and compete how
// far below it another may be to come along.
const (
	even    = 0.5
	compete = 0.5
)

// hits turns what was ranked into documents: the articles, and among them the
// FAQ or guide that covers the question and those that compete with it. A
// caller who asks for FAQs or guides alone wants the nearest topics, whether
// they cover the question or not.
func (s *snapshot) hits(a *inquiry, q knowledge.Query) ([]knowledge.Hit, error) {
	wants := func(k knowledge.Kind) bool { return len(q.Kinds) == 0 || slices.Contains(q.Kinds, k) }
	articles := wants(knowledge.Article)
	var entries []placed
	for _, m := range a.content {
		if len(entries) >= q.Limit || articles && (len(entries) >= maxContent || !covers(a, m)) {
			break
		}
		if !wants(s.bridge.kinds[m.doc]) {
			continue
		}
		d, err := s.entry(a, m.doc)
		if err != nil {
			return nil, err
		}
		entries = append(entries, placed{knowledge.Hit{Document: d, Score: float64(m.place())}, s.behind(a, &m)})
	}
	if !articles {
		return merged(entries, nil, q.Limit), nil
	}
	list, err := s.articleHits(a, q)
	return merged(entries, list, q.Limit), err
}

// placed is an FAQ or guide and how many articles stand before it.
type placed struct {
	hit    knowledge.Hit
	behind int
}

// topArticles is how many articles come before any FAQ or guide that cites an
// article: of what that cites beside, less is what the question needs.
const topArticles = 3

// verbatim is the share that a question and a phrasing have of each other from
// which the one is taken for the other.
const verbatim = 0.5

// behind is how many articles come before m: those that rank before all that
// it cites. It comes first if the question is its own, or if it cites nothing
// that was looked at.
func (s *snapshot) behind(a *inquiry, m *match) int {
	if min(m.facet[facetContain], m.facet[facetCover]) >= verbatim {
		return 0
	}
	first := len(a.cands)
	for _, ord := range s.bridge.cites[m.doc] {
		if at, known := a.at[ord]; known {
			first = min(first, at)
		}
	}
	if first == len(a.cands) {
		return 0
	}
	return max(first, topArticles)
}

// merged puts entries among articles.
func merged(entries []placed, articles []knowledge.Hit, limit int) []knowledge.Hit {
	slices.SortStableFunc(entries, func(x, y placed) int { return cmp.Compare(x.behind, y.behind) })
	var out []knowledge.Hit
	for n := 0; len(out) < limit && (len(entries) > 0 || n < len(articles)); {
		if len(entries) > 0 && (entries[0].behind <= n || n == len(articles)) {
			out, entries = append(out, entries[0].hit), entries[1:]
			continue
		}
		out, n = append(out, articles[n]), n+1
	}
	return out
}

// nearest is how many FAQs and guides are named as near.
const nearest = 8

// near are the FAQs and guides that resemble the question most, whether they
// cover it or not; their score is 0 where one covers it as likely as not.
func (s *snapshot) near(a *inquiry) ([]knowledge.Hit, error) {
	byUse := slices.Clone(a.content)
	slices.SortStableFunc(byUse, func(x, y match) int { return cmp.Compare(y.serves(), x.serves()) })
	var out []knowledge.Hit
	for _, m := range byUse[:min(nearest, len(byUse))] {
		d, err := s.entry(a, m.doc)
		if err != nil {
			return nil, err
		}
		out = append(out, knowledge.Hit{Document: d, Score: float64(m.serves())})
	}
	return out, nil
}

// entry reads an FAQ or guide and puts first, of the articles that it cites,
// those that answer this question best.
func (s *snapshot) entry(a *inquiry, doc uint32) (knowledge.Document, error) {
	d, err := s.bridge.docs.document(doc)
	if err != nil || len(d.Citations) < 2 {
		return d, err
	}
	place := func(c knowledge.Citation) int {
		ord, held := s.find(c)
		at, known := a.at[ord]
		if !held || !known {
			return len(a.cands)
		}
		return at
	}
	slices.SortStableFunc(d.Citations, func(x, y knowledge.Citation) int { return cmp.Compare(place(x), place(y)) })
	return d, nil
}

// covers tells whether m answers the question: well enough, and not much worse
// than the best.
func covers(a *inquiry, m match) bool {
	return m.fit() >= even && m.place() >= a.content[0].place()-compete
}

// articleHits are the articles, best first.
func (s *snapshot) articleHits(a *inquiry, q knowledge.Query) ([]knowledge.Hit, error) {
	var out []knowledge.Hit
	for _, c := range a.cands[:min(q.Limit, len(a.cands))] {
		d, err := s.document(c.ord, q.AsOf)
		if err != nil {
			return nil, err
		}
		out = append(out, knowledge.Hit{Document: d, Score: float64(c.score)})
	}
	return out, nil
}
