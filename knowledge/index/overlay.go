package index

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/anjie-desk/anjie/knowledge"
)

// Overlay makes docs, FAQs and guides, findable at once, beside those that were
// built in: one with the ID of a document that was built in stands in its
// place. It replaces what the last call gave; nil takes that away. Statutes and
// model are not touched, so it takes a fraction of a second and writes nothing:
// each process over a folder calls it for itself. The model learns from docs
// only when they are among the documents of the next [Build].
//
// Searches under way end on what they began with. [Index.Reload] keeps the
// overlay. An error leaves everything as it was.
func (ix *Index) Overlay(docs []knowledge.Document) error {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	old := ix.live.Load()
	if old == nil {
		return errClosed
	}
	next, err := old.overlaid(docs)
	if err != nil {
		return fmt.Errorf("overlay index: %w", err)
	}
	ix.over = docs
	ix.live.Store(next)
	return old.release()
}

// laidOver is s itself without docs, else a snapshot in its place: s is let go.
func laidOver(s *snapshot, docs []knowledge.Document) (*snapshot, error) {
	if len(docs) == 0 {
		return s, nil
	}
	next, err := s.overlaid(docs)
	return next, errors.Join(err, s.release())
}

// overlaid makes a snapshot over the same statutes, with docs beside what was
// built in.
func (s *snapshot) overlaid(docs []knowledge.Document) (*snapshot, error) {
	arts, fresh, err := split(docs)
	if err != nil {
		return nil, err
	}
	if len(arts) > 0 {
		return nil, fmt.Errorf("%s is an article: statutes are built, not laid over", arts[0].ID)
	}
	if len(fresh) == 0 {
		return s.open(s.built, s.content)
	}
	replaced := make(map[string]bool, len(fresh))
	for i := range fresh {
		replaced[fresh[i].ID] = true
	}
	all := make([]knowledge.Document, 0, s.content.count()+len(fresh))
	built, err := s.content.all()
	if err != nil {
		return nil, err
	}
	for i := range built {
		if !replaced[built[i].ID] {
			all = append(all, built[i])
		}
	}
	st, err := memoryStore(append(all, fresh...))
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	fingerprint(h, fresh)
	return s.open(s.built+"+"+shortSum(h), st)
}
