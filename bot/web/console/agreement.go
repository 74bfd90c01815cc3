package console

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// agreementView is the page on which an agreement is written.
type agreementView struct {
	row
	*after
	Op      dispute.Op // agree, or amend once it is there
	Terms   string
	Parties []dispute.Signatory
	Blank   []step // rows to fill in
	Roles   []string
	Reason  bool // a change needs one
	Token   string
	Done    bool
}

// blankSteps rows are offered beside the steps that are there.
const blankSteps = 3

func (c *Console) showAgreement(w http.ResponseWriter, r *http.Request) error {
	id, err := dispute.ParseCaseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	who := web.Actor(r)
	a, err := c.after(r.Context(), who, id)
	if err == nil && a == nil {
		err = fault.New(fault.Denied, "not their case")
	}
	if err != nil {
		return err
	}
	ca := a.File.Case
	v := agreementView{row: c.row(ca), after: a, Op: dispute.OpAgree, Token: rand.Text(), Done: r.URL.Query().Has("done")}
	if g := a.File.Agreement; g != nil {
		v.Op, v.Terms, v.Parties = dispute.OpAmend, strings.Join(g.Terms, "\n"), slices.Clone(g.Parties)
		v.Reason = g.Effect != "" || ca.State != dispute.Agreed
	} else {
		v.Parties = dispute.PartiesOf(ca)
		v.Op = opFor(ca.State)
	}
	for n := len(v.Parties); n < 3; n++ {
		v.Parties = append(v.Parties, dispute.Signatory{Role: "third"})
	}
	for _, p := range v.Parties {
		v.Roles = append(v.Roles, p.Role)
	}
	v.Blank = make([]step, blankSteps)
	for i := range v.Blank {
		v.Blank[i].N = len(a.Steps) + i
	}
	return c.render(w, r, "agreement", v)
}

// opFor is how an agreement gets on file in a state: with the outcome, or, for a
// case that agreed before agreements were kept, afterwards.
func opFor(s dispute.State) dispute.Op {
	if s == dispute.Mediating {
		return dispute.OpAgree
	}
	return dispute.OpAmend
}

func (c *Console) writeAgreement(r *http.Request, who access.Actor, id dispute.CaseID, op dispute.Op, reason string, seen dispute.Seen) error {
	t, err := termsOf(r)
	if err != nil {
		return fmt.Errorf("agreement of case %s: %w", id, err)
	}
	if op == dispute.OpAgree {
		_, err = c.d.Cases.Agree(r.Context(), who, id, t, seen)
	} else {
		_, err = c.d.Cases.Amend(r.Context(), who, id, t, reason, seen)
	}
	if fault.Of(err) == fault.Invalid {
		err = web.Explain(err, "web.error.agreement")
	}
	return err
}

func termsOf(r *http.Request) (dispute.Terms, error) {
	get := func(field string) string { return strings.TrimSpace(r.PostFormValue(field)) }
	t := dispute.Terms{
		Oral: get("form") == "oral", Partial: get("partial") != "", Open: get("open"), Facts: get("facts"), Disputed: get("disputed"),
		How: get("how"), Where: get("where"), When: get("when"),
	}
	for line := range strings.Lines(r.PostFormValue("terms")) {
		if line = strings.TrimSpace(line); line != "" {
			t.Terms = append(t.Terms, line)
		}
	}
	names, abouts := r.PostForm["name"], r.PostForm["about"]
	for i, role := range r.PostForm["role"] {
		if i < len(names) && i < len(abouts) && strings.TrimSpace(names[i]) != "" {
			t.Parties = append(t.Parties, dispute.Signatory{Role: role, Name: strings.TrimSpace(names[i]), About: strings.TrimSpace(abouts[i])})
		}
	}
	var err error
	if t.Amount, err = parseYuan(get("amount")); err != nil {
		return t, err
	}
	if t.Steps, err = stepsOf(r); err != nil {
		return t, err
	}
	return t, split(r, &t)
}

// stepsOf reads the rows of the steps; a row without words is none.
func stepsOf(r *http.Request) ([]dispute.Step, error) {
	whats, bys, sums, dues := r.PostForm["step_what"], r.PostForm["step_by"], r.PostForm["step_amount"], r.PostForm["step_due"]
	if len(bys) != len(whats) || len(sums) != len(whats) || len(dues) != len(whats) {
		return nil, fault.New(fault.Invalid, "rows of steps are torn apart")
	}
	var all []dispute.Step
	for i, what := range whats {
		if what = strings.TrimSpace(what); what == "" {
			continue
		}
		fen, err := parseYuan(sums[i])
		if err != nil {
			return nil, err
		}
		due, err := dispute.ReadDay(strings.TrimSpace(dues[i]))
		if err != nil {
			return nil, web.Explain(err, "web.error.date")
		}
		all = append(all, dispute.Step{By: bys[i], What: what, Amount: fen, Due: due})
	}
	return all, nil
}

// split adds equal instalments of the amount if the form asks for them.
func split(r *http.Request, t *dispute.Terms) error {
	n, err := strconv.Atoi(r.PostFormValue("split"))
	if r.PostFormValue("split") == "" {
		return nil
	}
	first, derr := dayIn(r, "split_first")
	what := strings.TrimSpace(r.PostFormValue("split_what"))
	if derr != nil || err != nil || n < 2 || n > 36 || first == "" || what == "" || t.Amount < int64(n) {
		return web.Explain(fault.New(fault.Invalid, "instalments are not complete"), "web.error.split")
	}
	t.Steps = append(t.Steps, dispute.Instalments(r.PostFormValue("split_by"), what, t.Amount, n, first, 1)...)
	return nil
}
