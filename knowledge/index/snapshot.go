package index

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
)

// snapshot is one index that can be searched: statutes, and the content over
// them. It lives until the last search on it is done and the Index has let go
// of it; the statutes, until the last snapshot over them is gone.
type snapshot struct {
	*shelf
	version string
	refs    atomic.Int64
	bridge  *bridge
	sounds  *homophones
}

// shelf is what was opened, the same for every snapshot over it.
type shelf struct {
	built   string // version
	opt     Options
	users   atomic.Int64 // snapshots
	cols    *columns
	arts    *store
	content *store   // FAQs and guides that were built in
	lex     *lexical // nil without articles
	model   *model   // nil if none was trained
	words   *lexicon
	scratch sync.Pool // *tally
	weights [signals]float32
	reach   [][]string // by law: words of which the question needs one
	titles  *labels    // of laws
	heads   *labels    // of chapters
}

func newShelf(version string, opt Options, cols *columns, arts *store) *shelf {
	s := &shelf{built: version, opt: opt, cols: cols, arts: arts, weights: weightsFor(opt.Without)}
	s.scratch.New = func() any { return newTally(cols) }
	titles := make([]string, len(cols.Laws))
	for i := range cols.Laws {
		titles[i] = fold(cols.Laws[i].Bare)
		s.reach = append(s.reach, reach(&cols.Laws[i], opt.Home))
	}
	s.titles, s.heads = newLabels(titles), newLabels(cols.Heads)
	return s
}

// open makes a snapshot over the shelf with the content of docs. A shelf that
// no snapshot was made over is closed by whoever opened it.
func (s *shelf) open(version string, docs *store) (*snapshot, error) {
	snap := &snapshot{shelf: s, version: version}
	var err error
	if snap.bridge, err = newBridge(docs, s.cols, s.model); err != nil {
		return nil, err
	}
	snap.listen()
	snap.refs.Store(1)
	s.users.Add(1)
	return snap, nil
}

// retain is false when the snapshot has been let go of already.
func (s *snapshot) retain() bool {
	for {
		n := s.refs.Load()
		if n == 0 {
			return false
		}
		if s.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release closes the snapshot after the last reference.
func (s *snapshot) release() error {
	if s.refs.Add(-1) > 0 || s.users.Add(-1) > 0 {
		return nil
	}
	return s.close()
}

func (s *shelf) close() (err error) {
	if s.lex != nil {
		err = s.lex.close()
	}
	for _, st := range []*store{s.arts, s.content} {
		if st == nil || st.close == nil {
			continue
		}
		if closeErr := st.close(); err == nil {
			err = closeErr
		}
	}
	return err
}

func (s *snapshot) size() map[knowledge.Kind]int {
	n := map[knowledge.Kind]int{knowledge.Article: s.cols.Current}
	for _, k := range s.bridge.kinds {
		n[k]++
	}
	return n
}

func (s *shelf) find(c knowledge.Citation) (uint32, bool) {
	return s.cols.find(c.Law, c.Version, c.Article)
}

// document reads article ord as it stands on a day.
func (s *shelf) document(ord uint32, asOf time.Time) (knowledge.Document, error) {
	d, err := s.arts.document(ord)
	if err != nil {
		return d, fmt.Errorf("article %d: %w", ord, err)
	}
	if len(d.Citations) > 0 {
		day, row := dayNumber(asOf), &s.cols.Laws[s.cols.Law[ord]]
		d.Citations[0].InForce = row.holds(day) && day < row.Newer
	}
	return d, nil
}
