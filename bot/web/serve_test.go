package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

func TestReadinessNamesWhatIsDownAndTheVersions(t *testing.T) {
	up := true
	d := web.Deps{
		Checks: []web.Check{{Name: "redis", Do: func(context.Context) error {
			if up {
				return nil
			}
			return errors.New("canary: dial tcp 10.0.0.7")
		}}},
		Versions: func() []web.Version {
			return []web.Version{{Name: "index", Value: "i1"}, {Name: "content", Value: "c1"}}
		},
	}
	c := client(t, d, web.Options{})
	for _, want := range []struct {
		up     bool
		status int
		redis  string
	}{{true, 200, "ok"}, {false, 503, "down"}} {
		up = want.up
		p := c.Get("/readyz")
		var got struct {
			Ready            bool
			Checks, Versions map[string]string
		}
		if err := json.Unmarshal([]byte(p.Body), &got); err != nil {
			t.Fatal(err)
		}
		if p.Status != want.status || got.Ready != want.up || got.Checks["redis"] != want.redis || got.Versions["index"] != "i1" || got.Versions["content"] != "c1" {
			t.Errorf("up %v: %d %s", want.up, p.Status, p.Body)
		}
		if strings.Contains(p.Body, "canary") {
			t.Error("the page tells why")
		}
	}
}

func TestMetricsAreForThisMachineOrTheToken(t *testing.T) {
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "figures") })
	for name, tc := range map[string]struct {
		token, peer, forwarded, auth string
		want                         int
	}{
		"from this machine":                       {"", "127.0.0.1:5", "", "", 200},
		"from another":                            {"", "203.0.113.1:5", "", "", 404},
		"through a proxy on this machine":         {"", "127.0.0.1:5", "203.0.113.1", "", 404},
		"with the token":                          {"sesame", "203.0.113.1:5", "", "Bearer sesame", 200},
		"with a wrong token":                      {"sesame", "203.0.113.1:5", "", "Bearer open", 404},
		"from this machine, where a token is set": {"sesame", "127.0.0.1:5", "", "", 404},
	} {
		t.Run(name, func(t *testing.T) {
			h := server(t, web.Deps{Metrics: metrics}, web.Options{MetricsToken: tc.token}).Handler()
			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			r.RemoteAddr = tc.peer
			if tc.forwarded != "" {
				r.Header.Set("X-Forwarded-For", tc.forwarded)
			}
			if tc.auth != "" {
				r.Header.Set("Authorization", tc.auth)
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Code != tc.want {
				t.Errorf("answered %d, want %d", rec.Code, tc.want)
			}
		})
	}
}

type counted []string

func (c *counted) Request(route, method string, status int, _ time.Duration) {
	*c = append(*c, fmt.Sprintf("%s %s %d", route, method, status))
}

func TestRequestsAreLoggedAndCountedWithoutPathOrAddress(t *testing.T) {
	var log bytes.Buffer
	var count counted
	h := server(t, web.Deps{Recorder: &count}, web.Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}).Handler()
	for _, path := range []string{"/fault/13900001111?phone=13900001111", "/13900001111"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.RemoteAddr = "203.0.113.77:5"
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	if s := log.String(); strings.Contains(s, "13900001111") || strings.Contains(s, "203.0.113.77") || !strings.Contains(s, "GET /fault/{kind}") {
		t.Errorf("log: %s", s)
	}
	if len(count) != 2 || count[0] != "GET /fault/{kind} GET 200" || count[1] != "none GET 404" {
		t.Errorf("counted %q", count)
	}
}

func TestFilesAreServedByTheirHash(t *testing.T) {
	c := client(t, web.Deps{}, web.Options{})
	page := c.Get("/privacy").Body
	for _, ext := range []string{".css", ".js", ".svg"} {
		i := strings.Index(page, ext+`"`)
		path := page[strings.LastIndex(page[:i], `"`)+1 : i+len(ext)]
		p := c.Get(path)
		if p.Status != 200 || !strings.Contains(p.Header.Get("Cache-Control"), "immutable") || p.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", path, p.Status, p.Header)
		}
	}
	if got := c.Get("/static/app.css").Status; got != 404 {
		t.Errorf("a file by its plain name answered %d", got)
	}
}

func TestTheTrialIsNamed(t *testing.T) {
	if p := client(t, web.Deps{}, web.Options{Trial: true}).Get("/privacy"); !p.Has("这是试用") {
		t.Error("no banner in trial mode")
	}
	if p := client(t, web.Deps{}, web.Options{}).Get("/privacy"); p.Has("这是试用") {
		t.Error("a banner outside trial mode")
	}
}

func TestABusyPortIsOneClearError(t *testing.T) {
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	err = server(t, web.Deps{}, web.Options{Listen: l.Addr().String()}).Run(t.Context())
	if !errors.Is(err, web.ErrPortBusy) || !strings.Contains(err.Error(), l.Addr().String()) || strings.Contains(err.Error(), "\n") {
		t.Errorf("Run = %v, want ErrPortBusy naming the address", err)
	}
}

// slow is a page in whose middle the server is stopped.
type slow struct{ begun, finish chan struct{} }

func (p slow) Routes(s *web.Server) {
	s.Page("GET /slow", func(w http.ResponseWriter, _ *http.Request) error {
		p.begun <- struct{}{}
		<-p.finish
		fmt.Fprint(w, "finished")
		return nil
	})
	s.Page("GET /stream", func(w http.ResponseWriter, r *http.Request) error {
		p.begun <- struct{}{}
		fmt.Fprint(w, "open")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-s.Closing():
			fmt.Fprint(w, " closed")
		case <-r.Context().Done():
		}
		return nil
	})
}

func TestAStopFinishesWorkInHandAndEndsStreams(t *testing.T) {
	s := server(t, web.Deps{}, web.Options{Listen: "127.0.0.1:0"})
	p := slow{make(chan struct{}), make(chan struct{})}
	s.Add(p)
	ctx, cancel := context.WithCancel(t.Context())
	addr, err := s.Listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan error, 1)
	go func() { ran <- s.Run(ctx) }()
	c := webtest.NewClient(t, "http://"+addr.String())
	pages := make(chan string, 2)
	for _, path := range []string{"/slow", "/stream"} {
		go func() { pages <- c.Get(path).Body }()
	}
	<-p.begun
	<-p.begun
	cancel()
	if got := <-pages; got != "open closed" {
		t.Errorf("the stream ended with %q", got)
	}
	close(p.finish)
	if got := <-pages; got != "finished" {
		t.Errorf("the page in hand ended with %q", got)
	}
	if err := <-ran; err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
}
