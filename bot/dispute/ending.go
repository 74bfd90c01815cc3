package dispute

import (
	"context"
	"slices"

	"github.com/anjie-desk/anjie/bot/access"
)

// Route is where else the parties may go with a dispute of a type when
// mediation ends without an agreement (人民调解法 26), in plain words.
type Route struct {
	Ways  string // court, arbitration, office
	Limit string // the time limits to mind
}

// Ending is how a mediation ended without an agreement.
type Ending struct {
	Why        string `json:"why,omitempty"`
	Undisputed string `json:"undisputed,omitempty"` // facts that nobody disputes, recorded with consent (山东省多元化解纠纷促进条例 24)
	Ways       string `json:"ways,omitempty"`       // what the parties were told
	Limit      string `json:"limit,omitempty"`
}

var endingPaper = paper[Ending]("ending")

// endingEdit adds to an edit what an end without agreement leaves on file and
// tells.
func (s *Service) endingEdit(e *edit, c Case, r Result) error {
	route := s.opt.Routes(c.Category)
	then := e.move
	e.move = func(m *Move) {
		then(m)
		m.note(map[string]string{"undisputed": ""})
		if r.Undisputed != "" {
			m.Facts["undisputed"] = "1"
		}
	}
	return endingPaper.put(e, Ending{Why: r.Summary, Undisputed: r.Undisputed, Ways: route.Ways, Limit: route.Limit})
}

// Stands is what people call where a case stands: its state, or how it ended
// where one state holds several ends.
func (c Case) Stands() string { return stands(c.State, c.Outcome) }

// Stands is [Case.Stands].
func (a Aftermath) Stands() string { return stands(a.State, a.Outcome) }

// Again tells whether a case that had ended goes on without an outcome yet: the
// one that it has is that of before.
func (c Case) Again() bool { return c.Facts["reopened"] != "" && slices.Contains(early, c.State) }

// Next is the state of a case that its parties are told the next step of, ""
// once what was agreed or how it ended says it.
func (a Aftermath) Next() State {
	if slices.Contains(early, a.State) {
		return a.State
	}
	return ""
}

// Over is how it ended where nothing was agreed and nothing failed, "" otherwise:
// what the parties are told of it.
func (a Aftermath) Over() Outcome {
	if !a.Open && (a.Outcome == Settled || a.Outcome == TakenBack || a.Outcome == DiedOut) {
		return a.Outcome
	}
	return ""
}

func stands(s State, o Outcome) string {
	if s == Withdrawn && (o == Settled || o == DiedOut) {
		return string(o)
	}
	return string(s)
}

// DieOut ends a case whose dispute is no more: the thing is gone, a party has
// died or can't be found for long. The reason is for the file.
func (s *Service) DieOut(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	if err := required("reason", reason); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpDieOut, seen, func(Case) (edit, error) {
		return edit{
			text: reason, detail: map[string]string{"outcome": string(DiedOut)},
			notices: func(c Case) []Notice {
				told := with(s.toSeats(c, "notice.seat.ended"), map[string]string{"outcome": string(DiedOut)})
				return append([]Notice{s.toReporter(c, "notice.died.out")}, told...)
			},
			move: func(m *Move) { m.Outcome, m.Summary = DiedOut, reason },
		}, nil
	})
}

// reopen takes a case up again: mediation had failed, its performance is in
// dispute, or a party was rightly dissatisfied. What was agreed stays on file as
// an earlier wording; a new agreement gets a new number.
func (s *Service) reopen(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	return s.amend(ctx, who, id, OpReopen, seen, func(c Case) (edit, error) {
		e := edit{text: reason, notices: func(c Case) []Notice {
			return append(s.tell(OpReopen)(c), s.toSeats(c, "notice.seat.reopened")...)
		}}
		e.move = func(m *Move) {
			m.note(map[string]string{"turned": "", "reopened": "1"})
			if c.Facts["review"] == "open" {
				m.Facts["review"] = "reopened"
			}
		}
		if err := s.rebook(ctx, c, &e, ""); err != nil { // booked before it ended
			return e, err
		}
		return e, s.setAside(&e, c, who.ID, reason)
	})
}

// setAside files the agreement of a case among its earlier ones.
func (s *Service) setAside(e *edit, c Case, by, reason string) error {
	a, err := agreementPaper.of(c)
	if err != nil || a.Made.IsZero() {
		return err
	}
	past, err := pastPaper.of(c)
	if err != nil {
		return err
	}
	a.Number = c.Agreement
	e.take(string(agreementPaper))
	return pastPaper.put(e, append(past, Wording{At: s.now(), By: by, Reason: reason, Was: a}))
}

// unsigned ends what was written down and then not signed by all: it is no
// agreement (人民调解法 29). One that all have signed is in effect, and the desk
// about to say so.
func (s *Service) unsigned(e *edit, c Case, reason string) error {
	a, err := agreementPaper.of(c)
	if err != nil {
		return err
	}
	if a.Complete() {
		return ErrMove
	}
	then := e.move
	e.move = func(m *Move) {
		then(m)
		m.note(map[string]string{"form": "", "partial": "", "agreed_on": "", "steps": "", "steps_done": ""})
	}
	return s.setAside(e, c, c.Owner, reason)
}

// pastPaper holds the agreements that a case had before it was reopened.
var pastPaper = paper[[]Wording]("past_agreements")
