package redisdb

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/publicity"
)

var (
	slotSave    = script("slot_save")
	releaseSave = script("release_save")
	unlock      = script("unlock")
)

// Publicity keeps slots and releases.
type Publicity struct{ db *DB }

var _ publicity.Store = (*Publicity)(nil)

// Publicity returns the publicity part of the desk's state.
func (d *DB) Publicity() *Publicity { return &Publicity{d} }

// Slots implements [publicity.Store].
func (p *Publicity) Slots(ctx context.Context, year int) ([]publicity.Slot, error) {
	raw, err := p.db.rdb.HVals(ctx, p.db.k.slots(strconv.Itoa(year))).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	return decodeAll[publicity.Slot](raw)
}

// Slot implements [publicity.Store].
func (p *Publicity) Slot(ctx context.Context, id string) (publicity.Slot, error) {
	raw, err := p.db.rdb.HGet(ctx, p.db.k.slots(yearOf(id)), id).Result()
	if errors.Is(err, redis.Nil) {
		return publicity.Slot{}, fault.New(fault.NotFound, "no slot "+strconv.Quote(id))
	}
	if err != nil {
		return publicity.Slot{}, fmt.Errorf("redis: %w", err)
	}
	var s publicity.Slot
	return s, json.Unmarshal([]byte(raw), &s)
}

// SaveSlot implements [publicity.Store].
func (p *Publicity) SaveSlot(ctx context.Context, s publicity.Slot) (publicity.Slot, error) {
	read := s.Version
	s.Version++
	raw, err := json.Marshal(s)
	if err != nil {
		return publicity.Slot{}, err
	}
	year := yearOf(s.ID)
	now, err := p.db.run(ctx, slotSave, []string{p.db.k.slots(year), p.db.k.slotVersions(year)}, s.ID, read, raw).Int64()
	if err != nil {
		return publicity.Slot{}, fmt.Errorf("redis: %w", err)
	}
	if now == 0 {
		return publicity.Slot{}, fault.New(fault.Conflict, "slot "+s.ID+" has changed meanwhile")
	}
	return s, nil
}

// Releases implements [publicity.Store].
func (p *Publicity) Releases(ctx context.Context, slot string) ([]publicity.Release, error) {
	raw, err := p.db.rdb.HVals(ctx, p.db.k.releases(slot)).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	return decodeAll[publicity.Release](raw)
}

// SaveRelease implements [publicity.Store].
func (p *Publicity) SaveRelease(ctx context.Context, r publicity.Release) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	at := ""
	if r.Out() {
		at = strconv.FormatInt(r.At.UnixMilli(), 10)
	}
	keys := []string{p.db.k.releases(r.Slot), p.db.k.released(r.Outlet)}
	if err := p.db.run(ctx, releaseSave, keys, r.Outlet, r.Slot, raw, at).Err(); err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	return nil
}

// Lock implements [publicity.Store].
func (p *Publicity) Lock(ctx context.Context, slot string, ttl time.Duration) (func(), bool, error) {
	key, token := p.db.k.slotLock(slot), rand.Text()
	err := p.db.rdb.SetArgs(ctx, key, token, redis.SetArgs{Mode: "NX", TTL: ttl}).Err()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("redis: %w", err)
	}
	release := func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if err := p.db.run(ctx, unlock, []string{key}, token).Err(); err != nil {
			p.db.log.WarnContext(ctx, "lock of a slot is left to run out", "slot", slot, "err", err)
		}
	}
	return release, true, nil
}

// Published implements [publicity.Store].
func (p *Publicity) Published(ctx context.Context, outlet string, limit int) ([]publicity.Release, error) {
	if limit <= 0 {
		return nil, nil
	}
	slots, err := p.db.rdb.ZRevRange(ctx, p.db.k.released(outlet), 0, int64(limit)-1).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	pipe := p.db.rdb.Pipeline()
	for _, s := range slots {
		pipe.HGet(ctx, p.db.k.releases(s), outlet)
	}
	cmds, err := pipe.Exec(ctx)
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("redis: %w", err)
	}
	var raw []string
	for _, c := range cmds {
		if s, err := c.(*redis.StringCmd).Result(); err == nil {
			raw = append(raw, s)
		}
	}
	return decodeAll[publicity.Release](raw)
}

// yearOf cuts the year off a slot's id.
func yearOf(slot string) string {
	y, _, _ := strings.Cut(slot, "/")
	return y
}

func decodeAll[T any](raw []string) ([]T, error) {
	all := make([]T, len(raw))
	for i, s := range raw {
		if err := json.Unmarshal([]byte(s), &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}
