package dispute

import (
	"slices"
	"time"

	"github.com/anjie-desk/anjie/bot/place"
)

// TimerKind names a deadline.
type TimerKind string

// The deadlines that run today.
const (
	DueReview  TimerKind = "review"  // accept or send elsewhere
	DueClaim   TimerKind = "claim"   // somebody must claim it
	DueExpiry  TimerKind = "expiry"  // the lease is about to run out
	DueLease   TimerKind = "lease"   // the lease runs out
	DueConsult TimerKind = "consult" // the other party must have been asked
	DueSettle  TimerKind = "settle"  // mediation must have come to an end
	DueOffer   TimerKind = "offer"   // the mediator asked to take the case over must have answered
	DueObject  TimerKind = "object"  // a party's objection to the mediator must have been decided on
	DueLink    TimerKind = "link"    // a merged case must stand in the other one's file
	DueNext    TimerKind = "next"    // the desk itself takes the case on: all have signed, all is performed
	DueSoon    TimerKind = "soon"    // something agreed is due in a few days
	DueStep    TimerKind = "step"    // … today
	DueLate    TimerKind = "late"    // … and was not recorded as done
	DueConfirm TimerKind = "confirm" // the days in which a court may be asked to confirm run out
	DueVisit   TimerKind = "visit"   // follow-up visit after the performance
	DueVisit30 TimerKind = "visit30" // follow-up visit some time after the agreement
	DueAnswer  TimerKind = "answer"  // a party was dissatisfied: the centre must look at it
	DueArchive TimerKind = "archive" // a closed case's dossier must be complete
)

// TimerKinds lists every kind.
var TimerKinds = []TimerKind{
	DueReview, DueClaim, DueExpiry, DueLease, DueConsult, DueSettle, DueOffer, DueObject, DueLink, DueNext, DueSoon, DueStep, DueLate,
	DueConfirm, DueVisit, DueVisit30, DueAnswer, DueArchive, DueMeetDay, DueMeetHour, DueTell,
}

// Deadlines are the times of DOMAIN §1. Days are working days unless the name
// says otherwise; a zero field means the default beside it.
type Deadlines struct {
	Review     int           // accept or send elsewhere: 1
	Claim      int           // claim by a mediator, then again for each reminder: 1
	Urgent     time.Duration // claim of an emergency: 1 hour
	Consult    int           // ask the other party: 3
	Settle     int           // calendar days from acceptance to the end of mediation: 30
	SettleOf   map[string]int
	Overdue    int // between reminders that mediation is overdue: 3
	Lease      int // how long a claim lasts: 3 (人民法院在线调解规则 12)
	ExpirySoon int // reminder before a lease runs out: 1
	Offer      int // answer to a transfer: 2
	Object     int // decision on a mediator whom a party doesn't want: 2 (人民法院在线调解规则 10)
	Shelve     int // calendar days that an archived case stays at hand: 30
	Keep       int // years that a case with an agreement is kept: 3 (民法典 188)
	MostLonger int // calendar days that mediation may be extended to from now: 180
	Soon       int // calendar days before something agreed is due, to remind of it: 3
	Confirm    int // calendar days in which judicial confirmation may be applied for: 30 (人民调解法 33)
	Visit      int // calendar days from the end of the performance to the visit: 3
	Visit30    int // calendar days from the agreement to the second visit: 30
	Answer     int // look at a party's dissatisfaction: 2
	Archive    int // complete the dossier after the close: 10
}

func (d Deadlines) complete() Deadlines {
	days := func(n *int, def int) {
		if *n == 0 {
			*n = def
		}
	}
	span := func(t *time.Duration, def time.Duration) {
		if *t == 0 {
			*t = def
		}
	}
	days(&d.Review, 1)
	days(&d.Claim, 1)
	days(&d.Consult, 3)
	days(&d.Settle, 30)
	days(&d.Overdue, 3)
	days(&d.Lease, 3)
	days(&d.ExpirySoon, 1)
	days(&d.Offer, 2)
	days(&d.Object, 2)
	days(&d.MostLonger, 180)
	days(&d.Soon, 3)
	days(&d.Confirm, 30)
	days(&d.Visit, 3)
	days(&d.Visit30, 30)
	days(&d.Answer, 2)
	days(&d.Archive, 10)
	days(&d.Shelve, 30)
	days(&d.Keep, 3)
	span(&d.Urgent, time.Hour)
	if d.SettleOf == nil {
		// 劳动争议调解仲裁法 14: after 15 days without agreement a party may go to arbitration.
		d.SettleOf = map[string]int{"labour": 15}
	}
	return d
}

func (d Deadlines) settleDays(category string) int {
	if n, ok := d.SettleOf[category]; ok {
		return n
	}
	return d.Settle
}

// calendar counts in working days.
type calendar struct{ holidays place.Holidays }

// closing is when offices close.
const closing = 17

// after is n working days after t, at the same time of day: something due in
// one working day and said on a Friday afternoon is due on Monday afternoon.
// What is said on a day off has whole working days, to the end of office hours:
// said on a Sunday morning, it is due on Monday at five.
func (c calendar) after(t time.Time, n int) time.Time {
	if n > 0 && !c.holidays.Works(t) {
		y, m, d := t.In(shanghai).Date()
		t = time.Date(y, m, d, closing, 0, 0, 0, shanghai)
	}
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if c.holidays.Works(t) {
			n--
		}
	}
	return t
}

// entering lists the timers to set and to cancel when a case comes to a state.
// The time to settle runs from the acceptance through all work; what isn't
// work any more has no deadlines here.
func (s *Service) entering(to State, c Case, now time.Time) []Timer {
	d := s.opt.Deadlines
	var set []Timer
	switch to {
	case Submitted:
		set = []Timer{{Kind: DueReview, At: s.soonest(c.Priority, now, d.Review)}}
	case Accepted:
		set = []Timer{{Kind: DueClaim, At: s.soonest(c.Priority, now, d.Claim)}, s.settleBy(c, now)}
	case Claimed:
		set = append(s.leased(now), s.settleBy(c, now))
	case Consulting:
		set = []Timer{{Kind: DueConsult, At: s.cal.after(now, d.Consult)}, s.settleBy(c, now)}
	case Mediating:
		set = []Timer{s.settleBy(c, now)}
	case Closed:
		set = append(kept(c, to), Timer{Kind: DueArchive, At: s.cal.after(now, d.Archive)})
	case Performing, Performed, Failed, Withdrawn:
		set = kept(c, to)
	case Paused, Agreed, Declined, Referred, Merged, Archived:
	}
	return withCancelled(append(set, meetingTimers(to, c)...), c, to)
}

// leased is when a lease that begins now runs out, and when its mediator is
// reminded of that.
func (s *Service) leased(now time.Time) []Timer {
	d := s.opt.Deadlines
	return []Timer{{Kind: DueLease, At: s.cal.after(now, d.Lease)}, {Kind: DueExpiry, At: s.cal.after(now, d.Lease-d.ExpirySoon)}}
}

// standingDeadlines are those that go on while a case moves within the work on it.
var standingDeadlines = []TimerKind{DueOffer, DueObject}

// withCancelled adds the cancelling of every timer of c that isn't set anew and
// doesn't go on in the state that the case comes to.
func withCancelled(set []Timer, c Case, to State) []Timer {
	goesOn := to != Paused && slices.Contains(working, to)
	for _, t := range c.Timers {
		if goesOn && slices.Contains(standingDeadlines, t.Kind) {
			continue
		}
		if _, kept := timer(set, t.Kind); !kept {
			set = append(set, Timer{Kind: t.Kind})
		}
	}
	return set
}

func timer(all []Timer, kind TimerKind) (Timer, bool) {
	for _, t := range all {
		if t.Kind == kind {
			return t, true
		}
	}
	return Timer{}, false
}

// soonest is when somebody must have looked at a case: an emergency within the
// hour (DOMAIN §1), anything else in so many working days.
func (s *Service) soonest(p Priority, now time.Time, days int) time.Time {
	if p == Emergency {
		return now.Add(s.opt.Deadlines.Urgent)
	}
	return s.cal.after(now, days)
}

// settleBy keeps the day that mediation must end by, once it is set.
func (s *Service) settleBy(c Case, now time.Time) Timer {
	if t, ok := timer(c.Timers, DueSettle); ok {
		return t
	}
	if t, ok := left(c, DueSettle, now); ok { // put back from a pause
		return t
	}
	return Timer{Kind: DueSettle, At: now.AddDate(0, 0, s.opt.Deadlines.settleDays(c.Category))}
}
