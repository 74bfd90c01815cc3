package index

import (
	"unicode/utf8"
)

// lexicon adds the statutes' words to a question asked in other words.
type lexicon struct {
	means   map[string][]string // folded
	longest int                 // runes of the longest entry
	all     []string            // the statutes' words, folded
}

func newLexicon(terms []Term) *lexicon {
	l := &lexicon{means: map[string][]string{}}
	for _, t := range terms {
		say := fold(t.Say)
		for _, m := range t.Means {
			l.means[say] = append(l.means[say], fold(m))
			l.all = append(l.all, fold(m))
		}
		if len(t.Means) == 0 {
			l.means[say] = nil
		}
		l.longest = max(l.longest, utf8.RuneCountInString(say))
	}
	return l
}

// expansions are the statutes' words for what stands in the folded text, the
// longest entry at each place.
func (l *lexicon) expansions(text string) []string {
	var out []string
	runes := []rune(text)
	for i := 0; i < len(runes); {
		step := 1
		for n := min(l.longest, len(runes)-i); n > 0; n-- {
			if means, ok := l.means[string(runes[i:i+n])]; ok {
				out = append(out, means...)
				step = n
				break
			}
		}
		i += step
	}
	return out
}
