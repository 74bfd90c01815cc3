package redisdb_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestAnAcknowledgedReportSurvivesAKill kills Redis amid a storm of reports,
// starts it again on what is on the disk, and looks for every report that a
// resident was told is filed.
func TestAnAcknowledgedReportSurvivesAKill(t *testing.T) {
	t.Parallel()
	rounds, storm := 4, 900*time.Millisecond
	if testing.Short() {
		rounds = 1
	}
	server := redistest.Start(t)
	acked, lost := map[dispute.CaseID]string{}, 0
	var last redisdb.Options
	for round := range rounds {
		db, rdb := stormDB(t, server.Addr())
		last = redisdb.Options{Tenant: "storm", Now: time.Now, Log: quiet, Secret: redistest.Secret}
		fresh := fileUntilKilled(t, db, server, storm, round)
		must(t, rdb.Close())
		must(t, server.Run())
		for id, number := range fresh {
			acked[id] = number
		}
		if len(fresh) == 0 {
			t.Fatal("nothing was acknowledged before the kill")
		}
	}
	_, rdb := stormDB(t, server.Addr())
	db := redistest.On(t, rdb, last)
	s, numbers := service(t, db, time.Now), map[dispute.Number]bool{}
	for id, number := range acked {
		c, err := db.Cases().Case(t.Context(), id, true)
		if err != nil || string(c.Number) != number || c.Report.What == "" {
			lost++
			continue
		}
		if numbers[c.Number] {
			t.Errorf("number %s stands twice", c.Number)
		}
		numbers[c.Number] = true
	}
	t.Logf("%d kills, %d acknowledged, %d lost", rounds, len(acked), lost)
	if lost > 0 {
		t.Errorf("%d of %d acknowledged reports are lost", lost, len(acked))
	}
	wholeAndGapless(t, s, db, rdb)
}

func stormDB(t *testing.T, addr string) (*redisdb.DB, redis.UniversalClient) {
	t.Helper()
	rdb := redistest.NewClient(&redis.Options{Addr: addr, MaxRetries: -1, PoolSize: 16, ContextTimeoutEnabled: true})
	return redistest.On(t, rdb, redisdb.Options{Tenant: "storm", Now: time.Now, Log: quiet}), rdb
}

// fileUntilKilled files reports from 16 clients, kills the server after a
// while, and returns those that were acknowledged.
func fileUntilKilled(t *testing.T, db *redisdb.DB, server *redistest.Server, after time.Duration, round int) map[dispute.CaseID]string {
	t.Helper()
	s := service(t, db, time.Now)
	acked := map[dispute.CaseID]string{}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				c, err := s.File(ctx, clerk, filing(fmt.Sprintf("%d-%d-%d", round, w, i)))
				if err != nil {
					return // the server is gone
				}
				mu.Lock()
				acked[c.ID] = string(c.Number)
				mu.Unlock()
			}
		})
	}
	some := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(acked) > 0
	}
	// The storm has to blow for a while on a real clock, longer where the disk is busy.
	for begun := time.Now(); time.Since(begun) < after || !some() && time.Since(begun) < 2*time.Minute; {
		time.Sleep(after / 10)
	}
	server.Kill()
	wg.Wait()
	return acked
}

// wholeAndGapless checks what is in Redis after the kills, acknowledged or not:
// no half-written case, no gap among the numbers.
func wholeAndGapless(t *testing.T, s *dispute.Service, db *redisdb.DB, rdb redis.UniversalClient) {
	t.Helper()
	year := fmt.Sprint(time.Now().In(time.FixedZone("CST", 8*3600)).Year())
	numbers := rdb.HGetAll(t.Context(), "anjie:{storm}:number:"+year).Val()
	for i := 1; i <= len(numbers); i++ {
		id, ok := numbers[fmt.Sprint(i)]
		if !ok {
			t.Fatalf("number %d of %d is missing", i, len(numbers))
		}
		if i%50 == 0 { // each is checked the same way; a sample does
			must(t, s.Verify(t.Context(), clerk, dispute.CaseID(id)))
		}
	}
	waiting, err := db.Outbox().Waiting(t.Context())
	must(t, err)
	queued := rdb.ZCard(t.Context(), "anjie:{storm}:queue:999999999001").Val()
	timers := rdb.ZCard(t.Context(), "anjie:{storm}:timers").Val()
	// two messages a case, and one more where the clerks are told of a likeness
	if n := int64(len(numbers)); waiting < 2*n || waiting > 3*n || queued != n || timers != 2*n {
		t.Errorf("%d cases, but %d messages, %d queue entries, %d deadlines", n, waiting, queued, timers)
	}
}
