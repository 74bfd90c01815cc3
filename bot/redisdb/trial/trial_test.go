package trial_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/redisdb/trial"
)

func open(t *testing.T, dir string, opt trial.Options) *trial.Server {
	t.Helper()
	s, err := trial.Open(dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryTypeSurvivesARestart(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s := open(t, dir, trial.Options{})
	rdb := s.Client()
	raw := string([]byte{0, 1, 0xff, '\n', 0xe4})
	must(t, rdb.Set(ctx, "string", raw, 0).Err())
	must(t, rdb.Set(ctx, "empty", "", 0).Err())
	must(t, rdb.HSet(ctx, "hash", "a", raw, "b", "2").Err())
	must(t, rdb.RPush(ctx, "list", "x", raw, "x").Err())
	must(t, rdb.SAdd(ctx, "set", "m", raw).Err())
	must(t, rdb.ZAdd(ctx, "zset", redis.Z{Score: 31793999999999, Member: raw}, redis.Z{Score: -0.5, Member: "low"}).Err())
	for i := range 5 {
		must(t, rdb.XAdd(ctx, &redis.XAddArgs{Stream: "stream", ID: fmt.Sprintf("5-%d", i+1), Values: []any{"f", raw}}).Err())
	}
	must(t, rdb.XGroupCreate(ctx, "stream", "g", "0").Err())
	must(t, rdb.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "g", Consumer: "c1", Streams: []string{"stream", ">"}, Count: 2, Block: -1}).Err())
	must(t, rdb.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "g", Consumer: "c2", Streams: []string{"stream", ">"}, Count: 1, Block: -1}).Err())
	must(t, rdb.XAck(ctx, "stream", "g", "5-1").Err())
	before := look(t, rdb)
	must(t, s.Close())

	s = open(t, dir, trial.Options{})
	defer s.Close()
	if after := look(t, s.Client()); !reflect.DeepEqual(before, after) {
		t.Fatalf("after the restart\n%v\nbefore\n%v", after, before)
	}
	if got := before["string"]; got != raw {
		t.Fatalf("string is %q", got)
	}
	next, err := s.Client().XReadGroup(ctx, &redis.XReadGroupArgs{Group: "g", Consumer: "c1", Streams: []string{"stream", ">"}, Block: -1}).Result()
	if err != nil || len(next[0].Messages) != 2 || next[0].Messages[0].ID != "5-4" {
		t.Fatalf("the group goes on with %v, %v; want 5-4 and 5-5", next, err)
	}
}

// look reads all that the first test wrote.
func look(t *testing.T, rdb redis.UniversalClient) map[string]any {
	t.Helper()
	ctx := t.Context()
	pend, err := rdb.XPendingExt(ctx, &redis.XPendingExtArgs{Stream: "stream", Group: "g", Start: "-", End: "+", Count: 9}).Result()
	must(t, err)
	var waiting []string
	for _, p := range pend {
		waiting = append(waiting, fmt.Sprint(p.ID, p.Consumer, p.RetryCount))
	}
	return map[string]any{
		"string": rdb.Get(ctx, "string").Val(), "empty": rdb.Exists(ctx, "empty").Val(),
		"hash": rdb.HGetAll(ctx, "hash").Val(), "list": rdb.LRange(ctx, "list", 0, -1).Val(),
		"set": rdb.SCard(ctx, "set").Val(), "zset": rdb.ZRangeWithScores(ctx, "zset", 0, -1).Val(),
		"stream": rdb.XRange(ctx, "stream", "-", "+").Val(), "pending": waiting,
	}
}

func TestTimesToLiveGoOnOverARestart(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	opt := trial.Options{Now: func() time.Time { return now }}
	s := open(t, dir, opt)
	must(t, s.Client().Set(ctx, "short", "1", time.Minute).Err())
	must(t, s.Client().Set(ctx, "long", "1", time.Hour).Err())
	now = now.Add(30 * time.Second)
	s.Age()
	if left := s.Client().PTTL(ctx, "short").Val(); left != 30*time.Second {
		t.Fatalf("after 30 s of a minute %v are left", left)
	}
	must(t, s.Close())

	now = now.Add(40 * time.Second)
	s = open(t, dir, opt)
	defer s.Close()
	if n := s.Client().Exists(ctx, "short").Val(); n != 0 {
		t.Error("a key whose time ended while the desk was down is back")
	}
	if left := s.Client().PTTL(ctx, "long").Val(); left != time.Hour-70*time.Second {
		t.Errorf("the long one has %v left", left)
	}
}

func TestTroubleIsOneClearLine(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, nil, 0o600))
	broken := func(text string) string {
		d := t.TempDir()
		must(t, os.WriteFile(filepath.Join(d, "trial.jsonl"), []byte(text), 0o600))
		return d
	}
	used := t.TempDir()
	defer open(t, used, trial.Options{}).Close()
	for name, tc := range map[string]struct{ dir, want string }{
		"a file where the folder should be":  {filepath.Join(file, "data"), "can't be written"},
		"a folder in use":                    {used, "in use by another desk"},
		"a file that is no snapshot":         {broken("hello"), "damaged"},
		"a snapshot cut short":               {broken(`{"format":"anjie trial 1","saved":1}` + "\n" + `{"k":"YQ==","t":"string","v":["YQ=="]}` + "\n"), "after 1 keys"},
		"a snapshot of another format":       {broken(`{"format":"other"}`), "heading"},
		"a snapshot with a key of no type":   {broken(`{"format":"anjie trial 1"}` + "\n" + `{"k":"YQ==","t":"odd"}`), "unknown type"},
		"a snapshot that lost lines in it":   {broken(`{"format":"anjie trial 1"}` + "\n" + `{"end":7}`), "0 keys instead of 7"},
		"a string of the snapshot has parts": {broken(`{"format":"anjie trial 1"}` + "\n" + `{"k":"YQ==","t":"string"}`), "0 values"},
	} {
		s, err := trial.Open(tc.dir, trial.Options{})
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want one line with %q", name, err, tc.want)
		}
	}
}

func TestADamagedSnapshotIsNeverOverwritten(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "trial.jsonl")
	must(t, os.WriteFile(path, []byte("precious"), 0o600))
	if _, err := trial.Open(dir, trial.Options{}); err == nil {
		t.Fatal("opened on a damaged snapshot")
	}
	if raw, _ := os.ReadFile(path); string(raw) != "precious" {
		t.Fatalf("the file now holds %q", raw)
	}
}

func TestASnapshotNeverShowsHalfAScript(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s := open(t, dir, trial.Options{})
	both := redis.NewScript(`redis.call('INCR', KEYS[1]) redis.call('INCR', KEYS[2]) return 1`)
	writing, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for writing.Err() == nil {
			both.Run(ctx, s.Client(), []string{"a", "b"})
		}
	}()
	for range 20 {
		must(t, s.Save(ctx))
		copied := t.TempDir()
		raw, err := os.ReadFile(filepath.Join(dir, "trial.jsonl"))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(copied, "trial.jsonl"), raw, 0o600))
		c := open(t, copied, trial.Options{})
		if a, b := c.Client().Get(ctx, "a").Val(), c.Client().Get(ctx, "b").Val(); a != b {
			t.Fatalf("the snapshot has a = %s and b = %s", a, b)
		}
		must(t, c.Close())
	}
	stop()
	<-done
	must(t, s.Close())
}

func TestRunSavesAndEnds(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, trial.Options{Every: time.Millisecond})
	defer s.Close()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	for deadline := time.Now().Add(time.Minute); ; {
		if _, err := os.Stat(filepath.Join(dir, "trial.jsonl")); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no snapshot within a minute")
		}
	}
	stop()
	must(t, <-done)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
