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
}

var _ Cases = (*dispute.Service)(nil)

// Deps is what the pages can't run without.
type Deps struct {
	Texts    web.Texts
	Cases    Cases
	Category func(key string) string // what people call a type of dispute
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
	s.Page("POST /party/{code}/{act}", p.act)
	s.Page("GET /mine/{case}", p.mine)
	s.Page("GET /mine/{case}/meeting.ics", p.calendar)
	s.Page("POST /mine/{case}/{act}", p.act)
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

type placeView struct {
	dispute.Place
	Base  string
	Type  string
	Token string
	Done  bool
	Meet  meetView
	Asked bool // whether they are willing is still to be said
	Talk  bool // something can be said to the mediator
}

// meetView is what a page shows of a case's meetings.
type meetView struct {
	dispute.Appointments
	Base  string
	Token string
}

func (p *Party) show(w http.ResponseWriter, r *http.Request, page string) error {
	g, err := p.guestOf(w, r)
	if err != nil {
		return err
	}
	pl, err := p.d.Cases.Place(r.Context(), g.who, g.id)
	if err != nil {
		return gone(err)
	}
	token := rand.Text()
	v := placeView{
		Place: pl, Base: g.base, Type: p.d.Category(pl.Category), Token: token, Done: r.URL.Query().Has("done"),
		Meet: meetView{pl.Meetings, g.base, token}, Talk: pl.Open,
	}
	v.Asked = pl.Me.Willing == "" && pl.Meetings.InHand
	return p.shell.Render(w, r, p.pages, page, v)
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
	if r.PostFormValue("consent") == "" {
		return fault.New(fault.Invalid, "the privacy notice wasn't agreed to")
	}
	code := r.PathValue("code")
	if err := p.d.Cases.EnterByLink(r.Context(), code, web.SessionID(r)); err != nil {
		return p.refused(r, err)
	}
	web.SeeOther(w, r, Path(code))
	return nil
}

// mine shows the reporter the meetings of one of their cases.
func (p *Party) mine(w http.ResponseWriter, r *http.Request) error {
	g, err := p.guestOf(w, r)
	if err != nil {
		return err
	}
	a, err := p.d.Cases.Appointments(r.Context(), g.who, g.id)
	if err != nil {
		return gone(err)
	}
	return p.shell.Render(w, r, p.pages, "mine", map[string]any{
		"Number": a.Number, "Meet": meetView{a, g.base, rand.Text()}, "Done": r.URL.Query().Has("done"),
	})
}

// act does what a form of the pages asks for.
func (p *Party) act(w http.ResponseWriter, r *http.Request) error {
	g, err := p.guestOf(w, r)
	if err != nil {
		return err
	}
	words := strings.TrimSpace(r.PostFormValue("words"))
	if utf8.RuneCountInString(words) > maxWords {
		return web.Explain(fault.New(fault.Invalid, "words are too long"), "web.error.long")
	}
	ctx, cases, seen := r.Context(), p.d.Cases, dispute.Seen{Token: r.PostFormValue("token")}
	switch r.PathValue("act") {
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
		_, err = cases.Supplement(ctx, g.who, g.id, words, nil, seen)
	case "object":
		_, err = cases.Object(ctx, g.who, g.id, words, seen)
	case "confirm":
		_, err = cases.ConfirmPresence(ctx, g.who, g.id, dispute.Identity{
			Name: strings.TrimSpace(r.PostFormValue("name")), Last4: r.PostFormValue("last4"), Rights: r.PostFormValue("rights") != "",
		}, seen)
	default:
		err = fault.New(fault.NotFound, "no such thing to do")
	}
	if err != nil {
		return worded(err)
	}
	web.SeeOther(w, r, g.base+"?done#meet")
	return nil
}

// worded gives the refusals that a party meets words of their own.
func worded(err error) error {
	for _, e := range []struct {
		is  error
		key string
	}{
		{dispute.ErrIdentity, "web.error.identity"},
		{dispute.ErrTries, "web.error.tries"},
		{dispute.ErrNoMeeting, "web.error.no_meeting"},
		{dispute.ErrBusy, "web.error.slot_gone"},
		{dispute.ErrMove, "web.error.party_over"},
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
