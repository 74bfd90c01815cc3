package dispute

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Plain facts of a case that its own operations read again. None is personal
// data of a party: accounts and offices are the staff's.
const (
	factOffer     = "offer_to"   // account asked to take the case over
	factOfferName = "offer_name" // and what it is called
	factObjected  = "objected"   // account of the mediator whom a party doesn't want
	factAcked     = "acked"      // account that acknowledged the emergency
	factUrgency   = "urgency"    // the rule that decided how urgent it is, as people read it
	factHelper    = "co:"        // + account that helps: its name
	factOrgan     = "org:"       // + key of an organisation that helps: its name
	factRecused   = "recused:"   // + account that may not mediate it: its name
	factMerged    = "from:"      // + case that was merged into this: its number
	factNotify    = "also:"      // + case that was merged into this: its reporter's address
	factLeft      = "left:"      // + deadline that a pause has stopped: seconds and round left
	factInto      = "into"       // case into which this was merged
	factGrid      = "grid"       // name of the grid of its territory in which it happened
	factVillage   = "village"    // where it happened, when nobody there was on duty
)

// Person is somebody of the staff, or an organisation, by id and name.
type Person struct{ ID, Name string }

// Team lists who helps the mediator, by id.
func (c Case) Team() []Person { return c.listed(factHelper) }

// Organisations lists those that take part, by key.
func (c Case) Organisations() []Person { return c.listed(factOrgan) }

// MergedFrom lists the cases that were merged into this one, with their numbers.
func (c Case) MergedFrom() []Person { return c.listed(factMerged) }

// Recused tells whether an account may not mediate the case, since a party
// didn't want it.
func (c Case) Recused(account string) bool { return c.Facts[factRecused+account] != "" }

// OfferedTo is who was asked to take the case over; the zero Person if nobody is.
func (c Case) OfferedTo() Person { return Person{c.Facts[factOffer], c.Facts[factOfferName]} }

// Objected tells whether a party has asked for another mediator and waits.
func (c Case) Objected() bool { return c.Facts[factObjected] != "" }

// Grid is the grid of its territory in which it happened, "" if that isn't known.
func (c Case) Grid() string { return c.Facts[factGrid] }

// Urgency is the rule that decided how urgent the case is, as people read it.
func (c Case) Urgency() string { return c.Facts[factUrgency] }

func (c Case) listed(prefix string) []Person {
	var all []Person
	for k, v := range c.Facts {
		if id, ok := strings.CutPrefix(k, prefix); ok {
			all = append(all, Person{id, v})
		}
	}
	slices.SortFunc(all, func(a, b Person) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// note sets facts; "" takes one away.
func (m *Move) note(facts map[string]string) {
	if m.Facts == nil {
		m.Facts = map[string]string{}
	}
	maps.Copy(m.Facts, facts)
}

// stopped says what is left of each deadline when a pause stops them all.
func stopped(c Case, now time.Time) map[string]string {
	facts := map[string]string{}
	for _, t := range c.Timers {
		if ofMeeting(t.Kind) || t.Kind == DueTell {
			continue // an appointment has its own day, and who must be told must be told
		}
		facts[factLeft+string(t.Kind)] = strconv.FormatInt(int64(max(t.At.Sub(now), 0)/time.Second), 10) + ":" + strconv.Itoa(t.N)
	}
	return facts
}

// left is a stopped deadline set to run again from now.
func left(c Case, kind TimerKind, now time.Time) (Timer, bool) {
	secs, n, ok := strings.Cut(c.Facts[factLeft+string(kind)], ":")
	rest, err := strconv.ParseInt(secs, 10, 64)
	round, nerr := strconv.Atoi(n)
	return Timer{Kind: kind, At: now.Add(time.Duration(rest) * time.Second), N: round}, ok && err == nil && nerr == nil
}

// resumed adds every stopped deadline that isn't among set, to run again.
func resumed(set []Timer, c Case, now time.Time) []Timer {
	for k := range c.Facts {
		if kind, ok := strings.CutPrefix(k, factLeft); ok {
			_, have := timer(set, TimerKind(kind))
			if t, ok := left(c, TimerKind(kind), now); ok && !have {
				set = append(set, t)
			}
		}
	}
	return set
}

// tidy takes off the case what a move leaves without meaning: an offer and an
// objection once another mediator has the case or nobody works on it, the rest
// of stopped deadlines after the pause, a helper who has become its mediator.
func (s *Service) tidy(m *Move, c Case) {
	over := m.SetOwner != nil || m.To != "" && !slices.Contains(working, m.To)
	gone := map[string]string{}
	for k := range c.Facts {
		stale := over && slices.Contains([]string{factOffer, factOfferName, factObjected, factBack}, k) ||
			c.State == Paused && m.To != "" && m.To != Paused && strings.HasPrefix(k, factLeft)
		if _, set := m.Facts[k]; stale && !set {
			gone[k] = ""
		}
	}
	if m.SetOwner != nil && c.Facts[factHelper+m.SetOwner.ID] != "" {
		gone[factHelper+m.SetOwner.ID], m.Leaves = "", m.SetOwner.ID
	}
	if len(gone) > 0 {
		m.note(gone)
	}
	for _, kind := range standingDeadlines {
		if _, runs := timer(c.Timers, kind); runs && over {
			if _, set := timer(m.Timers, kind); !set {
				m.Timers = append(m.Timers, Timer{Kind: kind})
			}
		}
	}
}
