package index

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

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
	c := course{
		steps: max(1, tuneEpochs*len(teacher.items)/tuneBatch), batch: tuneBatch,
		temperature: tuneTemperature, rate: tuneRate, next: teacher.next,
	}
	t := base.table(v)
	progress := func(done, total int) { opt.progress(StageTuning, done, total) }
	if err := t.learn(ctx, c, rand.New(rand.NewPCG(3, 4)), progress); err != nil { //nolint:gosec // the same input has to give the same model
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
	items []tutorItem
	hard  [][]uint32 // by document: articles that look right and are not cited
}

type tutorItem struct {
	text string // folded
	doc  int
	ord  uint32
	owns []uint64
}

func newTutor(v *vocab, whole []sparse, docs []knowledge.Document, cols *columns) *tutor {
	t := &tutor{v: v, whole: whole, hard: make([][]uint32, len(docs))}
	for i := range docs {
		ords := cited(&docs[i], cols)
		owns := make([]uint64, len(ords))
		for k, o := range ords {
			owns[k] = uint64(o)
		}
		texts := append(slices.Clone(phrasings(&docs[i])), docs[i].Text)
		for _, text := range texts {
			for _, o := range ords {
				t.items = append(t.items, tutorItem{text: fold(text), doc: i, ord: o, owns: owns})
			}
		}
	}
	return t
}

func (t *tutor) next(rng *rand.Rand) pair {
	it := &t.items[rng.IntN(len(t.items))]
	p := pair{left: t.v.features(it.text), right: t.whole[it.ord], target: uint64(it.ord), owns: it.owns}
	if h := t.hard[it.doc]; len(h) > 0 {
		p.hard = t.whole[h[rng.IntN(len(h))]]
	}
	return p
}

// findHard asks the postings for articles like each document's questions that
// it does not cite.
func (t *tutor) findHard(ctx context.Context, docs []knowledge.Document, lex *lexical) error {
	tl := newTally(lex.cols)
	for i := range docs {
		tl.reset()
		tf, _ := count(fold(strings.Join(phrasings(&docs[i]), " ")))
		terms := make([]weighted, 0, len(tf))
		for _, term := range slices.Sorted(maps.Keys(tf)) {
			terms = append(terms, weighted{term, 1})
		}
		if err := lex.score(ctx, terms, tl, false); err != nil {
			return err
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
	}
	return nil
}
