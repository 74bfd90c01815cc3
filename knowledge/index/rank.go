package index

import (
	"cmp"
	"math"
	"slices"
)

// signal is one number that tells how well an article answers a question.
type signal int

const (
	sigWords        signal = iota // BM25, as a share of the best
	sigLaw                        // the same of the whole law …
	sigChapter                    // … and of the chapter
	sigCoverage                   // share of the question's weight that the text has
	sigPhrase                     // share of its neighbouring terms that stand together
	sigLength                     // logarithm of the number of terms
	sigCited                      // logarithm of how many articles refer to it
	sigNamed                      // logarithm of how many articles name its law
	sigAge                        // decades since the version
	sigOpening                    // first article, or supplementary provisions
	sigTitleHit                   // what the law's title shares with the question …
	sigTitleMiss                  // … and what it is about beside
	sigHeadHit                    // what the chapter's heading shares with it
	sigStale                      // a newer revision exists that is not held
	sigModel                      // likeness by the model, of the article …
	sigChapterModel               // … and of its chapter
	sigAsked                      // an FAQ or guide cites it that is asked what comes nearer to the question than any article …
	sigAskedBriefly               // … in a few words of which the question has most …
	sigAskedWords                 // … or that shares more of the question's words
	sigRank                       // the first of as many as there are ranks
	signals         = sigRank + signal(ranks)
)

// weights are what the signals count for, fitted by a listwise loss over the
// questions of the tuning set in blocks (docs/RETRIEVAL.md). The tuning set
// has no local law, so that local law's weight is set by hand.
var weights = [signals]float32{
	sigWords: 1.39, sigLaw: 0.93, sigChapter: 0.46, sigCoverage: 9.29, sigPhrase: -3.20, sigLength: 0.06,
	sigCited: 0.27, sigNamed: 0.55, sigAge: 0.12, sigOpening: -0.27, sigTitleHit: 0.01, sigTitleMiss: -0.29,
	sigHeadHit: -0.10, sigStale: -0.37, sigModel: 5.28, sigChapterModel: 0.59,
	sigAsked: 18.5, sigAskedBriefly: -3.51, sigAskedWords: 9.8,

	sigRank + signal(rankOther): -3, sigRank + signal(rankConstitution): 0.56,
	sigRank + signal(rankCivilCode): 1.03, sigRank + signal(rankCriminalLaw): 1.33, sigRank + signal(rankStatute): 0.05,
	sigRank + signal(rankInterpretation): 1.68, sigRank + signal(rankRegulation): 0.04,
	sigRank + signal(rankRule): -2.41, sigRank + signal(rankLocal): -2.5,
}

// switched says which signals a feature stands for.
var switched = map[Feature][]signal{
	FeatureStructure: {sigLaw, sigChapter, sigTitleHit, sigTitleMiss, sigHeadHit},
	FeatureCited:     {sigCited, sigNamed},
	FeatureText:      {sigCoverage, sigPhrase},
	FeatureAge:       {sigAge, sigOpening, sigStale, sigLength},
}

// weightsFor are the weights with the features switched off left out.
func weightsFor(without []Feature) [signals]float32 {
	w := weights
	for _, f := range without {
		for _, sig := range switched[f] {
			w[sig] = 0
		}
		if f == FeatureHierarchy {
			clear(w[sigRank:])
		}
	}
	return w
}

type candidate struct {
	ord   uint32
	sig   [signals]float32
	score float32
}

// rank weighs all candidates.
func (s *snapshot) rank(a *inquiry) error {
	a.passage = newPassage(s, a)
	for _, c := range a.cands {
		a.topLaw = max(a.topLaw, a.tally.law[s.cols.Law[c.ord]])
		a.topChapter = max(a.topChapter, a.tally.cha[s.cols.Chapter[c.ord]])
	}
	a.best = math.MinInt32
	for i := range a.cands {
		if err := s.weigh(a, &a.cands[i]); err != nil {
			return err
		}
		a.best = max(a.best, a.cands[i].score)
	}
	return nil
}

// weigh fills in the signals of c and its score.
func (s *snapshot) weigh(a *inquiry, c *candidate) error {
	law, chapter := s.cols.Law[c.ord], s.cols.Chapter[c.ord]
	c.sig[sigWords] = a.tally.art[c.ord] / max(a.top, 1e-6)
	c.sig[sigLaw] = a.tally.law[law] / max(a.topLaw, 1e-6)
	c.sig[sigChapter] = a.tally.cha[chapter] / max(a.topChapter, 1e-6)
	if a.vector != nil {
		c.sig[sigModel] = s.model.likeness(a.vector, c.ord)
		c.sig[sigChapterModel] = s.model.chapterLikeness(a.vector, chapter)
	}
	s.standing(a, c)
	if err := a.passage.read(c); err != nil {
		return err
	}
	for k, w := range s.weights {
		c.score += w * c.sig[k]
	}
	return nil
}

// maxLabel caps what a long title or heading can count for.
const maxLabel = 3

// standing fills in what the law and the article are, whatever was asked.
func (s *snapshot) standing(a *inquiry, c *candidate) {
	law, chapter := s.cols.Law[c.ord], s.cols.Chapter[c.ord]
	row := &s.cols.Laws[law]
	c.sig[sigRank+signal(row.Rank)] = 1
	c.sig[sigLength] = logOf(int(s.cols.Length[c.ord]))
	c.sig[sigCited], c.sig[sigNamed] = logOf(int(s.cols.Cited[c.ord])), logOf(int(row.Named))
	c.sig[sigAge] = float32(max(0, a.day-row.Day)) / daysPerDecade
	if s.cols.Opening[c.ord] {
		c.sig[sigOpening] = 1
	}
	if a.day >= row.Newer {
		c.sig[sigStale] = 1
	}
	hit, miss := s.titles.meet(int(law), a.passage.has)
	c.sig[sigTitleHit], c.sig[sigTitleMiss] = min(hit/10, maxLabel), min(miss/10, 2*maxLabel)
	hit, _ = s.heads.meet(int(chapter), a.passage.has)
	c.sig[sigHeadHit] = min(hit/10, maxLabel)
}

const daysPerDecade = 3652

func logOf(n int) float32 { return float32(math.Log1p(float64(n))) }

// sort puts the best candidate first.
func (a *inquiry) sort() {
	slices.SortFunc(a.cands, func(x, y candidate) int {
		if c := cmp.Compare(y.score, x.score); c != 0 {
			return c
		}
		return cmp.Compare(x.ord, y.ord)
	})
	for i := range a.cands {
		a.at[a.cands[i].ord] = i
	}
}
