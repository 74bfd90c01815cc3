package bot

import (
	"context"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// Entry is a message to people waiting in the outbox.
type Entry struct {
	ID     string
	Notice dispute.Notice
	Tries  int
	At     time.Time // when it was queued
}

// Settlement says what became of an outbox entry.
type Settlement struct {
	Sent    bool
	Outcome Outcome       // why not, when not Sent
	After   time.Duration // for Retry
	Error   string        // for the list of doubtful and dropped sends; no personal data
}

// Outbox keeps messages to people until they are sent. A script that changes
// the state puts them in; Put is for those that no change of a case brings.
type Outbox interface {
	// Take leases up to limit entries for a minute; what is not settled by then
	// is given out again.
	Take(ctx context.Context, limit int) ([]Entry, error)
	Settle(ctx context.Context, id string, s Settlement) error
	Put(ctx context.Context, n ...dispute.Notice) error
	// Split replaces an entry to "territory:…", "role:…" or "staff:…" by one
	// for each address in one step, so that a crash neither loses nor doubles
	// one. Split twice, it does nothing the second time.
	Split(ctx context.Context, id string, to []string) error
	// Begin marks that a send is about to start, so that a crash between send
	// and Settle leaves a doubtful entry instead of a silent second send. It
	// reports false if an earlier send of this entry may have got through.
	Begin(ctx context.Context, id string) (fresh bool, err error)
}
