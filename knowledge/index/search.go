package index

import (
	"cmp"
	"context"
	"slices"

	"github.com/anjie-desk/anjie/knowledge"
)

// Feature is a part of the ranking that can be switched off to measure it.
type Feature string

// The features, as the ablation table names them.
const (
	FeatureHierarchy Feature = "hierarchy"
	FeatureStructure Feature = "structure"
	FeatureCited     Feature = "cited"
	FeatureLexicon   Feature = "lexicon"
	FeatureBridge    Feature = "bridge"
)

const candidates = 300

// search runs one query on this snapshot.
func (s *snapshot) search(ctx context.Context, q knowledge.Query) (knowledge.Result, error) {
	res := knowledge.Result{Version: s.version}
	a, err := s.ask(ctx, q)
	if err != nil {
		return res, err
	}
	defer s.scratch.Put(a.tally)
	res.Hits, err = s.hits(a, q)
	res.Certainty = s.certainty(a)
	return res, err
}

// inquiry is one question on its way through the ranking.
type inquiry struct {
	text    string // folded
	terms   []weighted
	tally   *tally
	today   int32
	day     int32
	cands   []candidate // best first
	content []match     // best first
	top     float32     // best BM25 of any article
}

type candidate struct {
	ord   uint32
	bm25  float32
	score float32
}

// match is an FAQ or guide that the question resembles.
type match struct {
	doc      uint32
	question float32 // likeness of its best phrasing, 0 to about 1
	digest   float32
	score    float32
}

func (s *snapshot) ask(ctx context.Context, q knowledge.Query) (*inquiry, error) {
	t, _ := s.scratch.Get().(*tally)
	t.reset()
	a := &inquiry{text: fold(q.Text), tally: t, day: dayNumber(q.AsOf), today: dayNumber(s.opt.Now())}
	a.terms = s.terms(a.text)
	if s.lex != nil {
		if err := s.lex.score(ctx, a.terms, t); err != nil {
			return nil, err
		}
	}
	s.pick(a)
	s.matches(a)
	s.rank(a)
	return a, nil
}

func (s *snapshot) without(f Feature) bool { return slices.Contains(s.opt.Without, f) }

// terms are the words that the question is looked up by.
func (s *snapshot) terms(text string) []weighted {
	var out []weighted
	at := map[string]int{}
	add := func(term string, weight float32) {
		if i, ok := at[term]; ok {
			out[i].weight = max(out[i].weight, weight)
			return
		}
		at[term] = len(out)
		out = append(out, weighted{term, weight})
	}
	eachTerm(text, func(t string) { add(t, 1) })
	if !s.without(FeatureLexicon) {
		for _, m := range s.words.expansions(text) {
			eachTerm(m, func(t string) { add(t, 0.7) })
		}
	}
	return out
}

// pick takes the articles that match the words best, as far as they are in
// force and of our place.
func (s *snapshot) pick(a *inquiry) {
	for _, ord := range a.tally.arts {
		if !s.eligible(ord, a) {
			continue
		}
		a.cands = append(a.cands, candidate{ord: ord, bm25: a.tally.art[ord]})
		a.top = max(a.top, a.tally.art[ord])
	}
	slices.SortFunc(a.cands, func(x, y candidate) int {
		if c := cmp.Compare(y.bm25, x.bm25); c != 0 {
			return c
		}
		return cmp.Compare(x.ord, y.ord)
	})
	a.cands = a.cands[:min(candidates, len(a.cands))]
}

func (s *snapshot) eligible(ord uint32, a *inquiry) bool {
	return s.cols.inForce(ord, a.day, a.today) && s.local[s.cols.Law[ord]] != elsewhere
}

// hits turns what was ranked into the answer's documents.
func (s *snapshot) hits(a *inquiry, q knowledge.Query) ([]knowledge.Hit, error) {
	var out []knowledge.Hit
	wants := func(k knowledge.Kind) bool { return len(q.Kinds) == 0 || slices.Contains(q.Kinds, k) }
	for _, m := range a.content {
		if len(out) >= q.Limit || m.score < covers {
			break
		}
		if !wants(s.bridge.kinds[m.doc]) {
			continue
		}
		d, err := s.bridge.docs.document(m.doc)
		if err != nil {
			return nil, err
		}
		out = append(out, knowledge.Hit{Document: d, Score: float64(m.score)})
		if len(out) >= maxContent {
			break
		}
	}
	if !wants(knowledge.Article) {
		return out, nil
	}
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
