package redisdb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
)

var reserveScript = script("reserve")

// goodWithin is how long a time set aside waits for the meeting that makes it good.
const goodWithin = time.Minute

// mostStale bounds how many reservations that came to nothing one call clears.
const mostStale = 8

// Reserve implements [dispute.Store].
func (c *Cases) Reserve(ctx context.Context, mediator string, id dispute.CaseID, from, to time.Time) error {
	stale, seen := "", ""
	for range mostStale {
		args := []any{string(id), from.UnixMilli(), to.UnixMilli(), c.db.Now().UnixMilli(), stale, seen}
		got, err := c.db.run(ctx, reserveScript, []string{c.db.k.meetings(mediator)}, args...).StringSlice()
		if err != nil {
			return fmt.Errorf("set time aside for case %s: redis: %w", id, err)
		}
		if len(got) == 0 {
			return nil
		}
		held, err := c.stands(ctx, mediator, dispute.CaseID(got[0]), got[1])
		if err != nil {
			return err
		}
		if held {
			return dispute.ErrBusy
		}
		stale, seen = got[0], got[1]
	}
	return dispute.ErrBusy
}

// stands tells whether a reservation is made good by a booked meeting of its
// case, or so new that it may yet be.
func (c *Cases) stands(ctx context.Context, mediator string, id dispute.CaseID, raw string) (bool, error) {
	parts := strings.Split(raw, ":")
	if len(parts) != 3 {
		return false, nil
	}
	from, _ := strconv.ParseInt(parts[0], 10, 64) // what isn't a number stands for nothing
	made, _ := strconv.ParseInt(parts[2], 10, 64)
	if c.db.Now().Sub(time.UnixMilli(made)) < goodWithin {
		return true, nil
	}
	k, err := c.Case(ctx, id, false)
	if errors.Is(err, dispute.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	b, ok := dispute.Booked(k)
	return ok && k.Owner == mediator && k.State.Open() && b.At.UnixMilli() == from, nil
}
