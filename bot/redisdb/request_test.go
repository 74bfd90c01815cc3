package redisdb_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/bot/request"
)

func (s *shelfDesk) requests(tb testing.TB, opt request.Options) *request.Service {
	tb.Helper()
	kept, err := s.db.Requests()
	must(tb, err)
	opt.Now = s.clock.Now
	return request.NewService(kept, s.Service, opt)
}

// TestNothingPersonalIsLeftOnceItWasDestroyed destroys a case that lies in a
// file and one that doesn't, and looks through all that Redis and the archive
// have on the disk, with the key at hand.
func TestNothingPersonalIsLeftOnceItWasDestroyed(t *testing.T) {
	server := redistest.Start(t)
	d, ctx := withShelf(t, client(t, server.URL())), t.Context()
	filed := d.archived(t, "filed")
	d.later(31)
	d.shelve(t, 1)
	_, err := d.Case(ctx, director, filed.ID)
	must(t, err)
	here := d.archived(t, "here")
	var salts [][]byte
	for _, id := range []dispute.CaseID{filed.ID, here.ID} {
		salts = append(salts, []byte(d.rdb.HGet(ctx, key(t, d.rdb, "sealed", id), "salt").Val()))
	}
	forgot := ""
	q := d.requests(t, request.Options{
		Forget:    func(_ context.Context, person string) error { forgot = person; return nil },
		Destroyed: d.db.Rewrite,
	})
	r, err := q.Ask(ctx, resident, request.Ask{Kind: request.Destroy, Notify: "web:resident"})
	must(t, err)
	if len(r.Cases) != 2 || r.How != "session" {
		t.Errorf("the request is about %v", r.Cases)
	}
	if _, err := q.Do(ctx, zhang, r.ID); fault.Of(err) != fault.Denied {
		t.Errorf("a mediator settles it: %v", err)
	}
	r, err = q.Do(ctx, clerk, r.ID)
	must(t, err)
	_, err = q.Do(ctx, clerk, r.ID) // again: nothing happens
	must(t, err)
	if r.State != request.Done || r.Person != "" || forgot != resident.ID {
		t.Errorf("settled as %+v, forgot %q", r, forgot)
	}
	for _, id := range []dispute.CaseID{filed.ID, here.ID} {
		c, err := d.Case(ctx, clerk, id)
		must(t, err)
		if !c.Erased() || c.Report.What != "" || c.Reporter != "" || c.State != dispute.Archived || c.Category != "neighbour" {
			t.Errorf("left of it is %+v", c)
		}
		events, err := d.Events(ctx, clerk, id)
		must(t, err)
		for _, e := range events {
			if e.Text != "" {
				t.Errorf("event %d still says %q", e.Seq, e.Text)
			}
		}
		must(t, d.Verify(ctx, clerk, id)) // the skeleton
		if _, err := d.Unshelve(ctx, clerk, id); !errors.Is(err, dispute.ErrMove) {
			t.Errorf("a destroyed case comes back: %v", err)
		}
	}
	if got := d.listed(t); got[filed.ID] != 2 || got[here.ID] != 2 {
		t.Errorf("the figures lost them: %v", got)
	}
	if found, err := d.FindPeople(ctx, clerk, "13900000000"); err != nil || len(found) != 0 {
		t.Errorf("the number still finds %d cases, %v", len(found), err)
	}
	if mine, err := d.MyReports(ctx, resident); err != nil || len(mine) != 0 {
		t.Errorf("the reporter still has %d, %v", len(mine), err)
	}
	rewritten(t, d.rdb)
	read := 0
	for _, dir := range []string{server.Dir, d.dir} {
		must(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			raw, err := os.ReadFile(path)
			read += len(raw)
			for _, canary := range canaries {
				if bytes.Contains(raw, []byte(canary)) {
					t.Errorf("%s holds %q", filepath.Base(path), canary)
				}
			}
			for _, salt := range salts {
				if bytes.Contains(raw, salt) {
					t.Errorf("%s holds the salt of a destroyed case", filepath.Base(path))
				}
			}
			return err
		}))
	}
	if read < 5000 {
		t.Errorf("only %d bytes looked through", read)
	}
}

// rewritten waits until Redis has written its log anew.
func rewritten(t *testing.T, rdb redis.UniversalClient) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		info, err := rdb.Info(t.Context(), "persistence").Result()
		must(t, err)
		if strings.Contains(info, "aof_rewrite_in_progress:0") && strings.Contains(info, "aof_rewrite_scheduled:0") {
			return
		}
	}
}

func TestWhatMustBeKeptIsNotDestroyed(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := withShelf(t, rdb), t.Context()
		c := d.file(t, "x")
		q := d.requests(t, request.Options{Days: 15})
		r, err := q.Ask(ctx, resident, request.Ask{Kind: request.Destroy, Notify: "web:resident"})
		must(t, err)
		if same, err := q.Ask(ctx, resident, request.Ask{Kind: request.Destroy}); !errors.Is(err, request.ErrSame) || same.ID != r.ID {
			t.Errorf("asked twice: %v, %v", same.ID, err)
		}
		if days := r.Due.Sub(r.Asked).Hours() / 24; days < 15 || days > 25 {
			t.Errorf("due in %v days", days)
		}
		if _, err := q.Do(ctx, clerk, r.ID); !errors.Is(err, request.ErrHeld) {
			t.Errorf("an open case: %v", err)
		}
		held, err := q.Obstacles(ctx, clerk, r)
		if err != nil || len(held) != 1 || held[0].Why != "open" || held[0].Number != c.Number {
			t.Errorf("in the way: %+v, %v", held, err)
		}
		d.sent(t)
		d.later(22)
		n, err := q.Remind(ctx)
		must(t, err)
		d.wantSent(t, "its day", "role:clerk request.notice.due", "role:director request.notice.due")
		if n != 1 {
			t.Errorf("%d reminders", n)
		}
		r, err = q.Refuse(ctx, clerk, r.ID, "还没有办结")
		must(t, err)
		d.wantSent(t, "the refusal", "web:resident request.notice.refused")
		if full, err := d.Case(ctx, clerk, c.ID); err != nil || full.Report.What == "" || r.State != request.Refused {
			t.Errorf("refused, it reads %+v, %v", full.Report, err)
		}
	})
}

func TestACorrectionStandsBesideWhatWasWritten(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := withShelf(t, rdb), t.Context()
		c := d.archived(t, "x")
		d.later(31)
		d.shelve(t, 1)
		c, err := d.cases.Case(ctx, c.ID, false) // with its code
		must(t, err)
		q := d.requests(t, request.Options{})
		if _, err := q.Ask(ctx, other, request.Ask{Kind: request.Correct, Number: string(c.Number), Code: "WRONG", Text: "x"}); fault.Of(err) != fault.NotFound {
			t.Errorf("with a wrong code: %v", err)
		}
		r, err := q.Ask(ctx, other, request.Ask{Kind: request.Correct, Number: string(c.Number), Code: c.Code, Text: "不是去年夏天，是前年"})
		must(t, err)
		_, err = q.Do(ctx, clerk, r.ID)
		must(t, err)
		full, err := d.Case(ctx, clerk, c.ID)
		must(t, err)
		events, err := d.Events(ctx, clerk, c.ID)
		must(t, err)
		said := ""
		for _, e := range events {
			if e.Kind == "corrected" {
				said = e.Text
			}
		}
		if said != "不是去年夏天，是前年" || full.Report.Since != "去年夏天" {
			t.Errorf("corrected by %q, told %q", said, full.Report.Since)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

func TestACopyHoldsAllThatWasToldAndIsNotedInTheTrail(t *testing.T) {
	d, ctx := withShelf(t, redistest.Client(t)), t.Context()
	c := d.archived(t, "x")
	d.later(31)
	d.shelve(t, 1)
	q := d.requests(t, request.Options{})
	r, err := q.Ask(ctx, resident, request.Ask{Kind: request.See})
	must(t, err)
	if err := q.Export(ctx, resident, r.ID, texts(t), io.Discard); fault.Of(err) != fault.NotFound {
		t.Errorf("before anybody looked at it: %v", err)
	}
	_, err = q.Do(ctx, clerk, r.ID)
	must(t, err)
	if err := q.Export(ctx, other, r.ID, texts(t), io.Discard); fault.Of(err) != fault.NotFound {
		t.Errorf("a stranger: %v", err)
	}
	if err := q.Export(ctx, zhang, r.ID, texts(t), io.Discard); fault.Of(err) != fault.NotFound {
		t.Errorf("a mediator: %v", err)
	}
	for _, who := range []struct {
		actor string
		read  func(io.Writer) error
	}{
		{"clerk", func(w io.Writer) error { return q.Export(ctx, clerk, r.ID, texts(t), w) }},
		{"system", func(w io.Writer) error { return q.Export(ctx, resident, r.ID, texts(t), w) }},
	} {
		var out bytes.Buffer
		must(t, who.read(&out))
		z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		must(t, err)
		page, err := z.Open("index.html")
		must(t, err)
		raw, err := io.ReadAll(page)
		must(t, err)
		for _, want := range []string{"赵试用", "13900000000", "空调外机", "去年夏天", "挪走", string(c.Number)} {
			if !strings.Contains(string(raw), want) {
				t.Errorf("the copy for %s lacks %q", who.actor, want)
			}
		}
		if strings.Contains(string(raw), "孙某说下周挪") {
			t.Error("the copy shows what staff noted for themselves")
		}
		events, err := d.Events(ctx, clerk, c.ID)
		must(t, err)
		if last := events[len(events)-1]; last.Kind != "read" || last.Actor != who.actor {
			t.Errorf("the trail ends with %s by %s, want a read by %s", last.Kind, last.Actor, who.actor)
		}
	}
}

func TestLookingForPeopleIsNoted(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := withShelf(t, rdb), t.Context()
		old := d.archived(t, "old")
		d.later(31)
		d.shelve(t, 1)
		d.later(500) // the index by trait of a case in a file doesn't run out
		c := d.file(t, "x")
		for _, text := range []string{"139 0000 0000", "赵试用", "１３９００００００００"} {
			text = strings.ReplaceAll(text, " ", "")
			found, err := d.FindPeople(ctx, clerk, text)
			if err != nil || len(found) != 2 || found[0].ID != c.ID || found[1].ID != old.ID {
				t.Errorf("%s finds %v, %v", text, found, err)
			}
		}
		if _, err := d.FindPeople(ctx, zhang, "赵试用"); fault.Of(err) != fault.Denied {
			t.Errorf("a mediator looks for people: %v", err)
		}
		for _, id := range []dispute.CaseID{old.ID, c.ID} {
			events, err := d.Events(ctx, clerk, id)
			must(t, err)
			if last := events[len(events)-1]; last.Kind != "read" || last.Actor != clerk.ID {
				t.Errorf("the trail of %s ends with %s by %s", id, last.Kind, last.Actor)
			}
		}
	})
}

func TestACopyHoldsTheAgreement(t *testing.T) {
	d, ctx := withShelf(t, redistest.Client(t)), t.Context()
	c := d.taken(t, "x")
	must(t, second(d.Advance(ctx, li, c.ID, dispute.OpMediate, "", dispute.Seen{})))
	must(t, second(d.Agree(ctx, li, c.ID, dispute.Terms{Oral: true, Terms: []string{"外机挪到北墙"}}, dispute.Seen{})))
	q := d.requests(t, request.Options{})
	r, err := q.Ask(ctx, resident, request.Ask{Kind: request.See})
	must(t, err)
	must(t, second(q.Do(ctx, clerk, r.ID)))
	var out bytes.Buffer
	must(t, q.Export(ctx, resident, r.ID, texts(t), &out))
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	must(t, err)
	page, err := z.Open("index.html")
	must(t, err)
	raw, err := io.ReadAll(page)
	must(t, err)
	for _, want := range []string{"调解协议", "外机挪到北墙"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the copy lacks %q", want)
		}
	}
	if strings.Contains(string(raw), "认领") || !strings.Contains(string(raw), "调解员接手") {
		t.Error("the copy speaks of what happened as the staff do")
	}
}
