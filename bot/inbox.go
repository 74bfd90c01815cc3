package bot

import (
	"context"
	"time"
)

// Received is what a channel received, kept until it is handled and answered.
type Received struct {
	ID    string    // the channel's own id; what has the same id is kept once
	Chat  string    // what has the same chat is handled in order, one at a time
	Raw   []byte    // as it came
	Held  []byte    // set by Hold: handled, but the answer is not out yet
	Tries int       // how often it was given out before
	At    time.Time // when it was kept
}

// Inbox keeps what channels receive, so that nothing acknowledged to the
// channel's server is lost by a crash, and nothing is handled twice.
type Inbox interface {
	// Keep keeps those of channel that were not kept before, in order, and
	// returns how many those are. When it returns they survive.
	Keep(ctx context.Context, channel string, rs ...Received) (fresh int, err error)
	// Next leases the oldest of a chat that nobody else is at for two minutes;
	// false if there is none to do now. A lease that runs out gives it out again.
	Next(ctx context.Context, channel string) (Received, bool, error)
	// Hold notes r.Held: from now on only the answer is to be sent.
	Hold(ctx context.Context, channel string, r Received) error
	// Done forgets r, and frees the chat for the next.
	Done(ctx context.Context, channel string, r Received) error
	// Again gives r out again after a wait; the chat waits with it.
	Again(ctx context.Context, channel string, r Received, after time.Duration) error
}
