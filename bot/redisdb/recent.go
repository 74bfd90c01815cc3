package redisdb

import (
	"sync"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// recentCases is how many cases a process remembers: a few megabytes.
const recentCases = 4096

// recent remembers cases as they were last seen, without personal data. The
// older half is forgotten when it is full.
type recent struct {
	mu       sync.Mutex
	now, was map[dispute.CaseID]*dispute.Case // never changed, only replaced
}

func newRecent() *recent { return &recent{now: map[dispute.CaseID]*dispute.Case{}} }

// put remembers k unless a later version is remembered already.
func (r *recent) put(k dispute.Case) {
	k.Report, k.Summary, k.Papers = dispute.Report{}, "", nil
	r.mu.Lock()
	defer r.mu.Unlock()
	if had, ok := r.now[k.ID]; ok && had.Version > k.Version {
		return
	}
	if len(r.now) >= recentCases/2 {
		r.now, r.was = make(map[dispute.CaseID]*dispute.Case, recentCases/2), r.now
	}
	r.now[k.ID] = &k
}

func (r *recent) get(id dispute.CaseID) (dispute.Case, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.now[id]
	if !ok {
		k, ok = r.was[id]
	}
	if !ok {
		return dispute.Case{}, false
	}
	return *k, true
}
