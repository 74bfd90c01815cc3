package chat_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/bot/web/chat"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// busy counts how many messages it has in hand at a time.
type busy struct {
	mu        sync.Mutex
	now, most map[string]int
	go1, go2  chan struct{}
}

func (b *busy) Handle(_ context.Context, m bot.Message) (bot.Reply, error) {
	b.mu.Lock()
	b.now[m.From.Chat]++
	b.most[m.From.Chat] = max(b.most[m.From.Chat], b.now[m.From.Chat])
	b.mu.Unlock()
	b.go1 <- struct{}{}
	<-b.go2
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now[m.From.Chat]--
	return bot.Reply{Text: "ok"}, nil
}

func TestOneSessionIsHandledInTurnWhileOthersGoOn(t *testing.T) {
	d := &busy{now: map[string]int{}, most: map[string]int{}, go1: make(chan struct{}), go2: make(chan struct{})}
	texts, log := webtest.Texts(t), slog.New(slog.DiscardHandler)
	s := web.New(web.Deps{Texts: texts}, web.Options{Log: log})
	s.Add(chat.New(chat.Deps{Bot: d, Transcript: webtest.NewTranscript(), Texts: texts}, chat.Options{Log: log}))
	base := webtest.Serve(t, s.Handler())
	anna, berta := webtest.NewClient(t, base), webtest.NewClient(t, base)
	var all sync.WaitGroup
	for _, c := range []*webtest.Client{anna, berta} {
		token := c.Get("/").CSRF()
		for _, text := range []string{"1", "2"} {
			all.Go(func() { c.Post("/say", url.Values{"csrf": {token}, "text": {text}}, "X-Anjie", "fetch") })
		}
	}
	<-d.go1 // one of each session is in hand at once
	<-d.go1
	close(d.go2)
	<-d.go1
	<-d.go1
	all.Wait()
	if len(d.most) != 2 {
		t.Fatalf("%d sessions were heard, want 2", len(d.most))
	}
	for _, n := range d.most {
		if n != 1 {
			t.Errorf("%d messages of one session were in hand at a time", n)
		}
	}
}

// events opens the stream of a browser's session and returns what comes, event
// by event.
func events(t *testing.T, r rig, c *webtest.Client, after string) (next func() string, end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/events?after="+after, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range c.Cookies() {
		req.AddCookie(k)
	}
	res, err := http.DefaultClient.Do(req) //nolint:bodyclose // end closes it
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("content type %q", got)
	}
	lines := bufio.NewScanner(res.Body)
	next = func() string {
		var ev []string
		for lines.Scan() {
			if lines.Text() == "" {
				if all := strings.Join(ev, "\n"); strings.HasPrefix(all, "id:") {
					return all
				}
				ev = nil
				continue
			}
			ev = append(ev, lines.Text())
		}
		return ""
	}
	return next, func() { cancel(); _ = res.Body.Close() }
}

func TestAMessageSentUnaskedComesByTheStream(t *testing.T) {
	r := open(t, nil, chat.Options{})
	c := r.browser(t)
	c.Get("/").Submit("发送", map[string]string{"text": "一"})
	to := r.said()[0].From
	next, end := events(t, r, c, "")
	defer end()
	if ev := next(); !strings.HasPrefix(ev, "id: 2-0\nevent: lines\ndata: ") || !strings.Contains(ev, "没听懂：一") {
		t.Errorf("first event:\n%s", ev)
	}
	if err := r.chat.Send(t.Context(), to, bot.Reply{Text: "调解员已认领"}); err != nil {
		t.Fatal(err)
	}
	if ev := next(); !strings.HasPrefix(ev, "id: 3-0\n") || !strings.Contains(ev, "调解员已认领") || strings.Contains(ev, "没听懂") {
		t.Errorf("second event:\n%s", ev)
	}
	if p := c.Get("/"); !p.Has("调解员已认领") {
		t.Error("the message is not in the conversation")
	}
}

func TestAMissedWakeUpIsMadeGoodByTheHeartbeat(t *testing.T) {
	r := open(t, nil, chat.Options{Heartbeat: 10 * time.Millisecond})
	c := r.browser(t)
	c.Get("/").Submit("发送", map[string]string{"text": "一"})
	next, end := events(t, r, c, "2-0")
	defer end()
	_, _, err := r.transcript.Append(t.Context(), r.said()[0].From.Chat, "", []byte(`{"cards":[{"text":"迟来的"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if ev := next(); !strings.Contains(ev, "迟来的") {
		t.Errorf("event:\n%s", ev)
	}
}

func TestOneSessionHasOnlySoManyStreams(t *testing.T) {
	r := open(t, nil, chat.Options{})
	c := r.browser(t)
	c.Get("/")
	for range 6 {
		_, end := events(t, r, c, "")
		defer end()
	}
	if got := c.Get("/events").Status; got != http.StatusConflict {
		t.Errorf("the seventh stream answered %d, want 409", got)
	}
}
