// Package needs is the list of what residents asked and the desk could not
// answer well: what staff write entries from.
//
// A need is a question without a person: who asked is never told to the
// package, and personal data are struck out of the words before they are kept.
// The list is bounded in number and age. Recording never makes an answer wait
// and never fails one. The package knows no channel and no search; what lies
// nearest to a question it asks of a [Finder].
package needs

import (
	"context"
	"time"

	"github.com/anjie-desk/anjie/content"
)

// Kind says why a question is on the list.
type Kind string

// The kinds of needs.
const (
	Refused Kind = "refused" // the desk did not know
	Bare    Kind = "bare"    // an article alone answered, no entry or guide of ours
	Unsure  Kind = "unsure"  // answered with little certainty
	Useless Kind = "useless" // answered, and called 没用
)

// Kinds lists the kinds of needs in the order in which they weigh.
func Kinds() []Kind { return []Kind{Refused, Useless, Bare, Unsure} }

// Further outcomes that are only counted.
const (
	Answered  Kind = "answered"  // by an entry, a guide or the article named
	Elsewhere Kind = "elsewhere" // another office's business, and told so
	Useful    Kind = "useful"    // called 有用
)

// need tells whether a question of this kind goes on the list.
func (k Kind) need() bool { return k == Refused || k == Bare || k == Unsure || k == Useless }

// Asked is a question and how it was answered. Text is as the resident put it.
type Asked struct {
	Text  string
	Kind  Kind
	Entry string // the entry that answered, "" if none did
}

// State is what staff decided about a need.
type State string

// The states.
const (
	Open    State = ""        // nobody has
	Writing State = "writing" // an entry is being written or changed for it
	Live    State = "live"    // that entry is what residents get; asked in vain again, the need is open again
	Dropped State = "dropped" // needs no entry
)

// Need is a question, stripped of personal data, with how often it came up.
type Need struct {
	ID      string
	Text    string
	Kinds   map[Kind]int
	Weeks   map[string]int // by the week's Monday, YYYY-MM-DD
	Entry   string         // the entry that answered when one last did
	First   time.Time
	Last    time.Time
	State   State
	By      string // account that decided
	To      string // entry that is or was written for it
	Decided time.Time
	Live    time.Time // when that entry went live
}

// Count is how often it came up.
func (n Need) Count() (sum int) {
	for _, c := range n.Kinds {
		sum += c
	}
	return sum
}

// Noted is one question to be counted. Key is the same for the same words.
type Noted struct {
	Asked
	Key  string
	At   time.Time
	Week string
}

// Decision is what staff decided about needs.
type Decision struct {
	State State
	By    string
	To    string
	At    time.Time
}

// Store keeps the list: at most [Most] needs, each until [Kept] after it last
// came up. The words are sealed.
type Store interface {
	// Note counts a question under its week, and puts it on the list if its kind
	// is that of a need.
	Note(ctx context.Context, n Noted) error
	// Needs returns the whole list, in no order.
	Needs(ctx context.Context) ([]Need, error)
	// Decide notes a decision about those of the needs that are still there.
	Decide(ctx context.Context, ids []string, d Decision) error
	// Figures counts a week's questions by kind.
	Figures(ctx context.Context, week string) (map[Kind]int, error)
}

// Bounds of the list; docs/PRIVACY.md promises them.
const (
	Most = 2000
	Kept = 180 * 24 * time.Hour
)

// Finder knows the entries.
type Finder interface {
	// Nearest returns the entry nearest to a question, nil if none is near.
	Nearest(ctx context.Context, text string) (*content.FAQ, error)
	// Entry returns an entry by its id, nil if there is none.
	Entry(id string) *content.FAQ
}

// Week is the Monday of t's week, as keys name it; t is in the zone of the desk.
func Week(t time.Time) string {
	const week = 7
	return t.AddDate(0, 0, -(int(t.Weekday())+week-1)%week).Format(time.DateOnly)
}
