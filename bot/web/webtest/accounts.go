package webtest

import (
	"cmp"
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Accounts keeps accounts, codes and sessions in memory.
type Accounts struct {
	access.Accounts // what no page asks for
	now             func() time.Time

	mu       sync.Mutex
	accounts map[string]access.Account
	codes    map[string]granted // by purpose and code
	sessions map[string]granted
}

type granted struct {
	account string
	until   time.Time
}

// NewAccounts returns a store with these accounts.
func NewAccounts(now func() time.Time, all ...access.Account) *Accounts {
	a := &Accounts{now: now, accounts: map[string]access.Account{}, codes: map[string]granted{}, sessions: map[string]granted{}}
	for _, acc := range all {
		a.accounts[acc.ID] = acc
	}
	return a
}

// Account implements [access.Accounts].
func (a *Accounts) Account(_ context.Context, id string) (access.Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	acc, ok := a.accounts[id]
	if !ok {
		return acc, fault.New(fault.NotFound, "no account "+id)
	}
	return acc, nil
}

// List implements [access.Accounts].
func (a *Accounts) List(context.Context) ([]access.Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.SortedFunc(maps.Values(a.accounts), func(x, y access.Account) int { return cmp.Compare(x.ID, y.ID) }), nil
}

// Save implements [access.Accounts].
func (a *Accounts) Save(_ context.Context, acc access.Account) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.accounts[acc.ID] = acc
	return nil
}

// NewCode implements [access.Accounts].
func (a *Accounts) NewCode(_ context.Context, account, purpose string, ttl time.Duration) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	code := rand.Text()
	a.codes[purpose+":"+code] = granted{account, a.now().Add(ttl)}
	return code, nil
}

// Peek implements [access.Accounts].
func (a *Accounts) Peek(_ context.Context, code, purpose string) (access.Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.grant(a.codes[purpose+":"+code])
}

// Redeem implements [access.Accounts].
func (a *Accounts) Redeem(_ context.Context, code, purpose string) (access.Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	acc, err := a.grant(a.codes[purpose+":"+code])
	delete(a.codes, purpose+":"+code)
	return acc, err
}

// NewSession implements [access.Accounts].
func (a *Accounts) NewSession(_ context.Context, account string, ttl time.Duration) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	token := rand.Text()
	a.sessions[token] = granted{account, a.now().Add(ttl)}
	return token, nil
}

// Session implements [access.Accounts].
func (a *Accounts) Session(_ context.Context, token string) (access.Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.grant(a.sessions[token])
}

// EndSession implements [access.Accounts].
func (a *Accounts) EndSession(_ context.Context, token string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.sessions, token)
	return nil
}

func (a *Accounts) grant(g granted) (access.Account, error) {
	acc, ok := a.accounts[g.account]
	if !ok || !a.now().Before(g.until) {
		return access.Account{}, fault.New(fault.Denied, "unknown, used or over")
	}
	return acc, nil
}
