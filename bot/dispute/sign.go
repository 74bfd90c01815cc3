package dispute

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// roleIn is the role of who as a party to a case that was read with personal
// data, "" for whoever is none: the reporter, the other party, a third.
func roleIn(who access.Actor, c Case) string {
	if standing(who, c)&byReporter != 0 {
		return RoleReporter
	}
	n := partyNo(who, c)
	people, err := PeopleOf(c)
	if i := people.index(n); err == nil && i >= 0 {
		return people.Others[i].role()
	}
	return ""
}

// roleAt is the role that goes with a number: the first is the other party.
func roleAt(n int) string {
	switch n {
	case 1:
		return RoleOther
	case 2:
		return RoleThird
	}
	return RoleThird + strconv.Itoa(n)
}

// role is the party's role in the agreement, which never changes.
func (o Other) role() string {
	if o.Role != "" {
		return o.Role
	}
	return roleAt(o.N) // invited before roles were kept
}

// freeRole is the first role that none of those present has.
func (p People) freeRole() string {
	for n := 1; ; n++ {
		role := roleAt(n)
		if !slices.ContainsFunc(p.Present(), func(o Other) bool { return o.role() == role }) {
			return role
		}
	}
}

// toParties tells the reporter by key, and the other parties who have come in
// that there is news of the agreement, which they read at their link.
func (s *Service) toParties(c Case, key string) []Notice {
	return append([]Notice{s.toReporter(c, key)}, s.toSeats(c, "notice.seat.agreement")...)
}

// Consent is an agreement as a party reads it: without the other's particulars,
// code and words to the mediator, without a withheld name, with the party's own
// code while the agreement waits for it.
type Consent struct {
	Number    Number
	State     State
	Version   int64 // of the case, for [Seen]
	Agreement Agreement
	Role      string
	Mine      Signatory // the party's own entry
	Code      string    // to type, "" once confirmed or where nothing waits
	Court     Court
	Names     bool // standing to it tells the other party a name that was withheld till now
}

// Consent shows who, a party to the case, what was agreed. The error is
// [ErrUnwritten] while nothing is.
func (s *Service) Consent(ctx context.Context, who access.Actor, id CaseID) (Consent, error) {
	c, err := s.store.Case(ctx, id, true)
	if err == nil && roleIn(who, c) == "" {
		err = ErrNotFound
	}
	if err != nil {
		return Consent{}, fmt.Errorf("agreement of case %s: %w", id, err)
	}
	a, err := agreementPaper.of(c)
	if err == nil && a.Made.IsZero() {
		err = ErrUnwritten
	}
	if err != nil {
		return Consent{}, fmt.Errorf("agreement of case %s: %w", id, err)
	}
	return s.consent(c, a, roleIn(who, c)), nil
}

// consent is an agreement for the eyes of a role.
func (s *Service) consent(c Case, a Agreement, role string) Consent {
	k := Consent{Number: c.Number, State: c.State, Version: c.Version, Role: role, Court: s.court(c, a, role)}
	a.Parties = slices.Clone(a.Parties)
	for i := range a.Parties {
		p := &a.Parties[i]
		if p.Role == role {
			if !p.Mark.Made() && c.State.allows(OpConfirm) {
				k.Code = p.Code
			}
			k.Mine = *p
			k.Mine.Code = ""
		} else {
			p.About, p.Doubt, p.Doubted = "", "", ""
		}
		p.Code = ""
	}
	a.Steps = slices.Clone(a.Steps)
	for i := range a.Steps {
		p := &a.Steps[i]
		p.Proof, p.Said = "", slices.Clone(p.Said)
		for j := range p.Said {
			if p.Said[j].Role != role {
				p.Said[j].Words = "" // they were for the mediator
			}
		}
	}
	if role != RoleReporter {
		a = a.discreet(c.Report, s.opt.Withheld)
	}
	k.Names = role == RoleReporter && k.Code != "" && len(c.Report.hidden()) > 0
	a.Number, a.Earlier, a.Scans = c.Agreement, nil, nil
	k.Agreement = a
	return k
}

// Confirm has a party stand to the agreement as it now reads, by the code that
// [Service.Consent] showed it. who is an actor who is a party to the case: the
// reporter, or another party under the id that its link stands for ([PartyID]);
// whoever isn't is refused. With the last of all marks a written agreement is
// in effect (人民调解法 29). The error is [ErrCode] for another code, as of a
// wording since changed.
func (s *Service) Confirm(ctx context.Context, who access.Actor, id CaseID, code string, seen Seen) (Case, error) {
	c, err := s.onAgreement(ctx, who, id, OpConfirm, seen, func(c Case, a *Agreement) (edit, error) {
		i := slices.IndexFunc(a.Parties, func(p Signatory) bool { return p.Role == roleIn(who, c) })
		if i < 0 {
			return edit{}, fault.New(fault.Denied, "no party to the agreement")
		}
		p := &a.Parties[i]
		if p.Code == "" || subtle.ConstantTimeCompare([]byte(p.Code), []byte(strings.TrimSpace(code))) != 1 {
			return edit{}, ErrCode
		}
		p.Mark, p.Code, p.Doubt, p.Doubted = Mark{On: DayOf(s.now()), How: ByCode}, "", "", ""
		e := s.signed(c, *a)
		e.detail = map[string]string{"role": p.Role, "how": ByCode}
		e.notices = func(c Case) []Notice { return []Notice{s.toOwner(c, c.Owner, "notice.confirmed")} }
		return e, nil
	})
	return s.atOnce(ctx, who, c, err)
}

// Signing is what was signed and sealed on paper, by days; none leaves a mark
// as it is.
type Signing struct {
	Parties  map[string]Day // by role
	Mediator Day
	Seal     Day
	Scans    []Evidence
}

// Sign records signatures on paper, the mediator's and the committee's seal.
// With the last of them a written agreement is in effect from that day. The
// scans of what was signed may come with it, or later; a picture or a PDF each,
// in the order of its pages.
func (s *Service) Sign(ctx context.Context, who access.Actor, id CaseID, g Signing, seen Seen) (Case, error) {
	c, err := s.onAgreement(ctx, who, id, OpSign, seen, func(c Case, a *Agreement) (edit, error) {
		if err := checkScans(len(a.Scans), g.Scans); err != nil {
			return edit{}, err
		}
		if err := s.mark(a, g); err != nil {
			return edit{}, err
		}
		e := s.signed(c, *a)
		e.detail = map[string]string{"how": ByPaper}
		if n := len(g.Scans); n > 0 {
			e.detail["scans"] = strconv.Itoa(n)
		}
		return e, nil
	})
	return s.atOnce(ctx, who, c, err)
}

// IsScan tells whether a file's type is one that shows a paper: a picture or a PDF.
func IsScan(mime string) bool { return strings.HasPrefix(mime, "image/") || mime == "application/pdf" }

// checkScans refuses more pages than an agreement may have, and what isn't one.
func checkScans(had int, more []Evidence) error {
	if err := checkFiles(had, more); err != nil {
		return err
	}
	if slices.ContainsFunc(more, func(e Evidence) bool { return !IsScan(e.Type) }) {
		return fault.New(fault.Invalid, "sign: a scan is a picture or a PDF")
	}
	return nil
}

// OpenScan reads the n-th scan of the signed agreement, from 0, as
// [Service.OpenFile] reads what was reported with.
func (s *Service) OpenScan(ctx context.Context, who access.Actor, id CaseID, n int) (Evidence, []byte, error) {
	d, err := s.Dossier(ctx, who, id)
	if err != nil {
		return Evidence{}, nil, err
	}
	a := d.File.Agreement
	if a == nil || n < 0 || n >= len(a.Scans) || s.opt.Files == nil {
		return Evidence{}, nil, ErrNotFound
	}
	data, err := s.opt.Files.Read(ctx, a.Scans[n].Key)
	if err != nil {
		return Evidence{}, nil, fmt.Errorf("scan %d of case %s: %w", n, id, err)
	}
	return a.Scans[n], data, nil
}

// scansOf are the scans of every agreement that a case has or had.
func scansOf(c Case) ([]Evidence, error) {
	a, err := agreementPaper.of(c)
	if err != nil {
		return nil, err
	}
	past, err := pastPaper.of(c)
	all := slices.Clone(a.Scans)
	for _, w := range slices.Concat(a.Earlier, past) {
		all = append(all, w.Was.Scans...)
		for _, e := range w.Was.Earlier {
			all = append(all, e.Was.Scans...)
		}
	}
	return all, err
}

func (s *Service) mark(a *Agreement, g Signing) error {
	today, any := DayOf(s.now()), len(g.Scans) > 0
	set := func(m *Mark, on Day) error {
		if on == "" {
			return nil
		}
		if on > today || on < DayOf(a.Made) {
			return fault.New(fault.Invalid, "sign: the day is before the agreement or yet to come")
		}
		*m, any = Mark{On: on, How: ByPaper}, true
		return nil
	}
	err := errors.Join(set(&a.Mediator, g.Mediator), set(&a.Seal, g.Seal))
	for i := range a.Parties {
		p := &a.Parties[i]
		err = errors.Join(err, set(&p.Mark, g.Parties[p.Role]))
		if g.Parties[p.Role] != "" {
			p.Doubt, p.Doubted = "", ""
		}
	}
	if err == nil && !any {
		err = fault.New(fault.Invalid, "sign: nothing was signed")
	}
	a.Scans = append(a.Scans, g.Scans...)
	return err
}

// signed has the desk take the case on once the last mark is made.
func (s *Service) signed(c Case, a Agreement) edit {
	var e edit
	if c.State == Agreed && a.Complete() {
		e.move = func(m *Move) { m.Timers = append(m.Timers, Timer{Kind: DueNext, At: m.Event.At}) }
	}
	return e
}

// atOnce lets what a change brought about happen now, rather than with the next
// tick, which does it should the process end in between.
func (s *Service) atOnce(ctx context.Context, who access.Actor, c Case, err error) (Case, error) {
	t, ok := timer(c.Timers, DueNext)
	if err != nil || !ok {
		return c, err
	}
	if err := s.carryOn(ctx, DueTimer{Case: c.ID, Timer: t}); err != nil && fault.Of(err) != fault.Conflict {
		return c, err
	}
	after, err := s.store.Case(ctx, c.ID, false)
	return forEyes(who, after), err
}

// carryOn makes the move that follows by itself: an agreement that all have
// signed is in effect, one of which all is done is performed.
func (s *Service) carryOn(ctx context.Context, t DueTimer) error {
	_, err := s.alter(ctx, access.System, t.Case, Seen{}, true, func(c Case) (Op, edit, error) {
		a, err := agreementPaper.of(c)
		if err != nil {
			return OpRemind, edit{}, err
		}
		op := OpRemind
		var e edit
		switch {
		case c.State == Agreed && a.Complete():
			op = OpEffect
			a.Effect = a.lastMark()
			e, err = s.inEffect(a)
		case c.State == Performing && a.allDone():
			op, e = OpPerform, s.performed()
		}
		then := e.move
		e.move = func(m *Move) {
			m.Fired = &t.Timer
			if then != nil {
				then(m)
			}
		}
		return op, e, err
	}, OpEffect)
	return err
}

func (s *Service) inEffect(a Agreement) (edit, error) {
	facts := map[string]string{}
	s.effectFacts(a, facts)
	e := edit{
		detail: map[string]string{"on": string(a.Effect)},
		notices: func(c Case) []Notice {
			return append(s.toParties(c, "notice.effect"), s.toOwner(c, c.Owner, "notice.effect.staff"))
		},
		move: func(m *Move) {
			m.note(facts)
			m.Timers = s.effectTimers(a, m)
		},
	}
	return e, agreementPaper.put(&e, a)
}
