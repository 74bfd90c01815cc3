package redisdb

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// traitLife is how long an index by trait outlives the last report with it:
// duplicates of open cases are looked for, and none stays open for longer.
const traitLife = 400 * 24 * time.Hour

// traitKeys are the keys of traits. A trait (a telephone number, a name) stands
// in no key: a hash does that nobody makes without the master key.
func (c *Cases) traitKeys(traits []string) []string {
	keys := make([]string, 0, len(traits))
	for _, t := range traits {
		keys = append(keys, c.db.k.byTrait(shortMac(c.db.vault.blind, "trait", t)))
	}
	return keys
}

// Alike implements [dispute.Store].
func (c *Cases) Alike(ctx context.Context, traits []string, limit int) ([]dispute.CaseID, error) {
	if err := c.ready(); err != nil || len(traits) == 0 {
		return nil, err
	}
	keys := c.traitKeys(traits)
	replies := make([]*redis.StringSliceCmd, len(keys))
	_, err := c.db.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, key := range keys {
			replies[i] = p.ZRevRange(ctx, key, 0, int64(limit-1))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	var all []dispute.CaseID
	for _, r := range replies {
		for _, id := range r.Val() {
			if !slices.Contains(all, dispute.CaseID(id)) {
				all = append(all, dispute.CaseID(id))
			}
		}
	}
	return all, nil
}
