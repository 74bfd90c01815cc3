package redisdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

var cronWin = script("cron_win")

// CronSlots remembers which slot of each cron job was taken last, so that of
// any number of replicas one fires it. It is the Slots of package schedule.
type CronSlots struct{ db *DB }

// CronSlots returns the cron part of the desk's state.
func (d *DB) CronSlots() *CronSlots { return &CronSlots{d} }

// Win takes the slot at of a job, and reports false if it or a later one was
// taken before.
func (c *CronSlots) Win(ctx context.Context, job string, at time.Time) (bool, error) {
	n, err := c.db.run(ctx, cronWin, []string{c.db.k.cron()}, job, at.UnixMilli()).Int()
	if err != nil {
		return false, fmt.Errorf("redis: %w", err)
	}
	return n == 1, nil
}

// Last is the slot of a job that was taken last, zero if none ever was.
func (c *CronSlots) Last(ctx context.Context, job string) (time.Time, error) {
	ms, err := c.db.rdb.HGet(ctx, c.db.k.cron(), job).Int64()
	if errors.Is(err, redis.Nil) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("redis: %w", err)
	}
	return time.UnixMilli(ms), nil
}
