package console

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

const (
	maxName     = 20 // characters
	forTelegram = "telegram"
)

type accountsView struct {
	Accounts []access.Account
	Roles    []access.Role
	Villages []village
	Grids    []village           // keys and names of all grids
	Of       map[string][]string // what people call an account's territories
	Link     string              // one-time link just made, shown once
	Code     string              // or Telegram code
	For      string              // whose it is
}

func (c *Console) accounts(w http.ResponseWriter, r *http.Request) error {
	return c.showAccounts(w, r, accountsView{})
}

func (c *Console) showAccounts(w http.ResponseWriter, r *http.Request, v accountsView) error {
	if err := web.Actor(r).Require(access.ManageAccounts); err != nil {
		return err
	}
	all, err := c.d.Accounts.List(r.Context())
	if err != nil {
		return fmt.Errorf("list accounts: %w", err)
	}
	slices.SortStableFunc(all, func(a, b access.Account) int {
		return slices.Index(access.Roles(), a.Role) - slices.Index(access.Roles(), b.Role)
	})
	v.Accounts, v.Roles, v.Of = all, access.Roles(), map[string][]string{}
	for _, a := range all {
		for _, t := range a.Territories {
			v.Of[a.ID] = append(v.Of[a.ID], c.d.Register.Label(t))
		}
		for _, g := range a.Grids {
			code, name, _ := strings.Cut(g, "/")
			v.Of[a.ID] = append(v.Of[a.ID], c.d.Register.Label(code)+name)
		}
	}
	for _, place := range c.d.Register.Open() {
		for _, g := range place.GridList() {
			v.Grids = append(v.Grids, village{access.GridKey(place.Code, g.Name), place.Name + g.Name})
		}
	}
	for _, t := range c.d.Register.Territories() {
		v.Villages = append(v.Villages, village{t, c.d.Register.Label(t)})
	}
	return c.render(w, r, "accounts", v)
}

// newAccount makes an account and shows its first one-time link.
func (c *Console) newAccount(w http.ResponseWriter, r *http.Request) error {
	if err := web.Actor(r).Require(access.ManageAccounts); err != nil {
		return err
	}
	a, err := c.parseAccount(r)
	if err != nil {
		return err
	}
	a.ID, a.Created = access.NewID(), c.opt.Now()
	if err := c.d.Accounts.Save(r.Context(), a); err != nil {
		return fmt.Errorf("new account: %w", err)
	}
	c.shell.Log().InfoContext(r.Context(), "account made", "account", a.ID, "role", a.Role, "by", web.Actor(r).ID)
	return c.giveCode(w, r, a, forSignIn)
}

func (c *Console) parseAccount(r *http.Request) (access.Account, error) {
	a := access.Account{Name: strings.TrimSpace(r.PostFormValue("name")), Role: access.Role(r.PostFormValue("role"))}
	for _, t := range r.PostForm["territory"] {
		if t != "" {
			a.Territories = append(a.Territories, t)
		}
	}
	a.Grids = slices.DeleteFunc(r.PostForm["grid"], func(key string) bool {
		code, grid, _ := strings.Cut(key, "/")
		v, ok := c.d.Register.Village(code)
		return !ok || !v.HasGrid(grid) || !a.Actor().Covers(code)
	})
	known := c.d.Register.Territories()
	switch {
	case a.Name == "" || utf8.RuneCountInString(a.Name) > maxName:
		return a, fault.New(fault.Invalid, "account without a name, or with a long one")
	case !slices.Contains(access.Roles(), a.Role):
		return a, fault.New(fault.Invalid, "account with no such role")
	case slices.ContainsFunc(a.Territories, func(t string) bool { return !slices.Contains(known, t) }):
		return a, fault.New(fault.Invalid, "account with no such territory")
	}
	return a, nil
}

// changeAccount makes a one-time link or a Telegram code, or shuts an account
// and opens it again.
func (c *Console) changeAccount(w http.ResponseWriter, r *http.Request) error {
	if err := web.Actor(r).Require(access.ManageAccounts); err != nil {
		return err
	}
	a, err := c.d.Accounts.Account(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	switch r.PathValue("act") {
	case "link":
		return c.giveCode(w, r, a, forSignIn)
	case "telegram":
		return c.giveCode(w, r, a, forTelegram)
	case "disable":
		return c.setDisabled(w, r, a, true)
	case "enable":
		return c.setDisabled(w, r, a, false)
	}
	return errNoSuchAct
}

// giveCode shows a one-use code once: it isn't kept where it could be read again.
func (c *Console) giveCode(w http.ResponseWriter, r *http.Request, a access.Account, purpose string) error {
	if a.Disabled {
		return fault.New(fault.Conflict, "account "+a.ID+" is disabled")
	}
	code, err := c.d.Accounts.NewCode(r.Context(), a.ID, purpose, c.opt.SignIn)
	if err != nil {
		return fmt.Errorf("code for account %s: %w", a.ID, err)
	}
	v := accountsView{For: a.Name}
	if purpose == forSignIn {
		v.Link = c.shell.URL(r, SignInPath(code))
	} else {
		v.Code = code
	}
	return c.showAccounts(w, r, v)
}

func (c *Console) setDisabled(w http.ResponseWriter, r *http.Request, a access.Account, off bool) error {
	if a.ID == web.Actor(r).ID {
		return web.Explain(fault.New(fault.Conflict, "nobody shuts their own account"), "web.error.own_account")
	}
	a.Disabled = off
	if err := c.d.Accounts.Save(r.Context(), a); err != nil {
		return fmt.Errorf("account %s: %w", a.ID, err)
	}
	c.shell.Log().InfoContext(r.Context(), "account changed", "account", a.ID, "disabled", off, "by", web.Actor(r).ID)
	web.SeeOther(w, r, "/console/accounts")
	return nil
}
