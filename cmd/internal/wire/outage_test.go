package wire_test

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

var (
	desksClerk = access.Actor{ID: "clerk", Role: access.Clerk}
	neighbour  = access.Actor{ID: "telegram:7001"}
)

// TestRedisIsAwayForHalfAMinute kills Redis while reports come from everywhere,
// and starts it again on what is on the disk thirty seconds later (ten with
// -short). Meanwhile people read on the page and on Telegram what is true; then
// timers, messages and the queue go on by themselves, every report that was
// acknowledged is there whole, and one sent again is one case.
func TestRedisIsAwayForHalfAMinute(t *testing.T) {
	t.Parallel() // it mostly waits
	away := 30 * time.Second
	if testing.Short() {
		away = outage
	}
	server := redistest.Start(t)
	d := open(t, filepath.Join(t.TempDir(), "data"), server.URL())
	d.hire(t, "mediator-1", village)
	mediator := d.actor(t, "mediator-1")
	page := webtest.NewClient(t, webtest.Serve(t, d.Web.Handler()))
	chat := page.Get("/")

	taken := d.files(t, "taken")
	if _, err := d.Cases.Claim(t.Context(), mediator, taken.ID, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	d.hears(t, string(taken.Number))
	s := d.storm(t)
	waits := d.files(t, "its message waits") // its number is told, before the end or after it
	server.Kill()
	began := time.Now()
	acked, open := s.stop()
	t.Logf("%d reports were acknowledged, %d were not", len(acked), len(open))

	d.say(t, "打的欠条 过了好几年了还好使不", "您的话没丢")
	words := "楼上空调外机半夜嗡嗡响，说过两回都不听"
	got := page.Post("/say", form(chat, words))
	if got.Status != http.StatusInternalServerError || !got.Has("我们这边出了点问题") || !got.Has(words) || got.Has("收到了") {
		t.Errorf("the page says with %d\n%s", got.Status, webtest.Text(got.Root))
	}
	if ready := page.Get("/readyz"); ready.Status != http.StatusServiceUnavailable {
		t.Errorf("ready, it says: %d", ready.Status)
	}
	d.move(d.now().Add(6 * 24 * time.Hour)) // the mediator's lease runs out meanwhile
	time.Sleep(away - time.Since(began))    // nothing tells that it lasted long enough
	if err := server.Run(); err != nil {
		t.Fatal(err)
	}
	back := time.Now()

	d.hears(t, string(waits.Number))
	d.hears(t, "依据：")
	d.tg.Await("the lease that ran out meanwhile", func() bool {
		c, err := d.Cases.Brief(t.Context(), desksClerk, taken.ID)
		return err == nil && c.State == dispute.Accepted
	})
	t.Logf("messages, answers and timers went on within %v", time.Since(back))
	if again := page.Post("/say", form(page.Get("/"), words)); again.Status != http.StatusOK || !again.Has(words) {
		t.Errorf("sent again from the page: %d", again.Status)
	}
	for token := range open { // the reporters send theirs again
		acked[token] = d.files(t, token)
	}
	acked["taken"], acked["its message waits"] = taken, waits
	d.holdsWhole(t, acked)
	d.lapsedOnce(t, taken.ID)
}

func form(p *webtest.Page, words string) url.Values {
	return url.Values{"csrf": {p.CSRF()}, "mid": {fmt.Sprint("outage-", len(p.Body))}, "text": {words}}
}

// files files a report of the resident at the counter.
func (d *day) files(t *testing.T, token string) dispute.Case {
	t.Helper()
	c, err := d.file(t, token)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (d *day) file(t *testing.T, token string) (dispute.Case, error) {
	t.Helper()
	return d.Cases.File(t.Context(), desksClerk, dispute.Filing{
		Token: token, Gate: dispute.Gate{Verdict: dispute.Yes, Rule: "plain"},
		Report: dispute.Report{
			Village: village, Category: "neighbour", What: "院墙裂了 " + token, Since: "今年夏天", Other: "邻居", Wish: "修好",
			Contact: dispute.Contact{Name: "王试民", Address: neighbour.ID}, Source: "counter", Urgency: dispute.Normal, Consented: d.now(),
		},
	})
}

// storm is eight people who file without a pause.
type storm struct {
	sync.Mutex
	sync.WaitGroup
	acked map[string]dispute.Case
	open  map[string]bool // what nobody was told of as kept
	done  chan struct{}
}

func (d *day) storm(t *testing.T) *storm {
	t.Helper()
	s := &storm{acked: map[string]dispute.Case{}, open: map[string]bool{}, done: make(chan struct{})}
	for w := range 8 {
		s.Go(func() {
			for i := 0; ; i++ {
				token := fmt.Sprintf("storm-%d-%d", w, i)
				c, err := d.file(t, token)
				s.Lock()
				if err == nil {
					s.acked[token] = c
				} else {
					s.open[token] = true
				}
				s.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	for n := 0; n < 40; { // until it blows
		time.Sleep(5 * time.Millisecond)
		s.Lock()
		n = len(s.acked)
		s.Unlock()
	}
	return s
}

// stop waits until all have met the outage.
func (s *storm) stop() (acked map[string]dispute.Case, open map[string]bool) {
	s.Wait()
	return s.acked, s.open
}

// holdsWhole finds each case that was told of as kept, no other, each with an
// unbroken trail that begins with its report, and in the queue once.
func (d *day) holdsWhole(t *testing.T, want map[string]dispute.Case) {
	t.Helper()
	ctx := t.Context()
	cursor, found := "", map[dispute.CaseID]bool{}
	for {
		cases, next, err := d.Cases.Cases(ctx, desksClerk, dispute.Filter{Limit: 100, After: cursor})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			found[c.ID] = true
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	waiting, err := d.Cases.Queue(ctx, d.actor(t, "mediator-1"), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	queued := map[dispute.CaseID]int{}
	for _, c := range waiting {
		queued[c.ID]++
	}
	for token, c := range want {
		full, err := d.Cases.Case(ctx, desksClerk, c.ID)
		if err != nil || !found[c.ID] || queued[c.ID] != 1 || full.Number != c.Number || token != "taken" && !strings.HasSuffix(full.Report.What, token) {
			t.Errorf("%s: listed %v, %d times in the queue, %v", token, found[c.ID], queued[c.ID], err)
		}
		if err := d.Cases.Verify(ctx, desksClerk, c.ID); err != nil {
			t.Error(err)
		}
		delete(found, c.ID)
		delete(queued, c.ID)
	}
	if len(found) != 0 || len(queued) != 0 {
		t.Errorf("%d cases and %d queue entries that nobody was told of", len(found), len(queued))
	}
}

func (d *day) lapsedOnce(t *testing.T, id dispute.CaseID) {
	t.Helper()
	events, err := d.Cases.Events(t.Context(), desksClerk, id)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if e.Kind == "lapsed" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the lease ran out %d times", n)
	}
}
