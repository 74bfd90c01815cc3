package redisdb_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func eachDialogs(t *testing.T, test func(t *testing.T, d *redisdb.Dialogs, rdb redis.UniversalClient)) {
	t.Helper()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, err := redistest.On(t, rdb, redisdb.Options{Now: time.Now}).Dialogs()
		if err != nil {
			t.Fatal(err)
		}
		test(t, d, rdb)
	})
}

func TestASessionSurvivesAndAStaleSaveIsRefused(t *testing.T) {
	eachDialogs(t, func(t *testing.T, d *redisdb.Dialogs, _ redis.UniversalClient) {
		ctx := t.Context()
		s, had, err := d.Load(ctx, "web:anna", "")
		if err != nil || had != nil || s.Version != 0 {
			t.Fatalf("a new person has session %+v, reply %v, %v", s, had, err)
		}
		s.Words = "漏水"
		for want := int64(1); want <= 2; want++ {
			if err := d.Save(ctx, "web:anna", s, "", bot.Reply{}); err != nil {
				t.Fatal(err)
			}
			if s, _, err = d.Load(ctx, "web:anna", ""); err != nil || s.Version != want || s.Words != "漏水" {
				t.Fatalf("loaded version %d with %q, %v; want %d", s.Version, s.Words, err, want)
			}
		}
		s.Version = 1
		if err := d.Save(ctx, "web:anna", s, "", bot.Reply{}); fault.Of(err) != fault.Conflict {
			t.Errorf("a stale save gives %v, want a conflict", err)
		}
		if err := d.Forget(ctx, "web:anna"); err != nil {
			t.Fatal(err)
		}
		if s, _, _ := d.Load(ctx, "web:anna", ""); s.Version != 0 || s.Words != "" {
			t.Errorf("a forgotten session has version %d", s.Version)
		}
	})
}

func TestOneOfManySavesOfTheSameVersionWins(t *testing.T) {
	eachDialogs(t, func(t *testing.T, d *redisdb.Dialogs, _ redis.UniversalClient) {
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 32 {
			wg.Go(func() {
				if d.Save(context.Background(), "web:anna", bot.Session{}, "", bot.Reply{}) == nil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d saves of one version went through, want 1", won.Load())
		}
	})
}

func TestARepeatedMessageFindsItsReply(t *testing.T) {
	eachDialogs(t, func(t *testing.T, d *redisdb.Dialogs, _ redis.UniversalClient) {
		ctx := t.Context()
		want := bot.Reply{Text: "答复", Choices: []bot.Choice{{Label: "看原文", Data: "a:1:src"}}}
		if err := d.Save(ctx, "web:anna", bot.Session{}, "web:anna:7", want); err != nil {
			t.Fatal(err)
		}
		_, had, err := d.Load(ctx, "web:anna", "web:anna:7")
		if err != nil || had == nil || had.Text != want.Text || len(had.Choices) != 1 {
			t.Errorf("the repeat gets %+v, %v; want the reply given before", had, err)
		}
		if _, had, _ = d.Load(ctx, "web:anna", "web:anna:8"); had != nil {
			t.Error("a new message gets an old reply")
		}
	})
}

func TestHandlesAreFoundByNameOnly(t *testing.T) {
	eachDialogs(t, func(t *testing.T, d *redisdb.Dialogs, _ redis.UniversalClient) {
		want := bot.Handle{Person: "telegram:1", Action: "claim", Case: "cabcdefghij23", Version: 4}
		id, err := d.NewHandle(t.Context(), want)
		if err != nil || len(id) != 16 {
			t.Fatalf("handle %q, %v; want 16 characters", id, err)
		}
		if got, err := d.Handle(t.Context(), id); err != nil || got != want {
			t.Errorf("found %+v, %v; want %+v", got, err, want)
		}
		if _, err := d.Handle(t.Context(), "aaaaaaaaaaaaaaaa"); fault.Of(err) != fault.NotFound {
			t.Errorf("a made-up handle gives %v, want not found", err)
		}
	})
}

func TestOpinionsAreCounted(t *testing.T) {
	eachDialogs(t, func(t *testing.T, d *redisdb.Dialogs, _ redis.UniversalClient) {
		for _, useful := range []bool{true, true, false} {
			if err := d.Opinion(t.Context(), "loan-001", useful); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := d.Opinions(t.Context()); err != nil || got["loan-001:yes"] != 2 || got["loan-001:no"] != 1 {
			t.Errorf("opinions %v, %v; want 2 yes and 1 no", got, err)
		}
	})
}

func TestNothingThatAResidentSaidIsReadableInRedis(t *testing.T) {
	eachDialogs(t, func(t *testing.T, d *redisdb.Dialogs, rdb redis.UniversalClient) {
		ctx := t.Context()
		s := bot.Session{Words: "王二嫂13800138000", Given: []bot.Given{{Question: "王二嫂13800138000"}}}
		if err := d.Save(ctx, "web:anna", s, "web:anna:1", bot.Reply{Text: "王二嫂13800138000"}); err != nil {
			t.Fatal(err)
		}
		keys, err := rdb.Keys(ctx, "*").Result()
		if err != nil || len(keys) == 0 {
			t.Fatalf("%d keys, %v", len(keys), err)
		}
		for _, k := range keys {
			raw, err := rdb.Dump(ctx, k).Result()
			if err == nil && strings.Contains(raw, "13800138000") {
				t.Errorf("key %s holds what was said", k)
			}
		}
	})
}

func TestAQuestionIsPassedOnAndAnsweredOnce(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		ctx := t.Context()
		db := redistest.On(t, rdb, redisdb.Options{Now: time.Now})
		h, err := db.Handovers()
		if err != nil {
			t.Fatal(err)
		}
		v := bot.Handover{ID: "abc", From: bot.Address{Channel: "web", Chat: "anna"}, Question: "这份文件作数不", Asked: time.Now()}
		n := dispute.Notice{To: "role:adviser", Key: "flow.notice.asked", Data: map[string]string{"handover": "abc"}}
		for range 2 {
			if err := h.Open(ctx, v, n); err != nil {
				t.Fatal(err)
			}
		}
		waiting, err := h.Waiting(ctx, 10)
		if err != nil || len(waiting) != 1 || waiting[0].Question != v.Question {
			t.Fatalf("waiting %+v, %v; want the one question", waiting, err)
		}
		v.Reply, v.By = "作数", "adviser"
		if err := h.Answer(ctx, v, dispute.Notice{To: "web:anna", Key: "flow.notice.answered"}); err != nil {
			t.Fatal(err)
		}
		if err := h.Answer(ctx, v); fault.Of(err) != fault.Conflict {
			t.Errorf("a second answer gives %v, want a conflict", err)
		}
		if got, err := h.Handover(ctx, "abc"); err != nil || got.Reply != "作数" {
			t.Errorf("kept %+v, %v; want the answer", got, err)
		}
		if waiting, _ := h.Waiting(ctx, 10); len(waiting) != 0 {
			t.Errorf("%d questions wait after the answer", len(waiting))
		}
		entries, err := db.Outbox().Take(ctx, 10)
		if err != nil || len(entries) != 2 {
			t.Errorf("%d notices in the outbox, %v; want 2: asked once, answered once", len(entries), err)
		}
	})
}
