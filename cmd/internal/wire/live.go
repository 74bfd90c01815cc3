package wire

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/corpus"
)

// lookEvery is how often a running desk looks whether an import has put a new
// index in place.
const lookEvery = 10 * time.Second

// live is the knowledge in use. An import by another process replaces it
// without a request being dropped: searches under way end on the old one.
type live struct {
	changing sync.Mutex // held by whoever changes what is in use
	mu       sync.RWMutex
	k        *Knowledge
	from     string // what the index in use was built from
	laws     *content.Laws
	faqs     []content.FAQ // what UseFAQs was last given
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

// UseFAQs makes faqs findable at once, beside the content that the index was
// built with; an FAQ with the ID of a shipped one stands in its place. Each
// call gives the whole set: it replaces what the last one gave, and nil takes
// all of them away. It takes a fraction of a second, drops no request, changes
// [live.Version], and the set stays in use when an import puts a new index in
// place. An error leaves what was in use.
//
// What reviews drafts calls it as desk.Knowledge.UseFAQs(faqs), at start and
// whenever the set changed; every replica calls it for itself, since nothing
// is written to disk. It checks neither citations nor wording: corpus.Check
// does, before an entry goes live. The [answer.Service] has to know the same
// entries, because it shows an FAQ by its ID.
func (l *live) UseFAQs(faqs []content.FAQ) error {
	l.changing.Lock()
	defer l.changing.Unlock()
	if l.k == nil {
		return errors.New("the index is closed")
	}
	if err := l.k.Index.Overlay(l.k.entries(l.laws, faqs)); err != nil {
		return err
	}
	l.faqs = faqs
	return nil
}

func (k *Knowledge) entries(laws *content.Laws, faqs []content.FAQ) []knowledge.Document {
	return corpus.Entries(k.Set, laws, faqs, time.Now())
}

// swap puts k in use, with the FAQs that went live meanwhile, and closes what
// was.
func (l *live) swap(k *Knowledge, from string) error {
	l.changing.Lock()
	defer l.changing.Unlock()
	if len(l.faqs) > 0 {
		if err := k.Index.Overlay(k.entries(l.laws, l.faqs)); err != nil {
			return errors.Join(err, k.Close())
		}
	}
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
	l.changing.Lock()
	defer l.changing.Unlock()
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
	k, err := openBuilt(d.Settings, d.Content) //nolint:contextcheck // opening reads nothing that can wait
	if err == nil {
		err = d.Knowledge.swap(k, from) //nolint:contextcheck // an overlay reads nothing that can wait
	}
	if err != nil {
		d.opt.Log.ErrorContext(ctx, "a new index could not be taken up; the old one stays", "err", err)
		return
	}
	d.opt.Log.InfoContext(ctx, "took up a new index", "version", d.Knowledge.Version())
}

// learn has content that stands alone teach the index, while people ask. The
// index may be replaced or closed meanwhile: then nothing is done with what is learnt.
func (l *live) learn(ctx context.Context, d *Desk) error {
	l.mu.RLock()
	k := l.k
	l.mu.RUnlock()
	start := time.Now()
	told := false
	err := k.Learn(ctx, d.Settings, func(string, int, int) { //nolint:contextcheck // it is told how far it is
		if !told {
			told = true
			d.opt.Log.InfoContext(ctx, "learning from the content; answers get better when it is done, in half a minute or so")
		}
	})
	l.mu.RLock()
	replaced := l.k != k
	l.mu.RUnlock()
	switch {
	case replaced: // statutes were imported meanwhile, which teach more
	case err != nil && ctx.Err() == nil:
		d.opt.Log.WarnContext(ctx, "answers go on by words alone", "err", err)
	case told && err == nil:
		d.opt.Log.InfoContext(ctx, "learnt from the content", "seconds", int(time.Since(start).Seconds()))
	}
	return nil
}

// with lends the knowledge in use: it isn't closed before do returns.
func (l *live) with(do func(*Knowledge)) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	do(l.k)
}

// Size tells how many documents of each kind are in use.
func (l *live) Size() map[knowledge.Kind]int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.k.Index.Size()
}
