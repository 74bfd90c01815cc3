package corpus

import (
	"strings"
	"unicode"
)

// longestQuote is how many characters of a statute may stand in the content
// in one run: more is copying, not explaining.
const longestQuote = 40

const base = 1_000_003 // of the rolling hash

// copies knows every run of the content one longer than allowed, by hash.
type copies struct {
	runs map[uint64]run
	top  uint64 // base to the power of the run's length, less one
}

type run struct {
	at   place
	text string
}

func newCopies() *copies {
	c := &copies{runs: map[uint64]run{}, top: 1}
	for range longestQuote {
		c.top *= base
	}
	return c
}

// add takes in a text of the content.
func (c *copies) add(at place, text string) {
	runes := compact(text)
	c.each(runes, func(h uint64, i int) {
		if _, ok := c.runs[h]; !ok {
			c.runs[h] = run{at, string(runes[i : i+longestQuote+1])}
		}
	})
}

// compact leaves spaces and line breaks out.
func compact(s string) []rune {
	return []rune(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s))
}

// each calls found with the hash and start of every run of runes.
func (c *copies) each(runes []rune, found func(h uint64, i int)) {
	var h uint64
	for i, r := range runes {
		if i > longestQuote {
			h -= uint64(runes[i-longestQuote-1]) * c.top //nolint:gosec // a rune is never negative
		}
		h = h*base + uint64(r) //nolint:gosec // a rune is never negative
		if i >= longestQuote {
			found(h, i-longestQuote)
		}
	}
}

// copied goes through every article held and reports each entry once that
// repeats more than [longestQuote] characters of one.
func (c *checker) copied() {
	if len(c.copies.runs) == 0 {
		return
	}
	told := map[place]bool{}
	for _, l := range c.set.Laws() {
		for _, v := range l.Versions {
			arts, err := v.Articles()
			if err != nil {
				continue
			}
			for _, a := range arts {
				runes := compact(a.Text)
				c.copies.each(runes, func(h uint64, i int) {
					r, ok := c.copies.runs[h]
					if ok && !told[r.at] && r.text == string(runes[i:i+longestQuote+1]) {
						told[r.at] = true
						c.report(r.at, r.text, "check.copied", map[string]any{"Run": string(runes[i : i+12]), "Law": l.Short, "Article": a.No, "Max": longestQuote})
					}
				})
			}
		}
	}
}
