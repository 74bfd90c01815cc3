// Package console is the staff's pages: the queue and the cases, the
// publicity calendar, questions passed to people, what was asked in vain, the
// FAQs that the desk writes, and accounts.
//
// It shows what the services tell and does what they allow; permission is
// theirs to judge. A button that a role has no use for is not shown, but the
// service would refuse it all the same.
package console

import (
	"context"
	"embed"
	"net/http"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/entry"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/content"
)

//go:embed pages/*.html
var files embed.FS

// Cases is what the console asks of the case service; *dispute.Service is one.
type Cases interface {
	Meetings
	Queue(ctx context.Context, who access.Actor, limit int) ([]dispute.Case, error)
	Mine(ctx context.Context, who access.Actor) ([]dispute.Case, error)
	Cases(ctx context.Context, who access.Actor, f dispute.Filter) ([]dispute.Case, string, error)
	Brief(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Case, error)
	Case(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Case, error)
	Answers(c dispute.Case) []dispute.Answered
	Unasked(c dispute.Case) []dispute.Answered
	Events(ctx context.Context, who access.Actor, id dispute.CaseID) ([]dispute.Event, error)
	Claim(ctx context.Context, who access.Actor, id dispute.CaseID, seen dispute.Seen) (dispute.Case, error)
	Release(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Reassign(ctx context.Context, who access.Actor, id dispute.CaseID, to access.Actor, reason string, seen dispute.Seen) (dispute.Case, error)
	Advance(ctx context.Context, who access.Actor, id dispute.CaseID, op dispute.Op, note string, seen dispute.Seen) (dispute.Case, error)
	RecordOutcome(ctx context.Context, who access.Actor, id dispute.CaseID, r dispute.Result, seen dispute.Seen) (dispute.Case, error)
	Refer(ctx context.Context, who access.Actor, id dispute.CaseID, g dispute.Gate, seen dispute.Seen) (dispute.Case, error)
	Decline(ctx context.Context, who access.Actor, id dispute.CaseID, g dispute.Gate, seen dispute.Seen) (dispute.Case, error)
	Withdraw(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	OpenFile(ctx context.Context, who access.Actor, id dispute.CaseID, n int) (dispute.Evidence, []byte, error)
	OpenExhibit(ctx context.Context, who access.Actor, id dispute.CaseID, n int) (dispute.Evidence, []byte, error)
	Supplement(ctx context.Context, who access.Actor, id dispute.CaseID, text string, files []dispute.Evidence, seen dispute.Seen) (dispute.Case, error)
	Teamwork
}

// Teamwork is who works on a case, by when, and what is said.
type Teamwork interface {
	File(ctx context.Context, who access.Actor, f dispute.Filing) (dispute.Case, error)
	Next(ctx context.Context, who access.Actor, seen dispute.Seen) (dispute.Case, error)
	Helping(ctx context.Context, who access.Actor) ([]dispute.Case, error)
	MyReports(ctx context.Context, who access.Actor) ([]dispute.Progress, error)
	Find(ctx context.Context, who access.Actor, number string) (dispute.CaseID, error)
	Alike(ctx context.Context, who access.Actor, id dispute.CaseID) ([]dispute.Like, error)
	AlikeReport(ctx context.Context, who access.Actor, r dispute.Report) ([]dispute.Like, error)
	Offer(ctx context.Context, who access.Actor, id dispute.CaseID, to access.Actor, reason string, seen dispute.Seen) (dispute.Case, error)
	SendBack(ctx context.Context, who access.Actor, id dispute.CaseID, village, reason string, seen dispute.Seen) (dispute.Case, error)
	TurnBack(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Take(ctx context.Context, who access.Actor, id dispute.CaseID, seen dispute.Seen) (dispute.Case, error)
	TurnDown(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Invite(ctx context.Context, who access.Actor, id dispute.CaseID, helper access.Actor, why string, seen dispute.Seen) (dispute.Case, error)
	InviteOffice(ctx context.Context, who access.Actor, id dispute.CaseID, office dispute.Person, why string, seen dispute.Seen) (dispute.Case, error)
	Dismiss(ctx context.Context, who access.Actor, id dispute.CaseID, helper, why string, seen dispute.Seen) (dispute.Case, error)
	Object(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Replace(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Keep(ctx context.Context, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) (dispute.Case, error)
	Extend(ctx context.Context, who access.Actor, id dispute.CaseID, x dispute.Extension, seen dispute.Seen) (dispute.Case, error)
	Message(ctx context.Context, who access.Actor, id dispute.CaseID, text string, seen dispute.Seen) (dispute.Case, error)
	Acknowledge(ctx context.Context, who access.Actor, id dispute.CaseID, seen dispute.Seen) (dispute.Case, error)
	Telephoned(ctx context.Context, who access.Actor, id dispute.CaseID, marks []string, words string, seen dispute.Seen) (dispute.Case, error)
	Holdings(ctx context.Context, who access.Actor, account string) (dispute.Holdings, error)
	HandOver(ctx context.Context, who access.Actor, account, reason string, plan func(dispute.Case) (dispute.Receiver, bool)) (map[string]int, error)
	PassOn(ctx context.Context, who access.Actor, id dispute.CaseID, to access.Actor, reason string, seen dispute.Seen) (dispute.Case, error)
	Locate(ctx context.Context, who access.Actor, id dispute.CaseID, grid, why string, seen dispute.Seen) (dispute.Case, error)
	Rate(ctx context.Context, who access.Actor, id dispute.CaseID, p dispute.Priority, why string, seen dispute.Seen) (dispute.Case, error)
	Merge(ctx context.Context, who access.Actor, id, into dispute.CaseID, seen dispute.Seen) (dispute.Case, error)
	Outcomes
}

// Publicity is what the console asks of the calendar; *publicity.Service is one.
type Publicity interface {
	Year(ctx context.Context, year int) ([]publicity.Slot, error)
	Slot(ctx context.Context, id string) (publicity.Slot, []publicity.Release, error)
	Item(id string) (content.Item, error)
	Approve(ctx context.Context, who access.Actor, slot string) (publicity.Slot, error)
	Unapprove(ctx context.Context, who access.Actor, slot string) (publicity.Slot, error)
	Skip(ctx context.Context, who access.Actor, slot string) (publicity.Slot, error)
	Schedule(ctx context.Context, who access.Actor, slot string, at time.Time) (publicity.Slot, error)
	Settle(ctx context.Context, who access.Actor, slot, outlet, ref string) error
}

// Questions is what residents asked a person; *bot.Bot keeps them.
type Questions interface {
	Waiting(ctx context.Context, who access.Actor, limit int) ([]bot.Handover, error)
	Reply(ctx context.Context, who access.Actor, id, text string) error
}

var (
	_ Cases     = (*dispute.Service)(nil)
	_ Publicity = (*publicity.Service)(nil)
	_ Questions = (*bot.Bot)(nil)
)

// Deps is what the console can't run without, save Official.
type Deps struct {
	Texts     web.Texts
	Accounts  access.Accounts
	Cases     Cases
	Publicity Publicity
	Questions Questions
	Sorter    Sorter
	Roster    Roster
	Staffing  *access.Staffing
	Needs     Needs
	Entries   Entries
	Shelf     Shelf
	Laws      *content.Laws
	Statutes  Statutes
	// Flags lists the entries that want to be read again.
	Flags func(ctx context.Context) ([]entry.Flag, error)
	// Opinions tells how often each entry was called useful and useless, by
	// "<entry>:yes" and "<entry>:no".
	Opinions   func(ctx context.Context) (map[string]int, error)
	Requests   Requests // nil: there is no page for them
	People     People
	Register   *place.Register
	Categories []content.Category
	Offices    []content.Office
	Dossier    *content.Dossier
	Files      bot.Files // nil: nothing can be attached
	// Official makes an item's page for the official account's editor; nil
	// leaves the download out.
	Official func(content.Item) ([]byte, error)
}

// Options tune the console; the zero value is production.
type Options struct {
	SignIn time.Duration    // how long a one-time link lasts; 0 means 10 minutes
	Zone   *time.Location   // of days and hours; nil means UTC+8
	Now    func() time.Time // nil means time.Now
}

// Console is the site of the staff's pages.
type Console struct {
	d     Deps
	opt   Options
	shell *web.Server
	pages *web.Pages
	types map[string]content.Category
}

var _ web.Site = (*Console)(nil)

// New returns a Console.
func New(d Deps, opt Options) *Console {
	if opt.SignIn == 0 {
		opt.SignIn = 10 * time.Minute
	}
	if opt.Zone == nil {
		opt.Zone = time.FixedZone("UTC+8", 8*60*60)
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	c := &Console{d: d, opt: opt, types: map[string]content.Category{}}
	for _, t := range d.Categories {
		c.types[t.Key] = t
	}
	return c
}

// Routes adds the staff's pages.
func (c *Console) Routes(s *web.Server) {
	c.shell, c.pages = s, s.Pages(files)
	s.Page("GET /console/sign-in", c.askSignIn)
	s.Page("GET /console/in/{code}", c.confirmSignIn)
	s.Page("POST /console/in", c.signIn)
	s.Staff("POST /console/out", c.signOut)
	s.Staff("GET /console", c.home)
	s.Staff("GET /console/work", c.work)
	s.Staff("GET /console/cases", c.allCases)
	s.Staff("GET /console/cases/{id}", c.showCase)
	s.Staff("GET /console/find", c.find)
	s.Staff("GET /console/duty", c.duty)
	s.Staff("POST /console/duty/hand", c.handOver)
	s.Staff("POST /console/duty/{act}", c.setLeave)
	s.Staff("GET /console/file", c.askFile)
	s.Staff("POST /console/file", c.fileFor)
	s.Staff("POST /console/file/check", c.judge)
	s.Staff("POST /console/next", c.next)
	s.Staff("GET /console/cases/{id}/files/{n}", c.file)
	s.Staff("GET /console/cases/{id}/scans/{n}", c.file)
	s.Staff("GET /console/cases/{id}/exhibits/{n}", c.file)
	s.StaffUpload("POST /console/cases/{id}/{op}", c.act)
	s.Staff("GET /console/cases/{id}/together", c.together)
	s.Staff("GET /console/cases/{id}/together/meeting.ics", c.meetingFile)
	s.Staff("POST /console/cases/{id}/together/{act}", c.arrange)
	s.Staff("GET /console/meetings", c.week)
	s.Staff("GET /console/cases/{id}/agreement", c.showAgreement)
	s.Staff("GET /console/cases/{id}/dossier", c.showDossier)
	s.Staff("GET /console/cases/{id}/dossier.docx", c.dossierDocx)
	s.Staff("GET /console/cases/{id}/dossier.zip", c.dossierZip)
	s.Staff("GET /console/cases/{id}/court.docx", c.courtDocx)
	s.Staff("GET /console/cases/{id}/papers/{key}", c.paper)
	s.Staff("GET /console/questions", c.questions)
	s.Staff("POST /console/questions/{id}", c.answer)
	s.Staff("GET /console/needs", c.needs)
	s.Staff("POST /console/needs/{act}", c.decideNeeds)
	s.Staff("GET /console/entries", c.entries)
	s.Staff("GET /console/entries/new", c.editEntry)
	s.Staff("POST /console/entries", c.saveEntry)
	s.Staff("GET /console/entries/{id}", c.showEntry)
	s.Staff("GET /console/entries/{id}/edit", c.editEntry)
	s.Staff("POST /console/entries/{id}", c.saveEntry)
	s.Staff("POST /console/entries/{id}/{act}", c.changeEntry)
	s.Staff("GET /console/laws", c.laws)
	s.Staff("GET /console/laws/changes", c.lawChanges)
	c.requestRoutes(s)
	s.Staff("GET /console/publicity", c.year)
	s.Staff("GET /console/publicity/{year}/{item}", c.showItem)
	s.Staff("GET /console/publicity/{year}/{item}/official.html", c.official)
	s.Staff("POST /console/publicity/{year}/{item}/{act}", c.review)
	s.Staff("GET /console/accounts", c.accounts)
	s.Staff("POST /console/accounts", c.newAccount)
	s.Staff("GET /console/accounts/{id}", c.showAccount)
	s.Staff("GET /console/accounts/{id}/leave", c.showLeaving)
	s.Staff("POST /console/accounts/{id}/{act}", c.changeAccount)
}

// home leads to where somebody's work is.
func (c *Console) home(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	switch {
	case who.May(access.SeeQueue):
		web.SeeOther(w, r, "/console/work")
	case who.May(access.EditItems):
		web.SeeOther(w, r, "/console/publicity")
	default:
		return who.Require(access.SeeQueue)
	}
	return nil
}

func (c *Console) render(w http.ResponseWriter, r *http.Request, page string, data any) error {
	return c.shell.Render(w, r, c.pages, page, data)
}
