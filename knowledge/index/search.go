package index

import (
	"context"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/knowledge"
)

// Feature is a part of the ranking that can be switched off to measure it.
type Feature string

// The features, as the ablation table names them.
const (
	FeatureHierarchy Feature = "hierarchy" // rank of the law
	FeatureStructure Feature = "structure" // chapter, law, title and heading
	FeatureCited     Feature = "cited"     // references between articles and laws
	FeatureText      Feature = "text"      // coverage and phrases
	FeatureAge       Feature = "age"       // age, length, opening and stale articles
	FeatureLexicon   Feature = "lexicon"   // people's words → statutes' words
	FeatureHomophone Feature = "homophone" // misspelt words
	FeatureModel     Feature = "model"     // the learned vectors
	FeatureBridge    Feature = "bridge"    // FAQs and guides
)

// Features lists all features in the order of the table.
func Features() []Feature {
	return []Feature{
		FeatureHierarchy, FeatureStructure, FeatureCited, FeatureText, FeatureAge,
		FeatureLexicon, FeatureHomophone, FeatureModel, FeatureBridge,
	}
}

// candidates is how many articles the words, and as many the model, propose.
const candidates = 300

// search runs one query on this snapshot.
func (s *snapshot) search(ctx context.Context, q knowledge.Query) (knowledge.Result, error) {
	res := knowledge.Result{Version: s.version}
	a, err := s.ask(ctx, q)
	if err != nil {
		return res, err
	}
	defer s.scratch.Put(a.tally)
	res.Certainty = s.certainty(a)
	if res.Near, err = s.near(a); err != nil {
		return res, err
	}
	res.Hits, err = s.hits(a, q)
	return res, err
}

// inquiry is one question on its way through the ranking.
type inquiry struct {
	text    string // folded
	terms   []weighted
	tally   *tally
	today   int32
	day     int32
	open    []bool       // by law: whether its articles may come up
	vector  *vectorQuery // nil without a model
	passage *passage

	cands   []candidate
	at      map[uint32]int // place of each article in cands
	content []match        // best first

	top, topLaw, topChapter float32 // best BM25 of any article, law, chapter
	best                    float32 // best score of any article, before FAQs and guides
}

// ask finds and ranks articles, FAQs and guides. The caller gives the tally
// back.
func (s *snapshot) ask(ctx context.Context, q knowledge.Query) (*inquiry, error) {
	t, _ := s.scratch.Get().(*tally)
	t.reset()
	a := &inquiry{text: s.plain(q.Text), tally: t, day: dayNumber(q.AsOf), today: dayNumber(s.opt.Now()), at: map[uint32]int{}}
	var beyond bool
	a.open, beyond = s.openLaws(a.text, a.day)
	a.terms = s.terms(a.text)
	if s.lex != nil {
		if err := s.lex.score(ctx, a.terms, t, beyond); err != nil {
			return nil, err
		}
	}
	s.pick(a)
	if err := s.rank(a); err != nil {
		return nil, err
	}
	if err := s.matches(a); err != nil {
		return nil, err
	}
	a.sort()
	return a, nil
}

func (s *snapshot) without(f Feature) bool { return slices.Contains(s.opt.Without, f) }

// asking are the words that make a sentence a question and say nothing of what
// is asked.
var asking = strings.NewReplacer(
	"怎么办", " ", "怎么", " ", "怎样", " ", "该如何", " ", "如何", " ", "什么时候", " ", "什么样", " ", "为什么", " ", "什么", " ",
	"吗", " ", "呢", " ", "吧", " ", "是否", " ", "能不能", " ", "可不可以", " ", "请问", " ", "哪些", " ", "哪个", " ", "哪里", " ",
	"多少", " ", "多久", " ", "我们", " ", "我的", " ", "咋办", " ", "咋", " ", "啥", " ", "啊", " ", "你好", " ", "您好", " ",
)

// plain is the folded question without the words that only ask.
func (s *snapshot) plain(text string) string {
	folded := s.spell(fold(text))
	if bare := asking.Replace(folded); strings.TrimSpace(bare) != "" {
		return bare
	}
	return folded
}

// expanded is what a word counts for that the question does not have itself.
const expanded = 0.7

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
			eachTerm(m, func(t string) { add(t, expanded) })
		}
	}
	if !s.without(FeatureHomophone) {
		eachTerm(text, func(t string) {
			if right, ok := s.sounds.correct(t); ok {
				add(right, expanded)
			}
		})
	}
	return out
}

// pick gathers the candidates: the articles that match the words best and
// those nearest in the model, as far as they are in force and of our place.
func (s *snapshot) pick(a *inquiry) {
	var list []scored
	for _, ord := range a.tally.arts {
		if a.open[s.cols.Law[ord]] {
			list = append(list, scored{ord, a.tally.art[ord]})
			a.top = max(a.top, a.tally.art[ord])
		}
	}
	for _, c := range best(list, candidates) {
		a.add(c.ord)
	}
	if s.model == nil || s.without(FeatureModel) {
		return
	}
	q := s.model.query(s.model.Vocab.features(a.text))
	a.vector = &q
	for _, c := range s.model.nearest(&q, candidates, func(chapter uint32) bool { return a.open[s.cols.HeadLaw[chapter]] }) {
		a.add(c.ord)
	}
}

// add makes an article a candidate and returns its place.
func (a *inquiry) add(ord uint32) (i int, fresh bool) {
	if i, known := a.at[ord]; known {
		return i, false
	}
	a.at[ord] = len(a.cands)
	a.cands = append(a.cands, candidate{ord: ord})
	return len(a.cands) - 1, true
}
