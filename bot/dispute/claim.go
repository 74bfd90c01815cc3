package dispute

import (
	"context"

	"github.com/anjie-desk/anjie/bot/access"
)

// Claim leases an accepted case to a mediator for Deadlines.Lease working days; a
// lease that runs out puts the case back at its old place in the queue.
//
// The error is [ErrClaimed] if another mediator has the case, of kind
// [fault.Denied] if who may not mediate it. Claiming one's own case again
// renews the lease.
func (s *Service) Claim(ctx context.Context, who access.Actor, id CaseID, seen Seen) (Case, error) {
	return s.choose(ctx, who, id, seen, func(c Case) (Op, edit, error) {
		if c.Recused(who.ID) {
			return OpClaim, edit{}, ErrRecused
		}
		if c.State == Claimed && c.Owner == who.ID {
			return OpRenew, edit{move: s.renew}, nil
		}
		return OpClaim, edit{
			notices: func(c Case) []Notice { return []Notice{s.toReporter(c, "notice.claimed")} },
			move: func(m *Move) {
				m.SetOwner = &Owner{who.ID, who.Name}
				m.home(c, who)
			},
		}, nil
	}, OpClaim)
}

// renew has a lease begin anew at the time of the move.
func (s *Service) renew(m *Move) {
	m.Timers = s.leased(m.Event.At)
	m.Lease = &m.Timers[0].At
}

// Release puts a case back at its old place in the queue, with the reason,
// which only staff read.
func (s *Service) Release(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	if err := required("reason", reason); err != nil {
		return Case{}, err
	}
	return s.handing(ctx, who, id, OpRelease, seen, "", func(before Case) (edit, error) {
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
	return s.handing(ctx, who, id, OpReassign, seen, to.ID, func(before Case) (edit, error) {
		if err := fit(before, to); err != nil {
			return edit{}, err
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
	_, err := s.handing(ctx, access.System, t.Case, OpLapse, Seen{}, "", func(before Case) (edit, error) {
		return edit{
			detail:  map[string]string{"owner": before.Owner},
			notices: s.backInQueue(before, "notice.lapsed"),
			move:    func(m *Move) { m.Fired = &t.Timer },
		}, nil
	})
	return err
}
