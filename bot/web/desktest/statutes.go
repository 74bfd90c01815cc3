package desktest

import (
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web/console"
)

// Statutes are those that a test says are held; the zero value holds none.
type Statutes struct {
	Sum  *console.Holdings
	Laws []console.HeldLaw
	Diff []console.LawChange // of any two versions of Laws
}

// Holdings implements [console.Statutes].
func (s *Statutes) Holdings() (console.Holdings, bool) {
	if s.Sum == nil {
		return console.Holdings{}, false
	}
	return *s.Sum, true
}

// Law implements [console.Statutes].
func (s *Statutes) Law(name string) (console.HeldLaw, bool) {
	for _, l := range s.Laws {
		if l.Title == name || l.Short == name {
			return l, true
		}
	}
	return console.HeldLaw{}, false
}

// Changes implements [console.Statutes].
func (s *Statutes) Changes(title, from, to string) ([]console.LawChange, error) {
	l, _ := s.Law(title)
	held := map[string]bool{}
	for _, v := range l.Versions {
		held[v.Day] = true
	}
	if !held[from] || !held[to] {
		return nil, fault.New(fault.Invalid, "no such version")
	}
	return s.Diff, nil
}
