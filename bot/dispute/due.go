package dispute

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/anjie-desk/anjie/bot/access"
)

// dueBatch is how many timers are taken at once.
const dueBatch = 100

// TickDue does what deadlines that have passed ask for, and returns how many
// it handled. It may run on every replica at once: a timer is handled once.
// One that fails is logged and comes again a minute later.
func (s *Service) TickDue(ctx context.Context) (int, error) {
	handled := 0
	for ctx.Err() == nil {
		due, err := s.store.Due(ctx, dueBatch)
		if err != nil {
			return handled, fmt.Errorf("due timers: %w", err)
		}
		for _, t := range due {
			switch err := s.fire(ctx, t); {
			case err == nil:
				handled++
			case errors.Is(err, ErrGone) || errors.Is(err, ErrMove):
				// the case moved on while the timer was on its way
			default:
				s.opt.Log.ErrorContext(ctx, "deadline not handled", "case", t.Case, "kind", t.Kind, "err", err)
			}
		}
		if len(due) < dueBatch {
			return handled, nil
		}
	}
	return handled, nil
}

func (s *Service) fire(ctx context.Context, t DueTimer) error {
	switch t.Kind { //nolint:exhaustive // the others remind people
	case DueLease:
		return s.lapse(ctx, t)
	case DueOffer:
		return s.offerOver(ctx, t)
	case DueLink:
		return s.link(ctx, t.Case, &t.Timer)
	case DueNext:
		return s.carryOn(ctx, t)
	case DueSoon, DueStep, DueLate, DueConfirm, DueVisit, DueVisit30, DueAnswer, DueArchive:
		return s.remindLater(ctx, t)
	}
	if ofMeeting(t.Kind) {
		return s.remindOfMeeting(ctx, t)
	}
	return s.remind(ctx, t)
}

// remind tells those whom a deadline concerns, the higher the longer it is
// past, and sets it to come round again.
func (s *Service) remind(ctx context.Context, t DueTimer) error {
	_, err := s.change(ctx, access.System, t.Case, OpRemind, Seen{}, func(before Case) (edit, error) {
		level := strconv.Itoa(t.N + 1)
		return edit{
			detail: map[string]string{"deadline": string(t.Kind), "level": level},
			notices: func(c Case) []Notice {
				return with(s.reminders(t, c), map[string]string{"level": level, "state": string(c.State), "deadline": string(t.Kind)})
			},
			move: func(m *Move) {
				m.Fired = &t.Timer
				m.Timers = s.again(t, before, m)
			},
		}, nil
	})
	return err
}

// again is when a reminder comes round: each hour for an emergency until
// somebody has acknowledged it, each working day for what nobody has taken up,
// every few for what is under way, never for a lease's end, which is a timer of
// its own.
func (s *Service) again(t DueTimer, c Case, m *Move) []Timer {
	days := s.opt.Deadlines.Overdue
	switch t.Kind { //nolint:exhaustive // see remindLater
	case DueExpiry:
		return nil
	case DueTell:
		if t.N+1 >= mostTellRounds || !c.HasUntold() {
			return nil
		}
		days = 1
	case DueReview, DueClaim:
		if c.awaits(OpAck) {
			return []Timer{{Kind: t.Kind, At: m.Event.At.Add(s.opt.Deadlines.Urgent), N: t.N + 1}}
		}
		days = s.opt.Deadlines.Claim
	case DueConsult, DueObject:
		days = s.opt.Deadlines.Claim
	case DueSettle, DueLease, DueOffer, DueLink:
	}
	return []Timer{{Kind: t.Kind, At: s.cal.after(m.Event.At, days), N: t.N + 1}}
}

// reminders says whom a deadline that has passed is told to: first those who
// should act, the second time the clerks too, from then on the director. An
// emergency goes to all of them at once.
func (s *Service) reminders(t DueTimer, c Case) []Notice {
	var all []Notice
	level, key := t.N, "notice.overdue"
	switch t.Kind { //nolint:exhaustive // see remindLater
	case DueExpiry:
		return []Notice{s.toOwner(c, c.Owner, "notice.expiring")}
	case DueTell:
		return s.telling(t, c)
	case DueReview:
		level, key = level+1, "notice.unreviewed" // it is the clerk's own work
	case DueClaim:
		level, key = level+1, "notice.escalated"
		all = append(all, Notice{To: "territory:" + c.Territory, Key: "notice.escalated", Data: s.dataOf(c)})
	case DueObject:
		level, key = level+1, "notice.undecided"
	case DueConsult, DueSettle, DueLease, DueOffer, DueLink:
		all = append(all, s.toOwner(c, c.Owner, "notice.overdue"))
	}
	if c.awaits(OpAck) {
		level = max(level, 2)
	}
	if level >= 1 {
		all = append(all, s.toRole(c, access.Clerk, key))
	}
	if level >= 2 {
		all = append(all, s.toRole(c, access.Director, "notice.escalated"))
	}
	return all
}
