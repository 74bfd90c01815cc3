package redisdb_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func eachTranscripts(t *testing.T, test func(t *testing.T, tr *redisdb.Transcripts, rdb redis.UniversalClient)) {
	t.Helper()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		tr, err := redistest.On(t, rdb, redisdb.Options{Now: time.Now}).Transcripts()
		if err != nil {
			t.Fatal(err)
		}
		test(t, tr, rdb)
	})
}

func say(t *testing.T, tr *redisdb.Transcripts, chat, token, text string) (id string, fresh bool) {
	t.Helper()
	id, fresh, err := tr.Append(t.Context(), chat, token, []byte(text))
	if err != nil {
		t.Fatalf("Append(%s, %q): %v", chat, text, err)
	}
	return id, fresh
}

func since(t *testing.T, tr *redisdb.Transcripts, chat, after string) string {
	t.Helper()
	lines, err := tr.Since(t.Context(), chat, after)
	if err != nil {
		t.Fatalf("Since(%s, %q): %v", chat, after, err)
	}
	var all []string
	for _, l := range lines {
		all = append(all, string(l.Data))
	}
	return strings.Join(all, "|")
}

func TestAConversationIsReadBackInOrder(t *testing.T) {
	eachTranscripts(t, func(t *testing.T, tr *redisdb.Transcripts, _ redis.UniversalClient) {
		first, _ := say(t, tr, "anna", "", "one")
		say(t, tr, "anna", "", "two")
		say(t, tr, "berta", "", "other")
		if got := since(t, tr, "anna", ""); got != "one|two" {
			t.Errorf("all lines = %q, want one|two", got)
		}
		if got := since(t, tr, "berta", ""); got != "other" {
			t.Errorf("another's lines = %q, want other", got)
		}
		if got := since(t, tr, "anna", first); got != "two" {
			t.Errorf("lines after the first = %q, want two", got)
		}
	})
}

func TestATokenIsTakenOnce(t *testing.T) {
	eachTranscripts(t, func(t *testing.T, tr *redisdb.Transcripts, _ redis.UniversalClient) {
		if _, fresh := say(t, tr, "anna", "tok", "one"); !fresh {
			t.Error("the first line of a token is no repeat")
		}
		if _, fresh := say(t, tr, "anna", "tok", "one again"); fresh {
			t.Error("the second line of a token is a repeat")
		}
		if _, fresh := say(t, tr, "berta", "tok", "hers"); !fresh {
			t.Error("the same token in another conversation is no repeat")
		}
		if got := since(t, tr, "anna", ""); got != "one" {
			t.Errorf("lines = %q, want one", got)
		}
	})
}

func TestOnlyTheLastLinesAreKept(t *testing.T) {
	eachTranscripts(t, func(t *testing.T, tr *redisdb.Transcripts, _ redis.UniversalClient) {
		for i := range 130 {
			say(t, tr, "anna", "", fmt.Sprint(i))
		}
		got := strings.Split(since(t, tr, "anna", ""), "|")
		if len(got) != 120 || got[0] != "10" || got[119] != "129" {
			t.Errorf("kept %d lines from %s to %s, want 120 from 10 to 129", len(got), got[0], got[len(got)-1])
		}
	})
}

func TestConversationsAreSealedAndErased(t *testing.T) {
	eachTranscripts(t, func(t *testing.T, tr *redisdb.Transcripts, rdb redis.UniversalClient) {
		say(t, tr, "anna", "tok", "canary-4711")
		keys := scan(t, rdb, "*:chat:anna*")
		if len(keys) != 3 {
			t.Fatalf("keys of the conversation = %q, want stream, salt and mark", keys)
		}
		for _, k := range keys {
			if ttl := rdb.PTTL(t.Context(), k).Val(); ttl <= 0 {
				t.Errorf("%s is kept for ever", k)
			}
			for _, m := range rdb.XRange(t.Context(), k, "-", "+").Val() {
				if strings.Contains(fmt.Sprint(m.Values), "canary-4711") {
					t.Errorf("%s holds the text unsealed", k)
				}
			}
		}
		if err := tr.Erase(t.Context(), "anna"); err != nil {
			t.Fatal(err)
		}
		if got := since(t, tr, "anna", ""); got != "" {
			t.Errorf("after Erase the conversation is %q", got)
		}
		if left := scan(t, rdb, "*:chat:anna*"); len(left) != 1 || !strings.Contains(left[0], ":seen:") {
			t.Errorf("after Erase the keys are %q, want the mark alone", left)
		}
	})
}

func scan(t *testing.T, rdb redis.UniversalClient, pattern string) []string {
	t.Helper()
	keys, err := rdb.Keys(t.Context(), pattern).Result()
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestALineSealedByALostKeyIsPassedOver(t *testing.T) {
	eachTranscripts(t, func(t *testing.T, tr *redisdb.Transcripts, rdb redis.UniversalClient) {
		say(t, tr, "anna", "", "lost")
		for _, k := range scan(t, rdb, "*:chat:anna:salt") {
			rdb.Del(t.Context(), k)
		}
		say(t, tr, "anna", "", "found")
		if got := since(t, tr, "anna", ""); got != "found" {
			t.Errorf("lines = %q, want found", got)
		}
	})
}

func TestWhoWatchesIsToldAndTheWatchEndsWithItsContext(t *testing.T) {
	eachTranscripts(t, func(t *testing.T, tr *redisdb.Transcripts, _ redis.UniversalClient) {
		ctx, cancel := context.WithCancel(t.Context())
		told := make(chan string, 100)
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := tr.Watch(ctx, func(chat string) { told <- chat }); err != nil {
				t.Errorf("Watch: %v", err)
			}
		})
		// Until the subscription stands, a line may go untold; so say on.
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		limit := time.After(time.Minute)
		for done := false; !done; {
			select {
			case chat := <-told:
				if chat != "anna" {
					t.Errorf("told of %q, want anna", chat)
				}
				done = true
			case <-tick.C:
				say(t, tr, "anna", "", "knock")
			case <-limit:
				t.Fatal("never told of a line")
			}
		}
		cancel()
		wg.Wait()
	})
}
