package index

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/anjie-desk/anjie/knowledge"
)

// The second course teaches people's words: what FAQs and guides are asked,
// against the articles that they cite.
const (
	tuneEpochs      = 6
	tuneBatch       = 256
	tuneTemperature = 0.08
	tuneRate        = 0.025
	hardest         = 60 // how many look-alikes of a document are told apart
	leastSpoken     = 2  // FAQs and guides in which a spoken word must stand
)

// tune returns base taught by the content.
func tune(ctx context.Context, base *model, arts, docs []knowledge.Document, lex *lexical, opt BuildOptions) (*model, error) {
	v := base.Vocab.extend(spoken(docs), leastSpoken)
	whole := make([]sparse, len(arts))
	parallel(len(arts), func(i int) { whole[i] = v.features(articleText(&arts[i])) })
	teacher := newTutor(v, whole, docs, lex.cols)
	if len(teacher.items) == 0 {
		return base, nil
	}
	if err := teacher.findHard(ctx, docs, lex); err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // the same input has to give the same model
	c := course{
		steps: max(1, tuneEpochs*len(teacher.items)/tuneBatch), batch: tuneBatch,
		temperature: tuneTemperature, rate: tuneRate, next: teacher.next,
	}
	teacher.shuffle(c.steps*c.batch, rng)
	t := base.table(v)
	progress := func(done, total int) { opt.progress(StageTuning, done, total) }
	if err := t.learn(ctx, c, rng, progress); err != nil {
		return nil, err
	}
	return newModel(v, t, whole, lex.cols), nil
}

// table lets a model learn on; what the larger vocabulary adds begins at zero.
func (m *model) table(v *vocab) *table {
	n := len(v.IDF)
	t := &table{rows: make([]float32, n*dim), sums: make([]float32, n*shards)}
	for i, scale := range m.RowScale {
		row := t.row(int32(i))
		for j := range row {
			row[j] = scale * float32(int8(m.Rows[i*dim+j]))
		}
	}
	return t
}

// spoken groups the phrasings of content by document, folded.
func spoken(docs []knowledge.Document) [][]string {
	out := make([][]string, len(docs))
	for i := range docs {
		for _, q := range phrasings(&docs[i]) {
			out[i] = append(out[i], fold(q))
		}
	}
	return out
}

// tutor makes the pairs of FAQs and guides.
type tutor struct {
	v     *vocab
	whole []sparse
	texts []sparse // phrasings and answers
	items []tutorItem
	order []int32    // items in the order in which they are taught
	hard  [][]uint32 // by document: articles that look right and are not cited
}

type tutorItem struct {
	text int32
	doc  int32
	ord  uint32
	owns []uint64
}

func newTutor(v *vocab, whole []sparse, docs []knowledge.Document, cols *columns) *tutor {
	t := &tutor{v: v, whole: whole, hard: make([][]uint32, len(docs))}
	var folded []string
	for i := range docs {
		ords := cited(&docs[i], cols)
		owns := make([]uint64, len(ords))
		for k, o := range ords {
			owns[k] = uint64(o)
		}
		texts := append(slices.Clone(phrasings(&docs[i])), docs[i].Text)
		for _, text := range texts {
			for _, o := range ords {
				t.items = append(t.items, tutorItem{text: int32(len(folded)), doc: int32(i), ord: o, owns: owns})
			}
			folded = append(folded, fold(text))
		}
	}
	t.texts = make([]sparse, len(folded))
	parallel(len(folded), func(i int) { t.texts[i] = v.features(folded[i]) })
	return t
}

// shuffle lays down what n draws will take: each item as often as any other.
func (t *tutor) shuffle(n int, rng *rand.Rand) {
	for len(t.order) < n {
		for _, i := range rng.Perm(len(t.items)) {
			t.order = append(t.order, int32(i))
		}
	}
}

func (t *tutor) next(n int, rng *rand.Rand) pair {
	it := &t.items[t.order[n]]
	p := pair{left: t.texts[it.text], right: t.whole[it.ord], target: uint64(it.ord), owns: it.owns}
	if h := t.hard[it.doc]; len(h) > 0 {
		p.hard = t.whole[h[rng.IntN(len(h))]]
	}
	return p
}

// findHard asks the postings for articles like each document's questions that
// it does not cite.
func (t *tutor) findHard(ctx context.Context, docs []knowledge.Document, lex *lexical) error {
	var tallies sync.Pool
	var failed atomic.Pointer[error]
	tallies.New = func() any { return newTally(lex.cols) }
	parallel(len(docs), func(i int) {
		tl, _ := tallies.Get().(*tally)
		defer tallies.Put(tl)
		tl.reset()
		if err := lex.score(ctx, wordsOf(&docs[i]), tl, false); err != nil {
			failed.Store(&err)
			return
		}
		list := make([]scored, len(tl.arts))
		for k, ord := range tl.arts {
			list[k] = scored{ord, tl.art[ord]}
		}
		cites := cited(&docs[i], lex.cols)
		for _, c := range best(list, hardest) {
			if !slices.Contains(cites, c.ord) {
				t.hard[i] = append(t.hard[i], c.ord)
			}
		}
	})
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// wordsOf are the terms of all that a document is asked, in a fixed order.
func wordsOf(d *knowledge.Document) []weighted {
	tf, _ := count(fold(strings.Join(phrasings(d), " ")))
	terms := make([]weighted, 0, len(tf))
	for _, term := range slices.Sorted(maps.Keys(tf)) {
		terms = append(terms, weighted{term, 1})
	}
	return terms
}
