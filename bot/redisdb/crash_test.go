package redisdb_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

var errCrash = errors.New("the process died")

// mortal is a process that dies at its n-th command to Redis: before it is
// sent, or after it was carried out and before the answer was read.
type mortal struct {
	left  atomic.Int64
	after bool
}

func (m *mortal) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (m *mortal) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		return m.step(func() error { return next(ctx, cmd) })
	}
}

func (m *mortal) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		return m.step(func() error { return next(ctx, cmds) })
	}
}

func (m *mortal) step(do func() error) error {
	left := m.left.Add(-1)
	switch {
	case left > 0:
		return do()
	case left == 0 && m.after:
		_ = do()
	}
	return errCrash
}

// day is what happens to one case, as people and timers do it: every call with
// the token of its button, so that pressed again it is the same.
func day(ctx context.Context, d *desk, sent map[string]int) error {
	c, err := d.File(ctx, resident, filing("draft"))
	if err != nil {
		return err
	}
	steps := []func() error{
		func() error { _, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{Token: "claim"}); return err },
		func() error {
			_, err := d.Start(ctx, zhang, c.ID, dispute.OpMediate, "双方愿意", dispute.Seen{Token: "mediate"})
			return err
		},
		func() error { d.clock.Add(31 * 24 * time.Hour); _, err := d.TickDue(ctx); return err },
		func() error {
			r := dispute.Result{Outcome: dispute.AgreedOral, Summary: "谈成了"}
			_, err := d.RecordOutcome(ctx, zhang, c.ID, r, dispute.Seen{Token: "outcome"})
			return err
		},
		func() error { return deliver(ctx, d, sent) },
	}
	for _, do := range steps {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// deliver is the courier's way with the outbox.
func deliver(ctx context.Context, d *desk, sent map[string]int) error {
	for {
		entries, err := d.out.Take(ctx, 4)
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, e := range entries {
			if _, err := d.out.Begin(ctx, e.ID); err != nil {
				return err
			}
			sent[e.Notice.To+" "+e.Notice.Key]++
			if err := d.out.Settle(ctx, e.ID, settled); err != nil {
				return err
			}
		}
	}
}

// TestAProcessMayDieBetweenAnyTwoSteps lets the process die at each of its
// commands to Redis in turn. Another process then takes over: people press
// again what was not answered, timers and courier go on. There is one case, it
// came to its end, its trail is whole, and no message was forgotten.
func TestAProcessMayDieBetweenAnyTwoSteps(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]bool{"before the command": false, "after it, before the answer": true} {
		t.Run(name, func(t *testing.T) {
			want := alive(t)
			for n := int64(1); ; n++ {
				if died := dieAt(t, n, after, want); !died {
					t.Logf("died at each of %d commands", n-1)
					if n < 12 {
						t.Error("the day has fewer commands than it has steps")
					}
					return
				}
			}
		})
	}
}

// alive is the day without a death: what is sent to whom.
func alive(t *testing.T) []string {
	t.Helper()
	sent := map[string]int{}
	must(t, day(t.Context(), open(t, redistest.Client(t)), sent))
	return keysOf(sent)
}

func keysOf(sent map[string]int) []string {
	var all []string
	for k := range sent {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

func dieAt(t *testing.T, n int64, after bool, want []string) (died bool) {
	t.Helper()
	rdb, doomed := redistest.Client(t), &mortal{after: after}
	second := open(t, rdb)
	opt := redis.Options{Addr: rdb.(*redis.Client).Options().Addr, MaxRetries: -1}
	one := redistest.NewClient(&opt)
	defer one.Close()
	doomed.left.Store(n)
	one.AddHook(doomed)
	first := *second
	first.db = redistest.On(t, one, redisdb.Options{Tenant: "crash", Now: second.clock.Now, Log: quiet})
	second.db = redistest.On(t, rdb, redisdb.Options{Tenant: "crash", Now: second.clock.Now, Log: quiet})
	for _, d := range []*desk{&first, second} {
		d.Service, d.cases, d.out = service(t, d.db, second.clock.Now), d.db.Cases(), d.db.Outbox()
	}
	sent := map[string]int{}
	err := day(t.Context(), &first, sent)
	if err == nil {
		return false
	}
	second.clock.Add(2 * time.Hour) // leases of what the dead process had in hand run out
	must(t, day(t.Context(), second, sent))
	second.clock.Add(2 * time.Hour)
	_, err = second.TickDue(t.Context())
	must(t, err)
	must(t, deliver(t.Context(), second, sent))
	for _, k := range want {
		if sent[k] == 0 {
			t.Errorf("died at command %d: %s was forgotten; sent was %v", n, k, sent)
		}
	}
	cases, _, err := second.Cases(t.Context(), clerk, dispute.Filter{})
	must(t, err)
	if len(cases) != 1 || cases[0].State != dispute.Performing {
		t.Fatalf("died at command %d: %s", n, fmt.Sprint(cases))
	}
	must(t, second.Verify(t.Context(), clerk, cases[0].ID))
	return true
}
