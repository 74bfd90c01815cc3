package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// CourierOptions tune a Courier; the zero value is production.
type CourierOptions struct {
	Idle  time.Duration // between two looks at an empty outbox; 0 means 500 ms
	Batch int           // entries taken at once; 0 means 32
	Tries int           // after so many an entry is dropped; 0 means 40
	Log   *slog.Logger  // nil means slog.Default()
	// Observe is told of every send: sent, retry, dropped, unknown. Nil: nobody is.
	Observe func(channel, outcome string)
}

// Courier sends what the outbox holds, each to its person over the channel
// that the person uses. Receipts to residents go before notes to the staff.
type Courier struct {
	b        *Bot
	channels map[string]Channel
	opt      CourierOptions
}

// NewCourier returns a Courier that renders by b and sends over channels.
func NewCourier(b *Bot, channels []Channel, opt CourierOptions) *Courier {
	opt.Idle = cmp.Or(opt.Idle, 500*time.Millisecond)
	opt.Batch = cmp.Or(opt.Batch, 32)
	opt.Tries = cmp.Or(opt.Tries, 40)
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	c := &Courier{b: b, opt: opt, channels: map[string]Channel{}}
	for _, ch := range channels {
		c.channels[ch.Name()] = ch
	}
	return c
}

// Run sends until ctx ends, then finishes the entry in hand and returns nil.
// Trouble with the outbox is logged and waited out.
func (c *Courier) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := c.Deliver(ctx)
		if err != nil && ctx.Err() == nil {
			c.opt.Log.ErrorContext(ctx, "outbox not read", "err", err)
		}
		if n == 0 || err != nil {
			c.rest(ctx)
		}
	}
	return nil
}

func (c *Courier) rest(ctx context.Context) {
	timer := time.NewTimer(c.opt.Idle)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// Deliver takes one batch from the outbox and sends it. It returns how many
// entries it took.
func (c *Courier) Deliver(ctx context.Context) (int, error) {
	entries, err := c.b.d.Outbox.Take(ctx, c.opt.Batch)
	if err != nil {
		return 0, err
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return cmp.Compare(rankOf(a.Notice), rankOf(b.Notice)) })
	for _, e := range entries {
		select {
		case <-ctx.Done():
			return len(entries), nil // what is left is given out again when its lease ends
		default:
		}
		if err := c.entry(context.WithoutCancel(ctx), e); err != nil {
			c.opt.Log.ErrorContext(ctx, "outbox entry not settled", "entry", e.ID, "err", err)
		}
	}
	return len(entries), nil
}

// rankOf puts receipts to people before notes to the staff.
func rankOf(n dispute.Notice) int {
	if _, _, group := recipients(n.To); group {
		return 1
	}
	return 0
}

// newerTries is how often a message that this version has no wording for is left
// to a replica that has: while replicas are changed one by one, some are newer.
const newerTries = 3

// sendTimeout is how long one send may take.
const sendTimeout = 30 * time.Second

func (c *Courier) entry(ctx context.Context, e Entry) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if _, _, group := recipients(e.Notice.To); group {
		return c.split(ctx, e)
	}
	to, ok := ParseAddress(e.Notice.To)
	ch := c.channels[to.Channel]
	if !ok || ch == nil {
		return c.settle(ctx, e, to.Channel, Settlement{Outcome: Dropped, Error: "no channel " + to.Channel})
	}
	if !c.b.d.Texts.Has(e.Notice.Key) && e.Tries < newerTries {
		return c.settle(ctx, e, to.Channel, Settlement{Outcome: Retry, Error: "no wording for " + e.Notice.Key})
	}
	fresh, err := c.b.d.Outbox.Begin(ctx, e.ID)
	if err != nil {
		return err
	}
	if !fresh && onceOnly(e.Notice.Key) {
		return c.settle(ctx, e, to.Channel, Settlement{Outcome: Unknown, Error: "an earlier send may have got through"})
	}
	r, err := c.b.notice(ctx, to, e.Notice)
	if err != nil {
		return c.settle(ctx, e, to.Channel, c.failed(e, fmt.Errorf("render %s: %w", e.Notice.Key, err)))
	}
	if err := ch.Send(ctx, to, r); err != nil {
		return c.settle(ctx, e, to.Channel, c.failed(e, err))
	}
	return c.settle(ctx, e, to.Channel, Settlement{Sent: true})
}

// onceOnly tells whether a message is better lost than sent twice: what goes
// to many. A notice about somebody's own case is better sent twice than lost.
func onceOnly(key string) bool { return strings.HasPrefix(key, "broadcast.") }

// failed judges a send that went wrong by what the channel knows of it.
func (c *Courier) failed(e Entry, err error) Settlement {
	s := Settlement{Outcome: Retry, Error: err.Error()}
	var se *SendError
	if errors.As(err, &se) {
		s.Outcome, s.After = se.Outcome, time.Duration(se.After)*time.Second
	}
	if s.Outcome == Unknown && !onceOnly(e.Notice.Key) {
		s.Outcome = Retry // sent twice is better than not at all
	}
	if s.Outcome == Retry && e.Tries+1 >= c.opt.Tries {
		s.Outcome = Dropped
	}
	return s
}

func (c *Courier) settle(ctx context.Context, e Entry, channel string, s Settlement) error {
	outcome := [...]string{Retry: "retry", Dropped: "dropped", Unknown: "unknown"}[s.Outcome]
	if s.Sent {
		outcome = "sent"
	}
	if c.opt.Observe != nil {
		c.opt.Observe(channel, outcome)
	}
	if !s.Sent {
		c.opt.Log.WarnContext(ctx, "notice not sent", "entry", e.ID, "key", e.Notice.Key, "channel", channel, "outcome", outcome, "tries", e.Tries)
	}
	return c.b.d.Outbox.Settle(ctx, e.ID, s)
}

// split gives an entry for several people to each of them. Staff whom no
// channel reaches find it in the console, where it stands anyway.
func (c *Courier) split(ctx context.Context, e Entry) error {
	to, err := c.b.addressesOf(ctx, e.Notice.To)
	if err != nil {
		return err
	}
	to = slices.DeleteFunc(to, func(s string) bool {
		a, ok := ParseAddress(s)
		return !ok || c.channels[a.Channel] == nil
	})
	if len(to) == 0 {
		return c.b.d.Outbox.Settle(ctx, e.ID, Settlement{Sent: true})
	}
	return c.b.d.Outbox.Split(ctx, e.ID, to)
}
