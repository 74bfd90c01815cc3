package index

import (
	"cmp"
	"slices"
)

const (
	covers     = 0.35 // likeness from which an FAQ or guide answers
	maxContent = 3    // FAQs and guides shown before the articles
)

// prior is what a law's rank adds, in units of the best BM25.
var prior = [ranks]float32{
	rankOther: -0.3, rankConstitution: -0.3, rankCivilCode: 0.35, rankCriminalLaw: 0.3, rankStatute: 0.15,
	rankInterpretation: 0.05, rankRegulation: -0.1, rankRule: -0.2, rankLocal: -0.1,
}

// rank scores the candidates and sorts them.
func (s *snapshot) rank(a *inquiry) {
	var topLaw, topCha float32
	for _, c := range a.cands {
		topLaw = max(topLaw, a.tally.law[s.cols.Law[c.ord]])
		topCha = max(topCha, a.tally.cha[s.cols.Chapter[c.ord]])
	}
	lift := s.lifts(a)
	for i := range a.cands {
		c := &a.cands[i]
		c.score = c.bm25 / max(a.top, 1e-6)
		if !s.without(FeatureHierarchy) {
			c.score += prior[s.cols.Laws[s.cols.Law[c.ord]].Rank]
		}
		if !s.without(FeatureStructure) {
			c.score += 0.2*a.tally.law[s.cols.Law[c.ord]]/max(topLaw, 1e-6) + 0.2*a.tally.cha[s.cols.Chapter[c.ord]]/max(topCha, 1e-6)
		}
		c.score += lift[c.ord]
	}
	slices.SortStableFunc(a.cands, func(x, y candidate) int { return cmp.Compare(y.score, x.score) })
}

// matches finds the FAQs and guides that the question resembles.
func (s *snapshot) matches(a *inquiry) {
	if s.without(FeatureBridge) {
		return
	}
	best := map[uint32]*match{}
	at := func(doc uint32) *match {
		if best[doc] == nil {
			best[doc] = &match{doc: doc}
		}
		return best[doc]
	}
	ideal := s.bridge.questions.ideal(a.terms)
	for unit, score := range s.bridge.questions.score(a.terms) {
		m := at(s.bridge.units[unit])
		m.question = max(m.question, score/ideal)
	}
	ideal = s.bridge.digests.ideal(a.terms)
	for doc, score := range s.bridge.digests.score(a.terms) {
		at(doc).digest = score / ideal
	}
	for _, m := range best {
		m.score = 0.7*m.question + 0.3*m.digest
		a.content = append(a.content, *m)
	}
	slices.SortFunc(a.content, func(x, y match) int {
		if c := cmp.Compare(y.score, x.score); c != 0 {
			return c
		}
		return cmp.Compare(x.doc, y.doc)
	})
}

// lifts is what the matching FAQs and guides add to the articles they cite.
// Articles that no word of the question led to become candidates by it.
func (s *snapshot) lifts(a *inquiry) map[uint32]float32 {
	out := map[uint32]float32{}
	known := map[uint32]bool{}
	for _, c := range a.cands {
		known[c.ord] = true
	}
	for _, m := range a.content[:min(len(a.content), 20)] {
		gain := max(0, m.score-covers) * 2
		if gain == 0 {
			break
		}
		for i, ord := range s.bridge.cites[m.doc] {
			out[ord] = max(out[ord], gain/float32(1+i)*1.5)
			if !known[ord] && s.eligible(ord, a) {
				known[ord] = true
				a.cands = append(a.cands, candidate{ord: ord, bm25: a.tally.art[ord]})
			}
		}
	}
	return out
}

// certainty is how sure the desk may be that it can answer.
func (s *snapshot) certainty(a *inquiry) float64 {
	var best float32
	if len(a.content) > 0 {
		best = a.content[0].score
	}
	return float64(min(1, 0.02*a.top+best))
}
