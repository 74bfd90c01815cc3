package index

import (
	"math"
	"strings"

	"github.com/anjie-desk/anjie/knowledge"
)

// bridge holds the FAQs and guides: what they are asked and what they say, as
// two small inverted indexes, and the articles that each of them cites.
type bridge struct {
	docs      *store
	kinds     []knowledge.Kind
	units     []uint32 // document of each phrasing
	questions *small   // one entry a phrasing
	digests   *small   // one entry a document
	cites     [][]uint32
}

func newBridge(docs *store, cols *columns) (*bridge, error) {
	b := &bridge{docs: docs, questions: newSmall(), digests: newSmall()}
	for i := range docs.count() {
		d, err := docs.document(uint32(i)) //nolint:gosec // below count
		if err != nil {
			return nil, err
		}
		b.kinds = append(b.kinds, d.Kind)
		for _, q := range phrasings(&d) {
			b.units = append(b.units, uint32(i)) //nolint:gosec // below count
			b.questions.add(fold(q))
		}
		b.digests.add(fold(strings.Join([]string{d.Title, d.Text}, " ")))
		b.cites = append(b.cites, cited(&d, cols))
	}
	b.questions.finish()
	b.digests.finish()
	return b, nil
}

// phrasings are the questions that d answers; its title is one if it is an FAQ.
func phrasings(d *knowledge.Document) []string {
	if d.Kind == knowledge.FAQ {
		return append([]string{d.Title}, d.Questions...)
	}
	return d.Questions
}

// cited are the articles that d cites and the corpus holds, decisive first.
func cited(d *knowledge.Document, cols *columns) []uint32 {
	var out []uint32
	for _, c := range d.Citations {
		ord, ok := cols.find(c.Law, c.Version, c.Article)
		if ok {
			out = append(out, ord)
		}
	}
	return out
}

// small is an inverted index of few short texts, in memory.
type small struct {
	post   map[string][]smallPosting
	length []float64
	norm   []float32
}

type smallPosting struct {
	doc uint32
	tf  float32
}

func newSmall() *small { return &small{post: map[string][]smallPosting{}} }

func (s *small) add(folded string) {
	doc := uint32(len(s.length)) //nolint:gosec // few texts
	tf, total := count(folded)
	for t, n := range tf {
		s.post[t] = append(s.post[t], smallPosting{doc, float32(n)})
	}
	s.length = append(s.length, float64(total))
}

func (s *small) finish() { s.norm = normalise(s.length) }

// score returns BM25 by document; only what matches has an entry.
func (s *small) score(terms []weighted) map[uint32]float32 {
	out := map[uint32]float32{}
	for _, w := range terms {
		post := s.post[w.term]
		gain := w.weight * idf(len(s.length), len(post)) * (bm25K + 1)
		for _, p := range post {
			out[p.doc] += gain * p.tf / (p.tf + s.norm[p.doc])
		}
	}
	return out
}

// ideal is what a text equal to the question would about score: the measure of
// how well a real one does.
func (s *small) ideal(terms []weighted) float32 {
	var sum float64
	for _, w := range terms {
		sum += float64(w.weight * idf(len(s.length), len(s.post[w.term])))
	}
	return float32(math.Max(sum, 1e-6))
}
