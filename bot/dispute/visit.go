package dispute

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Visit is a follow-up visit, or what a party said of how it went.
type Visit struct {
	At        time.Time `json:"at"`
	By        string    `json:"by"`             // actor id
	Role      string    `json:"role,omitempty"` // of the party that rated by itself, "" for a visit
	Why       string    `json:"why,omitempty"`
	How       string    `json:"how,omitempty"`       // phone, home, centre, chat
	Performed string    `json:"performed,omitempty"` // how the agreement is kept
	Score     int       `json:"score,omitempty"`     // 1 to 5; 0 where nobody said
	Words     string    `json:"words,omitempty"`
	Signs     string    `json:"signs,omitempty"`    // that it may flare up again
	Measures  string    `json:"measures,omitempty"` // what was done about them
	Answer    string    `json:"answer,omitempty"`   // of the centre to one that was dissatisfied
	Answered  time.Time `json:"answered,omitzero"`
}

var visitsPaper = paper[[]Visit]("visits")

const (
	maxVisits    = 40
	dissatisfied = 2 // and below: the centre must look at it
)

// RecordVisit files a follow-up visit. A party that is dissatisfied is brought
// before the centre.
func (s *Service) RecordVisit(ctx context.Context, who access.Actor, id CaseID, v Visit, seen Seen) (Case, error) {
	if v.Performed == "" && v.Words == "" && v.Score == 0 {
		return Case{}, fault.New(fault.Invalid, "visit: nothing is told")
	}
	v.Role, v.Answer, v.Answered = "", "", time.Time{}
	return s.visit(ctx, who, id, OpVisit, v, seen)
}

// Score takes what a party thinks of how it went, from 1 (bad) to 5 (good). Said
// again within a day it replaces what was said.
func (s *Service) Score(ctx context.Context, who access.Actor, id CaseID, score int, words string, seen Seen) (Case, error) {
	if score == 0 {
		return Case{}, fault.New(fault.Invalid, "rate: no score")
	}
	return s.visit(ctx, who, id, OpScore, Visit{Score: score, Words: words, How: "chat", Role: "?"}, seen)
}

func (s *Service) visit(ctx context.Context, who access.Actor, id CaseID, op Op, v Visit, seen Seen) (Case, error) {
	if v.Score < 0 || v.Score > 5 {
		return Case{}, fault.New(fault.Invalid, "visit: the score is 1 to 5")
	}
	if err := bounded("visit", v.Why+v.Performed+v.Words+v.Signs+v.Measures); err != nil {
		return Case{}, err
	}
	return s.amend(ctx, who, id, op, seen, func(c Case) (edit, error) {
		all, err := visitsPaper.of(c)
		if err != nil {
			return edit{}, err
		}
		v.At, v.By = s.now(), who.ID
		if v.Role != "" {
			v.Role = roleIn(who, c)
			all = withoutFresh(all, v)
		}
		if all = append(all, v); len(all) > maxVisits {
			return edit{}, fault.New(fault.Invalid, "visit: too many")
		}
		e := s.visitEdit(c, v)
		return e, visitsPaper.put(&e, all)
	})
}

// withoutFresh takes out what the same party said within the last day.
func withoutFresh(all []Visit, v Visit) []Visit {
	return slices.DeleteFunc(all, func(o Visit) bool {
		return o.Role == v.Role && o.By == v.By && v.At.Sub(o.At) < 24*time.Hour && o.Answer == ""
	})
}

func (s *Service) visitEdit(c Case, v Visit) edit {
	facts := map[string]string{}
	if v.Score > 0 {
		facts["satisfaction"] = strconv.Itoa(v.Score)
	}
	bad := v.Score > 0 && v.Score <= dissatisfied
	if bad {
		facts["review"] = "open"
	}
	return edit{
		text: v.Words, detail: map[string]string{"score": strconv.Itoa(v.Score)},
		notices: func(c Case) []Notice {
			var all []Notice
			if v.Role != "" {
				all = append(all, with([]Notice{s.toOwner(c, c.Owner, "notice.scored")}, map[string]string{"score": strconv.Itoa(v.Score)})...)
			}
			if bad {
				all = append(all, s.toRole(c, access.Clerk, "notice.dissatisfied"), s.toRole(c, access.Director, "notice.dissatisfied"))
			}
			return with(all, map[string]string{"level": "1"})
		},
		move: func(m *Move) {
			m.note(facts)
			if bad {
				m.Timers = append(m.Timers, Timer{Kind: DueAnswer, At: s.cal.after(m.Event.At, s.opt.Deadlines.Answer)})
			}
			if v.Role == "" { // a visit was made: what reminded of it is done
				m.Timers = append(m.Timers, visitsDone(c)...)
			}
		},
	}
}

// visitsDone cancels the reminders of visits that have come round.
func visitsDone(c Case) []Timer {
	var off []Timer
	for _, t := range c.Timers {
		if (t.Kind == DueVisit || t.Kind == DueVisit30) && t.N > 0 {
			off = append(off, Timer{Kind: t.Kind})
		}
	}
	return off
}

// Review answers a party that was dissatisfied; the answer is told to the
// reporter. Whoever finds that they are right reopens the case instead.
func (s *Service) Review(ctx context.Context, who access.Actor, id CaseID, answer string, seen Seen) (Case, error) {
	if err := required("answer", answer); err != nil {
		return Case{}, err
	}
	return s.amend(ctx, who, id, OpReview, seen, func(c Case) (edit, error) {
		all, err := visitsPaper.of(c)
		if err != nil {
			return edit{}, err
		}
		if c.Facts["review"] != "open" {
			return edit{}, ErrMove
		}
		for i := range all {
			if all[i].Score > 0 && all[i].Score <= dissatisfied && all[i].Answer == "" {
				all[i].Answer, all[i].Answered = answer, s.now()
			}
		}
		e := edit{
			text:    answer,
			notices: func(c Case) []Notice { return []Notice{s.toReporter(c, "notice.reviewed")} },
			move: func(m *Move) {
				m.note(map[string]string{"review": "answered"})
				m.Timers = append(m.Timers, Timer{Kind: DueAnswer})
			},
		}
		return e, visitsPaper.put(&e, all)
	})
}
