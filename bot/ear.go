package bot

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/content"
)

// ear hears emergencies in words that no rule foresaw. It has learnt them from
// the examples of the rules and, as what is harmless, from their negatives and
// the phrasings of the FAQs: logistic regression over runs of one to three
// characters, the same at every start.
type ear struct {
	index  map[string]int32 // run of characters to its row
	weight []float32        // a row of len(kinds)+1 for each run; the first column is "harmless"
	bias   []float32
	kinds  []string
	rate   []float32 // sum of squared steps, while learning
}

// lesson is one text to learn from.
type lesson struct {
	runs []int32
	due  int // column
}

const (
	earEpochs = 6
	earStep   = 0.3
	earDecay  = 1e-4
	earSure   = 0.85 // probability that is enough alone
	earHint   = 0.60 // probability that is enough beside a weak signal
	earLeast  = 4    // known runs, fewer tell nothing
	earStress = 1.5  // weight of an emergency among the many harmless texts
)

// newEar learns from rules and from what residents ask in calm. It is nil, and
// then hears nothing, if there is nothing to learn from.
func newEar(rules []content.Triage, harmless []string) *ear {
	e := &ear{index: map[string]int32{}}
	var lessons []lesson
	for i, r := range rules {
		e.kinds = append(e.kinds, r.Kind)
		for _, text := range r.Examples.Positive {
			lessons = append(lessons, lesson{e.learnRuns(text), i + 1})
		}
		for _, text := range slices.Concat(r.Examples.Negative, r.Examples.Calm) {
			if !strings.Contains(text, " => ") { // names another kind that it does trip
				lessons = append(lessons, lesson{e.learnRuns(text), 0})
			}
		}
	}
	for _, text := range harmless {
		lessons = append(lessons, lesson{e.learnRuns(text), 0})
	}
	if len(lessons) == 0 || len(harmless) == 0 {
		return nil
	}
	e.study(lessons)
	return e
}

func (e *ear) columns() int { return len(e.kinds) + 1 }

// study makes stochastic steps (AdaGrad) over the lessons in a fixed order.
func (e *ear) study(lessons []lesson) {
	n := e.columns()
	e.weight = make([]float32, len(e.index)*n)
	e.rate = make([]float32, len(e.index)*n)
	e.bias = make([]float32, n)
	order := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same order at every start is wanted
	p := make([]float64, n)
	for range earEpochs {
		order.Shuffle(len(lessons), func(i, j int) { lessons[i], lessons[j] = lessons[j], lessons[i] })
		for _, l := range lessons {
			e.chances(l.runs, p)
			e.step(l, p)
		}
	}
	e.rate = nil
}

func (e *ear) step(l lesson, p []float64) {
	n, scale := e.columns(), 1/math.Sqrt(float64(max(1, len(l.runs))))
	for c := range p {
		miss := -p[c]
		if c == l.due {
			miss++
		}
		if l.due > 0 {
			miss *= earStress
		}
		e.bias[c] += float32(0.05 * miss)
		for _, r := range l.runs {
			at := int(r)*n + c
			g := float32(miss*scale) - earDecay*e.weight[at]
			e.rate[at] += g * g
			e.weight[at] += earStep * g / float32(math.Sqrt(float64(e.rate[at])+1e-6))
		}
	}
}

// chances puts the probability of each column into p.
func (e *ear) chances(runs []int32, p []float64) {
	n, scale := e.columns(), 1/math.Sqrt(float64(max(1, len(runs))))
	for c := range p {
		p[c] = float64(e.bias[c])
	}
	for _, r := range runs {
		row := e.weight[int(r)*n : int(r)*n+n]
		for c, w := range row {
			p[c] += float64(w) * scale
		}
	}
	top, sum := slices.Max(p), 0.0
	for c, v := range p {
		p[c] = math.Exp(v - top)
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
}

// hear returns how likely a normalised text is an emergency at all, and of
// which kind it would be.
func (e *ear) hear(text string) (danger float64, kind int) {
	runs := e.runs(text)
	if len(runs) < earLeast {
		return 0, 0
	}
	p := make([]float64, e.columns())
	e.chances(runs, p)
	for i := range e.kinds {
		if p[i+1] > p[kind+1] {
			kind = i
		}
	}
	return 1 - p[0], kind
}

// learnRuns numbers every run of text, new ones too.
func (e *ear) learnRuns(text string) []int32 {
	var out []int32
	eachRun(normalise(text), func(run string) {
		id, known := e.index[run]
		if !known {
			id = int32(len(e.index)) //nolint:gosec // tens of thousands of runs
			e.index[strings.Clone(run)] = id
		}
		out = append(out, id)
	})
	slices.Sort(out)
	return slices.Compact(out)
}

func (e *ear) runs(text string) []int32 {
	var out []int32
	eachRun(text, func(run string) {
		if id, known := e.index[run]; known {
			out = append(out, id)
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// eachRun calls do with every run of one to three characters of a clause.
func eachRun(text string, do func(string)) {
	var ends []int // byte offsets of the last starts within the clause
	for i, r := range text {
		if r == pause || r == blankMark {
			ends = ends[:0]
			continue
		}
		ends = append(ends, i)
		end := i + len(string(r))
		for back := 1; back <= 3 && back <= len(ends); back++ {
			do(text[ends[len(ends)-back]:end])
		}
	}
}
