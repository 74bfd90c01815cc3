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
// of what FAQs and guides are asked: the mean and the sum of the logarithms of
// odds.
func (b *bridge) chatty(text string) (mean, sum float64) {
	tf, total := chatterWords()
	n := 0
	asked := float64(b.asked)
	eachTerm(text, func(t string) {
		chat, legal := float64(tf[t]), float64(len(b.questions.texts(t)))
		sum += math.Log((chat+0.1)/(float64(total)+1000)) - math.Log((legal+0.5)/(asked+5000))
		n++
	})
	if n == 0 {
		return 0, 0
	}
	return sum / float64(n), sum
}
