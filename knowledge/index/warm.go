package index

import (
	"crypto/sha256"
	"math/rand/v2"
	"path/filepath"

	"github.com/anjie-desk/anjie/knowledge"
)

// Learning on from an earlier model takes a tenth of the time of the whole
// second course. It is done while little has changed, and not for ever: each
// course on changes moves the model a little off what the whole one would give.
const (
	freshShare  = 0.3 // of the documents may be new
	warmCourses = 20  // then the whole course again
	warmSteps   = 100 // at most
	warmEpochs  = 12  // how often each new pair is seen, within that
)

// earlier is what an earlier build over the same statutes learnt from content.
type earlier struct {
	model *model
	docs  map[[sha256.Size]byte]bool
}

// openEarlier reads the content's part in folder; nil if it has no model to
// learn on from.
func openEarlier(folder string) *earlier {
	var m model
	var meta contentMeta
	if readGob(filepath.Join(folder, modelFile), &m) != nil || m.Sums == nil || m.Warm >= warmCourses {
		return nil
	}
	if readGob(filepath.Join(folder, contentColumns), &meta) != nil {
		return nil
	}
	st, err := openStore(filepath.Join(folder, contentStore), meta.Starts)
	if err != nil {
		return nil
	}
	defer func() { _ = st.close() }()
	e := &earlier{model: &m, docs: make(map[[sha256.Size]byte]bool, st.count())}
	var buf []byte
	for i := range st.count() {
		if buf, err = st.record(uint32(i), buf); err != nil {
			return nil
		}
		e.docs[sha256.Sum256(buf)] = true
	}
	return e
}

// fresh marks the documents that e was not taught; nil when there is nothing to
// learn on from, or too much is new.
func (e *earlier) fresh(docs []knowledge.Document) []bool {
	if e == nil {
		return nil
	}
	out, n := make([]bool, len(docs)), 0
	for i := range docs {
		if out[i] = !e.docs[sha256.Sum256(appendDocument(nil, &docs[i]))]; out[i] {
			n++
		}
	}
	if float64(n) > freshShare*float64(len(docs)) {
		return nil
	}
	return out
}

// freshRound lays down a course on the items of fresh documents, every second
// pair one of all.
func (t *tutor) freshRound(fresh []bool, rng *rand.Rand) (order []int32) {
	var mine []int32
	for i := range t.items {
		if fresh[t.items[i].doc] {
			mine = append(mine, int32(i))
		}
	}
	if len(mine) == 0 {
		return nil
	}
	n := min(warmSteps, 1+2*warmEpochs*len(mine)/tuneBatch) * tuneBatch
	for len(order) < n {
		order = append(order, mine[rng.IntN(len(mine))], int32(rng.IntN(len(t.items))))
	}
	return order
}
