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
	tuneEpochs      = 3
	tuneBatch       = 256
	tuneTemperature = 0.1
	tuneRate        = 0.035
	tuneCourses     = 2  // whole courses from one start, each in an order of its own; their average is kept
	hardest         = 60 // how many look-alikes of a document are told apart
	siblings        = 1  // how often a text is taught against another of its document, to once against each article
	leastSpoken     = 2  // FAQs and guides in which a spoken word must stand
)

// tune returns base taught by the content. Where an earlier model knows most of
// it, it learns on from that: what is new, with as much of the rest beside.
func tune(ctx context.Context, base *model, had *earlier, arts, docs []knowledge.Document, lex *lexical, opt BuildOptions) (*model, error) {
	v := base.Vocab.extend(spoken(docs))
	whole := make([]sparse, len(arts))
	parallel(len(arts), func(i int) { whole[i] = v.features(articleText(&arts[i])) })
	teacher := newTutor(v, whole, docs, lex.cols)
	if len(teacher.items) == 0 {
		return base, nil
	}
	t, warm := base.table(v), 0
	var rounds [][]int32
	if fresh := had.fresh(docs); fresh != nil {
		t, warm = had.model.table(v), had.model.Warm+1
		rounds = append(rounds, teacher.freshRound(fresh, tutorRand(0)))
	} else {
		for k := range tuneCourses {
			rounds = append(rounds, teacher.round(tutorRand(k)))
		}
	}
	if err := teacher.findHard(ctx, docs, lex, rounds); err != nil {
		return nil, err
	}
	if err := teacher.teach(ctx, t, rounds, opt); err != nil {
		return nil, err
	}
	m := newModel(v, t, whole, lex.cols)
	m.Sums, m.Warm = t.sums, warm
	return m, nil
}

// tutorRand draws for course k: the same input has to give the same model.
func tutorRand(k int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(3+7*k), 4)) //nolint:gosec // see above
}

// teach gives tb each round from the same start and leaves the average in it:
// what one order of the pairs favours by chance moves Hit@3 by a point either
// way (docs/RETRIEVAL.md).
func (t *tutor) teach(ctx context.Context, tb *table, rounds [][]int32, opt BuildOptions) error {
	rows, sums := slices.Clone(tb.rows), slices.Clone(tb.sums)
	average := make([]float32, len(rows))
	for k, order := range rounds {
		copy(tb.rows, rows)
		copy(tb.sums, sums)
		t.order = order
		steps := len(order) / tuneBatch
		c := course{steps: steps, batch: tuneBatch, temperature: tuneTemperature, rate: tuneRate, next: t.next}
		progress := func(done, _ int) { opt.progress(StageTuning, k*steps+done, len(rounds)*steps) }
		if err := tb.learn(ctx, c, tutorRand(k+tuneCourses), progress); err != nil {
			return err
		}
		axpy(1/float32(len(rounds)), tb.rows, average)
	}
	copy(tb.rows, average)
	return nil
}

// table lets a model learn on; what the vocabulary adds begins at zero.
func (m *model) table(v *vocab) *table {
	n := len(v.IDF)
	t := &table{rows: make([]float32, n*dim), sums: make([]float32, n*shards)}
	for at, h := range v.Slots {
		if h == 0 {
			continue
		}
		from, known := m.Vocab.idOf(h)
		if !known {
			continue
		}
		to := v.IDs[at]
		for j, row := 0, t.row(to); j < dim; j++ {
			row[j] = m.RowScale[from] * float32(int8(m.Rows[int(from)*dim+j]))
		}
		if m.Sums != nil {
			copy(t.sums[int(to)*shards:int(to)*shards+shards], m.Sums[int(from)*shards:])
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
	first []int32    // first text of each document, and one more
	order []int32    // items in the order in which they are taught, whole batches
	hard  [][]uint32 // by document: articles that look right and are not cited
}

// tutorItem is a text with an article that its document cites, or with another
// text of the same document.
type tutorItem struct {
	text    int32
	doc     int32
	ord     uint32
	sibling bool
	owns    []uint64
}

// docTarget names a document among what articles' places name.
const docTarget = 1 << 40

func newTutor(v *vocab, whole []sparse, docs []knowledge.Document, cols *columns) *tutor {
	t := &tutor{v: v, whole: whole, hard: make([][]uint32, len(docs))}
	var folded []string
	for i := range docs {
		ords := cited(&docs[i], cols)
		owns := make([]uint64, len(ords), len(ords)+1)
		for k, o := range ords {
			owns[k] = uint64(o)
		}
		owns = append(owns, docTarget|uint64(i))
		t.first = append(t.first, int32(len(folded)))
		texts := append(slices.Clone(phrasings(&docs[i])), docs[i].Text)
		for _, text := range texts {
			it := tutorItem{text: int32(len(folded)), doc: int32(i), owns: owns}
			for _, o := range taught(&docs[i], ords, cols) {
				it.ord = o
				t.items = append(t.items, it)
			}
			if it.sibling = len(texts) > 1; it.sibling {
				for range siblings {
					t.items = append(t.items, it)
				}
			}
			folded = append(folded, fold(text))
		}
	}
	t.first = append(t.first, int32(len(folded)))
	t.texts = make([]sparse, len(folded))
	parallel(len(folded), func(i int) { t.texts[i] = v.features(folded[i]) })
	return t
}

// taught are the articles against which a document's texts are taught: what an
// FAQ rests on, and the one article that a guide explains. Those that a guide
// only points to answer other questions.
func taught(d *knowledge.Document, ords []uint32, cols *columns) []uint32 {
	if d.Kind != knowledge.Guide || len(ords) == 0 {
		return ords
	}
	own := d.Citations[0]
	if ord, held := cols.find(own.Law, own.Version, own.Article); !held || ord != ords[0] {
		return nil
	}
	return ords[:1]
}

// round lays down a course on all items, each as often as any other.
func (t *tutor) round(rng *rand.Rand) []int32 {
	n := max(1, tuneEpochs*len(t.items)/tuneBatch) * tuneBatch
	order := make([]int32, 0, n+len(t.items))
	for len(order) < n {
		for _, i := range rng.Perm(len(t.items)) {
			order = append(order, int32(i))
		}
	}
	return order[:n]
}

func (t *tutor) next(n int, rng *rand.Rand) pair {
	it := &t.items[t.order[n]]
	if it.sibling {
		from, to := t.first[it.doc], t.first[it.doc+1]
		other := from + rng.Int32N(to-from-1)
		if other >= it.text {
			other++
		}
		return pair{left: t.texts[it.text], right: t.texts[other], target: docTarget | uint64(it.doc), owns: it.owns}
	}
	p := pair{left: t.texts[it.text], right: t.whole[it.ord], target: uint64(it.ord), owns: it.owns}
	if h := t.hard[it.doc]; len(h) > 0 {
		p.hard = t.whole[h[rng.IntN(len(h))]]
	}
	return p
}

// findHard asks the postings for articles like the questions of each document
// that is taught in rounds, that it does not cite and another does: an article
// that is nowhere right would only ever be pushed away.
func (t *tutor) findHard(ctx context.Context, docs []knowledge.Document, lex *lexical, rounds [][]int32) error {
	var tallies sync.Pool
	var failed atomic.Pointer[error]
	tallies.New = func() any { return newTally(lex.cols) }
	taught := make([]bool, len(docs))
	for _, i := range slices.Concat(rounds...) {
		taught[t.items[i].doc] = true
	}
	somewhere := map[uint32]bool{}
	for i := range t.items {
		if !t.items[i].sibling {
			somewhere[t.items[i].ord] = true
		}
	}
	parallel(len(docs), func(i int) {
		if !taught[i] {
			return
		}
		tl, _ := tallies.Get().(*tally)
		defer tallies.Put(tl)
		tl.reset()
		if err := lex.score(ctx, wordsOf(&docs[i]), tl, false); err != nil {
			failed.Store(&err)
			return
		}
		var list []scored
		for _, ord := range tl.arts {
			if somewhere[ord] {
				list = append(list, scored{ord, tl.art[ord]})
			}
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
