package wire

import (
	"context"
	"fmt"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// trialLinkTTL is how long a trial's sign-in links work: a newcomer reads
// first. In production a link works for ten minutes.
const trialLinkTTL = 12 * time.Hour

// Link is a one-time sign-in link.
type Link struct {
	Role access.Role
	Name string
	URL  string
}

// TrialLinks makes sure that the trial has an account of each role that a
// newcomer wants to see, and returns a fresh sign-in link for each.
func (d *Desk) TrialLinks(ctx context.Context, url string) ([]Link, error) {
	roles := []access.Role{access.Clerk, access.Mediator, access.GridWorker, access.Editor, access.Director}
	links := make([]Link, 0, len(roles))
	for _, role := range roles {
		a, err := d.trialAccount(ctx, role)
		if err != nil {
			return nil, err
		}
		code, err := d.Accounts.NewCode(ctx, a.ID, SignIn, trialLinkTTL)
		if err != nil {
			return nil, fmt.Errorf("sign-in link of %s: %w", a.ID, err)
		}
		links = append(links, Link{Role: role, Name: a.Name, URL: url + SignInPath(code)})
	}
	return links, nil
}

func (d *Desk) trialAccount(ctx context.Context, role access.Role) (access.Account, error) {
	id := "trial-" + string(role)
	a, err := d.Accounts.Account(ctx, id)
	if err == nil || fault.Of(err) != fault.NotFound {
		return a, err
	}
	a = access.Account{ID: id, Name: d.Content.Texts.Say("cli.trial_name."+string(role), nil), Role: role, Created: d.opt.Now()}
	return a, d.Accounts.Save(ctx, a)
}
