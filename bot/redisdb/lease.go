package redisdb

import (
	"context"
	"fmt"
	"time"
)

// What is taken from a list to be worked on is leased in two steps. The first
// lease is short: if its answer is lost, as when Redis stood still and did at
// last what nobody waited for any more, the entries wait a few seconds and not
// as long as the work on them may take. The second makes it long, for what the
// answer named.
const firstLease = 10 * time.Second // longer than [mostWait], so that who took it is still there to say so

var holdLease = script("lease_hold")

// hold makes the lease that ends at first one that ends at until, and returns
// the members that are still held by it.
func (d *DB) hold(ctx context.Context, key string, first, until time.Time, members []string) (map[string]bool, error) {
	held := map[string]bool{}
	if len(members) == 0 {
		return held, nil
	}
	args := []any{first.UnixMilli(), until.UnixMilli()}
	for _, m := range members {
		args = append(args, m)
	}
	got, err := d.run(ctx, holdLease, []string{key}, args...).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	for _, m := range got {
		held[m] = true
	}
	return held, nil
}
