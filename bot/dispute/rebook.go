package dispute

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
)

// handing is change for an operation that gives a case to another mediator, to
// by account id, or back to the queue, to "". A meeting booked for later goes
// with it if the new mediator is free then, and both sides are told that it
// stands; else it is called off, and they are told that they will be asked anew.
func (s *Service) handing(
	ctx context.Context, who access.Actor, id CaseID, op Op, seen Seen, to string, build func(Case) (edit, error),
) (Case, error) {
	c, err := s.store.Case(ctx, id, false)
	if err != nil {
		return s.excuse(ctx, who, id, op, seen, err)
	}
	if b, ok := Booked(c); !ok || !b.At.After(s.now()) {
		return s.change(ctx, who, id, op, seen, build)
	}
	after, err := s.amend(ctx, who, id, op, seen, func(now Case) (edit, error) {
		if err := s.judge(who, now, op, seen); err != nil {
			return edit{}, err // before anything is set aside
		}
		e, err := build(now)
		if err != nil {
			return e, err
		}
		return e, s.rebook(ctx, now, &e, to)
	})
	if err == nil && c.Owner != "" && c.Owner != to { // the old mediator's hour is free again
		if rerr := s.store.Reserve(ctx, c.Owner, id, time.Time{}, time.Time{}); rerr != nil {
			s.opt.Log.WarnContext(ctx, "time of a meeting not given up", "case", id, "err", rerr)
		}
	}
	return after, err
}

// rebook adds to an edit by which a case goes to another mediator what that
// means for its booked meeting.
func (s *Service) rebook(ctx context.Context, c Case, e *edit, to string) error {
	m, err := MeetingsOf(c)
	if err != nil || m.Booked == nil || !m.Booked.At.After(s.now()) {
		return err
	}
	sl := m.Booked.Slot
	kept, err := s.moves(ctx, c.ID, to, sl)
	if err != nil {
		return err
	}
	what := "stands"
	if !kept {
		what = "moved"
		m.PutOff = append(m.PutOff, PutOff{Slot: sl, By: "desk", When: s.now()})
		m.Booked = nil
		then := e.move
		e.move = func(mv *Move) {
			if then != nil {
				then(mv)
			}
			mv.note(meetFacts(nil))
			mv.Timers = over(mv.Timers, remindersOf(nil, mv.Event.At))
		}
	}
	told := e.notices
	e.notices = func(after Case) []Notice {
		var all []Notice
		if told != nil {
			all = told(after)
		}
		return append(all, s.rebooked(after, what, sl)...)
	}
	return meetingsPaper.put(e, m)
}

// moves sets a meeting's time aside for another mediator, and tells whether they
// were free; nobody never is.
func (s *Service) moves(ctx context.Context, id CaseID, to string, sl Slot) (bool, error) {
	if to == "" {
		return false, nil
	}
	err := s.free(ctx, to, id, sl)
	if err == nil {
		err = s.store.Reserve(ctx, to, id, sl.At, sl.End())
	}
	if errors.Is(err, ErrBusy) {
		return false, nil
	}
	return err == nil, err
}

// rebooked tells both sides and the new mediator that a meeting stands, or is off.
func (s *Service) rebooked(after Case, what string, sl Slot) []Notice {
	after.Facts = maps.Clone(after.Facts)
	after.Facts[factMeetAt] = strconv.FormatInt(sl.At.UnixMilli(), 10) // which one it was
	after.Facts[factMeetWhere] = string(sl.Where)
	return s.meetNotices(after, what, "", true)
}
