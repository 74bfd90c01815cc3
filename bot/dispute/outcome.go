package dispute

import (
	"context"
	"strconv"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Result is how a mediation ended, as the mediator records it.
type Result struct {
	Outcome Outcome
	Summary string // personal, sealed
	Amount  int64  // of the agreement, in fen
	// Undisputed are facts that no party disputes, recorded where both consent
	// though mediation failed (山东省多元化解纠纷促进条例 24).
	Undisputed string
}

var outcomes = map[Outcome]Op{
	AgreedWritten: OpAgree, AgreedOral: OpOral, NotAgreed: OpFail, Refused: OpRefuse, Settled: OpSettle,
}

// RecordOutcome ends the mediation. Of an agreement it files the summary as its
// terms, to be completed by [Service.Amend]; [Service.Agree] does both at once.
// A failed mediation tells the parties the other ways (人民调解法 26).
func (s *Service) RecordOutcome(ctx context.Context, who access.Actor, id CaseID, r Result, seen Seen) (Case, error) {
	op, ok := outcomes[r.Outcome]
	if !ok {
		return Case{}, fault.New(fault.Invalid, "record outcome: unknown outcome "+string(r.Outcome))
	}
	if err := required("summary", r.Summary); err != nil {
		return Case{}, err
	}
	if r.Amount < 0 {
		return Case{}, fault.New(fault.Invalid, "record outcome: negative amount")
	}
	if err := bounded("undisputed", r.Undisputed); err != nil {
		return Case{}, err
	}
	if op == OpAgree || op == OpOral {
		return s.agree(ctx, who, id, Terms{Oral: op == OpOral, Terms: []string{r.Summary}, Amount: r.Amount}, r.Summary, seen)
	}
	return s.amend(ctx, who, id, op, seen, func(before Case) (edit, error) {
		e := edit{
			text: r.Summary, detail: map[string]string{"outcome": string(r.Outcome)},
			notices: func(c Case) []Notice { return s.ended(c, r.Outcome) },
			move:    func(m *Move) { m.Outcome, m.Amount, m.Summary = r.Outcome, &r.Amount, r.Summary },
		}
		if r.Outcome == Settled {
			return e, nil
		}
		if before.State == Agreed {
			if err := s.unsigned(&e, before, r.Summary); err != nil {
				return e, err
			}
		}
		return e, s.endingEdit(&e, before, r)
	})
}

// ended tells the parties how the mediation ended, and which ways are left
// (人民调解法 26).
func (s *Service) ended(c Case, o Outcome) []Notice {
	route := s.opt.Routes(c.Category)
	return with(append([]Notice{s.toReporter(c, "notice.outcome")}, s.toSeats(c, "notice.seat.ended")...), map[string]string{
		"outcome": string(o), "routes": route.Ways, "limit": route.Limit,
	})
}

// Withdraw ends a case because its reporter wants no more of it. Staff may
// record it for them. The reason may be empty.
func (s *Service) Withdraw(ctx context.Context, who access.Actor, id CaseID, reason string, seen Seen) (Case, error) {
	if err := bounded("reason", reason); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpWithdraw, seen, func(before Case) (edit, error) {
		return edit{
			text: reason, notices: func(c Case) []Notice { return s.withdrawal(who, before, c) },
			move: func(m *Move) { m.Outcome = TakenBack },
		}, nil
	})
}

// withdrawal tells the mediator, else the territory, and the reporter if
// somebody else recorded it.
func (s *Service) withdrawal(who access.Actor, before, c Case) []Notice {
	var all []Notice
	switch {
	case before.Owner != "" && before.Owner != who.ID:
		all = append(all, s.toOwner(c, before.Owner, "notice.withdrawn.staff"))
	case before.State == Accepted:
		all = append(all, Notice{To: "territory:" + c.Territory, Key: "notice.withdrawn.staff", Data: s.dataOf(c)})
	}
	if who.ID != c.Reporter {
		all = append(all, s.toReporter(c, "notice.withdrawn"))
	}
	return append(all, with(s.toSeats(c, "notice.seat.ended"), map[string]string{"outcome": string(TakenBack)})...)
}

// Supplement adds what a party tells or shows later: the text stands as an event
// of its own, a reporter's files join the report's, an other party's stand apart
// (see [Exhibit]). The mediator is told that there is something new. The error
// is [ErrFull] once the party's share of the files is used up.
func (s *Service) Supplement(ctx context.Context, who access.Actor, id CaseID, text string, files []Evidence, seen Seen) (Case, error) {
	if text == "" && len(files) == 0 {
		return Case{}, fault.New(fault.Invalid, "supplement: nothing is added")
	}
	if err := checkFiles(0, files); err != nil {
		return Case{}, err
	}
	if err := bounded("supplement", text); err != nil {
		return Case{}, err
	}
	add := s.change
	if len(files) > 0 {
		add = s.amend // the shares are counted by what is sealed
	}
	return add(ctx, who, id, OpAdd, seen, func(before Case) (edit, error) {
		e := edit{
			text: text, detail: map[string]string{"files": strconv.Itoa(len(files))},
			notices: func(c Case) []Notice { return s.addition(who, before, c) },
		}
		err := s.hold(&e, who, before, files)
		return e, err
	})
}

// addition tells the mediator and who helps, or the clerks while nobody has the
// case; not whoever added it.
func (s *Service) addition(who access.Actor, before, c Case) []Notice {
	var all []Notice
	switch {
	case before.Owner != "":
		all = append(all, s.toOwner(c, before.Owner, "notice.added"))
		for _, p := range before.Team() {
			all = append(all, s.toOwner(c, p.ID, "notice.added"))
		}
	case !who.May(access.ManageCases):
		all = append(all, s.toRole(c, access.Clerk, "notice.added"))
	}
	if partyNo(who, before) != 0 {
		return with(all, map[string]string{"side": "other"})
	}
	return all
}
