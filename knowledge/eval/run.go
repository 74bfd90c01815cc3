package eval

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
)

// Options say how to measure. The zero value asks for everything.
type Options struct {
	// Kinds restricts the search; [knowledge.Article] alone is "statutes only".
	Kinds []knowledge.Kind
	// Progress is told after each question; nil means that nobody asks.
	Progress func(done, total int)
	Now      func() time.Time // nil means time.Now
}

// Scores are averages over a question set, shares from 0 to 1. The recall of
// a question is the share of its articles among the first k.
type Scores struct {
	N         int     `json:"n"`
	Recall1   float64 `json:"recall@1"`
	Recall5   float64 `json:"recall@5"`
	Recall10  float64 `json:"recall@10"`
	Recall20  float64 `json:"recall@20"`
	Recall100 float64 `json:"recall@100"`
	MRR10     float64 `json:"mrr@10"`
	Hit1      float64 `json:"hit@1"`
	Hit3      float64 `json:"hit@3"`
	Certain   float64 `json:"certain"` // mean certainty
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	RSS       float64 `json:"rss_mb"` // of the process, after the run; 0 where unknown
}

// Outcome is what became of one question.
type Outcome struct {
	ID        string
	Ranks     []int // of each gold article, from 1; 0 if not among the first 100
	Certainty float64
	Took      time.Duration
}

// depth is how many articles are looked at.
const depth = 100

// Run asks every question once, one after another, and scores the answers. A
// question without gold is timed but not scored.
func Run(ctx context.Context, s knowledge.Searcher, set []Question, opt Options) (Scores, []Outcome, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	outcomes := make([]Outcome, 0, len(set))
	for i, q := range set {
		o, err := ask(ctx, s, q, opt)
		if err != nil {
			return Scores{}, nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
		outcomes = append(outcomes, o)
		if opt.Progress != nil {
			opt.Progress(i+1, len(set))
		}
	}
	scores := Summarise(outcomes)
	scores.RSS = residentMB()
	return scores, outcomes, nil
}

func ask(ctx context.Context, s knowledge.Searcher, q Question, opt Options) (Outcome, error) {
	start := opt.Now()
	res, err := s.Search(ctx, knowledge.Query{Text: q.Text, Kinds: opt.Kinds, Limit: depth})
	took := opt.Now().Sub(start)
	if err != nil {
		return Outcome{}, err
	}
	found := Flatten(res)
	ranks := make([]int, len(q.Gold))
	for i, ref := range q.Gold {
		ranks[i] = slices.Index(found, ref.key()) + 1
	}
	return Outcome{ID: q.ID, Ranks: ranks, Certainty: res.Certainty, Took: took}, nil
}

// Flatten lists the articles of a result by rank: an FAQ or guide counts for
// the articles that it cites, in the order cited; an article counts once.
func Flatten(res knowledge.Result) []string {
	var out []string
	seen := map[string]bool{}
	for _, h := range res.Hits {
		cites := h.Document.Citations
		if h.Document.Kind == knowledge.Article && len(cites) > 1 {
			cites = cites[:1]
		}
		for _, c := range cites {
			key := Ref{Law: c.Law, Article: c.Article}.key()
			if !seen[key] {
				seen[key] = true
				out = append(out, key)
			}
		}
	}
	return out
}

// Summarise averages outcomes; those without gold count for time alone.
func Summarise(outcomes []Outcome) Scores {
	var s Scores
	var took []time.Duration
	for _, o := range outcomes {
		took = append(took, o.Took)
		s.Certain += o.Certainty / float64(len(outcomes))
		if len(o.Ranks) > 0 {
			s.N++
			s.add(o.Ranks)
		}
	}
	if s.N > 0 {
		for _, v := range []*float64{&s.Recall1, &s.Recall5, &s.Recall10, &s.Recall20, &s.Recall100, &s.MRR10, &s.Hit1, &s.Hit3} {
			*v /= float64(s.N)
		}
	}
	s.P50, s.P99 = percentile(took, 50), percentile(took, 99)
	return s
}

func (s *Scores) add(ranks []int) {
	best := 0
	for _, r := range ranks {
		if r > 0 && (best == 0 || r < best) {
			best = r
		}
	}
	within := func(k int) float64 {
		n := 0
		for _, r := range ranks {
			if r > 0 && r <= k {
				n++
			}
		}
		return float64(n) / float64(len(ranks))
	}
	s.Recall1 += within(1)
	s.Recall5 += within(5)
	s.Recall10 += within(10)
	s.Recall20 += within(20)
	s.Recall100 += within(100)
	if best == 0 {
		return
	}
	if best <= 10 {
		s.MRR10 += 1 / float64(best)
	}
	if best <= 3 {
		s.Hit3++
	}
	if best == 1 {
		s.Hit1++
	}
}

// percentile is in milliseconds; 0 of nothing.
func percentile(took []time.Duration, p int) float64 {
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	at := min(len(sorted)-1, len(sorted)*p/100)
	return float64(sorted[at].Microseconds()) / 1000
}
