package index

import (
	"context"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
)

// AsOf is the index seen on another day: a query that names no day is asked for
// that one, and an article is in force or not as it was then.
func (ix *Index) AsOf(day time.Time) knowledge.Searcher { return &onDay{ix, day} }

type onDay struct {
	*Index
	day time.Time
}

// Search implements [knowledge.Searcher].
func (o *onDay) Search(ctx context.Context, q knowledge.Query) (knowledge.Result, error) {
	if q.AsOf.IsZero() {
		q.AsOf = o.day
	}
	return o.Index.Search(ctx, q)
}

// Article implements [knowledge.Searcher].
func (o *onDay) Article(c knowledge.Citation) (knowledge.Document, bool) {
	return o.article(c, o.day)
}
