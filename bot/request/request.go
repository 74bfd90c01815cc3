// Package request keeps what people ask of the data that the desk holds of
// them: to see it, to have it corrected, to have it destroyed (个人信息保护法
// 44–47, 50).
//
// The law says "in time" and names no number of days; [Options.Days] is the
// desk's own promise. What may be destroyed is for package dispute to judge.
package request

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
)

// Kind is what is asked.
type Kind string

// The kinds of requests.
const (
	See     Kind = "see"     // 查阅、复制 (45)
	Correct Kind = "correct" // 更正、补充 (46)
	Destroy Kind = "destroy" // 删除 (47)
)

// Kinds lists every kind.
func Kinds() []Kind { return []Kind{See, Correct, Destroy} }

// State is where a request stands.
type State string

// The states of a request.
const (
	Open    State = "open"
	Done    State = "done"
	Refused State = "refused" // with a reason (50); going to court is open to the person
)

// Request is one request.
type Request struct {
	ID      string
	Version int64
	Kind    Kind
	Person  string // actor id of who asks, "" for somebody at the counter
	Notify  string // bot address, "" if there is none
	Cases   []dispute.CaseID
	Numbers []dispute.Number
	Text    string // what is wrong and how it should be; sealed
	How     string // how the person was known: session, code, counter
	Asked   time.Time
	Due     time.Time
	State   State
	By      string // account that settled it
	Closed  time.Time
	Reason  string // why it was refused, as told
	Told    int    // reminders so far
}

// Store keeps requests, sealed.
type Store interface {
	// Save keeps r if the stored version is still r.Version, as the next one;
	// fault.Conflict if it isn't.
	Save(ctx context.Context, r Request, notices ...dispute.Notice) (Request, error)
	Request(ctx context.Context, id string) (Request, error) // fault.NotFound
	// Waiting lists open requests, the first due first; Settled the others, newest first.
	Waiting(ctx context.Context, limit int) ([]Request, error)
	Settled(ctx context.Context, limit int) ([]Request, error)
}

// Cases is what is asked of the cases; *dispute.Service is one.
type Cases interface {
	Progress(ctx context.Context, who access.Actor, number, code string) (dispute.Progress, error)
	MyReports(ctx context.Context, who access.Actor) ([]dispute.Progress, error)
	Find(ctx context.Context, who access.Actor, number string) (dispute.CaseID, error)
	Brief(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Case, error)
	Case(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Case, error)
	Events(ctx context.Context, who access.Actor, id dispute.CaseID) ([]dispute.Event, error)
	OpenFile(ctx context.Context, who access.Actor, id dispute.CaseID, n int) (dispute.Evidence, []byte, error)
	OpenScan(ctx context.Context, who access.Actor, id dispute.CaseID, n int) (dispute.Evidence, []byte, error)
	Dossier(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Dossier, error)
	Correct(ctx context.Context, who access.Actor, id dispute.CaseID, text string, seen dispute.Seen) (dispute.Case, error)
	Kept(c dispute.Case) dispute.Kept
	Answers(c dispute.Case) []dispute.Answered
	Erase(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Case, error)
}

var _ Cases = (*dispute.Service)(nil)

// Options tune a Service; the zero value is production.
type Options struct {
	Days     int // working days in which a request is settled; 0 means 15
	Holidays place.Holidays
	Now      func() time.Time // nil means time.Now
	// Forget erases what is kept of a person's conversation, by actor id.
	Forget func(ctx context.Context, person string) error
	// Destroyed is told once a case's key is gone, to have the logs written anew.
	Destroyed func(ctx context.Context) error
}

// Service takes requests and settles them.
type Service struct {
	store Store
	cases Cases
	opt   Options
}

// NewService returns a Service.
func NewService(store Store, cases Cases, opt Options) *Service {
	if opt.Days == 0 {
		opt.Days = 15
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return &Service{store, cases, opt}
}

const maxText = 2000

// Ask is a request as it comes in. Number and Code name one case; without them
// it is about everything of the person's.
type Ask struct {
	Kind         Kind
	Number, Code string
	Text         string
	Notify       string
}

// ErrSame says that the same was asked before and waits.
var ErrSame = fault.New(fault.Conflict, "the same request waits already")

// Ask takes a resident's request: about their own session's cases, or about the
// case of whose number they have the code.
func (s *Service) Ask(ctx context.Context, who access.Actor, a Ask) (Request, error) {
	r := Request{Person: who.ID, Notify: a.Notify, How: "session"}
	if who.ID == "" || who.Staff() {
		return r, fault.New(fault.Invalid, "a request without a person")
	}
	var mine []dispute.Progress
	if strings.TrimSpace(a.Number) != "" {
		p, err := s.cases.Progress(ctx, who, a.Number, a.Code)
		if err != nil {
			return r, err
		}
		mine, r.How = []dispute.Progress{p}, "code"
	} else {
		all, err := s.cases.MyReports(ctx, who)
		if err != nil {
			return r, err
		}
		mine = all
	}
	for _, p := range mine {
		r.Cases, r.Numbers = append(r.Cases, p.ID), append(r.Numbers, p.Number)
	}
	return s.take(ctx, r, a)
}

// AskAtCounter takes the request of somebody who came in person and whose papers
// were looked at.
func (s *Service) AskAtCounter(ctx context.Context, who access.Actor, a Ask) (Request, error) {
	if err := who.Require(access.ManageCases); err != nil {
		return Request{}, err
	}
	id, err := s.cases.Find(ctx, who, a.Number)
	if err != nil {
		return Request{}, err
	}
	c, err := s.cases.Brief(ctx, who, id)
	if err != nil {
		return Request{}, err
	}
	return s.take(ctx, Request{How: "counter", Cases: []dispute.CaseID{id}, Numbers: []dispute.Number{c.Number}}, a)
}

func (s *Service) take(ctx context.Context, r Request, a Ask) (Request, error) {
	r.Kind, r.Text = a.Kind, strings.TrimSpace(a.Text)
	switch {
	case r.Kind != See && r.Kind != Correct && r.Kind != Destroy:
		return r, fault.New(fault.Invalid, "no such kind of request")
	case r.Kind == Correct && r.Text == "" || utf8.RuneCountInString(r.Text) > maxText:
		return r, fault.New(fault.Invalid, "what is to be corrected is missing or too long")
	case r.Kind == Correct && len(r.Cases) == 0:
		return r, fault.New(fault.NotFound, "nothing is held that could be corrected")
	}
	waiting, err := s.store.Waiting(ctx, 500)
	if err != nil {
		return r, fmt.Errorf("requests: %w", err)
	}
	for _, w := range waiting {
		if w.Kind == r.Kind && w.Person == r.Person && same(w.Cases, r.Cases) && w.Text == r.Text {
			return w, ErrSame
		}
	}
	now := s.now()
	r.ID, r.Asked, r.Due, r.State = "q"+strings.ToLower(rand.Text()[:12]), now, s.after(now, s.opt.Days), Open
	r, err = s.store.Save(ctx, r, toRole(access.Clerk, "request.notice.new", r))
	if err != nil {
		return r, fmt.Errorf("requests: %w", err)
	}
	return r, nil
}

func same(a, b []dispute.CaseID) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// after is n working days later.
func (s *Service) after(t time.Time, n int) time.Time {
	for n > 0 {
		if t = t.AddDate(0, 0, 1); s.opt.Holidays.Works(t) {
			n--
		}
	}
	return t
}

func (s *Service) now() time.Time { return s.opt.Now().UTC().Truncate(time.Millisecond) }

func toRole(role access.Role, key string, r Request) dispute.Notice {
	return dispute.Notice{To: "role:" + string(role), Key: key, Data: dataOf(r)}
}

func dataOf(r Request) map[string]string {
	due := r.Due.In(time.FixedZone("CST", 8*60*60))
	return map[string]string{
		"request": r.ID, "kind": string(r.Kind), "month": fmt.Sprint(int(due.Month())), "day": fmt.Sprint(due.Day()), "reason": r.Reason,
	}
}

// Board is what the centre sees: what waits, and what was settled lately.
type Board struct{ Waiting, Settled []Request }

// Board lists requests for who manages cases.
func (s *Service) Board(ctx context.Context, who access.Actor) (Board, error) {
	if err := who.Require(access.ManageCases); err != nil {
		return Board{}, err
	}
	waiting, err := s.store.Waiting(ctx, 200)
	if err != nil {
		return Board{}, fmt.Errorf("requests: %w", err)
	}
	for _, r := range waiting {
		if err := s.note(ctx, who, r); err != nil {
			return Board{}, err
		}
	}
	settled, err := s.store.Settled(ctx, 50)
	if err != nil {
		return Board{}, fmt.Errorf("requests: %w", err)
	}
	return Board{waiting, settled}, nil
}

// note has the trail of each case say that what somebody wrote about it was read.
func (s *Service) note(ctx context.Context, who access.Actor, r Request) error {
	if r.Text == "" {
		return nil
	}
	for _, id := range r.Cases {
		if _, err := s.cases.Case(ctx, who, id); err != nil && fault.Of(err) != fault.NotFound && fault.Of(err) != fault.Denied {
			return fmt.Errorf("requests: %w", err)
		}
	}
	return nil
}

// Held is a case that can't be destroyed yet.
type Held struct {
	Number dispute.Number
	dispute.Kept
}

// ErrHeld says that some of the cases must be kept for now.
var ErrHeld = fault.New(fault.Conflict, "some of the cases must still be kept")

// Obstacles lists the cases of a request that must be kept for now.
func (s *Service) Obstacles(ctx context.Context, who access.Actor, r Request) ([]Held, error) {
	if r.Kind != Destroy {
		return nil, nil
	}
	var all []Held
	for _, id := range r.Cases {
		c, err := s.cases.Brief(ctx, who, id)
		if err != nil {
			return nil, err
		}
		if k := s.cases.Kept(c); k.Why != "" && !c.Erased() {
			all = append(all, Held{c.Number, k})
		}
	}
	return all, nil
}

// Do does what was asked, and settles the request. Done twice, it does nothing
// the second time; broken off, it goes on where it was.
func (s *Service) Do(ctx context.Context, who access.Actor, id string) (Request, error) {
	r, err := s.open(ctx, who, id)
	if err != nil || r.State == Done {
		return r, err
	}
	switch r.Kind {
	case See: // the person fetches it, or is handed it at the counter
	case Correct:
		for _, c := range r.Cases {
			if _, err := s.cases.Correct(ctx, who, c, r.Text, dispute.Seen{Token: "request:" + r.ID}); err != nil {
				return r, err
			}
		}
	case Destroy:
		if err := s.destroy(ctx, who, r); err != nil {
			return r, err
		}
	}
	return s.settle(ctx, who, r, Done, "")
}

func (s *Service) destroy(ctx context.Context, who access.Actor, r Request) error {
	held, err := s.Obstacles(ctx, who, r)
	if err != nil {
		return err
	}
	if len(held) > 0 {
		return ErrHeld
	}
	for _, id := range r.Cases {
		if _, err := s.cases.Erase(ctx, who, id); err != nil {
			return err
		}
	}
	if r.Person != "" && s.opt.Forget != nil {
		if err := s.opt.Forget(ctx, r.Person); err != nil {
			return fmt.Errorf("forget a conversation: %w", err)
		}
	}
	if s.opt.Destroyed != nil {
		return s.opt.Destroyed(ctx)
	}
	return nil
}

// Refuse doesn't do what was asked, or not now, and says why (个人信息保护法 50).
func (s *Service) Refuse(ctx context.Context, who access.Actor, id, reason string) (Request, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > maxText {
		return Request{}, fault.New(fault.Invalid, "the reason is missing or too long")
	}
	r, err := s.open(ctx, who, id)
	if err != nil || r.State == Refused {
		return r, err
	}
	return s.settle(ctx, who, r, Refused, reason)
}

func (s *Service) open(ctx context.Context, who access.Actor, id string) (Request, error) {
	if err := who.Require(access.ManageCases); err != nil {
		return Request{}, err
	}
	return s.store.Request(ctx, id)
}

func (s *Service) settle(ctx context.Context, who access.Actor, r Request, to State, reason string) (Request, error) {
	if r.State != Open {
		return r, fault.New(fault.Conflict, "the request was settled before")
	}
	r.State, r.By, r.Closed, r.Reason = to, who.ID, s.now(), reason
	var told []dispute.Notice
	if r.Notify != "" {
		told = []dispute.Notice{{To: r.Notify, Key: "request.notice." + string(to), Data: dataOf(r)}}
	}
	if to == Done && r.Kind == Destroy { // of who asked nothing stays either
		r.Person, r.Notify, r.Text = "", "", ""
	}
	return s.store.Save(ctx, r, told...)
}

// soon is how long before its day a request is called to mind.
const soon = 3 * 24 * time.Hour

// Remind tells the clerks of requests that are due in three days, and clerks
// and director of those whose day has come, each day.
func (s *Service) Remind(ctx context.Context) (int, error) {
	waiting, err := s.store.Waiting(ctx, 500)
	if err != nil {
		return 0, fmt.Errorf("requests: %w", err)
	}
	told, now := 0, s.now()
	for _, r := range waiting {
		if now.Before(r.Due.Add(-soon)) {
			continue
		}
		n := []dispute.Notice{toRole(access.Clerk, "request.notice.due", r)}
		if !now.Before(r.Due) {
			n = append(n, toRole(access.Director, "request.notice.due", r))
		}
		r.Told++
		if _, err := s.store.Save(ctx, r, n...); err != nil && fault.Of(err) != fault.Conflict {
			return told, errors.Join(fmt.Errorf("request %s", r.ID), err)
		}
		told++
	}
	return told, nil
}

// Mine lists the requests of a person's own session, newest first.
func (s *Service) Mine(ctx context.Context, who access.Actor) ([]Request, error) {
	if who.ID == "" {
		return nil, nil
	}
	waiting, err := s.store.Waiting(ctx, 500)
	if err != nil {
		return nil, fmt.Errorf("requests: %w", err)
	}
	settled, err := s.store.Settled(ctx, 500)
	if err != nil {
		return nil, fmt.Errorf("requests: %w", err)
	}
	var mine []Request
	for _, r := range append(waiting, settled...) {
		if r.Person == who.ID {
			mine = append(mine, r)
		}
	}
	return mine, nil
}
