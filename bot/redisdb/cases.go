package redisdb

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
)

const codeLetters = 10 // of a case's code: 50 bits

// Cases keeps cases.
type Cases struct {
	db     *DB
	recent *recent
	shelf  Shelf       // nil: what lies in files can't be read
	typed  atomic.Bool // every case is known to stand in the index by its type
}

var _ dispute.Store = (*Cases)(nil)

// Cases returns the cases of the desk's state. Filing, and reading personal
// data, fails unless the DB was given a secret.
func (d *DB) Cases() *Cases { return &Cases{db: d, recent: newRecent()} }

// Recent implements [dispute.Store].
func (c *Cases) Recent(id dispute.CaseID) (dispute.Case, bool) { return c.recent.get(id) }

func (c *Cases) ready() error {
	if c.db.vault == nil {
		return errors.New("no master key: cases can't be sealed")
	}
	return nil
}

// codeOf is the case's code for its reporter: not kept, but made from the key.
func (c *Cases) codeOf(id dispute.CaseID) string {
	if c.db.vault == nil {
		return ""
	}
	sum := mac(c.db.vault.blind, "code", string(id))
	return base32.StdEncoding.EncodeToString(sum[:])[:codeLetters]
}

// chain links events onto k, and moves its version and head along.
func (c *Cases) chain(k *dispute.Case, events []dispute.Event, s *sealer) []string {
	out := make([]string, 0, len(events))
	for _, ev := range events {
		row := rowOf(ev, k.Version+1, s)
		row.Link = row.linked(c.db.vault, k.ID, k.Head)
		k.Version, k.Head = row.Seq, row.Link
		out = append(out, row.encode())
	}
	k.Edited = k.Version
	return out
}

// lists appends the lengths of parts as one argument, then all of them.
func lists(args []any, parts ...[]any) []any {
	sizes := make([]string, len(parts))
	for i, p := range parts {
		sizes[i] = strconv.Itoa(len(p))
	}
	args = append(args, strings.Join(sizes, ","))
	for _, p := range parts {
		args = append(args, p...)
	}
	return args
}

// pairs lists names and values, one after the other.
func pairs(fields []field) []any {
	out := make([]any, 0, 2*len(fields))
	for _, f := range fields {
		out = append(out, f.name, f.value)
	}
	return out
}

// splitTimers parts the timers to set, each after its time, from those to cancel.
func splitTimers(id dispute.CaseID, timers []dispute.Timer) (on, off []any) {
	for _, t := range timers {
		if t.At.IsZero() {
			off = append(off, timerMember(id, t.Kind))
		} else {
			on = append(on, stamp(t.At), timerMember(id, t.Kind))
		}
	}
	return on, off
}

// hashToken makes a key's part of a token, which may be long and personal.
func hashToken(scope, token string) string {
	sum := sha256.Sum256([]byte(scope + "\x00" + token))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// Applied implements [dispute.Store].
func (c *Cases) Applied(ctx context.Context, id dispute.CaseID, token string) (bool, error) {
	n, err := c.db.rdb.Exists(ctx, c.db.k.idem(hashToken(string(id), token))).Result()
	if err != nil {
		return false, fmt.Errorf("case %s: redis: %w", id, err)
	}
	return n == 1, nil
}

// Case implements [dispute.Store].
func (c *Cases) Case(ctx context.Context, id dispute.CaseID, personal bool) (dispute.Case, error) {
	if personal {
		return c.whole(ctx, id)
	}
	fields, err := c.fields(ctx, id)
	if err != nil {
		return dispute.Case{}, err
	}
	k, err := caseOf(id, fields)
	k.Code = c.codeOf(id)
	if err == nil {
		c.recent.put(k)
	}
	return k, err
}

// whole reads a case with personal data: both hashes in one transaction, since
// the one names the papers that the other holds.
func (c *Cases) whole(ctx context.Context, id dispute.CaseID) (dispute.Case, error) {
	if err := c.ready(); err != nil {
		return dispute.Case{}, err
	}
	tx := c.db.rdb.TxPipeline()
	plain, secret := tx.HGetAll(ctx, c.db.k.caseHash(string(id))), tx.HGetAll(ctx, c.db.k.sealed(string(id)))
	if _, err := tx.Exec(ctx); err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: redis: %w", id, err)
	}
	return c.opened(id, plain.Val(), secret.Val())
}

// opened is the case that both its hashes describe.
func (c *Cases) opened(id dispute.CaseID, plain, sealed map[string]string) (dispute.Case, error) {
	if len(plain) == 0 {
		return dispute.Case{}, dispute.ErrNotFound
	}
	k, err := caseOf(id, plain)
	if err != nil {
		return dispute.Case{}, err
	}
	k.Code = c.codeOf(id)
	c.recent.put(k)
	switch {
	case k.Erased():
		return k, nil
	case k.Shelf != "":
		return c.fromShelf(k, sealed[saltField])
	}
	s, err := c.db.vault.sealer(string(id), sealed[saltField])
	if err != nil {
		return dispute.Case{}, err
	}
	return k, unseal(s, &k, sealed)
}

// Whole implements [dispute.Store].
func (c *Cases) Whole(ctx context.Context, ids []dispute.CaseID) ([]dispute.Case, error) {
	if err := c.ready(); err != nil || len(ids) == 0 {
		return nil, err
	}
	tx := c.db.rdb.TxPipeline()
	plain, secret := make([]*redis.MapStringStringCmd, len(ids)), make([]*redis.MapStringStringCmd, len(ids))
	for i, id := range ids {
		plain[i], secret[i] = tx.HGetAll(ctx, c.db.k.caseHash(string(id))), tx.HGetAll(ctx, c.db.k.sealed(string(id)))
	}
	if _, err := tx.Exec(ctx); err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	var cases []dispute.Case
	for i, id := range ids {
		if k, err := c.opened(id, plain[i].Val(), secret[i].Val()); err == nil {
			cases = append(cases, k)
		}
	}
	return cases, nil
}

func (c *Cases) fields(ctx context.Context, id dispute.CaseID) (map[string]string, error) {
	fields, err := c.db.rdb.HGetAll(ctx, c.db.k.caseHash(string(id))).Result()
	if err != nil {
		return nil, fmt.Errorf("case %s: redis: %w", id, err)
	}
	if len(fields) == 0 {
		return nil, dispute.ErrNotFound
	}
	return fields, nil
}

func (c *Cases) sealerOf(ctx context.Context, id dispute.CaseID) (sealer, error) {
	if err := c.ready(); err != nil {
		return sealer{}, err
	}
	salt, err := c.db.rdb.HGet(ctx, c.db.k.sealed(string(id)), saltField).Result()
	if errors.Is(err, redis.Nil) {
		return sealer{}, dispute.ErrNotFound
	}
	if err != nil {
		return sealer{}, fmt.Errorf("case %s: redis: %w", id, err)
	}
	return c.db.vault.sealer(string(id), salt)
}

// ByNumber implements [dispute.Store].
func (c *Cases) ByNumber(ctx context.Context, year, serial int) (dispute.CaseID, error) {
	id, err := c.db.rdb.HGet(ctx, c.db.k.byNumber(strconv.Itoa(year)), strconv.Itoa(serial)).Result()
	if errors.Is(err, redis.Nil) {
		return "", dispute.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("number %d-%d: redis: %w", year, serial, err)
	}
	return dispute.CaseID(id), nil
}
