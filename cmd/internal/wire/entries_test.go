package wire_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/content"
)

// replica opens and runs a desk over content alone, in a data folder of its own.
func replica(t *testing.T, redis string) (d *wire.Desk, end func()) {
	t.Helper()
	s := replicaSettings(t, redis)
	d, err := wire.Open(t.Context(), s, wire.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	ended := false
	end = func() {
		if ended {
			return
		}
		ended = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	t.Cleanup(end)
	return d, end
}

func replicaSettings(t *testing.T, redis string) config.Settings {
	t.Helper()
	s, err := config.Load("", nil, config.Settings{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	s.Redis.URL, s.Tenant = redis, "entries"
	return s
}

const asked, answer = "无人机在俺院子上头飞来飞去 能管不", "可以要求他停下"

// says waits until the desk answers the question with the answer, or no more with it.
func says(t *testing.T, d *wire.Desk, yes bool) {
	t.Helper()
	limit := time.After(2 * time.Minute)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := d.Bot.AskOnce(t.Context(), asked, 3)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(got.Reply, answer) == yes {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("asked %s it says\n%s\nand %q in it is not %v", asked, got.Reply, answer, yes)
		}
	}
}

// An entry that one replica publishes is what the other answers, too, and what
// a desk answers that starts later.
func TestAnEntryWrittenAtTheDeskIsAnsweredByEveryReplica(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("three desks take minutes to start under the race detector: -short is set")
	}
	url := redistest.Address(t)
	first, endFirst := replica(t, url)
	second, _ := replica(t, url)
	clerk := access.Actor{ID: "k1", Name: "褚试台", Role: access.Clerk}
	adviser := access.Actor{ID: "v1", Name: "陈试律", Role: access.Adviser}
	ctx := t.Context()
	f := content.FAQ{
		Field: "neighbour", Question: "无人机老在我家院子上空飞，能管吗？", Conclusion: "拍到您家里的，可以要求他停下，也可以报警。", Explanation: "家里的起居是私事，未经同意不能拍。",
		Phrasings: []string{"邻居小飞机天天在俺院上头转悠", "无人机怼着窗户拍咋整", "头顶老有航拍机嗡嗡响", "谁家航模飞俺家院里偷看", "飞行器拍到我晾衣服了", "低空拍我家算侵犯隐私不"},
		Steps:     []string{"记下时间", "请他停下"}, See: []string{"village_mediation"}, Cite: []string{"民法典1033条"}, Mediation: content.Mediation{Can: "yes", Why: "邻里之间的事"},
	}
	d, problems, err := first.Entries.Save(ctx, clerk, f, 0)
	if err != nil || len(problems) != 0 {
		t.Fatalf("saved with %v, %v", problems, err)
	}
	if err := first.Entries.Submit(ctx, clerk, d.FAQ.ID, d.Version); err != nil {
		t.Fatal(err)
	}
	if err := first.Entries.Approve(ctx, adviser, d.FAQ.ID, d.Version+1); err != nil {
		t.Fatal(err)
	}
	says(t, first, true)
	says(t, second, true)
	endFirst()
	third, _ := replica(t, url)
	says(t, third, true)

	files, err := wire.ExportEntries(ctx, replicaSettings(t, url), slog.New(slog.DiscardHandler))
	if err != nil || len(files) != 1 || !strings.Contains(string(files["faq/neighbour.yaml"]), answer) {
		t.Errorf("exported %d files, %v", len(files), err)
	}
	if err := second.Entries.Down(ctx, adviser, d.FAQ, "有错"); err != nil {
		t.Fatal(err)
	}
	says(t, second, false)
	says(t, third, false)
}
