package redisdb_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func TestClaimingIsForMediatorsOfTheTerritory(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.file(t, "x")
		claim := func(who access.Actor) error {
			_, err := d.Claim(ctx, who, c.ID, dispute.Seen{})
			return err
		}
		wants(t, "a mediator of another village", claim(wang), dispute.ErrNotFound)
		wants(t, "a stranger", claim(other), dispute.ErrNotFound)
		wants(t, "an editor", claim(editor), dispute.ErrNotFound)
		wantsKind(t, "the reporter", claim(resident), fault.Denied)
		wantsKind(t, "a clerk", claim(clerk), fault.Denied)
		wantsKind(t, "a grid worker", claim(grid), fault.Denied)
		must(t, claim(zhang))
		wants(t, "the second mediator", claim(li), dispute.ErrClaimed)
		_, err := d.Claim(ctx, zhang, "caaaaaaaaaaaa", dispute.Seen{})
		wants(t, "a case that isn't there", err, dispute.ErrNotFound)

		d.clock.Add(time.Hour)
		again, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{})
		must(t, err)
		if want := d.clock.Now().Add(72 * time.Hour); !again.Lease.Equal(want) {
			t.Errorf("claimed again, the lease runs until %v, want %v", again.Lease, want)
		}
	})
}

func TestALeaseThatRunsOutPutsTheCaseBackAtItsPlace(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		first := d.file(t, "1")
		d.clock.Add(time.Minute)
		second := d.file(t, "2")
		_, err := d.Claim(ctx, zhang, first.ID, dispute.Seen{})
		must(t, err)
		d.wantQueue(t, zhang, second.ID)
		d.sent(t)

		d.clock.Add(48 * time.Hour)
		d.tick(t)
		if got := strings.Join(d.sent(t), " "); !strings.Contains(got, "staff:zhang notice.expiring") {
			t.Errorf("a day before the lease ends: %s", got)
		}
		d.clock.Add(24*time.Hour - time.Millisecond)
		d.tick(t)
		d.sent(t)
		d.wantQueue(t, zhang, second.ID)
		d.clock.Add(time.Millisecond)
		d.tick(t)
		d.wantQueue(t, zhang, first.ID, second.ID)
		got := strings.Join(d.sent(t), "\n")
		if !strings.Contains(got, "web:resident notice.released\nterritory:999999999001 notice.again\nstaff:zhang notice.lapsed") {
			t.Errorf("after the lease's end the outbox holds\n%s", got)
		}
		c, err := d.Brief(ctx, li, first.ID)
		must(t, err)
		if c.Owner != "" || c.OwnerName != "" || !c.Lease.IsZero() || c.State != dispute.Accepted {
			t.Errorf("back in the queue as %+v", c)
		}
		mine, err := d.Mine(ctx, zhang)
		must(t, err)
		if len(mine) != 0 {
			t.Errorf("zhang still has %d", len(mine))
		}
		_, err = d.Claim(ctx, li, first.ID, dispute.Seen{})
		must(t, err)
	})
}

func (d *desk) tick(t *testing.T) int {
	t.Helper()
	n, err := d.TickDue(t.Context())
	must(t, err)
	return n
}

func (d *desk) wantQueue(t *testing.T, who access.Actor, want ...dispute.CaseID) {
	t.Helper()
	cases, err := d.Queue(t.Context(), who, 50)
	must(t, err)
	var got []string
	for _, c := range cases {
		got = append(got, string(c.ID))
	}
	var due []string
	for _, id := range want {
		due = append(due, string(id))
	}
	if strings.Join(got, " ") != strings.Join(due, " ") {
		t.Errorf("the queue is %v, want %v", got, due)
	}
}

func TestReleaseAndReassign(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.file(t, "x")
		_, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{})
		must(t, err)
		_, err = d.Release(ctx, zhang, c.ID, "", dispute.Seen{})
		wantsKind(t, "release without a reason", err, fault.Invalid)
		_, err = d.Release(ctx, li, c.ID, "不归我管", dispute.Seen{})
		wants(t, "release by another", err, dispute.ErrOwner)
		wantsKind(t, "release by another", err, fault.Denied)
		_, err = d.Reassign(ctx, zhang, c.ID, li, "", dispute.Seen{})
		wantsKind(t, "reassign by a mediator", err, fault.Denied)
		_, err = d.Reassign(ctx, clerk, c.ID, editor, "", dispute.Seen{})
		wantsKind(t, "reassign to an editor", err, fault.Invalid)
		_, err = d.Reassign(ctx, clerk, c.ID, zhang, "", dispute.Seen{})
		wantsKind(t, "reassign to who has it", err, fault.Invalid)
		d.sent(t)
		got, err := d.Reassign(ctx, clerk, c.ID, li, "张调解请假", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "reassigning", "staff:li notice.assigned", "staff:zhang notice.taken", "web:resident notice.claimed")
		if got.Owner != "li" || got.State != dispute.Claimed {
			t.Errorf("reassigned as %+v", got)
		}
		_, err = d.Release(ctx, zhang, c.ID, "不是我的了", dispute.Seen{})
		wants(t, "release by the former owner", err, dispute.ErrOwner)
		_, err = d.Start(ctx, li, c.ID, dispute.OpMediate, "", dispute.Seen{})
		must(t, err)
		_, err = d.Release(ctx, li, c.ID, "对方是亲戚，要回避", dispute.Seen{})
		must(t, err)
		d.wantQueue(t, li, c.ID)
	})
}

func TestAButtonPressedTwiceActsOnce(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.file(t, "x")
		_, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{})
		must(t, err)
		first, err := d.Start(ctx, zhang, c.ID, dispute.OpMediate, "", dispute.Seen{Version: c.Version + 1, Token: "button"})
		must(t, err)
		d.sent(t)
		second, err := d.Start(ctx, zhang, c.ID, dispute.OpMediate, "", dispute.Seen{Version: c.Version + 1, Token: "button"})
		must(t, err)
		if second.Version != first.Version {
			t.Errorf("pressed twice, the version went from %d to %d", first.Version, second.Version)
		}
		d.wantSent(t, "the second press")
		for range 2 {
			_, err = d.Note(ctx, zhang, c.ID, "一条记录", dispute.Seen{Token: "note"})
			must(t, err)
		}
		events, err := d.Events(ctx, zhang, c.ID)
		must(t, err)
		if n := len(events); n != 5 {
			t.Errorf("%d events, want 5", n)
		}
	})
}

func TestAnOldScreenCantOverwriteANewerCase(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.file(t, "x")
		c, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{Version: c.Version})
		must(t, err)
		_, err = d.Case(ctx, clerk, c.ID) // a read makes nobody's screen old
		must(t, err)
		_, err = d.Note(ctx, zhang, c.ID, "看过之后写的", dispute.Seen{Version: c.Version})
		must(t, err)
		_, err = d.Withdraw(ctx, resident, c.ID, "", dispute.Seen{Version: c.Version})
		wants(t, "withdrawal from an old screen", err, dispute.ErrStale)
		wantsKind(t, "withdrawal from an old screen", err, fault.Conflict)
	})
}

func TestMovesThatTheLifecycleForbids(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.file(t, "x")
		_, err := d.Close(ctx, clerk, c.ID, "", dispute.Seen{})
		wants(t, "closing what nobody worked on", err, dispute.ErrMove)
		_, err = d.Claim(ctx, zhang, c.ID, dispute.Seen{})
		must(t, err)
		done := dispute.Result{Outcome: dispute.AgreedOral, Summary: "谈成"}
		_, err = d.RecordOutcome(ctx, zhang, c.ID, done, dispute.Seen{})
		wants(t, "an agreement before any mediation", err, dispute.ErrMove)
		_, err = d.RecordOutcome(ctx, li, c.ID, done, dispute.Seen{})
		wantsKind(t, "an outcome by another", err, fault.Denied)
		for name, r := range map[string]dispute.Result{
			"unknown": {Outcome: "won", Summary: "x"}, "without words": {Outcome: dispute.Refused}, "negative": {Outcome: dispute.Refused, Summary: "x", Amount: -1},
		} {
			_, err = d.RecordOutcome(ctx, zhang, c.ID, r, dispute.Seen{})
			wantsKind(t, name, err, fault.Invalid)
		}
		_, err = d.Advance(ctx, zhang, c.ID, dispute.OpClaim, "", dispute.Seen{})
		wantsKind(t, "claim as a mere advance", err, fault.Invalid)
		_, err = d.Start(ctx, zhang, c.ID, dispute.OpClose, "", dispute.Seen{})
		wantsKind(t, "close as a start", err, fault.Invalid)
		_, err = d.RecordOutcome(ctx, zhang, c.ID, dispute.Result{Outcome: dispute.Refused, Summary: "对方不同意"}, dispute.Seen{})
		must(t, err)
		_, err = d.Withdraw(ctx, resident, c.ID, "", dispute.Seen{})
		wants(t, "withdrawing what has ended", err, dispute.ErrMove)
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

func TestWithdrawing(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		waiting, claimed, byClerk := d.file(t, "1"), d.file(t, "2"), d.file(t, "3")
		_, err := d.Claim(ctx, zhang, claimed.ID, dispute.Seen{})
		must(t, err)
		d.sent(t)
		_, err = d.Withdraw(ctx, other, waiting.ID, "", dispute.Seen{})
		wants(t, "withdrawal by a stranger", err, dispute.ErrNotFound)
		_, err = d.Withdraw(ctx, resident, waiting.ID, "不想调了", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "withdrawing from the queue", "territory:999999999001 notice.withdrawn.staff")
		_, err = d.Withdraw(ctx, resident, claimed.ID, "", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "withdrawing from a mediator", "staff:zhang notice.withdrawn.staff")
		_, err = d.Withdraw(ctx, clerk, byClerk.ID, "打电话来说不调了", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "a clerk's withdrawal", "territory:999999999001 notice.withdrawn.staff", "web:resident notice.withdrawn")
		d.wantQueue(t, clerk)
		d.clock.Add(1000 * time.Hour)
		if n := d.tick(t); n != 0 {
			t.Errorf("%d deadlines of withdrawn cases still fired", n)
		}
	})
}

func TestReferringDecliningMergingReviewing(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		f := filing("r")
		f.Gate = dispute.Gate{}
		c, err := d.File(ctx, resident, f)
		must(t, err)
		_, err = d.Claim(ctx, zhang, c.ID, dispute.Seen{})
		wants(t, "claiming before review", err, dispute.ErrMove)
		d.sent(t)
		_, err = d.Advance(ctx, clerk, c.ID, dispute.OpAccept, "", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "accepting", "web:resident notice.filed", "territory:999999999001 notice.new")
		d.wantQueue(t, zhang, c.ID)

		twin := d.file(t, "twin")
		d.sent(t)
		_, err = d.Merge(ctx, clerk, twin.ID, twin.ID, dispute.Seen{})
		wants(t, "merging into itself", err, dispute.ErrNotFound)
		merged, err := d.Merge(ctx, clerk, twin.ID, c.ID, dispute.Seen{})
		must(t, err)
		if merged.Facts["into"] != string(c.ID) {
			t.Errorf("merged as %+v", merged)
		}
		d.wantSent(t, "merging", "web:resident notice.merged")
		_, err = d.Merge(ctx, clerk, c.ID, twin.ID, dispute.Seen{})
		wants(t, "merging into what is merged", err, dispute.ErrNotFound)

		gate := dispute.Gate{Office: "labour_arbitration", Reason: "先申请劳动仲裁", Basis: "劳动争议调解仲裁法第5条"}
		_, err = d.Refer(ctx, clerk, c.ID, dispute.Gate{Reason: "x"}, dispute.Seen{})
		wantsKind(t, "referring nowhere", err, fault.Invalid)
		_, err = d.Decline(ctx, clerk, c.ID, dispute.Gate{}, dispute.Seen{})
		wantsKind(t, "declining without a reason", err, fault.Invalid)
		_, err = d.Refer(ctx, zhang, c.ID, gate, dispute.Seen{})
		wantsKind(t, "referring by who hasn't the case", err, fault.Denied)
		_, err = d.Refer(ctx, clerk, c.ID, gate, dispute.Seen{})
		must(t, err)
		d.wantSent(t, "referring", "web:resident notice.referred")
		d.wantQueue(t, clerk)
		p, err := d.Progress(ctx, resident, string(c.Number), "")
		must(t, err)
		if p.State != dispute.Referred || p.Facts["refer_to"] != "labour_arbitration" || p.Facts["basis"] == "" {
			t.Errorf("the reporter learns %+v", p)
		}
	})
}

func TestPausingStopsTheClock(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.file(t, "x")
		_, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{})
		must(t, err)
		c, err = d.Start(ctx, zhang, c.ID, dispute.OpMediate, "", dispute.Seen{})
		must(t, err)
		due := c.Due
		_, err = d.Advance(ctx, zhang, c.ID, dispute.OpPause, "", dispute.Seen{})
		wantsKind(t, "pausing without a reason", err, fault.Invalid)
		c, err = d.Advance(ctx, zhang, c.ID, dispute.OpPause, "等鉴定", dispute.Seen{})
		must(t, err)
		if len(c.Timers) != 0 {
			t.Errorf("paused with %v running", c.Timers)
		}
		d.clock.Add(100 * 24 * time.Hour)
		d.tick(t)
		c, err = d.Advance(ctx, zhang, c.ID, dispute.OpResume, "", dispute.Seen{})
		must(t, err)
		if want := due.Add(100 * 24 * time.Hour); !c.Due.Equal(want) {
			t.Errorf("resumed with the end on %v, want %v", c.Due, want)
		}
	})
}

func TestAStoreThatIsAwayIsSaidSo(t *testing.T) {
	d := open(t, redistest.Client(t))
	c := d.file(t, "x")
	must(t, d.rdb.Close())
	for name, do := range map[string]func() error{
		"file":  func() error { _, err := d.File(t.Context(), resident, filing("y")); return err },
		"claim": func() error { _, err := d.Claim(t.Context(), zhang, c.ID, dispute.Seen{}); return err },
		"queue": func() error { _, err := d.Queue(t.Context(), clerk, 1); return err },
		"tick":  func() error { _, err := d.TickDue(t.Context()); return err },
		"mine":  func() error { _, err := d.Mine(t.Context(), zhang); return err },
		"begin": func() error { _, err := d.out.Begin(t.Context(), "x"); return err },
	} {
		if err := do(); err == nil || fault.Of(err) != fault.Internal || !errors.Is(err, redis.ErrClosed) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
