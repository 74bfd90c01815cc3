package index

import (
	_ "embed"
	"math"
	"strings"
	"sync"
)

// chatter is what people write who ask nothing of law: words of everyday
// topics, a topic a line.
//
//go:embed chatter.txt
var chatter string

// chatterWords counts the terms of chatter, and all of them.
var chatterWords = sync.OnceValues(func() (map[string]int, int) {
	tf := map[string]int{}
	total := 0
	for line := range strings.Lines(chatter) {
		eachTerm(fold(line), func(t string) { tf[t]++; total++ })
	}
	return tf, total
})

// chatty says how much more the terms of a question are chatter's than those
// of what FAQs and guides are asked, or FAQs alone: else each guide to rare law
// would make everyday words look more like chatter. It returns the mean and the
// sum of the logarithms of odds.
func (b *bridge) chatty(text string) (mean, sum float64) {
	tf, total := chatterWords()
	n := 0
	eachTerm(text, func(t string) {
		sum += math.Log((float64(tf[t])+0.1)/(float64(total)+1000)) - math.Log(b.legal(t))
		n++
	})
	if n == 0 {
		return 0, 0
	}
	return sum / float64(n), sum
}

// legal is how likely a term is in what is asked: of FAQs, or of all.
func (b *bridge) legal(term string) float64 {
	texts := b.questions.texts(term)
	spoken := 0
	for _, u := range texts {
		if b.speaks(u) {
			spoken++
		}
	}
	const often = 0.5 // of a term that stands nowhere
	odds := func(n, all int) float64 { return (float64(n) + often) / (float64(all) + 5000) }
	return max(odds(len(texts), b.asked[0]), odds(spoken, b.asked[1]))
}
