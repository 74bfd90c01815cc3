// Package schedule runs the desk's recurring jobs by cron expressions, in
// Beijing's time.
//
// A job's due times are its slots. Of any number of replicas one wins a slot,
// through [Slots]; a slot that passed while the desk was down is caught up
// once when it is back. A job is never run twice at the same time by one
// replica, and a panic in it ends that run only. The package knows no job.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
	_ "time/tzdata" // the desk's clock is Beijing's on any machine

	"github.com/robfig/cron/v3"

	"github.com/anjie-desk/anjie/bot/fault"
)

// Slots remembers the last slot taken of each job.
type Slots interface {
	// Win takes a slot, and reports false if it or a later one was taken.
	Win(ctx context.Context, job string, at time.Time) (bool, error)
	// Last is the last slot taken, zero if none ever was.
	Last(ctx context.Context, job string) (time.Time, error)
}

// Job does what is to be done at a slot. now is the Runner's clock when the
// job starts, which after a downtime is later than the slot.
type Job func(ctx context.Context, now time.Time) error

// Options tune a Runner; the zero value is production.
type Options struct {
	Now      func() time.Time // nil means time.Now; the replicas' common clock if there is one
	Location *time.Location   // nil means Asia/Shanghai
	Grace    time.Duration    // how long a job may go on after the end of Run's ctx; 0 means 20 seconds
	Log      *slog.Logger     // nil means slog.Default()
}

// Runner runs jobs.
type Runner struct {
	slots Slots
	opt   Options
	jobs  []entry
}

type entry struct {
	name     string
	schedule cron.Schedule
	do       Job
}

// New returns a Runner without jobs.
func New(slots Slots, opt Options) *Runner {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Location == nil {
		loc, err := time.LoadLocation("Asia/Shanghai")
		if err != nil {
			panic(err) // embedded by time/tzdata
		}
		opt.Location = loc
	}
	if opt.Grace == 0 {
		opt.Grace = 20 * time.Second
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	return &Runner{slots: slots, opt: opt}
}

// Add registers a job under a name that stays the same over restarts. spec has
// five fields (minute, hour, day of month, month, weekday) or is a descriptor
// such as @daily. The error is of kind Invalid for a spec that cannot be read
// or never comes due. Add is for before Run.
func (r *Runner) Add(name, spec string, do Job) error {
	s, err := cron.ParseStandard(spec)
	if err != nil {
		return fault.As(fault.Invalid, fmt.Errorf("job %s: %w", name, err))
	}
	in, ok := s.(*cron.SpecSchedule)
	if !ok { // @every counts from each replica's own start
		return fault.As(fault.Invalid, fmt.Errorf("job %s: %q has no fixed times", name, spec))
	}
	if in.Location == time.Local {
		in.Location = r.opt.Location
	}
	if s.Next(r.opt.Now()).IsZero() {
		return fault.As(fault.Invalid, fmt.Errorf("job %s: %q never comes due", name, spec))
	}
	for _, j := range r.jobs {
		if j.name == name {
			return fault.As(fault.Invalid, fmt.Errorf("job %s stands twice", name))
		}
	}
	r.jobs = append(r.jobs, entry{name, s, do})
	return nil
}

// Run runs the jobs until ctx ends and those at work are done, and returns nil.
// Every minute it also looks for slots that were missed: while the desk was
// down, while Redis was away, or by a clock that was set.
func (r *Runner) Run(ctx context.Context) error {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	c := cron.New(cron.WithLocation(r.opt.Location), cron.WithLogger(cronLog{r.opt.Log}),
		cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger), cron.Recover(cronLog{r.opt.Log})))
	var missed sync.WaitGroup
	sweep := func() {}
	for _, j := range r.jobs {
		id := c.Schedule(j.schedule, cron.FuncJob(func() { r.fire(work, j) }))
		job, others := c.Entry(id).WrappedJob, sweep
		sweep = func() {
			others()
			missed.Go(job.Run)
		}
	}
	sweep()
	c.Schedule(cron.Every(time.Minute), cron.FuncJob(sweep))
	c.Start()
	<-ctx.Done()
	r.finish(c, &missed, cancel)
	return nil
}

// finish waits for the jobs at work, and cancels them after the grace.
func (r *Runner) finish(c *cron.Cron, missed *sync.WaitGroup, cancel context.CancelFunc) {
	overdue := time.AfterFunc(r.opt.Grace, cancel)
	defer overdue.Stop()
	<-c.Stop().Done()
	missed.Wait()
}

// fire runs a job if its latest slot has not been taken.
func (r *Runner) fire(ctx context.Context, j entry) {
	now := r.opt.Now().In(r.opt.Location)
	err := r.take(ctx, j, now)
	if err != nil && !errors.Is(err, context.Canceled) {
		r.opt.Log.ErrorContext(ctx, "job", "job", j.name, "err", err)
	}
}

func (r *Runner) take(ctx context.Context, j entry, now time.Time) error {
	slot, ok := latest(j.schedule, now)
	if !ok {
		return nil
	}
	last, err := r.slots.Last(ctx, j.name)
	if err != nil {
		return fmt.Errorf("last slot: %w", err)
	}
	if !slot.After(last) {
		return nil
	}
	won, err := r.slots.Win(ctx, j.name, slot)
	if err != nil {
		return fmt.Errorf("win slot: %w", err)
	}
	// A job never seen before has missed nothing: its first sight only marks
	// where it stands, unless it is due this minute.
	if !won || last.IsZero() && now.Sub(slot) > time.Minute {
		return nil
	}
	return j.do(ctx, now)
}

// latest is the last time at or before now that s was due. It steps back in
// growing windows, so that a yearly job costs no more steps than a minutely one.
func latest(s cron.Schedule, now time.Time) (time.Time, bool) {
	const day = 24 * time.Hour
	for _, back := range []time.Duration{2 * time.Minute, 2 * time.Hour, 2 * day, 63 * day, 8 * 366 * day} {
		t := s.Next(now.Add(-back))
		if t.IsZero() || t.After(now) {
			continue
		}
		for next := s.Next(t); !next.IsZero() && !next.After(now); next = s.Next(next) {
			t = next
		}
		return t, true
	}
	return time.Time{}, false
}

// cronLog passes what cron reports on: its own steps are not worth a line, a
// job's panic is.
type cronLog struct{ log *slog.Logger }

func (cronLog) Info(string, ...any) {}

func (l cronLog) Error(err error, msg string, kv ...any) {
	l.log.Error("cron", "msg", msg, "err", err, "detail", fmt.Sprint(kv...))
}
