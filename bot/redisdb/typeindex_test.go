package redisdb_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestCasesFromBeforeTheIndexByTypeAreListedByType: before they are indexed and
// afterwards, in every state, in a file too; those that moved meanwhile once.
func TestCasesFromBeforeTheIndexByTypeAreListedByType(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := withShelf(t, rdb), t.Context()
		filed := d.archived(t, "in a file")
		d.later(31)
		d.shelve(t, 1)
		here := d.archived(t, "archived")
		waits := d.file(t, "waits")
		for i := range 450 { // more than one batch
			must(t, second(d.File(ctx, clerk, filing(fmt.Sprint("more", i)))))
		}
		// as a version without these indexes left them
		old := rdb.Keys(ctx, "*:ix:type:*").Val()
		if len(old) < 3 {
			t.Fatalf("only %v are indexes by type", old)
		}
		for _, key := range old {
			must(t, rdb.Del(ctx, key).Err())
		}
		list := func(category string, states ...dispute.State) map[dispute.CaseID]int {
			t.Helper()
			all, after := map[dispute.CaseID]int{}, ""
			for {
				page, next, err := d.Cases(ctx, clerk, dispute.Filter{Category: category, State: states, Limit: 100, After: after})
				must(t, err)
				for _, c := range page {
					all[c.ID]++
				}
				if after = next; after == "" {
					return all
				}
			}
		}
		check := func(when string, total int) {
			t.Helper()
			got := list("neighbour")
			for _, id := range []dispute.CaseID{filed.ID, here.ID, waits.ID} {
				if got[id] != 1 {
					t.Errorf("%s: case %s is listed %d times", when, id, got[id])
				}
			}
			if len(got) != total || len(list("labour")) != 0 || len(list("neighbour", dispute.Archived)) != 2 {
				t.Errorf("%s: %d by type, %d of another, %d archived", when, len(got), len(list("labour")), len(list("neighbour", dispute.Archived)))
			}
		}
		d.on(t, nil) // another process, which doesn't remember that they were indexed
		check("before", 453)
		_, err := d.Withdraw(ctx, resident, waits.ID, "", dispute.Seen{})
		must(t, err)
		n, err := d.cases.IndexTypes(ctx, []string{"999999999001", "999999999002", "centre"})
		must(t, err)
		if n != 452 { // the one that moved stands there by its move
			t.Errorf("%d were added", n)
		}
		check("after", 453)
		if again, err := d.cases.IndexTypes(ctx, []string{"999999999001"}); again != 0 || err != nil {
			t.Errorf("a second time: %d, %v", again, err)
		}
		if keys := rdb.Keys(ctx, "*:ix:type:*").Val(); !slices.ContainsFunc(keys, func(k string) bool { return rdb.ZCard(ctx, k).Val() > 400 }) {
			t.Errorf("nothing stands in %v", keys)
		}
	})
}

// TestMovesOfAnOlderVersionAreListedByType: after the indexes by type are there,
// an older version files and moves cases without knowing of them.
func TestMovesOfAnOlderVersionAreListedByType(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		territories := []string{"999999999001", "999999999002", "centre"}
		must(t, second(d.cases.IndexTypes(ctx, territories)))
		filed, moved, ended := d.file(t, "filed"), d.file(t, "moved"), d.file(t, "ended")
		// What older scripts leave: the case, its place in the index by place, and
		// the index by type as it was before.
		before := map[string][]redis.Z{}
		for _, key := range rdb.Keys(ctx, "*:ix:type:*").Val() {
			before[key] = rdb.ZRangeWithScores(ctx, key, 0, -1).Val()
		}
		must(t, second(d.Claim(ctx, li, moved.ID, dispute.Seen{})))
		must(t, second(d.Withdraw(ctx, clerk, ended.ID, "", dispute.Seen{})))
		for _, key := range rdb.Keys(ctx, "*:ix:type:*").Val() {
			must(t, rdb.Del(ctx, key).Err())
		}
		for key, all := range before {
			for _, z := range all {
				if z.Member != string(filed.ID) { // filed by the older one
					must(t, rdb.ZAdd(ctx, key, z).Err())
				}
			}
		}
		listed := func(states ...dispute.State) (ids []dispute.CaseID) {
			t.Helper()
			page, _, err := d.Cases(ctx, clerk, dispute.Filter{Category: "neighbour", State: states})
			must(t, err)
			for _, c := range page {
				ids = append(ids, c.ID)
			}
			return ids
		}
		if got := listed(dispute.Claimed); len(got) != 0 {
			t.Fatalf("what the older version left isn't what this test is about: %v", got)
		}
		n, err := d.cases.SweepTypes(ctx, territories, true)
		must(t, err)
		if got := listed(dispute.Claimed); n != 2 || !slices.Equal(got, []dispute.CaseID{moved.ID}) || len(listed(dispute.Accepted)) != 1 || len(listed(dispute.Withdrawn)) != 0 {
			t.Errorf("the sweep over open cases added %d, claimed are %v", n, got)
		}
		must(t, second(d.cases.SweepTypes(ctx, territories, false)))
		if got := listed(); len(got) != 3 || !slices.Equal(listed(dispute.Withdrawn), []dispute.CaseID{ended.ID}) {
			t.Errorf("after the whole sweep %v are listed, withdrawn %v", got, listed(dispute.Withdrawn))
		}
		if n, err := d.cases.SweepTypes(ctx, territories, false); n != 0 || err != nil {
			t.Errorf("a second sweep added %d, %v", n, err)
		}
	})
}
