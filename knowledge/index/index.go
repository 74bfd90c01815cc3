// Package index finds the articles, guides and FAQs that answer a question.
//
// An index is built from documents into a folder ([Build]) and read from there
// by any number of processes ([Open]), or held in memory ([OpenMemory]).
// Articles stand in one inverted index of character bigrams; what they say
// stands in a file beside it and is read by offset, so memory stays small.
//
// The package knows neither files of laws nor content: it gets documents, and
// learns nothing but from them. No question of any resident is kept or learnt.
package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
)

// ErrNoIndex is returned by [Open] for a folder in which none was built yet.
var ErrNoIndex = errors.New("no index in this folder")

// Term leads from what people say to what statutes say.
type Term struct {
	Say   string   // dialect, colloquial word or frequent misspelling
	Means []string // words of the statutes; empty for a word that says nothing
}

// Options are how an index searches. The zero value is production.
type Options struct {
	// Refs finds an article that a text names (民法典1062条), as of a day. It
	// returns nil when the text names none; the citations are the articles that
	// exist. Nil means that no reference is recognised.
	Refs func(text string, asOf time.Time) (*knowledge.Reference, []knowledge.Citation)
	// Home are the places whose local law is ours; nil means 山东省 and 威海市.
	Home []string
	// Lexicon is used by OpenMemory; Open takes the one that was built in.
	Lexicon []Term
	// Without switches features off, to measure what each is worth.
	Without []Feature
	Now     func() time.Time // nil means time.Now
	Log     *slog.Logger     // nil means slog.Default()
}

func (o Options) withDefaults() Options {
	if o.Home == nil {
		o.Home = []string{"山东省", "威海市"}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// Index is a [knowledge.Searcher] over one built index. It is safe for
// concurrent use, also while it is reloaded.
type Index struct {
	opt  Options
	dir  string // "" in memory
	mu   sync.Mutex
	live atomic.Pointer[snapshot]
	over []knowledge.Document // what Overlay was last given
}

var _ knowledge.Searcher = (*Index)(nil)

// Open reads the index in use in dir. The error is [ErrNoIndex] when there is
// none. Whoever opens it closes it.
func Open(dir string, opt Options) (*Index, error) {
	ix := &Index{opt: opt.withDefaults(), dir: dir}
	s, err := openSnapshot(dir, ix.opt)
	if err != nil {
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	ix.live.Store(s)
	return ix, nil
}

// OpenMemory builds an index in memory: for content alone, before any statute
// is imported, and for tests. It has no model; [Index.Learn] gives
// it one.
func OpenMemory(docs []knowledge.Document, opt Options) (*Index, error) {
	ix := &Index{opt: opt.withDefaults()}
	s, err := memorySnapshot(docs, ix.opt)
	if err != nil {
		return nil, fmt.Errorf("index in memory: %w", err)
	}
	ix.live.Store(s)
	return ix, nil
}

// Reload takes up what was built into the folder since, beside what is in use:
// searches under way end on the old index, which closes after the last of
// them. Nothing happens when nothing new was built, or in memory.
func (ix *Index) Reload() error {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.dir == "" {
		return nil
	}
	old := ix.live.Load()
	if old == nil {
		return errClosed
	}
	name, err := readCurrent(ix.dir)
	if err != nil {
		return fmt.Errorf("reload index %s: %w", ix.dir, err)
	}
	if name.Version == old.built {
		return nil
	}
	next, err := openSnapshot(ix.dir, ix.opt)
	if err != nil {
		return fmt.Errorf("reload index %s: %w", ix.dir, err)
	}
	if next, err = laidOver(next, ix.over); err != nil {
		return fmt.Errorf("reload index %s: %w", ix.dir, err)
	}
	ix.live.Store(next)
	return old.release()
}

var errClosed = errors.New("index is closed")

// Close ends the index once searches under way are done. A second call does
// nothing; a search after it is an error.
func (ix *Index) Close() error {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if old := ix.live.Swap(nil); old != nil {
		return old.release()
	}
	return nil
}

// Version names index and content in use; it is the same for the same
// documents. A closed index has none.
func (ix *Index) Version() string {
	s := ix.acquire()
	if s == nil {
		return ""
	}
	defer ix.done(s)
	return s.version
}

// Size tells how many documents of each kind the index holds.
func (ix *Index) Size() map[knowledge.Kind]int {
	s := ix.acquire()
	if s == nil {
		return nil
	}
	defer ix.done(s)
	return s.size()
}

// Article returns the article that c points to. An empty version means the one
// in force, else the newest that the corpus holds.
func (ix *Index) Article(c knowledge.Citation) (knowledge.Document, bool) {
	return ix.article(c, ix.opt.Now())
}

func (ix *Index) article(c knowledge.Citation, day time.Time) (knowledge.Document, bool) {
	s := ix.acquire()
	if s == nil {
		return knowledge.Document{}, false
	}
	defer ix.done(s)
	ord, ok := s.find(c)
	if !ok {
		return knowledge.Document{}, false
	}
	doc, err := s.document(ord, day)
	if err != nil {
		ix.opt.Log.Error("stored article is unreadable", "ordinal", ord, "err", err)
		return knowledge.Document{}, false
	}
	return doc, true
}

// Search implements [knowledge.Searcher].
func (ix *Index) Search(ctx context.Context, q knowledge.Query) (knowledge.Result, error) {
	s := ix.acquire()
	if s == nil {
		return knowledge.Result{}, errClosed
	}
	defer ix.done(s)
	if q.AsOf.IsZero() {
		q.AsOf = ix.opt.Now()
	}
	if q.Limit <= 0 {
		q.Limit = 5
	}
	res, err := s.search(ctx, q)
	if err != nil || ix.opt.Refs == nil {
		return res, err
	}
	if ref, cited := ix.opt.Refs(q.Text, q.AsOf); ref != nil {
		return s.exact(res, ref, cited, q.Limit, q.AsOf)
	}
	return res, nil
}

// acquire takes a reference to the live snapshot; nil when closed. The caller
// gives it back by done.
func (ix *Index) acquire() *snapshot {
	for {
		s := ix.live.Load()
		if s == nil {
			return nil
		}
		if s.retain() {
			return s
		}
	}
}

func (ix *Index) done(s *snapshot) {
	if err := s.release(); err != nil {
		ix.opt.Log.Error("close superseded index", "err", err)
	}
}
