package answer

import (
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// shelf is the entries in use. It doesn't change once made.
type shelf struct {
	all     []content.FAQ
	faqs    map[string]*content.FAQ
	phrased map[string]*content.FAQ // by each of its wordings, folded
}

// Use answers by these entries from now on, in place of those before. What the
// search still finds of an entry that is gone is passed over.
func (s *Service) Use(faqs []content.FAQ) {
	sh := &shelf{all: faqs, faqs: map[string]*content.FAQ{}, phrased: phrasings(faqs)}
	for i := range faqs {
		sh.faqs[faqs[i].ID] = &faqs[i]
	}
	s.shelf.Store(sh)
}

// Entries lists the entries in use. Whoever gets them leaves them as they are.
func (s *Service) Entries() []content.FAQ { return s.shelf.Load().all }

// gone tells hits of entries that are no longer in use.
func (s *Service) gone(h knowledge.Hit) bool {
	return h.Document.Kind == knowledge.FAQ && s.entry(h.Document) == nil
}
