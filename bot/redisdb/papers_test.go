package redisdb_test

import (
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestPapersAreKeptSealedAndTheOnesThatWereWritten writes, changes and takes
// away parts of a case's file, and finds one put back to an older content.
func TestPapersAreKeptSealedAndTheOnesThatWereWritten(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		cases, filed := d.cases, d.file(t, "papers")
		keep := func(seen dispute.Case, papers map[string]string) dispute.Case {
			t.Helper()
			after, err := cases.Apply(ctx, seen, dispute.Move{Papers: papers, Event: dispute.Event{At: d.clock.Now(), Actor: "li", Kind: "noted"}})
			must(t, err)
			return after
		}
		read := func() map[string]string {
			t.Helper()
			c, err := cases.Case(ctx, filed.ID, true)
			must(t, err)
			return c.Papers
		}
		one := keep(filed, map[string]string{"agreement": `{"text":"六百元"}`, "visits": "[]"})
		if got := read(); got["agreement"] != `{"text":"六百元"}` || got["visits"] != "[]" || len(one.Papers) != 2 {
			t.Errorf("papers %v, and %v after the move", got, one.Papers)
		}
		if c, err := cases.Case(ctx, filed.ID, false); err != nil || c.Papers != nil {
			t.Errorf("a plain read has the papers %v, %v", c.Papers, err)
		}
		sealed := rdb.Keys(ctx, "*:sealed:"+string(filed.ID)).Val()[0]
		old := rdb.HGet(ctx, sealed, "p:agreement").Val()
		if old == "" || strings.Contains(old, "六百元") {
			t.Errorf("kept as %q", old)
		}

		two := keep(one, map[string]string{"agreement": `{"text":"八百元"}`, "visits": ""})
		if got := read(); got["agreement"] != `{"text":"八百元"}` || len(got) != 1 {
			t.Errorf("papers %v", got)
		}
		must(t, cases.Verify(ctx, filed.ID))
		must(t, rdb.HSet(ctx, sealed, "p:agreement", old).Err())
		if err := cases.Verify(ctx, filed.ID); err == nil || !strings.Contains(err.Error(), "tampered") {
			t.Errorf("an older paper put back: %v", err)
		}
		if _, err := cases.Case(ctx, filed.ID, true); err == nil {
			t.Error("an older paper put back is read as if it were the newest")
		}
		if two.Version != filed.Version+2 {
			t.Errorf("version %d after two moves from %d", two.Version, filed.Version)
		}
	})
}
