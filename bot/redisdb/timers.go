package redisdb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// timerLease is how long a timer that was given out waits for its move before
// it is given out again.
const timerLease = time.Minute

var takeScript = script("take")

// Due implements [dispute.Store].
func (c *Cases) Due(ctx context.Context, limit int) ([]dispute.DueTimer, error) {
	now := c.db.Now()
	members, err := c.db.run(ctx, takeScript, []string{c.db.k.timers()}, now.UnixMilli(), firstLease.Milliseconds(), limit).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	held, err := c.db.hold(ctx, c.db.k.timers(), now.Add(firstLease), now.Add(timerLease), members)
	if err != nil {
		return nil, err
	}
	members = slices.DeleteFunc(members, func(m string) bool { return !held[m] })
	if len(members) == 0 {
		return nil, nil
	}
	replies := make([]*redis.StringCmd, len(members))
	_, err = c.db.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, m := range members {
			id, kind, _ := strings.Cut(m, ":")
			replies[i] = p.HGet(ctx, c.db.k.caseHash(id), timerPrefix+kind)
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("redis: %w", err)
	}
	var due []dispute.DueTimer
	for i, m := range members {
		id, kind, _ := strings.Cut(m, ":")
		var p parser
		t := p.timer(dispute.TimerKind(kind), replies[i].Val())
		if replies[i].Err() != nil || p.err != nil {
			c.db.log.ErrorContext(ctx, "timer that no case has", "case", id, "kind", kind)
			continue
		}
		due = append(due, dispute.DueTimer{Case: dispute.CaseID(id), Timer: t})
	}
	return due, nil
}
