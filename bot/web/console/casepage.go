package console

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/content"
)

type caseView struct {
	row
	Desk     desk
	Told     bool // what the resident told may be read
	Named    bool // and who the parties are
	Meets    bool // the page of the other party and of meetings is theirs
	Extra    []dispute.Answered
	Unasked  []dispute.Answered // what its type asks and nobody has answered
	Events   []event
	Reads    []event
	Does     []does
	Outcomes []dispute.Outcome
	Staff    []access.Account
	Offices  []content.Office
	Office   string        // where the case was sent, as people call it
	Yuan     string        // the amount
	From     string        // the channel it came by, one of those with a name
	Next     *dispute.Slot // the meeting that is booked
	After    *after        // what followed the mediation, nil for whom it isn't
	Today    string
	choices
	Token string
	Done  bool
	Team  teamView
	Tell  []tell // who must be told by telephone

	Exhibits []exhibit // what other parties sent
}

// choices are what the forms of an outcome offer.
type choices struct {
	Judicials, VisitWays, Origins []string
	Scores                        []int
}

var outcomeChoices = choices{
	Judicials: []string{dispute.JudicialFiled, dispute.JudicialConfirmed, dispute.JudicialRejected},
	VisitWays: []string{"phone", "home", "centre", "chat", "other"},
	Origins:   []string{dispute.OriginApplied, dispute.OriginActive, dispute.OriginReferred},
	Scores:    []int{5, 4, 3, 2, 1},
}

// sources are the channels that have a name of their own.
var sources = []string{"web", "telegram", "wechat", "counter", "grid", "cli"}

func source(s string) string {
	if slices.Contains(sources, s) {
		return s
	}
	return "other"
}

// event is one entry of the trail with the names that ids stand for.
type event struct {
	dispute.Event
	Who   string
	About string // whom it is about: who was asked, given the case, refused
	Due   string // of a reminder, the deadline as people call it
}

// does is one thing to do, as a form of the page.
type does struct {
	Op   dispute.Op
	Kind string // button, note, must, outcome, reassign, office
	Main bool   // the next step: open from the start
}

// showCase shows a case with what the actor may know of it and do to it.
func (c *Console) showCase(w http.ResponseWriter, r *http.Request) error {
	id, err := dispute.ParseCaseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := c.caseView(r, id)
	if err != nil {
		return err
	}
	return c.render(w, r, "case", v)
}

func (c *Console) caseView(r *http.Request, id dispute.CaseID) (v caseView, err error) {
	who := web.Actor(r)
	v = caseView{Token: rand.Text(), Done: r.URL.Query().Has("done"), Offices: c.d.Offices, choices: outcomeChoices}
	if v.Case, v.Told, err = c.read(r.Context(), who, id); err != nil {
		return v, err
	}
	v.row = c.row(v.Case)
	v.Named = v.Told && v.Report.Contact != (dispute.Contact{Withheld: v.Report.Contact.Withheld})
	v.Meets = v.Named && meets(who, v.Case)
	if next, ok := dispute.Booked(v.Case); ok {
		v.Next = &next
	}
	v.Yuan, v.From = web.Yuan(v.Amount), source(v.Source)
	if v.Named { // else an answer may only be withheld
		v.Unasked = c.d.Cases.Unasked(v.Case)
	}
	v.Extra, v.Office = c.d.Cases.Answers(v.Case), c.officeName(v.Facts["refer_to"])
	v.Does, v.Outcomes = doable(who, v.Case)
	if v.After, err = c.after(r.Context(), who, id); err != nil {
		return v, err
	}
	v.Today = string(dispute.DayOf(c.opt.Now()))
	if v.Exhibits, err = exhibits(v.Case); err != nil {
		return v, err
	}
	if v.Tell, err = tells(who, v.Case); err != nil {
		return v, err
	}
	return v, c.around(r.Context(), who, &v)
}

// exhibit is a file of an other party, and what that party is called.
type exhibit struct {
	dispute.Exhibit
	Whose string
}

// exhibits lists what other parties sent, for who works on the case.
func exhibits(ca dispute.Case) ([]exhibit, error) {
	files, err := dispute.ExhibitsOf(ca)
	if err != nil {
		return nil, err
	}
	people, err := dispute.PeopleOf(ca)
	if err != nil {
		return nil, err
	}
	var all []exhibit
	for _, f := range files {
		x := exhibit{Exhibit: f}
		for _, o := range people.Others { // one who is no party any more has sent it all the same
			if o.N == f.Party {
				x.Whose = o.Name
			}
		}
		all = append(all, x)
	}
	return all, nil
}

// read reads a case with what was told, or, for who may not know that, without.
func (c *Console) read(ctx context.Context, who access.Actor, id dispute.CaseID) (dispute.Case, bool, error) {
	ca, err := c.d.Cases.Case(ctx, who, id)
	if fault.Of(err) != fault.Denied {
		return ca, true, err
	}
	ca, err = c.d.Cases.Brief(ctx, who, id)
	return ca, false, err
}

// around fills in the trail, the list beside the case and whom to give it to.
func (c *Console) around(ctx context.Context, who access.Actor, v *caseView) error {
	events, err := c.d.Cases.Events(ctx, who, v.ID)
	if err != nil {
		return err
	}
	names, err := c.names(ctx)
	if err != nil {
		return err
	}
	for _, e := range events {
		ev := event{e, c.actor(e.Actor, v.Case, names), about(e, names), c.deadline(e)}
		if e.Kind == "read" {
			v.Reads = append(v.Reads, ev)
		} else {
			v.Events = append(v.Events, ev)
		}
	}
	if v.Desk, err = c.desk(ctx, who); err != nil {
		return err
	}
	v.Desk.Open = v.ID
	if v.Staff, err = c.mediators(ctx, who); err != nil {
		return err
	}
	return c.team(ctx, who, v)
}

// actor names who did something: a colleague, or one of the parties.
func (c *Console) actor(id string, ca dispute.Case, names map[string]string) string {
	switch {
	case names[id] != "":
		return names[id]
	case id == ca.Reporter && id != "":
		return c.d.Texts.Say("web.signer.reporter", nil)
	case dispute.OfParty(id, ca.ID):
		return c.d.Texts.Say("web.signer.other", nil)
	}
	return ""
}

// deadline names the deadline of a reminder, and how often it has come round;
// "" of one that only a newer version knows.
func (c *Console) deadline(e dispute.Event) string {
	kind := dispute.TimerKind(e.Detail["deadline"])
	if e.Kind != "reminded" || !slices.Contains(dispute.TimerKinds, kind) {
		return ""
	}
	what := c.d.Texts.Say("web.deadline."+string(kind), nil)
	if n := e.Detail["level"]; n != "" && n != "1" {
		return c.d.Texts.Say("web.deadline.again", map[string]any{"What": what, "N": n})
	}
	return what
}

// about names whom an event is about.
func about(e dispute.Event, names map[string]string) string {
	for _, k := range []string{"to", "helper", "mediator", "from"} {
		if name := names[e.Detail[k]]; name != "" {
			return name
		}
	}
	return ""
}

// names maps account ids to what people are called.
func (c *Console) names(ctx context.Context) (map[string]string, error) {
	all, err := c.d.Accounts.List(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{access.System.ID: c.d.Texts.Say("web.case.auto", nil)}
	for _, a := range all {
		names[a.ID] = a.Name
	}
	return names, nil
}

func (c *Console) officeName(key string) string {
	for _, o := range c.d.Offices {
		if o.Key == key {
			return o.Name
		}
	}
	return key
}

// next is the step that a state waits for.
var next = map[dispute.State]dispute.Op{
	dispute.Submitted: dispute.OpAccept, dispute.Accepted: dispute.OpClaim, dispute.Claimed: dispute.OpContact,
	dispute.Consulting: dispute.OpMediate, dispute.Mediating: opOutcome, dispute.Paused: dispute.OpResume,
	dispute.Agreed: dispute.OpSign, dispute.Performing: dispute.OpFulfil, dispute.Closed: dispute.OpArchive,
	dispute.Performed: dispute.OpClose, dispute.Failed: dispute.OpClose, dispute.Withdrawn: dispute.OpClose,
	dispute.Declined: dispute.OpClose, dispute.Referred: dispute.OpClose, dispute.Merged: dispute.OpClose,
}

// opOutcome is the one form for the five ways in which a mediation ends.
const opOutcome dispute.Op = "outcome"

var ends = map[dispute.Op]dispute.Outcome{
	dispute.OpAgree: dispute.AgreedWritten, dispute.OpOral: dispute.AgreedOral, dispute.OpFail: dispute.NotAgreed,
	dispute.OpRefuse: dispute.Refused, dispute.OpSettle: dispute.Settled,
}

// formOf says what an operation's form asks for; those that aren't here need
// no more than a note, which may be left out.
var formOf = map[dispute.Op]string{
	dispute.OpClaim: "button", dispute.OpRelease: "must", dispute.OpPause: "must", dispute.OpReopen: "must", dispute.OpNote: "must",
	dispute.OpAdd: "files", dispute.OpReassign: "reassign", dispute.OpPassOn: "reassign", dispute.OpRefer: "office", dispute.OpDecline: "office", opOutcome: "outcome",

	dispute.OpAck: "button", dispute.OpTake: "button", dispute.OpOffer: "offer", dispute.OpInvite: "invite", dispute.OpLeave: "leave",
	dispute.OpObject: "must", dispute.OpKeep: "must", dispute.OpMessage: "must", dispute.OpExtend: "extend", dispute.OpRate: "rate",
	dispute.OpSendBack: "back", dispute.OpTurnBack: "must",
	dispute.OpMerge: "merge", dispute.OpLocate: "locate",
	dispute.OpSign: "sign", dispute.OpFulfil: "fulfil", dispute.OpUrge: "must", dispute.OpJudicial: "judicial", dispute.OpVisit: "visit",
	dispute.OpReview: "must", dispute.OpTally: "tally", dispute.OpDieOut: "must",
}

// elsewhere are operations without a form on the case's page: those of a page
// of their own, and those of the parties.
var elsewhere = []dispute.Op{dispute.OpAmend, dispute.OpEnclose, dispute.OpConfirm, dispute.OpTell, dispute.OpScore, dispute.OpSeat, dispute.OpPhone}

// doable turns what the lifecycle allows into forms, the next step first.
func doable(who access.Actor, ca dispute.Case) ([]does, []dispute.Outcome) {
	var out []does
	var outcomes []dispute.Outcome
	for _, op := range dispute.Actions(who, ca) {
		if end, ok := ends[op]; ok {
			if outcomes = append(outcomes, end); len(outcomes) > 1 {
				continue
			}
			op = opOutcome
		}
		if slices.Contains(elsewhere, op) || idle(op, ca) {
			continue
		}
		form := formOf[op]
		if form == "" {
			form = "note"
		}
		main := next[ca.State] == op || op == dispute.OpPerform && idle(dispute.OpFulfil, ca) || op == dispute.OpUrge && ca.Facts["late"] != ""
		out = append(out, does{Op: op, Kind: form, Main: main || op == dispute.OpAck || op == dispute.OpTake || op == dispute.OpReplace})
	}
	slices.SortStableFunc(out, func(a, b does) int {
		switch {
		case a.Main == b.Main:
			return 0
		case a.Main:
			return -1
		}
		return 1
	})
	return out, outcomes
}

// idle tells of operations that have nothing to do in this case: no step to
// record, nobody dissatisfied.
func idle(op dispute.Op, ca dispute.Case) bool {
	steps := ca.Facts["steps"]
	return op == dispute.OpReview && ca.Facts["review"] != "open" || op == dispute.OpFulfil && (steps == "" || steps == "0")
}
