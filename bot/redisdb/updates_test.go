package redisdb_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

const telegram = "telegram"

func update(id, chat string) bot.Received {
	return bot.Received{ID: id, Chat: chat, Raw: []byte(`{"update_id":` + id + `}`)}
}

type testInbox struct {
	*redisdb.Inbox
	t   *testing.T
	now *time.Time
	rdb redis.UniversalClient
}

func (b testInbox) keep(want int, rs ...bot.Received) {
	b.t.Helper()
	if n, err := b.Keep(b.t.Context(), telegram, rs...); err != nil || n != want {
		b.t.Fatalf("Keep = %d, %v, want %d fresh", n, err, want)
	}
}

// next takes what is due and says its id, "" for none.
func (b testInbox) next() (bot.Received, string) {
	b.t.Helper()
	r, ok, err := b.Next(b.t.Context(), telegram)
	if err != nil {
		b.t.Fatal(err)
	}
	if !ok {
		return r, ""
	}
	return r, r.ID
}

func (b testInbox) done(r bot.Received) {
	b.t.Helper()
	if err := b.Done(b.t.Context(), telegram, r); err != nil {
		b.t.Fatal(err)
	}
}

func eachInbox(t *testing.T, test func(t *testing.T, b testInbox)) {
	t.Helper()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
		db := redistest.On(t, rdb, redisdb.Options{Now: func() time.Time { return now }})
		in, err := db.Inbox()
		if err != nil {
			t.Fatal(err)
		}
		test(t, testInbox{in, t, &now, rdb})
	})
}

// TestAChatWhoseLeaseNobodyHeardOfWaitsSeconds leases a chat as a call does
// whose answer is lost.
func TestAChatWhoseLeaseNobodyHeardOfWaitsSeconds(t *testing.T) {
	eachInbox(t, func(t *testing.T, b testInbox) {
		b.keep(1, update("1", "a"))
		lost, cancel := context.WithCancel(t.Context())
		b.rdb.AddHook(&cutAfter{name: "eval", then: cancel})
		if _, _, err := b.Next(lost, telegram); err == nil {
			t.Fatal("the answer wasn't lost")
		}
		*b.now = b.now.Add(10 * time.Second)
		if _, id := b.next(); id != "1" {
			t.Errorf("after ten seconds Next = %q", id)
		}
		*b.now = b.now.Add(time.Minute)
		if _, id := b.next(); id != "" {
			t.Errorf("a chat in work was given out again: %q", id)
		}
	})
}

// cutAfter loses the answer of the first script.
type cutAfter struct {
	name string
	then func()
}

func (*cutAfter) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c *cutAfter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if err == nil && strings.HasPrefix(cmd.Name(), c.name) && c.then != nil {
			c.then()
			c.then = nil
			cmd.SetErr(context.Canceled)
			return context.Canceled
		}
		return err
	}
}

func (*cutAfter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func TestAnUpdateIsKeptOnce(t *testing.T) {
	eachInbox(t, func(t *testing.T, b testInbox) {
		b.keep(2, update("1", "a"), update("2", "a"))
		b.keep(1, update("2", "a"), update("3", "a"))
		r, _ := b.next()
		b.done(r)
		b.keep(0, update("1", "a")) // handled, and given out again by the server
		for _, want := range []string{"2", "3", ""} {
			r, id := b.next()
			if id != want {
				t.Fatalf("Next = %q, want %q", id, want)
			}
			if id != "" {
				b.done(r)
			}
		}
	})
}

func TestAChatIsHandledInOrderByOneAtATime(t *testing.T) {
	eachInbox(t, func(t *testing.T, b testInbox) {
		b.keep(3, update("1", "a"), update("2", "a"), update("3", "b"))
		first, id1 := b.next()
		_, id2 := b.next()
		if id1 == id2 || first.Chat != "a" && id1 != "3" {
			t.Fatalf("Next gave %q and %q, want one of each chat", id1, id2)
		}
		if _, id := b.next(); id != "" {
			t.Fatalf("Next = %q while both chats are leased, want none", id)
		}
		b.done(update("1", "a"))
		if r, id := b.next(); id != "2" || string(r.Raw) != `{"update_id":2}` || r.Tries != 0 || !r.At.Equal(*b.now) {
			t.Errorf("Next after Done = %+v, want update 2 as it was kept", r)
		}
	})
}

func TestALeaseThatRunsOutGivesTheUpdateOutAgain(t *testing.T) {
	eachInbox(t, func(t *testing.T, b testInbox) {
		b.keep(1, update("1", "a"))
		late, _ := b.next()
		*b.now = b.now.Add(2*time.Minute + time.Second)
		b.keep(1, update("2", "a"))
		r, id := b.next()
		if id != "1" || r.Tries != 1 {
			t.Fatalf("Next after the lease = %q after %d tries, want 1 after 1", id, r.Tries)
		}
		b.done(r)
		b.done(late) // the first worker wakes up: it must not take update 2 away
		if _, id := b.next(); id != "2" {
			t.Errorf("Next = %q, want 2", id)
		}
	})
}

func TestAHeldAnswerComesBackWithItsUpdate(t *testing.T) {
	eachInbox(t, func(t *testing.T, b testInbox) {
		b.keep(1, update("1", "a"))
		r, _ := b.next()
		r.Held = []byte("answer")
		if err := b.Hold(t.Context(), telegram, r); err != nil {
			t.Fatal(err)
		}
		if err := b.Again(t.Context(), telegram, r, 30*time.Second); err != nil {
			t.Fatal(err)
		}
		if _, id := b.next(); id != "" {
			t.Fatalf("Next = %q before the wait is over, want none", id)
		}
		*b.now = b.now.Add(31 * time.Second)
		if r, id := b.next(); id != "1" || string(r.Held) != "answer" || r.Tries != 1 {
			t.Errorf("Next = %+v, want update 1 with its held answer, tried once", r)
		}
	})
}

func TestWhatIsKeptIsSealedOnDisk(t *testing.T) {
	srv := redistest.Start(t)
	b, err := redistest.On(t, redistest.NewClient(&redis.Options{Addr: srv.Addr()}), redisdb.Options{}).Inbox()
	if err != nil {
		t.Fatal(err)
	}
	canary := []byte("金丝雀-13800001111")
	r := bot.Received{ID: "7", Chat: "a", Raw: canary, Held: canary}
	if _, err := b.Keep(t.Context(), telegram, r); err != nil {
		t.Fatal(err)
	}
	if err := b.Hold(t.Context(), telegram, r); err != nil {
		t.Fatal(err)
	}
	files, size := 0, 0
	err = filepath.WalkDir(srv.Dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, canary) {
			t.Errorf("%s holds a message in plain text", e.Name())
		}
		files, size = files+1, size+len(raw)
		return err
	})
	if err != nil || files == 0 || size == 0 {
		t.Fatalf("read %d files of %d bytes: %v", files, size, err)
	}
	if got, ok, err := b.Next(t.Context(), telegram); err != nil || !ok || !bytes.Equal(got.Raw, canary) || !bytes.Equal(got.Held, canary) {
		t.Errorf("Next = %+v, %v, %v, want the message back", got, ok, err)
	}
}

func TestAnInboxNeedsASecret(t *testing.T) {
	db, err := redisdb.New(redistest.NewClient(&redis.Options{Addr: "127.0.0.1:1"}), redisdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Inbox(); err == nil {
		t.Error("an inbox without a master key opened")
	}
}
