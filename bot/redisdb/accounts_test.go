package redisdb_test

import (
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func TestAccounts(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		acc := redistest.On(t, rdb, redisdb.Options{}).Accounts()
		ctx := t.Context()
		wang := access.Account{ID: "a1", Name: "Wang", Role: access.Mediator, Territories: []string{"v1"}, Telegram: "501"}
		save := func(a access.Account, want fault.Kind) {
			t.Helper()
			if got := fault.Of(acc.Save(ctx, a)); got != want {
				t.Fatalf("saving %+v: kind %v, want %v", a, got, want)
			}
		}
		save(wang, fault.Internal)
		save(access.Account{ID: "a2", Role: access.Clerk, Telegram: "501"}, fault.Conflict)
		save(access.Account{ID: "a3", Role: access.Resident}, fault.Invalid)

		got, err := acc.ByTelegram(ctx, "501")
		if err != nil || got.ID != "a1" || got.Territories[0] != "v1" {
			t.Fatalf("by chat: %+v, %v", got, err)
		}
		wang.Telegram = "502"
		save(wang, fault.Internal)
		if _, err := acc.ByTelegram(ctx, "501"); fault.Of(err) != fault.NotFound {
			t.Fatalf("the old chat still finds somebody: %v", err)
		}
		wang.Disabled = true
		save(wang, fault.Internal)
		if _, err := acc.ByTelegram(ctx, "502"); fault.Of(err) != fault.NotFound {
			t.Fatalf("a disabled account is found by its chat: %v", err)
		}
		if list, err := acc.List(ctx); err != nil || len(list) != 1 {
			t.Fatalf("list: %d accounts, %v", len(list), err)
		}
	})
}

func TestOneTimeCodes(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		acc := redistest.On(t, rdb, redisdb.Options{}).Accounts()
		ctx := t.Context()
		if err := acc.Save(ctx, access.Account{ID: "a1", Role: access.Clerk}); err != nil {
			t.Fatal(err)
		}
		code, err := acc.NewCode(ctx, "a1", "sign-in", time.Minute)
		if err != nil || len(code) < 16 {
			t.Fatalf("code of %d characters, %v", len(code), err)
		}
		if _, err := acc.Redeem(ctx, code, "telegram"); fault.Of(err) != fault.Denied {
			t.Fatalf("a sign-in code linked a chat: %v", err)
		}
		for range 2 {
			if a, err := acc.Peek(ctx, code, "sign-in"); err != nil || a.ID != "a1" {
				t.Fatalf("peek: %+v, %v", a, err)
			}
		}
		if a, err := acc.Redeem(ctx, code, "sign-in"); err != nil || a.ID != "a1" {
			t.Fatalf("redeem: %+v, %v", a, err)
		}
		if _, err := acc.Redeem(ctx, code, "sign-in"); fault.Of(err) != fault.Denied {
			t.Fatalf("a used code worked again: %v", err)
		}
		for _, key := range rdb.Keys(ctx, "*").Val() {
			if strings.Contains(key, code) {
				t.Fatal("the code stands in Redis as it is")
			}
		}
	})
}

func TestSessionsEndAndDieWithTheAccount(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		acc := redistest.On(t, rdb, redisdb.Options{}).Accounts()
		ctx := t.Context()
		a := access.Account{ID: "a1", Role: access.Editor}
		if err := acc.Save(ctx, a); err != nil {
			t.Fatal(err)
		}
		one, err := acc.NewSession(ctx, "a1", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		two, err := acc.NewSession(ctx, "a1", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if err := acc.EndSession(ctx, one); err != nil {
			t.Fatal(err)
		}
		if _, err := acc.Session(ctx, one); fault.Of(err) != fault.Denied {
			t.Fatalf("an ended session is open: %v", err)
		}
		if got, err := acc.Session(ctx, two); err != nil || got.ID != "a1" {
			t.Fatalf("session: %+v, %v", got, err)
		}
		a.Disabled = true
		if err := acc.Save(ctx, a); err != nil {
			t.Fatal(err)
		}
		if _, err := acc.Session(ctx, two); fault.Of(err) != fault.Denied {
			t.Fatalf("a disabled account is still signed in: %v", err)
		}
	})
}

func TestDurabilityIsAskedOfTheServer(t *testing.T) {
	for name, tc := range map[string]struct {
		args []string
		want []string // parts of the complaint, none if there is none
	}{
		"keeps everything":        {nil, nil},
		"no append-only file":     {[]string{"--appendonly", "no"}, []string{"appendonly"}},
		"syncs every second":      {[]string{"--appendfsync", "everysec"}, []string{"appendfsync", "always"}},
		"throws keys out at will": {[]string{"--maxmemory-policy", "allkeys-lru"}, []string{"maxmemory-policy", "noeviction"}},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := redisdb.Open(t.Context(), redistest.Start(t, tc.args...).URL(), redisdb.Options{Secret: redistest.Secret})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			err = db.CheckDurability(t.Context())
			if (err == nil) != (tc.want == nil) {
				t.Fatalf("got %v", err)
			}
			for _, part := range tc.want {
				if !strings.Contains(err.Error(), part) || strings.Contains(err.Error(), "\n") {
					t.Errorf("got %q, want one line with %q", err, part)
				}
			}
		})
	}
}
