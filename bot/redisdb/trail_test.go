package redisdb_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func TestTamperingIsFound(t *testing.T) {
	rdb, ctx := redistest.Client(t), t.Context()
	db := redistest.On(t, rdb, redisdb.Options{Tenant: "t", Now: time.Now, Log: quiet})
	s := service(t, db, time.Now)
	c, err := s.File(ctx, resident, filing("x"))
	must(t, err)
	twin, err := s.File(ctx, resident, filing("twin"))
	must(t, err)
	_, err = s.Claim(ctx, zhang, c.ID, dispute.Seen{})
	must(t, err)
	_, err = s.Start(ctx, zhang, c.ID, dispute.OpMediate, "已告知", dispute.Seen{})
	must(t, err)
	_, err = s.RecordOutcome(ctx, zhang, c.ID, dispute.Result{Outcome: dispute.AgreedOral, Summary: "x", Amount: 500}, dispute.Seen{})
	must(t, err)
	must(t, s.Verify(ctx, clerk, c.ID))

	hash, trail := "anjie:{t}:case:"+string(c.ID), "anjie:{t}:events:"+string(c.ID)
	rows := rdb.LRange(ctx, trail, 0, -1).Val()
	fields := rdb.HGetAll(ctx, hash).Val()
	set := func(i int64, row string) { must(t, rdb.LSet(ctx, trail, i, row).Err()) }
	for name, tamper := range map[string]func(){
		"another actor":             func() { set(2, strings.Replace(rows[2], `"zhang"`, `"li"`, 1)) },
		"another time":              func() { set(2, strings.Replace(rows[2], `"t":1`, `"t":2`, 1)) },
		"another kind":              func() { set(0, strings.Replace(rows[0], `"filed"`, `"found"`, 1)) },
		"another state":             func() { set(2, strings.Replace(rows[2], `"o":"claimed"`, `"o":"closed"`, 1)) },
		"another detail":            func() { set(0, strings.Replace(rows[0], `"web"`, `"gap"`, 1)) },
		"another text":              func() { set(3, strings.Replace(rows[3], `"x":"`, `"x":"AAAA`, 1)) },
		"two swapped":               func() { set(1, rows[2]); set(2, rows[1]) },
		"one deleted":               func() { must(t, rdb.LRem(ctx, trail, 1, rows[2]).Err()) },
		"the last cut off":          func() { must(t, rdb.RPop(ctx, trail).Err()) },
		"all gone":                  func() { must(t, rdb.Del(ctx, trail).Err()) },
		"one added":                 func() { must(t, rdb.RPush(ctx, trail, rows[4]).Err()) },
		"no JSON":                   func() { set(1, "{") },
		"cut off, version set back": func() { must(t, rdb.RPop(ctx, trail).Err()); must(t, rdb.HSet(ctx, hash, "version", 4).Err()) },
		"the state changed":         func() { must(t, rdb.HSet(ctx, hash, "state", "closed").Err()) },
		"the owner changed":         func() { must(t, rdb.HSet(ctx, hash, "owner", "li").Err()) },
		"the amount changed":        func() { must(t, rdb.HSet(ctx, hash, "amount", 5000000).Err()) },
		"a fact added":              func() { must(t, rdb.HSet(ctx, hash, "f:reason", "x").Err()) },
		"the reporter changed":      func() { must(t, rdb.HSet(ctx, hash, "reporter", "web:other").Err()) },
		"the number given away":     func() { must(t, rdb.HSet(ctx, "anjie:{t}:number:2026", fields["serial"], string(twin.ID)).Err()) },
	} {
		tamper()
		if err := s.Verify(ctx, clerk, c.ID); err == nil || !strings.Contains(err.Error(), "tampered") {
			t.Errorf("%s: %v", name, err)
		}
		must(t, rdb.Del(ctx, hash, trail).Err())
		must(t, rdb.HSet(ctx, hash, fields).Err())
		for _, r := range rows {
			must(t, rdb.RPush(ctx, trail, r).Err())
		}
		must(t, rdb.HSet(ctx, "anjie:{t}:number:2026", fields["serial"], string(c.ID)).Err())
		must(t, s.Verify(ctx, clerk, c.ID))
	}
	if err := s.Verify(ctx, zhang, c.ID); err == nil {
		t.Error("a mediator verifies trails")
	}
}

// TestTheCallThatWasAnsweredTooLateIsNotMadeTwice loses Redis's first answer,
// so that the client sends the script again.
func TestTheCallThatWasAnsweredTooLateIsNotMadeTwice(t *testing.T) {
	d, ctx := open(t, redistest.Client(t)), t.Context()
	warm := d.file(t, "warm") // the scripts are known from here on
	_, err := d.Claim(ctx, li, warm.ID, dispute.Seen{})
	must(t, err)
	c := d.file(t, "x")
	d.sent(t)
	hook := &twice{on: true}
	d.rdb.AddHook(hook)
	got, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{})
	must(t, err)
	hook.on = false
	if got.Version != c.Version+1 || got.Owner != "zhang" {
		t.Errorf("claimed as %+v", got)
	}
	d.wantSent(t, "a claim sent twice", "web:resident notice.claimed")
	must(t, d.Verify(ctx, clerk, c.ID))
}

// twice sends every script a second time, as a retry after a lost answer does.
type twice struct{ on bool }

func (*twice) DialHook(next redis.DialHook) redis.DialHook { return next }
func (*twice) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (h *twice) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if h.on && cmd.Name() == "evalsha" {
			_ = next(ctx, cmd)
		}
		return next(ctx, cmd)
	}
}
