// Package redisdb keeps the desk's state in Redis: cases, queues, outbox,
// dialogues, accounts, publicity slots. Every change of state is one script,
// so that it happens whole or not at all.
//
// Keys are made in keys.go alone. Scripts are in lua/, one change each.
package redisdb

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options tune a DB; the zero value is production.
type Options struct {
	Tenant string           // the sub-district's key; "" means "chengqu"
	Now    func() time.Time // nil means time.Now
	Log    *slog.Logger     // nil means slog.Default()
	Secret []byte           // master key for sealing personal data and linking the audit trail, 32 bytes
}

// DB is the desk's Redis.
type DB struct {
	rdb redis.UniversalClient
	k   keys
	opt Options
}

// New returns a DB over rdb, which Close closes.
func New(rdb redis.UniversalClient, opt Options) *DB {
	if opt.Tenant == "" {
		opt.Tenant = "chengqu"
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	return &DB{rdb: rdb, k: keys(opt.Tenant), opt: opt}
}

// Ping tells whether Redis answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.rdb.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	return nil
}

// Close closes the connections.
func (d *DB) Close() error { return d.rdb.Close() }
