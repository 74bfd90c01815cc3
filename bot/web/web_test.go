package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// site is a few pages with the faults that handlers may have.
type site struct{}

func (site) Routes(s *web.Server) {
	s.Page("GET /fault/{kind}", func(http.ResponseWriter, *http.Request) error { return nil })
	s.Page("GET /invalid", fails(fault.New(fault.Invalid, "canary-invalid")))
	s.Page("GET /denied", fails(fault.New(fault.Denied, "canary-denied")))
	s.Page("GET /missing", fails(fault.New(fault.NotFound, "canary-missing")))
	s.Page("GET /conflict", fails(fault.New(fault.Conflict, "canary-conflict")))
	s.Page("GET /broken", fails(errors.New("canary-broken")))
	s.Page("GET /panic", func(http.ResponseWriter, *http.Request) error { panic("canary-panic") })
	s.Page("POST /echo", func(w http.ResponseWriter, r *http.Request) error {
		fmt.Fprint(w, "echo:"+r.PostFormValue("text"))
		return nil
	})
	s.Staff("GET /staff", func(w http.ResponseWriter, r *http.Request) error {
		fmt.Fprint(w, "hello "+web.Actor(r).Name)
		return nil
	})
	s.Staff("POST /staff", func(w http.ResponseWriter, r *http.Request) error { return s.SignOut(w, r) })
	s.Page("POST /in", func(w http.ResponseWriter, r *http.Request) error {
		return s.SignIn(w, r, access.Account{ID: "m1", Name: "Mo"})
	})
	s.Page("GET /session", func(w http.ResponseWriter, r *http.Request) error {
		fmt.Fprint(w, web.SessionID(r))
		return nil
	})
}

func fails(err error) web.Handler {
	return func(http.ResponseWriter, *http.Request) error { return err }
}

// sessions is access.Accounts as far as the shell asks.
type sessions struct {
	access.Accounts
	open map[string]access.Account
	n    int
}

func (a *sessions) NewSession(_ context.Context, account string, _ time.Duration) (string, error) {
	a.n++
	token := fmt.Sprintf("staff-token-%d", a.n)
	a.open[token] = access.Account{ID: account, Name: "Mo", Role: access.Mediator}
	return token, nil
}

func (a *sessions) Session(_ context.Context, token string) (access.Account, error) {
	acc, ok := a.open[token]
	if !ok {
		return acc, fault.New(fault.Denied, "no such session")
	}
	return acc, nil
}

func (a *sessions) EndSession(_ context.Context, token string) error {
	delete(a.open, token)
	return nil
}

func server(t *testing.T, d web.Deps, opt web.Options) *web.Server {
	t.Helper()
	d.Texts = webtest.Texts(t)
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	s := web.New(d, opt)
	s.Add(site{})
	return s
}

func client(t *testing.T, d web.Deps, opt web.Options) *webtest.Client {
	t.Helper()
	return webtest.NewClient(t, webtest.Serve(t, server(t, d, opt).Handler()))
}

func TestErrorsAreAnsweredByTheirKindInTheDesksWords(t *testing.T) {
	var log bytes.Buffer
	c := client(t, web.Deps{}, web.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for path, want := range map[string]struct {
		status int
		says   string
	}{
		"/invalid":  {400, "没填对"},
		"/denied":   {403, "您不能看"},
		"/missing":  {404, "没有这一页"},
		"/nowhere":  {404, "没有这一页"},
		"/conflict": {409, "晚了一步"},
		"/broken":   {500, "我们这边出了点问题"},
		"/echo":     {405, "没填对"},
		"/panic":    {500, ""},
	} {
		p := c.Get(path)
		if p.Status != want.status || !p.Has(want.says) {
			t.Errorf("%s answered %d %q, want %d with %q", path, p.Status, webtest.Text(p.Root), want.status, want.says)
		}
		if strings.Contains(p.Body, "canary") {
			t.Errorf("%s shows the error's own text", path)
		}
	}
	if n := strings.Count(log.String(), "canary-broken"); n != 1 {
		t.Errorf("an internal error is logged %d times, want once", n)
	}
	if !strings.Contains(log.String(), "handler panicked") || strings.Contains(log.String(), "canary-panic") {
		t.Error("a panic is to be logged without its value")
	}
}

func TestTheScriptGetsAnErrorAsAFragment(t *testing.T) {
	c := client(t, web.Deps{}, web.Options{})
	p := c.Post("/echo", url.Values{"csrf": {"wrong"}}, "X-Anjie", "fetch")
	if p.Status != http.StatusForbidden || strings.Contains(p.Body, "<html") || !p.Has("放得太久") {
		t.Errorf("answered %d %s, want a fragment", p.Status, p.Body)
	}
}

func TestAPostNeedsTheTokenOfItsOwnSession(t *testing.T) {
	s := server(t, web.Deps{}, web.Options{})
	base := webtest.Serve(t, s.Handler())
	anna, berta := webtest.NewClient(t, base), webtest.NewClient(t, base)
	good, other := anna.Get("/privacy").CSRF(), berta.Get("/privacy").CSRF()
	if good == "" || good == other {
		t.Fatalf("tokens of two sessions are %q and %q", good, other)
	}
	for name, tc := range map[string]struct {
		token  string
		status int
	}{
		"none":                {"", 403},
		"made up":             {"AAAAAAAAAAAAAAAAAAAAAAAA", 403},
		"of another session":  {other, 403},
		"cut short":           {good[:10], 403},
		"of the same session": {good, 200},
	} {
		if p := anna.Post("/echo", url.Values{"csrf": {tc.token}, "text": {"hi"}}); p.Status != tc.status {
			t.Errorf("token %s: answered %d, want %d", name, p.Status, tc.status)
		}
	}
	if p := webtest.NewClient(t, base).Post("/echo", url.Values{"csrf": {good}}); p.Status != 403 {
		t.Errorf("a browser without the session's cookie: answered %d, want 403", p.Status)
	}
}

func TestTheTokenInTheAddressDoesNotCount(t *testing.T) {
	c := client(t, web.Deps{}, web.Options{})
	token := c.Get("/privacy").CSRF()
	if p := c.Post("/echo?csrf="+token, url.Values{"text": {"hi"}}); p.Status != 403 {
		t.Errorf("answered %d, want 403", p.Status)
	}
}

func TestStaffPagesAskForSignIn(t *testing.T) {
	acc := &sessions{open: map[string]access.Account{}}
	c := client(t, web.Deps{Accounts: acc}, web.Options{})
	if p := c.Get("/staff"); p.Path != "/console/sign-in" {
		t.Errorf("a stranger got %s %d, want the sign-in page", p.Path, p.Status)
	}
	before := c.Get("/privacy").CSRF()
	if p := c.Post("/in", url.Values{"csrf": {before}}); p.Status != 200 {
		t.Fatalf("sign-in answered %d", p.Status)
	}
	if p := c.Get("/staff"); p.Status != 200 || p.Body != "hello Mo" {
		t.Errorf("signed in: %d %q", p.Status, p.Body)
	}
	if p := c.Post("/staff", url.Values{"csrf": {before}}); p.Status != 403 {
		t.Errorf("a token from before the sign-in: answered %d, want 403", p.Status)
	}
	after := c.Get("/privacy").CSRF()
	if p := c.Post("/staff", url.Values{"csrf": {after}}); p.Status != 200 {
		t.Errorf("sign-out answered %d", p.Status)
	}
	if len(acc.open) != 0 {
		t.Error("the session is open after sign-out")
	}
	if p := c.Get("/staff"); p.Path != "/console/sign-in" {
		t.Errorf("after sign-out: %s", p.Path)
	}
}

func TestASecondSignInEndsTheSessionBefore(t *testing.T) {
	acc := &sessions{open: map[string]access.Account{}}
	c := client(t, web.Deps{Accounts: acc}, web.Options{})
	for range 2 {
		c.Post("/in", url.Values{"csrf": {c.Get("/privacy").CSRF()}})
	}
	if len(acc.open) != 1 || acc.n != 2 {
		t.Errorf("%d sessions open after 2 sign-ins, want 1", len(acc.open))
	}
}

func TestADisabledAccountIsOut(t *testing.T) {
	acc := &sessions{open: map[string]access.Account{}}
	c := client(t, web.Deps{Accounts: acc}, web.Options{})
	c.Post("/in", url.Values{"csrf": {c.Get("/privacy").CSRF()}})
	acc.open["staff-token-1"] = access.Account{ID: "m1", Disabled: true}
	if p := c.Get("/staff"); p.Path != "/console/sign-in" {
		t.Errorf("a disabled account got %s %d", p.Path, p.Status)
	}
}

func TestCookiesAreShutToScriptsAndOtherSites(t *testing.T) {
	for name, tc := range map[string]struct{ public, prefix string }{
		"over https": {"https://desk.example.cn", "__Host-"},
		"over http":  {"http://127.0.0.1:8080", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := server(t, web.Deps{}, web.Options{PublicURL: tc.public})
			rec := httptest.NewRecorder()
			s.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/privacy", nil))
			cookies := rec.Result().Cookies()
			if len(cookies) != 1 {
				t.Fatalf("%d cookies, want 1", len(cookies))
			}
			k := cookies[0]
			if k.Name != tc.prefix+"anjie" || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || k.Secure != (tc.prefix != "") {
				t.Errorf("cookie %s", k.Raw)
			}
			hsts := rec.Header().Get("Strict-Transport-Security") != ""
			if hsts != (tc.prefix != "") {
				t.Errorf("Strict-Transport-Security set: %v", hsts)
			}
		})
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	c := client(t, web.Deps{}, web.Options{})
	for _, path := range []string{"/privacy", "/nowhere", "/healthz", "/static/none", "/broken", "/panic"} {
		h := c.Get(path).Header
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy lacks %s", path, want)
			}
		}
		if strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}

func TestAnIDOpensNoSession(t *testing.T) {
	c := client(t, web.Deps{}, web.Options{})
	id := c.Get("/session").Body
	if id != c.Get("/session").Body {
		t.Fatal("the id changes from page to page")
	}
	for _, k := range c.Cookies() {
		if strings.Contains(k.Value, id) || strings.Contains(id, k.Value) {
			t.Error("the id gives the cookie away")
		}
	}
}

func TestLargeLettersAreKept(t *testing.T) {
	c := client(t, web.Deps{}, web.Options{})
	p := c.Get("/privacy").Submit("大字", nil)
	if p.Path != "/privacy" || !strings.Contains(p.Body, `class="large"`) {
		t.Errorf("after 大字: %s, large %v", p.Path, strings.Contains(p.Body, `class="large"`))
	}
	if p = c.Get("/forget"); !strings.Contains(p.Body, `class="large"`) {
		t.Error("the next page is not large")
	}
	if p = p.Submit("小字", nil); strings.Contains(p.Body, `class="large"`) {
		t.Error("小字 changes nothing")
	}
}

func TestARedirectStaysOnThisServer(t *testing.T) {
	c := client(t, web.Deps{}, web.Options{})
	token := c.Get("/privacy").CSRF()
	for _, back := range []string{"//evil.example/", "https://evil.example/", `/\evil.example`, "javascript:alert(1)", "", "/\t/evil.example"} {
		if p := c.Post("/size", url.Values{"csrf": {token}, "back": {back}}); p.Path != "/" {
			t.Errorf("back to %q led to %s, want /", back, p.Path)
		}
	}
}

func TestForgetMeErasesAndGivesANewSession(t *testing.T) {
	var forgot []string
	c := client(t, web.Deps{Forget: func(_ context.Context, id string) error {
		forgot = append(forgot, id)
		return nil
	}}, web.Options{})
	id := c.Get("/session").Body
	p := c.Get("/forget").Submit("删掉，忘记我", nil)
	if !p.Has("删好了") || len(forgot) != 1 || forgot[0] != id {
		t.Errorf("forgot %v, want %s; the page says %q", forgot, id, webtest.Text(p.Root))
	}
	if c.Get("/session").Body == id {
		t.Error("the session is the same as before")
	}
}

func TestBodiesAreCapped(t *testing.T) {
	c := client(t, web.Deps{}, web.Options{Limits: web.Limits{Body: 1000}})
	token := c.Get("/privacy").CSRF()
	p := c.Post("/echo", url.Values{"csrf": {token}, "text": {strings.Repeat("a", 2000)}})
	if p.Status != http.StatusRequestEntityTooLarge || !p.Has("内容太多") {
		t.Errorf("answered %d %q, want 413", p.Status, webtest.Text(p.Root))
	}
}

func TestFloodsAreSlowed(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	opt := web.Options{
		Now:    func() time.Time { return now },
		Limits: web.Limits{IPRate: 1, IPBurst: 20, SessionRate: 1, SessionBurst: 3},
	}
	c := client(t, web.Deps{}, opt)
	token := c.Get("/privacy").CSRF()
	post := func() int { return c.Post("/echo", url.Values{"csrf": {token}}).Status }
	for i := range 3 {
		if got := post(); got != 200 {
			t.Fatalf("post %d answered %d", i+1, got)
		}
	}
	if got := post(); got != http.StatusTooManyRequests {
		t.Errorf("the fourth post at once answered %d, want 429", got)
	}
	now = now.Add(time.Second)
	if got := post(); got != 200 {
		t.Errorf("a second later: %d, want 200", got)
	}
	for range 30 {
		c.Get("/privacy")
	}
	p := c.Get("/privacy")
	if p.Status != http.StatusTooManyRequests || p.Header.Get("Retry-After") == "" || !p.Has("慢一点") {
		t.Errorf("a flood from one address answered %d", p.Status)
	}
	if got := c.Get("/healthz").Status; got != 200 {
		t.Errorf("health under a flood: %d", got)
	}
}

func TestBehindAProxyTheLastHopCounts(t *testing.T) {
	opt := web.Options{BehindProxy: true, Limits: web.Limits{IPRate: .0001, IPBurst: 1}}
	h := server(t, web.Deps{}, opt).Handler()
	get := func(hops ...string) int {
		r := httptest.NewRequest(http.MethodGet, "/privacy", nil)
		r.Header["X-Forwarded-For"] = hops
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		return rec.Code
	}
	for i, tc := range []struct {
		hops []string
		want int
	}{
		{[]string{"203.0.113.1"}, 200},
		{[]string{"203.0.113.2"}, 200},
		{[]string{"198.51.100.9, 203.0.113.1"}, 429}, // what the client made up does not help it
		{[]string{"2001:db8::1"}, 200},
		{[]string{"2001:db8::2"}, 429}, // the same site
		{[]string{"198.51.100.9", "203.0.113.2"}, 429},
	} {
		if got := get(tc.hops...); got != tc.want {
			t.Errorf("request %d from %v answered %d, want %d", i+1, tc.hops, got, tc.want)
		}
	}
}
