package redisdb_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestListsByEveryFilter compares the store's lists with a plain filter over
// all cases, page by page.
func TestListsByEveryFilter(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		villages, kinds := []string{"999999999001", "999999999002", "centre"}, []string{"neighbour", "labour", "land"}
		var all []dispute.Case
		for i := range 180 {
			if i%7 == 0 {
				d.clock.Add(time.Second) // several share a moment
			}
			f := filing(fmt.Sprint(i))
			f.Report.Village, f.Report.Category, f.For = villages[i%3], kinds[i%5%3], fmt.Sprintf("web:%d", i%4)
			c, err := d.File(ctx, clerk, f)
			must(t, err)
			if i%4 == 0 && i%3 != 2 {
				c, err = d.Claim(ctx, li, c.ID, dispute.Seen{})
				must(t, err)
			}
			if i%8 == 0 && i%3 != 2 {
				_, err = d.RecordOutcome(ctx, li, c.ID, dispute.Result{Outcome: dispute.Refused, Summary: "x"}, dispute.Seen{})
				must(t, err)
				c, err = d.Close(ctx, li, c.ID, "", dispute.Seen{})
				must(t, err)
			}
			all = append(all, c)
		}
		slices.SortFunc(all, func(a, b dispute.Case) int {
			if n := b.Filed.Compare(a.Filed); n != 0 {
				return n
			}
			return -compare(a.ID, b.ID)
		})
		for name, f := range map[string]dispute.Filter{
			"all":                      {},
			"one village":              {Territory: villages[:1]},
			"two states":               {State: []dispute.State{dispute.Accepted, dispute.Closed}},
			"a village and a state":    {Territory: villages[1:2], State: []dispute.State{dispute.Accepted}},
			"an owner":                 {Owner: "li"},
			"an owner's closed":        {Owner: "li", State: []dispute.State{dispute.Closed}},
			"an owner's open":          {Owner: "li", State: []dispute.State{dispute.Claimed}},
			"a reporter":               {Reporter: "web:3"},
			"a reporter and a village": {Reporter: "web:3", Territory: villages[2:]},
			"a category":               {Category: "land"},
			"since":                    {Since: d.clock.Now().Add(-5 * time.Second)},
			"nothing":                  {Category: "medical"},
			"two at a time":            {Limit: 2, Category: "labour"},
			"all in one page":          {Limit: 500},
		} {
			var want, got []dispute.CaseID
			for _, c := range all {
				if (len(f.Territory) == 0 || slices.Contains(f.Territory, c.Territory)) && (len(f.State) == 0 || slices.Contains(f.State, c.State)) &&
					(f.Owner == "" || f.Owner == c.Owner) && (f.Reporter == "" || f.Reporter == c.Reporter) &&
					(f.Category == "" || f.Category == c.Category) && !c.Filed.Before(f.Since) {
					want = append(want, c.ID)
				}
			}
			pages := 0
			for {
				cases, next, err := d.Cases(ctx, clerk, f)
				must(t, err)
				for _, c := range cases {
					got = append(got, c.ID)
					if c.Report.What != "" || c.Code != "" {
						t.Fatalf("%s: a list shows personal data", name)
					}
				}
				if pages++; next == "" || pages > 200 {
					break
				}
				f.After = next
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d cases over %d pages, want %d\n%v\n%v", name, len(got), pages, len(want), got, want)
			}
		}
		mine, err := d.Mine(ctx, li)
		must(t, err)
		if !slices.IsSortedFunc(mine, func(a, b dispute.Case) int { return a.Due.Compare(b.Due) }) || len(mine) == 0 {
			t.Errorf("li has %d cases in hand, out of order", len(mine))
		}
		for _, c := range mine {
			if c.Owner != "li" || c.State == dispute.Closed {
				t.Errorf("in hand: %+v", c)
			}
		}
	})
}

func compare[T ~string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestListsStayWithinOnesTerritory(t *testing.T) {
	d, ctx := open(t, redistest.Client(t)), t.Context()
	for i, v := range []string{"999999999001", "999999999002", "999999999003"} {
		f := filing(fmt.Sprint(i))
		f.Report.Village = v
		_, err := d.File(ctx, clerk, f)
		must(t, err)
	}
	for name, tc := range map[string]struct {
		f    dispute.Filter
		want int
	}{
		"all that zhang covers":  {dispute.Filter{}, 1},
		"another's village":      {dispute.Filter{Territory: []string{"999999999002"}}, 0},
		"a village more":         {dispute.Filter{Territory: []string{"999999999001", "999999999003"}}, 1},
		"zhang's own cases":      {dispute.Filter{Owner: "zhang"}, 0},
		"a cursor from anywhere": {dispute.Filter{After: "99999999999999:zzz"}, 1},
	} {
		cases, _, err := d.Cases(ctx, zhang, tc.f)
		must(t, err)
		if len(cases) != tc.want {
			t.Errorf("%s: %d cases, want %d", name, len(cases), tc.want)
		}
	}
	_, _, err := d.Cases(ctx, zhang, dispute.Filter{Owner: "li"})
	wantsKind(t, "another's cases", err, fault.Denied)
	_, _, err = d.Cases(ctx, zhang, dispute.Filter{Reporter: "web:1"})
	wantsKind(t, "a resident's cases", err, fault.Denied)
	_, _, err = d.Cases(ctx, resident, dispute.Filter{})
	wantsKind(t, "a resident", err, fault.Denied)
	_, _, err = d.Cases(ctx, clerk, dispute.Filter{After: "x"})
	wantsKind(t, "a cursor that is none", err, fault.NotFound)
}
