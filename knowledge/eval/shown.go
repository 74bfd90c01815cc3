package eval

import "slices"

// Thing is one thing that a resident is shown for a question: an entry by its
// id, or else an article.
type Thing struct {
	FAQ     string
	Article Ref
}

// Place is the rank, from 1, of the first thing that is right for q: an entry
// judged to answer it, or one of its articles. It is 0 if none is. An entry
// that cites the right article and answers something else is not right.
func (q Question) Place(shown []Thing) int {
	return 1 + slices.IndexFunc(shown, func(t Thing) bool {
		if t.FAQ != "" {
			return slices.Contains(q.FAQs, t.FAQ)
		}
		return slices.ContainsFunc(q.Gold, func(r Ref) bool { return r.Is(t.Article.Law, t.Article.Article) })
	})
}

// Shares of questions, from 0 to 1, by the place of what is right.
type Shares struct {
	N      int     `json:"n"`
	Right1 float64 `json:"right@1"`
	Right3 float64 `json:"right@3"`
}

// SharesOf averages places as [Question.Place] gives them.
func SharesOf(places []int) Shares {
	s := Shares{N: len(places)}
	for _, p := range places {
		if p == 1 {
			s.Right1 += 1 / float64(s.N)
		}
		if p >= 1 && p <= 3 {
			s.Right3 += 1 / float64(s.N)
		}
	}
	return s
}
