package dispute

import (
	"context"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Offer asks another mediator to take one's case over. It stays one's own until
// they take it; an offer without an answer is over after Deadlines.Offer.
func (s *Service) Offer(ctx context.Context, who access.Actor, id CaseID, to access.Actor, reason string, seen Seen) (Case, error) {
	if err := required("reason", reason); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpOffer, seen, func(before Case) (edit, error) {
		if err := fit(before, to); err != nil {
			return edit{}, err
		}
		return edit{
			text: reason, detail: map[string]string{"to": to.ID},
			notices: func(c Case) []Notice { return []Notice{s.toOwner(c, to.ID, "notice.offered")} },
			move: func(m *Move) {
				m.note(map[string]string{factOffer: to.ID, factOfferName: to.Name})
				m.Timers = append(m.Timers, Timer{Kind: DueOffer, At: s.cal.after(m.Event.At, s.opt.Deadlines.Offer)})
			},
		}, nil
	})
}

// fit tells whether somebody may be given a case: a mediator who has it not,
// didn't report it and wasn't refused by a party.
func fit(c Case, to access.Actor) error {
	switch {
	case !to.May(access.ClaimCase):
		return fault.New(fault.Invalid, to.ID+" is no mediator")
	case c.Reporter == to.ID || c.Owner == to.ID:
		return fault.New(fault.Invalid, "the mediator reported the case or has it already")
	case c.Recused(to.ID):
		return fault.As(fault.Invalid, ErrRecused)
	}
	return nil
}

// Take accepts a case that its mediator offered. Where it stands stays as it
// is; a lease begins anew.
func (s *Service) Take(ctx context.Context, who access.Actor, id CaseID, seen Seen) (Case, error) {
	return s.handing(ctx, who, id, OpTake, seen, who.ID, func(before Case) (edit, error) {
		return edit{
			detail: map[string]string{"from": before.Owner},
			notices: func(c Case) []Notice {
				return []Notice{s.toOwner(c, before.Owner, "notice.taken"), s.toReporter(c, "notice.handed")}
			},
			move: func(m *Move) {
				m.SetOwner = &Owner{who.ID, who.Name}
				if before.State == Claimed {
					s.renew(m)
				}
			},
		}, nil
	})
}

// TurnDown ends an offer: who was asked won't take the case, or who asked
// thinks better of it.
func (s *Service) TurnDown(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	if err := bounded("reason", reason); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpTurnDown, seen, func(before Case) (edit, error) {
		return edit{
			text: reason,
			notices: func(c Case) []Notice {
				if who.ID == before.Facts[factOffer] {
					return []Notice{s.toOwner(c, before.Owner, "notice.turned.down")}
				}
				all := []Notice{s.toOwner(c, before.Facts[factOffer], "notice.offer.back")}
				if who.ID != before.Owner { // a clerk, since who was asked is going
					all = append(all, s.toOwner(c, before.Owner, "notice.turned.down"))
				}
				return all
			},
			move: endOffer,
		}, nil
	})
}

func endOffer(m *Move) {
	m.note(map[string]string{factOffer: "", factOfferName: ""})
	m.Timers = append(m.Timers, Timer{Kind: DueOffer})
}

// offerOver ends an offer that nobody has answered.
func (s *Service) offerOver(ctx context.Context, t DueTimer) error {
	_, err := s.change(ctx, access.System, t.Case, OpOfferOver, Seen{}, func(before Case) (edit, error) {
		return edit{
			detail: map[string]string{"to": before.Facts[factOffer]},
			notices: func(c Case) []Notice {
				return []Notice{s.toOwner(c, before.Owner, "notice.offer.over"), s.toRole(c, access.Clerk, "notice.offer.over")}
			},
			move: func(m *Move) {
				m.Fired = &t.Timer
				m.note(map[string]string{factOffer: "", factOfferName: ""})
			},
		}, nil
	})
	return err
}

// Next claims the best case that waits in the mediator's territories: the most
// urgent, among these the oldest. The error is of kind NotFound when none waits.
func (s *Service) Next(ctx context.Context, who access.Actor, seen Seen) (Case, error) {
	if err := who.Require(access.ClaimCase); err != nil {
		return Case{}, err
	}
	const most = 50
	waiting, err := s.Queue(ctx, who, most)
	if err != nil {
		return Case{}, err
	}
	for _, c := range waiting {
		if !may(who, c, OpClaim) {
			continue
		}
		got, err := s.Claim(ctx, who, c.ID, seen)
		switch fault.Of(err) {
		case fault.Conflict, fault.NotFound: // somebody was faster: the next one
			continue
		default:
			return got, err
		}
	}
	return Case{}, ErrNoneWaits
}
