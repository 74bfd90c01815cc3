package publicity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/content"
)

// A failed outlet is tried again after a minute, then after twice as long each
// time, at most an hour.
const (
	firstRetry = time.Minute
	lastRetry  = time.Hour
)

// PublishDue puts out every approved slot that is due at now and not yet
// stale, oldest first, each to the outlets that don't have it, and returns how
// many releases it made. It is for a job that runs every minute on any number
// of replicas: what one is at, another leaves alone. An outlet's failure is
// noted in its Release and tried again later; the error is the store's.
func (s *Service) PublishDue(ctx context.Context, now time.Time) (int, error) {
	due, err := s.due(ctx, now)
	if err != nil {
		return 0, err
	}
	released := 0
	var errs []error
	for _, sl := range due {
		if ctx.Err() != nil {
			break
		}
		n, err := s.publishLocked(ctx, sl.ID, now)
		released += n
		if err != nil {
			errs = append(errs, fmt.Errorf("publish %s: %w", sl.ID, err))
		}
	}
	return released, errors.Join(errs...)
}

// due lists this year's slots and last year's, for December's in January.
func (s *Service) due(ctx context.Context, now time.Time) ([]Slot, error) {
	year := now.In(s.opt.Location).Year()
	var all []Slot
	for _, y := range []int{year - 1, year} {
		slots, err := s.store.Slots(ctx, y)
		if err != nil {
			return nil, fmt.Errorf("slots of %d: %w", y, err)
		}
		for _, sl := range slots {
			if goesOut(sl, now) {
				all = append(all, sl)
			}
		}
	}
	byDue(all)
	return all, nil
}

func goesOut(sl Slot, now time.Time) bool {
	if sl.Status == Partial {
		return now.Before(sl.StaleAt)
	}
	return sl.Status == Approved && !now.Before(sl.Due)
}

func (s *Service) publishLocked(ctx context.Context, id string, now time.Time) (int, error) {
	release, ok, err := s.store.Lock(ctx, id, lockFor)
	if err != nil || !ok {
		return 0, err
	}
	defer release()
	sl, err := s.store.Slot(ctx, id) // again: it may have changed before the lock
	if err != nil {
		return 0, err
	}
	it, known := s.byID[sl.Item]
	if !known || !goesOut(sl, now) {
		return 0, nil
	}
	if !now.Before(sl.StaleAt) {
		sl.Status = Stale
		s.opt.Log.WarnContext(ctx, "slot missed its time", "slot", id)
		_, err := s.store.SaveSlot(ctx, sl)
		return 0, err
	}
	return s.publish(ctx, sl, it, now)
}

func (s *Service) publish(ctx context.Context, sl Slot, it content.Item, now time.Time) (int, error) {
	have, err := s.releases(ctx, sl.ID)
	if err != nil {
		return 0, err
	}
	made, out := 0, 0
	for _, o := range s.outlets {
		r, err := s.release(ctx, o, sl, it, have[o.Name()], now)
		if err != nil {
			return made, err
		}
		if r.Out() {
			out++
			if !have[o.Name()].Out() {
				made++
			}
		}
	}
	return made, s.settleSlot(ctx, sl, out == len(s.outlets), now)
}

func (s *Service) releases(ctx context.Context, id string) (map[string]Release, error) {
	rs, err := s.store.Releases(ctx, id)
	if err != nil {
		return nil, err
	}
	have := map[string]Release{}
	for _, r := range rs {
		have[r.Outlet] = r
	}
	return have, nil
}

// settleSlot notes how far the slot is, if that has changed. What is out is
// out: an editor's change meanwhile gives way.
func (s *Service) settleSlot(ctx context.Context, sl Slot, complete bool, now time.Time) error {
	ctx = context.WithoutCancel(ctx)
	was := sl.Status
	for try := 0; ; try++ {
		sl.Status = Partial
		if complete {
			sl.Status, sl.Published = Published, now
		}
		if sl.Status == was {
			return nil
		}
		_, err := s.store.SaveSlot(ctx, sl)
		if fault.Of(err) != fault.Conflict || try == 3 {
			return err
		}
		if sl, err = s.store.Slot(ctx, sl.ID); err != nil {
			return err
		}
	}
}

// release has one outlet put the item out, unless it has it, its next try is
// not due, or nobody knows whether an earlier try came out.
func (s *Service) release(ctx context.Context, o Outlet, sl Slot, it content.Item, had Release, now time.Time) (Release, error) {
	if had.Out() || had.Doubtful || now.Before(had.At.Add(backOff(had.Tries))) {
		return had, nil
	}
	r := Release{Slot: sl.ID, Outlet: o.Name(), At: now, Tries: had.Tries + 1}
	once, isOnce := o.(Once)
	if isOnce {
		// If we die between the send and its mark, this is what stays.
		begun := r
		begun.Doubtful, begun.Err = true, "begun"
		if err := s.store.SaveRelease(ctx, begun); err != nil {
			return r, err
		}
	}
	tctx, cancel := context.WithTimeout(ctx, tryFor)
	defer cancel()
	ref, err := o.Publish(tctx, sl, it)
	if err != nil {
		r.Err, r.Doubtful = err.Error(), isOnce && once.Doubtful(err)
		s.opt.Log.WarnContext(ctx, "outlet did not take the item", "slot", sl.ID, "outlet", o.Name(), "try", r.Tries, "doubtful", r.Doubtful, "err", err)
	} else {
		r.Ref = ref
	}
	// What came out must be noted even if the desk is being stopped.
	if err := s.store.SaveRelease(context.WithoutCancel(ctx), r); err != nil {
		return r, fmt.Errorf("note release to %s: %w", o.Name(), err)
	}
	return r, nil
}

func backOff(tries int) time.Duration {
	if tries == 0 {
		return 0
	}
	return min(firstRetry<<min(tries-1, 10), lastRetry)
}
