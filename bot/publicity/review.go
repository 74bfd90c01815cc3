package publicity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Approve lets a slot go out when it is due. Approving twice changes nothing.
// The error is [ErrStatus] once it is stale: give it a new day first.
func (s *Service) Approve(ctx context.Context, who access.Actor, slot string) (Slot, error) {
	return s.move(ctx, who, access.ApproveItems, slot, []Status{Planned, Skipped, Approved}, func(sl *Slot) error {
		if sl.Status != Approved {
			sl.Status, sl.Approver, sl.Approved = Approved, who.ID, s.opt.Now()
		}
		return nil
	})
}

// Unapprove takes an approval or a skip back.
func (s *Service) Unapprove(ctx context.Context, who access.Actor, slot string) (Slot, error) {
	return s.move(ctx, who, access.ApproveItems, slot, []Status{Approved, Skipped, Planned}, func(sl *Slot) error {
		sl.Status, sl.Approver, sl.Approved = Planned, "", time.Time{}
		return nil
	})
}

// Skip takes an item out of this year.
func (s *Service) Skip(ctx context.Context, who access.Actor, slot string) (Slot, error) {
	return s.move(ctx, who, access.ApproveItems, slot, []Status{Planned, Approved, Stale, Skipped}, func(sl *Slot) error {
		sl.Status, sl.Approver, sl.Approved = Skipped, "", time.Time{}
		return nil
	})
}

// Schedule sets the day and hour at which a slot goes out. An approval stays;
// a stale slot is alive again. The error is of kind Invalid for a time in
// another year than the slot's, or one so long ago that it would be stale.
func (s *Service) Schedule(ctx context.Context, who access.Actor, slot string, at time.Time) (Slot, error) {
	return s.move(ctx, who, access.EditItems, slot, []Status{Planned, Approved, Stale}, func(sl *Slot) error {
		return s.setDue(sl, at.In(s.opt.Location))
	})
}

func (s *Service) setDue(sl *Slot, at time.Time) error {
	it, err := s.Item(sl.Item)
	if err != nil {
		return err
	}
	if at.Year() != sl.Year {
		return fault.New(fault.Invalid, "the day is in another year")
	}
	stale := at.Add(staleAfter(it))
	if !s.opt.Now().Before(stale) {
		return fault.New(fault.Invalid, "the day is too long ago")
	}
	sl.Due, sl.StaleAt, sl.Status = at, stale, Planned
	if sl.Approver != "" {
		sl.Status = Approved
	}
	return nil
}

// Settle says what an editor saw of a doubtful release: it came out at ref, or,
// with an empty ref, it did not and is to be tried again.
func (s *Service) Settle(ctx context.Context, who access.Actor, slot, outlet, ref string) error {
	if err := who.Require(access.ApproveItems); err != nil {
		return fmt.Errorf("settle %s of slot %s: %w", outlet, slot, err)
	}
	rs, err := s.store.Releases(ctx, slot)
	if err != nil {
		return fmt.Errorf("releases of %s: %w", slot, err)
	}
	i := slices.IndexFunc(rs, func(r Release) bool { return r.Outlet == outlet && r.Doubtful && !r.Out() })
	if i < 0 {
		return fmt.Errorf("settle %s of slot %s: %w", outlet, slot, ErrStatus)
	}
	r := Release{Slot: slot, Outlet: outlet, Ref: ref, At: s.opt.Now()}
	if ref == "" {
		r.At = time.Time{} // due at once
	}
	if err := s.store.SaveRelease(ctx, r); err != nil {
		return fmt.Errorf("release of %s to %s: %w", slot, outlet, err)
	}
	return s.finish(ctx, slot)
}

// finish marks a slot published if every outlet has it.
func (s *Service) finish(ctx context.Context, slot string) error {
	have, err := s.releases(ctx, slot)
	if err != nil {
		return fmt.Errorf("releases of %s: %w", slot, err)
	}
	for _, o := range s.outlets {
		if !have[o.Name()].Out() {
			return nil
		}
	}
	sl, err := s.store.Slot(ctx, slot)
	if err != nil {
		return fmt.Errorf("slot %s: %w", slot, err)
	}
	return s.settleSlot(ctx, sl, true, s.opt.Now())
}

// move changes a slot that is in one of the states from. Of two editors at the
// same time one gets an error of kind Conflict.
func (s *Service) move(ctx context.Context, who access.Actor, p access.Permission, id string, from []Status, change func(*Slot) error) (Slot, error) {
	if err := who.Require(p); err != nil {
		return Slot{}, fmt.Errorf("slot %s: %w", id, err)
	}
	sl, err := s.find(ctx, id)
	if err != nil {
		return Slot{}, err
	}
	sl = s.aged(sl)
	if !slices.Contains(from, sl.Status) {
		return Slot{}, fmt.Errorf("slot %s is %s: %w", id, sl.Status, ErrStatus)
	}
	before := sl
	if err := change(&sl); err != nil {
		return Slot{}, fmt.Errorf("slot %s: %w", id, err)
	}
	if sl == before {
		return sl, nil
	}
	if sl, err = s.store.SaveSlot(ctx, sl); err != nil {
		return Slot{}, fmt.Errorf("save slot %s: %w", id, err)
	}
	return sl, nil
}
