package access

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
)

// maxName is how many characters the name of a colleague may have.
const maxName = 20

// Post is what somebody is there for: name, role, villages and grids.
type Post struct {
	Name        string
	Role        Role
	Territories []string // none: the whole sub-district, or the villages of the grids
	Grids       []string // as GridKey writes them
}

// PostOf is the post that an account has.
func PostOf(a Account) Post { return Post{a.Name, a.Role, a.Territories, a.Grids} }

// What an entry of the accounts' trail can be about.
const (
	EntryMade     = "made"
	EntryName     = "name"
	EntryRole     = "role"
	EntryPlaces   = "places"
	EntryGrids    = "grids"
	EntryShut     = "shut"
	EntryOpened   = "opened"
	EntryHanded   = "handed"   // what it held went to somebody else, or back
	EntryLink     = "link"     // a sign-in link was made
	EntryTelegram = "telegram" // a code to bind a chat was made
)

// Entry is a line of the accounts' trail: who changed what of whose account.
// Territories and grids stand there as codes and keys with a space between.
type Entry struct {
	At      time.Time `json:"at"`
	By      string    `json:"by"` // account, or "cli"
	Account string    `json:"account"`
	What    string    `json:"what"`
	From    string    `json:"from,omitempty"`
	To      string    `json:"to,omitempty"`
}

// Ledger is Accounts that change one at a time, with a trail.
type Ledger interface {
	Accounts
	// Change lets edit touch an account as it is now and keeps it with the entries
	// that edit returns, in one step; edit is called again if the account changed
	// meanwhile.
	Change(ctx context.Context, id string, edit func(*Account) ([]Entry, error)) (Account, error)
	// Note adds an entry about an account that stays as it is.
	Note(ctx context.Context, e Entry) error
	// Trail lists entries, newest first: of one account, of all for "".
	Trail(ctx context.Context, account string, limit int) ([]Entry, error)
}

// Refusals that a form explains.
var (
	// ErrOwnAccount says that nobody changes their own role or shuts themselves out.
	ErrOwnAccount = fault.New(fault.Conflict, "nobody changes their own role or shuts their own account")
	// ErrBusy says that somebody who has cases in hand is to mediate no more, or
	// to go.
	ErrBusy = fault.New(fault.Conflict, "there are cases in hand: hand them over first")
)

// Staffing makes and changes accounts. Each change is on the accounts' trail
// and counts at once, wherever people and cases are matched.
type Staffing struct {
	ledger Ledger
	reg    *place.Register
	busy   func(ctx context.Context, account string) (bool, error)
	now    func() time.Time
}

// NewStaffing returns the office that keeps accounts; busy tells whether an
// account has cases in hand, nil now means time.Now.
func NewStaffing(l Ledger, reg *place.Register, busy func(context.Context, string) (bool, error), now func() time.Time) *Staffing {
	if now == nil {
		now = time.Now //nolint:forbidigo // the default of the clock that it is given
	}
	return &Staffing{l, reg, busy, now}
}

// Make adds an account.
func (s *Staffing) Make(ctx context.Context, who Actor, p Post) (Account, error) {
	if err := who.Require(ManageAccounts); err != nil {
		return Account{}, err
	}
	p, err := s.check(p)
	if err != nil {
		return Account{}, err
	}
	a := Account{ID: NewID(), Name: p.Name, Role: p.Role, Territories: p.Territories, Grids: p.Grids, Created: s.now()}
	if err := s.ledger.Save(ctx, a); err != nil {
		return Account{}, fmt.Errorf("new account: %w", err)
	}
	return a, s.ledger.Note(ctx, s.entry(who, a.ID, EntryMade, "", string(a.Role)))
}

// Set gives an account another post. Who stands in for its leave stands in for
// the new one. A director sets anything but their own role; a clerk the
// villages, grids and role of grid workers and mediators, see [Settable].
func (s *Staffing) Set(ctx context.Context, who Actor, id string, p Post) (Account, error) {
	p, err := s.check(p)
	if err != nil {
		return Account{}, err
	}
	a, err := s.ledger.Change(ctx, id, func(a *Account) ([]Entry, error) {
		if err := s.maySet(ctx, who, *a, p); err != nil {
			return nil, err
		}
		entries := s.differences(who, *a, p)
		a.Name, a.Role, a.Territories, a.Grids = p.Name, p.Role, p.Territories, p.Grids
		return entries, nil
	})
	if err != nil {
		return Account{}, err
	}
	return a, s.passOn(ctx, a)
}

// Settable tells whether who may set the post of an account.
func Settable(who Actor, a Account) bool {
	return who.May(ManageAccounts) || who.May(PlaceAccounts) && inTheField(a.Role)
}

// inTheField are the roles that a clerk gives and takes: those of people who
// work in the villages, none of which may do more than the clerk.
func inTheField(r Role) bool { return r == GridWorker || r == Mediator }

func (s *Staffing) maySet(ctx context.Context, who Actor, a Account, p Post) error {
	switch {
	case !Settable(who, a) || !who.May(ManageAccounts) && !inTheField(p.Role):
		return fault.As(fault.Denied, fmt.Errorf("%s may not make the %s %s a %s", who.ID, a.Role, a.ID, p.Role))
	case a.Role == p.Role:
		return nil
	case a.ID == who.ID:
		return ErrOwnAccount
	}
	if !(Actor{Role: a.Role}).May(WorkCase) || (Actor{Role: p.Role}).May(WorkCase) {
		return nil
	}
	busy, err := s.busy(ctx, a.ID)
	return errors.Join(err, busyError(busy))
}

// passOn has those who stand in for an account stand in for its new villages.
func (s *Staffing) passOn(ctx context.Context, a Account) error {
	for _, l := range a.Away {
		if l.Cover == "" {
			continue
		}
		_, err := s.ledger.Change(ctx, l.Cover, func(c *Account) ([]Entry, error) {
			for i := range c.Stands {
				if c.Stands[i].For == a.ID {
					c.Stands[i].Territories, c.Stands[i].Grids = a.Territories, a.Grids
				}
			}
			return nil, nil
		})
		if err != nil {
			return fmt.Errorf("who stands in for %s: %w", a.ID, err)
		}
	}
	return nil
}

// Shut lets an account sign in no more, or again. One that still holds cases, or
// is asked to take some over, is not shut: [ErrBusy].
func (s *Staffing) Shut(ctx context.Context, who Actor, id string, off bool) error {
	if err := who.Require(ManageAccounts); err != nil {
		return err
	}
	if id == who.ID {
		return ErrOwnAccount
	}
	what := EntryOpened
	if off {
		what = EntryShut
	}
	if err := s.toggle(ctx, who, id, what, off); err != nil || !off {
		return err
	}
	// What it claimed while it was being shut would be orphaned: then it is open again.
	busy, err := s.busy(ctx, id)
	if err != nil || !busy {
		return err
	}
	return errors.Join(ErrBusy, s.toggle(ctx, who, id, EntryOpened, false))
}

func (s *Staffing) toggle(ctx context.Context, who Actor, id, what string, off bool) error {
	_, err := s.ledger.Change(ctx, id, func(a *Account) ([]Entry, error) {
		if a.Disabled == off {
			return nil, nil
		}
		if off {
			busy, err := s.busy(ctx, id)
			if err := errors.Join(err, busyError(busy)); err != nil {
				return nil, err
			}
		}
		a.Disabled = off
		return []Entry{s.entry(who, id, what, "", "")}, nil
	})
	return err
}

func busyError(busy bool) error {
	if busy {
		return ErrBusy
	}
	return nil
}

// Handed puts on the trail how many cases of an account went to whom, "" for
// back into the queue or to those who had offered them.
func (s *Staffing) Handed(ctx context.Context, who Actor, id string, went map[string]int) error {
	if !who.May(ManageAccounts) && !who.May(ManageCases) {
		return who.Require(ManageCases)
	}
	for _, to := range slices.Sorted(maps.Keys(went)) {
		if err := s.ledger.Note(ctx, s.entry(who, id, EntryHanded, strconv.Itoa(went[to]), to)); err != nil {
			return err
		}
	}
	return nil
}

// Code makes a one-use code for an account ([Accounts.NewCode]); what is
// EntryLink or EntryTelegram.
func (s *Staffing) Code(ctx context.Context, who Actor, id, purpose, what string, ttl time.Duration) (string, error) {
	if err := who.Require(ManageAccounts); err != nil {
		return "", err
	}
	a, err := s.ledger.Account(ctx, id)
	if err != nil {
		return "", err
	}
	if a.Disabled {
		return "", fault.New(fault.Conflict, "account "+a.ID+" is disabled")
	}
	if err := s.ledger.Note(ctx, s.entry(who, id, what, "", "")); err != nil {
		return "", err
	}
	return s.ledger.NewCode(ctx, id, purpose, ttl)
}

// Trail lists what was changed, newest first, for who may change something.
func (s *Staffing) Trail(ctx context.Context, who Actor, account string, limit int) ([]Entry, error) {
	if !who.May(ManageAccounts) && !who.May(PlaceAccounts) {
		return nil, who.Require(PlaceAccounts)
	}
	return s.ledger.Trail(ctx, account, limit)
}

func (s *Staffing) entry(who Actor, account, what, from, to string) Entry {
	return Entry{At: s.now(), By: who.ID, Account: account, What: what, From: from, To: to}
}

func (s *Staffing) differences(who Actor, a Account, p Post) []Entry {
	var all []Entry
	for _, d := range [][3]string{
		{EntryName, a.Name, p.Name},
		{EntryRole, string(a.Role), string(p.Role)},
		{EntryPlaces, strings.Join(a.Territories, " "), strings.Join(p.Territories, " ")},
		{EntryGrids, strings.Join(a.Grids, " "), strings.Join(p.Grids, " ")},
	} {
		if d[1] != d[2] {
			all = append(all, s.entry(who, a.ID, d[0], d[1], d[2]))
		}
	}
	return all
}

// check is a post as it is kept: nothing twice, only what the register has, with
// the villages of its grids; grids only of who works in them.
func (s *Staffing) check(p Post) (Post, error) {
	p.Name = strings.TrimSpace(p.Name)
	if p.Name == "" || utf8.RuneCountInString(p.Name) > maxName || !slices.Contains(Roles(), p.Role) {
		return p, fault.As(fault.Invalid, fmt.Errorf("a post with a name of %d characters as %q", utf8.RuneCountInString(p.Name), p.Role))
	}
	p.Territories, p.Grids = distinct(p.Territories), distinct(p.Grids)
	if !inTheField(p.Role) {
		p.Grids = nil
	}
	for _, key := range p.Grids {
		code, grid, _ := strings.Cut(key, "/")
		v, ok := s.reg.Village(code)
		if !ok || !v.HasGrid(grid) {
			return p, fault.New(fault.Invalid, "no grid of the register is "+key)
		}
		p.Territories = append(p.Territories, code)
	}
	p.Territories = distinct(p.Territories)
	for _, t := range p.Territories {
		if !slices.Contains(s.reg.Territories(), t) {
			return p, fault.New(fault.Invalid, "the register has no village or grid "+t)
		}
	}
	return p, nil
}

func distinct(all []string) []string {
	all = slices.DeleteFunc(slices.Clone(all), func(s string) bool { return s == "" })
	slices.Sort(all)
	if all = slices.Compact(all); len(all) == 0 {
		return nil
	}
	return all
}
