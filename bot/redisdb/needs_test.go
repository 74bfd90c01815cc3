package redisdb_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/needs"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func needsOn(t *testing.T, rdb redis.UniversalClient, now *time.Time) *redisdb.Needs {
	t.Helper()
	s, err := redistest.On(t, rdb, redisdb.Options{Now: func() time.Time { return *now }}).Needs()
	must(t, err)
	return s
}

var needDay = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func noted(text string, kind needs.Kind, at time.Time) needs.Noted {
	return needs.Noted{Asked: needs.Asked{Text: text, Kind: kind, Entry: "e-1"}, Key: text, At: at, Week: needs.Week(at)}
}

func TestNeedsAreCountedDecidedAndForgotten(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		now, ctx := needDay, t.Context()
		s := needsOn(t, rdb, &now)
		one := func() needs.Need {
			t.Helper()
			all, err := s.Needs(ctx)
			must(t, err)
			if len(all) != 1 {
				t.Fatalf("needs are %+v", all)
			}
			return all[0]
		}
		must(t, s.Note(ctx, noted("无人机", needs.Refused, now)))
		now = now.Add(8 * 24 * time.Hour)
		again := noted("无人机", needs.Useless, now)
		again.Entry = ""
		must(t, s.Note(ctx, again))
		must(t, s.Note(ctx, needs.Noted{Asked: needs.Asked{Kind: needs.Answered}, At: now, Week: needs.Week(now)}))
		n := one()
		if n.Text != "无人机" || n.Count() != 2 || n.Entry != "e-1" || !n.First.Equal(needDay) || !n.Last.Equal(now) ||
			!maps.Equal(n.Weeks, map[string]int{"2026-11-23": 1, "2026-11-30": 1}) || n.State != needs.Open {
			t.Errorf("need is %+v", n)
		}
		figures, err := s.Figures(ctx, "2026-11-30")
		if err != nil || !maps.Equal(figures, map[needs.Kind]int{needs.Useless: 1, needs.Answered: 1}) {
			t.Errorf("figures are %v, %v", figures, err)
		}

		must(t, s.Decide(ctx, []string{n.ID, "gone"}, needs.Decision{State: needs.Writing, By: "k1", To: "loan-d1", At: now}))
		must(t, s.Decide(ctx, []string{n.ID}, needs.Decision{State: needs.Live, By: "v1", To: "loan-d1", At: now}))
		if n = one(); n.State != needs.Live || n.By != "v1" || n.To != "loan-d1" || !n.Live.Equal(now) || !n.Decided.Equal(now) {
			t.Errorf("decided: %+v", n)
		}
		must(t, s.Note(ctx, noted("无人机", needs.Refused, now)))
		if n = one(); n.State != needs.Open || n.Count() != 3 || !n.Live.Equal(now) {
			t.Errorf("asked in vain again: %+v", n)
		}
		must(t, s.Decide(ctx, []string{n.ID}, needs.Decision{State: needs.Dropped, By: "k1", At: now}))
		must(t, s.Note(ctx, noted("无人机", needs.Refused, now)))
		if n = one(); n.State != needs.Dropped {
			t.Errorf("asked again, though it needs no entry: %+v", n)
		}

		now = now.Add(needs.Kept + time.Hour)
		if all, err := s.Needs(ctx); err != nil || len(all) != 0 {
			t.Errorf("after its time: %+v, %v", all, err)
		}
		must(t, s.Note(ctx, noted("快递柜", needs.Refused, now)))
		if n = one(); n.Text != "快递柜" {
			t.Errorf("need is %+v", n)
		}
	})
}

func TestTheListOfNeedsIsBounded(t *testing.T) {
	t.Parallel()
	now, ctx := needDay, t.Context()
	rdb := redistest.Client(t)
	s := needsOn(t, rdb, &now)
	for i := range needs.Most + 20 {
		now = now.Add(time.Second)
		must(t, s.Note(ctx, noted(fmt.Sprintf("问题%d", i), needs.Refused, now)))
	}
	all, err := s.Needs(ctx)
	if err != nil || len(all) != needs.Most {
		t.Fatalf("%d needs, %v; want %d", len(all), err, needs.Most)
	}
	for _, n := range all {
		if n.Text == "问题19" {
			t.Error("one of the oldest is still there")
		}
	}
}

func TestNoNeedIsReadableInRedis(t *testing.T) {
	srv := redistest.Start(t)
	now := needDay
	s := needsOn(t, client(t, srv.URL()), &now)
	must(t, s.Note(t.Context(), noted("赵试用家的事", needs.Refused, now)))
	looked := 0
	must(t, filepath.WalkDir(srv.Dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		looked += len(raw)
		if bytes.Contains(raw, []byte("赵试用")) {
			t.Errorf("%s holds the words", filepath.Base(path))
		}
		return err
	}))
	if looked < 200 {
		t.Errorf("only %d bytes looked through", looked)
	}
}
