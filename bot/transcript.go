package bot

import "context"

// Line is one line of a conversation in a [Transcript].
type Line struct {
	ID   string // grows with time within one conversation; opaque otherwise
	Data []byte // in the channel's own encoding; personal data
}

// Transcript keeps conversations for a channel whose client keeps none, such
// as a web page. It is sealed, and forgotten 30 days after its last line.
type Transcript interface {
	// Append adds a line and wakes those who watch. A token that came before,
	// within a day, adds nothing: fresh is false. "" is never a repeat.
	Append(ctx context.Context, chat, token string, data []byte) (id string, fresh bool, err error)
	// Since returns the lines after the one with the id, oldest first; "" means
	// all that are kept, the last hundred or so.
	Since(ctx context.Context, chat, after string) ([]Line, error)
	// Erase forgets a conversation at once.
	Erase(ctx context.Context, chat string) error
	// Watch tells the chat of every line appended, by whatever replica, until
	// ctx ends. It may miss some: who must know looks by Since now and then.
	Watch(ctx context.Context, told func(chat string)) error
}
