package redisdb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// single opens a desk that has one call of reports on its way at a time.
func single(tb testing.TB, rdb redis.UniversalClient) *desk {
	tb.Helper()
	d := open(tb, rdb)
	d.db = redistest.On(tb, rdb, redisdb.Options{Now: d.clock.Now, Log: quiet, Convoys: 1})
	d.Service, d.cases, d.out = service(tb, d.db, d.clock.Now), d.db.Cases(), d.db.Outbox()
	return d
}

// ford holds up the first script that goes to Redis until it is let through,
// so that what comes meanwhile goes together. before runs ahead of the second.
type ford struct {
	held, through chan struct{}
	mu            sync.Mutex
	scripts       int
	before        func()
	lose          bool // the answer to the second
}

var errLost = errors.New("the answer was lost")

func newFord(rdb redis.UniversalClient) *ford {
	f := &ford{held: make(chan struct{}), through: make(chan struct{}), before: func() {}}
	rdb.AddHook(f)
	return f
}

// DialHook implements [redis.Hook].
func (f *ford) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessPipelineHook implements [redis.Hook].
func (f *ford) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// ProcessHook implements [redis.Hook].
func (f *ford) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() != "evalsha" {
			return next(ctx, cmd)
		}
		f.mu.Lock()
		f.scripts++
		n := f.scripts
		f.mu.Unlock()
		switch n {
		case 1:
			close(f.held)
			<-f.through
		case 2:
			f.before()
			if err := next(ctx, cmd); !f.lose {
				return err
			}
			cmd.SetErr(errLost)
			return errLost
		}
		return next(ctx, cmd)
	}
}

// report is what somebody files, and how it ended.
type report struct {
	who access.Actor
	f   dispute.Filing
	c   dispute.Case
	err error
}

// together files reports that go to Redis in one script, behind one that is
// filed by somebody else.
func together(t *testing.T, d *desk, f *ford, reports []*report) {
	t.Helper()
	d.db.WaitLong()
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := d.File(context.Background(), access.Actor{ID: "web:first"}, ownFiling(9000)); err != nil {
			t.Error(err)
		}
	})
	<-f.held
	for i, r := range reports {
		wg.Go(func() { r.c, r.err = d.File(context.Background(), r.who, r.f) })
		eventuallyWithin(t, 2*time.Minute, func() error { // each after the one before
			if n := d.db.Waiting(); n != i+1 {
				return fmt.Errorf("%d reports wait, want %d", n, i+1)
			}
			return nil
		})
	}
	close(f.through)
	wg.Wait()
}

// strangers are eight people with a report each that share nothing.
func strangers() []*report {
	var all []*report
	for i := range 8 {
		all = append(all, &report{who: access.Actor{ID: fmt.Sprint("web:", i)}, f: ownFiling(i)})
	}
	return all
}

// TestReportsThatGoTogetherFareAlone files in one script what is kept, what was
// filed before, what is one too many, what repeats another of the same script,
// and what Redis fails at. Each is told its own, as if it had come alone.
func TestReportsThatGoTogetherFareAlone(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := single(t, rdb)
		for i := range 10 { // as many as may be open
			_, err := d.File(t.Context(), resident, ownFiling(100+i))
			must(t, err)
		}
		before := d.file10(t)
		keys := rdb.Keys(t.Context(), "anjie:*:ix:reporter:web:other").Val()
		if len(keys) != 1 {
			t.Fatal(keys)
		}
		must(t, rdb.Set(t.Context(), strings.Replace(keys[0], "web:other", "web:broken", 1), "not an index", 0).Err())

		all := strangers()
		again, many, twin, alike, broken := all[1], all[2], all[3], all[4], all[5]
		again.who, again.f.Token = other, "10"
		many.who = resident
		twin.who, twin.f = all[0].who, all[0].f
		alike.f.Report.Contact.Phone = all[0].f.Report.Contact.Phone
		broken.who = access.Actor{ID: "web:broken"}
		together(t, d, newFord(rdb), all)

		for i, r := range all {
			switch r {
			case many:
				wants(t, "one too many", r.err, dispute.ErrTooMany)
			case broken:
				if r.err == nil || !strings.Contains(r.err.Error(), "WRONGTYPE") {
					t.Errorf("the report that Redis fails at: %v", r.err)
				}
			default:
				must(t, r.err)
				must(t, d.Verify(t.Context(), clerk, r.c.ID))
				c, err := d.cases.Case(t.Context(), r.c.ID, true)
				if err != nil || c.Number != r.c.Number || c.Report.What == "" {
					t.Errorf("report %d is kept as %s, told as %s, %v", i, c.Number, r.c.Number, err)
				}
			}
		}
		if again.c.ID != before.ID || twin.c.ID != all[0].c.ID {
			t.Errorf("filed again: %s, was %s; the twin: %s, was %s", again.c.ID, before.ID, twin.c.ID, all[0].c.ID)
		}
		// 11 before, the one ahead, and of eight those that are neither again, too many, twin nor broken
		d.gapless(t, 11+1+4)
		if n := strings.Count(strings.Join(d.sent(t), "\n"), "notice.alike"); n != 1 {
			t.Errorf("%d repetitions were told, want 1", n)
		}
	})
}

// file10 files the report with the token "10" of somebody.
func (d *desk) file10(t *testing.T) dispute.Case {
	t.Helper()
	c, err := d.File(t.Context(), other, ownFiling(10))
	must(t, err)
	return c
}

// gapless fails unless n cases are there, numbered without gaps or doubles.
func (d *desk) gapless(t *testing.T, n int) {
	t.Helper()
	cases, _, err := d.Cases(t.Context(), clerk, dispute.Filter{Limit: 1000})
	must(t, err)
	numbers := map[dispute.Number]bool{}
	for _, c := range cases {
		numbers[c.Number] = true
	}
	for i := range n {
		if want := dispute.Number(fmt.Sprintf("〔2026〕试受字第 %04d 号", i+1)); !numbers[want] {
			t.Errorf("number %s is missing", want)
		}
	}
	if len(cases) != n {
		t.Errorf("%d cases, want %d", len(cases), n)
	}
}

// TestALostAnswerToManyReportsMakesNoneTwice loses the answer to a script that
// kept eight reports: all are told that it isn't known, and filed again each is
// the case that was made.
func TestALostAnswerToManyReportsMakesNoneTwice(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, f := single(t, rdb), newFord(rdb)
		f.lose = true
		all := strangers()
		together(t, d, f, all)
		for _, r := range all {
			wants(t, "the answer", r.err, errLost)
			_, r.err = d.File(t.Context(), r.who, r.f)
			must(t, r.err)
		}
		d.gapless(t, 9)
	})
}

// TestScriptsFlushedBetweenReports empties the server's memory of scripts just
// before several reports get there.
func TestScriptsFlushedBetweenReports(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, f := single(t, rdb), newFord(rdb)
		f.before = func() { must(t, rdb.ScriptFlush(context.Background()).Err()) }
		all := strangers()
		together(t, d, f, all)
		for _, r := range all {
			must(t, r.err)
		}
		d.gapless(t, 9)
	})
}

// TestRedisDiesUnderManyReports kills Redis while eight reports are on their
// way. Nobody is told that a report is kept; filed again once Redis is back,
// each is one case.
func TestRedisDiesUnderManyReports(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	rdb := redistest.NewClient(&redis.Options{Addr: server.Addr(), MaxRetries: -1, ContextTimeoutEnabled: true})
	d, f := single(t, rdb), newFord(rdb)
	f.before = server.Kill
	all := strangers()
	together(t, d, f, all)
	must(t, server.Run())
	for _, r := range all {
		if r.err == nil {
			t.Errorf("report %s was acknowledged by a dead Redis", r.c.ID)
		}
		eventuallyWithin(t, 2*time.Minute, func() error { _, err := d.File(t.Context(), r.who, r.f); return err })
	}
	d.gapless(t, 9)
}

// TestOneWhoGivesUpSpoilsNoOthersReport cancels one of eight reports that wait
// to go together: it isn't filed, the others are.
func TestOneWhoGivesUpSpoilsNoOthersReport(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, f := single(t, rdb), newFord(rdb)
		d.db.WaitLong()
		ctx, giveUp := context.WithCancel(t.Context())
		gone := make(chan error, 1)
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := d.File(context.Background(), access.Actor{ID: "web:first"}, ownFiling(9000)); err != nil {
				t.Error(err)
			}
		})
		<-f.held
		wg.Go(func() {
			_, err := d.File(ctx, access.Actor{ID: "web:gone"}, ownFiling(9001))
			gone <- err
		})
		for i := range 7 {
			wg.Go(func() {
				if _, err := d.File(context.Background(), access.Actor{ID: fmt.Sprint("web:", i)}, ownFiling(i)); err != nil {
					t.Error(err)
				}
			})
		}
		eventuallyWithin(t, 2*time.Minute, func() error {
			if n := d.db.Waiting(); n != 8 {
				return fmt.Errorf("%d reports wait", n)
			}
			return nil
		})
		giveUp()
		wants(t, "who gave up", <-gone, context.Canceled)
		close(f.through)
		wg.Wait()
		d.gapless(t, 8)
	})
}

// TestManyReportsWaitForAReplicaOnce files from sixteen clients with a replica
// that must hold each report, then without it: nobody is told that a report is
// kept which the master alone holds.
func TestManyReportsWaitForAReplicaOnce(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	replica := replicaOf(t, server)
	rdb := redistest.NewClient(&redis.Options{Addr: server.Addr(), PoolSize: 32, ContextTimeoutEnabled: true})
	db := redistest.On(t, rdb, redisdb.Options{Now: time.Now, Log: quiet, Replicas: 1, ReplicaWait: 10 * time.Second})
	db.WaitLong()
	s := service(t, db, time.Now)
	file := func(from int) []error {
		errs := make([]error, 16)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = s.File(context.Background(), access.Actor{ID: fmt.Sprint("web:", from+i)}, ownFiling(from+i))
			})
		}
		wg.Wait()
		return errs
	}
	must(t, errors.Join(file(0)...))
	replica.Kill()
	short := redistest.On(t, rdb, redisdb.Options{Tenant: "short", Now: time.Now, Log: quiet, Replicas: 1, ReplicaWait: 200 * time.Millisecond})
	short.WaitLong()
	s = service(t, short, time.Now)
	for _, err := range file(100) {
		wants(t, "without a replica", err, redisdb.ErrUnsure)
	}
}
