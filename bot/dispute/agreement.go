package dispute

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// The roles of those who agree.
const (
	RoleReporter = "reporter"
	RoleOther    = "other"
	RoleThird    = "third"
)

// How somebody stood to an agreement.
const (
	ByCode  = "code"  // typed the code shown with the agreement
	ByPaper = "paper" // signed, sealed or put a finger to it on paper
)

const (
	maxTerms = 40
	maxSteps = 60
)

// Agreement is what the parties agreed on, as it stands on paper. All of it is
// personal.
type Agreement struct {
	Number   Number      `json:"number,omitempty"`
	Oral     bool        `json:"oral,omitempty"`
	Partial  bool        `json:"partial,omitempty"` // something stays in dispute
	Open     string      `json:"open,omitempty"`    // what stays in dispute
	Parties  []Signatory `json:"parties"`
	Facts    string      `json:"facts,omitempty"`    // what happened
	Disputed string      `json:"disputed,omitempty"` // what was in dispute and who answers for what
	Terms    []string    `json:"terms"`
	Amount   int64       `json:"amount,omitempty"` // in fen
	How      string      `json:"how,omitempty"`
	Where    string      `json:"where,omitempty"`
	When     string      `json:"when,omitempty"` // in words, beside the days of the steps
	Steps    []Step      `json:"steps,omitempty"`
	Made     time.Time   `json:"made"`
	Mediator Mark        `json:"mediator,omitzero"` // the mediator's signature
	Seal     Mark        `json:"seal,omitzero"`     // the committee's
	Scans    []Evidence  `json:"scans,omitempty"`   // of what was signed on paper
	Effect   Day         `json:"effect,omitempty"`  // from which it is in effect, "" before
	Version  int         `json:"version"`           // 1 for the first wording
	Earlier  []Wording   `json:"earlier,omitempty"`
}

// Signatory is a party to an agreement.
type Signatory struct {
	Role  string `json:"role"`
	Name  string `json:"name"`
	About string `json:"about,omitempty"` // sex, age, address, telephone: as the paper wants it
	Code  string `json:"code,omitempty"`  // shown to the party alone, with the present wording
	Mark  Mark   `json:"mark,omitzero"`

	Doubt      string `json:"doubt,omitempty"` // what the party says is wrong with the present wording
	Doubted    Day    `json:"doubted,omitempty"`
	Judicial   string `json:"judicial,omitempty"` // whether it would join in applying for judicial confirmation: [SaysYes], [SaysNo], "" before it said
	JudicialOn Day    `json:"judicial_on,omitempty"`
}

// Mark is a signature or the like.
type Mark struct {
	On  Day    `json:"on,omitempty"`
	How string `json:"how,omitempty"`
}

// Made tells whether the mark is there.
func (m Mark) Made() bool { return m.On != "" }

// Wording is an agreement as it read before it was changed.
type Wording struct {
	At     time.Time `json:"at"` // of the change
	By     string    `json:"by"`
	Reason string    `json:"reason"`
	Was    Agreement `json:"was"`
}

var agreementPaper = paper[Agreement]("agreement")

// Terms is what a mediator writes of an agreement; the rest of [Agreement] is
// for signatures, performance and time to fill in.
type Terms struct {
	Oral, Partial         bool
	Open, Facts, Disputed string
	Parties               []Signatory // names and particulars; none means those of the report
	Terms                 []string
	Amount                int64
	How, Where, When      string
	Steps                 []Step
}

func (t Terms) check() error {
	switch {
	case len(t.Terms) == 0:
		return fault.New(fault.Invalid, "agreement: no terms")
	case len(t.Terms) > maxTerms || len(t.Steps) > maxSteps:
		return fault.New(fault.Invalid, "agreement: too many terms or steps")
	case t.Amount < 0:
		return fault.New(fault.Invalid, "agreement: negative amount")
	case len(t.Parties) == 1 || len(t.Parties) > 12:
		return fault.New(fault.Invalid, "agreement: wants two to twelve parties")
	case t.Partial && t.Open == "":
		return fault.New(fault.Invalid, "agreement: what stays in dispute is missing")
	}
	for _, s := range slices.Concat(t.Terms, []string{t.Open, t.Facts, t.Disputed, t.How, t.Where, t.When}) {
		if err := bounded("agreement", s); err != nil {
			return err
		}
	}
	for _, p := range t.Parties {
		if p.Name == "" || p.Role == "" {
			return fault.New(fault.Invalid, "agreement: a party without a name")
		}
	}
	return checkSteps(t.Steps)
}

// into writes the terms over a. Whoever confirmed the old wording hasn't
// confirmed this one: marks and codes begin anew unless it is in effect.
func (t Terms) into(a *Agreement, c Case) {
	a.Oral, a.Partial, a.Open, a.Facts, a.Disputed = t.Oral, t.Partial, t.Open, t.Facts, t.Disputed
	a.Terms, a.Amount, a.How, a.Where, a.When = t.Terms, t.Amount, t.How, t.Where, t.When
	a.Steps = mergeSteps(a.Steps, t.Steps)
	old := a.Parties
	if a.Parties = slices.Clone(t.Parties); len(a.Parties) == 0 {
		a.Parties = old
	}
	if len(a.Parties) == 0 {
		a.Parties = partiesOf(c)
	}
	a.Version++
	for i := range a.Parties {
		p := &a.Parties[i]
		p.renew()
		if a.Effect != "" && i < len(old) {
			p.Mark, p.Code, p.Judicial, p.JudicialOn = old[i].Mark, "", old[i].Judicial, old[i].JudicialOn
		}
	}
	if a.Effect == "" {
		a.Mediator, a.Seal, a.Scans = Mark{}, Mark{}, nil // those of the old wording stay with it
	}
}

// renew has a party stand to a wording that it hasn't seen.
func (p *Signatory) renew() {
	p.Mark, p.Code, p.Doubt, p.Doubted, p.Judicial, p.JudicialOn = Mark{}, newCode(), "", "", "", ""
}

// partiesOf are who agrees, as far as the desk knows: the reporter, and the
// other parties who were invited, else the one of whom the report tells.
func partiesOf(c Case) []Signatory {
	all := PartiesOf(c)
	for i := range all {
		if all[i].Name == "" {
			all[i].Name = "—"
		}
	}
	return all
}

// PartiesOf suggests the parties to an agreement on a case that was read with
// personal data; a name that nobody knows is "".
func PartiesOf(c Case) []Signatory {
	all := []Signatory{{Role: RoleReporter, Name: c.Report.Party(), About: c.Report.Contact.Phone}}
	people, err := PeopleOf(c)
	if err != nil || len(people.Present()) == 0 {
		return append(all, Signatory{Role: RoleOther, Name: c.Report.Other})
	}
	for _, o := range people.Present() {
		all = append(all, Signatory{Role: o.role(), Name: o.Name, About: o.Phone})
	}
	return all
}

// newCode is six digits. It isn't a secret against guessing: only the party
// itself can offer it. It shows that the party saw this wording and meant it.
func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // never fails, see crypto/rand
	}
	return fmt.Sprintf("%06d", n)
}

// Complete tells whether all have signed and sealed what a written agreement
// needs to come into effect (人民调解法 29).
func (a Agreement) Complete() bool {
	return a.Mediator.Made() && a.Seal.Made() && !slices.ContainsFunc(a.Parties, func(p Signatory) bool { return !p.Mark.Made() })
}

// lastMark is the day of the last signature.
func (a Agreement) lastMark() Day {
	last := max(a.Mediator.On, a.Seal.On)
	for _, p := range a.Parties {
		last = max(last, p.Mark.On)
	}
	return last
}

// Agree records what the parties agreed on, and gives it its number. A written
// agreement waits for signatures and seal (人民调解法 29), an oral one is in
// effect at once (30). Both parties may then confirm it, see [Service.Confirm].
func (s *Service) Agree(ctx context.Context, who access.Actor, id CaseID, t Terms, seen Seen) (Case, error) {
	return s.agree(ctx, who, id, t, strings.Join(t.Terms, "\n"), seen)
}

func (s *Service) agree(ctx context.Context, who access.Actor, id CaseID, t Terms, summary string, seen Seen) (Case, error) {
	if err := t.check(); err != nil {
		return Case{}, err
	}
	op, outcome := OpAgree, AgreedWritten
	if t.Oral {
		op, outcome = OpOral, AgreedOral
	}
	return s.amend(ctx, who, id, op, seen, func(c Case) (edit, error) {
		now := s.now()
		a := Agreement{Made: now}
		t.into(&a, c)
		e := edit{text: summary, detail: map[string]string{"outcome": string(outcome)}}
		facts := agreedFacts(a, now)
		if t.Oral {
			a.Effect = DayOf(now)
			s.effectFacts(a, facts)
		}
		series := s.agreementSeries(now)
		e.move = func(m *Move) {
			m.Outcome, m.Amount, m.Summary, m.Series = outcome, &t.Amount, summary, &series
			m.note(facts)
			if t.Oral {
				m.Timers = s.effectTimers(a, m)
			}
		}
		e.notices = func(c Case) []Notice {
			return with(s.toParties(c, "notice.agreed"), map[string]string{"outcome": string(outcome)})
		}
		return e, agreementPaper.put(&e, a)
	})
}

// agreedFacts are what the statistics count of an agreement (DOMAIN §3).
func agreedFacts(a Agreement, now time.Time) map[string]string {
	f := map[string]string{
		"form": "written", "partial": "", "agreed_on": string(DayOf(now)), "steps": strconv.Itoa(len(a.Steps)), "steps_done": "0",
		"effect_on": "", "confirm_by": "", "judicial": "", "judicial_on": "", "performed_on": "", "late": "",
	}
	if a.Oral {
		f["form"] = "oral"
	}
	if a.Partial {
		f["partial"] = "1"
	}
	return f
}

func (s *Service) agreementSeries(now time.Time) Series {
	year := now.In(shanghai).Year()
	return Series{Year: year, Form: s.reg.Agreement.Of(strconv.Itoa(year)), Digits: s.reg.Agreement.Digits}
}

// onAgreement is amend for an operation on the agreement on file.
func (s *Service) onAgreement(
	ctx context.Context, who access.Actor, id CaseID, op Op, seen Seen, build func(Case, *Agreement) (edit, error),
) (Case, error) {
	return s.amend(ctx, who, id, op, seen, func(c Case) (edit, error) {
		a, err := agreementPaper.of(c)
		if err != nil {
			return edit{}, err
		}
		if a.Made.IsZero() {
			return edit{}, ErrUnwritten
		}
		e, err := build(c, &a)
		if err != nil {
			return e, err
		}
		return e, agreementPaper.put(&e, a)
	})
}

// Amend words an agreement anew. Before it is in effect all must sign again;
// afterwards it is a correction, for which the reason is required: the old
// wording stays on file, and the parties are told.
func (s *Service) Amend(ctx context.Context, who access.Actor, id CaseID, t Terms, reason string, seen Seen) (Case, error) {
	if err := t.check(); err != nil {
		return Case{}, err
	}
	if err := bounded("reason", reason); err != nil {
		return Case{}, err
	}
	return s.amend(ctx, who, id, OpAmend, seen, func(c Case) (edit, error) {
		a, err := agreementPaper.of(c)
		if err != nil {
			return edit{}, err
		}
		if reason == "" && (a.Effect != "" || c.State != Agreed) {
			return edit{}, fault.New(fault.Invalid, "amend: the reason is missing")
		}
		return s.reword(who, c, a, t, reason)
	})
}

func (s *Service) reword(who access.Actor, c Case, a Agreement, t Terms, reason string) (edit, error) {
	now := s.now()
	if a.Made.IsZero() { // of a case that came to agree before agreements were on file
		a.Made = now
	} else {
		was := a
		was.Earlier, was.Number, was.Parties = nil, c.Agreement, slices.Clone(a.Parties)
		for i := range was.Parties {
			was.Parties[i].Code = ""
		}
		a.Earlier = append(a.Earlier, Wording{At: now, By: who.ID, Reason: reason, Was: was})
	}
	t.Oral = a.Oral
	t.into(&a, c)
	e := edit{text: reason, detail: map[string]string{"wording": strconv.Itoa(a.Version)}}
	e.notices = func(c Case) []Notice { return s.toParties(c, "notice.reworded") }
	facts := map[string]string{"steps": strconv.Itoa(len(a.Steps)), "steps_done": strconv.Itoa(a.done())}
	e.move = func(m *Move) {
		m.Amount, m.Summary = &t.Amount, strings.Join(t.Terms, "\n")
		m.note(facts)
		if c.State == Performing {
			m.Timers = append(m.Timers, s.stepTimers(c, a, m.Event.At)...)
		}
	}
	return e, agreementPaper.put(&e, a)
}
