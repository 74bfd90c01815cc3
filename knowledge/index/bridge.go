package index

import (
	"math"

	"github.com/anjie-desk/anjie/knowledge"
)

// bridge holds the FAQs and guides: what they are asked and what they say, as
// two small inverted indexes, and the articles that each of them cites.
type bridge struct {
	docs      *store
	kinds     []knowledge.Kind
	cites     [][]uint32 // articles, decisive first
	since     []int32    // first day on which all that a document cites was in force
	units     []uint32   // document of each phrasing
	first     []uint32   // first phrasing of each document, and one more
	questions *small     // one entry a phrasing
	digests   *small     // one entry a document
	whole     *small     // the same with its phrasings
	vectors   []byte     // phrasings × dim; nil without a model
	scales    []float32
	asked     int      // terms of all phrasings
	texts     []string // folded phrasings, until the homophones are known
}

func newBridge(docs *store, cols *columns, m *model) (*bridge, error) {
	b := &bridge{docs: docs, questions: newSmall(), digests: newSmall(), whole: newSmall()}
	for i := range docs.count() {
		d, err := docs.document(uint32(i))
		if err != nil {
			return nil, err
		}
		b.kinds, b.first = append(b.kinds, d.Kind), append(b.first, uint32(len(b.units)))
		digest := fold(d.Title + " " + d.Text)
		whole := digest
		for _, q := range phrasings(&d) {
			folded := fold(q)
			b.addPhrasing(uint32(i), folded, m)
			whole += " " + folded
		}
		b.digests.add(digest)
		b.whole.add(whole)
		b.cites = append(b.cites, cited(&d, cols))
		b.since = append(b.since, since(&d))
	}
	b.first = append(b.first, uint32(len(b.units)))
	b.questions.finish()
	for _, post := range b.questions.post {
		b.asked += len(post)
	}
	b.digests.finish()
	b.whole.finish()
	return b, nil
}

func (b *bridge) addPhrasing(doc uint32, folded string, m *model) {
	b.units = append(b.units, doc)
	b.questions.add(folded)
	b.texts = append(b.texts, folded)
	if m != nil {
		q := m.query(m.Vocab.features(folded))
		b.vectors, b.scales = append(b.vectors, q.bytes[:]...), append(b.scales, q.scale)
	}
}

// likeness is how like the question the likest phrasing of a document is by the
// model, and 0 if none is.
func (b *bridge) likeness(q *vectorQuery, doc uint32) float32 {
	var top float32
	for u := b.first[doc]; u < b.first[doc+1]; u++ {
		top = max(top, q.scale*b.scales[u]*float32(dot8(q.bytes[:], b.vectors[int(u)*dim:])))
	}
	return top
}

// phrasings are the questions that d answers; its title is one if it is an FAQ.
func phrasings(d *knowledge.Document) []string {
	if d.Kind == knowledge.FAQ && (len(d.Questions) == 0 || d.Questions[0] != d.Title) {
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

// since is the first day on which all versions that d cites were in force.
func since(d *knowledge.Document) int32 {
	day := int32(minDay)
	for _, c := range d.Citations {
		day = max(day, dayOf(c.Effective, c.Version))
	}
	return day
}

// small is an inverted index of few short texts, in memory.
type small struct {
	post map[string][]uint32
	n    int
	idf  map[string]float32
	self []float32 // sum of idf over a text's distinct terms
}

func newSmall() *small { return &small{post: map[string][]uint32{}} }

func (s *small) add(folded string) {
	doc := uint32(s.n)
	eachTerm(folded, func(t string) {
		post := s.post[t]
		if len(post) == 0 || post[len(post)-1] != doc {
			s.post[t] = append(post, doc)
		}
	})
	s.n++
}

func (s *small) finish() {
	s.idf, s.self = make(map[string]float32, len(s.post)), make([]float32, s.n)
	for t, post := range s.post {
		w := idf(s.n, len(post))
		s.idf[t] = w
		for _, doc := range post {
			s.self[doc] += w
		}
	}
}

// shared adds up by text the weight of the terms that it shares with the
// question, and says what a text with all of them would have.
func (s *small) shared(terms []weighted) (sum []float32, ideal float32) {
	sum = make([]float32, s.n)
	rare := idf(s.n, 0)
	for _, w := range terms {
		weight, known := s.idf[w.term]
		if !known {
			ideal += w.weight * rare
			continue
		}
		ideal += w.weight * weight
		for _, doc := range s.post[w.term] {
			sum[doc] += w.weight * weight
		}
	}
	return sum, float32(math.Max(float64(ideal), 1e-6))
}
