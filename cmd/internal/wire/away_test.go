package wire_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// outage is longer than any command waits for Redis, with all its tries, and
// than the clock's question of the time.
const outage = 10 * time.Second

// TestRedisIsAwayWhileSomebodyReports freezes Redis in the middle of a report,
// and later kills it and starts it again on what is on the disk. Each time the
// resident is told at once that the desk is out of order and that nothing is
// lost; when Redis is back, what she said meanwhile is answered without her
// saying it again, and her report is one case.
func TestRedisIsAwayWhileSomebodyReports(t *testing.T) {
	t.Parallel() // it mostly waits
	server := redistest.Start(t)
	d := open(t, filepath.Join(t.TempDir(), "data"), server.URL())
	d.hire(t, "mediator-1", village)
	for _, step := range []said{
		{"我要反映纠纷", "继续吗"},
		{"同意", "哪个村"},
		{"仇家洼", "什么事"},
		{"邻居盖房子把俺家院墙挤裂了，找他说他不认", "邻里"},
		{"对", "什么时候"},
	} {
		d.say(t, step.say, step.want)
	}

	if err := server.Freeze(); err != nil {
		t.Fatal(err)
	}
	d.say(t, "去年冬天", "您的话没丢")
	time.Sleep(outage) // nothing tells that it lasted long enough
	if err := server.Thaw(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	d.hears(t, "主要是哪样")
	t.Logf("answered %v after Redis went on", time.Since(began))

	for _, step := range aboutTheWall {
		d.say(t, step.say, step.want)
	}
	d.move(d.now().Add(time.Hour)) // or she would not be told again so soon
	server.Kill()
	d.say(t, "没问题", "您的话没丢")
	time.Sleep(outage)
	if err := server.Run(); err != nil {
		t.Fatal(err)
	}
	began = time.Now()
	d.hears(t, "城区受字第")
	t.Logf("answered %v after Redis was started", time.Since(began))

	mine, err := d.Cases.MyReports(t.Context(), access.Actor{ID: "telegram:7001"})
	if err != nil || len(mine) != 1 {
		t.Fatalf("the resident has %d reports (%v), want one", len(mine), err)
	}
	if err := d.Cases.Verify(t.Context(), access.Actor{ID: "clerk", Role: access.Clerk}, mine[0].ID); err != nil {
		t.Error(err)
	}
	d.say(t, "进度", string(mine[0].Number))
}
