// Package party is the pages by which the two sides of a case take part in it
// themselves: the other party by a one-time link, without an account, and the
// reporter from the browser that filed the report.
//
// An address opens nothing by itself: a link belongs to the one browser that
// came in by it, a reporter's page to the reporter's session. Whoever else has
// the address reads the same page as for one that never was.
package party

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

//go:embed pages/*.html
var files embed.FS

const maxWords = 1000 // characters of a message or a reason

// Cases is what the pages ask of the case service; *dispute.Service is one.
type Cases interface {
	LookAtLink(ctx context.Context, code, browser string) (taken bool, err error)
	EnterByLink(ctx context.Context, code, browser string) error
	Guest(ctx context.Context, code, browser string) (access.Actor, dispute.CaseID, error)
	Place(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Place, error)
	AnswerAsked(ctx context.Context, who access.Actor, id dispute.CaseID, willing bool, words string, seen dispute.Seen) (dispute.Case, error)
	Appointments(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Appointments, error)
	PickTimes(ctx context.Context, who access.Actor, id dispute.CaseID, side string, slots []string, seen dispute.Seen) (dispute.Case, error)
	PutOffMeeting(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	ConfirmPresence(ctx context.Context, who access.Actor, id dispute.CaseID, as dispute.Identity, seen dispute.Seen) (dispute.Case, error)
	Object(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Supplement(ctx context.Context, who access.Actor, id dispute.CaseID, text string, files []dispute.Evidence, seen dispute.Seen) (dispute.Case, error)
	LeaveTel(ctx context.Context, who access.Actor, id dispute.CaseID, tel string, seen dispute.Seen) (dispute.Case, error)
	Aftermath(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Aftermath, error)
	Confirm(ctx context.Context, who access.Actor, id dispute.CaseID, code string, seen dispute.Seen) (dispute.Case, error)
	SayWrong(ctx context.Context, who access.Actor, id dispute.CaseID, words string, seen dispute.Seen) (dispute.Case, error)
	WishCourt(ctx context.Context, who access.Actor, id dispute.CaseID, yes bool, seen dispute.Seen) (dispute.Case, error)
	Tell(ctx context.Context, who access.Actor, id dispute.CaseID, step int, what, words string, seen dispute.Seen) (dispute.Case, error)
	Score(ctx context.Context, who access.Actor, id dispute.CaseID, score int, words string, seen dispute.Seen) (dispute.Case, error)
}

var _ Cases = (*dispute.Service)(nil)

// Deps is what the pages can't run without.
type Deps struct {
	Texts    web.Texts
	Cases    Cases
	Category func(key string) string // what people call a type of dispute
	Files    Files                   // nil: no files are taken
}

// Party is the site of the parties' pages.
type Party struct {
	d     Deps
	shell *web.Server
	pages *web.Pages
}

var _ web.Site = (*Party)(nil)

// New returns a Party.
func New(d Deps) *Party { return &Party{d: d} }

// Path is where a link's code leads.
func Path(code string) string { return "/party/" + code }

// MinePath is the reporter's page about the meetings of a case.
func MinePath(id dispute.CaseID) string { return "/mine/" + string(id) }

// Routes adds the parties' pages.
func (p *Party) Routes(s *web.Server) {
	p.shell, p.pages = s, s.Pages(files)
	s.Page("GET /party/{code}", p.open)
	s.Page("POST /party/{code}/enter", p.enter)
	s.Page("GET /party/{code}/refuse", p.askRefuse)
	s.Page("GET /party/{code}/meeting.ics", p.calendar)
	s.Upload("POST /party/{code}/{act}", p.act)
	s.Page("GET /mine/{case}", p.mine)
	s.Page("GET /mine/{case}/meeting.ics", p.calendar)
	s.Upload("POST /mine/{case}/{act}", p.act)
}

// guest is who asks for a page, and about which case.
type guest struct {
	who  access.Actor
	id   dispute.CaseID
	base string // address that the page's forms go to
}

// guestOf finds out by the link, or by the reporter's own session, who asks.
func (p *Party) guestOf(w http.ResponseWriter, r *http.Request) (guest, error) {
	private(w)
	session := web.SessionID(r)
	if code := r.PathValue("code"); code != "" {
		if err := p.shell.MayGuess(r); err != nil {
			return guest{}, err
		}
		who, id, err := p.d.Cases.Guest(r.Context(), code, session)
		return guest{who, id, Path(code)}, p.refused(r, err)
	}
	id, err := dispute.ParseCaseID(r.PathValue("case"))
	if err != nil {
		return guest{}, err
	}
	return guest{access.Actor{ID: "web:" + session, Role: access.Resident}, id, MinePath(id)}, nil
}

// private keeps an address that is a key, and what it shows, to this browser.
func private(w http.ResponseWriter) {
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
}

// refused words the refusal of a link and counts it as a guess.
func (p *Party) refused(r *http.Request, err error) error {
	switch {
	case errors.Is(err, dispute.ErrLink):
		p.shell.Guessed(r)
		return web.Explain(err, "web.error.party_link")
	case errors.Is(err, dispute.ErrOwnLink):
		return web.Explain(err, "web.error.party_own")
	}
	return err
}

// open shows what a link is for, or, in the browser that came in by it, the
// case. It uses nothing up: a preview may open it.
func (p *Party) open(w http.ResponseWriter, r *http.Request) error {
	private(w)
	if err := p.shell.MayGuess(r); err != nil {
		return err
	}
	code := r.PathValue("code")
	taken, err := p.d.Cases.LookAtLink(r.Context(), code, web.SessionID(r))
	if err != nil {
		return p.refused(r, err)
	}
	if !taken {
		return p.shell.Render(w, r, p.pages, "enter", Path(code))
	}
	return p.show(w, r, "place")
}

// forms is what the forms of a page have in common.
type forms struct {
	Base  string
	Token string
	Shown int64 // version of the case that the page shows: nobody answers what they haven't seen
}

// view is what a page shows a party of a case.
type view struct {
	forms
	dispute.Aftermath
	Type   string
	Done   bool
	Meet   meetView
	Steps  []step
	Scores []int
	Place  dispute.Place // of the other party only
	Asked  bool          // whether they are willing is still to be said
	Attach bool          // files are taken here
}

// meetView is what a page shows of a case's meetings.
type meetView struct {
	forms
	dispute.Appointments
}

// step is one thing agreed on, as a party sees it.
type step struct {
	dispute.Step
	N    int
	Mine bool // it is for this party to do
	Late bool
	Own  *dispute.Said // what this party said of it last
}

// scores are what a party may give, best first.
var scores = []int{5, 4, 3, 2, 1}

func (p *Party) show(w http.ResponseWriter, r *http.Request, page string) error {
	g, err := p.guestOf(w, r)
	if err != nil {
		return err
	}
	return p.render(w, r, g, page)
}

func (p *Party) render(w http.ResponseWriter, r *http.Request, g guest, page string) error {
	v, err := p.view(r, g)
	if err != nil {
		return gone(err)
	}
	return p.shell.Render(w, r, p.pages, page, v)
}

func (p *Party) view(r *http.Request, g guest) (view, error) {
	ctx := r.Context()
	m, err := p.d.Cases.Aftermath(ctx, g.who, g.id) // first, so that its version isn't newer than what the page shows
	if err != nil {
		return view{}, err
	}
	f := forms{Base: g.base, Token: rand.Text(), Shown: m.Version}
	v := view{forms: f, Aftermath: m, Type: p.d.Category(m.Category), Done: r.URL.Query().Has("done"), Steps: p.steps(m), Scores: scores, Attach: p.d.Files != nil}
	if r.PathValue("code") == "" {
		a, err := p.d.Cases.Appointments(ctx, g.who, g.id)
		v.Meet = meetView{f, a}
		return v, err
	}
	v.Place, err = p.d.Cases.Place(ctx, g.who, g.id)
	v.Meet = meetView{f, v.Place.Meetings}
	v.Asked = v.Place.Me.Willing == "" && v.Meet.InHand
	return v, err
}

func (p *Party) steps(m dispute.Aftermath) []step {
	if m.Consent == nil {
		return nil
	}
	today := dispute.DayOf(p.shell.Now())
	var all []step
	for i, s := range m.Consent.Agreement.Steps {
		one := step{Step: s, N: i, Mine: s.By == m.Consent.Role, Late: s.Late(today)}
		for j, said := range s.Said {
			if said.Role == m.Consent.Role {
				one.Own = &s.Said[j]
			}
		}
		all = append(all, one)
	}
	return all
}

// gone answers for a case that isn't this person's as for a link that isn't.
func gone(err error) error {
	if fault.Of(err) == fault.NotFound || fault.Of(err) == fault.Denied {
		return web.Explain(fault.As(fault.NotFound, err), "web.error.party_link")
	}
	return err
}

func (p *Party) askRefuse(w http.ResponseWriter, r *http.Request) error {
	return p.show(w, r, "refuse")
}

// enter takes the link for this browser.
func (p *Party) enter(w http.ResponseWriter, r *http.Request) error {
	private(w)
	if err := p.shell.MayGuess(r); err != nil {
		return err
	}
	code := r.PathValue("code")
	web.Again(r, Path(code))
	if r.PostFormValue("consent") == "" {
		return fault.New(fault.Invalid, "the privacy notice wasn't agreed to")
	}
	if err := p.d.Cases.EnterByLink(r.Context(), code, web.SessionID(r)); err != nil {
		return p.refused(r, err)
	}
	web.SeeOther(w, r, Path(code))
	return nil
}

// mine shows the reporter one of their cases.
func (p *Party) mine(w http.ResponseWriter, r *http.Request) error {
	g, err := p.guestOf(w, r)
	if err != nil {
		return err
	}
	return p.render(w, r, g, "mine")
}

// act does what a form of the pages asks for.
func (p *Party) act(w http.ResponseWriter, r *http.Request) error {
	g, err := p.guestOf(w, r)
	if err != nil {
		return err
	}
	act := r.PathValue("act")
	web.Again(r, standsOn(g, act))
	words := strings.TrimSpace(r.PostFormValue("words"))
	if utf8.RuneCountInString(words) > maxWords {
		return web.Explain(fault.New(fault.Invalid, "words are too long"), "web.error.long")
	}
	seen := dispute.Seen{Token: r.PostFormValue("token")}
	if seen.Version, err = strconv.ParseInt(r.PostFormValue("version"), 10, 64); err != nil || seen.Version <= 0 {
		return fault.New(fault.Invalid, "a form without the case's version")
	}
	if err := p.do(r, g, act, words, seen); err != nil {
		return worded(err)
	}
	web.SeeOther(w, r, g.base+"?done#"+anchor(act))
	return nil
}

// standsOn is the page with the form of an act.
func standsOn(g guest, act string) string {
	if act == "refuse" {
		return g.base + "/refuse"
	}
	return g.base
}

// anchor is where on the page an act is answered.
func anchor(act string) string {
	switch act {
	case "agree", "wrong":
		return "agreement"
	case "court", "rate":
		return act
	case "tell":
		return "steps"
	case "tel", "say":
		return act
	}
	return "meet"
}

func (p *Party) do(r *http.Request, g guest, act, words string, seen dispute.Seen) (err error) {
	ctx, cases := r.Context(), p.d.Cases
	switch act {
	case "willing":
		_, err = cases.AnswerAsked(ctx, g.who, g.id, true, words, seen)
	case "refuse":
		_, err = cases.AnswerAsked(ctx, g.who, g.id, false, words, seen)
	case "times":
		_, err = cases.PickTimes(ctx, g.who, g.id, "", r.PostForm["slot"], seen)
	case "none":
		_, err = cases.PickTimes(ctx, g.who, g.id, "", nil, seen)
	case "put-off":
		_, err = cases.PutOffMeeting(ctx, g.who, g.id, words, seen)
	case "say":
		seen.Version = 0 // what somebody has to say doesn't hang on what they saw
		err = p.say(r, g, words, seen)
	case "tel":
		seen.Version = 0
		if _, err = cases.LeaveTel(ctx, g.who, g.id, r.PostFormValue("tel"), seen); fault.Of(err) == fault.Invalid {
			err = web.Explain(err, "web.error.tel")
		}
	case "object":
		_, err = cases.Object(ctx, g.who, g.id, words, seen)
	case "confirm":
		_, err = cases.ConfirmPresence(ctx, g.who, g.id, dispute.Identity{
			Name: strings.TrimSpace(r.PostFormValue("name")), Last4: r.PostFormValue("last4"), Rights: r.PostFormValue("rights") != "",
		}, seen)
	default:
		return p.doAfter(r, g, act, words, seen)
	}
	return err
}

// doAfter does what a party may do once something is agreed, or the mediation
// is over.
func (p *Party) doAfter(r *http.Request, g guest, act, words string, seen dispute.Seen) (err error) {
	ctx, cases := r.Context(), p.d.Cases
	switch act {
	case "agree":
		if r.PostFormValue("read") == "" {
			return fault.New(fault.Invalid, "agreement: not said to be read")
		}
		_, err = cases.Confirm(ctx, g.who, g.id, r.PostFormValue("sign"), seen)
	case "wrong":
		_, err = cases.SayWrong(ctx, g.who, g.id, words, seen)
	case "court":
		_, err = cases.WishCourt(ctx, g.who, g.id, r.PostFormValue("wish") == dispute.SaysYes, seen)
	case "tell":
		n, perr := strconv.Atoi(r.PostFormValue("step"))
		if perr != nil {
			return fault.As(fault.Invalid, perr)
		}
		_, err = cases.Tell(ctx, g.who, g.id, n, r.PostFormValue("said"), words, seen)
	case "rate":
		n, perr := strconv.Atoi(r.PostFormValue("score"))
		if perr != nil {
			return fault.As(fault.Invalid, perr)
		}
		_, err = cases.Score(ctx, g.who, g.id, n, words, seen)
	default:
		err = fault.New(fault.NotFound, "no such thing to do")
	}
	return err
}

// worded gives the refusals that a party meets words of their own.
func worded(err error) error {
	for _, e := range []struct {
		is  error
		key string
	}{
		{dispute.ErrStale, "web.error.party_stale"},
		{dispute.ErrIdentity, "web.error.identity"},
		{dispute.ErrTries, "web.error.tries"},
		{dispute.ErrNoMeeting, "web.error.no_meeting"},
		{dispute.ErrBusy, "web.error.slot_gone"},
		{dispute.ErrCode, "web.error.agree_code"},
		{dispute.ErrMove, "web.error.party_over"},
		{dispute.ErrFull, "web.error.share"},
	} {
		if errors.Is(err, e.is) {
			return web.Explain(err, e.key)
		}
	}
	return gone(err)
}

// calendar answers with the booked meeting as a file for people's calendars.
func (p *Party) calendar(w http.ResponseWriter, r *http.Request) error {
	g, err := p.guestOf(w, r)
	if err != nil {
		return err
	}
	a, err := p.d.Cases.Appointments(r.Context(), g.who, g.id)
	if err != nil {
		return gone(err)
	}
	if a.Booked == nil {
		return web.Explain(dispute.ErrNoMeeting, "web.error.no_meeting")
	}
	place := p.d.Texts.Say("web.where."+string(a.Booked.Where), nil)
	if a.Booked.Place != "" {
		place += " " + a.Booked.Place
	}
	return p.shell.WriteCalendar(w, web.Meeting{
		UID: fmt.Sprintf("%s-%s@anjie", a.Case, a.Booked.ID), Sequence: a.Version, At: a.Booked.At, Minutes: a.Booked.Minutes, Place: place,
		Title: p.d.Texts.Say("web.meet.ics.title", map[string]any{"Number": a.Number}), Note: p.d.Texts.Say("web.meet.ics.note", nil),
	})
}
