package dispute

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Progress is what a reporter may know of a case: no text, no other people.
type Progress struct {
	ID        CaseID
	Number    Number
	State     State
	Category  string // key
	Territory string // as people call it
	Mediator  string // what the mediator is called, "" while there is none
	Outcome   Outcome
	Facts     map[string]string // refer_to, reason, basis of a referral
	Filed     time.Time
	Changed   time.Time
	Due       time.Time
	Open      bool   // it can still be withdrawn or added to
	Into      Number // the case that it was merged into and that is told of, "" if none
	IntoID    CaseID
	Objected  bool // another mediator was asked for, and it isn't decided yet
	MayRate   bool // how it went can be said
	InHand    bool // a mediator works on it, so another can be asked for
}

// Progress tells where a case stands, to its reporter, or to whoever has the
// code that the reporter got with the number. A number that isn't there and
// one that isn't theirs get the same [ErrNotFound].
func (s *Service) Progress(ctx context.Context, who access.Actor, number, code string) (Progress, error) {
	year, serial, ok := s.reg.Number.Parse(number, s.now().In(shanghai).Year())
	if !ok {
		return Progress{}, ErrNotFound
	}
	id, err := s.store.ByNumber(ctx, year, serial)
	if err != nil {
		return Progress{}, fmt.Errorf("progress of %d-%d: %w", year, serial, err)
	}
	c, err := s.store.Case(ctx, id, false)
	if err != nil {
		return Progress{}, fmt.Errorf("progress of %s: %w", id, err)
	}
	if c.Reporter != who.ID && !sameCode(c.Code, code) {
		return Progress{}, ErrNotFound
	}
	return s.progress(ctx, c)
}

func sameCode(a, b string) bool {
	b = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(b))
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// progress tells of the case itself, or of the one that it was merged into,
// under its own number.
func (s *Service) progress(ctx context.Context, c Case) (Progress, error) {
	now, err := s.followed(ctx, c)
	if err != nil {
		return Progress{}, fmt.Errorf("progress of %s: %w", c.ID, err)
	}
	p := Progress{
		ID: c.ID, Number: c.Number, State: now.State, Category: c.Category, Territory: s.reg.Label(c.Territory), Mediator: now.OwnerName,
		Outcome: now.Outcome, Facts: toldFacts(now.Facts), Filed: c.Filed, Changed: now.Changed, Due: now.Due, Open: c.State.Open(),
		Objected: c.Objected(), MayRate: slices.Contains(visited, c.State), InHand: slices.Contains(working, c.State),
	}
	if now.ID != c.ID {
		p.Into, p.IntoID = now.Number, now.ID
	}
	return p, nil
}

// toldFacts are those that are the reporter's to know: none of other people.
func toldFacts(all map[string]string) map[string]string {
	told := map[string]string{}
	for _, fact := range []string{"refer_to", "reason", "basis", "into", "into_number"} {
		if v := all[fact]; v != "" {
			told[fact] = v
		}
	}
	return told
}

// MyReports tells a reporter where each of their cases stands, newest first.
func (s *Service) MyReports(ctx context.Context, who access.Actor) ([]Progress, error) {
	if who.ID == "" {
		return nil, nil
	}
	cases, _, err := s.store.Cases(ctx, Filter{Reporter: who.ID, Limit: 50})
	if err != nil {
		return nil, fmt.Errorf("reports of %s: %w", who.ID, err)
	}
	var all []Progress
	for _, c := range cases {
		p, err := s.progress(ctx, c)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Queue lists what waits in the actor's territories, first to be taken first,
// without personal data.
func (s *Service) Queue(ctx context.Context, who access.Actor, limit int) ([]Case, error) {
	if err := who.Require(access.SeeQueue); err != nil {
		return nil, err
	}
	cases, err := s.store.Queue(ctx, s.territories(who), limit)
	if err != nil {
		return nil, fmt.Errorf("queue of %s: %w", who.ID, err)
	}
	back, err := s.sentBack(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("queue of %s: %w", who.ID, err)
	}
	if cases = append(cases, back...); len(back) > 0 {
		slices.SortStableFunc(cases, func(a, b Case) int {
			return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.Filed.Compare(b.Filed), cmp.Compare(a.ID, b.ID))
		})
	}
	return ownGridFirst(cases, who), nil
}

// ownGridFirst has, among cases equally urgent, those of the mediator's own grids
// come first.
func ownGridFirst(cases []Case, who access.Actor) []Case {
	own := func(c Case) int {
		if c.Grid() != "" && slices.Contains(who.Grids, access.GridKey(c.Territory, c.Grid())) {
			return 0
		}
		return 1
	}
	if len(who.Grids) > 0 {
		slices.SortStableFunc(cases, func(a, b Case) int { return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(own(a), own(b))) })
	}
	return cases
}

// territories are those that who covers; the centre's cases are everybody's
// who covers the whole sub-district.
func (s *Service) territories(who access.Actor) []string {
	if len(who.Territories) > 0 {
		return who.Territories
	}
	return s.reg.Territories()
}

// Mine lists the cases that a mediator has in hand, those to be closed
// included, most urgent deadline first.
func (s *Service) Mine(ctx context.Context, who access.Actor) ([]Case, error) {
	if err := who.Require(access.WorkCase); err != nil {
		return nil, err
	}
	cases, _, err := s.store.Cases(ctx, Filter{Owner: who.ID, State: unfinished, Limit: 500})
	if err != nil {
		return nil, fmt.Errorf("cases of %s: %w", who.ID, err)
	}
	slices.SortStableFunc(cases, func(a, b Case) int {
		if a.Due.IsZero() != b.Due.IsZero() {
			if a.Due.IsZero() {
				return 1
			}
			return -1
		}
		return a.Due.Compare(b.Due)
	})
	return cases, nil
}

// Find is the case of a number as people write it, for the staff.
func (s *Service) Find(ctx context.Context, who access.Actor, number string) (CaseID, error) {
	if err := who.Require(access.SeeQueue); err != nil {
		return "", err
	}
	year, serial, ok := s.reg.Number.Parse(number, s.now().In(shanghai).Year())
	if !ok {
		return "", ErrNotFound
	}
	id, err := s.store.ByNumber(ctx, year, serial)
	if err != nil {
		return "", fmt.Errorf("case %d-%d: %w", year, serial, err)
	}
	_, err = s.Brief(ctx, who, id)
	return id, err
}

// Cases lists cases for staff, newest first, without personal data. The actor's
// territories bound the filter's; a filter by owner is for the owner or who
// manages cases.
func (s *Service) Cases(ctx context.Context, who access.Actor, f Filter) ([]Case, string, error) {
	if err := who.Require(access.SeeQueue); err != nil {
		return nil, "", err
	}
	if (f.Owner != "" && f.Owner != who.ID || f.Reporter != "") && !who.May(access.ManageCases) {
		return nil, "", fault.New(fault.Denied, who.ID+" may not list others' cases")
	}
	f.Territory = s.bounded(who, f.Territory)
	if len(f.Territory) == 0 {
		return nil, "", nil
	}
	cases, next, err := s.store.Cases(ctx, f)
	if err != nil {
		return nil, "", fmt.Errorf("list cases for %s: %w", who.ID, err)
	}
	return cases, next, nil
}

func (s *Service) bounded(who access.Actor, asked []string) []string {
	all := s.territories(who)
	if len(asked) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(asked), func(t string) bool { return !slices.Contains(all, t) })
}

// Answers are the answers to the questions of a case's type with their labels,
// if it was read with personal data.
func (s *Service) Answers(c Case) []Answered { return s.opt.Labels(c.Report.Extra) }

// Unasked lists what its type asks and nobody has answered yet, as label and
// question, while the mediator can still ask: from the report of a case that was
// read with personal data.
func (s *Service) Unasked(c Case) []Answered {
	if !slices.Contains(early, c.State) {
		return nil
	}
	return s.opt.Unasked(c.Category, c.Report.Extra)
}

// Brief reads a case without personal data. A reporter reads their own.
func (s *Service) Brief(ctx context.Context, who access.Actor, id CaseID) (Case, error) {
	c, err := s.store.Case(ctx, id, false)
	if err == nil && !knows(who, c) {
		err = ErrNotFound
	}
	if err != nil {
		return Case{}, fmt.Errorf("read case %s: %w", id, err)
	}
	return forEyes(who, c), nil
}

// forEyes takes the code off a case that isn't the reader's own report.
func forEyes(who access.Actor, c Case) Case {
	if c.Reporter != who.ID {
		c.Code = ""
	}
	return c
}

// Case reads a case with personal data, and says so in its audit trail: each
// actor once in a quarter of an hour. A mediator reads a case of their
// territory before claiming it without the parties' names and numbers.
func (s *Service) Case(ctx context.Context, who access.Actor, id CaseID) (Case, error) {
	brief, err := s.Brief(ctx, who, id)
	if err != nil {
		return Case{}, err
	}
	if err := s.mayRead(who, brief); err != nil {
		return Case{}, fmt.Errorf("read case %s: %w", id, err)
	}
	if err := s.noteRead(ctx, who, brief); err != nil {
		return Case{}, err
	}
	c, err := s.store.Case(ctx, id, true)
	if err != nil {
		return Case{}, fmt.Errorf("read case %s: %w", id, err)
	}
	if standing(who, c)&(byOwner|byManager|byReporter|byHelper) == 0 {
		c.Report = c.Report.unnamed()
	}
	if standing(who, c)&(byOwner|byManager|byHelper) == 0 {
		c.Papers = nil // they hold what others told
	}
	return forEyes(who, c), nil
}

func (s *Service) mayRead(who access.Actor, c Case) error {
	if standing(who, c)&(byReporter|byHelper) != 0 {
		return nil
	}
	if err := who.Require(access.SeePersonal); err != nil {
		return err
	}
	if standing(who, c)&moves[OpRead].by == 0 {
		return fault.New(fault.Denied, "not their case")
	}
	return nil
}

// readOnce is how long a recorded read stands for those that follow.
const readOnce = 15 * time.Minute

func (s *Service) noteRead(ctx context.Context, who access.Actor, c Case) error {
	if c.Reporter == who.ID {
		return nil
	}
	slot := s.now().Truncate(readOnce).Unix()
	token := fmt.Sprintf("read:%s:%s:%d", c.ID, who.ID, slot)
	done, err := s.store.Applied(ctx, c.ID, token)
	if err != nil || done {
		return err
	}
	_, err = s.change(ctx, who, c.ID, OpRead, Seen{Token: token}, func(Case) (edit, error) {
		return edit{move: func(m *Move) { m.Unedited = true }}, nil
	})
	return err
}

// Events is a case's audit trail: with texts for who may read the case, only
// what happened when for a reporter.
func (s *Service) Events(ctx context.Context, who access.Actor, id CaseID) ([]Event, error) {
	c, err := s.Brief(ctx, who, id)
	if err != nil {
		return nil, err
	}
	staff := standing(who, c)&(byOwner|byManager) != 0 && who.May(access.SeePersonal) || standing(who, c)&byHelper != 0
	events, err := s.store.Events(ctx, id, staff)
	if err != nil {
		return nil, fmt.Errorf("events of case %s: %w", id, err)
	}
	if standing(who, c)&^(byReporter|byParty) == 0 && !who.May(access.SeeQueue) {
		events = slices.DeleteFunc(events, func(e Event) bool { return e.To == "" || e.From == e.To })
		for i := range events {
			events[i].Actor, events[i].Detail = "", nil
		}
	}
	return events, nil
}

// Verify checks a case's audit trail; the error says what was tampered with.
func (s *Service) Verify(ctx context.Context, who access.Actor, id CaseID) error {
	if err := who.Require(access.ManageCases); err != nil {
		return err
	}
	if err := s.store.Verify(ctx, id); err != nil {
		return errors.Join(fmt.Errorf("trail of case %s", id), err)
	}
	return nil
}
