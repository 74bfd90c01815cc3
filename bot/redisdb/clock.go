package redisdb

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// How often a replica asks Redis for the time, and how long it waits for it.
const (
	clockEvery   = 30 * time.Second
	clockTimeout = time.Second
)

// clock tells one time to all replicas: Redis's. Between two questions it
// counts on by the process's monotonic clock, so that a wall clock set forward
// by an hour fires no timer early.
type clock struct {
	now func() time.Time
	rdb redis.UniversalClient // nil: now is the clock, as in tests
	log *slog.Logger

	mu    sync.Mutex
	asked time.Time // by now, at the last question
	was   time.Time // what Redis answered
}

func follow(now func() time.Time, rdb redis.UniversalClient, log *slog.Logger) *clock {
	return &clock{now: now, rdb: rdb, log: log}
}

// Now returns the time in UTC, to the millisecond.
func (c *clock) Now() time.Time {
	t := c.now()
	if c.rdb == nil {
		return t.UTC().Truncate(time.Millisecond)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked.IsZero() || t.Sub(c.asked) >= clockEvery {
		c.ask(t)
	}
	return c.was.Add(t.Sub(c.asked)).UTC().Truncate(time.Millisecond)
}

// ask keeps counting on from the last answer when Redis is away.
func (c *clock) ask(t time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), clockTimeout)
	defer cancel()
	at, err := c.rdb.Time(ctx).Result()
	if err == nil {
		c.asked, c.was = t, at
		return
	}
	c.log.WarnContext(ctx, "clock of redis unknown", "err", err)
	if c.asked.IsZero() {
		c.was = t
	} else {
		c.was = c.was.Add(t.Sub(c.asked))
	}
	c.asked = t
}
