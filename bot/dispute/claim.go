package dispute

import (
	"context"
	"errors"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Claim leases an accepted case to a mediator for Deadlines.Lease; a lease that
// runs out puts the case back at its old place in the queue.
//
// The error is [ErrClaimed] if another mediator has the case, of kind
// [fault.Denied] if who may not mediate it. Claiming one's own case again
// renews the lease.
func (s *Service) Claim(ctx context.Context, who access.Actor, id CaseID, seen Seen) (Case, error) {
	c, err := s.store.Case(ctx, id, false)
	if err == nil && c.Owner == who.ID && c.State == Claimed {
		return s.renew(ctx, who, id, seen)
	}
	after, err := s.change(ctx, who, id, OpClaim, seen, func(Case) (edit, error) {
		return edit{
			notices: func(c Case) []Notice { return []Notice{s.toReporter(c, "notice.claimed")} },
			move:    func(m *Move) { m.SetOwner = &Owner{who.ID, who.Name} },
		}, nil
	})
	if errors.Is(err, ErrMove) || errors.Is(err, ErrStale) {
		return s.lost(ctx, who, id, err)
	}
	return after, err
}

// lost finds out whether a claim failed because another was faster.
func (s *Service) lost(ctx context.Context, who access.Actor, id CaseID, err error) (Case, error) {
	if c, rerr := s.store.Case(ctx, id, false); rerr == nil && c.Owner != "" && c.Owner != who.ID {
		return Case{}, errors.Join(ErrClaimed, err)
	}
	return Case{}, err
}

func (s *Service) renew(ctx context.Context, who access.Actor, id CaseID, seen Seen) (Case, error) {
	return s.change(ctx, who, id, OpRenew, seen, func(c Case) (edit, error) {
		return edit{move: func(m *Move) {
			until := m.Event.At.Add(s.opt.Deadlines.Lease)
			m.Lease, m.MustOwn = &until, who.ID
			m.Timers = []Timer{{Kind: DueLease, At: until}, {Kind: DueExpiry, At: until.Add(-s.opt.Deadlines.ExpirySoon)}}
		}}, nil
	})
}

// Release puts a case back at its old place in the queue, with the reason,
// which only staff read.
func (s *Service) Release(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	if err := required("reason", reason); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpRelease, seen, func(before Case) (edit, error) {
		return edit{text: reason, notices: s.backInQueue(before, "")}, nil
	})
}

// backInQueue tells reporter and territory, and the former owner by key unless
// that is empty.
func (s *Service) backInQueue(before Case, key string) func(Case) []Notice {
	return func(c Case) []Notice {
		all := append([]Notice{s.toReporter(c, "notice.released")}, s.toTerritory(c, "notice.again")...)
		if key != "" {
			all = append(all, s.toOwner(c, before.Owner, key))
		}
		return all
	}
}

// Reassign gives a case to a mediator, taking it from another if need be. The
// lease begins anew.
func (s *Service) Reassign(ctx context.Context, who access.Actor, id CaseID, to access.Actor, reason string, seen Seen) (Case, error) {
	if !to.May(access.ClaimCase) {
		return Case{}, fault.New(fault.Invalid, "reassign: "+to.ID+" is no mediator")
	}
	return s.change(ctx, who, id, OpReassign, seen, func(before Case) (edit, error) {
		if before.Reporter == to.ID || before.Owner == to.ID {
			return edit{}, fault.New(fault.Invalid, "the mediator reported the case or has it already")
		}
		return edit{
			text: reason, detail: map[string]string{"to": to.ID},
			notices: func(c Case) []Notice {
				return []Notice{
					s.toOwner(c, to.ID, "notice.assigned"), s.toOwner(c, before.Owner, "notice.taken"), s.toReporter(c, "notice.claimed"),
				}
			},
			move: func(m *Move) { m.SetOwner = &Owner{to.ID, to.Name} },
		}, nil
	})
}

// lapse puts a case back whose lease has run out.
func (s *Service) lapse(ctx context.Context, t DueTimer) error {
	_, err := s.change(ctx, access.System, t.Case, OpLapse, Seen{}, func(before Case) (edit, error) {
		return edit{
			detail:  map[string]string{"owner": before.Owner},
			notices: s.backInQueue(before, "notice.lapsed"),
			move:    func(m *Move) { m.Fired = &t.Timer },
		}, nil
	})
	return err
}

// leaseEnd is when a lease that begins now runs out.
func (s *Service) leaseEnd(now time.Time) time.Time { return now.Add(s.opt.Deadlines.Lease) }
