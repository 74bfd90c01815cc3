package console

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// dossierView is the page of a case's papers.
type dossierView struct {
	row
	*after
	Reason bool // a change needs one
	Today  string
	Token  string
	Done   bool
}

func (c *Console) showDossier(w http.ResponseWriter, r *http.Request) error {
	id, err := dispute.ParseCaseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	a, err := c.after(r.Context(), web.Actor(r), id)
	if err == nil && a == nil {
		err = fault.New(fault.Denied, "not their case")
	}
	if err != nil {
		return err
	}
	for i, it := range a.Items {
		a.Items[i].Fields = slices.DeleteFunc(slices.Clone(it.Fields), numbered)
	}
	ca := a.File.Case
	return c.render(w, r, "dossier", dossierView{
		row: c.row(ca), after: a, Reason: ca.State.Finished(), Today: string(dispute.DayOf(c.opt.Now())), Token: rand.Text(), Done: r.URL.Query().Has("done"),
	})
}

// numbered tells of a field whose page numbers only the printed file knows:
// nobody writes it by hand.
func numbered(f dispute.Field) bool { return strings.Contains(f.Value, "{page:") }

// enclose files what was written into a paper by hand. A field that stands as
// the desk filled it in stays the desk's.
func (c *Console) enclose(r *http.Request, who access.Actor, id dispute.CaseID, reason string, seen dispute.Seen) error {
	onPaper, err := dayIn(r, "on_paper")
	if err != nil {
		return err
	}
	fields := map[string]string{}
	names, values, was := r.PostForm["field"], r.PostForm["value"], r.PostForm["was"]
	if len(names) != len(values) || len(names) != len(was) {
		return fault.New(fault.Invalid, "fields are torn apart")
	}
	for i, name := range names {
		if v := strings.TrimSpace(values[i]); v != strings.TrimSpace(was[i]) {
			fields[name] = v
		}
	}
	_, err = c.d.Cases.Enclose(r.Context(), who, id, r.PostFormValue("paper"), fields, onPaper, reason, seen)
	if fault.Of(err) == fault.Invalid {
		err = web.Explain(err, "web.error.paper")
	}
	return err
}
