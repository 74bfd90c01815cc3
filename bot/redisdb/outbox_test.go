package redisdb_test

import (
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

var settled = bot.Settlement{Sent: true}

func TestAMessageStaysUntilItIsSettled(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		must(t, d.out.Put(ctx, dispute.Notice{To: "web:a", Key: "notice.filed", Data: map[string]string{"number": "1"}}))
		e := d.take(t, 1)[0]
		if e.Notice.To != "web:a" || e.Notice.Data["number"] != "1" || e.Tries != 0 || !e.At.Equal(d.clock.Now()) {
			t.Fatalf("entry %+v", e)
		}
		d.take(t, 0)
		d.clock.Add(time.Minute) // the courier died
		e = d.take(t, 1)[0]
		must(t, d.out.Settle(ctx, e.ID, settled))
		must(t, d.out.Settle(ctx, e.ID, settled))
		d.clock.Add(time.Hour)
		d.take(t, 0)
	})
}

func (d *desk) take(t *testing.T, want int) []bot.Entry {
	t.Helper()
	got, err := d.out.Take(t.Context(), 100)
	must(t, err)
	if len(got) != want {
		t.Fatalf("%d messages may be sent, want %d: %v", len(got), want, got)
	}
	return got
}

func TestARetryWaitsLongerEachTime(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		must(t, d.out.Put(ctx, dispute.Notice{To: "web:a", Key: "k"}))
		for i, wait := range []time.Duration{5, 10, 20, 40} {
			e := d.take(t, 1)[0]
			if e.Tries != i {
				t.Errorf("try %d is counted as %d", i, e.Tries)
			}
			must(t, d.out.Settle(ctx, e.ID, bot.Settlement{Outcome: bot.Retry}))
			d.clock.Add(wait*time.Second - time.Millisecond)
			d.take(t, 0)
			d.clock.Add(time.Millisecond)
		}
		must(t, d.out.Settle(ctx, d.take(t, 1)[0].ID, bot.Settlement{Outcome: bot.Retry, After: 7 * time.Second}))
		d.clock.Add(7*time.Second - time.Millisecond)
		d.take(t, 0)
		for range 20 {
			d.clock.Add(15 * time.Minute)
			must(t, d.out.Settle(ctx, d.take(t, 1)[0].ID, bot.Settlement{Outcome: bot.Retry}))
		}
	})
}

func TestASendThatMayHaveGotThroughIsNotRepeatedSilently(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		must(t, d.out.Put(ctx, dispute.Notice{To: "web:a", Key: "k", Data: map[string]string{"x": `quote " and 中`}}))
		e := d.take(t, 1)[0]
		begin := func(want bool) {
			t.Helper()
			if fresh, err := d.out.Begin(ctx, e.ID); err != nil || fresh != want {
				t.Fatalf("begin: fresh %v, %v, want %v", fresh, err, want)
			}
		}
		begin(true)
		must(t, d.out.Settle(ctx, e.ID, bot.Settlement{Outcome: bot.Retry})) // nothing was delivered
		d.clock.Add(time.Minute)
		d.take(t, 1)
		begin(true)
		d.clock.Add(time.Minute) // killed between send and Settle
		d.take(t, 1)
		begin(false)
		must(t, d.out.Settle(ctx, e.ID, bot.Settlement{Outcome: bot.Unknown, Error: `timeout "after" accept`}))
		begin(false)
		doubts, err := d.out.Doubts(ctx, 10)
		must(t, err)
		if len(doubts) != 1 || doubts[0].Fate != "unknown" || doubts[0].Error != `timeout "after" accept` || doubts[0].Notice.To != "web:a" ||
			doubts[0].Notice.Data["x"] != `quote " and 中` || doubts[0].At != d.clock.Now().UnixMilli() {
			t.Errorf("doubts %+v", doubts)
		}
		if n, err := d.out.Waiting(ctx); n != 0 || err != nil {
			t.Errorf("%d still wait, %v", n, err)
		}
	})
}

func TestSplittingLosesAndDoublesNothing(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		d.file(t, "x")
		var group bot.Entry
		for _, e := range d.take(t, 2) {
			if strings.HasPrefix(e.Notice.To, "territory:") {
				group = e
			} else {
				must(t, d.out.Settle(ctx, e.ID, settled))
			}
		}
		for range 2 {
			must(t, d.out.Split(ctx, group.ID, []string{"telegram:1", "telegram:2", "web:3"}))
		}
		var to []string
		for _, e := range d.take(t, 3) {
			to = append(to, e.Notice.To)
			if e.Notice.Key != "notice.new" || e.Notice.Data["territory"] != "甲木村" {
				t.Errorf("entry %+v", e.Notice)
			}
		}
		if got := strings.Join(to, " "); got != "telegram:1 telegram:2 web:3" {
			t.Errorf("sent to %s", got)
		}
	})
}

// TestAMessageThatCantBeReadKeepsNoOtherWaiting puts in what a newer version may
// write some day.
func TestAMessageThatCantBeReadKeepsNoOtherWaiting(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		must(t, d.out.Put(ctx, dispute.Notice{To: "web:a", Key: "k"}))
		body := d.take(t, 1)[0].ID
		keys, err := rdb.Keys(ctx, "*:outbox:body").Result()
		must(t, err)
		must(t, rdb.HSet(ctx, keys[0], body, `{"to":["web:a","web:b"]}`).Err())
		must(t, d.out.Put(ctx, dispute.Notice{To: "web:b", Key: "k"}))
		d.clock.Add(time.Minute)
		if e := d.take(t, 1)[0]; e.Notice.To != "web:b" {
			t.Errorf("took %+v", e)
		}
		waiting, err := d.out.Waiting(ctx)
		must(t, err)
		if waiting != 2 {
			t.Errorf("%d messages wait; the one that can't be read is lost", waiting)
		}
	})
}
