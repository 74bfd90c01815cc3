package statute

import (
	"hash/fnv"
	"strings"
	"time"
)

// ChangeKind says what happened to an article between two versions.
type ChangeKind string

// Kinds of a [Change].
const (
	Added      ChangeKind = "added"
	Removed    ChangeKind = "removed"
	Changed    ChangeKind = "changed"
	Renumbered ChangeKind = "renumbered" // the same words under another number
)

// Change is one article that differs. Old or New is "" when it was added or
// removed.
type Change struct {
	Kind         ChangeKind
	Old, New     string // numbers
	Before, Text string // what it said, what it says now
}

// Diff compares two versions of a law article by article, in the order of the
// later one; removed articles come where they stood. Articles are matched by
// their words, since a revision renumbers what follows an insertion.
func (s *Set) Diff(law, from, to string) ([]Change, error) {
	a, err := s.articlesOf(law, from)
	if err != nil {
		return nil, err
	}
	b, err := s.articlesOf(law, to)
	if err != nil {
		return nil, err
	}
	return align(a, b), nil
}

// comparand is one article prepared for comparison.
type comparand struct {
	Article
	sum   uint64
	grams map[string]int
}

func (s *Set) articlesOf(law, day string) ([]comparand, error) {
	v, err := s.Choose(law, day, time.Time{})
	if err != nil {
		return nil, err
	}
	arts, err := v.Articles()
	if err != nil {
		return nil, err
	}
	out := make([]comparand, len(arts))
	for i, a := range arts {
		words := strings.Map(bareRune, a.Text)
		h := fnv.New64a()
		_, _ = h.Write([]byte(words)) // never fails
		out[i] = comparand{Article: a, sum: h.Sum64(), grams: bigrams(words)}
	}
	return out, nil
}

func bigrams(s string) map[string]int {
	r := []rune(s)
	out := make(map[string]int, len(r))
	for i := 1; i < len(r); i++ {
		out[string(r[i-1:i+1])]++
	}
	return out
}

// alike is the Dice coefficient of two articles' bigrams, 0 to 1.
func alike(a, b comparand) float64 {
	if a.sum == b.sum {
		return 1
	}
	small, large := a.grams, b.grams
	na, nb := count(small), count(large)
	if na == 0 || nb == 0 || min(na, nb)*5 < max(na, nb) {
		return 0
	}
	if len(small) > len(large) {
		small, large = large, small
	}
	both := 0
	for g, n := range small {
		both += min(n, large[g])
	}
	return 2 * float64(both) / float64(na+nb)
}

func count(g map[string]int) (n int) {
	for _, c := range g {
		n += c
	}
	return n
}

const (
	sameArticle = 0.45 // alike enough to be the same article, reworded
	searchBand  = 40   // how far an article moves at most, in places
)

// align finds the pairs of articles whose likeness adds up highest without
// crossing (a longest common subsequence with weights), then reports the rest.
func align(a, b []comparand) []Change {
	best := make([][]float64, len(a)+1)
	for i := range best {
		best[i] = make([]float64, len(b)+1)
	}
	like := func(i, j int) float64 {
		if shift := len(b) * i / max(len(a), 1); j < shift-searchBand || j > shift+searchBand {
			if a[i].sum != b[j].sum {
				return 0
			}
		}
		if v := alike(a[i], b[j]); v >= sameArticle {
			return v
		}
		return 0
	}
	cache := make(map[[2]int]float64)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if v := like(i, j); v > 0 {
				cache[[2]int{i, j}] = v
				best[i][j] = max(best[i][j], v+best[i+1][j+1])
			}
		}
	}
	return walk(a, b, best, cache)
}

func walk(a, b []comparand, best [][]float64, like map[[2]int]float64) []Change {
	var out []Change
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		pair := false
		if i < len(a) && j < len(b) {
			v, ok := like[[2]int{i, j}]
			pair = ok && best[i][j] == v+best[i+1][j+1]
		}
		switch {
		case pair:
			if c, differs := compare(a[i], b[j]); differs {
				out = append(out, c)
			}
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || best[i][j] == best[i+1][j]):
			out = append(out, Change{Kind: Removed, Old: a[i].No, Before: a[i].Text})
			i++
		default:
			out = append(out, Change{Kind: Added, New: b[j].No, Text: b[j].Text})
			j++
		}
	}
	return out
}

func compare(a, b comparand) (Change, bool) {
	c := Change{Old: a.No, New: b.No, Before: a.Text, Text: b.Text}
	switch {
	case a.sum != b.sum:
		c.Kind = Changed
	case a.No != b.No:
		c.Kind = Renumbered
	default:
		return Change{}, false
	}
	return c, true
}
