package wire

import (
	"fmt"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web/console"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// heldStatutes shows the console the statutes that the desk works with now.
type heldStatutes struct{ d *Desk }

// with calls do on the set in use; without one it doesn't.
func (h heldStatutes) with(do func(*statute.Set)) {
	h.d.Knowledge.with(func(k *Knowledge) {
		if k.Set != nil {
			do(k.Set)
		}
	})
}

// Holdings implements [console.Statutes].
func (h heldStatutes) Holdings() (out console.Holdings, ok bool) {
	h.with(func(set *statute.Set) { out, ok = HoldingsOf(set, h.d.today()), true })
	return out, ok
}

// HoldingsOf sums up a set as on a day.
func HoldingsOf(set *statute.Set, day time.Time) console.Holdings {
	st := set.Status(day)
	out := console.Holdings{Laws: st.Laws, Versions: st.Versions, Articles: st.Articles, Newest: st.Newest}
	for _, part := range []struct {
		kind string
		gaps []statute.Gap
	}{{"stale", st.Stale}, {"missing", st.Missing}, {"coming", st.Coming}, {"doubtful", st.Doubtful}, {"repealed", st.Repealed}} {
		p := console.LawPart{Kind: part.kind}
		for _, g := range part.gaps {
			p.Laws = append(p.Laws, console.LawGap{Title: g.Title, Held: g.Held, Known: g.Known, Since: g.Since, By: g.By})
		}
		out.Parts = append(out.Parts, p)
	}
	for _, l := range set.Laws() {
		if len(l.Versions) > 1 {
			out.Several = append(out.Several, heldLaw(l))
		}
	}
	return out
}

// Law implements [console.Statutes].
func (h heldStatutes) Law(name string) (out console.HeldLaw, ok bool) {
	h.with(func(set *statute.Set) {
		var l *statute.Law
		if l, ok = set.Find(name); ok {
			out = heldLaw(l)
		}
	})
	return out, ok
}

func heldLaw(l *statute.Law) console.HeldLaw {
	out := console.HeldLaw{Title: l.Title, Short: l.Short}
	for _, v := range l.Versions {
		out.Versions = append(out.Versions, console.LawVersion{Day: v.Day, Effective: v.Effective, Repealed: v.Repealed, Articles: v.Len()})
	}
	return out
}

// Changes implements [console.Statutes].
func (h heldStatutes) Changes(title, from, to string) (out []console.LawChange, err error) {
	h.with(func(set *statute.Set) {
		var changes []statute.Change
		if changes, err = set.Diff(title, from, to); err != nil {
			err = fault.As(fault.Invalid, fmt.Errorf("changes of %s: %w", title, err))
		}
		for _, c := range changes {
			out = append(out, console.LawChange{Kind: string(c.Kind), Old: c.Old, New: c.New, Before: c.Before, Text: c.Text})
		}
	})
	return out, err
}
