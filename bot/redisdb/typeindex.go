package redisdb

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// indexBatch is how many cases one script adds to the indexes by type.
const indexBatch = 200

var indexTypesScript = script("index_types")

// IndexTypes adds to the indexes by type the cases that were filed before there
// were any, and returns how many. Once it came to its end it does nothing; until
// then lists by type read the indexes by place, which hold every case. It may
// run while cases change, and on several replicas at once.
func (c *Cases) IndexTypes(ctx context.Context, territories []string) (added int, err error) {
	if done, err := c.typesIndexed(ctx); done || err != nil {
		return 0, err
	}
	if added, err = c.SweepTypes(ctx, territories, false); err != nil {
		return added, err
	}
	if err := c.db.rdb.Set(ctx, c.db.k.typesIndexed(), "1", 0).Err(); err != nil {
		return added, fmt.Errorf("index by type: redis: %w", err)
	}
	c.typed.Store(true)
	return added, nil
}

// SweepTypes adds to the indexes by type what is missing there, and returns how
// many: while replicas are changed one by one, an older version files and moves
// cases without knowing of these indexes, also after [Cases.IndexTypes] came to
// its end. Open leaves those out that nobody works on any more. What such a move
// leaves behind in an index is no harm: lists look at the case itself.
func (c *Cases) SweepTypes(ctx context.Context, territories []string, open bool) (added int, err error) {
	var states []string
	for _, s := range dispute.States {
		if s.Open() || !open {
			states = append(states, string(s))
		}
	}
	if !open {
		states = append(states, shelved)
	}
	for _, territory := range territories {
		for _, state := range states {
			n, err := c.indexPlace(ctx, territory, state)
			if added += n; err != nil {
				return added, fmt.Errorf("index by type: %w", err)
			}
		}
	}
	return added, nil
}

// typesIndexed tells whether every case stands in the index by its type.
func (c *Cases) typesIndexed(ctx context.Context) (bool, error) {
	if c.typed.Load() {
		return true, nil
	}
	done, err := c.db.rdb.Get(ctx, c.db.k.typesIndexed()).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return false, fmt.Errorf("redis: %w", err)
	}
	if done != "" {
		c.typed.Store(true)
	}
	return done != "", nil
}

// indexPlace adds the cases of one territory and state. It scans rather than
// pages, since what is there all the time is then found however much else moves.
func (c *Cases) indexPlace(ctx context.Context, territory, state string) (added int, err error) {
	var cursor uint64
	for {
		pairs, next, err := c.db.rdb.ZScan(ctx, c.db.k.byPlace(territory, state), cursor, "", indexBatch).Result()
		if err != nil {
			return added, fmt.Errorf("redis: %w", err)
		}
		for len(pairs) > 0 {
			n := min(len(pairs), 2*indexBatch)
			more, err := c.indexSome(ctx, territory, state, pairs[:n])
			if added += more; err != nil {
				return added, err
			}
			pairs = pairs[n:]
		}
		if cursor = next; cursor == 0 {
			return added, nil
		}
	}
}

// indexSome adds cases, each an id and its filing time.
func (c *Cases) indexSome(ctx context.Context, territory, state string, pairs []string) (int, error) {
	types := make([]*redis.StringCmd, len(pairs)/2)
	_, err := c.db.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i := range types {
			types[i] = p.HGet(ctx, c.db.k.caseHash(pairs[2*i]), "category")
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return 0, fmt.Errorf("redis: %w", err)
	}
	var keys []string
	var args []any
	for i, category := range types {
		if category.Val() == "" {
			continue // it left Redis meanwhile
		}
		id, filed := pairs[2*i], pairs[2*i+1]
		if f, err := strconv.ParseFloat(filed, 64); err == nil {
			filed = whole(int64(f))
		}
		keys = append(keys, c.db.k.caseHash(id), c.db.k.byType(category.Val(), territory, state))
		args = append(args, id, territory, category.Val(), state, filed)
	}
	if len(keys) == 0 {
		return 0, nil
	}
	n, err := c.db.run(ctx, indexTypesScript, keys, args...).Int()
	if err != nil {
		return 0, fmt.Errorf("redis: %w", err)
	}
	return n, nil
}
