package dispute

import (
	"context"
	"fmt"
	"slices"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Aftermath is where a case stands and what came of it, as a party reads it:
// nothing that only the mediator or the other side was told.
type Aftermath struct {
	ID       CaseID
	Number   Number
	State    State
	Version  int64 // of the case, for [Seen]
	Category string
	Mediator string
	Outcome  Outcome
	Open     bool
	Again    bool     // taken up again, see [Case.Again]
	Consent  *Consent // nil while nothing is agreed
	Ending   *Ending  // how it ended without an agreement, and where to go now
	MayRate  bool
	Rated    *Visit // what the party itself said last of how it went
	Filed    bool   // it lies in an archive file
	Sent     Sent   // what the party itself has sent
}

// Aftermath reads a case for its reporter or an other party, and says so in its
// audit trail as [Service.Place] does.
func (s *Service) Aftermath(ctx context.Context, who access.Actor, id CaseID) (Aftermath, error) {
	c, err := s.byParty(ctx, who, id)
	if err != nil {
		return Aftermath{}, fmt.Errorf("aftermath of case %s for %s: %w", id, who.ID, err)
	}
	m := Aftermath{
		ID: id, Number: c.Number, State: c.State, Version: c.Version, Category: c.Category, Mediator: c.OwnerName, Outcome: c.Outcome,
		Open: c.State.Open(), Again: c.Again(), MayRate: may(who, c, OpScore), Filed: c.Shelf != "",
	}
	if m.Sent, err = sentOf(who, c); err != nil {
		return m, err
	}
	role := roleIn(who, c)
	a, err := agreementPaper.of(c)
	if err != nil {
		return m, err
	}
	if !a.Made.IsZero() {
		k := s.consent(c, a, role)
		m.Consent = &k
	}
	if m.Ending, err = s.endingFor(c); err != nil {
		return m, err
	}
	visits, err := visitsPaper.of(c)
	for i, v := range visits {
		if v.Role == role {
			m.Rated = &visits[i]
		}
	}
	return m, err
}

// byParty reads a case with personal data for one of its parties, and notes it.
func (s *Service) byParty(ctx context.Context, who access.Actor, id CaseID) (Case, error) {
	c, err := s.store.Case(ctx, id, false)
	if err == nil {
		c, err = s.withParties(ctx, who, c)
	}
	if err == nil && standing(who, c)&(byReporter|byParty) == 0 {
		err = ErrNotFound
	}
	if err == nil {
		err = s.noteRead(ctx, who, c)
	}
	if err == nil {
		err = s.see(ctx, who, c)
	}
	if err != nil {
		return Case{}, err
	}
	return s.store.Case(ctx, id, true)
}

// endingFor is what the parties read of an end without agreement: not the
// mediator's reasons, but the facts that nobody disputes and the other ways.
func (s *Service) endingFor(c Case) (*Ending, error) {
	if c.Ending() != "failed" {
		return nil, nil //nolint:nilnil // it goes on, or ended otherwise
	}
	e, err := endingPaper.of(c)
	e.Why, e.Undisputed = "", c.Report.discreet(e.Undisputed, s.opt.Withheld)
	if e.Ways == "" { // as when the other party refused by the link
		route := s.opt.Routes(c.Category)
		e.Ways, e.Limit = route.Ways, route.Limit
	}
	return &e, err
}

// Court is where the parties stand with judicial confirmation (人民调解法 33).
type Court struct {
	By     Day      // last day to apply together, "" while no term runs
	Left   int      // days until then, 0 on the day itself
	Asked  bool     // the party may say whether it would join
	Mine   string   // what it said
	All    bool     // all of them would
	Result string   // of an application, see [Judicial]
	Bars   []string // why a court would not confirm it, in plain words
}

func (s *Service) court(c Case, a Agreement, role string) Court {
	k := Court{Result: c.Facts["judicial"], All: a.allWish()}
	today, by := DayOf(s.now()), Day(c.Facts["confirm_by"])
	over := by != "" && by < today
	if k.Asked = k.Result == "" && !over && c.State.allows(OpWish); k.Asked && by != "" {
		k.By, k.Left = by, int(by.Time().Sub(today.Time()).Hours()/24)
	}
	for _, p := range a.Parties {
		if p.Role == role {
			k.Mine = p.Judicial
		}
	}
	for _, check := range s.Doubts(a, c.Category) {
		if check.Bar {
			k.Bars = append(k.Bars, check.Say)
		}
	}
	return k
}

// allWish tells whether every party would apply for judicial confirmation.
func (a Agreement) allWish() bool {
	return len(a.Parties) > 0 && !slices.ContainsFunc(a.Parties, func(p Signatory) bool { return p.Judicial != SaysYes })
}

// mine is the entry of a party that acts on its agreement.
func (a *Agreement) mine(role string) (*Signatory, error) {
	i := slices.IndexFunc(a.Parties, func(p Signatory) bool { return p.Role == role })
	if i < 0 || role == "" {
		return nil, fault.New(fault.Denied, "no party to the agreement")
	}
	return &a.Parties[i], nil
}

// SayWrong takes a party's word that the agreement isn't what was agreed on. It
// takes back what the party confirmed by code, unless the agreement is in
// effect; the mediator hears of it and words it anew, or explains it.
func (s *Service) SayWrong(ctx context.Context, who access.Actor, id CaseID, words string, seen Seen) (Case, error) {
	if err := required("words", words); err != nil {
		return Case{}, err
	}
	return s.onAgreement(ctx, who, id, OpDoubt, seen, func(c Case, a *Agreement) (edit, error) {
		p, err := a.mine(roleIn(who, c))
		if err != nil {
			return edit{}, err
		}
		if a.Effect == "" && p.Mark.How == ByCode {
			p.renew()
		}
		p.Doubt, p.Doubted = words, DayOf(s.now())
		return edit{
			text: words, detail: map[string]string{"role": p.Role},
			notices: func(c Case) []Notice { return []Notice{s.toOwner(c, c.Owner, "notice.doubted")} },
		}, nil
	})
}

// WishCourt takes a party's word on whether it would apply to a court for
// confirmation together with the others (人民调解法 33). Once all would, they and
// the mediator are told by when. The error is [ErrMove] after the term.
func (s *Service) WishCourt(ctx context.Context, who access.Actor, id CaseID, yes bool, seen Seen) (Case, error) {
	says := SaysNo
	if yes {
		says = SaysYes
	}
	return s.onAgreement(ctx, who, id, OpWish, seen, func(c Case, a *Agreement) (edit, error) {
		role := roleIn(who, c)
		p, err := a.mine(role)
		if err != nil {
			return edit{}, err
		}
		if !s.court(c, *a, role).Asked {
			return edit{}, ErrMove
		}
		before := a.allWish()
		p.Judicial, p.JudicialOn = says, DayOf(s.now())
		all := a.allWish() && !before
		return edit{
			detail: map[string]string{"role": role, "wish": says},
			notices: func(c Case) []Notice {
				told := with([]Notice{s.toOwner(c, c.Owner, "notice.wish")}, map[string]string{"said": says})
				if all {
					told = append(s.toParties(c, "notice.joint"), s.toOwner(c, c.Owner, "notice.joint.staff"))
				}
				return with(told, Day(c.Facts["confirm_by"]).words("by"))
			},
		}, nil
	})
}
