package dispute

import (
	"context"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Acknowledge records that somebody knows of an emergency: until then it is
// told again every hour.
func (s *Service) Acknowledge(ctx context.Context, who access.Actor, id CaseID, seen Seen) (Case, error) {
	return s.change(ctx, who, id, OpAck, seen, func(before Case) (edit, error) {
		return edit{move: func(m *Move) {
			m.note(map[string]string{factAcked: who.ID})
			for _, kind := range []TimerKind{DueReview, DueClaim} {
				if t, ok := timer(before.Timers, kind); ok {
					m.Timers = append(m.Timers, Timer{Kind: kind, At: s.cal.after(m.Event.At, s.opt.Deadlines.Claim), N: t.N})
				}
			}
		}}, nil
	})
}

// Rate changes how urgent a case is, with the reason, which staff read.
func (s *Service) Rate(ctx context.Context, who access.Actor, id CaseID, p Priority, why string, seen Seen) (Case, error) {
	if p < Emergency || p > Normal {
		return Case{}, fault.New(fault.Invalid, "rate: no such urgency")
	}
	if err := required("reason", why); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpRate, seen, func(before Case) (edit, error) {
		if before.Priority == p {
			return edit{}, fault.New(fault.Invalid, "rate: it is that urgent already")
		}
		return edit{
			text: why,
			notices: func(c Case) []Notice {
				if p == Emergency && c.Owner == "" {
					return s.toTerritory(c, "notice.new")
				}
				if c.Owner != who.ID {
					return []Notice{s.toOwner(c, c.Owner, "notice.rated")}
				}
				return nil
			},
			move: func(m *Move) { s.rerate(m, before, p) },
		}, nil
	})
}

// rerate sets priority, place in the queue and, for a new emergency, the hour.
func (s *Service) rerate(m *Move, before Case, p Priority) {
	m.Priority = &p
	m.note(map[string]string{factUrgency: "", factAcked: ""})
	if before.State == Accepted {
		m.Queue = Enqueue
	}
	if p != Emergency {
		return
	}
	for _, kind := range []TimerKind{DueReview, DueClaim} {
		if _, ok := timer(before.Timers, kind); ok {
			m.Timers = append(m.Timers, Timer{Kind: kind, At: m.Event.At.Add(s.opt.Deadlines.Urgent)})
		}
	}
}
