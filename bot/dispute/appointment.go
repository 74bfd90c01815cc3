package dispute

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// The sides of a case: its reporter, its other parties by number, and, where
// nobody was invited by a link, whoever the other side is.
const (
	SideReporter = "reporter"
	SideOther    = "other"
)

// Meetings is the paper with a case's appointments.
type Meetings struct {
	Offered []Offer   `json:"offered,omitempty"`
	Booked  *Booking  `json:"booked,omitempty"`
	PutOff  []PutOff  `json:"put_off,omitempty"`
	Held    []Session `json:"held,omitempty"`
}

// Offer is a time that waits to be chosen.
type Offer struct {
	Slot
	Picked []string `json:"picked,omitempty"` // sides whom it suits
}

// Booking is the time that was settled on.
type Booking struct {
	Slot
	Made    time.Time            `json:"made"`
	Present map[string]time.Time `json:"present,omitempty"` // side → when it confirmed who it is and knows its rights
	Tries   map[string]int       `json:"tries,omitempty"`   // wrong names and numbers
}

// PutOff is a meeting that didn't take place at its time.
type PutOff struct {
	Slot
	By     string    `json:"by"` // side, or "desk"
	Reason string    `json:"reason"`
	When   time.Time `json:"when"`
}

const meetingsPaper paper[Meetings] = "meetings"

// MeetingsOf reads the appointments from a case that was read with personal data.
func MeetingsOf(c Case) (Meetings, error) { return meetingsPaper.of(c) }

// SidesOf lists who has to be asked for a time. Who refuses is asked no more.
func SidesOf(p People) []string {
	sides := []string{SideReporter}
	for _, o := range p.Present() {
		if o.Willing != SaysNo {
			sides = append(sides, strconv.Itoa(o.N))
		}
	}
	if len(p.Present()) == 0 {
		sides = append(sides, SideOther)
	}
	return sides
}

// sideOf is the side that an actor is of, "" for the staff.
func sideOf(who access.Actor, c Case) string {
	if n := partyNo(who, c); n != 0 {
		return strconv.Itoa(n)
	}
	if who.ID != "" && who.ID == c.Reporter {
		return SideReporter
	}
	return ""
}

// agenda is the case's two papers that an operation on appointments needs.
type agenda struct {
	people People
	meet   Meetings
	side   string // of who acts
}

// onMeetings does an operation that changes the paper of appointments.
func (s *Service) onMeetings(
	ctx context.Context, who access.Actor, id CaseID, op Op, seen Seen, do func(c Case, a *agenda) (edit, error),
) (Case, error) {
	return s.amend(ctx, who, id, op, seen, func(c Case) (edit, error) {
		if err := s.judge(who, c, op, seen); err != nil {
			return edit{}, err // before anything is set aside for them
		}
		p, err1 := PeopleOf(c)
		m, err2 := MeetingsOf(c)
		if err := errors.Join(err1, err2); err != nil {
			return edit{}, err
		}
		a := agenda{p, m, sideOf(who, c)}
		e, err := do(c, &a)
		if err != nil {
			return edit{}, err
		}
		return e, meetingsPaper.put(&e, a.meet)
	})
}

// OfferTimes offers times to the parties, in place of those offered before. One
// at which the mediator already has a meeting is [ErrBusy].
func (s *Service) OfferTimes(ctx context.Context, who access.Actor, id CaseID, slots []Slot, seen Seen) (Case, error) {
	now := s.now()
	if len(slots) == 0 || len(slots) > mostSlots {
		return Case{}, fmt.Errorf("%w: %d times, at least one and at most %d are offered", ErrSlot, len(slots), mostSlots)
	}
	var offers []Offer
	for _, sl := range slots {
		if err := sl.check(now); err != nil {
			return Case{}, err
		}
		sl.ID = newSlotID()
		offers = append(offers, Offer{Slot: sl})
	}
	slices.SortFunc(offers, func(a, b Offer) int { return a.At.Compare(b.At) })
	return s.onMeetings(ctx, who, id, OpTimes, seen, func(c Case, a *agenda) (edit, error) {
		if a.meet.Booked != nil {
			return edit{}, ErrBooked
		}
		for _, o := range offers {
			if c.Report.betrays(o.Place) {
				return edit{}, ErrMatter
			}
			if err := s.free(ctx, c.Owner, c.ID, o.Slot); err != nil {
				return edit{}, err
			}
		}
		a.meet.Offered = offers
		return edit{
			detail: map[string]string{"times": strconv.Itoa(len(offers))},
			notices: func(c Case) []Notice {
				return append([]Notice{s.toReporter(c, "notice.meeting.offered")}, s.toSeats(c, "notice.seat.offered")...)
			},
		}, nil
	})
}

// free finds whether a mediator has a meeting on another case at the time of sl.
func (s *Service) free(ctx context.Context, mediator string, id CaseID, sl Slot) error {
	if mediator == "" {
		return nil
	}
	theirs, _, err := s.store.Cases(ctx, Filter{Owner: mediator, State: open, Limit: 500})
	if err != nil {
		return err
	}
	for _, other := range theirs {
		if b, ok := Booked(other); ok && other.ID != id && b.overlaps(sl.At, sl.Minutes) {
			return ErrBusy
		}
	}
	return nil
}

// PickTimes says which of the times offered suit a side, in place of what it
// said before; none at all tells the mediator so. For staff, side is whose
// answer they record, told by telephone; for others it is their own. What suits
// every side is booked, the earliest first.
func (s *Service) PickTimes(ctx context.Context, who access.Actor, id CaseID, side string, slots []string, seen Seen) (Case, error) {
	return s.onMeetings(ctx, who, id, OpPick, seen, func(c Case, a *agenda) (edit, error) {
		if a.side != "" {
			side = a.side
		}
		if !slices.Contains(SidesOf(a.people), side) {
			return edit{}, fault.New(fault.Invalid, "pick: no such side")
		}
		a.pick(side, slots)
		e := edit{detail: map[string]string{"side": side, "times": strconv.Itoa(len(slots))}}
		for _, o := range a.meet.Offered {
			if o.At.After(s.now()) && a.suitsAll(o) {
				return s.settle(ctx, who, c, a, o.Slot, e)
			}
		}
		key := "notice.meeting.picked"
		if len(slots) == 0 {
			key = "notice.meeting.none"
		}
		if a.side != "" {
			e.notices = func(c Case) []Notice { return []Notice{s.toOwner(c, c.Owner, key)} }
		}
		return e, nil
	})
}

func (a *agenda) pick(side string, slots []string) {
	for i := range a.meet.Offered {
		o := &a.meet.Offered[i]
		o.Picked = slices.DeleteFunc(slices.Clone(o.Picked), func(s string) bool { return s == side })
		if slices.Contains(slots, o.ID) {
			o.Picked = append(o.Picked, side)
		}
	}
}

func (a *agenda) suitsAll(o Offer) bool {
	for _, side := range SidesOf(a.people) {
		if !slices.Contains(o.Picked, side) {
			return false
		}
	}
	return true
}

// settle books a time: it is set aside for the mediator first, so that no other
// case takes it in the same moment, and the move that follows makes it good.
func (s *Service) settle(ctx context.Context, who access.Actor, c Case, a *agenda, sl Slot, e edit) (edit, error) {
	if err := s.free(ctx, c.Owner, c.ID, sl); err != nil {
		return edit{}, err
	}
	if err := s.store.Reserve(ctx, c.Owner, c.ID, sl.At, sl.End()); err != nil {
		return edit{}, err
	}
	now := s.now()
	a.meet.Booked, a.meet.Offered = &Booking{Slot: sl, Made: now}, nil
	e.detail["at"] = sl.At.Format(time.RFC3339)
	e.detail["where"] = string(sl.Where)
	e.move = func(m *Move) {
		m.note(meetFacts(&sl))
		m.Timers = append(m.Timers, remindersOf(&sl, now)...)
	}
	e.notices = func(c Case) []Notice { return s.meetNotices(c, "booked", sideOf(who, c), c.Owner != who.ID) }
	return e, nil
}

// BookTime settles on a time, one that was offered (by its ID) or another. For
// when the mediator has spoken to both sides.
func (s *Service) BookTime(ctx context.Context, who access.Actor, id CaseID, sl Slot, seen Seen) (Case, error) {
	if sl.ID == "" {
		if err := sl.check(s.now()); err != nil {
			return Case{}, err
		}
	}
	return s.onMeetings(ctx, who, id, OpBook, seen, func(c Case, a *agenda) (edit, error) {
		if a.meet.Booked != nil {
			return edit{}, ErrBooked
		}
		book := sl
		if sl.ID == "" {
			if book.ID = newSlotID(); c.Report.betrays(book.Place) {
				return edit{}, ErrMatter
			}
		} else {
			i := slices.IndexFunc(a.meet.Offered, func(o Offer) bool { return o.ID == sl.ID })
			if i < 0 || !a.meet.Offered[i].At.After(s.now()) {
				return edit{}, ErrSlot
			}
			book = a.meet.Offered[i].Slot
		}
		return s.settle(ctx, who, c, a, book, edit{detail: map[string]string{}, spoken: sl.ID == ""})
	})
}

// PutOffMeeting takes a booked meeting off, with the reason, which the other
// side doesn't read. The mediator then offers other times.
func (s *Service) PutOffMeeting(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	if err := required("reason", reason); err != nil {
		return Case{}, err
	}
	return s.givingUp(ctx, id)(s.onMeetings(ctx, who, id, OpPutOff, seen, func(c Case, a *agenda) (edit, error) {
		if a.meet.Booked == nil {
			return edit{}, ErrNoMeeting
		}
		off, by := a.meet.Booked.Slot, a.side
		if by == "" {
			by = "desk"
		}
		a.meet.PutOff = append(a.meet.PutOff, PutOff{Slot: off, By: by, Reason: reason, When: s.now()})
		a.meet.Booked = nil
		return edit{
			text: reason, detail: map[string]string{"side": by, "at": off.At.Format(time.RFC3339)},
			move: func(m *Move) {
				m.note(meetFacts(nil))
				m.Timers = append(m.Timers, remindersOf(nil, s.now())...)
			},
			notices: func(after Case) []Notice {
				after.Facts[factMeetAt] = strconv.FormatInt(off.At.UnixMilli(), 10) // which one it was
				return s.meetNotices(after, "off", a.side, c.Owner != who.ID)
			},
		}, nil
	}))
}

// givingUp frees the time that was set aside for a case without a meeting. That
// it stays set aside when this fails costs the mediator no more than a minute.
func (s *Service) givingUp(ctx context.Context, id CaseID) func(Case, error) (Case, error) {
	return func(c Case, err error) (Case, error) {
		if _, booked := Booked(c); err == nil && !booked && c.Owner != "" {
			if rerr := s.store.Reserve(ctx, c.Owner, id, time.Time{}, time.Time{}); rerr != nil {
				s.opt.Log.WarnContext(ctx, "time of a meeting not given up", "case", id, "err", rerr)
			}
		}
		return c, err
	}
}

// meetNotices tells every side but the one who did it, and the mediator if
// staff is set, of the case's meeting. What is a key of meetKeys.
func (s *Service) meetNotices(c Case, what, by string, staff bool) []Notice {
	var all []Notice
	if by != SideReporter || what == "booked" {
		all = append(all, s.toReporter(c, meetKeys[what][0]))
	}
	for _, n := range s.toSeats(c, meetKeys[what][1]) {
		if what == "booked" || by == "" || n.To != c.Facts[seatFact+by] {
			all = append(all, n)
		}
	}
	if staff {
		all = append(all, s.toOwner(c, c.Owner, meetKeys[what][2]))
	}
	data := map[string]string{"where": c.Facts[factMeetWhere]}
	if b, ok := Booked(c); ok {
		for k, v := range moment("meet", b.At) {
			data[k] = v
		}
	}
	return with(all, data)
}

// meetKeys are the texts of notices about a meeting: to the reporter, to other
// parties, to the mediator.
var meetKeys = map[string][3]string{
	"booked": {"notice.meeting.booked", "notice.seat.booked", "notice.meeting.staff.booked"},
	"off":    {"notice.meeting.off", "notice.seat.off", "notice.meeting.staff.off"},
	"stands": {"notice.meeting.stands", "notice.seat.stands", "notice.meeting.staff.stands"},
	"moved":  {"notice.meeting.off", "notice.seat.off", "notice.meeting.staff.moved"},
	"day":    {"notice.meeting.day", "notice.seat.day", "notice.meeting.staff.day"},
	"hour":   {"notice.meeting.hour", "notice.seat.hour", "notice.meeting.staff.hour"},
}

// remindOfMeeting tells everybody of a meeting that is a day or an hour off.
func (s *Service) remindOfMeeting(ctx context.Context, t DueTimer) error {
	what := "day"
	if t.Kind == DueMeetHour {
		what = "hour"
	}
	_, err := s.change(ctx, access.System, t.Case, OpRemind, Seen{}, func(Case) (edit, error) {
		return edit{
			detail:  map[string]string{"deadline": string(t.Kind)},
			notices: func(c Case) []Notice { return s.meetNotices(c, what, "", true) },
			move:    func(m *Move) { m.Fired, m.Unedited = &t.Timer, true },
		}, nil
	})
	return err
}
