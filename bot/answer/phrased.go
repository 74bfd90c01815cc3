package answer

import (
	"context"
	"fmt"
	"slices"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// phrasings finds the FAQ that is asked in exactly these words, folded. Words
// that two FAQs share lead to neither.
func phrasings(faqs []content.FAQ) map[string]*content.FAQ {
	out := map[string]*content.FAQ{}
	for i := range faqs {
		f := &faqs[i]
		for _, q := range append([]string{f.Question}, f.Phrasings...) {
			key := Fold(q)
			if other, taken := out[key]; taken && other != f {
				out[key] = nil
				continue
			}
			out[key] = f
		}
	}
	return out
}

// farthest is how deep among the FAQs the one of the same words is looked for.
const farthest = 60

// insist puts the FAQ whose own words the question is before whatever the
// ranking preferred.
func (s *Service) insist(ctx context.Context, text string, found *knowledge.Result) error {
	f := s.shelf.Load().phrased[Fold(text)]
	if f == nil || found.Exact != nil {
		return nil
	}
	is := func(h knowledge.Hit) bool { return s.entry(h.Document) == f }
	i := slices.IndexFunc(found.Hits, is)
	if i == 0 {
		found.Certainty = 1
		return nil
	}
	var hit knowledge.Hit
	if i > 0 {
		hit = found.Hits[i]
		found.Hits = slices.Concat(found.Hits[:i], found.Hits[i+1:])
	} else {
		near, err := s.search.Search(ctx, knowledge.Query{Text: text, Limit: farthest, Kinds: []knowledge.Kind{knowledge.FAQ}})
		if err != nil {
			return fmt.Errorf("search for an entry: %w", err)
		}
		if i = slices.IndexFunc(near.Hits, is); i < 0 {
			return nil
		}
		hit = near.Hits[i]
	}
	if len(found.Hits) > 0 {
		hit.Score = max(hit.Score, found.Hits[0].Score)
	}
	found.Hits, found.Certainty = append([]knowledge.Hit{hit}, found.Hits...), 1
	return nil
}
