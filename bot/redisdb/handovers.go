package redisdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
)

// handoverKept is how long a question is kept after it was asked or answered.
const handoverKept = 90 * 24 * time.Hour

var (
	handoverOpen   = script("handover_open")
	handoverAnswer = script("handover_answer")
)

// Handovers keeps the questions that residents passed to a person, sealed.
type Handovers struct {
	db   *DB
	seal sealer
}

var _ bot.Handovers = (*Handovers)(nil)

// Handovers returns the part of the desk's state that holds questions passed
// on. It needs Options.Secret.
func (d *DB) Handovers() (*Handovers, error) {
	if d.vault == nil {
		return nil, errors.New("hand-overs: no master key to seal questions with")
	}
	s, err := d.vault.sealer("handovers", "")
	return &Handovers{d, s}, err
}

func (h *Handovers) keys(id string) []string {
	k := h.db.k
	return []string{k.handover(id), k.handovers(), k.outbox(), k.outboxBodies()}
}

// Open implements [bot.Handovers].
func (h *Handovers) Open(ctx context.Context, v bot.Handover, n ...dispute.Notice) error {
	_, err := h.keep(ctx, handoverOpen, v, "asked", n)
	return err
}

// Answer implements [bot.Handovers].
func (h *Handovers) Answer(ctx context.Context, v bot.Handover, n ...dispute.Notice) error {
	ok, err := h.keep(ctx, handoverAnswer, v, "answered", n)
	if err == nil && !ok {
		return fault.New(fault.Conflict, "the question was answered before")
	}
	return err
}

func (h *Handovers) keep(ctx context.Context, s *redis.Script, v bot.Handover, what string, n []dispute.Notice) (bool, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return false, err
	}
	now := h.db.Now().UnixMilli()
	args := []any{h.seal.seal(v.ID, string(raw)), v.ID, now, handoverKept.Milliseconds()}
	for i, notice := range n {
		b, err := json.Marshal(body{notice, now})
		if err != nil {
			return false, err
		}
		args = append(args, fmt.Sprintf("h%s:%s:%d", v.ID, what, i), string(b))
	}
	ok, err := h.db.keep(ctx, s, h.keys(v.ID), args...).Bool()
	if err != nil {
		return false, fmt.Errorf("redis: keep hand-over: %w", err)
	}
	return ok, nil
}

// Handover implements [bot.Handovers].
func (h *Handovers) Handover(ctx context.Context, id string) (bot.Handover, error) {
	var v bot.Handover
	sealed, err := h.db.rdb.Get(ctx, h.db.k.handover(id)).Result()
	if errors.Is(err, redis.Nil) {
		return v, fault.New(fault.NotFound, "no such hand-over")
	}
	if err != nil {
		return v, fmt.Errorf("redis: read hand-over: %w", err)
	}
	plain, err := h.seal.open(id, sealed)
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal([]byte(plain), &v)
}

// Waiting implements [bot.Handovers]. One that is gone by its age is passed over.
func (h *Handovers) Waiting(ctx context.Context, limit int) ([]bot.Handover, error) {
	ids, err := h.db.rdb.ZRange(ctx, h.db.k.handovers(), 0, int64(limit-1)).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: list hand-overs: %w", err)
	}
	var all []bot.Handover
	for _, id := range ids {
		v, err := h.Handover(ctx, id)
		if fault.Of(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// Forget drops the questions of a person that still wait for an answer. One that
// was answered goes by its age.
func (h *Handovers) Forget(ctx context.Context, person string) error {
	waiting, err := h.Waiting(ctx, 1000)
	if err != nil {
		return err
	}
	for _, v := range waiting {
		if v.From.String() != person {
			continue
		}
		_, err := h.db.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.Del(ctx, h.db.k.handover(v.ID))
			p.ZRem(ctx, h.db.k.handovers(), v.ID)
			return nil
		})
		if err != nil {
			return fmt.Errorf("hand-over %s: redis: %w", v.ID, err)
		}
	}
	return nil
}
