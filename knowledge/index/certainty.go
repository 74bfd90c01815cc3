package index

import (
	"math"
	"unicode/utf8"
)

// clue is one number that tells a question that the desk can answer from
// chatter.
type clue int

const (
	clueFit     clue = iota // how well the best FAQ or guide fits
	clueContain             // share of its best phrasing that the question has
	clueDigest              // share of the question that its answer has
	clueLike                // likeness of its best phrasing by the model
	clueTop                 // best BM25 of any article, logarithm
	clueKnown               // share of the question's weight that stands in the statutes
	clueNear                // likeness of the nearest candidate by the model
	clueLength              // characters, logarithm
	clueBias
	clues
)

// certain and certainAlone are fitted on questions against chatter, with and
// without statutes (docs/RETRIEVAL.md).
var (
	certain = [clues]float64{
		clueFit: 0.72, clueContain: 0.93, clueDigest: -0.76, clueLike: 0.49, clueTop: 0.98,
		clueKnown: 3.69, clueNear: 3.38, clueLength: 1.10, clueBias: -9.26,
	}
	certainAlone = [clues]float64{clueFit: 0.78, clueContain: 5.94, clueDigest: 3.94, clueLength: 1.02, clueBias: -4.72}
)

// certainty is the chance that the message is a question that the desk can
// answer.
func (s *snapshot) certainty(a *inquiry) float64 {
	w := &certain
	if a.vector == nil {
		w = &certainAlone
	}
	var sum float64
	for i, v := range s.clues(a) {
		sum += w[i] * v
	}
	return 1 / (1 + math.Exp(-sum))
}

func (s *snapshot) clues(a *inquiry) (c [clues]float64) {
	c[clueBias] = 1
	c[clueLength] = math.Log1p(float64(utf8.RuneCountInString(a.text)))
	c[clueTop] = math.Log1p(float64(a.top))
	if all := a.tally.matched + a.tally.unmatched; all > 0 {
		c[clueKnown] = float64(a.tally.matched / all)
	}
	c[clueFit] = -offset
	if len(a.content) > 0 {
		m := a.content[0]
		c[clueFit] = math.Max(-offset, float64(m.score))
		c[clueContain], c[clueDigest] = float64(m.facet[facetContain]), float64(m.facet[facetDigest])
		c[clueLike] = float64(m.facet[facetLike])
	}
	for i := range a.cands {
		c[clueNear] = math.Max(c[clueNear], float64(a.cands[i].sig[sigModel]))
	}
	return c
}
