package wire

import (
	"context"
	"time"

	"github.com/anjie-desk/anjie/bot/schedule"
)

// openJobs registers what recurs. Slots are won in Redis, so that of several
// replicas one does each.
func (d *Desk) openJobs(context.Context) error {
	d.jobs = schedule.New(d.store.CronSlots(), schedule.Options{Now: d.opt.Now, Log: d.opt.Log})
	for _, job := range []struct {
		name, spec string
		do         schedule.Job
	}{
		{"publish", "* * * * *", func(ctx context.Context, now time.Time) error {
			_, err := d.Publicity.PublishDue(ctx, now)
			return err
		}},
		{"deadlines", "* * * * *", func(ctx context.Context, _ time.Time) error {
			_, err := d.Cases.TickDue(ctx)
			return err
		}},
		{"requests", "30 8 * * *", func(ctx context.Context, _ time.Time) error {
			_, err := d.requests.Remind(ctx)
			return err
		}},
		{"types", "5-59/10 * * * *", func(ctx context.Context, _ time.Time) error { return d.sweepTypes(ctx, true) }},
		{"all types", "20 3 * * *", func(ctx context.Context, _ time.Time) error { return d.sweepTypes(ctx, false) }},
		{"archive", "40 2 * * *", func(ctx context.Context, _ time.Time) error {
			_, err := d.Cases.ShelveDue(ctx)
			return err
		}},
	} {
		if err := d.jobs.Add(job.name, job.spec, d.measured(job.name, job.do)); err != nil {
			return err
		}
	}
	return nil
}

// measured counts a job's runs.
func (d *Desk) measured(name string, do schedule.Job) schedule.Job {
	return func(ctx context.Context, now time.Time) error {
		start := d.opt.Now()
		err := do(ctx, now)
		outcome := "done"
		if err != nil {
			outcome = "failed"
		}
		d.metrics.Job(name, outcome, d.opt.Now().Sub(start))
		return err
	}
}
