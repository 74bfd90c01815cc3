package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// goBack is the choice of a form by which something goes back: into the queue,
// or to the colleague who had offered it.
const goBack = "back"

// leavingView is what an account holds, and to whom it may go.
type leavingView struct {
	Account access.Account
	Cases   []heldRow
	Offered []heldRow
	Helps   []row
	Stands  []standing       // for whom it stands in
	Staff   []access.Account // who may be given a case
	May     bool             // the account may be shut by who looks
}

// heldRow is a case that must go somewhere.
type heldRow struct {
	row
	Next      *dispute.Slot // an appointment to come
	Queueable bool
	Back      string           // who offered it
	To        []access.Account // who may be given this one
}

// standing is a colleague's leave in which an account stands in.
type standing struct{ Name, From, To string }

// showLeaving shows what an account holds before it is shut or its work handed
// over.
func (c *Console) showLeaving(w http.ResponseWriter, r *http.Request) error {
	who, id := web.Actor(r), r.PathValue("id")
	h, err := c.d.Cases.Holdings(r.Context(), who, id)
	if err != nil {
		return err
	}
	a, err := c.d.Accounts.Account(r.Context(), id)
	if err != nil {
		return err
	}
	all, err := c.d.Accounts.List(r.Context())
	if err != nil {
		return err
	}
	v := leavingView{Account: a, Helps: c.rows(h.Helps), May: who.May(access.ManageAccounts) && !a.Disabled && who.ID != id}
	today := c.d.Roster.Today()
	for _, s := range a.Stands {
		if i := slices.IndexFunc(all, func(o access.Account) bool { return o.ID == s.For }); i >= 0 && s.To >= today {
			v.Stands = append(v.Stands, standing{all[i].Name, s.From, s.To})
		}
	}
	v.Staff = slices.DeleteFunc(all, func(o access.Account) bool {
		return o.Disabled || o.ID == id || !o.Actor().May(access.ClaimCase)
	})
	v.Cases, v.Offered = c.heldRows(h.Cases, v.Staff), c.heldRows(h.Offered, v.Staff)
	return c.render(w, r, "leaving", v)
}

func (c *Console) heldRows(cases []dispute.Case, staff []access.Account) []heldRow {
	var rows []heldRow
	for _, ca := range cases {
		h := heldRow{row: c.row(ca), Queueable: dispute.Queueable(ca), Back: ca.OwnerName}
		if next, ok := dispute.Booked(ca); ok && next.At.After(c.opt.Now()) {
			h.Next = &next
		}
		h.To = slices.DeleteFunc(slices.Clone(staff), func(a access.Account) bool {
			return a.ID == ca.Owner || a.ID == ca.Reporter || ca.Recused(a.ID)
		})
		rows = append(rows, h)
	}
	return rows
}

// leave hands over what an account holds as its form says, and shuts the account
// if that was asked for.
func (c *Console) leave(ctx context.Context, who access.Actor, id string, r *http.Request) error {
	r.PostFormValue("note") // parses the form
	all, err := c.d.Accounts.List(ctx)
	if err != nil {
		return err
	}
	plan := func(ca dispute.Case) (dispute.Receiver, bool) {
		to := r.PostForm.Get("case-" + string(ca.ID))
		if to == "" {
			to = r.PostForm.Get("rest")
		}
		if to == goBack || to == ca.Owner && to != id { // who offered it has it still
			return dispute.Receiver{}, true
		}
		i := slices.IndexFunc(all, func(a access.Account) bool { return a.ID == to && !a.Disabled })
		if i < 0 {
			return dispute.Receiver{}, false
		}
		return all[i].Actor(), true
	}
	h, err := c.d.Cases.Holdings(ctx, who, id)
	if err != nil {
		return err
	}
	if !h.Empty() || len(h.Helps) > 0 {
		went, err := c.d.Cases.HandOver(ctx, who, id, strings.TrimSpace(r.PostForm.Get("note")), plan)
		if err = errors.Join(wordedLeaving(err), c.d.Staffing.Handed(ctx, who, id, went)); err != nil {
			return err
		}
	}
	if r.PostForm.Get("then") != "shut" {
		return nil
	}
	return c.d.Staffing.Shut(ctx, who, id, true)
}

// wordedLeaving says of which case a hand-over was refused, and why.
func wordedLeaving(err error) error {
	var of *dispute.HandError
	switch {
	case fault.Of(err) == fault.Invalid && !errors.As(err, &of):
		return web.Explain(err, "web.error.hand")
	case !errors.As(err, &of):
		return err
	}
	key := "web.error.hand.failed"
	switch {
	case errors.Is(err, dispute.ErrUnplaced):
		key = "web.error.hand.unplaced"
	case errors.Is(err, dispute.ErrNoQueue):
		key = "web.error.hand.noqueue"
	case errors.Is(err, dispute.ErrUnfit):
		key = "web.error.hand.unfit"
	}
	return web.ExplainWith(err, key, map[string]any{"Number": string(of.Number)})
}

// handed is how a trail says how many cases went to whom.
func (c *Console) handed(e access.Entry, names map[string]string) (n, to string) {
	count, _ := strconv.Atoi(e.From)
	n, to = c.d.Texts.Say("web.account.handed", map[string]any{"N": count}), names[e.To]
	if e.To == "" {
		to = c.d.Texts.Say("web.account.handed.back", nil)
	}
	return n, to
}
