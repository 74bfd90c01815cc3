package index

import (
	"slices"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
)

// exact puts the articles that the question names before whatever was found.
// A number that the law does not have leaves only that word: what is near in
// meaning would look like an answer to it.
func (s *snapshot) exact(res knowledge.Result, ref *knowledge.Reference, cited []knowledge.Citation, limit int, asOf time.Time) (knowledge.Result, error) {
	named := make([]knowledge.Hit, 0, len(cited))
	for i, c := range cited {
		ord, ok := s.find(c)
		if !ok {
			continue
		}
		d, err := s.document(ord, asOf)
		if err != nil {
			return res, err
		}
		d.Citations[0].InForce, d.Citations[0].Note = c.InForce, c.Note // as of the day asked for
		named = append(named, knowledge.Hit{Document: d, Score: float64(len(cited) - i)})
	}
	res.Exact, res.Certainty, res.Named = ref, 1, min(len(named), limit)
	if len(named) == 0 {
		res.Hits = nil
		return res, nil
	}
	// The rest keeps its order below the named ones; scores compare within one
	// result only, so it is told apart by being negative.
	for i, h := range res.Hits {
		if !slices.ContainsFunc(named, func(n knowledge.Hit) bool { return n.Document.ID == h.Document.ID }) {
			h.Score = -float64(i)
			named = append(named, h)
		}
	}
	res.Hits = named[:min(len(named), limit)]
	return res, nil
}
