package access

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
)

// Leave is a time in which somebody is away, first and last day included.
type Leave struct {
	From  string `json:"from"` // 2026-12-01
	To    string `json:"to"`
	Cover string `json:"cover,omitempty"` // account that stands in, "" if nobody does
	By    string `json:"by"`              // account that recorded it
}

// Stand is a time in which somebody stands in for a colleague.
type Stand struct {
	For         string   `json:"for"` // account
	Territories []string `json:"territories,omitempty"`
	Grids       []string `json:"grids,omitempty"`
	From        string   `json:"from"`
	To          string   `json:"to"`
}

// maxLeave keeps a slip of the year from taking a village's mediator away.
const maxLeave = 180 * 24 * time.Hour

// AwayOn is the leave in which a day falls, if one does.
func (a Account) AwayOn(day string) (Leave, bool) {
	i := slices.IndexFunc(a.Away, func(l Leave) bool { return l.From <= day && day <= l.To })
	if i < 0 {
		return Leave{}, false
	}
	return a.Away[i], true
}

// ActorOn is who the account acts as on a day: with the territories of those
// for whom it stands in.
func (a Account) ActorOn(day string) Actor {
	who := a.Actor()
	for _, s := range a.Stands {
		if s.From > day || day > s.To {
			continue
		}
		who.Grids = append(slices.Clone(who.Grids), s.Grids...)
		switch {
		case len(who.Territories) == 0:
			continue
		case len(s.Territories) == 0:
			who.Territories = nil // of somebody who covers the whole sub-district
			continue
		}
		who.Territories = append(slices.Clone(who.Territories), s.Territories...)
	}
	return who
}

// Day is t's day where the desk is.
func Day(t time.Time) string {
	return t.In(time.FixedZone("CST", 8*60*60)).Format(time.DateOnly)
}

// Roster tells who is on duty, and keeps leaves with the accounts.
type Roster struct {
	accounts Accounts
	now      func() time.Time
}

// NewRoster returns the roster of accounts; nil now means time.Now.
func NewRoster(accounts Accounts, now func() time.Time) *Roster {
	if now == nil {
		now = time.Now //nolint:forbidigo // the default of the clock that it is given
	}
	return &Roster{accounts, now}
}

// Today is the day by which the roster judges.
func (r *Roster) Today() string { return Day(r.now()) }

// OnDuty tells whether a territory has a mediator today who isn't away.
func (r *Roster) OnDuty(ctx context.Context, territory string) (bool, error) {
	today := r.Today()
	on, err := r.accounts.Any(ctx, func(a Account) bool { return Serves(a, territory, today) })
	if err != nil {
		return false, fmt.Errorf("roster: %w", err)
	}
	return on, nil
}

// Serves tells whether an account mediates for a territory on a day.
func Serves(a Account, territory, day string) bool {
	_, away := a.AwayOn(day)
	who := a.ActorOn(day)
	return !a.Disabled && !away && who.May(ClaimCase) && who.Covers(territory)
}

// ServesGrid tells whether an account mediates for a grid of a village on a day:
// it is theirs, or a colleague's for whom they stand in.
func ServesGrid(a Account, village, grid, day string) bool {
	return Serves(a, village, day) && slices.Contains(a.ActorOn(day).Grids, GridKey(village, grid))
}

// SetLeave records that a mediator is away, and has the one who covers stand
// in. Mediators record their own, clerks everybody's; one that begins on the
// same day replaces the one before.
func (r *Roster) SetLeave(ctx context.Context, who Actor, account string, l Leave) error {
	a, err := r.whose(ctx, who, account)
	if err != nil {
		return err
	}
	if err := r.check(account, l); err != nil {
		return err
	}
	l.By = who.ID
	if err := r.drop(ctx, &a, l.From); err != nil {
		return err
	}
	a.Away = append(a.Away, l)
	if l.Cover != "" {
		c, err := r.accounts.Account(ctx, l.Cover)
		if err != nil || c.Disabled || !c.Actor().May(ClaimCase) {
			return fault.As(fault.Invalid, fmt.Errorf("leave of %s: %s can't cover: %w", account, l.Cover, err))
		}
		c.Stands = append(c.Stands, Stand{For: a.ID, Territories: a.Territories, Grids: a.Grids, From: l.From, To: l.To})
		if err := r.accounts.Save(ctx, c); err != nil {
			return fmt.Errorf("leave of %s: %w", account, err)
		}
	}
	return r.accounts.Save(ctx, a)
}

// EndLeave takes back the leave that begins on a day.
func (r *Roster) EndLeave(ctx context.Context, who Actor, account, from string) error {
	a, err := r.whose(ctx, who, account)
	if err != nil {
		return err
	}
	if err := r.drop(ctx, &a, from); err != nil {
		return err
	}
	return r.accounts.Save(ctx, a)
}

func (r *Roster) whose(ctx context.Context, who Actor, account string) (Account, error) {
	if !who.May(ManageCases) && (who.ID != account || !who.May(WorkCase)) {
		return Account{}, fault.As(fault.Denied, fmt.Errorf("%s may not record the leave of %s", who.ID, account))
	}
	a, err := r.accounts.Account(ctx, account)
	if err != nil {
		return a, fmt.Errorf("leave: %w", err)
	}
	return a, nil
}

func (r *Roster) check(account string, l Leave) error {
	from, err := time.Parse(time.DateOnly, l.From)
	if err != nil {
		return fault.As(fault.Invalid, fmt.Errorf("leave of %s: %w", account, err))
	}
	to, err := time.Parse(time.DateOnly, l.To)
	if err != nil {
		return fault.As(fault.Invalid, fmt.Errorf("leave of %s: %w", account, err))
	}
	if to.Before(from) || to.Sub(from) > maxLeave || l.To < r.Today() || l.Cover == account {
		return fault.As(fault.Invalid, fmt.Errorf("leave of %s from %s to %s covered by %q", account, l.From, l.To, l.Cover))
	}
	return nil
}

// drop takes the leave that begins on a day off a, those long over too, and has
// nobody stand in for it any more.
func (r *Roster) drop(ctx context.Context, a *Account, from string) error {
	old := Day(r.now().AddDate(0, 0, -90))
	for _, l := range a.Away {
		if l.From != from || l.Cover == "" {
			continue
		}
		c, err := r.accounts.Account(ctx, l.Cover)
		if err != nil {
			return fmt.Errorf("leave of %s: %w", a.ID, err)
		}
		c.Stands = slices.DeleteFunc(c.Stands, func(s Stand) bool { return s.For == a.ID && s.From == from || s.To < old })
		if err := r.accounts.Save(ctx, c); err != nil {
			return fmt.Errorf("leave of %s: %w", a.ID, err)
		}
	}
	a.Away = slices.DeleteFunc(a.Away, func(l Leave) bool { return l.From == from || l.To < old })
	return nil
}
