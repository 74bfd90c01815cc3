package corpus

import (
	"time"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// Entries lists FAQs alone as documents, with their citations as of a day: for
// entries that go live beside those that an index was built with. set may be
// nil while no statutes are imported.
func Entries(set *statute.Set, laws *content.Laws, faqs []content.FAQ, asOf time.Time) []knowledge.Document {
	if set != nil {
		set = set.With(Table(laws))
	}
	c := newCiter(set, laws, asOf)
	docs := make([]knowledge.Document, 0, len(faqs))
	for i := range faqs {
		docs = append(docs, c.faq(&faqs[i]))
	}
	return docs
}
