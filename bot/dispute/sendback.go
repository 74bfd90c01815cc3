package dispute

import (
	"context"
	"slices"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
)

// The operations by which a case that waits at the centre goes back to its
// village. The village takes it by claiming it ([OpClaim]); until then it
// stays in the centre's queue.
const (
	OpSendBack Op = "send_back" // 中心交回村居
	OpTurnBack Op = "turn_back" // 村居不接，退回中心
)

// factBack is the village that was asked to take a case of the centre.
const factBack = "back_to"

// ErrNoDuty says that a village has nobody on duty who could take a case.
var ErrNoDuty = fault.New(fault.Conflict, "nobody is on duty there")

// SentBackTo is the village that was asked to take a case of the centre, "" if
// none was.
func (c Case) SentBackTo() string { return c.Facts[factBack] }

// SendBack asks the mediators of a village to take a case that waits at the
// centre: as when somebody there is on duty again. The error is [ErrNoDuty] if
// nobody is.
func (s *Service) SendBack(ctx context.Context, who access.Actor, id CaseID, village, reason string, seen Seen) (Case, error) {
	if village == place.Centre || !s.reg.Takes(village) {
		return Case{}, fault.New(fault.Invalid, "send back: no such village")
	}
	if err := bounded("reason", reason); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpSendBack, seen, func(before Case) (edit, error) {
		if before.Territory != place.Centre {
			return edit{}, fault.New(fault.Invalid, "send back: it isn't at the centre")
		}
		if s.opt.Duty != nil {
			on, err := s.opt.Duty.OnDuty(ctx, village)
			if err != nil {
				return edit{}, err
			}
			if !on {
				return edit{}, ErrNoDuty
			}
		}
		return edit{
			text: reason, detail: map[string]string{"village": village},
			notices: func(c Case) []Notice {
				return with([]Notice{{To: "territory:" + village, Key: "notice.back", Data: s.dataOf(c)}}, map[string]string{"village": s.reg.Label(village)})
			},
			move: func(m *Move) { m.note(map[string]string{factBack: village}) },
		}, nil
	})
}

// TurnBack has a village that was asked not take the case, with the reason: it
// waits on at the centre, and the clerks are told.
func (s *Service) TurnBack(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	if err := required("reason", reason); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpTurnBack, seen, func(before Case) (edit, error) {
		village := before.SentBackTo()
		return edit{
			text: reason, detail: map[string]string{"village": village},
			notices: func(c Case) []Notice {
				return with([]Notice{s.toRole(c, access.Clerk, "notice.turned.back")}, map[string]string{"village": s.reg.Label(village)})
			},
			move: func(m *Move) { m.note(map[string]string{factBack: ""}) },
		}, nil
	})
}

// asked tells whether who mediates for the village that was asked to take the
// case.
func (c Case) asked(who access.Actor) bool {
	return c.SentBackTo() != "" && slices.Contains(who.Territories, c.SentBackTo())
}

// home has a claim by a mediator of the village that was asked bring the case
// there; by anybody else it ends the asking.
func (m *Move) home(c Case, who access.Actor) {
	if c.SentBackTo() == "" {
		return
	}
	m.note(map[string]string{factBack: ""})
	if c.asked(who) {
		m.Territory = c.SentBackTo()
		m.note(map[string]string{factVillage: "", factGrid: ""})
		m.Event.Detail = map[string]string{"village": m.Territory}
	}
}

// sentBack lists the cases of the centre that villages of who are asked to take.
func (s *Service) sentBack(ctx context.Context, who access.Actor) ([]Case, error) {
	if len(who.Territories) == 0 || slices.Contains(who.Territories, place.Centre) || !who.May(access.ClaimCase) {
		return nil, nil
	}
	const most = 200
	cases, _, err := s.store.Cases(ctx, Filter{Territory: []string{place.Centre}, State: []State{Accepted}, Limit: most})
	return slices.DeleteFunc(cases, func(c Case) bool { return !c.asked(who) }), err
}
