package bot

import (
	"context"

	"github.com/anjie-desk/anjie/content"
)

// Channel is an adapter that can push a reply to a person unasked (outbox,
// broadcast). Send returns an error of type *SendError when the channel knows
// whether a retry can help.
type Channel interface {
	Name() string // as in Address.Channel
	Send(ctx context.Context, to Address, r Reply) error
}

// Handler is what a channel calls for each message; *Bot implements it.
type Handler interface {
	Handle(ctx context.Context, m Message) (Reply, error)
}

// Texts is the wording catalogue as the conversation needs it.
type Texts interface {
	Say(key string, data any) string
	// Try renders what an older or newer version of the program may have queued.
	Try(key string, data any) (string, error)
	Has(key string) bool
}

var _ Texts = (*content.Texts)(nil)

// Outcome says what became of a send.
type Outcome int

// The outcomes that a courier tells apart.
const (
	Retry   Outcome = iota // nothing was delivered; try again
	Dropped                // it will never be delivered (blocked, chat gone)
	Unknown                // it may have been delivered (timeout after accept)
)

// SendError tells a courier whether to try again, and when at the earliest.
type SendError struct {
	Outcome Outcome
	After   int // seconds to wait before a retry; 0 means the courier's own back-off
	Err     error
}

func (e *SendError) Error() string { return e.Err.Error() }
func (e *SendError) Unwrap() error { return e.Err }
