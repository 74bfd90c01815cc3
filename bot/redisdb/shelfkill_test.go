package redisdb_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/archive"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

const (
	shelfTenant  = "shelfkill"
	shelfRedis   = "ANJIE_TEST_SHELF_REDIS"
	shelfFolder  = "ANJIE_TEST_SHELF_FOLDER"
	shelfKills   = 8
	shelfWaiting = 60
)

// shelfDeskAt is a desk of its own process: it shares Redis and folder alone.
func shelfDeskAt(tb testing.TB, url, dir string, at time.Time) *shelfDesk {
	tb.Helper()
	conf, err := redisdb.ParseURL(url)
	must(tb, err)
	clock := &fakeClock{t: at}
	db := redistest.On(tb, redis.NewUniversalClient(conf), redisdb.Options{Tenant: shelfTenant, Now: clock.Now, Log: quiet})
	d := &shelfDesk{&desk{nil, db, db.Cases(), db.Outbox(), nil, clock}, dir}
	d.on(tb, archive.Open(dir))
	return d
}

var (
	shelfFiled = time.Date(2026, 11, 23, 6, 5, 0, 0, time.UTC)
	shelfMoved = shelfFiled.AddDate(0, 0, 31)
)

// TestShelvingProcess is the process that the next test kills; alone it does
// nothing.
func TestShelvingProcess(t *testing.T) {
	url := os.Getenv(shelfRedis)
	if url == "" {
		t.Skip("runs as a process of TestAnArchiveRunIsKilledAnywhere")
	}
	d := shelfDeskAt(t, url, os.Getenv(shelfFolder), shelfMoved)
	fmt.Println("moving")
	_, err := d.ShelveDue(t.Context())
	must(t, err)
}

// TestAnArchiveRunIsKilledAnywhere kills the process that moves cases to their
// files, at any moment, again and again: each case is whole in one place, once
// in each list, and at last all are in the files, which are in order.
func TestAnArchiveRunIsKilledAnywhere(t *testing.T) {
	t.Parallel()
	server, dir := redistest.Start(t), t.TempDir()
	d := shelfDeskAt(t, server.URL(), dir, shelfFiled)
	for i := range shelfWaiting {
		f := ownFiling(i)
		c, err := d.File(t.Context(), clerk, f)
		must(t, err)
		_, err = d.Decline(t.Context(), clerk, c.ID, dispute.Gate{Reason: "不归这里"}, dispute.Seen{})
		must(t, err)
		for _, op := range []dispute.Op{dispute.OpClose, dispute.OpArchive} {
			_, err = d.Advance(t.Context(), clerk, c.ID, op, "", dispute.Seen{})
			must(t, err)
		}
	}
	d = shelfDeskAt(t, server.URL(), dir, shelfMoved)
	rdb := redistest.NewClient(&redis.Options{Addr: server.Addr()})
	defer rdb.Close()
	killed, moved := 0, 0
	for range shelfKills {
		if killMidway(t, server.URL(), dir) {
			killed++
		}
		must(t, rdb.Del(t.Context(), "anjie:{"+shelfTenant+"}:archive:lock").Err()) // a dead process's lock runs out
		f, err := d.ArchiveFigures(t.Context(), clerk)
		must(t, err)
		if f.Here+f.Filed != shelfWaiting {
			t.Fatalf("after a kill %d cases are in Redis and %d in files, of %d", f.Here, f.Filed, shelfWaiting)
		}
		moved = f.Filed
	}
	t.Logf("%d processes were killed at work; they had moved %d of %d cases", killed, moved, shelfWaiting)
	if killed < shelfKills/2 {
		t.Errorf("only %d of %d processes were killed at work: the test saw little", killed, shelfKills)
	}
	_, err := d.ShelveDue(t.Context())
	must(t, err)
	for id, n := range d.listed(t) {
		must(t, d.Verify(t.Context(), clerk, id))
		full, err := d.Case(t.Context(), clerk, id)
		must(t, err)
		if n != 2 || full.Shelf == "" || full.Report.What == "" {
			t.Errorf("case %s stands in %d of 2 lists, in the file %q", id, n, full.Shelf)
		}
	}
	reports, err := d.cases.VerifyShelf(t.Context())
	if err != nil || len(reports) != 1 || reports[0].Cases != shelfWaiting || len(reports[0].Faults) > 0 {
		t.Errorf("the files: %+v, %v", reports, err)
	}
}

// killMidway starts a process that moves cases and kills it a moment after it
// began. It reports whether the process was still at work.
func killMidway(t *testing.T, url, dir string) bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestShelvingProcess$")
	cmd.Env = append(os.Environ(), shelfRedis+"="+url, shelfFolder+"="+dir)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "moving\n" {
		t.Fatalf("the process says %q, %v", line, err)
	}
	time.Sleep(time.Duration(rand.IntN(25)) * time.Millisecond) // any step
	_ = cmd.Process.Kill()
	return cmd.Wait() != nil
}
