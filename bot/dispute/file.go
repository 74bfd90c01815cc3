package dispute

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

const (
	maxWhat  = 4000 // characters of a report
	maxField = 500  // characters of any other field
	maxFiles = 12
)

// Verdict is what the gate says of a report.
type Verdict string

// The verdicts. The zero Verdict leaves the decision to a clerk.
const (
	Review  Verdict = ""        // a person must look
	Yes     Verdict = "yes"     // may be mediated: accepted at once
	Refer   Verdict = "refer"   // elsewhere first
	Decline Verdict = "decline" // not to be mediated
)

// Gate is the judgement on whether a matter may be mediated here (DOMAIN §6).
type Gate struct {
	Verdict Verdict
	Rule    string // key of the rule that decided
	Office  string // key of the office to go to
	Reason  string // one plain sentence for the resident, from the content
	Basis   string // law and article as people read them
}

// Filing is a report and what comes with it.
type Filing struct {
	Report Report
	Gate   Gate
	Token  string // of the draft: filed twice, it is one case
	// For is whom a clerk or grid worker files for, an actor id; "" for
	// oneself, and for a resident whom the desk knows no id of.
	For string
	Why string // the rule that decided the report's urgency, as people read it
	// Quiet leaves out the notice with the number, when the dialogue tells it.
	Quiet bool
}

// File makes a case of a report. What the gate lets through is accepted at
// once and waits in its territory's queue; what belongs elsewhere is recorded
// with the reason; the rest waits for a clerk's review.
//
// The error is of kind Invalid if the report lacks something, [ErrTooMany] if
// the resident has too many open cases. The case's Code is for the reporter's
// eyes only.
func (s *Service) File(ctx context.Context, who access.Actor, f Filing) (Case, error) {
	if err := s.admit(who, &f); err != nil {
		return Case{}, fmt.Errorf("file report of %s: %w", who.ID, err)
	}
	c, err := s.keep(ctx, who, s.newCase(who, s.placed(ctx, &f), f))
	if err != nil {
		return Case{}, fmt.Errorf("file report of %s: %w", who.ID, err)
	}
	s.opt.Log.InfoContext(ctx, "case filed", "case", c.ID, "state", c.State, "territory", c.Territory, "category", c.Category)
	return c, nil
}

func (s *Service) admit(who access.Actor, f *Filing) error {
	if err := who.Require(access.FileCase); err != nil {
		return err
	}
	return fault.As(fault.Invalid, s.check(who, f))
}

// keep has the store keep a new case. Most need nothing more than this one way
// to the store and back: how many cases the reporter has and whether another is
// like it, the store finds out in the same step, and only if there is something
// to be looked at it asks back before it keeps anything.
func (s *Service) keep(ctx context.Context, who access.Actor, n NewCase) (Case, error) {
	if !who.Staff() {
		n.Most = s.opt.OpenCases
	}
	if n.Case.State.Open() {
		n.Look = mostLooked
	}
	var err error
	for range attempts {
		var c Case
		c, err = s.store.File(ctx, n)
		var before *LookFirst
		if !errors.As(err, &before) {
			return c, err
		}
		if before.Has > 0 {
			mine, _, err := s.store.Cases(ctx, Filter{Reporter: who.ID, State: open, Limit: s.opt.OpenCases})
			if err == nil && len(mine) >= s.opt.OpenCases {
				err = ErrTooMany
			}
			if err != nil {
				return Case{}, err
			}
			n.Most = before.Has + 1
		}
		if len(before.Alike) > 0 {
			n.Look = 0
			n.Notices = append(n.Notices, s.alikeNotice(ctx, n.Case, before.Alike)...)
		}
	}
	return Case{}, err
}

// check judges the input. A report is taken as it was told; only what no
// report can be without is asked for.
func (s *Service) check(who access.Actor, f *Filing) error {
	r := f.Report
	switch {
	case who.ID == "":
		return errors.New("nobody reports")
	case f.For != "" && !who.Staff():
		return errors.New("only staff file for others")
	case !s.reg.Takes(r.Village):
		return fmt.Errorf("territory %q takes no cases", r.Village)
	case r.Category == "":
		return errors.New("no category")
	case r.What == "":
		return errors.New("nothing is told")
	case r.Consented.IsZero():
		return errors.New("the privacy notice wasn't agreed to")
	case r.Urgency < Emergency || r.Urgency > Normal:
		return fmt.Errorf("urgency %d", r.Urgency)
	case r.Agreed != "" && !slices.Contains(Agreements, r.Agreed):
		return fmt.Errorf("agreed %q", r.Agreed)
	case len(r.Evidence) > maxFiles:
		return fmt.Errorf("%d files, %d are allowed", len(r.Evidence), maxFiles)
	}
	return checkLengths(r)
}

func checkLengths(r Report) error {
	if n := utf8.RuneCountInString(r.What); n > maxWhat {
		return fmt.Errorf("report of %d characters, %d are allowed", n, maxWhat)
	}
	fields := [...][2]string{
		{"since", r.Since},
		{"other", r.Other},
		{"wish", r.Wish},
		{"name", r.Contact.Name},
		{"phone", r.Contact.Phone},
		{"address", r.Contact.Address},
		{"category", r.Category},
		{"source", r.Source},
		{"relation", r.Relation},
		{"about", r.About},
		{"consent", r.ConsentBy},
	}
	for _, f := range fields {
		if err := checkLength(f[0], f[1]); err != nil {
			return err
		}
	}
	for name, text := range r.Extra {
		if err := checkLength(name, text); err != nil {
			return err
		}
	}
	return nil
}

func checkLength(name, text string) error {
	if n := utf8.RuneCountInString(text); n > maxField {
		return fmt.Errorf("%s of %d characters, %d are allowed", name, n, maxField)
	}
	return nil
}

// newCase is the report as a case of a territory, which is the village's own or
// the centre.
func (s *Service) newCase(who access.Actor, territory string, f Filing) NewCase {
	now, r := s.now(), f.Report
	c := Case{
		ID: newCaseID(), Number: NumberMark, State: Submitted, Territory: territory, Category: r.Category, Priority: r.Urgency,
		Source: r.Source, Reporter: who.ID, Notify: r.Contact.Address, Filed: now, Changed: now, Report: r,
	}
	if f.For != "" {
		c.Reporter = f.For
	}
	n := NewCase{
		Token: f.Token, Series: s.series(now), Traits: traits(r),
		Events: []Event{{At: now, Actor: who.ID, Kind: "filed", To: Submitted, Detail: filedDetail(f, territory)}},
	}
	n.Notices = s.decide(&c, &n, f, s.gridOf(who, territory, f), now)
	n.Timers = s.entering(c.State, c, now)
	c.Timers, c.Due = n.Timers, NextDue(n.Timers)
	n.Case = c
	if f.Quiet {
		n.Notices = n.Notices[1:]
	}
	n.Notices = addressed(n.Notices)
	return n
}

// decide brings the new case to the state that the gate says, and returns the
// notices, the reporter's first.
func (s *Service) decide(c *Case, n *NewCase, f Filing, grid string, now time.Time) []Notice {
	op, key := Op(""), "notice.review"
	switch f.Gate.Verdict {
	case Yes:
		op, key = OpAccept, "notice.filed"
	case Refer:
		op, key = OpRefer, "notice.referred"
	case Decline:
		op, key = OpDecline, "notice.declined"
	case Review:
	}
	c.Facts = f.Gate.facts()
	if f.Why != "" {
		c.Facts[factUrgency] = f.Why
	}
	if c.Territory != f.Report.Village {
		c.Facts[factVillage] = f.Report.Village
	}
	if grid != "" {
		c.Facts[factGrid] = grid
	}
	if op != "" {
		c.State = moves[op].to
		n.Events = append(n.Events, Event{
			At: now, Actor: access.System.ID, Kind: moves[op].done, From: Submitted, To: c.State, Detail: f.Gate.facts(),
		})
		if c.State != Accepted {
			c.Facts["turned"] = string(c.State)
		}
	}
	told := *c
	told.Timers = s.entering(c.State, *c, now)
	told.Due = NextDue(told.Timers)
	all := []Notice{s.toReporterWhy(told, key)}
	switch c.State { //nolint:exhaustive // the others need nobody's work
	case Accepted:
		all = append(all, s.toTerritory(told, "notice.new")...)
	case Submitted:
		all = append(all, s.toRole(told, access.Clerk, "notice.new.review"))
		if c.Priority == Emergency {
			all = append(all, s.toRole(told, access.Director, "notice.new.review"))
		}
	}
	if c.State.Open() && c.Facts[factVillage] != "" {
		all = append(all, with([]Notice{s.toRole(told, access.Clerk, "notice.noduty")}, map[string]string{"village": s.reg.Label(f.Report.Village)})...)
	}
	return all
}

// filedDetail says how a report came: by which channel, to whom the consent was
// said if it wasn't typed, and whether its village had nobody on duty.
func filedDetail(f Filing, territory string) map[string]string {
	d := map[string]string{"source": f.Report.Source}
	if f.Report.ConsentBy != "" {
		d["consent"] = "oral"
	}
	if territory != f.Report.Village {
		d["no_duty"] = f.Report.Village
	}
	return d
}

func (g Gate) facts() map[string]string {
	facts := map[string]string{}
	for _, f := range [...][2]string{{"rule", g.Rule}, {"refer_to", g.Office}, {"reason", g.Reason}, {"basis", g.Basis}} {
		if f[1] != "" {
			facts[f[0]] = f[1]
		}
	}
	return facts
}

func (s *Service) series(now time.Time) Series {
	year := now.In(shanghai).Year()
	return Series{Year: year, Form: s.reg.Number.Of(strconv.Itoa(year)), Digits: s.reg.Number.Digits}
}
