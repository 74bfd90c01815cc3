package redisdb_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/entry"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/content"
)

func sheet(version int64) entry.Sheet {
	return entry.Sheet{
		FAQ:   content.FAQ{ID: "loan-d1", Field: "loan", Question: "押金不退怎么办？", Deadlines: []content.Deadline{{What: "起诉", Within: "3y", From: "那天", Cite: "民法典@2020-05-28#188"}}},
		State: entry.Draft, Version: version, Wrote: []string{"k1"}, By: "褚试台", Saved: needDay,
	}
}

func TestDraftsAreKeptInTheVersionRead(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		e, ctx := redistest.On(t, rdb, redisdb.Options{Now: time.Now}).Entries(), t.Context()
		for want := range 3 {
			if id, err := e.NextID(ctx, "loan"); err != nil || id != fmt.Sprintf("loan-d%d", want+1) {
				t.Errorf("id is %s, %v", id, err)
			}
		}
		if _, err := e.Draft(ctx, "loan-d1"); fault.Of(err) != fault.NotFound {
			t.Errorf("a draft that isn't: %v", err)
		}
		first, err := e.SaveDraft(ctx, sheet(0))
		must(t, err)
		got, err := e.Draft(ctx, "loan-d1")
		if err != nil || first.Version != 1 || got.Version != 1 || got.FAQ.Deadlines[0].Within != "3y" || got.FAQ.Field != "loan" || !got.Saved.Equal(needDay) || got.Wrote[0] != "k1" {
			t.Errorf("kept %+v, %v", got, err)
		}
		for name, s := range map[string]entry.Sheet{"a second new one": sheet(0), "of a version to come": sheet(7)} {
			if _, err := e.SaveDraft(ctx, s); fault.Of(err) != fault.Conflict {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := e.DropDraft(ctx, "loan-d1", 2); fault.Of(err) != fault.Conflict {
			t.Errorf("dropped in a version that isn't: %v", err)
		}
		must(t, e.DropDraft(ctx, "loan-d1", 1))
		if all, err := e.Drafts(ctx); err != nil || len(all) != 0 {
			t.Errorf("drafts are %v, %v", all, err)
		}
	})
}

func TestAnEditionEndsItsDraftAndEntersTheHistory(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		e, ctx := redistest.On(t, rdb, redisdb.Options{Now: time.Now}).Entries(), t.Context()
		if list, version, err := e.Editions(ctx); err != nil || version != 0 || len(list) != 0 {
			t.Fatalf("at first: %v, %d, %v", list, version, err)
		}
		_, err := e.SaveDraft(ctx, sheet(0))
		must(t, err)
		edition := entry.Edition{FAQ: sheet(0).FAQ, Wrote: "褚试台", Reviewed: "陈试律", At: needDay}
		if err := e.Publish(ctx, edition, 2); fault.Of(err) != fault.Conflict {
			t.Errorf("published in a version that isn't: %v", err)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 8 {
			wg.Go(func() {
				err := e.Publish(ctx, edition, 1)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if fault.Of(err) != fault.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		list, version, err := e.Editions(ctx)
		if err != nil || won != 1 || version != 1 || len(list) != 1 || list[0].FAQ.Question != edition.FAQ.Question || !list[0].At.Equal(needDay) {
			t.Errorf("%d of 8 published: %+v, version %d, %v", won, list, version, err)
		}
		down := entry.Edition{FAQ: edition.FAQ, Down: true, Reviewed: "陈试律", At: needDay.Add(time.Hour), Note: "错了"}
		must(t, e.Publish(ctx, down, 0))
		must(t, e.Publish(ctx, entry.Edition{FAQ: content.FAQ{ID: "loan-d1"}, Reverted: true, At: needDay.Add(2 * time.Hour)}, 0))
		if list, version, err = e.Editions(ctx); err != nil || version != 3 || len(list) != 0 {
			t.Errorf("given back: %v, %d, %v", list, version, err)
		}
		history, err := e.History(ctx, "loan-d1")
		if err != nil || len(history) != 3 || !history[0].Reverted || !history[1].Down || history[1].Note != "错了" || history[2].Wrote != "褚试台" {
			t.Errorf("history is %+v, %v", history, err)
		}
		if now, err := e.Version(ctx); err != nil || now != 3 {
			t.Errorf("version %d, %v", now, err)
		}
	})
}
