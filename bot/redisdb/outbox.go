package redisdb

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/dispute"
)

const (
	sendLease  = time.Minute
	firstRetry = 5 * time.Second
	lastRetry  = 15 * time.Minute
	maxDoubts  = 1000 // kept for staff to look at
)

var (
	outboxTake   = script("outbox_take")
	outboxBegin  = script("outbox_begin")
	outboxSettle = script("outbox_settle")
	outboxPut    = script("outbox_put")
)

// Outbox keeps messages to people until they are sent.
type Outbox struct{ db *DB }

var _ bot.Outbox = (*Outbox)(nil)

// Outbox returns the outbox, into which the scripts that change cases put.
func (d *DB) Outbox() *Outbox { return &Outbox{d} }

// noticeArgs gives each notice of a case's change an id that a retried call
// makes again.
func noticeArgs(id dispute.CaseID, version int64, at time.Time, notices []dispute.Notice) []any {
	var args []any
	for i, n := range notices {
		args = append(args, noticeID(id, version, i), encodeBody(n, at.UnixMilli()))
	}
	return args
}

func noticeID(id dispute.CaseID, version int64, i int) string {
	return string(id) + ":" + whole(version) + ":" + strconv.Itoa(i)
}

func (o *Outbox) keys() []string {
	k := o.db.k
	return []string{k.outbox(), k.outboxBodies(), k.outboxTries(), k.outboxDoubts()}
}

// Take implements [bot.Outbox].
func (o *Outbox) Take(ctx context.Context, limit int) ([]bot.Entry, error) {
	now := o.db.Now()
	rows, err := o.db.run(ctx, outboxTake, o.keys()[:3], now.UnixMilli(), firstLease.Milliseconds(), limit).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("outbox: redis: %w", err)
	}
	var ids []string
	for i := 0; i+2 < len(rows); i += 3 {
		ids = append(ids, rows[i])
	}
	held, err := o.db.hold(ctx, o.db.k.outbox(), now.Add(firstLease), now.Add(sendLease), ids)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	var entries []bot.Entry
	for i := 0; i+2 < len(rows); i += 3 {
		if !held[rows[i]] {
			continue // its lease ran out on the way: another has it
		}
		var b body
		if err := json.Unmarshal([]byte(rows[i+1]), &b); err != nil {
			// Another version's: it is given out again in a minute, to a replica that
			// can read it, and keeps no other waiting.
			o.db.log.ErrorContext(ctx, "outbox entry not read", "entry", rows[i], "err", err)
			continue
		}
		tries, err := strconv.Atoi(rows[i+2])
		if err != nil {
			return nil, fmt.Errorf("outbox entry %s: %w", rows[i], err)
		}
		entries = append(entries, bot.Entry{ID: rows[i], Notice: b.Notice, Tries: tries, At: time.UnixMilli(b.At).UTC()})
	}
	return entries, nil
}

// Begin implements [bot.Outbox].
func (o *Outbox) Begin(ctx context.Context, id string) (bool, error) {
	fresh, err := o.db.run(ctx, outboxBegin, []string{o.db.k.outboxBodies(), o.db.k.outboxTries()}, id).Bool()
	if err != nil {
		return false, fmt.Errorf("outbox entry %s: redis: %w", id, err)
	}
	return fresh, nil
}

// Settle implements [bot.Outbox].
func (o *Outbox) Settle(ctx context.Context, id string, s bot.Settlement) error {
	fate := "sent"
	if !s.Sent {
		fate = [...]string{bot.Retry: "retry", bot.Dropped: "dropped", bot.Unknown: "unknown"}[s.Outcome]
	}
	args := []any{
		id, fate, o.db.Now().UnixMilli(), s.After.Milliseconds(), firstRetry.Milliseconds(), lastRetry.Milliseconds(), s.Error, maxDoubts,
	}
	if err := o.db.run(ctx, outboxSettle, o.keys(), args...).Err(); err != nil {
		return fmt.Errorf("outbox entry %s: redis: %w", id, err)
	}
	return nil
}

// Put implements [bot.Outbox].
func (o *Outbox) Put(ctx context.Context, notices ...dispute.Notice) error {
	return o.put(ctx, "", notices)
}

// Split implements [bot.Outbox].
func (o *Outbox) Split(ctx context.Context, id string, to []string) error {
	raw, err := o.db.rdb.HGet(ctx, o.db.k.outboxBodies(), id).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("outbox entry %s: redis: %w", id, err)
	}
	var b body
	if err := json.Unmarshal(raw, &b); err != nil {
		return fmt.Errorf("outbox entry %s: %w", id, err)
	}
	notices := make([]dispute.Notice, len(to))
	for i, address := range to {
		notices[i] = b.Notice
		notices[i].To = address
	}
	return o.put(ctx, id, notices)
}

// put adds entries, in place of the entry instead if that is set.
func (o *Outbox) put(ctx context.Context, instead string, notices []dispute.Notice) error {
	now, base := o.db.Now().UnixMilli(), instead
	if base == "" {
		base = "p" + rand.Text()
	}
	args := []any{now, instead}
	for i, n := range notices {
		args = append(args, base+"/"+strconv.Itoa(i), encodeBody(n, now))
	}
	if err := o.db.run(ctx, outboxPut, o.keys()[:3], args...).Err(); err != nil {
		return fmt.Errorf("outbox: redis: %w", err)
	}
	return nil
}

// Doubt is a message that may not have reached its reader, for staff to see.
type Doubt struct {
	ID     string         `json:"id"`
	Fate   string         `json:"fate"` // unknown: it may have got through; dropped: it never will
	Error  string         `json:"error"`
	At     int64          `json:"at"` // Unix ms
	Notice dispute.Notice `json:"notice"`
}

// Doubts lists doubtful and dropped messages, newest first.
func (o *Outbox) Doubts(ctx context.Context, limit int) ([]Doubt, error) {
	raw, err := o.db.rdb.LRange(ctx, o.db.k.outboxDoubts(), 0, int64(limit-1)).Result()
	if err != nil {
		return nil, fmt.Errorf("outbox: redis: %w", err)
	}
	all := make([]Doubt, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal([]byte(r), &all[i]); err != nil {
			return nil, fmt.Errorf("outbox doubt: %w", err)
		}
	}
	return all, nil
}

// Waiting counts the messages that wait to be sent.
func (o *Outbox) Waiting(ctx context.Context) (int64, error) {
	n, err := o.db.rdb.ZCard(ctx, o.db.k.outbox()).Result()
	if err != nil {
		return 0, fmt.Errorf("outbox: redis: %w", err)
	}
	return n, nil
}
