package schedule_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/schedule"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is Slots for the replicas of one test.
type memory struct {
	mu   sync.Mutex
	last map[string]time.Time
	away bool
}

var errAway = errors.New("redis is away")

func (m *memory) Win(_ context.Context, job string, at time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return false, errAway
	}
	if !at.After(m.last[job]) {
		return false, nil
	}
	m.last[job] = at
	return true, nil
}

// Last takes its time, so that all replicas have asked before one wins.
func (m *memory) Last(_ context.Context, job string) (time.Time, error) {
	m.mu.Lock()
	last, away := m.last[job], m.away
	m.mu.Unlock()
	time.Sleep(time.Millisecond)
	if away {
		return time.Time{}, errAway
	}
	return last, nil
}

func (m *memory) set(away bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = away
}

// diary is a job that notes when it ran, by Beijing's clock.
type diary struct {
	mu   sync.Mutex
	runs []string
}

var beijing = time.FixedZone("CST", 8*3600)

func (d *diary) do(_ context.Context, now time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.runs = append(d.runs, now.In(beijing).Format("01-02 15:04"))
	return nil
}

func (d *diary) want(t *testing.T, want ...string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Equal(d.runs, want) {
		t.Errorf("the job ran at %q, want %q", d.runs, want)
	}
}

// start runs a job on a runner until the returned stop. In synctest's bubble
// the clock stands at 2000-01-01 08:00 in Beijing.
func start(t *testing.T, slots schedule.Slots, spec string, do schedule.Job, opt schedule.Options) (stop func()) {
	t.Helper()
	r := schedule.New(slots, opt)
	if err := r.Add("job", spec, do); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var g sync.WaitGroup
	g.Go(func() {
		if err := r.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
	return func() {
		cancel()
		g.Wait()
	}
}

func TestAJobRunsAtBeijingsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, m := &diary{}, &memory{last: map[string]time.Time{}}
		stop := start(t, m, "0 9 * * *", d.do, schedule.Options{})
		time.Sleep(49 * time.Hour)
		stop()
		d.want(t, "01-01 09:00", "01-02 09:00", "01-03 09:00")
	})
}

func TestOfManyReplicasOneRunsASlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, m := &diary{}, &memory{last: map[string]time.Time{}}
		var stops []func()
		for range 8 {
			stops = append(stops, start(t, m, "*/30 * * * *", d.do, schedule.Options{}))
		}
		time.Sleep(61 * time.Minute)
		for _, stop := range stops {
			stop()
		}
		d.want(t, "01-01 08:00", "01-01 08:30", "01-01 09:00")
	})
}

func TestAReplicaWhoseClockIsFastFiresNothingEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, m := &diary{}, &memory{last: map[string]time.Time{}}
		common := func() time.Time { return time.Now().Add(-time.Hour) } // this replica is an hour ahead
		stop := start(t, m, "0 9 * * *", d.do, schedule.Options{Now: common})
		time.Sleep(90 * time.Minute) // its own clock says 09:30, the common one 08:30
		d.want(t)
		time.Sleep(40 * time.Minute)
		stop()
		d.want(t, "01-01 09:00")
	})
}

func TestAMissedSlotIsCaughtUpOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		m := &memory{last: map[string]time.Time{"job": time.Now().AddDate(0, 0, -5)}}
		stop := start(t, m, "0 7 * * *", d.do, schedule.Options{})
		time.Sleep(10 * time.Minute)
		stop()
		d.want(t, "01-01 08:00")
		stop = start(t, m, "0 7 * * *", d.do, schedule.Options{})
		stop()
		d.want(t, "01-01 08:00")
	})
}

func TestAJobNeverSeenBeforeHasMissedNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, m := &diary{}, &memory{last: map[string]time.Time{}}
		stop := start(t, m, "0 7 * * *", d.do, schedule.Options{})
		time.Sleep(time.Hour)
		stop()
		d.want(t)
	})
}

func TestASlotMissedWhileRedisWasAwayIsCaughtUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		d := &diary{}
		m := &memory{last: map[string]time.Time{"job": time.Now()}}
		stop := start(t, m, "0 9 * * *", d.do, schedule.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		time.Sleep(59 * time.Minute)
		m.set(true)
		time.Sleep(10*time.Minute + 30*time.Second) // back between two sweeps
		m.set(false)
		time.Sleep(2 * time.Minute)
		stop()
		d.want(t, "01-01 09:10")
		if !strings.Contains(log.String(), "redis is away") {
			t.Errorf("the log says nothing of Redis:\n%s", log.String())
		}
	})
}

func TestAPanicEndsOneRunOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		d, m := &diary{}, &memory{last: map[string]time.Time{}}
		runs := 0
		stop := start(t, m, "* * * * *", func(ctx context.Context, now time.Time) error {
			if runs++; runs == 2 {
				panic("a bug")
			}
			return d.do(ctx, now)
		}, schedule.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		time.Sleep(3*time.Minute + time.Second)
		stop()
		d.want(t, "01-01 08:00", "01-01 08:02", "01-01 08:03")
		if !strings.Contains(log.String(), "a bug") {
			t.Errorf("the log says nothing of the panic:\n%s", log.String())
		}
	})
}

func TestASlowJobIsNotRunTwiceAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{last: map[string]time.Time{}}
		at, most, runs := 0, 0, 0
		var mu sync.Mutex
		stop := start(t, m, "* * * * *", func(context.Context, time.Time) error {
			mu.Lock()
			at, runs = at+1, runs+1
			most = max(most, at)
			mu.Unlock()
			time.Sleep(150 * time.Second)
			mu.Lock()
			at--
			mu.Unlock()
			return nil
		}, schedule.Options{Grace: 10 * time.Minute})
		time.Sleep(20 * time.Minute)
		stop()
		if most != 1 || runs < 5 {
			t.Errorf("%d runs, %d of them at once, want more than 4, one at a time", runs, most)
		}
	})
}

func TestRunWaitsForWorkInHand(t *testing.T) {
	for name, tc := range map[string]struct {
		work     time.Duration
		finished bool
	}{
		"work within the grace is finished": {10 * time.Second, true},
		"work beyond the grace is cut off":  {time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				finished := false
				stop := start(t, &memory{last: map[string]time.Time{}}, "* * * * *", func(ctx context.Context, _ time.Time) error {
					select {
					case <-time.After(tc.work):
						finished = true
					case <-ctx.Done():
					}
					return ctx.Err()
				}, schedule.Options{})
				began := time.Now()
				stop()
				if finished != tc.finished || time.Since(began) > 21*time.Second {
					t.Errorf("Run returned after %s with the job finished %v, want %v", time.Since(began), finished, tc.finished)
				}
			})
		})
	}
}

func TestASpecThatCannotWorkIsRefused(t *testing.T) {
	r := schedule.New(&memory{}, schedule.Options{})
	none := func(context.Context, time.Time) error { return nil }
	if err := r.Add("good", "0 9 1 * *", none); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ job, spec string }{
		"not a spec":                 {"a", "at nine"},
		"six fields":                 {"b", "0 0 9 * * *"},
		"a day that never comes":     {"c", "0 9 30 2 *"},
		"no fixed times":             {"d", "@every 5m"},
		"a name that is there":       {"good", "0 9 * * *"},
		"an hour that is none":       {"e", "0 25 * * *"},
		"a zone that does not exist": {"f", "CRON_TZ=Moon/Base 0 9 * * *"},
	} {
		if err := r.Add(tc.job, tc.spec, none); err == nil || fault.Of(err) != fault.Invalid {
			t.Errorf("%s: Add(%q, %q) = %v, want an error of kind Invalid", name, tc.job, tc.spec, err)
		}
	}
}
