package console

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

const forTelegram = "telegram"

type accountsView struct {
	accountForm
	Accounts []access.Account
	Of       map[string][]string // what people call an account's villages and grids
	Manage   bool                // accounts may be made and shut, and links given
	Done     bool
	Link     string // one-time link just made, shown once
	Code     string // or Telegram code
	For      string // whose it is
	Trail    []staffEntry
}

// accountForm is the form of a post: what may be chosen, and what is.
type accountForm struct {
	Post     access.Post
	Roles    []access.Role
	Villages []villageGrids
}

// villageGrids is a village and its grids, those that are chosen marked.
type villageGrids struct {
	village
	On    bool
	Grids []gridChoice
}

type gridChoice struct {
	Key, Name string
	On        bool
}

// accountView is one account's page.
type accountView struct {
	accountForm
	Account access.Account
	Of      []string
	Away    []access.Leave
	Cases   int  // in hand
	Offered int  // that colleagues asked it to take over
	Mediate bool // it may be away and have cases
	Manage  bool
	Done    bool
	Trail   []staffEntry
}

// staffEntry is a line of the accounts' trail with the names that ids stand for.
type staffEntry struct {
	access.Entry
	Who, Whose, From, To string
}

func (c *Console) accounts(w http.ResponseWriter, r *http.Request) error {
	return c.showAccounts(w, r, accountsView{Done: r.URL.Query().Has("done")})
}

func (c *Console) showAccounts(w http.ResponseWriter, r *http.Request, v accountsView) error {
	who := web.Actor(r)
	const entries = 30
	trail, err := c.d.Staffing.Trail(r.Context(), who, "", entries)
	if err != nil {
		return err
	}
	all, err := c.d.Accounts.List(r.Context())
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b access.Account) int {
		return slices.Index(access.Roles(), a.Role) - slices.Index(access.Roles(), b.Role)
	})
	v.Accounts, v.Of, v.Manage = all, map[string][]string{}, who.May(access.ManageAccounts)
	for _, a := range all {
		v.Of[a.ID] = c.placesOf(a)
	}
	v.accountForm = c.accountForm(who, access.Post{Role: access.Mediator})
	v.Trail = c.staffEntries(trail, all)
	return c.render(w, r, "accounts", v)
}

// placesOf is what people call an account's villages and grids; a village stands
// there by itself only where no grid of it does.
func (c *Console) placesOf(a access.Account) []string {
	var of []string
	for _, t := range a.Territories {
		if !slices.ContainsFunc(a.Grids, func(g string) bool { return strings.HasPrefix(g, t+"/") }) {
			of = append(of, c.d.Register.Label(t))
		}
	}
	for _, g := range a.Grids {
		of = append(of, c.gridLabel(g))
	}
	return of
}

func (c *Console) gridLabel(key string) string {
	code, name, _ := strings.Cut(key, "/")
	if v, ok := c.d.Register.Village(code); !ok || !v.HasGrid(name) {
		return c.d.Register.Label(code) + c.d.Texts.Say("web.account.grid.gone", map[string]any{"Grid": name})
	}
	return c.d.Register.Label(code) + name
}

// accountForm lists the villages with their grids, and the roles that who may give.
func (c *Console) accountForm(who access.Actor, p access.Post) accountForm {
	f := accountForm{Post: p}
	for _, role := range access.Roles() {
		if access.Settable(who, access.Account{Role: role}) {
			f.Roles = append(f.Roles, role)
		}
	}
	for _, t := range c.d.Register.Territories() {
		row := villageGrids{village: village{t, c.d.Register.Label(t)}, On: slices.Contains(p.Territories, t)}
		v, _ := c.d.Register.Village(t)
		for _, g := range v.GridList() {
			key := access.GridKey(t, g.Name)
			row.Grids = append(row.Grids, gridChoice{key, g.Name, slices.Contains(p.Grids, key)})
		}
		f.Villages = append(f.Villages, row)
	}
	slices.SortStableFunc(f.Villages, func(a, b villageGrids) int { // what is chosen is seen first
		switch {
		case a.On == b.On:
			return 0
		case a.On:
			return -1
		}
		return 1
	})
	return f
}

func (c *Console) staffEntries(trail []access.Entry, all []access.Account) []staffEntry {
	names := map[string]string{"cli": c.d.Texts.Say("web.account.cli", nil)}
	for _, a := range all {
		names[a.ID] = a.Name
	}
	out := make([]staffEntry, 0, len(trail))
	for _, e := range trail {
		line := staffEntry{e, names[e.By], names[e.Account], c.entryValue(e.What, e.From), c.entryValue(e.What, e.To)}
		if e.What == access.EntryHanded {
			line.From, line.To = c.handed(e, names)
		}
		out = append(out, line)
	}
	return out
}

// entryValue is what people call the codes of an entry.
func (c *Console) entryValue(what, value string) string {
	switch what {
	case access.EntryName:
		return value
	case access.EntryRole, access.EntryMade:
		if slices.Contains(access.Roles(), access.Role(value)) {
			return c.d.Texts.Say("web.role."+value, nil)
		}
		return ""
	case access.EntryPlaces:
		if value == "" {
			return c.d.Texts.Say("web.account.everywhere", nil)
		}
	case access.EntryGrids:
		if value == "" {
			return c.d.Texts.Say("web.account.nogrid", nil)
		}
	}
	var names []string
	for _, key := range strings.Fields(value) {
		if strings.Contains(key, "/") {
			names = append(names, c.gridLabel(key))
		} else {
			names = append(names, c.d.Register.Label(key))
		}
	}
	return strings.Join(names, "、")
}

// showAccount shows one account and how to change it.
func (c *Console) showAccount(w http.ResponseWriter, r *http.Request) error {
	who, id := web.Actor(r), r.PathValue("id")
	const entries = 50
	trail, err := c.d.Staffing.Trail(r.Context(), who, id, entries)
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
	v := accountView{
		Account: a, Of: c.placesOf(a), Mediate: a.Actor().May(access.ClaimCase), Manage: who.May(access.ManageAccounts),
		Done: r.URL.Query().Has("done"), Trail: c.staffEntries(trail, all),
	}
	if access.Settable(who, a) {
		v.accountForm = c.accountForm(who, access.PostOf(a))
	}
	today := c.d.Roster.Today()
	v.Away = slices.DeleteFunc(slices.Clone(a.Away), func(l access.Leave) bool { return l.To < today })
	if v.Mediate && who.May(access.ManageCases) {
		h, err := c.d.Cases.Holdings(r.Context(), who, a.ID)
		if err != nil {
			return err
		}
		v.Cases, v.Offered = len(h.Cases), len(h.Offered)
	}
	return c.render(w, r, "account", v)
}

// newAccount makes an account and shows its first one-time link.
func (c *Console) newAccount(w http.ResponseWriter, r *http.Request) error {
	a, err := c.d.Staffing.Make(r.Context(), web.Actor(r), posting(r))
	if err != nil {
		return wordedPost(err)
	}
	c.shell.Log().InfoContext(r.Context(), "account made", "account", a.ID, "role", a.Role, "by", web.Actor(r).ID)
	return c.giveCode(w, r, a.ID, forSignIn, access.EntryLink)
}

// posting reads a post from a form.
func posting(r *http.Request) access.Post {
	name := r.PostFormValue("name") // parses the form
	return access.Post{Name: name, Role: access.Role(r.PostFormValue("role")), Territories: r.PostForm["territory"], Grids: r.PostForm["grid"]}
}

// changeAccount sets an account's post, makes a one-time link or a Telegram
// code, hands over what it holds, or shuts an account and opens it again.
func (c *Console) changeAccount(w http.ResponseWriter, r *http.Request) error {
	who, id := web.Actor(r), r.PathValue("id")
	var err error
	switch act := r.PathValue("act"); act {
	case "link":
		return c.giveCode(w, r, id, forSignIn, access.EntryLink)
	case "telegram":
		return c.giveCode(w, r, id, forTelegram, access.EntryTelegram)
	case "set":
		_, err = c.d.Staffing.Set(r.Context(), who, id, posting(r))
		err = wordedPost(err)
	case "hand":
		err = c.leave(r.Context(), who, id, r)
	case "disable", "enable":
		err = c.d.Staffing.Shut(r.Context(), who, id, act == "disable")
	default:
		return errNoSuchAct
	}
	switch {
	case errors.Is(err, access.ErrOwnAccount):
		return web.Explain(err, "web.error.own_account")
	case errors.Is(err, access.ErrBusy):
		return web.Explain(err, "web.error.busy_account")
	case err != nil:
		return err
	}
	c.shell.Log().InfoContext(r.Context(), "account changed", "account", id, "act", r.PathValue("act"), "by", who.ID)
	web.SeeOther(w, r, "/console/accounts/"+id+"?done")
	return nil
}

// wordedPost says what a post must have.
func wordedPost(err error) error {
	if fault.Of(err) == fault.Invalid {
		return web.Explain(err, "web.error.post")
	}
	return err
}

// giveCode shows a one-use code once: it isn't kept where it could be read again.
func (c *Console) giveCode(w http.ResponseWriter, r *http.Request, id, purpose, what string) error {
	code, err := c.d.Staffing.Code(r.Context(), web.Actor(r), id, purpose, what, c.opt.SignIn)
	if err != nil {
		return err
	}
	a, err := c.d.Accounts.Account(r.Context(), id)
	if err != nil {
		return err
	}
	v := accountsView{For: a.Name}
	if purpose == forSignIn {
		v.Link = c.shell.URL(r, SignInPath(code))
	} else {
		v.Code = code
	}
	return c.showAccounts(w, r, v)
}
