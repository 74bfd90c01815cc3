package index

import (
	"math"
	"unicode/utf8"
)

// clue is one number that tells a question that the desk can answer from
// chatter.
type clue int

const (
	clueFit       clue = iota // how well the best FAQ or guide fits
	clueContain               // share of its best phrasing that the question has
	clueDigest                // share of the question that its answer has
	clueLike                  // likeness of its best phrasing by the model
	clueTop                   // best BM25 of any article, logarithm
	clueKnown                 // share of the question's weight that stands in the statutes
	clueNear                  // likeness of the nearest candidate by the model
	clueLength                // characters, logarithm
	clueCover                 // share of the question that its best phrasing has
	clueCoverage              // share of the question that the best article has
	clueScore                 // score of the best article
	clueSpoken                // share of the question's weight that FAQs and guides know
	clueRare                  // logarithm of how many of its terms they do not know
	clueChatty                // how much more its terms are those of chatter, mean …
	clueChattySum             // … and sum
	clueBias
	clues
)

// They are fitted on questions against chatter (docs/RETRIEVAL.md): where
// statutes are held, where content alone taught the model, and where nothing was
// learnt.
var (
	certain = [clues]float64{
		clueFit: 0.16, clueContain: 2.98, clueDigest: -1.17, clueLike: 3.81, clueTop: 0.55, clueKnown: -0.20,
		clueNear: 4.03, clueLength: 1.04, clueCover: -3.56, clueCoverage: -0.29, clueScore: -0.03, clueSpoken: 1.76,
		clueRare: -0.40, clueChatty: -1.20, clueChattySum: -1.63, clueBias: -8.90,
	}
	certainByContent = [clues]float64{
		clueFit: 0.23, clueContain: 3.38, clueDigest: -1.43, clueLike: 4.59, clueLength: 0.48, clueCover: -0.94,
		clueSpoken: 1.17, clueRare: -0.70, clueChatty: -1.07, clueChattySum: -1.49, clueBias: -4.93,
	}
	certainByWords = [clues]float64{
		clueFit: 0.26, clueContain: 5.77, clueDigest: 0.95, clueCover: -3.54,
		clueSpoken: 1.84, clueRare: -0.35, clueChatty: -1.10, clueChattySum: -2.03, clueBias: -2.56,
	}
)

// farOff is the fit of what does not fit at all.
const farOff = 3.0

// certainty is the chance that the message is a question that the desk can
// answer.
func (s *snapshot) certainty(a *inquiry) float64 {
	w := &certain
	switch {
	case a.vector == nil:
		w = &certainByWords
	case s.lex == nil:
		w = &certainByContent
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
	c[clueChatty], c[clueChattySum] = s.bridge.chatty(a.text)
	c[clueChattySum] = math.Max(-20, math.Min(20, c[clueChattySum])) / 10
	c[clueFit] = -farOff
	if len(a.content) > 0 {
		m := a.content[0]
		c[clueFit] = math.Max(-farOff, float64(m.score))
		c[clueCover] = float64(m.facet[facetCover])
		c[clueContain], c[clueDigest] = float64(m.facet[facetContain]), float64(m.facet[facetDigest])
		c[clueLike] = float64(m.facet[facetLike])
	}
	if len(a.cands) > 0 {
		c[clueCoverage], c[clueScore] = float64(a.cands[0].sig[sigCoverage]), float64(a.cands[0].score)
	}
	c[clueSpoken], c[clueRare] = s.spoken(a)
	for i := range a.cands {
		c[clueNear] = math.Max(c[clueNear], float64(a.cands[i].sig[sigModel]))
	}
	return c
}

// spoken tells which share of the question's terms FAQs and guides know, and
// the logarithm of how many they do not.
func (s *snapshot) spoken(a *inquiry) (share, rare float64) {
	var all, has float64
	eachTerm(a.text, func(t string) {
		all++
		if len(s.bridge.questions.texts(t)) > 0 || len(s.bridge.digests.texts(t)) > 0 {
			has++
		}
	})
	if all == 0 {
		return 0, 0
	}
	return has / all, math.Log1p(all - has)
}
