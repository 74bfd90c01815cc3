package dispute

import (
	"context"
	"fmt"
	"time"
)

// NewCase is a report on its way into the store.
type NewCase struct {
	Case    Case   // ID, State, Territory, Category, Priority, Source, Reporter, Notify, Filed, Facts, Report are set
	Token   string // the same token gives the same case again
	Events  []Event
	Timers  []Timer
	Notices []Notice
	Traits  []string // by which [Store.Alike] finds it; personal, kept only as keyed hashes
	Series  Series

	// The store keeps the case only if its reporter has fewer cases than Most,
	// open and closed ones, and no case with one of its traits is to be looked
	// at; else it returns a [LookFirst]. 0 asks neither.
	Most int
	Look int // how many cases of each trait are looked at
}

// LookFirst is why a store has not kept a new case: something must be looked at
// before. A case that the token made is returned all the same.
type LookFirst struct {
	Has   int      // cases of the reporter, where they are Most or more
	Alike []CaseID // cases with one of the traits
}

func (l *LookFirst) Error() string {
	return fmt.Sprintf("the reporter has %d cases and %d are like the new one", l.Has, len(l.Alike))
}

// Series is where a case takes its number from: one count a year, without
// gaps or doubles. {serial} in Form is replaced, and so is NumberMark in the
// notices, since only the store knows the number.
type Series struct {
	Year   int
	Form   string // 〔2026〕城区受字第 {serial} 号
	Digits int    // that the serial is filled up to with zeros
}

// NumberMark stands in a notice's data for the number that a new case gets.
const NumberMark = "{number}"

// Move is one change of a case, judged by the store atomically.
type Move struct {
	From      []State // allowed states; the store refuses others with [ErrMove]
	To        State   // "" leaves the state
	MustOwn   string  // required present owner, "" means any
	Territory string  // "" leaves it
	SetOwner  *Owner  // new owner; the zero Owner takes the owner away
	Lease     *time.Time
	Queue     QueueOp
	Timers    []Timer           // set, or cancelled if At is zero; other kinds stay
	Fired     *Timer            // this timer must still be set as given, else [ErrGone]; it is cancelled
	Outcome   Outcome           // "" leaves it
	Amount    *int64            // nil leaves it
	Priority  *Priority         // nil leaves it
	Joins     string            // account that comes to help with the case
	Leaves    string            // account that no longer does
	Facts     map[string]string // plain facts to set; "" deletes one
	Summary   string            // sealed; "" leaves it
	Evidence  []Evidence        // added to the report's, sealed
	Papers    map[string]string // parts of the file to set, sealed; "" takes one away
	Series    *Series           // gives the case the next number of this series as its Agreement; nil leaves it
	Event     Event             // Kind, Actor, At, Detail, Text are set
	Notices   []Notice
	Token     string // a retried call with the same token does nothing twice
	Unedited  bool   // the event is a mere read
}

// Owner is the mediator who has a case.
type Owner struct{ ID, Name string }

// QueueOp says what a move does to the territory's queue.
type QueueOp int

// What a move may do to the queue.
const (
	KeepQueue QueueOp = iota
	Enqueue           // at its old place: score is priority and filing time
	Dequeue
)

// Timer is a deadline of a case. A case has at most one of each kind.
type Timer struct {
	Kind TimerKind
	At   time.Time
	N    int // how often it has come round before
}

// Filter selects cases for lists.
type Filter struct {
	Territory []string // none means all that the service knows
	State     []State
	Owner     string
	Helper    string // who helps with it
	Reporter  string
	Category  string
	Since     time.Time // filed then or later
	Until     time.Time // filed before
	Limit     int       // 0 means 50
	After     string    // cursor of the last page, "" for the first
}

// Store keeps cases. Its methods are atomic: what they report done survives.
type Store interface {
	// File keeps a new case with its events, queue entry, timers and notices
	// in one step, and gives it its number and code. The same token gives the
	// same case again, without a second one. A [LookFirst] says that nothing was
	// kept yet.
	File(ctx context.Context, n NewCase) (Case, error)
	// Apply makes a move on the case as it was seen, or returns ErrStale if it
	// has changed since, ErrMove, ErrOwner, ErrGone or ErrNotFound.
	Apply(ctx context.Context, seen Case, m Move) (Case, error)
	// Reserve sets a time aside for a mediator's meeting on a case, in place of
	// the one set aside for that case before, or returns ErrBusy if another case
	// has any of it. What no booked meeting made good within a minute is free
	// again. To equal to from gives up what was set aside for the case.
	Reserve(ctx context.Context, mediator string, id CaseID, from, to time.Time) error
	// Applied tells whether a move with this token was made on the case.
	Applied(ctx context.Context, id CaseID, token string) (bool, error)
	// Case reads one, with personal data when personal is set.
	Case(ctx context.Context, id CaseID, personal bool) (Case, error)
	// Whole reads several cases with personal data; those that can't be read are
	// left out.
	Whole(ctx context.Context, ids []CaseID) ([]Case, error)
	// Recent is a case without personal data as this process last saw it, if it
	// remembers. It may have changed since: it is for a move, which the store
	// makes on the newest version only.
	Recent(id CaseID) (Case, bool)
	// ByNumber finds the case of a year's serial number.
	ByNumber(ctx context.Context, year, serial int) (CaseID, error)
	// Cases lists without personal data, newest first, and returns the cursor
	// of the next page, "" after the last.
	Cases(ctx context.Context, f Filter) ([]Case, string, error)
	// Queue lists what waits in the territories, first to be taken first.
	Queue(ctx context.Context, territories []string, limit int) ([]Case, error)
	// Alike finds the cases filed with any of the traits, at most limit a trait,
	// newest first.
	Alike(ctx context.Context, traits []string, limit int) ([]CaseID, error)
	// Events is a case's audit trail in order, with texts when personal is set.
	Events(ctx context.Context, id CaseID, personal bool) ([]Event, error)
	// Verify checks the audit trail against the case and says what is wrong.
	Verify(ctx context.Context, id CaseID) error
	// Due takes up to limit timers that are due; each is given out once, and
	// again a minute later if no Apply with Fired came.
	Due(ctx context.Context, limit int) ([]DueTimer, error)
}

// DueTimer is a timer that has run out.
type DueTimer struct {
	Case CaseID
	Timer
}
