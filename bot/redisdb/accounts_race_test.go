package redisdb_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func TestOnlyOneOfManyRedeemsACode(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		acc, ctx := redistest.On(t, rdb, redisdb.Options{Log: quiet}).Accounts(), t.Context()
		must(t, acc.Save(ctx, access.Account{ID: "zhang", Role: access.Mediator}))
		for range 20 {
			code, err := acc.NewCode(ctx, "zhang", "sign-in", time.Minute)
			must(t, err)
			var wg sync.WaitGroup
			var won atomic.Int32
			for range 16 {
				wg.Go(func() {
					if _, err := acc.Redeem(ctx, code, "sign-in"); err == nil {
						won.Add(1)
					}
				})
			}
			wg.Wait()
			if won.Load() != 1 {
				t.Fatalf("a code was redeemed %d times", won.Load())
			}
		}
	})
}

func TestCodesAndSessionsRunOut(t *testing.T) {
	m := miniredis.RunT(t)
	acc := redistest.On(t, redistest.NewClient(&redis.Options{Addr: m.Addr()}), redisdb.Options{Log: quiet}).Accounts()
	ctx := t.Context()
	must(t, acc.Save(ctx, access.Account{ID: "zhang", Role: access.Mediator}))
	code, err := acc.NewCode(ctx, "zhang", "sign-in", 10*time.Minute)
	must(t, err)
	session, err := acc.NewSession(ctx, "zhang", time.Hour)
	must(t, err)
	if dump := m.Dump(); strings.Contains(dump, session) || strings.Contains(dump, code) {
		t.Error("a secret is readable in Redis")
	}
	m.FastForward(10 * time.Minute)
	_, err = acc.Redeem(ctx, code, "sign-in")
	wantsKind(t, "a code that is over", err, fault.Denied)
	_, err = acc.Session(ctx, session)
	must(t, err)
	m.FastForward(50 * time.Minute)
	_, err = acc.Session(ctx, session)
	wantsKind(t, "a session that is over", err, fault.Denied)
}
