package console

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// forSignIn is the purpose of the codes in one-time links.
const forSignIn = "sign-in"

// SignInPath is the path of the one-time link that a code makes. Codes are
// those of access.Accounts for the purpose "sign-in".
func SignInPath(code string) string { return "/console/in/" + code }

func (c *Console) askSignIn(w http.ResponseWriter, r *http.Request) error {
	return c.render(w, r, "signin", nil)
}

// confirmSignIn shows whom a link is for and asks to go on. It uses nothing
// up, so that a mail scanner or a preview that opens the link doesn't either.
func (c *Console) confirmSignIn(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", "no-referrer") // the address is a key
	w.Header().Set("Cache-Control", "no-store")
	account, err := c.d.Accounts.Peek(r.Context(), r.PathValue("code"), forSignIn)
	if err != nil {
		return spentCode(err)
	}
	return c.render(w, r, "confirm", map[string]any{"Name": account.Name, "Role": account.Role, "Code": r.PathValue("code")})
}

// signIn uses the code up. The form's token binds it to the browser that
// opened the link.
func (c *Console) signIn(w http.ResponseWriter, r *http.Request) error {
	account, err := c.d.Accounts.Redeem(r.Context(), strings.TrimSpace(r.PostFormValue("code")), forSignIn)
	if err != nil {
		return spentCode(err)
	}
	if account.Disabled {
		return spentCode(fault.New(fault.Denied, "account "+account.ID+" is disabled"))
	}
	if err := c.shell.SignIn(w, r, account); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	c.shell.Log().InfoContext(r.Context(), "signed in", "account", account.ID)
	web.SeeOther(w, r, "/console")
	return nil
}

// spentCode words the refusal of a code that is unknown, used or over.
func spentCode(err error) error {
	switch fault.Of(err) { //nolint:exhaustive // the rest is our own trouble
	case fault.Denied, fault.NotFound, fault.Invalid:
		return web.Explain(err, "web.error.code")
	}
	return fmt.Errorf("sign-in code: %w", err)
}

func (c *Console) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := c.shell.SignOut(w, r); err != nil {
		return err
	}
	web.SeeOther(w, r, "/console/sign-in")
	return nil
}

var errNoSuchAct = fault.As(fault.NotFound, errors.New("no such thing to do"))
