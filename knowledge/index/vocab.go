package index

import (
	"math"
	"slices"
)

// Features of the model are terms in between: a rare one has not been seen
// often enough to be learnt, a frequent one says nothing.
const (
	minFeatureDocs  = 10
	maxFeatureShare = 0.20
)

// vocab numbers the terms that the model knows. It keeps hashes, not words: a
// collision of 64 bits costs one muddled feature and does not happen.
type vocab struct {
	Slots []uint64 // open addressing; 0 is empty
	IDs   []int32
	IDF   []float32 // by id
}

// sparse is a text as the model sees it: features and their weights, of
// length one.
type sparse struct {
	ids []int32
	ws  []float32
}

func hashTerm(t string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(t) {
		h = (h ^ uint64(t[i])) * 1099511628211
	}
	return max(h, 1)
}

// newVocab counts in how many of texts each term occurs.
func newVocab(texts func(yield func(folded string) bool), n int) *vocab {
	type seen struct{ docs, last int32 }
	df := map[uint64]seen{}
	i := int32(0)
	for text := range texts {
		i++
		eachTerm(text, func(t string) {
			h := hashTerm(t)
			if s := df[h]; s.last != i {
				df[h] = seen{s.docs + 1, i}
			}
		})
	}
	var keep []uint64
	for h, s := range df {
		if s.docs >= minFeatureDocs && float64(s.docs) < maxFeatureShare*float64(n) {
			keep = append(keep, h)
		}
	}
	slices.Sort(keep)
	v := &vocab{}
	for _, h := range keep {
		v.IDF = append(v.IDF, float32(math.Log(float64(n)/float64(df[h].docs))))
	}
	v.place(keep)
	return v
}

// place puts hashes, in order of their ids, into slots.
func (v *vocab) place(hashes []uint64) {
	size := 1024
	for size < 2*len(hashes) {
		size *= 2
	}
	v.Slots, v.IDs = make([]uint64, size), make([]int32, size)
	for id, h := range hashes {
		at := h & uint64(size-1)
		for v.Slots[at] != 0 {
			at = (at + 1) & uint64(size-1)
		}
		v.Slots[at], v.IDs[at] = h, int32(id)
	}
}

// extend returns a vocabulary that also knows the terms of spoken questions:
// those that stand in at least [leastSpoken] of the groups of texts.
func (v *vocab) extend(groups [][]string) *vocab {
	type seen struct{ groups, last int }
	df := map[uint64]seen{}
	for g, texts := range groups {
		for _, text := range texts {
			eachTerm(text, func(t string) {
				if _, known := v.id(t); known {
					return
				}
				h := hashTerm(t)
				if s := df[h]; s.groups == 0 || s.last != g {
					df[h] = seen{s.groups + 1, g}
				}
			})
		}
	}
	var fresh []uint64
	for h, s := range df {
		if s.groups >= leastSpoken {
			fresh = append(fresh, h)
		}
	}
	slices.Sort(fresh)
	hashes := make([]uint64, len(v.IDF), len(v.IDF)+len(fresh))
	for at, h := range v.Slots {
		if h != 0 {
			hashes[v.IDs[at]] = h
		}
	}
	out := &vocab{IDF: slices.Clone(v.IDF)}
	for _, h := range fresh {
		share := float64(df[h].groups) / float64(len(groups))
		out.IDF = append(out.IDF, float32(math.Min(5, -math.Log(share))))
	}
	out.place(append(hashes, fresh...))
	return out
}

func (v *vocab) id(term string) (int32, bool) { return v.idOf(hashTerm(term)) }

func (v *vocab) idOf(h uint64) (int32, bool) {
	mask := uint64(len(v.Slots) - 1)
	for at := h & mask; v.Slots[at] != 0; at = (at + 1) & mask {
		if v.Slots[at] == h {
			return v.IDs[at], true
		}
	}
	return 0, false
}

// features weighs the terms of folded text by (1 + ln tf)·idf.
func (v *vocab) features(folded string) sparse {
	var ids []int32
	eachTerm(folded, func(t string) {
		if id, ok := v.id(t); ok {
			ids = append(ids, id)
		}
	})
	return v.weigh(ids)
}

// weigh takes ids with repetitions, and sorts them.
func (v *vocab) weigh(ids []int32) sparse {
	slices.Sort(ids)
	var s sparse
	var sum float64
	for i := 0; i < len(ids); {
		j := i
		for j < len(ids) && ids[j] == ids[i] {
			j++
		}
		w := float32(1+math.Log(float64(j-i))) * v.IDF[ids[i]]
		s.ids, s.ws = append(s.ids, ids[i]), append(s.ws, w)
		sum += float64(w) * float64(w)
		i = j
	}
	norm := float32(1 / math.Max(math.Sqrt(sum), 1e-9))
	for i := range s.ws {
		s.ws[i] *= norm
	}
	return s
}
