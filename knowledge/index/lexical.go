package index

import (
	"context"
	"fmt"
	"math"

	"github.com/blevesearch/bleve/v2"
	bleveindex "github.com/blevesearch/bleve_index_api"
)

// BM25's usual constants; tuning them moves nothing (docs/RETRIEVAL.md).
const (
	bm25K = 1.2
	bm25B = 0.75
)

// maxShare is the share of articles above which a term is dropped: it halves
// the postings that are read, at no loss.
const maxShare = 0.05

// lexical scores articles, and with them their chapters and laws, by textbook
// BM25 over the postings of a bleve index. It reads postings itself, because
// bleve's own scorer takes distinct terms for the average length and sorts
// twenty thousand hits that nobody asks for.
type lexical struct {
	idx    bleve.Index
	reader bleveindex.IndexReader
	cols   *columns
	ords   []uint32 // bleve's document number → ordinal

	current uint64    // bleve's number of the last article that is the last word
	norm    []float32 // k·(1 − b + b·length/average) by ordinal
	lawNorm []float32
	chaNorm []float32
}

func newLexical(idx bleve.Index, cols *columns, ords []uint32) (*lexical, error) {
	inner, err := idx.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := inner.Reader()
	if err != nil {
		return nil, err
	}
	l := &lexical{idx: idx, reader: reader, cols: cols, ords: ords}
	for i, ord := range ords {
		if int(ord) < cols.Current {
			l.current = uint64(i)
		}
	}
	l.norms()
	return l, nil
}

func (l *lexical) close() error {
	err := l.reader.Close()
	if closeErr := l.idx.Close(); err == nil {
		err = closeErr
	}
	return err
}

func (l *lexical) norms() {
	law, cha := make([]float64, len(l.cols.Laws)), make([]float64, len(l.cols.Heads))
	art := make([]float64, l.cols.count())
	for i, n := range l.cols.Length {
		art[i] = float64(n)
		law[l.cols.Law[i]] += float64(n)
		cha[l.cols.Chapter[i]] += float64(n)
	}
	l.norm, l.lawNorm, l.chaNorm = normalise(art), normalise(law), normalise(cha)
}

func normalise(length []float64) []float32 {
	var sum float64
	for _, n := range length {
		sum += n
	}
	avg := sum / math.Max(1, float64(len(length)))
	out := make([]float32, len(length))
	for i, n := range length {
		out[i] = float32(bm25K * (1 - bm25B + bm25B*n/math.Max(avg, 1)))
	}
	return out
}

func idf(n, df int) float32 {
	return float32(math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5)))
}

// weighted is a term of the question and how much it counts.
type weighted struct {
	term   string
	weight float32
}

// tally is the scratch memory of one search: scores by ordinal, and which are
// set. It is reused, and cleared by its own record of what was touched.
type tally struct {
	art, law, cha      []float32
	arts, laws, chas   []uint32
	runLaw, runCha     []float32 // term frequency in law and chapter, one term
	seenLaws, seenChas []uint32
	idf                map[string]float32
	matched, unmatched float32 // idf weight of terms found in the corpus, and not
}

func newTally(c *columns) *tally {
	return &tally{
		idf: map[string]float32{},
		art: make([]float32, c.count()), law: make([]float32, len(c.Laws)), cha: make([]float32, len(c.Heads)),
		runLaw: make([]float32, len(c.Laws)), runCha: make([]float32, len(c.Heads)),
	}
}

func (t *tally) reset() {
	for _, o := range t.arts {
		t.art[o] = 0
	}
	for _, o := range t.laws {
		t.law[o] = 0
	}
	for _, o := range t.chas {
		t.cha[o] = 0
	}
	t.arts, t.laws, t.chas = t.arts[:0], t.laws[:0], t.chas[:0]
	t.matched, t.unmatched = 0, 0
	clear(t.idf)
}

// score adds up every term's share in t. Without beyond it stops at the last
// article that is the last word: superseded ones stand behind it.
func (l *lexical) score(ctx context.Context, terms []weighted, t *tally, beyond bool) error {
	last := l.current
	if beyond {
		last = math.MaxUint64
	}
	for _, w := range terms {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := l.scoreTerm(ctx, w, t, last); err != nil {
			return fmt.Errorf("read postings: %w", err)
		}
	}
	return nil
}

func (l *lexical) scoreTerm(ctx context.Context, w weighted, t *tally, last uint64) (err error) {
	tfr, err := l.reader.TermFieldReader(ctx, []byte(w.term), textField, true, false, false)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := tfr.Close(); err == nil {
			err = closeErr
		}
	}()
	n, df := l.cols.count(), int(tfr.Count())
	if df == 0 {
		t.unmatched += w.weight
		return nil
	}
	t.matched += w.weight
	t.idf[w.term] = w.weight * idf(n, df)
	if n > 200 && float64(df) > maxShare*float64(n) {
		return nil
	}
	gain := w.weight * idf(n, df) * (bm25K + 1)
	var posting bleveindex.TermFieldDoc
	for {
		p, err := tfr.Next(&posting)
		if err != nil {
			return err
		}
		if p == nil || p.ID.Value() > last {
			break
		}
		t.add(l, l.ords[p.ID.Value()], float32(p.Freq), gain)
	}
	t.endTerm(l, w.weight)
	return nil
}

func (t *tally) add(l *lexical, ord uint32, tf, gain float32) {
	if t.art[ord] == 0 {
		t.arts = append(t.arts, ord)
	}
	t.art[ord] += gain * tf / (tf + l.norm[ord])
	law, cha := l.cols.Law[ord], l.cols.Chapter[ord]
	if t.runLaw[law] == 0 {
		t.seenLaws = append(t.seenLaws, uint32(law))
	}
	if t.runCha[cha] == 0 {
		t.seenChas = append(t.seenChas, cha)
	}
	t.runLaw[law] += tf
	t.runCha[cha] += tf
}

// endTerm turns one term's frequencies in laws and chapters into scores.
func (t *tally) endTerm(l *lexical, weight float32) {
	t.laws = settle(t.seenLaws, t.runLaw, t.law, l.lawNorm, t.laws, weight)
	t.chas = settle(t.seenChas, t.runCha, t.cha, l.chaNorm, t.chas, weight)
	t.seenLaws, t.seenChas = t.seenLaws[:0], t.seenChas[:0]
}

func settle(seen []uint32, run, score, norm []float32, touched []uint32, weight float32) []uint32 {
	gain := weight * idf(len(norm), len(seen)) * (bm25K + 1)
	for _, o := range seen {
		if score[o] == 0 {
			touched = append(touched, o)
		}
		score[o] += gain * run[o] / (run[o] + norm[o])
		run[o] = 0
	}
	return touched
}

// known tells whether a term stands in any article.
func (l *lexical) known(term string) bool {
	tfr, err := l.reader.TermFieldReader(context.Background(), []byte(term), textField, false, false, false)
	if err != nil {
		return true
	}
	n := tfr.Count()
	return tfr.Close() != nil || n > 0
}
