package dispute

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
)

// attempts is how often a change is tried again when another got in between.
const attempts = 8

// Options tune a Service; the zero value is production without holidays.
type Options struct {
	Deadlines Deadlines
	Holidays  place.Holidays
	Duty      Duty                                                      // who is on duty; nil means that every territory has somebody
	OpenCases int                                                       // that a resident may have at once; 0 means 10
	Opens     time.Duration                                             // of the office, since midnight; 0 means 8:30
	Closes    time.Duration                                             // likewise; 0 means 17:30
	Category  func(key string) string                                   // what people call a type of dispute; nil means the key itself
	Labels    func(extra map[string]string) []Answered                  // of the answers to a type's questions, in order; nil: they stay without
	Unasked   func(category string, extra map[string]string) []Answered // questions of a type that have no answer yet, as label and question; nil: none
	Routes    func(category string) Route                               // where to go when mediation fails; nil means that nothing is told
	Checks    []Check                                                   // of an agreement's wording, before judicial confirmation
	Withheld  string                                                    // what stands in papers and agreements in the place of a withheld name
	Forms     []Form                                                    // the papers of a dossier; none demands none
	Files     Files                                                     // opens what people attached; nil: nothing was
	Archive   Archive                                                   // nil: archived cases stay in the store
	Now       func() time.Time                                          // nil means time.Now; with Redis, its clock
	Log       *slog.Logger                                              // nil means slog.Default()
}

// Service is what can be done to cases. Permission and input are judged here,
// the state by the store.
type Service struct {
	store Store
	reg   *place.Register
	opt   Options
	cal   calendar
}

// NewService returns a Service over store, which it doesn't close.
func NewService(store Store, reg *place.Register, opt Options) *Service {
	opt.Deadlines = opt.Deadlines.complete()
	if opt.OpenCases == 0 {
		opt.OpenCases = 10
	}
	if opt.Opens == 0 {
		opt.Opens = 8*time.Hour + 30*time.Minute
	}
	if opt.Closes == 0 {
		opt.Closes = 17*time.Hour + 30*time.Minute
	}
	if opt.Category == nil {
		opt.Category = func(key string) string { return key }
	}
	if opt.Labels == nil {
		opt.Labels = func(map[string]string) []Answered { return nil }
	}
	if opt.Unasked == nil {
		opt.Unasked = func(string, map[string]string) []Answered { return nil }
	}
	if opt.Routes == nil {
		opt.Routes = func(string) Route { return Route{} }
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	return &Service{store: store, reg: reg, opt: opt, cal: calendar{opt.Holidays}}
}

// Seen is what an actor had before them when they acted. The zero value asks
// for no check.
type Seen struct {
	Version int64  // of the case on their screen; a later edit makes the call fail with [ErrStale]
	Token   string // of the button or form; pressed twice, it acts once
}

// edit is what an operation wants changed beside state, event and timers,
// which the lifecycle says.
type edit struct {
	detail  map[string]string
	text    string            // personal, sealed
	papers  map[string]string // parts of the file to set, see paper
	notices func(after Case) []Notice
	spoken  bool          // whoever did it has spoken to all parties: nobody has to telephone
	move    func(m *Move) // last touches
}

// change does op to a case: reads it, asks whether who may, builds the move
// and has the store make it, again if the case changed in between.
func (s *Service) change(ctx context.Context, who access.Actor, id CaseID, op Op, seen Seen, build func(Case) (edit, error)) (Case, error) {
	return s.alter(ctx, who, id, seen, false, func(c Case) (Op, edit, error) {
		e, err := build(c)
		return op, e, err
	}, op)
}

// amend is change for an operation that builds on what is sealed: build is
// given the case with personal data and papers.
func (s *Service) amend(ctx context.Context, who access.Actor, id CaseID, op Op, seen Seen, build func(Case) (edit, error)) (Case, error) {
	return s.alter(ctx, who, id, seen, true, func(c Case) (Op, edit, error) {
		e, err := build(c)
		return op, e, err
	}, op)
}

// choose is change where the operation depends on the case; asked is the one
// that who asked for, and is judged first.
func (s *Service) choose(
	ctx context.Context, who access.Actor, id CaseID, seen Seen, build func(Case) (Op, edit, error), asked Op,
) (Case, error) {
	return s.alter(ctx, who, id, seen, false, build, asked)
}

func (s *Service) alter(
	ctx context.Context, who access.Actor, id CaseID, seen Seen, personal bool, build func(Case) (Op, edit, error), asked Op,
) (Case, error) {
	var err error
	remember := !personal
	for range attempts {
		var c Case
		var old bool
		if c, old, err = s.latest(ctx, id, personal, remember); err != nil {
			break
		}
		remember = false
		var known Case
		if known, err = s.withParties(ctx, who, c); err != nil {
			break
		}
		var op Op
		var e edit
		if op, e, err = s.intend(who, known, seen, build); err != nil {
			if old {
				continue // what is remembered is no ground to refuse
			}
			break
		}
		var after Case
		if after, err = s.store.Apply(ctx, c, s.moveOf(who, known, op, seen, e)); err == nil {
			s.opt.Log.InfoContext(ctx, "case changed", "case", id, "op", op, "state", after.State, "by", who.ID)
			return forEyes(who, plain(after)), nil
		}
		if !errors.Is(err, ErrStale) {
			break
		}
	}
	return s.excuse(ctx, who, id, asked, seen, err)
}

// withParties is c as it is to be judged for who. What the store keeps at hand
// of a case in an archive file doesn't say who its other parties are: for one of
// them it is read from there.
func (s *Service) withParties(ctx context.Context, who access.Actor, c Case) (Case, error) {
	if c.Shelf == "" || c.Papers != nil || !isGuest(who) {
		return c, nil
	}
	full, err := s.store.Case(ctx, c.ID, true)
	return plain(full), err
}

// latest reads a case, or remembers it, which saves a way to the store: a move
// on a case that has changed since is refused there, and made anew. Old tells
// that it was remembered.
func (s *Service) latest(ctx context.Context, id CaseID, personal, remember bool) (c Case, old bool, err error) {
	if remember {
		if c, ok := s.store.Recent(id); ok {
			return c, true, nil
		}
	}
	c, err = s.store.Case(ctx, id, personal)
	return c, false, err
}

// intend judges whether who may do what build makes of the case.
func (s *Service) intend(who access.Actor, c Case, seen Seen, build func(Case) (Op, edit, error)) (Op, edit, error) {
	if !knows(who, c) {
		return "", edit{}, ErrNotFound
	}
	op, e, err := build(c)
	return op, e, errors.Join(s.judge(who, c, op, seen), err)
}

// excuse answers a failed change: with the case as it is, if the same token
// did it before.
func (s *Service) excuse(ctx context.Context, who access.Actor, id CaseID, op Op, seen Seen, err error) (Case, error) {
	if kind := fault.Of(err); seen.Token != "" && (kind == fault.Conflict || kind == fault.Denied) {
		if done, aerr := s.store.Applied(ctx, id, seen.Token); aerr == nil && done {
			if c, rerr := s.store.Case(ctx, id, false); rerr != nil || knows(who, c) {
				return forEyes(who, c), rerr
			}
		}
	}
	return Case{}, fmt.Errorf("%s case %s by %s: %w", op, id, who.ID, err)
}

// judge asks for permission, then whether state and version are as they
// should be.
func (s *Service) judge(who access.Actor, c Case, op Op, seen Seen) error {
	if moves[op].by&byOffered != 0 && op != OpRead && !c.awaits(op) {
		return fmt.Errorf("%w: nothing is offered", ErrMove)
	}
	if standing(who, c)&moves[op].by == 0 {
		if moves[op].by&byOwner != 0 && who.May(access.WorkCase) && c.Owner != who.ID {
			return fault.As(fault.Denied, ErrOwner)
		}
		return fault.As(fault.Denied, errors.New("not theirs to do"))
	}
	if seen.Version != 0 && seen.Version < c.Edited {
		return ErrStale
	}
	if op == OpClaim && c.Owner != "" && !c.State.allows(op) {
		return ErrClaimed
	}
	if !c.State.allows(op) {
		return fmt.Errorf("%w: %s", ErrMove, c.State)
	}
	if !c.awaits(op) {
		return fmt.Errorf("%w: nothing awaits this", ErrMove)
	}
	return nil
}

// moveOf puts an operation's move together by the lifecycle.
func (s *Service) moveOf(who access.Actor, c Case, op Op, seen Seen, e edit) Move {
	now, rule := s.now(), moves[op]
	m := Move{
		From: rule.from, To: rule.to, Token: seen.Token,
		Event:  Event{At: now, Actor: who.ID, Kind: rule.done, Detail: e.detail, Text: e.text},
		Papers: e.papers,
	}
	if standing(who, c)&rule.by == byOwner {
		m.MustOwn = who.ID
	}
	if rule.to != "" {
		s.enter(&m, c, now)
	}
	if e.move != nil {
		e.move(&m)
	}
	s.tidy(&m, c)
	var told []Notice
	if e.notices != nil {
		after := s.foresee(c, m, now)
		told = alsoToMerged(after, e.notices(after))
		m.Notices = addressed(slices.Clone(told))
	}
	s.mustTell(&m, c, told, e.spoken)
	return m
}

// enter adds what coming to a state means for queue, owner, lease and timers.
func (s *Service) enter(m *Move, c Case, now time.Time) {
	var none time.Time
	m.Timers, m.Lease = s.entering(m.To, c, now), &none
	switch {
	case m.To == Accepted:
		m.Queue, m.SetOwner = Enqueue, &Owner{}
	case c.State == Accepted:
		m.Queue = Dequeue
	}
	if m.To == Claimed {
		until, _ := timer(m.Timers, DueLease)
		m.Lease = &until.At
	}
}

// foresee is the case as it will be after m, for the wording of notices.
func (s *Service) foresee(c Case, m Move, now time.Time) Case {
	if m.To != "" {
		c.State = m.To
	}
	if m.SetOwner != nil {
		c.Owner, c.OwnerName = m.SetOwner.ID, m.SetOwner.Name
	}
	c.Timers = Rerun(c.Timers, m)
	c.Due = NextDue(c.Timers)
	c.Changed = now
	c.Facts = maps.Clone(c.Facts)
	if c.Facts == nil {
		c.Facts = map[string]string{}
	}
	maps.Copy(c.Facts, m.Facts)
	if m.Outcome != "" {
		c.Outcome = m.Outcome
	}
	if m.Priority != nil {
		c.Priority = *m.Priority
	}
	return c
}

// Rerun is the list of timers after a move: a store keeps it with the case.
func Rerun(timers []Timer, m Move) []Timer {
	var after []Timer
	for _, t := range timers {
		_, changed := timer(m.Timers, t.Kind)
		if !changed && (m.Fired == nil || m.Fired.Kind != t.Kind) {
			after = append(after, t)
		}
	}
	for _, t := range m.Timers {
		if !t.At.IsZero() {
			after = append(after, t)
		}
	}
	return after
}

// ahead are reminders before a deadline and what the desk does itself, which are none of their own.
var ahead = []TimerKind{DueExpiry, DueNext, DueSoon, DueStep, DueConfirm, DueLink, DueTell}

// NextDue is the earliest of the deadlines, zero if none runs. The reminders
// before a lease's end and a meeting are none of their own, nor is what the desk
// owes itself.
func NextDue(timers []Timer) time.Time {
	var due time.Time
	for _, t := range timers {
		if !slices.Contains(ahead, t.Kind) && !ofMeeting(t.Kind) && (due.IsZero() || t.At.Before(due)) {
			due = t.At
		}
	}
	return due
}

func (s *Service) now() time.Time { return s.opt.Now().UTC().Truncate(time.Millisecond) }
