package bot

import (
	"math"

	"github.com/anjie-desk/anjie/content"
)

// likeness sorts a text by how alike it is to phrasings of known type: naive
// Bayes over pairs of neighbouring characters. It fills in where no word list
// reaches, and never outvotes a telling word.
type likeness struct {
	pairs map[pair]map[string]float64 // type to how often
	total map[string]float64
	types []string
}

type pair [2]rune

const (
	likenessWeight = 2.0 // the most that likeness adds to a type's votes
	likenessSmooth = 0.3 // added to each count
)

// learn counts the pairs of FAQ phrasings and lexicon words, by the type to
// which categories assign their field.
func learn(categories []content.Category, faqs []content.FAQ, terms []content.Term) *likeness {
	l := &likeness{pairs: map[pair]map[string]float64{}, total: map[string]float64{}}
	typeOf := map[string]string{}
	for _, c := range categories {
		for _, f := range c.Fields {
			typeOf[f] = c.Key
		}
	}
	for _, q := range faqs {
		if t := typeOf[q.Field]; t != "" {
			l.add(t, q.Question)
			for _, p := range q.Phrasings {
				l.add(t, p)
			}
		}
	}
	for _, w := range terms {
		if t := typeOf[w.Field]; t != "" && len([]rune(w.Say)) > 1 {
			l.add(t, w.Say)
		}
	}
	return l
}

func (l *likeness) add(kind, text string) {
	if _, known := l.total[kind]; !known {
		l.types = append(l.types, kind)
	}
	eachPair(normalise(text), func(p pair) {
		by := l.pairs[p]
		if by == nil {
			by = map[string]float64{}
			l.pairs[p] = by
		}
		by[kind]++
		l.total[kind]++
	})
}

// of gives each type between 0 and likenessWeight votes for a normalised text.
func (l *likeness) of(text string) map[string]float64 {
	votes := map[string]float64{}
	if len(l.types) < 2 {
		return votes
	}
	logs := make([]float64, len(l.types))
	known := 0
	eachPair(text, func(p pair) {
		by := l.pairs[p]
		if by == nil {
			return
		}
		known++
		for i, t := range l.types {
			logs[i] += math.Log((by[t] + likenessSmooth) / (l.total[t] + likenessSmooth*float64(len(l.pairs))))
		}
	})
	if known == 0 {
		return votes
	}
	// Long texts would give certainty for nothing: their evidence is thinned.
	share(logs, math.Min(1, 12/float64(known)))
	for i, t := range l.types {
		votes[t] = likenessWeight * logs[i]
	}
	return votes
}

// share turns logarithms into shares of one, in place.
func share(logs []float64, scale float64) {
	top, sum := math.Inf(-1), 0.0
	for _, v := range logs {
		top = math.Max(top, v)
	}
	for i, v := range logs {
		logs[i] = math.Exp((v - top) * scale)
		sum += logs[i]
	}
	for i := range logs {
		logs[i] /= sum
	}
}

func eachPair(text string, do func(pair)) {
	var last rune
	for _, r := range text {
		if last != 0 && last != pause && r != pause {
			do(pair{last, r})
		}
		last = r
	}
}
