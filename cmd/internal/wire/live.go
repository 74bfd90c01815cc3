package wire

import (
	"context"
	"sync"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
)

// lookEvery is how often a running desk looks whether an import has put a new
// index in place.
const lookEvery = 10 * time.Second

// live is the knowledge in use. An import by another process replaces it
// without a request being dropped: searches under way end on the old one.
type live struct {
	mu   sync.RWMutex
	k    *Knowledge
	from string // what the index in use was built from
}

var _ knowledge.Searcher = (*live)(nil)

// Search implements [knowledge.Searcher].
func (l *live) Search(ctx context.Context, q knowledge.Query) (knowledge.Result, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.k.Index.Search(ctx, q)
}

// Article implements [knowledge.Searcher].
func (l *live) Article(c knowledge.Citation) (knowledge.Document, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.k.Index.Article(c)
}

// Version implements [knowledge.Searcher].
func (l *live) Version() string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.k.Index.Version()
}

// swap puts k in use and closes what was.
func (l *live) swap(k *Knowledge, from string) error {
	l.mu.Lock()
	old := l.k
	l.k, l.from = k, from
	l.mu.Unlock()
	if old == nil {
		return nil
	}
	return old.Close()
}

func (l *live) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.k == nil {
		return nil
	}
	err := l.k.Close()
	l.k = nil
	return err
}

// watchIndex takes up what an import built since, until ctx ends.
func (d *Desk) watchIndex(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			d.takeUp(ctx)
		}
	}
}

func (d *Desk) takeUp(ctx context.Context) {
	from := builtFrom(d.Settings)
	if from == "" || from == d.Knowledge.from {
		return
	}
	k, err := OpenKnowledge(ctx, d.Settings, d.Content, d.opt.Progress)
	if err == nil {
		err = d.Knowledge.swap(k, from)
	}
	if err != nil {
		d.opt.Log.ErrorContext(ctx, "a new index could not be taken up; the old one stays", "err", err)
		return
	}
	d.opt.Log.InfoContext(ctx, "took up a new index", "version", d.Knowledge.Version())
}

// Size tells how many documents of each kind are in use.
func (l *live) Size() map[knowledge.Kind]int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.k.Index.Size()
}
