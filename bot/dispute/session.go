package dispute

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Session is a mediation session that was held or was to be held: the fields of
// the 调解记录 (DOMAIN §2).
type Session struct {
	At      time.Time            `json:"at"`
	Minutes int                  `json:"minutes"`
	Where   Where                `json:"where"`
	Place   string               `json:"place,omitempty"`
	Came    []string             `json:"came,omitempty"`    // sides
	Missed  []string             `json:"missed,omitempty"`  // sides who were awaited and didn't come
	Also    string               `json:"also,omitempty"`    // who else took part
	Told    bool                 `json:"told,omitempty"`    // the parties were told their rights and duties
	Present map[string]time.Time `json:"present,omitempty"` // confirmed on line who they are
	About   string               `json:"about,omitempty"`   // 事由
	Said    string               `json:"said,omitempty"`    // 陈述
	Checked string               `json:"checked,omitempty"` // 核实
	Risk    string               `json:"risk,omitempty"`    // 风险告知
	Result  string               `json:"result,omitempty"`  // 结果或不成原因
	By      string               `json:"by"`                // the mediator's name
}

// factMissed counts a case's no-shows, all sides together.
const factMissed = "missed"

// RecordSession records that the parties met, or who didn't come. The booked
// meeting, if its time has come, is done with.
func (s *Service) RecordSession(ctx context.Context, who access.Actor, id CaseID, rec Session, seen Seen) (Case, error) {
	if err := rec.check(s.now()); err != nil {
		return Case{}, err
	}
	return s.givingUp(ctx, id)(s.onMeetings(ctx, who, id, OpMeet, seen, func(c Case, a *agenda) (edit, error) {
		all := SidesOf(a.people)
		for _, side := range slices.Concat(rec.Came, rec.Missed) {
			if !slices.Contains(all, side) {
				return edit{}, fault.New(fault.Invalid, "session: no such side")
			}
		}
		held := rec
		held.By = who.Name
		e := edit{text: rec.Result, detail: map[string]string{
			"came": strings.Join(rec.Came, ","), "missed": strings.Join(rec.Missed, ","), "at": rec.At.UTC().Format(time.RFC3339),
		}}
		facts := map[string]string{}
		if b := a.meet.Booked; b != nil && !b.At.After(s.now()) {
			held.Present = b.Present
			a.meet.Booked, facts = nil, meetFacts(nil)
		}
		if n := len(rec.Missed); n > 0 {
			before, _ := strconv.Atoi(c.Facts[factMissed]) // "" is none
			facts[factMissed] = strconv.Itoa(before + n)
		}
		a.meet.Held = append(a.meet.Held, held)
		done := a.meet.Booked == nil
		e.move = func(m *Move) {
			m.note(facts)
			if done {
				m.Timers = append(m.Timers, remindersOf(nil, s.now())...)
			}
		}
		return e, nil
	}))
}

func (rec Session) check(now time.Time) error {
	switch {
	case rec.At.IsZero() || rec.At.After(now) || rec.Minutes < 0 || rec.Minutes > mostLength || !slices.Contains(Wheres, rec.Where):
		return ErrSlot
	case len(rec.Came)+len(rec.Missed) == 0:
		return fault.New(fault.Invalid, "session: it isn't said who came")
	case slices.ContainsFunc(rec.Came, func(side string) bool { return slices.Contains(rec.Missed, side) }):
		return fault.New(fault.Invalid, "session: a side both came and didn't")
	}
	for what, text := range map[string]string{
		"place": rec.Place, "also": rec.Also, "about": rec.About, "said": rec.Said, "checked": rec.Checked, "risk": rec.Risk, "result": rec.Result,
	} {
		if err := bounded(what, text); err != nil {
			return err
		}
	}
	return nil
}

// Missed counts how often each side didn't come.
func (m Meetings) Missed() map[string]int {
	n := map[string]int{}
	for _, h := range m.Held {
		for _, side := range h.Missed {
			n[side]++
		}
	}
	return n
}

// Identity is what somebody says before a remote meeting to show who they are.
type Identity struct {
	Name   string
	Last4  string // of the telephone number that the mediator was told
	Rights bool   // they have read their rights and duties
}

const (
	presentFrom = 24 * time.Hour // before the meeting
	mostTries   = 5
)

// ConfirmPresence records that a side has said who it is and knows its rights,
// before a meeting by telephone or video; only then is it shown a video link.
// The error is [ErrIdentity] if name or number are others than the mediator was
// told, which is recorded too, [ErrTries] after five of them.
func (s *Service) ConfirmPresence(ctx context.Context, who access.Actor, id CaseID, as Identity, seen Seen) (Case, error) {
	if !as.Rights {
		return Case{}, fault.New(fault.Invalid, "presence: the rights were not read")
	}
	var known bool
	after, err := s.onMeetings(ctx, who, id, OpPresent, seen, func(c Case, a *agenda) (edit, error) {
		b := a.meet.Booked
		if b == nil || !b.mayConfirm(s.now()) {
			return edit{}, ErrNoMeeting
		}
		if b.Tries[a.side] >= mostTries {
			return edit{}, ErrTries
		}
		var result string
		known, result = a.knows(c, as)
		if known {
			b.Present = put(b.Present, a.side, s.now())
		} else {
			b.Tries = put(b.Tries, a.side, b.Tries[a.side]+1)
		}
		return edit{detail: map[string]string{"side": a.side, "identity": result}}, nil
	})
	if err == nil && !known {
		return Case{}, ErrIdentity
	}
	return after, err
}

func put[V any](m map[string]V, k string, v V) map[string]V {
	if m == nil {
		m = map[string]V{}
	}
	m[k] = v
	return m
}

func (b *Booking) mayConfirm(now time.Time) bool {
	return b.Where.Remote() && !now.Before(b.At.Add(-presentFrom)) && now.Before(b.End())
}

// knows compares what somebody says with what the mediator was told. A side
// whose number nobody was told can only be asked for the name.
func (a *agenda) knows(c Case, as Identity) (ok bool, result string) {
	name, phone := c.Report.Contact.Name, c.Report.Contact.Phone
	if n, err := strconv.Atoi(a.side); err == nil {
		if i := a.people.index(n); i >= 0 {
			name, phone = a.people.Others[i].Name, a.people.Others[i].Phone
		}
	}
	nameOK := name == "" || same(squeezed(name), squeezed(as.Name))
	digits := onlyDigits(phone)
	if len(digits) < 4 {
		return nameOK && as.Name != "", "name"
	}
	phoneOK := same(digits[len(digits)-4:], onlyDigits(as.Last4))
	if nameOK && phoneOK && as.Name != "" {
		return true, "name and number"
	}
	return false, "wrong"
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// Appointments is what one side may know of a case's meetings: nothing of who
// else can come when.
type Appointments struct {
	Case       CaseID
	Number     Number
	Version    int64
	Side       string
	Offered    []Choosable
	Chosen     bool  // this side has said which times suit
	Booked     *Slot // without the video link until this side has confirmed who it is
	Confirmed  time.Time
	MayConfirm bool // the time to confirm has come
	InHand     bool // a mediator works on it, so another can be asked for
	Objected   bool // another was asked for, and it isn't decided yet
	Held       []Session
}

// Choosable is a time that a side may choose.
type Choosable struct {
	Slot
	Mine bool // it suits this side
}

// Appointments reads a case's meetings for its reporter or an other party.
func (s *Service) Appointments(ctx context.Context, who access.Actor, id CaseID) (Appointments, error) {
	c, err := s.store.Case(ctx, id, true)
	if err == nil && sideOf(who, c) == "" {
		err = ErrNotFound
	}
	if err != nil {
		return Appointments{}, err
	}
	if err := s.noteRead(ctx, who, c); err != nil {
		return Appointments{}, err
	}
	return s.appointments(c, sideOf(who, c))
}

func (s *Service) appointments(c Case, side string) (Appointments, error) {
	m, err := MeetingsOf(c)
	if err != nil {
		return Appointments{}, err
	}
	v := Appointments{Case: c.ID, Number: c.Number, Version: c.Version, Side: side, InHand: slices.Contains(working, c.State), Objected: c.Facts[factObjected] != ""}
	for _, o := range m.Offered {
		if !o.At.After(s.now()) {
			continue
		}
		mine := slices.Contains(o.Picked, side)
		o.Link = ""
		v.Offered, v.Chosen = append(v.Offered, Choosable{o.Slot, mine}), v.Chosen || mine
	}
	for _, h := range m.Held {
		v.Held = append(v.Held, Session{At: h.At, Minutes: h.Minutes, Where: h.Where, Came: only(h.Came, side), Missed: only(h.Missed, side)})
	}
	if b := m.Booked; b != nil {
		sl := b.Slot
		v.Confirmed = b.Present[side]
		v.MayConfirm = v.Confirmed.IsZero() && b.mayConfirm(s.now())
		if v.Confirmed.IsZero() {
			sl.Link = ""
		}
		v.Booked = &sl
	}
	return v, nil
}

func only(sides []string, side string) []string {
	if slices.Contains(sides, side) {
		return []string{side}
	}
	return nil
}

// Week lists the booked meetings from one time to another, earliest first: a
// mediator's own, or all of the sub-district's for who manages cases.
func (s *Service) Week(ctx context.Context, who access.Actor, from, to time.Time) ([]Case, error) {
	if err := who.Require(access.SeeQueue); err != nil {
		return nil, err
	}
	f := Filter{Owner: who.ID, State: open, Limit: 500}
	if who.May(access.ManageCases) {
		f = Filter{Territory: s.territories(who), State: open, Limit: 500}
	}
	var found []Case
	for {
		cases, next, err := s.store.Cases(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			if b, ok := Booked(c); ok && b.End().After(from) && b.At.Before(to) {
				found = append(found, forEyes(who, c))
			}
		}
		if f.After = next; next == "" {
			break
		}
	}
	slices.SortStableFunc(found, func(a, b Case) int {
		x, _ := Booked(a)
		y, _ := Booked(b)
		return x.At.Compare(y.At)
	})
	return found, nil
}
