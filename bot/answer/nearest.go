package answer

import (
	"context"
	"fmt"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// Nearest returns the entry that lies nearest to a question, however far it
// is; nil if the search finds none at all.
func (s *Service) Nearest(ctx context.Context, text string) (*content.FAQ, error) {
	found, err := s.search.Search(ctx, knowledge.Query{Text: s.talk.bare(text), Limit: 1, Kinds: []knowledge.Kind{knowledge.FAQ}})
	if err != nil {
		return nil, fmt.Errorf("search for an entry: %w", err)
	}
	for _, h := range found.Hits {
		if f := s.entry(h.Document); f != nil {
			return f, nil
		}
	}
	return nil, nil //nolint:nilnil // no entry is an answer
}
