package index

import (
	"cmp"
	"math"
	"slices"

	"github.com/anjie-desk/anjie/knowledge"
)

// facet is one number that tells how well an FAQ or guide fits the question.
type facet int

const (
	facetContain facet = iota // share of its best phrasing that the question has
	facetCover                // share of the question that its best phrasing has
	facetDigest               // share of the question that the answer has
	facetLike                 // likeness of its best phrasing by the model
	facetArticle              // score of the best article it cites, below the best of all
	facetTopic                // what all its phrasings and text share with the question, as a share of the best
	facetCentre               // likeness of the middle of all its phrasings by the model
	facets
)

// fitting says how facets make a match's score, by how well the articles fit
// that it cites, and its order, by what a resident is served by. The offsets are
// where a fit is even.
type fitting struct {
	score, order             [facets]float32
	scoreOffset, orderOffset float32
}

var (
	// fitted is fitted where statutes are held: half of the best matches with a
	// score above 0 cite what the question needs. The order is fitted on
	// residents' wordings that the index was kept from (docs/RETRIEVAL.md).
	fitted = fitting{
		score: [facets]float32{facetContain: 2.84, facetCover: -0.34, facetDigest: 7.23, facetLike: 3.09, facetArticle: 0.76},
		order: [facets]float32{
			facetContain: 0.4, facetCover: -1.5, facetDigest: 5, facetLike: 0.7, facetArticle: 0.1, facetTopic: 4.1, facetCentre: 10.5,
		},
		scoreOffset: 3.0, orderOffset: 9.4,
	}
	// fittedByContent is the same without the articles: nothing is known of them.
	fittedByContent = fitting{
		score: [facets]float32{facetContain: 2.84, facetCover: -0.34, facetDigest: 7.23, facetLike: 3.09},
		order: fitted.order, scoreOffset: 3.0, orderOffset: 9.4,
	}
	// fittedByWords is set by hand, for where nothing was learnt: one scale
	// serves for both.
	fittedByWords = fitting{
		score:       [facets]float32{facetContain: 6, facetCover: 5, facetDigest: 3},
		order:       [facets]float32{facetContain: 6, facetCover: 5, facetDigest: 3},
		scoreOffset: 4.0, orderOffset: 4.0,
	}
)

const (
	slope = 0.8
	// far is how much below the best article counts as cited nothing near.
	far = -8
	// unheld stands for articles that the corpus does not hold.
	unheld = -1.5
	// matchesKept is how many FAQs and guides are looked at with their articles.
	matchesKept = 60
	// faqLead puts an FAQ, which says what to do, before a guide that fits about
	// as well, among what is near; formal questions would lose by it among the hits.
	faqLead = 0.8
	// citesSeen is how many of the cited articles tell whether a document fits.
	citesSeen = 2
)

// match is an FAQ or guide that the question resembles.
type match struct {
	doc   uint32
	facet [facets]float32
	score float32 // how well the cited articles fit; 0 is even
	order float32 // how well the document itself answers a resident; 0 is even
	lead  float32 // what the kind of document adds to order
}

// fit is the chance that the document answers the question.
func (m *match) fit() float32 { return float32(1 / (1 + math.Exp(-slope*float64(m.place())))) }

// place is what orders FAQs and guides among the hits.
func (m *match) place() float32 { return m.score }

// serves is what orders them by what a resident is served by.
func (m *match) serves() float32 { return m.order + m.lead }

func (m *match) weigh(f *fitting) {
	m.score = dotFacets(&m.facet, &f.score) - f.scoreOffset
	m.order = dotFacets(&m.facet, &f.order) - f.orderOffset
}

// fitting is how matches for an inquiry are weighed.
func (s *snapshot) fitting(a *inquiry) *fitting {
	switch {
	case a.vector == nil:
		return &fittedByWords
	case s.lex == nil:
		return &fittedByContent
	}
	return &fitted
}

func dotFacets(facet, w *[facets]float32) (sum float32) {
	for k, v := range facet {
		sum += w[k] * v
	}
	return sum
}

// matches finds the FAQs and guides that fit, and carries the articles that
// they cite up.
func (s *snapshot) matches(a *inquiry) error {
	if s.without(FeatureBridge) || len(s.bridge.kinds) == 0 {
		return nil
	}
	all := s.resemblance(a)
	for _, doc := range s.promising(a, all) {
		m := all[doc]
		near, err := s.nearness(a, s.bridge.cites[m.doc])
		if err != nil {
			return err
		}
		m.facet[facetArticle] = near
		m.weigh(s.fitting(a))
		if s.bridge.kinds[m.doc] == knowledge.FAQ {
			m.lead = faqLead
		}
		a.content = append(a.content, m)
	}
	slices.SortStableFunc(a.content, func(x, y match) int { return cmp.Compare(y.place(), x.place()) })
	s.lift(a)
	return nil
}

// promising are the documents worth a look at their articles: the best by
// either scale. Most phrasings are never compared by the model: those whose
// words fall so short that the best likeness would not bring them among these.
func (s *snapshot) promising(a *inquiry, all []match) []uint32 {
	var open []uint32
	f := s.fitting(a)
	for i := range all {
		if a.day < a.today && s.bridge.since[i] > a.day {
			continue // it speaks of law that came later than the day asked for
		}
		all[i].weigh(f)
		open = append(open, uint32(i))
	}
	if a.vector == nil {
		return kept(all, open)
	}
	likened := make([]bool, len(all))
	liken := func(doc uint32) {
		m := &all[doc]
		m.facet[facetLike] = s.bridge.likeness(a.vector, doc)
		m.weigh(f)
		likened[doc] = true
	}
	var first []uint32
	for _, list := range bothScales(all, open, firstLook) {
		for _, c := range list {
			if !likened[c.ord] {
				liken(c.ord)
				first = append(first, c.ord)
			}
		}
	}
	least := bothScales(all, first, matchesKept)
	score, order := last(least[0], matchesKept), last(least[1], matchesKept/2)
	for _, doc := range open {
		m := &all[doc]
		if !likened[doc] && (m.score+f.score[facetLike] >= score || m.order+f.order[facetLike] >= order) {
			liken(doc)
			first = append(first, doc)
		}
	}
	return kept(all, first)
}

// firstLook is how many matches by words are compared by the model before any
// is left out.
const firstLook = 4 * matchesKept

// bothScales are the n best among docs by score, and by order.
func bothScales(all []match, docs []uint32, n int) [2][]scored {
	byScore, byOrder := make([]scored, len(docs)), make([]scored, len(docs))
	for i, doc := range docs {
		byScore[i], byOrder[i] = scored{doc, all[doc].score}, scored{doc, all[doc].order}
	}
	return [2][]scored{best(byScore, n), best(byOrder, n)}
}

// last is the score of place n, or as low as can be when there are fewer.
func last(list []scored, n int) float32 {
	if len(list) < n {
		return float32(math.Inf(-1))
	}
	return list[n-1].score
}

// kept are the best by score, and half as many by order.
func kept(all []match, docs []uint32) []uint32 {
	both := bothScales(all, docs, matchesKept)
	var out []uint32
	for _, c := range slices.Concat(both[0], both[1][:min(len(both[1]), matchesKept/2)]) {
		if !slices.Contains(out, c.ord) {
			out = append(out, c.ord)
		}
	}
	return out
}

// resemblance compares the question with all that FAQs and guides are asked
// and say.
func (s *snapshot) resemblance(a *inquiry) []match {
	b := s.bridge
	all := make([]match, len(b.kinds))
	sum, ideal := b.questions.shared(a.terms)
	for u, v := range sum {
		f := &all[b.units[u]].facet
		f[facetCover] = max(f[facetCover], v/ideal)
		f[facetContain] = max(f[facetContain], v/max(1, b.questions.self[u]))
	}
	digest, ideal := b.digests.shared(a.terms)
	for i := range all {
		all[i].doc = uint32(i)
		all[i].facet[facetDigest] = digest[i] / ideal
		if a.vector != nil {
			all[i].facet[facetCentre] = b.centreLikeness(a.vector, uint32(i))
		}
	}
	b.topics(a.terms, all)
	return all
}

// topics fills in what each document as a whole shares with the question. A
// long document shares more by its length alone.
func (b *bridge) topics(terms []weighted, all []match) {
	sum, _ := b.whole.shared(terms)
	var top float32
	for i := range sum {
		sum[i] /= float32(math.Sqrt(math.Sqrt(float64(b.whole.self[i]) + 1)))
		top = max(top, sum[i])
	}
	for i := range all {
		all[i].facet[facetTopic] = sum[i] / max(top, 1e-6)
	}
}

// nearness tells how far below the best article the best of cites is. The
// articles become candidates by it.
func (s *snapshot) nearness(a *inquiry, cites []uint32) (float32, error) {
	if len(cites) == 0 {
		return unheld, nil
	}
	near := float32(far)
	for _, ord := range cites[:min(citesSeen, len(cites))] {
		if !a.open[s.cols.Law[ord]] {
			continue
		}
		i, fresh := a.add(ord)
		if fresh {
			if err := s.weigh(a, &a.cands[i]); err != nil {
				return 0, err
			}
		}
		near = max(near, a.cands[i].score-a.best)
	}
	return near, nil
}

// Content lifts the articles that it cites by how much nearer it comes to the
// question than any article does, counted from a little below: to a question
// that it does not cover, articles come as near as what is asked about their
// neighbours.
const (
	belowLike    = 0.05
	belowBriefly = 0.2
	belowWords   = 0.4
)

// lift gives the articles that FAQs and guides cite their share: the decisive
// one all of it, the others less.
func (s *snapshot) lift(a *inquiry) {
	var like, words float32 // of the article that comes nearest
	for i := range a.cands {
		like, words = max(like, a.cands[i].sig[sigModel]), max(words, a.cands[i].sig[sigCoverage])
	}
	for _, m := range a.content {
		var asked, briefly float32
		if a.vector != nil {
			asked = max(0, m.facet[facetLike]-like+belowLike)
			briefly = m.facet[facetContain] * max(0, m.facet[facetLike]-like+belowBriefly)
		}
		more := m.facet[facetTopic] * max(0, m.facet[facetCover]-words+belowWords)
		for i, ord := range s.bridge.cites[m.doc] {
			at, known := a.at[ord]
			if !known {
				continue
			}
			sig, share := &a.cands[at].sig, float32(1/math.Sqrt(float64(1+i)))
			sig[sigAsked] = max(sig[sigAsked], share*asked)
			sig[sigAskedBriefly] = max(sig[sigAskedBriefly], share*briefly)
			sig[sigAskedWords] = max(sig[sigAskedWords], share*more)
		}
	}
	s.along(a)
	for i := range a.cands {
		c := &a.cands[i]
		for sig := sigAsked; sig < sigRank; sig++ {
			c.score += s.weights[sig] * c.sig[sig]
		}
	}
}

// carriedAlong is the share of a lift that goes to an article of the same
// chapter which nothing explains and which comes nearer by itself: else it would
// lose to its neighbour only because that has a guide.
const carriedAlong = 0.5

// along lifts, by a share, what stands beside a lifted article, comes before it
// and has neither FAQ nor guide.
func (s *snapshot) along(a *inquiry) {
	lifted := map[uint32][]int{} // by chapter
	for i := range a.cands {
		if sig := &a.cands[i].sig; sig[sigAsked] > 0 || sig[sigAskedWords] > 0 {
			chapter := s.cols.Chapter[a.cands[i].ord]
			lifted[chapter] = append(lifted[chapter], i)
		}
	}
	for i := range a.cands {
		c := &a.cands[i]
		if s.bridge.explained[c.ord] {
			continue
		}
		for _, n := range lifted[s.cols.Chapter[c.ord]] {
			if neighbour := &a.cands[n]; neighbour.score <= c.score {
				for sig := sigAsked; sig < sigRank; sig++ {
					c.sig[sig] = max(c.sig[sig], carriedAlong*neighbour.sig[sig])
				}
			}
		}
	}
}
