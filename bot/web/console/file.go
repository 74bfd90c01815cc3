package console

import (
	"crypto/rand"
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
type Sorter interface {
	Sort(text, category string, answers map[string]string) bot.Sorting
}

// fileView is the page on which the front desk files for somebody.
type fileView struct {
	Report   dispute.Report
	Agreed   []string // what whom it is about may say to it
	Villages []village
	Types    []kind
	Asks     []typeAsks
	Token    string
	Problem  string // why it wasn't filed
	Checked  bool
	Judged   judgement
	Filed    *dispute.Case // after filing
	Label    string        // of the filed case's village
}

// typeAsks are the questions of a type, to be asked while the resident is there.
type typeAsks struct {
	Key, Name string
	Open      bool
	Asks      []typeAsk
}

type typeAsk struct {
	Name, Label, Value string
	Choices            []string
}

// extraPrefix is before the key of a type's question in the form.
const extraPrefix = "x."

func (c *Console) typeAsks(rep dispute.Report) []typeAsks {
	var all []typeAsks
	for _, cat := range c.d.Categories {
		t := typeAsks{Key: cat.Key, Name: cat.Name, Open: cat.Key == rep.Category}
		for _, a := range cat.Ask {
			if a.Instead == "" { // the form has a field of its own for that
				t.Asks = append(t.Asks, typeAsk{extraPrefix + cat.KeyOf(a), a.Label, rep.Extra[cat.KeyOf(a)], a.Choices})
			}
		}
		all = append(all, t)
	}
	return all
}

// extra reads the answers to the questions of a type.
func (c *Console) extra(r *http.Request, category string) map[string]string {
	out := map[string]string{}
	for _, a := range c.types[category].Ask {
		key := c.types[category].KeyOf(a)
		if text := strings.TrimSpace(r.PostFormValue(extraPrefix + key)); text != "" {
			out[key] = text
		}
	}
	return out
}

// judgement is what the rules say of what stands in the form.
type judgement struct {
	bot.Sorting
	Type    string // as people call it
	Key     string // of the type
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
	v := fileView{Report: rep, Agreed: dispute.Agreements, Asks: c.typeAsks(rep), Token: rand.Text()}
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
	s := c.d.Sorter.Sort(rep.What, rep.Category, nil)
	if rep.Category == "" {
		rep.Category = s.Category
	}
	if rep.Extra = c.extra(r, rep.Category); len(rep.Extra) > 0 {
		s = c.d.Sorter.Sort(rep.What, rep.Category, rep.Extra)
	}
	if rep.Village == "" {
		rep.Village = s.Village
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
		j.Type, j.Key = c.typeName(rep.Category), rep.Category
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

// fileAgain shows the form as it was filled in, with why it wasn't filed.
func (c *Console) fileAgain(w http.ResponseWriter, r *http.Request, rep dispute.Report, s bot.Sorting, key string) error {
	j, err := c.judged(r, rep, s)
	if err != nil {
		return err
	}
	v := c.fileForm(web.Actor(r), rep)
	v.Checked, v.Judged, v.Problem = true, j, c.d.Texts.Say(key, nil)
	return c.shell.RenderStatus(w, r, c.pages, "file", http.StatusBadRequest, v)
}

// fileFor makes a case for somebody who told it in person or by telephone, and
// whose consent the clerk heard.
func (c *Console) fileFor(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	rep, s := c.told(r)
	if rep.Category == "" {
		rep.Category = "other"
	}
	switch {
	case rep.What == "":
		return c.fileAgain(w, r, rep, s, "web.file.problem.what")
	case r.PostFormValue("consent") == "":
		return c.fileAgain(w, r, rep, s, "web.file.problem.consent")
	case rep.Village == "":
		return c.fileAgain(w, r, rep, s, "web.file.problem.village")
	case rep.Contact.Phone != "" && !dispute.IsPhone(rep.Contact.Phone):
		return c.fileAgain(w, r, rep, s, "web.file.problem.phone")
	}
	rep.Consented, rep.ConsentBy = c.opt.Now(), who.Name
	f := dispute.Filing{Report: rep, Token: r.PostFormValue("token"), Quiet: true, Gate: s.Gate, Why: s.Why}
	verdict := r.PostFormValue("verdict")
	if !who.May(access.ManageCases) {
		verdict = "" // accepting and turning away are a clerk's: the rules decide
	}
	switch verdict {
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
	if fault.Of(err) == fault.Invalid {
		return c.fileAgain(w, r, rep, s, "web.file.problem.invalid")
	}
	if err != nil {
		return err
	}
	v := c.fileForm(who, dispute.Report{})
	v.Filed, v.Label = &ca, c.d.Register.Label(ca.Territory)
	return c.render(w, r, "file", v)
}
