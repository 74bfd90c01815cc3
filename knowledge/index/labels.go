package index

import "math"

// labels are short names of many things: titles of laws, headings of chapters.
// They tell what an article is about that its text takes for granted, and by
// what the question does not share, that it is about something else.
type labels struct {
	terms [][]labelTerm
	total []float32 // sum of weights, by label
}

type labelTerm struct {
	hash   uint64
	weight float32
}

func newLabels(folded []string) *labels {
	l := &labels{terms: make([][]labelTerm, len(folded)), total: make([]float32, len(folded))}
	df := map[uint64]int{}
	for i, text := range folded {
		seen := map[uint64]bool{}
		eachTerm(text, func(t string) {
			if h := hashTerm(t); !seen[h] {
				seen[h] = true
				df[h]++
				l.terms[i] = append(l.terms[i], labelTerm{hash: h})
			}
		})
	}
	n := float64(len(folded))
	for i, terms := range l.terms {
		for k := range terms {
			terms[k].weight = float32(math.Log(n / float64(df[terms[k].hash])))
			l.total[i] += terms[k].weight
		}
	}
	return l
}

// meet returns how much of label i the question has, and how much it lacks, in
// units of a term's weight.
func (l *labels) meet(i int, question map[uint64]bool) (hit, miss float32) {
	for _, t := range l.terms[i] {
		if question[t.hash] {
			hit += t.weight
		}
	}
	return hit, l.total[i] - hit
}
