package dispute

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// What a party must know reaches the other party at her link's page only, and a
// reporter who came to the counter not at all. So each such notice stands with
// the case until she has opened her page or somebody has told her by telephone.

// The operations by which it is told.
const (
	OpSee   Op = "see"   // 对方打开页面，看到了消息
	OpPhone Op = "phone" // 已电话告知
	OpReach Op = "reach" // 对方留电话
)

// DueTell is when the mediator is asked to pick up the telephone.
const DueTell TimerKind = "tell"

const (
	factTell  = "tell:"  // + party + ":" + topic: the newest notice on it that the party hasn't seen
	factAsked = "asked:" // + other party that was invited and hasn't come in
)

const (
	mostTellRounds = 5                // reminders to telephone
	tellBeforeMeet = 24 * time.Hour   // a meeting is told by telephone so long before, where it can be
	tellAtOnce     = 30 * time.Minute // where it can't
)

// topics are the notices that a party must know, by what they are about: news
// takes the place of older news on the same.
var topics = map[string]string{
	"notice.seat.offered": "meet", "notice.seat.booked": "meet", "notice.seat.off": "meet", "notice.seat.stands": "meet",
	"notice.seat.agreement": "agreement", "notice.seat.step.soon": "step", "notice.seat.step.today": "step", "notice.seat.urged": "step",
	"notice.seat.ended": "end", "notice.seat.reopened": "end",

	"notice.meeting.offered": "meet", "notice.meeting.booked": "meet", "notice.meeting.off": "meet", "notice.meeting.stands": "meet",
	"notice.agreed": "agreement", "notice.reworded": "agreement", "notice.effect": "agreement", "notice.late": "agreement",
	"notice.remedies": "agreement", "notice.confirm.by": "agreement",
	"notice.step.soon": "step", "notice.step.today": "step", "notice.urged": "step",
	"notice.outcome": "end", "notice.died.out": "end", "notice.declined": "end", "notice.referred": "end", "notice.reopened": "end",
}

// Untold is something that a party must know and no machine is known to have
// told: it waits for somebody to telephone.
type Untold struct {
	Party int // number of the other party; 0 is the reporter
	Name  string
	Phone string
	Topic string
	Key   string            // of the notice
	Data  map[string]string // of the notice, without what is personal
	At    time.Time         // when it was said
	Page  bool              // it stands on a page of theirs, which they haven't opened since
}

// Mark names it as it was shown: newer news on the topic has another.
func (u Untold) Mark() string {
	return strconv.Itoa(u.Party) + ":" + u.Topic + ":" + strconv.FormatInt(u.At.UnixMilli(), 10)
}

// sayOf is the text key of what to say, by the notice that couldn't be sent.
var sayOf = map[string]string{
	"notice.seat.offered": "call.offered", "notice.meeting.offered": "call.offered",
	"notice.seat.booked": "call.booked", "notice.meeting.booked": "call.booked",
	"notice.seat.stands": "call.booked", "notice.meeting.stands": "call.booked",
	"notice.seat.off": "call.off", "notice.meeting.off": "call.off",
	"notice.effect": "call.effect", "notice.late": "call.late", "notice.remedies": "call.remedies", "notice.confirm.by": "call.confirm",
	"notice.seat.step.soon": "call.step", "notice.seat.step.today": "call.step",
	"notice.step.soon": "call.step", "notice.step.today": "call.step",
	"notice.seat.urged": "call.urged", "notice.urged": "call.urged",
	"notice.seat.reopened": "call.reopened", "notice.reopened": "call.reopened",
	"notice.seat.ended": "call.end", "notice.outcome": "call.end", "notice.died.out": "call.died_out",
	"notice.declined": "call.declined", "notice.referred": "call.referred",
}

// Say is the text key of what to say: of an agreement that there is news is all
// that is known.
func (u Untold) Say() string {
	if key := sayOf[u.Key]; key != "" {
		return key
	}
	return "call.agreement"
}

// toldOf is how a fact keeps it.
type toldOf struct {
	Key  string            `json:"k"`
	At   int64             `json:"t"` // Unix ms
	Data map[string]string `json:"d,omitempty"`
}

// keptData are the data of a notice that say what it is about.
var keptData = []string{
	"meet_month", "meet_day", "meet_weekday", "meet_time", "where", "by_month", "by_day", "by_weekday", "step", "mine", "outcome",
}

// HasUntold tells whether somebody must be telephoned.
func (c Case) HasUntold() bool {
	for k := range c.Facts {
		if strings.HasPrefix(k, factTell) {
			return true
		}
	}
	return false
}

// UntoldOf lists what parties must still be told, with whom to telephone, from
// a case that was read with personal data.
func UntoldOf(c Case) ([]Untold, error) {
	people, err := PeopleOf(c)
	if err != nil {
		return nil, err
	}
	var all []Untold
	for k, v := range c.Facts {
		u, ok := untold(k, v)
		if !ok {
			continue
		}
		if u.Party == 0 {
			u.Name, u.Phone = c.Report.Contact.Name, c.Report.Contact.Phone
		} else if i := people.index(u.Party); i >= 0 {
			o := people.Others[i]
			u.Name, u.Phone, u.Page = o.Name, cmp.Or(o.Tel, o.Phone), c.Facts[seatFact+strconv.Itoa(u.Party)] != ""
		}
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b Untold) int { return cmp.Or(cmp.Compare(a.Party, b.Party), a.At.Compare(b.At)) })
	return all, nil
}

func untold(fact, value string) (Untold, bool) {
	rest, ok := strings.CutPrefix(fact, factTell)
	n, topic, _ := strings.Cut(rest, ":")
	party, err := strconv.Atoi(n)
	var t toldOf
	if !ok || err != nil || json.Unmarshal([]byte(value), &t) != nil {
		return Untold{}, false
	}
	data := map[string]string{} // a wording may ask for each
	for _, k := range keptData {
		data[k] = t.Data[k]
	}
	return Untold{Party: party, Topic: topic, Key: t.Key, Data: data, At: time.UnixMilli(t.At).UTC()}, true
}

// mustTell keeps with the case what notices say to parties whom no machine is
// known to reach, and asks the mediator to telephone before long. What was
// spoken about with them needs no telephone, and older news on it neither.
func (s *Service) mustTell(m *Move, c Case, notices []Notice, spoken bool) {
	now := m.Event.At
	var by time.Time
	for _, n := range notices {
		topic := topics[n.Key]
		if topic == "" || n.party == 0 && (!n.reporter || n.To != "") {
			continue
		}
		fact := factTell + strconv.Itoa(n.party) + ":" + topic
		if spoken {
			m.note(map[string]string{fact: ""})
			continue
		}
		t := toldOf{Key: n.Key, At: now.UnixMilli(), Data: map[string]string{}}
		for _, k := range keptData {
			if v := n.Data[k]; v != "" {
				t.Data[k] = v
			}
		}
		raw, err := json.Marshal(t)
		if err != nil {
			continue // strings are always written
		}
		m.note(map[string]string{fact: string(raw)})
		if at := s.tellBy(now, c, m, topic); by.IsZero() || at.Before(by) {
			by = at
		}
	}
	s.tellTimer(m, c, by)
}

// tellBy is a working day later, earlier for a meeting that is sooner.
func (s *Service) tellBy(now time.Time, c Case, m *Move, topic string) time.Time {
	by := s.cal.after(now, 1)
	at := cmp.Or(m.Facts[factMeetAt], c.Facts[factMeetAt])
	if ms, err := strconv.ParseInt(at, 10, 64); err == nil && topic == "meet" {
		if before := time.UnixMilli(ms).Add(-tellBeforeMeet); before.Before(by) {
			by = before
		}
	}
	if soonest := now.Add(tellAtOnce); by.Before(soonest) {
		return soonest
	}
	return by
}

// tellTimer keeps the reminder to telephone running while there is something to
// tell, in every state of the case, and ends it after.
func (s *Service) tellTimer(m *Move, c Case, by time.Time) {
	if m.Fired != nil && m.Fired.Kind == DueTell {
		return // the reminder itself says when it comes round
	}
	had, runs := timer(c.Timers, DueTell)
	after := maps.Clone(c.Facts)
	if after == nil {
		after = map[string]string{}
	}
	for k, v := range m.Facts {
		if after[k] = v; v == "" {
			delete(after, k)
		}
	}
	m.Timers = slices.DeleteFunc(m.Timers, func(t Timer) bool { return t.Kind == DueTell })
	switch {
	case !Case{Facts: after}.HasUntold():
		if runs {
			m.Timers = append(m.Timers, Timer{Kind: DueTell})
		}
	case !by.IsZero() && (!runs || by.Before(had.At)):
		m.Timers = append(m.Timers, Timer{Kind: DueTell, At: by})
	case runs:
		m.Timers = append(m.Timers, had)
	}
}

// telling asks the mediator to telephone, later the clerks too; who has nobody
// working on it is the clerks' from the start.
func (s *Service) telling(t DueTimer, c Case) []Notice {
	all := []Notice{s.toOwner(c, c.Owner, "notice.tell")}
	if t.N >= 1 || c.Owner == "" {
		all = append(all, s.toRole(c, access.Clerk, "notice.tell"))
	}
	return all
}

// see takes off the case what an other party has before her eyes now.
func (s *Service) see(ctx context.Context, who access.Actor, c Case) error {
	prefix := factTell + strconv.Itoa(partyNo(who, c)) + ":"
	open := func(c Case) map[string]string {
		gone := map[string]string{}
		for k := range c.Facts {
			if strings.HasPrefix(k, prefix) {
				gone[k] = ""
			}
		}
		return gone
	}
	if partyNo(who, c) == 0 || len(open(c)) == 0 || c.Shelf != "" { // to read a case in a file doesn't fetch it from there
		return nil
	}
	_, err := s.change(ctx, who, c.ID, OpSee, Seen{}, func(c Case) (edit, error) {
		return edit{move: func(m *Move) {
			m.Unedited = true
			m.note(open(c))
		}}, nil
	})
	return err
}

// Telephoned records that parties were told by telephone what marks name
// ([Untold.Mark]); words says what they answered, and may be empty. What has
// newer news since stays to be told.
func (s *Service) Telephoned(ctx context.Context, who access.Actor, id CaseID, marks []string, words string, seen Seen) (Case, error) {
	if len(marks) == 0 {
		return Case{}, fault.New(fault.Invalid, "telephoned: nothing was told")
	}
	if err := bounded("answer", words); err != nil {
		return Case{}, err
	}
	seen.Version = 0 // a mark says which news it was
	return s.change(ctx, who, id, OpPhone, seen, func(c Case) (edit, error) {
		gone := map[string]string{}
		parties := map[string]bool{}
		for k, v := range c.Facts {
			if u, ok := untold(k, v); ok && slices.Contains(marks, u.Mark()) {
				gone[k] = ""
				parties[strconv.Itoa(u.Party)] = true
			}
		}
		if len(gone) == 0 {
			return edit{}, fmt.Errorf("%w: that was told, or there is newer news", ErrStale)
		}
		return edit{
			text: words, detail: map[string]string{"parties": strings.Join(slices.Sorted(maps.Keys(parties)), " ")},
			move: func(m *Move) { m.note(gone) },
		}, nil
	})
}

// LeaveTel keeps the telephone number at which an other party wants to be
// reached; "" takes it back. The mediator alone reads it.
func (s *Service) LeaveTel(ctx context.Context, who access.Actor, id CaseID, tel string, seen Seen) (Case, error) {
	tel = strings.TrimSpace(tel)
	if utf8.RuneCountInString(tel) > maxPerson || strings.Trim(tel, "0123456789+- ()（）转") != "" {
		return Case{}, fault.New(fault.Invalid, "no telephone number")
	}
	return s.amend(ctx, who, id, OpReach, seen, func(c Case) (edit, error) {
		p, err := PeopleOf(c)
		if err != nil {
			return edit{}, err
		}
		i := p.index(partyNo(who, c))
		if i < 0 {
			return edit{}, fault.New(fault.Denied, "not an other party")
		}
		p.Others[i].Tel = tel
		e := edit{detail: map[string]string{"party": strconv.Itoa(p.Others[i].N)}}
		return e, peoplePaper.put(&e, p)
	})
}
