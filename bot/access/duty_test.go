package access_test

import (
	"context"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// list is accounts in memory; what a roster doesn't call panics.
type list struct {
	access.Accounts
	all map[string]access.Account
}

func (l list) Account(_ context.Context, id string) (access.Account, error) {
	if a, ok := l.all[id]; ok {
		return a, nil
	}
	return access.Account{}, fault.New(fault.NotFound, "no account")
}

func (l list) List(context.Context) (all []access.Account, err error) {
	for _, a := range l.all {
		all = append(all, a)
	}
	return all, nil
}

func (l list) Any(_ context.Context, is func(access.Account) bool) (bool, error) {
	for _, a := range l.all {
		if is(a) {
			return true, nil
		}
	}
	return false, nil
}

func (l list) Save(_ context.Context, a access.Account) error {
	l.all[a.ID] = a
	return nil
}

func TestWhoIsAwayIsCoveredAndComesBack(t *testing.T) {
	now := time.Date(2026, 11, 30, 16, 30, 0, 0, time.UTC) // the first of December in Shanghai
	l := list{all: map[string]access.Account{
		"a": {ID: "a", Role: access.Mediator, Territories: []string{"1"}},
		"b": {ID: "b", Role: access.Mediator, Territories: []string{"2"}},
		"c": {ID: "c", Role: access.Clerk},
	}}
	r := access.NewRoster(l, func() time.Time { return now })
	a, b, clerk := l.all["a"].Actor(), l.all["b"].Actor(), l.all["c"].Actor()
	on := func(territory string, want bool) {
		t.Helper()
		if got, err := r.OnDuty(t.Context(), territory); err != nil || got != want {
			t.Errorf("%s on duty in %s: %v %v, want %v", r.Today(), territory, got, err, want)
		}
	}
	on("1", true)
	on("3", false) // a clerk doesn't mediate
	if err := r.SetLeave(t.Context(), b, "a", access.Leave{From: "2026-12-01", To: "2026-12-03"}); fault.Of(err) != fault.Denied {
		t.Errorf("a colleague records it: %v", err)
	}
	for name, leave := range map[string]access.Leave{
		"over":                {From: "2026-11-01", To: "2026-11-30"},
		"half a year":         {From: "2026-12-01", To: "2027-12-01"},
		"covered by a clerk":  {From: "2026-12-01", To: "2026-12-03", Cover: "c"},
		"covered by nobody x": {From: "2026-12-01", To: "2026-12-03", Cover: "x"},
	} {
		if err := r.SetLeave(t.Context(), a, "a", leave); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := r.SetLeave(t.Context(), a, "a", access.Leave{From: "2026-12-01", To: "2026-12-03"}); err != nil {
		t.Fatal(err)
	}
	on("1", false)
	if err := r.SetLeave(t.Context(), clerk, "a", access.Leave{From: "2026-12-01", To: "2026-12-02", Cover: "b"}); err != nil {
		t.Fatal(err)
	}
	on("1", true)
	if who := l.all["b"].ActorOn(r.Today()); !who.Covers("1") || !who.Covers("2") || who.Covers("3") {
		t.Errorf("who covers has %v", who.Territories)
	}
	if who := l.all["b"].ActorOn("2026-12-03"); who.Covers("1") {
		t.Error("covers after the leave")
	}
	if err := r.EndLeave(t.Context(), a, "a", "2026-12-01"); err != nil {
		t.Fatal(err)
	}
	if len(l.all["b"].Stands) != 0 || len(l.all["a"].Away) != 0 {
		t.Errorf("taken back: %+v %+v", l.all["a"].Away, l.all["b"].Stands)
	}
	now = now.AddDate(0, 0, 5)
	on("1", true)
}

func TestWhoStandsInHasTheGridsToo(t *testing.T) {
	now := time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)
	key := access.GridKey("1", "第一网格")
	l := list{all: map[string]access.Account{
		"a": {ID: "a", Role: access.Mediator, Territories: []string{"1"}, Grids: []string{key}},
		"b": {ID: "b", Role: access.Mediator, Territories: []string{"2"}},
	}}
	r := access.NewRoster(l, func() time.Time { return now })
	serves := func(id string, want bool) {
		t.Helper()
		if got := access.ServesGrid(l.all[id], "1", "第一网格", r.Today()); got != want {
			t.Errorf("%s serves the grid: %v", id, got)
		}
	}
	serves("a", true)
	serves("b", false)
	if err := r.SetLeave(t.Context(), l.all["a"].Actor(), "a", access.Leave{From: "2026-12-01", To: "2026-12-01", Cover: "b"}); err != nil {
		t.Fatal(err)
	}
	serves("a", false)
	serves("b", true)
	now = now.AddDate(0, 0, 1)
	serves("a", true)
	serves("b", false)
}
