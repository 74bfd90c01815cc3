package index

import (
	"math"
	"slices"
)

// small is an inverted index of few short texts, in memory: the hashes of its
// terms in order, and the texts that each stands in.
type small struct {
	n     int // texts
	terms []uint64
	from  []uint32 // by term, where its texts begin; one more than there are terms
	docs  []uint32
	self  []float32 // sum of idf over a text's distinct terms
}

// smallBuilder gathers texts for a small index.
type smallBuilder struct {
	n    int
	ids  map[uint64]uint32 // number of each term, as they come
	last []uint32          // by number: text in which the term stood last, from 1
	seq  []uint32          // numbers of the distinct terms of all texts, one after another
	ends []uint32          // by text
}

func newSmall() *smallBuilder { return &smallBuilder{ids: map[uint64]uint32{}} }

// add takes up the distinct terms of a folded text in parts.
func (b *smallBuilder) add(parts ...string) {
	b.n++
	for _, folded := range parts {
		eachTerm(folded, func(t string) {
			h := hashTerm(t)
			id, known := b.ids[h]
			if !known {
				id = uint32(len(b.last))
				b.ids[h], b.last = id, append(b.last, 0)
			}
			if b.last[id] != uint32(b.n) {
				b.last[id] = uint32(b.n)
				b.seq = append(b.seq, id)
			}
		})
	}
	b.ends = append(b.ends, uint32(len(b.seq)))
}

// finish makes the index of what was added.
func (b *smallBuilder) finish() *small {
	s := &small{n: b.n, terms: make([]uint64, 0, len(b.ids)), self: make([]float32, b.n)}
	for h := range b.ids {
		s.terms = append(s.terms, h)
	}
	slices.Sort(s.terms)
	place := b.last // of each term, by its number
	for i, h := range s.terms {
		place[b.ids[h]] = uint32(i)
	}
	s.from = make([]uint32, len(s.terms)+1)
	for _, id := range b.seq {
		s.from[place[id]+1]++
	}
	for i := range s.terms {
		s.from[i+1] += s.from[i]
	}
	s.docs = make([]uint32, len(b.seq))
	next, at := slices.Clone(s.from), uint32(0)
	for doc, end := range b.ends {
		for ; at < end; at++ {
			term := place[b.seq[at]]
			s.docs[next[term]] = uint32(doc)
			next[term]++
			s.self[doc] += idf(s.n, int(s.from[term+1]-s.from[term]))
		}
	}
	return s
}

// texts are those in which a term stands, in order.
func (s *small) texts(term string) []uint32 {
	i, known := slices.BinarySearch(s.terms, hashTerm(term))
	if !known {
		return nil
	}
	return s.docs[s.from[i]:s.from[i+1]]
}

// shared adds up by text the weight of the terms that it shares with the
// question, and says what a text with all of them would have.
func (s *small) shared(terms []weighted) (sum []float32, ideal float32) {
	sum = make([]float32, s.n)
	for _, w := range terms {
		docs := s.texts(w.term)
		gain := w.weight * idf(s.n, len(docs))
		ideal += gain
		for _, doc := range docs {
			sum[doc] += gain
		}
	}
	return sum, float32(math.Max(float64(ideal), 1e-6))
}
