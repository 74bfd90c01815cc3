package redisdb_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// The benchmarks run beside asynq's on the same Redis:
//
//	go test ./bot/redisdb -run '^$' -bench . -benchtime 3000x
//
// Submitting a report is held against Enqueue, claiming and beginning to
// mediate a case against asynq's taking and finishing a task.

var benchClients = []int{1, 8, 64}

var benchSync = []string{"always", "everysec"}

func BenchmarkSubmit(b *testing.B) {
	each(b, func(b *testing.B, rdb redis.UniversalClient, _ string, clients int) {
		s := benchService(b, rdb)
		spread(b, clients, func(i int) error {
			_, err := s.File(context.Background(), access.Actor{ID: "web:" + strconv.Itoa(i)}, ownFiling(i))
			return err
		})
	})
}

// ownFiling is the report of somebody who shares no telephone with anybody.
func ownFiling(i int) dispute.Filing {
	f := filing(strconv.Itoa(i))
	name := string([]rune{'一' + rune(i/5000), '丁' + rune(i%5000)})
	f.Report.Contact.Phone, f.Report.Contact.Name, f.Report.Other = fmt.Sprintf("139%08d", i), "赵"+name, "孙"+name
	return f
}

func BenchmarkEnqueueAsynq(b *testing.B) {
	each(b, func(b *testing.B, _ redis.UniversalClient, addr string, clients int) {
		c := asynq.NewClient(asynq.RedisClientOpt{Addr: addr, PoolSize: 32})
		defer c.Close()
		payload := []byte(strings.Repeat("p", 800)) // about what a report seals to
		spread(b, clients, func(i int) error {
			_, err := c.Enqueue(asynq.NewTask("report", payload), asynq.TaskID(strconv.Itoa(i)))
			return err
		})
	})
}

func BenchmarkClaimAndTransition(b *testing.B) {
	each(b, func(b *testing.B, rdb redis.UniversalClient, _ string, clients int) {
		s := benchService(b, rdb)
		ids := make([]dispute.CaseID, b.N)
		for i := range ids {
			c, err := s.File(b.Context(), clerk, filing(""))
			must(b, err)
			ids[i] = c.ID
		}
		spread(b, clients, func(i int) error {
			if _, err := s.Claim(context.Background(), zhang, ids[i], dispute.Seen{}); err != nil {
				return err
			}
			_, err := s.Start(context.Background(), zhang, ids[i], dispute.OpMediate, "", dispute.Seen{})
			return err
		})
	})
}

func BenchmarkDequeueAndDoneAsynq(b *testing.B) {
	each(b, func(b *testing.B, _ redis.UniversalClient, addr string, clients int) {
		opt := asynq.RedisClientOpt{Addr: addr, PoolSize: 64}
		c := asynq.NewClient(opt)
		defer c.Close()
		for i := range b.N {
			_, err := c.Enqueue(asynq.NewTask("report", nil), asynq.TaskID(strconv.Itoa(i)))
			must(b, err)
		}
		var done atomic.Int64
		finished := make(chan struct{})
		srv := asynq.NewServer(opt, asynq.Config{Concurrency: clients, LogLevel: asynq.FatalLevel})
		b.ResetTimer()
		err := srv.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error {
			if done.Add(1) == int64(b.N) {
				close(finished)
			}
			return nil
		}))
		must(b, err)
		<-finished
		b.StopTimer()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
		srv.Shutdown()
	})
}

// BenchmarkMemory is what a case with 20 events takes in Redis's memory, as it
// is after its messages were delivered: with a report of one line and contacts
// of which only the time is noted, and with what people write in both.
func BenchmarkMemory(b *testing.B) {
	for name, words := range map[string]struct{ what, note string }{
		"short":   {filing("").Report.What, ""},
		"written": {strings.Repeat("他家空调外机正对俺卧室窗户，半夜嗡嗡响，说了三回都不听。", 4), "电话联系双方，约周五下午到调解室谈，孙某说先量一量噪声。"},
	} {
		b.Run(name, func(b *testing.B) { memory(b, words.what, words.note) })
	}
}

func memory(b *testing.B, what, note string) {
	b.Helper()
	rdb := redistest.NewClient(&redis.Options{Addr: redistest.Start(b, "--appendfsync", "no").Addr()})
	s, ctx := benchService(b, rdb), b.Context()
	_, err := s.File(ctx, clerk, filing(""))
	must(b, err)
	before := usedMemory(b, rdb)
	for i := range b.N {
		f := ownFiling(i)
		f.Report.What = what
		c, err := s.File(ctx, access.Actor{ID: "web:" + strconv.Itoa(i)}, f)
		must(b, err)
		_, err = s.Claim(ctx, zhang, c.ID, dispute.Seen{})
		must(b, err)
		_, err = s.Start(ctx, zhang, c.ID, dispute.OpMediate, "", dispute.Seen{})
		must(b, err)
		for range 16 {
			_, err = s.Start(ctx, zhang, c.ID, dispute.OpContact, note, dispute.Seen{})
			must(b, err)
		}
		if i == 0 {
			events, err := s.Events(ctx, clerk, c.ID)
			must(b, err)
			if len(events) != 20 {
				b.Fatalf("%d events, want 20", len(events))
			}
		}
		delivered(b, rdb)
	}
	b.ReportMetric(float64(usedMemory(b, rdb)-before)/float64(b.N), "bytes/case")
}

func benchService(b *testing.B, rdb redis.UniversalClient) *dispute.Service {
	b.Helper()
	return service(b, redistest.On(b, rdb, redisdb.Options{Tenant: "bench", Now: time.Now, Log: quiet}), time.Now)
}

// delivered empties the outbox and forgets tokens, as a minute later.
func delivered(b *testing.B, rdb redis.UniversalClient) {
	b.Helper()
	must(b, rdb.Del(b.Context(), "anjie:{bench}:outbox", "anjie:{bench}:outbox:body").Err())
}

func usedMemory(b *testing.B, rdb redis.UniversalClient) int64 {
	b.Helper()
	info, err := rdb.Info(b.Context(), "memory").Result()
	must(b, err)
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(line, "used_memory:"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
			must(b, err)
			return n
		}
	}
	b.Fatal("redis tells no used_memory")
	return 0
}

func each(b *testing.B, run func(b *testing.B, rdb redis.UniversalClient, addr string, clients int)) {
	b.Helper()
	for _, sync := range benchSync {
		for _, clients := range benchClients {
			b.Run(fmt.Sprintf("%s/clients=%d", sync, clients), func(b *testing.B) {
				addr := redistest.Start(b, "--appendfsync", sync).Addr()
				run(b, redistest.NewClient(&redis.Options{Addr: addr, PoolSize: 64}), addr, clients)
			})
		}
	}
}

// spread does b.N things from several clients and reports how fast.
func spread(b *testing.B, clients int, do func(i int) error) {
	b.Helper()
	b.ResetTimer()
	var next atomic.Int64
	var wg sync.WaitGroup
	took := make([]time.Duration, b.N)
	for range clients {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				start := time.Now()
				if err := do(i); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(start)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "ops/s")
	b.ReportMetric(float64(took[b.N*99/100].Microseconds())/1000, "p99-ms")
}
