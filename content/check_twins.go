package content

import (
	"strings"
	"unicode"
)

// Plain is a question without marks and spaces.
func Plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// asked is one question of one entry.
type asked struct {
	at       place
	text     string
	standard bool // the entry's own question, not a phrasing
	grams    map[string]bool
}

const (
	twinQuestion = 0.64 // likeness from which two standard questions are one
	twinPhrasing = 0.92 // the same for phrasings of two entries
)

// twins finds questions that two entries both claim: the search could not
// tell which to answer. FAQs are compared with FAQs, guides with guides.
func (c *checker) twins() {
	var faqs, guides []asked
	for _, f := range c.lib.FAQs {
		at := place{file: f.File, entry: f.ID}
		faqs = append(faqs, askedBy(at, &f)...)
	}
	for _, g := range c.lib.Guides {
		for _, q := range g.Questions {
			guides = append(guides, newAsked(place{file: g.File, entry: g.Article}, q, false))
		}
	}
	c.compare(faqs)
	c.compare(guides)
}

func askedBy(at place, f *FAQ) []asked {
	out := []asked{newAsked(at.in("question"), f.Question, true)}
	for _, p := range f.Phrasings {
		out = append(out, newAsked(at.in("phrasings"), p, false))
	}
	return out
}

func newAsked(at place, text string, standard bool) asked {
	at.near = text
	r := []rune(Plain(text))
	a := asked{at: at, text: text, standard: standard, grams: map[string]bool{}}
	for i := 1; i < len(r); i++ {
		a.grams[string(r[i-1:i+1])] = true
	}
	return a
}

// compare counts shared pairs of characters through an index of them, so that
// only questions with something in common meet.
func (c *checker) compare(list []asked) {
	index := map[string][]int{}
	for i, a := range list {
		shared := map[int]int{}
		for g := range a.grams {
			for _, j := range index[g] {
				shared[j]++
			}
			index[g] = append(index[g], i)
		}
		c.nearest(list, i, shared)
	}
}

func (c *checker) nearest(list []asked, i int, shared map[int]int) {
	a := list[i]
	best, like := -1, 0.0
	for j, n := range shared {
		b := list[j]
		if b.at.file == a.at.file && b.at.entry == a.at.entry {
			continue
		}
		limit := twinPhrasing
		if a.standard && b.standard {
			limit = twinQuestion
		}
		v := float64(n) / float64(len(a.grams)+len(b.grams)-n)
		if v >= limit && (v > like || v == like && j < best) {
			best, like = j, v
		}
	}
	if best >= 0 {
		b := list[best]
		c.report(a.at, "check.twin", map[string]any{"One": a.text, "Other": b.text, "Entry": b.at.entry, "File": b.at.file})
	}
}
