package needs

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/content"
)

// Cluster is needs about one thing.
type Cluster struct {
	ID      string // of the need that leads it
	Needs   []Need // most asked first
	Count   int    // how often all of them came up
	Week    int    // in the week of the board
	Kinds   map[Kind]int
	State   State // of the need that leads it
	To      string
	Nearest *content.FAQ // the entry nearest to it now, nil if none is near
}

// Examples are the words of the first n needs.
func (c Cluster) Examples(n int) []string {
	var out []string
	for _, x := range c.Needs[:min(n, len(c.Needs))] {
		out = append(out, x.Text)
	}
	return out
}

// Key names all needs of the cluster in one word, as [ParseKey] reads it.
func (c Cluster) Key() string { return strings.Join(c.IDs(), ",") }

// ParseKey reads the ids out of a key; none from an empty one.
func ParseKey(key string) []string {
	return strings.FieldsFunc(key, func(r rune) bool { return r == ',' })
}

// IDs names all needs of the cluster.
func (c Cluster) IDs() []string {
	out := make([]string, len(c.Needs))
	for i, n := range c.Needs {
		out[i] = n.ID
	}
	return out
}

// Likeness, 0 to 1, from which a need joins a cluster: easily where the same
// entry answered both, hardly where different ones did.
const (
	likeSame    = 0.25
	likeUnknown = 0.35
	likeOther   = 0.55
)

// likeness compares questions by the letters and pairs of letters that they
// share, each weighed by how rare it is: 怎么办 is in every question and says
// nothing.
type likeness struct {
	rare map[rune]float64
	most float64 // weight of a letter never seen
}

func newLikeness(samples []string) *likeness {
	l := &likeness{rare: map[rune]float64{}}
	for _, s := range samples {
		seen := map[rune]bool{}
		for _, r := range key(s) {
			if !seen[r] {
				l.rare[r]++
			}
			seen[r] = true
		}
	}
	n := float64(len(samples))
	l.most = math.Log(1 + n + 1)
	for r, df := range l.rare {
		l.rare[r] = math.Log(1 + (n+1)/(df+1))
	}
	return l
}

func (l *likeness) weight(r rune) float64 {
	if w, ok := l.rare[r]; ok {
		return w
	}
	return l.most
}

// features are the letters and pairs of a text with their weights, letters and
// pairs of one half of the whole each.
func (l *likeness) features(text string) map[string]float64 {
	letters, pairs := map[string]float64{}, map[string]float64{}
	var before rune
	for _, r := range key(marks.ReplaceAllString(text, "")) {
		w := l.weight(r)
		letters[string(r)] = w * w
		if before != 0 {
			pairs[string([]rune{before, r})] = w * l.weight(before)
		}
		before = r
	}
	halve(letters)
	halve(pairs)
	maps.Copy(letters, pairs)
	return letters
}

// halve scales weights so that they add up to one half.
func halve(of map[string]float64) {
	sum := 0.0
	for _, k := range slices.Sorted(maps.Keys(of)) { // in order: sums of floats depend on it
		sum += of[k]
	}
	for k := range of {
		of[k] /= 2 * sum
	}
}

// leader is the need that a cluster grew from, at the cluster's place.
type leader struct {
	entry string
	state State
	to    string
}

// holder is a leader that has a feature, with its weight.
type holder struct {
	leader int
	weight float64
}

// clusters sorts needs into clusters: each joins the most alike leader before
// it, or leads one of its own. The same needs give the same clusters, whatever
// their order. Needs in different states never meet.
func (l *likeness) clusters(list []Need) []Cluster {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Need) int {
		return cmp.Or(cmp.Compare(b.Count(), a.Count()), a.First.Compare(b.First), cmp.Compare(a.ID, b.ID))
	})
	var out []Cluster
	var leaders []leader
	index := map[string][]holder{}
	for _, n := range list {
		features := l.features(n.Text)
		at := join(n, features, leaders, index)
		if at < 0 {
			at = len(out)
			for f, w := range features {
				index[f] = append(index[f], holder{at, w})
			}
			leaders = append(leaders, leader{n.Entry, n.State, n.To})
			out = append(out, Cluster{ID: n.ID, State: n.State, To: n.To, Kinds: map[Kind]int{}})
		}
		out[at].add(n)
	}
	return out
}

// join finds the cluster that a need belongs to, -1 for none.
func join(n Need, features map[string]float64, leaders []leader, index map[string][]holder) int {
	shared := make([]float64, len(leaders))
	for _, f := range slices.Sorted(maps.Keys(features)) {
		for _, h := range index[f] {
			shared[h.leader] += math.Sqrt(features[f] * h.weight)
		}
	}
	best, like := -1, 0.0
	for i, d := range leaders {
		if d.state == n.State && d.to == n.To && shared[i] >= limit(n.Entry, d.entry) && shared[i] > like {
			best, like = i, shared[i]
		}
	}
	return best
}

func limit(a, b string) float64 {
	switch {
	case a == "" || b == "":
		return likeUnknown
	case a == b:
		return likeSame
	}
	return likeOther
}

func (c *Cluster) add(n Need) {
	c.Needs = append(c.Needs, n)
	for k, v := range n.Kinds {
		c.Kinds[k] += v
		c.Count += v
	}
}
