// Package publicity plans the law-publicity calendar and puts approved items
// out when they are due, once to each outlet.
//
// A [Slot] is one item in one year; it changes only through [Service]. The
// package knows no channel and no database: [Outlet] is where items come out,
// [Store] is what it needs kept. It also turns an item into the [Piece] that
// every outlet renders, so that all of them say the same.
package publicity

import (
	"context"
	"time"

	"github.com/anjie-desk/anjie/content"
)

// Status is where a slot stands.
type Status string

// The states of a slot.
const (
	Planned   Status = "planned"   // due day computed, waiting for an editor
	Approved  Status = "approved"  // will go out when due
	Published Status = "published" // every outlet has it
	Partial   Status = "partial"   // some outlets failed and are retried
	Skipped   Status = "skipped"   // an editor took it out
	Stale     Status = "stale"     // past its stale-after day before it could go out
)

// Slot is one item in one year: when it goes out and how far it is.
type Slot struct {
	ID        string    `json:"id"` // "2026/<item id>"
	Year      int       `json:"year"`
	Item      string    `json:"item"`
	Due       time.Time `json:"due"`
	StaleAt   time.Time `json:"stale_at"`
	Status    Status    `json:"status"`
	Approver  string    `json:"approver,omitempty"`
	Approved  time.Time `json:"approved,omitzero"`
	Published time.Time `json:"published,omitzero"`
	Version   int64     `json:"version"`
}

// Release records that an outlet has an item, or how far it is with it.
type Release struct {
	Slot     string    `json:"slot"`
	Outlet   string    `json:"outlet"`
	At       time.Time `json:"at"`  // when it came out, or the last try
	Ref      string    `json:"ref"` // the outlet's own id or address of the piece; "" while not released
	Tries    int       `json:"tries"`
	Err      string    `json:"err,omitempty"`      // last failure while not released
	Doubtful bool      `json:"doubtful,omitempty"` // it may have come out: an editor has to look
}

// Out tells whether the outlet has the item.
func (r Release) Out() bool { return r.Ref != "" }

// Outlet is a place where items come out: a Telegram channel, the column page,
// the file for the official account's editor.
type Outlet interface {
	Name() string
	// Publish puts the item out and returns where it is, never "". It may be
	// called again for the same slot after a failure, and should then not put it
	// out twice if it can tell.
	Publish(ctx context.Context, s Slot, it content.Item) (ref string, err error)
}

// Once marks an [Outlet] that cannot tell whether an earlier try of its own
// came out. A try of it that ended without an answer is not repeated: the
// release is doubtful until an editor settles it.
type Once interface {
	Outlet
	// Doubtful tells whether the piece may have come out in spite of err.
	Doubtful(err error) bool
}

// Store keeps slots and releases.
type Store interface {
	Slots(ctx context.Context, year int) ([]Slot, error)
	// SaveSlot writes s if the stored version is s.Version (0: if there is
	// none), and counts the version up; otherwise an error of kind Conflict.
	SaveSlot(ctx context.Context, s Slot) (Slot, error)
	Slot(ctx context.Context, id string) (Slot, error) // fault.NotFound
	// Releases of a slot.
	Releases(ctx context.Context, slot string) ([]Release, error)
	// SaveRelease writes r unless the outlet has the item already.
	SaveRelease(ctx context.Context, r Release) error
	// Lock lets one replica at a time publish a slot; release ends it early.
	Lock(ctx context.Context, slot string, ttl time.Duration) (release func(), ok bool, err error)
	// Published lists releases of an outlet that are out, newest first, for the
	// column page.
	Published(ctx context.Context, outlet string, limit int) ([]Release, error)
}
