// Package redistest gives tests a Redis: one in the process, and a real one
// where the machine has it.
package redistest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/anjie-desk/anjie/bot/redisdb"
)

// Secret is a master key for tests.
var Secret = bytes.Repeat([]byte("k"), 32)

// Open returns a DB on an in-process Redis, closed when the test ends. Tenant
// and Secret have defaults.
func Open(tb testing.TB, opt redisdb.Options) *redisdb.DB {
	tb.Helper()
	m := miniredis.RunT(tb)
	return On(tb, NewClient(&redis.Options{Addr: m.Addr(), ContextTimeoutEnabled: true}), opt)
}

// On returns a DB over rdb, closed when the test ends.
func On(tb testing.TB, rdb redis.UniversalClient, opt redisdb.Options) *redisdb.DB {
	tb.Helper()
	if opt.Tenant == "" {
		opt.Tenant = "test-" + rand.Text()
	}
	if opt.Secret == nil {
		opt.Secret = Secret
	}
	db, err := redisdb.New(rdb, opt)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// NewClient is redis.NewClient without the negotiation of maintenance
// notifications, as redisdb.ParseURL has it: in its automatic mode go-redis
// 9.23 reads and writes one options field from two connections at once, and
// the race detector fails whichever test is running. The caller closes it.
func NewClient(opt *redis.Options) *redis.Client {
	opt.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return redis.NewClient(opt)
}

// Each runs a test on the in-process Redis and again on a real one.
func Each(t *testing.T, test func(t *testing.T, rdb redis.UniversalClient)) {
	t.Helper()
	t.Run("miniredis", func(t *testing.T) {
		m := miniredis.RunT(t)
		test(t, client(t, "redis://"+m.Addr()))
	})
	t.Run("redis", func(t *testing.T) { test(t, client(t, Address(t))) })
}

func client(tb testing.TB, address string) redis.UniversalClient {
	tb.Helper()
	conf, err := redisdb.ParseURL(address)
	if err != nil {
		tb.Fatal(err)
	}
	rdb := redis.NewUniversalClient(conf)
	tb.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

// Address is REDIS_URL, or that of a server started for this test.
func Address(tb testing.TB) string {
	tb.Helper()
	if url := os.Getenv("REDIS_URL"); url != "" {
		return url
	}
	return Start(tb).URL()
}

// Server is a redis-server of the test's own.
type Server struct {
	Dir  string
	addr string
	args []string
	cmd  *exec.Cmd

	// Through is a command that runs the server, named in the arguments after
	// its own: a shell that sets limits, say. Env is added to the environment.
	// Both count from the next Run on.
	Through []string
	Env     []string
}

// Start starts a redis-server that syncs every write to the disk, unless args
// say otherwise, and ends it with the test. Without redis-server the test is
// skipped, or fails if CI is set.
func Start(tb testing.TB, args ...string) *Server {
	tb.Helper()
	dir := tb.TempDir()
	return start(tb, dir, append([]string{
		"--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", "",
		"--pidfile", filepath.Join(dir, "r.pid"),
	}, args...))
}

// StartWith starts a redis-server on a file of settings, such as a Sentinel's.
func StartWith(tb testing.TB, conf string, args ...string) *Server {
	tb.Helper()
	return start(tb, tb.TempDir(), append([]string{conf}, args...))
}

func start(tb testing.TB, dir string, args []string) *Server {
	tb.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatal("redis-server is missing: apt-get install redis-server")
		}
		tb.Skip("redis-server is missing: install it or set REDIS_URL to run this test on a real Redis")
	}
	port := freePort(tb)
	s := &Server{Dir: dir, addr: fmt.Sprintf("127.0.0.1:%d", port)}
	s.args = slices.Concat(args, []string{"--port", fmt.Sprint(port), "--bind", "127.0.0.1", "--dir", dir})
	if err := s.Run(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Kill)
	return s
}

// URL is the server's address.
func (s *Server) URL() string { return "redis://" + s.addr }

// Addr is the server's host and port.
func (s *Server) Addr() string { return s.addr }

// Run starts the server, again after Kill, and waits until it answers.
func (s *Server) Run() error {
	line := slices.Concat(s.Through, []string{"redis-server"}, s.args)
	s.cmd = exec.CommandContext(context.Background(), line[0], line[1:]...) //nolint:gosec // the test's own arguments
	s.cmd.Env = append(os.Environ(), s.Env...)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	rdb := NewClient(&redis.Options{Addr: s.addr, MaxRetries: -1})
	defer func() { _ = rdb.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for ; ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		if rdb.Ping(ctx).Err() == nil {
			return nil
		}
	}
	return errors.Join(errors.New("redis-server does not answer"), s.cmd.Process.Kill())
}

// Kill ends the server at once, as a power cut would.
func (s *Server) Kill() {
	if s.cmd.Process == nil || s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// Freeze stops the server in its tracks: it neither answers nor refuses.
func (s *Server) Freeze() error { return s.cmd.Process.Signal(syscall.SIGSTOP) }

// Thaw lets a frozen server go on.
func (s *Server) Thaw() error { return s.cmd.Process.Signal(syscall.SIGCONT) }

func freePort(tb testing.TB) int {
	tb.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		tb.Fatal("not a TCP address")
	}
	return addr.Port
}

// Client is a client of an in-process Redis that ends with the test.
func Client(tb testing.TB) redis.UniversalClient {
	tb.Helper()
	return client(tb, "redis://"+miniredis.RunT(tb).Addr())
}
