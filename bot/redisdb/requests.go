package redisdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/request"
)

var requestSave = script("request_save")

// Requests keeps what people ask of their own data, sealed.
type Requests struct {
	db   *DB
	seal sealer
}

var _ request.Store = (*Requests)(nil)

// Requests returns the part of the desk's state that holds requests. It needs
// Options.Secret.
func (d *DB) Requests() (*Requests, error) {
	if d.vault == nil {
		return nil, errors.New("requests: no master key to seal them with")
	}
	s, err := d.vault.sealer("requests", "")
	return &Requests{d, s}, err
}

// Save implements [request.Store].
func (s *Requests) Save(ctx context.Context, r request.Request, notices ...dispute.Notice) (request.Request, error) {
	seen := r.Version
	r.Version++
	raw, err := json.Marshal(r)
	if err != nil {
		return r, err
	}
	due, closed := stamp(r.Due), ""
	if r.State != request.Open {
		due, closed = "", stamp(r.Closed)
	}
	k, now := s.db.k, s.db.Now()
	told := noticeArgs(dispute.CaseID(r.ID), r.Version, now, notices)
	args := append([]any{r.ID, seen, s.seal.seal(r.ID, string(raw)), due, closed, stamp(now)}, told...)
	keys := []string{k.requests(), k.requests("version"), k.requests("open"), k.requests("settled"), k.outbox(), k.outboxBodies()}
	n, err := s.db.keep(ctx, requestSave, keys, args...).Int()
	if err != nil {
		return r, fmt.Errorf("request %s: redis: %w", r.ID, err)
	}
	if n == 0 {
		return r, fault.New(fault.Conflict, "the request has changed meanwhile")
	}
	return r, nil
}

// Request implements [request.Store].
func (s *Requests) Request(ctx context.Context, id string) (request.Request, error) {
	sealed, err := s.db.rdb.HGet(ctx, s.db.k.requests(), id).Result()
	if errors.Is(err, redis.Nil) {
		return request.Request{}, fault.New(fault.NotFound, "no such request")
	}
	if err != nil {
		return request.Request{}, fmt.Errorf("request %s: redis: %w", id, err)
	}
	return s.open(id, sealed)
}

func (s *Requests) open(id, sealed string) (request.Request, error) {
	var r request.Request
	err := unsealInto(s.seal, id, sealed, &r)
	return r, err
}

// Waiting implements [request.Store].
func (s *Requests) Waiting(ctx context.Context, limit int) ([]request.Request, error) {
	ids, err := s.db.rdb.ZRange(ctx, s.db.k.requests("open"), 0, int64(limit-1)).Result()
	return s.list(ctx, ids, err)
}

// Settled implements [request.Store].
func (s *Requests) Settled(ctx context.Context, limit int) ([]request.Request, error) {
	ids, err := s.db.rdb.ZRevRange(ctx, s.db.k.requests("settled"), 0, int64(limit-1)).Result()
	return s.list(ctx, ids, err)
}

func (s *Requests) list(ctx context.Context, ids []string, err error) ([]request.Request, error) {
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	raw, err := s.db.rdb.HMGet(ctx, s.db.k.requests(), ids...).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	var all []request.Request
	for i, v := range raw {
		sealed, ok := v.(string)
		if !ok {
			continue
		}
		r, err := s.open(ids[i], sealed)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}
