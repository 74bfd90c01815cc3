// Package redisdb keeps the desk's state in Redis: cases, queues, outbox,
// dialogues, accounts, publicity slots. Every change of state is one script,
// so that it happens whole or not at all.
//
// Keys are made in keys.go alone. Scripts are in lua/, one change each.
package redisdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options tune a DB; the zero value is production, but cannot seal personal
// data: that needs Secret.
type Options struct {
	Tenant string           // the sub-district's key; "" means "chengqu"
	Now    func() time.Time // nil means time.Now corrected by the Redis server's clock
	Log    *slog.Logger     // nil means slog.Default()
	Secret []byte           // master key for sealing personal data and linking the audit trail, 32 bytes

	// Replicas is how many replicas must hold what people are told is kept
	// before they are told (WAIT); 0 asks none. A change that they don't hold
	// within ReplicaWait, 0 means 1 s, fails with [ErrUnsure].
	Replicas    int
	ReplicaWait time.Duration

	// Convoys is how many calls that file reports may be on their way at the
	// same time; 0 means 8. Reports that come meanwhile share the next call.
	Convoys int
}

// DB is the desk's Redis.
type DB struct {
	rdb   redis.UniversalClient
	k     keys
	clock *clock
	vault *vault // nil without a secret
	log   *slog.Logger
	staff staff

	filings convoy // reports on their way

	failsOver bool // Sentinel or Cluster may promote a replica

	replicas int
	wait     time.Duration
	patience time.Duration // the longest that anybody waits for Redis
}

// Open connects to the Redis that address names (see [ParseURL]) and asks it
// for a sign of life. Close closes the connections.
func Open(ctx context.Context, address string, opt Options) (*DB, error) {
	conf, err := ParseURL(address)
	if err != nil {
		return nil, err
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	redis.SetLogger(clientLog{opt.Log})
	rdb := redis.NewUniversalClient(conf)
	rdb.AddHook(patience(mostWait + opt.ReplicaWait))
	db, err := New(rdb, opt)
	if err != nil {
		return nil, err
	}
	db.failsOver = conf.MasterName != "" || conf.IsClusterMode
	if err := db.Ping(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// New returns a DB over rdb, which Close closes. It fails on a secret that is
// not 32 bytes.
func New(rdb redis.UniversalClient, opt Options) (*DB, error) {
	if opt.Tenant == "" {
		opt.Tenant = "chengqu"
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if opt.ReplicaWait == 0 {
		opt.ReplicaWait = time.Second
	}
	if opt.Convoys == 0 {
		opt.Convoys = mostAway
	}
	db := &DB{
		rdb: rdb, k: keys(opt.Tenant), log: opt.Log, clock: &clock{now: opt.Now},
		replicas: opt.Replicas, wait: opt.ReplicaWait, patience: mostWait + opt.ReplicaWait,
	}
	db.filings.send, db.filings.most = db.sendFilings, opt.Convoys
	if opt.Now == nil {
		opt.Now = time.Now
		db.clock = follow(opt.Now, rdb, opt.Log)
	}
	if len(opt.Secret) == 0 {
		return db, nil
	}
	v, err := newVault(opt.Secret)
	db.vault = v
	return db, err
}

// Now is the time by which everything in this DB is stamped: the same on every
// replica, whatever its own clock says.
//
//nolint:contextcheck,nolintlint // it asks Redis at most twice a minute, within a second of its own
func (d *DB) Now() time.Time { return d.clock.Now() }

// Ping tells whether Redis answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.rdb.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("redis does not answer: %w", err)
	}
	return nil
}

// Ready tells whether Redis takes writes, which one that answers may refuse: its
// memory or its disk is full, its replicas are away, it is itself a replica.
// The error says what to do about it.
func (d *DB) Ready(ctx context.Context) error {
	err := d.rdb.Set(ctx, d.k.probe(), 1, time.Minute).Err()
	if err == nil {
		return nil
	}
	for sign, mend := range map[string]string{
		"OOM ":        "raise maxmemory, or give the machine more memory",
		"MISCONF ":    "make room on its disk",
		"NOREPLICAS ": "start its replicas again: fewer are in step than min-replicas-to-write",
		"READONLY ":   "the address is a replica's: name the master, or the Sentinels",
	} {
		if strings.HasPrefix(err.Error(), sign) {
			return fmt.Errorf("redis refuses writes: %w; %s", err, mend)
		}
	}
	return fmt.Errorf("redis takes no writes: %w", err)
}

// Close closes the connections.
func (d *DB) Close() error { return d.rdb.Close() }

// clientLog takes what the Redis client has to say: lost connections and the
// like, of which every call that fails tells anyway.
type clientLog struct{ log *slog.Logger }

// Printf implements the client's logger.
func (l clientLog) Printf(ctx context.Context, format string, v ...any) {
	l.log.DebugContext(ctx, "redis client", "says", fmt.Sprintf(format, v...))
}
