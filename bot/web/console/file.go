package console

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/web"
)

// Sorter judges the words of a report by the rules; *bot.Bot is one.
type Sorter interface{ Sort(text string) bot.Sorting }

// fileView is the page on which the front desk files for somebody.
type fileView struct {
	Report   dispute.Report
	Agreed   []string // what whom it is about may say to it
	Villages []village
	Types    []kind
	Token    string
	Checked  bool
	Judged   judgement
	Filed    *dispute.Case // after filing
	Label    string        // of the filed case's village
}

// judgement is what the rules say of what stands in the form.
type judgement struct {
	bot.Sorting
	Type    string // as people call it
	Place   string
	Phone   string
	Alike   []likeRow
	Missing bool // nothing to judge yet
}

// sources of reports that staff file, by role.
const (
	atCounter = "counter"
	byGrid    = "grid"
)

// askFile shows the empty form.
func (c *Console) askFile(w http.ResponseWriter, r *http.Request) error {
	if err := web.Actor(r).Require(access.FileCase); err != nil {
		return err
	}
	return c.render(w, r, "file", c.fileForm(web.Actor(r), dispute.Report{}))
}

func (c *Console) fileForm(who access.Actor, rep dispute.Report) fileView {
	v := fileView{Report: rep, Agreed: dispute.Agreements, Token: rand.Text()}
	for _, t := range c.d.Register.Open() {
		if who.Covers(t.Code) {
			v.Villages = append(v.Villages, village{t.Code, t.Name})
		}
	}
	if who.Covers(place.Centre) {
		v.Villages = append(v.Villages, village{place.Centre, c.d.Register.Centre})
	}
	for _, t := range c.d.Categories {
		v.Types = append(v.Types, kind{t.Key, t.Name})
	}
	return v
}

// told reads the form. The village and the type that were left open are taken
// from the words.
func (c *Console) told(r *http.Request) (dispute.Report, bot.Sorting) {
	get := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	who := web.Actor(r)
	rep := dispute.Report{
		Village: get("village"), Category: get("category"), What: get("what"), Other: get("other"), Wish: get("wish"), Since: get("since"),
		About: get("about"), Relation: get("relation"), Agreed: get("agreed"), Source: atCounter,
		Contact: dispute.Contact{Name: get("name"), Phone: get("phone"), Withheld: get("withheld") != ""},
	}
	if who.Role == access.GridWorker {
		rep.Source = byGrid
	}
	s := c.d.Sorter.Sort(rep.What)
	if rep.Village == "" {
		rep.Village = s.Village
	}
	if rep.Category == "" {
		rep.Category = s.Category
	}
	rep.Urgency = s.Urgency
	if rep.Contact.Phone == "" {
		rep.Contact.Phone = s.Phone
	}
	return rep, s
}

// judge says what the rules make of the form so far, and which open cases it
// may repeat: the fragment that the page asks for while it is filled in.
func (c *Console) judge(w http.ResponseWriter, r *http.Request) error {
	if err := web.Actor(r).Require(access.FileCase); err != nil {
		return err
	}
	rep, s := c.told(r)
	j, err := c.judged(r, rep, s)
	if err != nil {
		return err
	}
	if !web.Fetched(r) {
		v := c.fileForm(web.Actor(r), rep)
		v.Checked, v.Judged = true, j
		return c.render(w, r, "file", v)
	}
	w.Header().Set("Cache-Control", "no-store")
	return c.render(w, r, "judgement_fragment", j)
}

func (c *Console) judged(r *http.Request, rep dispute.Report, s bot.Sorting) (judgement, error) {
	j := judgement{Sorting: s, Missing: rep.What == "" && rep.Contact.Phone == ""}
	if rep.Category != "" {
		j.Type = c.typeName(rep.Category)
	}
	if rep.Village != "" {
		j.Place = c.d.Register.Label(rep.Village)
	}
	if j.Missing {
		return j, nil
	}
	found, err := c.d.Cases.AlikeReport(r.Context(), web.Actor(r), rep)
	j.Alike = c.likeRows(found)
	return j, err
}

// fileFor makes a case for somebody who told it in person or by telephone, and
// whose consent the clerk heard.
func (c *Console) fileFor(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	rep, s := c.told(r)
	if rep.Category == "" {
		rep.Category = "other"
	}
	if r.PostFormValue("consent") == "" {
		return web.Explain(fault.New(fault.Invalid, "no consent"), "web.error.file.consent")
	}
	if rep.Village == "" {
		return web.Explain(fault.New(fault.Invalid, "no village"), "web.error.file.village")
	}
	rep.Consented, rep.ConsentBy = c.opt.Now(), who.Name
	f := dispute.Filing{Report: rep, Token: r.PostFormValue("token"), Quiet: true, Gate: s.Gate, Why: s.Why}
	switch r.PostFormValue("verdict") {
	case "yes":
		f.Gate.Verdict = dispute.Yes
	case "elsewhere": // as the rule says: referred or declined, with its record
	default:
		if f.Gate.Verdict != dispute.Yes {
			f.Gate.Verdict = dispute.Review
		}
	}
	if who.Role != access.GridWorker { // who follows what they report; a clerk or mediator works on it instead
		f.For = "counter:" + rand.Text()
	}
	ca, err := c.d.Cases.File(r.Context(), who, f)
	if errors.Is(err, dispute.ErrTooMany) || err != nil {
		return err
	}
	v := c.fileForm(who, dispute.Report{})
	v.Filed, v.Label = &ca, c.d.Register.Label(ca.Territory)
	return c.render(w, r, "file", v)
}
