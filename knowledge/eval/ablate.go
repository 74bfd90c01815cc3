package eval

import (
	"context"
	"fmt"
	"strings"

	"github.com/anjie-desk/anjie/knowledge"
)

// Variant is one engine to compare: the whole ranking, the ranking with a
// feature switched off, another engine.
type Variant struct {
	Name string
	Open func() (s knowledge.Searcher, done func() error, err error)
}

// Row is what a variant scored.
type Row struct {
	Name string `json:"name"`
	Scores
}

// Ablate measures every variant on the same questions, one after another, each
// opened only for its turn. The first is what the others are compared with.
func Ablate(ctx context.Context, variants []Variant, set []Question, opt Options) ([]Row, error) {
	rows := make([]Row, 0, len(variants))
	for _, v := range variants {
		scores, err := measure(ctx, v, set, opt)
		if err != nil {
			return nil, fmt.Errorf("measure %s: %w", v.Name, err)
		}
		rows = append(rows, Row{Name: v.Name, Scores: scores})
	}
	return rows, nil
}

func measure(ctx context.Context, v Variant, set []Question, opt Options) (scores Scores, err error) {
	s, done, err := v.Open()
	if err != nil {
		return Scores{}, err
	}
	defer func() {
		if closeErr := done(); err == nil {
			err = closeErr
		}
	}()
	scores, _, err = Run(ctx, s, set, opt)
	return scores, err
}

// Table renders rows as the Markdown table of docs/RETRIEVAL.md, shares in
// per cent.
func Table(rows []Row) string {
	var b strings.Builder
	b.WriteString("| | R@1 | R@5 | R@10 | R@20 | R@100 | MRR@10 | Hit@1 | Hit@3 | p50 ms | p99 ms |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s |", r.Name)
		for _, v := range []float64{r.Recall1, r.Recall5, r.Recall10, r.Recall20, r.Recall100, r.MRR10, r.Hit1, r.Hit3} {
			fmt.Fprintf(&b, " %.1f |", 100*v)
		}
		fmt.Fprintf(&b, " %.1f | %.1f |\n", r.P50, r.P99)
	}
	return b.String()
}
