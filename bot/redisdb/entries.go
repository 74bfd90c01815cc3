package redisdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/entry"
	"github.com/anjie-desk/anjie/bot/fault"
)

// historyKept is how many editions of an entry are kept.
const historyKept = 100

var (
	entryDraft   = script("entry_draft")
	entryPublish = script("entry_publish")
)

// Entries keeps the FAQs that the desk writes itself. They are no secret:
// residents read them.
type Entries struct{ db *DB }

var _ entry.Store = (*Entries)(nil)

// Entries returns the part of the desk's state that holds its own entries.
func (d *DB) Entries() *Entries { return &Entries{d} }

// NextID implements [entry.Store].
func (e *Entries) NextID(ctx context.Context, field string) (string, error) {
	n, err := e.db.rdb.Incr(ctx, e.db.k.entrySeries()).Result()
	if err != nil {
		return "", fmt.Errorf("redis: id of an entry: %w", err)
	}
	return fmt.Sprintf("%s-d%d", field, n), nil
}

// Drafts implements [entry.Store].
func (e *Entries) Drafts(ctx context.Context) ([]entry.Sheet, error) {
	raw, err := e.db.rdb.HVals(ctx, e.db.k.entryDrafts()).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: drafts: %w", err)
	}
	return decodeAll[entry.Sheet](raw)
}

// Draft implements [entry.Store].
func (e *Entries) Draft(ctx context.Context, id string) (entry.Sheet, error) {
	var s entry.Sheet
	raw, err := e.db.rdb.HGet(ctx, e.db.k.entryDrafts(), id).Bytes()
	if errors.Is(err, redis.Nil) {
		return s, fault.New(fault.NotFound, "no such draft")
	}
	if err != nil {
		return s, fmt.Errorf("redis: draft: %w", err)
	}
	return s, json.Unmarshal(raw, &s)
}

// SaveDraft implements [entry.Store].
func (e *Entries) SaveDraft(ctx context.Context, s entry.Sheet) (entry.Sheet, error) {
	read := s.Version
	s.Version++
	raw, err := json.Marshal(s)
	if err != nil {
		return s, err
	}
	return s, e.draft(ctx, s.FAQ.ID, read, string(raw))
}

// DropDraft implements [entry.Store].
func (e *Entries) DropDraft(ctx context.Context, id string, version int64) error {
	return e.draft(ctx, id, version, "")
}

func (e *Entries) draft(ctx context.Context, id string, read int64, raw string) error {
	ok, err := e.db.run(ctx, entryDraft, []string{e.db.k.entryDrafts()}, id, read, raw).Bool()
	if err != nil {
		return fmt.Errorf("redis: keep a draft: %w", err)
	}
	if !ok {
		return fault.New(fault.Conflict, "the draft has changed meanwhile")
	}
	return nil
}

// Publish implements [entry.Store].
func (e *Entries) Publish(ctx context.Context, v entry.Edition, draft int64) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	k, gone := e.db.k, "0"
	if v.Reverted {
		gone = "1"
	}
	keys := []string{k.entryDrafts(), k.entries(), k.entryHistory(v.FAQ.ID), k.entriesVersion()}
	n, err := e.db.run(ctx, entryPublish, keys, v.FAQ.ID, draft, string(raw), gone, historyKept).Int64()
	if err != nil {
		return fmt.Errorf("redis: publish an entry: %w", err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "the draft has changed meanwhile")
	}
	return nil
}

// Editions implements [entry.Store]. The version is read first: what changes
// in between is read again.
func (e *Entries) Editions(ctx context.Context) ([]entry.Edition, int64, error) {
	version, err := e.Version(ctx)
	if err != nil {
		return nil, 0, err
	}
	raw, err := e.db.rdb.HVals(ctx, e.db.k.entries()).Result()
	if err != nil {
		return nil, 0, fmt.Errorf("redis: entries: %w", err)
	}
	list, err := decodeAll[entry.Edition](raw)
	return list, version, err
}

// Version implements [entry.Store].
func (e *Entries) Version(ctx context.Context) (int64, error) {
	n, err := e.db.rdb.Get(ctx, e.db.k.entriesVersion()).Int64()
	if err != nil && !errors.Is(err, redis.Nil) {
		return 0, fmt.Errorf("redis: version of the entries: %w", err)
	}
	return n, nil
}

// History implements [entry.Store].
func (e *Entries) History(ctx context.Context, id string) ([]entry.Edition, error) {
	raw, err := e.db.rdb.LRange(ctx, e.db.k.entryHistory(id), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: history of an entry: %w", err)
	}
	return decodeAll[entry.Edition](raw)
}
