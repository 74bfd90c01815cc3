// Package trial is a Redis inside the process, kept in one snapshot file, so
// that the desk can be tried without a server.
//
// It keeps what it is told until the process is killed, and to the last
// snapshot beyond that: enough for a trial, not for residents' reports.
package trial

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	snapshotName = "trial.jsonl"
	lockName     = "trial.lock"
	tick         = 500 * time.Millisecond
)

// Options tune a Server.
type Options struct {
	Every time.Duration    // between snapshots; 0 means 30 seconds
	Now   func() time.Time // nil means time.Now
	Log   *slog.Logger     // nil means slog.Default()
}

// Server is an in-process Redis and its folder.
type Server struct {
	mini *miniredis.Miniredis
	rdb  *redis.Client
	dir  string
	lock *folderLock
	opt  Options

	mu   sync.Mutex // one snapshot at a time
	aged time.Time  // up to when times to live have been counted down
}

// Open starts a Redis on what dir holds, and makes dir if need be. It fails if
// another process uses dir, if dir can't be written, or if its snapshot is
// damaged; it never starts empty over a snapshot that it can't read.
func Open(dir string, opt Options) (*Server, error) {
	if opt.Every == 0 {
		opt.Every = 30 * time.Second
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if err := writable(dir); err != nil {
		return nil, err
	}
	lock, err := lockFolder(filepath.Join(dir, lockName))
	if err != nil {
		return nil, fmt.Errorf("data folder %s is in use by another desk; stop that one, or start with another folder by --data: %w", dir, err)
	}
	s := &Server{mini: miniredis.NewMiniRedis(), dir: dir, lock: lock, opt: opt, aged: opt.Now()}
	s.rdb = redis.NewClient(&redis.Options{
		Addr:                     "in-process",
		Dialer:                   func(context.Context, string, string) (net.Conn, error) { return s.dial() },
		ContextTimeoutEnabled:    true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	if err := s.load(context.Background()); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// writable makes dir and tries to write in it.
func writable(dir string) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(dir, ".try-*"); err == nil {
			err = errors.Join(f.Close(), os.Remove(f.Name()))
		}
	}
	if err != nil {
		return fmt.Errorf("data folder %s can't be written (%w); choose another by --data, or give this user the right to write there", dir, err)
	}
	return nil
}

func (s *Server) dial() (net.Conn, error) {
	c, err := s.mini.Dial()
	if err != nil {
		return nil, err
	}
	return buffer(c), nil
}

// Client speaks to the Redis. It is closed by Close.
func (s *Server) Client() redis.UniversalClient { return s.rdb }

// Run counts times to live down and takes snapshots until ctx ends. A snapshot
// that fails is logged and tried again the next time.
func (s *Server) Run(ctx context.Context) error {
	ticks, saves := time.NewTicker(tick), time.NewTicker(s.opt.Every)
	defer ticks.Stop()
	defer saves.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
			s.Age()
		case <-saves.C:
			if err := s.Save(ctx); err != nil && ctx.Err() == nil {
				s.opt.Log.ErrorContext(ctx, "trial snapshot", "err", err)
			}
		}
	}
}

// Age lets keys expire whose time is over. miniredis counts no time of its own.
func (s *Server) Age() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opt.Now()
	if d := now.Sub(s.aged); d > 0 {
		s.mini.FastForward(d)
	}
	s.aged = now
}

// Close takes a last snapshot, ends the Redis and lets the folder go.
func (s *Server) Close() error {
	return errors.Join(s.Save(context.Background()), s.stop())
}

func (s *Server) stop() error {
	err := s.rdb.Close()
	s.mini.Close()
	return errors.Join(err, s.lock.release())
}
