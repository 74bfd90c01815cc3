package index

import (
	"github.com/anjie-desk/anjie/knowledge"
)

// bridge holds the FAQs and guides: what they are asked and what they say, as
// small inverted indexes, and the articles that each of them cites.
type bridge struct {
	docs      *store
	kinds     []knowledge.Kind
	cites     [][]uint32      // articles, decisive first
	explained map[uint32]bool // articles that any of them cites
	since     []int32         // first day on which all that a document cites was in force
	units     []uint32        // document of each phrasing
	first     []uint32        // first phrasing of each document, and one more
	questions *small          // one entry a phrasing
	digests   *small          // one entry a document
	whole     *small          // the same with its phrasings
	vectors   []byte          // phrasings × dim; nil without a model
	scales    []float32
	centres   []byte // documents × dim: the middle of a document's phrasings
	centred   []float32
	asked     [2]int   // terms of all phrasings, and of those of FAQs
	texts     []string // folded phrasings, until the homophones are known
}

func newBridge(docs *store, cols *columns, m *model) (*bridge, error) {
	b := &bridge{docs: docs, explained: map[uint32]bool{}}
	questions, digests, whole := newSmall(), newSmall(), newSmall()
	for i := range docs.count() {
		d, err := docs.document(uint32(i))
		if err != nil {
			return nil, err
		}
		b.kinds, b.first = append(b.kinds, d.Kind), append(b.first, uint32(len(b.units)))
		all := []string{fold(d.Title + " " + d.Text)}
		digests.add(all[0])
		for _, q := range phrasings(&d) {
			folded := fold(q)
			b.units, b.texts, all = append(b.units, uint32(i)), append(b.texts, folded), append(all, folded)
			questions.add(folded)
		}
		whole.add(all...)
		cites := cited(&d, cols)
		b.cites = append(b.cites, cites)
		for _, ord := range cites {
			b.explained[ord] = true
		}
		b.since = append(b.since, since(&d))
	}
	b.first = append(b.first, uint32(len(b.units)))
	b.questions, b.digests, b.whole = questions.finish(), digests.finish(), whole.finish()
	b.count()
	if m != nil {
		b.encode(m)
	}
	return b, nil
}

// count adds up the terms of all phrasings, and of those of FAQs.
func (b *bridge) count() {
	b.asked = [2]int{len(b.questions.docs), 0}
	for _, u := range b.questions.docs {
		if b.speaks(u) {
			b.asked[1]++
		}
	}
}

// speaks tells whether a phrasing is an FAQ's: those are residents' words.
func (b *bridge) speaks(phrasing uint32) bool { return b.kinds[b.units[phrasing]] == knowledge.FAQ }

// encode makes the vectors of all phrasings, and of the middle of each
// document's.
func (b *bridge) encode(m *model) {
	b.vectors, b.scales = make([]byte, len(b.texts)*dim), make([]float32, len(b.texts))
	parallel(len(b.texts), func(i int) {
		q := m.query(m.Vocab.features(b.texts[i]))
		copy(b.vectors[i*dim:], q.bytes[:])
		b.scales[i] = q.scale
	})
	b.centres, b.centred = make([]byte, len(b.kinds)*dim), make([]float32, len(b.kinds))
	parallel(len(b.kinds), func(doc int) {
		var middle [dim]float32
		for u := b.first[doc]; u < b.first[doc+1]; u++ {
			for j, v := range b.vectors[int(u)*dim : int(u)*dim+dim] {
				middle[j] += b.scales[u] * float32(int8(v))
			}
		}
		unit(middle[:])
		b.centred[doc] = quantise(middle[:], b.centres[doc*dim:])
	})
}

// centreLikeness is how like the question a document's phrasings are as a whole.
func (b *bridge) centreLikeness(q *vectorQuery, doc uint32) float32 {
	return q.scale * b.centred[doc] * float32(dot8(&q.wide, b.centres[int(doc)*dim:]))
}

// likeness is how like the question the likest phrasing of a document is by the
// model, and 0 if none is.
func (b *bridge) likeness(q *vectorQuery, doc uint32) float32 {
	var top float32
	for u := b.first[doc]; u < b.first[doc+1]; u++ {
		top = max(top, q.scale*b.scales[u]*float32(dot8(&q.wide, b.vectors[int(u)*dim:])))
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
