package console

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rsc.io/qr"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// Meetings is what the console asks of the case service about the other parties
// and the meetings; *dispute.Service is one.
type Meetings interface {
	InviteParty(ctx context.Context, who access.Actor, id dispute.CaseID, in dispute.Invitation, seen dispute.Seen) (dispute.Case, string, error)
	UninviteParty(ctx context.Context, who access.Actor, id dispute.CaseID, n int, gone bool, seen dispute.Seen) (dispute.Case, error)
	OfferTimes(ctx context.Context, who access.Actor, id dispute.CaseID, slots []dispute.Slot, seen dispute.Seen) (dispute.Case, error)
	PickTimes(ctx context.Context, who access.Actor, id dispute.CaseID, side string, slots []string, seen dispute.Seen) (dispute.Case, error)
	BookTime(ctx context.Context, who access.Actor, id dispute.CaseID, sl dispute.Slot, seen dispute.Seen) (dispute.Case, error)
	PutOffMeeting(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	RecordSession(ctx context.Context, who access.Actor, id dispute.CaseID, rec dispute.Session, seen dispute.Seen) (dispute.Case, error)
	Week(ctx context.Context, who access.Actor, from, to time.Time) ([]dispute.Case, error)
	Warning(sl dispute.Slot) string
}

var _ Meetings = (*dispute.Service)(nil)

type togetherView struct {
	row
	People  dispute.People
	Meet    dispute.Meetings
	Others  []other
	Sides   []side
	Offered []offered
	Off     []string
	Wheres  []dispute.Where
	Rows    []int
	Today   string
	Clock   string
	Now     time.Time
	Warn    string // of what is booked
	Token   string
	Done    bool
	May     bool // something can still be arranged
	Hold    bool // and this is its mediator

	Link string // just made, shown once
	QR   template.URL
	For  string
}

// other is an other party with how far they are.
type other struct {
	dispute.Other
	Status string // end of a text key
	Missed int
}

// side is one of the sides as people call it.
type side struct {
	Key, Name string
	Present   time.Time
	Wrong     int
}

type offered struct {
	dispute.Offer
	By   []string // who it suits
	Warn string
}

const offerRows = 4

// meets tells whether a case's other party and meetings are somebody's to see to.
func meets(who access.Actor, ca dispute.Case) bool {
	return ca.Owner == who.ID || who.May(access.ManageCases)
}

// together shows the other parties and the meetings of a case.
func (c *Console) together(w http.ResponseWriter, r *http.Request) error {
	id, err := dispute.ParseCaseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.showTogether(w, r, id, togetherView{Done: r.URL.Query().Has("done")})
}

func (c *Console) showTogether(w http.ResponseWriter, r *http.Request, id dispute.CaseID, v togetherView) error {
	who := web.Actor(r)
	ca, err := c.d.Cases.Case(r.Context(), who, id)
	if err != nil {
		return err
	}
	if !meets(who, ca) {
		return fault.New(fault.Denied, "not their case")
	}
	var err1, err2 error
	v.row = c.row(ca)
	v.People, err1 = dispute.PeopleOf(ca)
	v.Meet, err2 = dispute.MeetingsOf(ca)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	now := c.opt.Now()
	v.Token, v.Wheres, v.Now = rand.Text(), dispute.Wheres, now
	v.Today, v.Clock = now.In(c.opt.Zone).Format(time.DateOnly), now.In(c.opt.Zone).Format("15:04")
	v.Rows = make([]int, offerRows)
	v.May = ca.State.Open() && ca.State != dispute.Submitted && ca.State != dispute.Accepted
	v.Hold = v.May && ca.Owner == who.ID
	c.fill(&v, now)
	return c.render(w, r, "together", v)
}

// fill adds the names of the sides, and warnings, to what the papers say.
func (c *Console) fill(v *togetherView, now time.Time) {
	missed, names := v.Meet.Missed(), map[string]string{}
	for _, o := range v.People.Present() {
		v.Others = append(v.Others, other{o, statusOf(o, now), missed[strconv.Itoa(o.N)]})
		names[strconv.Itoa(o.N)] = o.Name
	}
	name := func(key string) string {
		if n, ok := names[key]; ok {
			return n
		}
		if key != dispute.SideReporter && key != dispute.SideOther && key != "desk" {
			return key
		}
		return c.d.Texts.Say("web.together.side."+key, nil)
	}
	for _, key := range dispute.SidesOf(v.People) {
		s := side{Key: key, Name: name(key)}
		if b := v.Meet.Booked; b != nil {
			s.Present, s.Wrong = b.Present[key], b.Tries[key]
		}
		v.Sides = append(v.Sides, s)
	}
	for _, o := range v.Meet.Offered {
		of := offered{Offer: o, Warn: c.d.Cases.Warning(o.Slot)}
		for _, key := range o.Picked {
			of.By = append(of.By, name(key))
		}
		v.Offered = append(v.Offered, of)
	}
	if v.Meet.Booked != nil {
		v.Warn = c.d.Cases.Warning(v.Meet.Booked.Slot)
	}
	for _, o := range v.Meet.PutOff {
		v.Off = append(v.Off, c.d.Texts.Say("web.together.off", map[string]any{
			"At": o.At.In(c.opt.Zone).Format("01-02 15:04"), "By": name(o.By), "Why": o.Reason,
		}))
	}
}

func statusOf(o dispute.Other, now time.Time) string {
	switch {
	case o.Willing != "":
		return o.Willing
	case o.Link == "":
		return "back"
	case !o.Entered.IsZero():
		return "entered"
	case now.After(o.Until):
		return "expired"
	}
	return "invited"
}

// arrange does what a form about parties and meetings asks for.
func (c *Console) arrange(w http.ResponseWriter, r *http.Request) error {
	id, seen, err := posted(r)
	if err != nil {
		return err
	}
	if r.PathValue("act") == "invite" {
		return c.inviteParty(w, r, id, seen)
	}
	if err := c.arranged(r, id, seen); err != nil {
		return arranging(err)
	}
	web.SeeOther(w, r, "/console/cases/"+string(id)+"/together?done")
	return nil
}

func (c *Console) arranged(r *http.Request, id dispute.CaseID, seen dispute.Seen) (err error) {
	ctx, who := r.Context(), web.Actor(r)
	n, _ := strconv.Atoi(r.PostFormValue("party")) // 0 is nobody's
	switch r.PathValue("act") {
	case "take-back":
		_, err = c.d.Cases.UninviteParty(ctx, who, id, n, false, seen)
	case "gone":
		_, err = c.d.Cases.UninviteParty(ctx, who, id, n, true, seen)
	case "times":
		_, err = c.d.Cases.OfferTimes(ctx, who, id, c.slotsOf(r), seen)
	case "pick":
		_, err = c.d.Cases.PickTimes(ctx, who, id, r.PostFormValue("side"), r.PostForm["slot"], seen)
	case "book":
		_, err = c.d.Cases.BookTime(ctx, who, id, c.slotOf(r), seen)
	case "put-off":
		_, err = c.d.Cases.PutOffMeeting(ctx, who, id, strings.TrimSpace(r.PostFormValue("note")), seen)
	case "hold":
		seen.Version = 0 // it was held, whatever else happened meanwhile
		_, err = c.d.Cases.RecordSession(ctx, who, id, c.sessionOf(r), seen)
	default:
		err = errNoSuchAct
	}
	return err
}

// inviteParty makes a link and shows it, this once.
func (c *Console) inviteParty(w http.ResponseWriter, r *http.Request, id dispute.CaseID, seen dispute.Seen) error {
	n, _ := strconv.Atoi(r.PostFormValue("party")) // 0 is somebody new
	in := dispute.Invitation{
		N: n, Name: strings.TrimSpace(r.PostFormValue("name")), Phone: strings.TrimSpace(r.PostFormValue("phone")), Matter: strings.TrimSpace(r.PostFormValue("matter")),
	}
	_, code, err := c.d.Cases.InviteParty(r.Context(), web.Actor(r), id, in, seen)
	if err != nil {
		return arranging(err)
	}
	link := c.shell.URL(r, "/party/"+code)
	v := togetherView{Link: link, For: in.Name}
	if v.QR, err = qrOf(link); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return c.showTogether(w, r, id, v)
}

// qrOf is a link as a picture to scan.
func qrOf(link string) (template.URL, error) {
	code, err := qr.Encode(link, qr.M)
	if err != nil {
		return "", fmt.Errorf("picture of a link: %w", err)
	}
	code.Scale = 6
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())), nil //nolint:gosec // a picture that we drew
}

// slotOf reads a time from a form; one that can't be read is the zero time,
// which the service refuses.
func (c *Console) slotOf(r *http.Request) dispute.Slot {
	if id := r.PostFormValue("slot"); id != "" {
		return dispute.Slot{ID: id}
	}
	minutes, _ := strconv.Atoi(r.PostFormValue("minutes")) // 0 is too short
	return dispute.Slot{
		At: c.timeOf(r.PostFormValue("day"), r.PostFormValue("from")), Minutes: minutes, Where: dispute.Where(r.PostFormValue("where")),
		Place: strings.TrimSpace(r.PostFormValue("place")), Link: strings.TrimSpace(r.PostFormValue("link")),
	}
}

func (c *Console) timeOf(day, from string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+from, c.opt.Zone)
	if err != nil {
		return time.Time{}
	}
	return at
}

// slotsOf reads the rows of a form that were filled in.
func (c *Console) slotsOf(r *http.Request) []dispute.Slot {
	var all []dispute.Slot
	one := c.slotOf(r)
	for i, day := range r.PostForm["day"] {
		if from := r.PostForm["from"]; day != "" && i < len(from) {
			one.At = c.timeOf(day, from[i])
			all = append(all, one)
		}
	}
	return all
}

func (c *Console) sessionOf(r *http.Request) dispute.Session {
	sl := c.slotOf(r)
	text := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	rec := dispute.Session{
		At: sl.At, Minutes: sl.Minutes, Where: sl.Where, Place: sl.Place, Also: text("also"), Told: text("told") != "", About: text("about"),
		Said: text("said"), Checked: text("checked"), Risk: text("risk"), Result: text("result"),
	}
	for name, values := range r.PostForm {
		key, ok := strings.CutPrefix(name, "side-")
		if !ok || len(values) == 0 {
			continue
		}
		switch values[0] {
		case "came":
			rec.Came = append(rec.Came, key)
		case "missed":
			rec.Missed = append(rec.Missed, key)
		}
	}
	return rec
}

// arranging gives refusals about parties and meetings words of their own.
func arranging(err error) error {
	for _, e := range []struct {
		is  error
		key string
	}{
		{dispute.ErrMatter, "web.error.matter"},
		{dispute.ErrPhone, "web.error.party_phone"},
		{dispute.ErrSlot, "web.error.slot"},
		{dispute.ErrVideo, "web.error.video"},
		{dispute.ErrBusy, "web.error.busy_slot"},
		{dispute.ErrBooked, "web.error.booked"},
		{dispute.ErrNoMeeting, "web.error.no_meeting"},
	} {
		if errors.Is(err, e.is) {
			return web.Explain(err, e.key)
		}
	}
	return worded(err)
}

// meetingFile answers with a case's booked meeting for the mediator's calendar.
func (c *Console) meetingFile(w http.ResponseWriter, r *http.Request) error {
	id, err := dispute.ParseCaseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	ca, err := c.d.Cases.Case(r.Context(), web.Actor(r), id)
	if err != nil {
		return err
	}
	m, err := dispute.MeetingsOf(ca)
	if err != nil {
		return err
	}
	if m.Booked == nil {
		return web.Explain(dispute.ErrNoMeeting, "web.error.no_meeting")
	}
	place := strings.TrimSpace(c.d.Texts.Say("web.where."+string(m.Booked.Where), nil) + " " + m.Booked.Place)
	return c.shell.WriteCalendar(w, web.Meeting{
		UID: fmt.Sprintf("%s-%s@anjie", ca.ID, m.Booked.ID), Sequence: ca.Version, At: m.Booked.At, Minutes: m.Booked.Minutes, Place: place,
		Title: c.d.Texts.Say("web.meet.ics.title", map[string]any{"Number": ca.Number}), Note: m.Booked.Link,
	})
}
