package redisdb_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func TestASlotIsSavedOnlyOverTheVersionThatWasRead(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		p := redistest.On(t, rdb, redisdb.Options{}).Publicity()
		ctx := t.Context()
		first, err := p.SaveSlot(ctx, publicity.Slot{ID: "2026/a", Year: 2026, Item: "a", Status: publicity.Planned})
		if err != nil || first.Version != 1 {
			t.Fatalf("SaveSlot of a new slot = version %d, %v, want 1", first.Version, err)
		}
		if _, err := p.SaveSlot(ctx, publicity.Slot{ID: "2026/a"}); fault.Of(err) != fault.Conflict {
			t.Errorf("SaveSlot of a slot that is there as new = %v, want a conflict", err)
		}
		first.Status = publicity.Approved
		if _, err := p.SaveSlot(ctx, first); err != nil {
			t.Fatal(err)
		}
		if _, err := p.SaveSlot(ctx, first); fault.Of(err) != fault.Conflict {
			t.Errorf("SaveSlot over a newer version = %v, want a conflict", err)
		}
		got, err := p.Slot(ctx, "2026/a")
		if err != nil || got.Version != 2 || got.Status != publicity.Approved {
			t.Errorf("Slot = %+v, %v, want version 2, approved", got, err)
		}
		if _, err := p.Slot(ctx, "2026/b"); fault.Of(err) != fault.NotFound {
			t.Errorf("Slot that isn't there = %v, want not found", err)
		}
		if all, err := p.Slots(ctx, 2026); err != nil || len(all) != 1 || all[0] != got {
			t.Errorf("Slots = %+v, %v, want the one slot", all, err)
		}
		if none, err := p.Slots(ctx, 2027); err != nil || len(none) != 0 {
			t.Errorf("Slots of another year = %+v, %v, want none", none, err)
		}
	})
}

func TestAReleaseThatIsOutStaysAsItIs(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		p := redistest.On(t, rdb, redisdb.Options{}).Publicity()
		ctx := t.Context()
		at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		for _, r := range []publicity.Release{
			{Slot: "2026/a", Outlet: "column", At: at, Tries: 1, Err: "away"},
			{Slot: "2026/a", Outlet: "column", At: at.Add(time.Minute), Tries: 2, Ref: "/column/a"},
			{Slot: "2026/a", Outlet: "column", At: at.Add(time.Hour), Tries: 3, Err: "late word"},
			{Slot: "2026/b", Outlet: "column", At: at.Add(time.Hour), Tries: 1, Ref: "/column/b"},
			{Slot: "2026/c", Outlet: "column", At: at, Tries: 1, Err: "away"},
			{Slot: "2026/a", Outlet: "telegram", At: at, Tries: 1, Doubtful: true},
		} {
			if err := p.SaveRelease(ctx, r); err != nil {
				t.Fatal(err)
			}
		}
		out, err := p.Published(ctx, "column", 10)
		if err != nil || len(out) != 2 || out[0].Ref != "/column/b" || out[1].Ref != "/column/a" {
			t.Errorf("Published = %+v, %v, want b and then a", out, err)
		}
		if one, err := p.Published(ctx, "column", 1); err != nil || len(one) != 1 {
			t.Errorf("Published, one only = %+v, %v", one, err)
		}
		rs, err := p.Releases(ctx, "2026/a")
		if err != nil || len(rs) != 2 || !slices.ContainsFunc(rs, func(r publicity.Release) bool { return r.Doubtful }) {
			t.Errorf("Releases = %+v, %v, want the column's and a doubtful one", rs, err)
		}
	})
}

func TestALockIsOneReplicas(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		p := redistest.On(t, rdb, redisdb.Options{}).Publicity()
		ctx := t.Context()
		release, ok, err := p.Lock(ctx, "2026/a", time.Minute)
		if err != nil || !ok {
			t.Fatalf("Lock = %v, %v, want it", ok, err)
		}
		if _, ok, err := p.Lock(ctx, "2026/a", time.Minute); err != nil || ok {
			t.Errorf("a second Lock = %v, %v, want none", ok, err)
		}
		release()
		again, ok, err := p.Lock(ctx, "2026/a", time.Minute)
		if err != nil || !ok {
			t.Fatalf("Lock after release = %v, %v, want it", ok, err)
		}
		release() // the first's, once more: it must not end the second's
		if _, ok, _ := p.Lock(ctx, "2026/a", time.Minute); ok {
			t.Error("a stale release ended another's lock")
		}
		again()
	})
}

func TestOneOfManyReplicasWinsACronSlot(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		c := redistest.On(t, rdb, redisdb.Options{}).CronSlots()
		const replicas, slots = 8, 200
		start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		if last, err := c.Last(t.Context(), "publish"); err != nil || !last.IsZero() {
			t.Fatalf("Last before any = %v, %v, want zero", last, err)
		}
		var won [slots]atomic.Int32
		var g sync.WaitGroup
		for range replicas {
			g.Go(func() {
				for i := range slots {
					ok, err := c.Win(context.Background(), "publish", start.Add(time.Duration(i)*time.Minute))
					if err != nil {
						t.Error(err)
					}
					if ok {
						won[i].Add(1)
					}
				}
			})
		}
		g.Wait()
		total := int32(0)
		for i := range won {
			if n := won[i].Load(); n > 1 {
				t.Errorf("slot %d was won %d times", i, n)
			}
			total += won[i].Load()
		}
		if total == 0 || won[slots-1].Load() != 1 {
			t.Errorf("%d slots won, the last %d times, want it once", total, won[slots-1].Load())
		}
		if last, err := c.Last(t.Context(), "publish"); err != nil || !last.Equal(start.Add((slots-1)*time.Minute)) {
			t.Errorf("Last = %v, %v, want the last slot", last, err)
		}
		if ok, err := c.Win(t.Context(), "other job", start); err != nil || !ok {
			t.Errorf("Win of another job = %v, %v, want it", ok, err)
		}
	})
}
