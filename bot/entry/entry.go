// Package entry keeps the FAQs that a desk writes itself, from the first draft
// to what residents get.
//
// A draft is written by one person and goes live when another has read it
// beside the articles that it cites. What is live stands in place of a given
// entry of the same id, or beside those given. Every version stays in the
// history with who wrote it and who let it through. The package knows neither
// statutes nor search; whether a draft may stand it asks a [Checker].
package entry

import (
	"context"
	"time"

	"github.com/anjie-desk/anjie/content"
)

// State says whose turn a draft is.
type State string

// The states of a draft.
const (
	Draft  State = "draft"  // its writer's
	Review State = "review" // somebody else's, to read it
)

// Sheet is a draft: an entry that isn't live yet, or a change of one.
type Sheet struct {
	FAQ     content.FAQ `json:"faq"`
	State   State       `json:"state"`
	Version int64       `json:"version"` // counts saves, kept by the store
	Wrote   []string    `json:"wrote"`   // accounts that wrote on it: none of them reviews it
	By      string      `json:"by"`      // name of who saved it last
	Saved   time.Time   `json:"saved"`
	Note    string      `json:"note,omitempty"` // why it was sent back
}

// Edition is what residents get of a desk-made entry.
type Edition struct {
	FAQ      content.FAQ `json:"faq"`
	Down     bool        `json:"down,omitempty"` // taken down: residents get none of that id
	Wrote    string      `json:"wrote,omitempty"`
	Reviewed string      `json:"reviewed,omitempty"` // name of who let it through or took it down
	At       time.Time   `json:"at"`
	Note     string      `json:"note,omitempty"`     // why it was taken down
	Reverted bool        `json:"reverted,omitempty"` // in a history: the given entry came back
}

// Store keeps drafts, editions and their history.
type Store interface {
	// NextID makes an id of the field that was never given.
	NextID(ctx context.Context, field string) (string, error)
	Drafts(ctx context.Context) ([]Sheet, error)
	Draft(ctx context.Context, id string) (Sheet, error) // fault.NotFound
	// SaveDraft keeps s with its Version counted up; the error is of kind
	// fault.Conflict if another version is kept by now. A new draft has 0.
	SaveDraft(ctx context.Context, s Sheet) (Sheet, error)
	// DropDraft forgets the draft, if it is still that version.
	DropDraft(ctx context.Context, id string, version int64) error
	// Publish makes e what residents get and, if draft isn't 0, ends the draft of
	// that version: fault.Conflict if it has another by now. With e.Reverted
	// nothing of the desk's stays live. The history gets e.
	Publish(ctx context.Context, e Edition, draft int64) error
	// Editions lists what is live or taken down, with a number that grows with
	// each change.
	Editions(ctx context.Context) (list []Edition, version int64, err error)
	Version(ctx context.Context) (int64, error)
	// History lists the editions of an id, newest first.
	History(ctx context.Context, id string) ([]Edition, error)
}

// Checker says what is wrong with an entry.
type Checker interface {
	// Check returns f with its citations in the form that content uses, and every
	// problem that keeps it from going live.
	Check(f content.FAQ) (content.FAQ, []content.Problem)
}

// Flag is an entry that wants to be read again.
type Flag struct {
	Entry, Question string
	Law, Article    string // cited; "" when the review is overdue
	Cited, Now      string // versions; Now "" when the law ended
	How             string // changed, moved, gone, same, unheld, ended, due
	To              string // number now, successor of an ended law
	Since           string // from when the law no longer holds; when the review was due
}

// Own gathers editions as content knows them.
func Own(list []Edition) content.Own {
	var o content.Own
	for _, e := range list {
		if e.Down {
			o.Down = append(o.Down, e.FAQ.ID)
			continue
		}
		o.FAQs = append(o.FAQs, e.FAQ)
	}
	return o
}
