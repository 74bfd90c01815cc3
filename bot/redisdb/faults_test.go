package redisdb_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestASlowDiskLosesReportsUnlessEveryWriteIsSynced kills a Redis amid a storm
// on a disk that is slow to sync. With appendfsync everysec acknowledged
// reports are gone, which shows that the look for losses finds them; with
// always, none is.
func TestASlowDiskLosesReportsUnlessEveryWriteIsSynced(t *testing.T) {
	t.Parallel()
	slow := slowSync(t)
	for sync, tc := range map[string]struct {
		ms    string
		loses bool
	}{
		"everysec": {"1200", true},
		"always":   {"20", false},
	} {
		t.Run(sync, func(t *testing.T) {
			t.Parallel()
			server := redistest.Start(t, "--appendfsync", sync)
			server.Kill()
			server.Env = []string{"LD_PRELOAD=" + slow, "SLOWSYNC_MS=" + tc.ms}
			must(t, server.Run())
			acked, lost := 0, 0
			for round := range 3 {
				db, rdb := stormDB(t, server.Addr())
				fresh := fileUntilKilled(t, db, server, 1600*time.Millisecond, round)
				must(t, rdb.Close())
				must(t, server.Run())
				acked += len(fresh)
				lost += missing(t, server.Addr(), fresh)
			}
			t.Logf("%d acknowledged, %d lost", acked, lost)
			if acked == 0 || (lost > 0) != tc.loses {
				t.Errorf("%d of %d acknowledged reports are lost, losses expected: %v", lost, acked, tc.loses)
			}
		})
	}
}

// slowSync builds the library that makes a disk slow.
func slowSync(t *testing.T) string {
	t.Helper()
	cc, err := exec.LookPath("gcc")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("gcc is missing: apt-get install gcc libc6-dev")
		}
		t.Skip("gcc is missing: without it no disk can be made slow")
	}
	lib := filepath.Join(t.TempDir(), "slowsync.so")
	if out, err := exec.CommandContext(t.Context(), cc, "-shared", "-fPIC", "-O1", "-o", lib, "testdata/slowsync.c").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return lib
}

// missing counts the reports that were acknowledged and aren't there.
func missing(t *testing.T, addr string, acked map[dispute.CaseID]string) int {
	t.Helper()
	rdb := redistest.NewClient(&redis.Options{Addr: addr})
	defer rdb.Close()
	lost := 0
	for id, number := range acked {
		if rdb.HGet(t.Context(), "anjie:{storm}:case:"+string(id), "number").Val() != number {
			lost++
		}
	}
	return lost
}

// TestAFullDiskLosesNothingThatWasAcknowledged files reports until the disk is
// full: a file may grow no further. What was acknowledged is there once there
// is room again, and the desk goes on.
func TestAFullDiskLosesNothingThatWasAcknowledged(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	server.Kill()
	// SIGXFSZ is ignored, so that the write fails as on a full disk
	server.Through = []string{"bash", "-c", `trap "" XFSZ; ulimit -f 1500; exec "$@"`, "limited"}
	must(t, server.Run())
	db, _ := stormDB(t, server.Addr())
	s, acked := service(t, db, time.Now), map[dispute.CaseID]string{}
	for i := range 5000 {
		c, err := s.File(t.Context(), clerk, filing(fmt.Sprint(i)))
		if err != nil {
			break
		}
		acked[c.ID] = string(c.Number)
	}
	if len(acked) == 0 || len(acked) == 5000 {
		t.Fatalf("%d reports were taken by a disk that fills", len(acked))
	}
	server.Kill() // a Redis that can't write its log has ended by itself, or refuses writes
	server.Through = nil
	must(t, server.Run())
	if lost := missing(t, server.Addr(), acked); lost > 0 {
		t.Errorf("%d of %d acknowledged reports are lost", lost, len(acked))
	}
	again, rdb := stormDB(t, server.Addr())
	s = service(t, again, time.Now)
	_, err := s.File(t.Context(), clerk, filing("with room again"))
	must(t, err)
	wholeAndGapless(t, s, again, rdb)
	t.Logf("%d acknowledged, 0 lost", len(acked))
}

// TestARedisWithoutMemoryRefusesWholly files until Redis has no memory left: a
// report is kept whole or not at all, and once there is memory the same draft
// can be sent again.
func TestARedisWithoutMemoryRefusesWholly(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "--maxmemory", "4mb")
	db, rdb := stormDB(t, server.Addr())
	s := service(t, db, time.Now)
	n, refused := 0, error(nil)
	for ; refused == nil && n < 5000; n++ {
		_, refused = s.File(t.Context(), clerk, filing(fmt.Sprint(n)))
	}
	if refused == nil || !strings.Contains(refused.Error(), "OOM") {
		t.Fatalf("after %d reports: %v", n, refused)
	}
	wholeAndGapless(t, s, db, rdb)
	if err := db.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "raise maxmemory") {
		t.Errorf("whoever watches is told %v", err)
	}
	must(t, rdb.ConfigSet(t.Context(), "maxmemory", "64mb").Err())
	must(t, db.Ready(t.Context()))
	_, err := s.File(t.Context(), clerk, filing(fmt.Sprint(n-1)))
	must(t, err)
	wholeAndGapless(t, s, db, rdb)
}

// TestAScriptFlushIsNotNoticed works cases while somebody keeps emptying the
// server's memory of scripts.
func TestAScriptFlushIsNotNoticed(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "--appendfsync", "no")
	for name, replicas := range map[string]int{"alone": 0, "waiting for a replica": 1} {
		t.Run(name, func(t *testing.T) {
			if replicas > 0 {
				replicaOf(t, server)
			}
			rdb := redistest.NewClient(&redis.Options{Addr: server.Addr(), PoolSize: 32, ContextTimeoutEnabled: true})
			db := redistest.On(t, rdb, redisdb.Options{Now: time.Now, Log: quiet, Replicas: replicas, ReplicaWait: 10 * time.Second})
			s := service(t, db, time.Now)
			stop, flushes := context.WithCancel(t.Context())
			var flusher, wg sync.WaitGroup
			flusher.Go(func() {
				for n := 0; stop.Err() == nil; n++ {
					_ = rdb.ScriptFlush(stop).Err()
				}
			})
			var failed atomic.Int64
			for w := range 8 {
				wg.Go(func() {
					for i := range 40 {
						c, err := s.File(t.Context(), clerk, filing(fmt.Sprintf("%d-%d", w, i)))
						if err == nil {
							_, err = s.Claim(t.Context(), zhang, c.ID, dispute.Seen{})
						}
						if err != nil {
							failed.Add(1)
							t.Log(err)
						}
					}
				})
			}
			wg.Wait()
			flushes()
			flusher.Wait()
			if failed.Load() > 0 {
				t.Errorf("%d of 320 cases failed", failed.Load())
			}
		})
	}
}

// replicaOf starts a replica of server and waits until it is online.
func replicaOf(t *testing.T, server *redistest.Server) *redistest.Server {
	t.Helper()
	host, port, _ := strings.Cut(server.Addr(), ":")
	r := redistest.Start(t, "--replicaof", host+" "+port, "--appendfsync", "no")
	master := redistest.NewClient(&redis.Options{Addr: server.Addr()})
	defer master.Close()
	eventuallyWithin(t, 30*time.Second, func() error {
		if !strings.Contains(master.Info(t.Context(), "replication").Val(), "state=online") {
			return fmt.Errorf("no replica is online")
		}
		return nil
	})
	return r
}

// TestAnOlderProgramKeepsWhatANewerOneWrote works a case that has a field which
// this version does not know, as while replicas are changed one by one: the
// field stays, and the trail stays whole for the newer version.
func TestAnOlderProgramKeepsWhatANewerOneWrote(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		model, err := d.cases.Case(ctx, d.file(t, "model").ID, true)
		must(t, err)
		newer := dispute.NewCase{Case: model, Token: "newer", Timers: model.Timers, Series: dispute.Series{Year: 2026, Form: "{serial}", Digits: 4}}
		newer.Case.ID, newer.Case.Version, newer.Case.Head = "cabcdefghijkl", 0, ""
		newer.Case.Unknown = map[string]string{"z:tomorrow": "kept"}
		newer.Events = []dispute.Event{{At: d.clock.Now(), Actor: "clerk", Kind: "filed", To: dispute.Accepted}}
		c, err := d.cases.File(ctx, newer)
		must(t, err)
		_, err = d.Claim(ctx, zhang, c.ID, dispute.Seen{})
		must(t, err)
		_, err = d.Start(ctx, zhang, c.ID, dispute.OpMediate, "双方愿意", dispute.Seen{})
		must(t, err)
		must(t, d.Verify(ctx, clerk, c.ID))
		after, err := d.cases.Case(ctx, c.ID, false)
		if err != nil || after.Unknown["z:tomorrow"] != "kept" {
			t.Errorf("the newer field is %v, %v", after.Unknown, err)
		}
	})
}
