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

// hits turns what was ranked into documents: the FAQ or guide that covers the
// question, those that compete with it, the articles that it cites, and the
// other articles. A caller who asks for FAQs or guides alone wants the nearest
// topics, whether they cover the question or not.
func (s *snapshot) hits(a *inquiry, q knowledge.Query) ([]knowledge.Hit, error) {
	wants := func(k knowledge.Kind) bool { return len(q.Kinds) == 0 || slices.Contains(q.Kinds, k) }
	articles := wants(knowledge.Article)
	var out []knowledge.Hit
	var lead []uint32
	for _, m := range a.content {
		if len(out) >= q.Limit || articles && (len(out) >= maxContent || !covers(a, m)) {
			break
		}
		if !wants(s.bridge.kinds[m.doc]) {
			continue
		}
		d, err := s.entry(a, m.doc)
		if err != nil {
			return nil, err
		}
		if len(out) == 0 {
			lead = s.bridge.cites[m.doc]
		}
		out = append(out, knowledge.Hit{Document: d, Score: float64(m.place())})
	}
	if !articles {
		return out, nil
	}
	return s.articleHits(a, q, lead, out)
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

// articleHits adds the articles, those of lead first.
func (s *snapshot) articleHits(a *inquiry, q knowledge.Query, lead []uint32, out []knowledge.Hit) ([]knowledge.Hit, error) {
	place := map[uint32]int{}
	for _, ord := range lead {
		place[ord] = -1
	}
	slices.SortStableFunc(a.cands, func(x, y candidate) int { return place[x.ord] - place[y.ord] })
	for _, c := range a.cands {
		if len(out) >= q.Limit {
			break
		}
		d, err := s.document(c.ord, q.AsOf)
		if err != nil {
			return nil, err
		}
		out = append(out, knowledge.Hit{Document: d, Score: float64(c.score)})
	}
	return out, nil
}
