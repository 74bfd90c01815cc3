package dispute

import (
	"context"
	"time"
)

// Move is one change of a case, judged by the store atomically.
type Move struct {
	Case     CaseID
	Expect   int64         // version that the actor saw; 0 means any
	From     []State       // allowed states; the store refuses others with [ErrMove]
	To       State         // "" leaves the state
	Owner    string        // required present owner, "" means any
	SetOwner *string       // new owner; "" takes the owner away
	Lease    time.Duration // a claim's lease from now; 0 leaves it
	Queue    QueueOp
	Due      *Timer            // next deadline; nil leaves it
	Set      map[string]string // plain fields: outcome, amount, …
	Seal     map[string]string // personal fields, sealed by the store
	Event    Event
	Notices  []Notice
	Token    string // a retried call with the same token does nothing twice
}

// QueueOp says what a move does to the territory's queue.
type QueueOp int

// What a move may do to the queue.
const (
	KeepQueue QueueOp = iota
	Enqueue           // at its old place: score is priority and filing time
	Dequeue
)

// Timer is a deadline of a case.
type Timer struct {
	Kind string // accept, claim, confirm, consult, settle, …
	At   time.Time
}

// Filter selects cases for lists.
type Filter struct {
	Territory []string
	State     []State
	Owner     string
	Reporter  string
	Category  string
	Since     time.Time
	Limit     int    // 0 means 50
	After     string // cursor of the last page, "" for the first
}

// Store keeps cases. Its methods are atomic: what they report done survives.
type Store interface {
	// File keeps a new case with its first event, queue entry, timer and
	// notices in one step. The same token gives the same case again.
	File(ctx context.Context, c Case, token string, ev Event, due *Timer, n []Notice) (Case, error)
	// Apply makes a move, or returns ErrMove, ErrStale, ErrOwner, ErrClaimed.
	Apply(ctx context.Context, m Move) (Case, error)
	// Case reads one, with personal data when personal is set.
	Case(ctx context.Context, id CaseID, personal bool) (Case, error)
	// ByNumber finds the id of a public number.
	ByNumber(ctx context.Context, n Number) (CaseID, error)
	// Cases lists without personal data, newest first.
	Cases(ctx context.Context, f Filter) ([]Case, string, error)
	// Queue lists what waits in the territories, first to be taken first.
	Queue(ctx context.Context, territories []string, limit int) ([]Case, error)
	// Events is a case's audit trail in order.
	Events(ctx context.Context, id CaseID) ([]Event, error)
	// Due takes up to limit timers that are due; each is given out once, and
	// again only if its Apply never came (lease of a minute).
	Due(ctx context.Context, limit int) ([]DueTimer, error)
}

// DueTimer is a timer that has run out.
type DueTimer struct {
	Case CaseID
	Timer
}
