package eval

import (
	"context"
	"fmt"

	"github.com/anjie-desk/anjie/knowledge"
)

// Judged says how well certainty parts questions from chatter at a threshold.
type Judged struct {
	Questions int      `json:"questions"`
	Chatter   int      `json:"chatter"`
	Kept      float64  `json:"kept"`    // share of the questions at or above it
	Refused   float64  `json:"refused"` // share of the chatter below it
	Lost      []string `json:"lost,omitempty"`
	Taken     []string `json:"taken,omitempty"` // chatter that was taken for a question
}

// Judge asks both sets and compares each certainty with threshold.
func Judge(ctx context.Context, s knowledge.Searcher, questions, chatter []Question, threshold float64) (Judged, error) {
	j := Judged{Questions: len(questions), Chatter: len(chatter)}
	above := func(set []Question, want bool, wrong *[]string) (float64, error) {
		n := 0
		for _, q := range set {
			res, err := s.Search(ctx, knowledge.Query{Text: q.Text})
			if err != nil {
				return 0, fmt.Errorf("question %s: %w", q.ID, err)
			}
			if (res.Certainty >= threshold) == want {
				n++
			} else {
				*wrong = append(*wrong, q.Text)
			}
		}
		return float64(n) / float64(max(1, len(set))), nil
	}
	var err error
	if j.Kept, err = above(questions, true, &j.Lost); err != nil {
		return j, err
	}
	j.Refused, err = above(chatter, false, &j.Taken)
	return j, err
}
