package telegram_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/telegram"
	"github.com/anjie-desk/anjie/bot/telegram/tgtest"
)

const secret = "a-secret_of_the_hook-42"

func TestTheWebhookTakesOnlyWhatTelegramPosts(t *testing.T) {
	good := `{"update_id":1,"message":{"message_id":1,"date":1,"text":"在吗","from":{"id":5},"chat":{"id":5,"type":"private"}}}`
	for name, tc := range map[string]struct {
		method, secret, body string
		away                 bool
		want                 int
	}{
		"an update":                         {"POST", secret, good, false, 200},
		"an update while Redis is away":     {"POST", secret, good, true, 503},
		"no secret":                         {"POST", "", good, false, 404},
		"a wrong secret":                    {"POST", "a-secret_of_the_hook-43", good, false, 404},
		"the beginning of the secret":       {"POST", secret[:10], good, false, 404},
		"a look from a browser":             {"GET", secret, "", false, 405},
		"a body beyond the limit":           {"POST", secret, strings.Repeat(" ", 1<<20) + good, false, 413},
		"an update without id, not to come": {"POST", secret, `{"message":{}}`, false, 200},
		"no JSON at all":                    {"POST", secret, "hello", false, 200},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.opt.Webhook, d.opt.Secret = "https://desk.example/telegram", secret
			d.open()
			if tc.away {
				d.inbox.set(errors.New("redis is away"))
			}
			req := httptest.NewRequestWithContext(t.Context(), tc.method, "/telegram", strings.NewReader(tc.body))
			req.Header.Set("X-Telegram-Bot-Api-Secret-Token", tc.secret)
			w := httptest.NewRecorder()
			d.Webhook().ServeHTTP(w, req)
			if w.Code != tc.want {
				t.Errorf("answered %d, want %d", w.Code, tc.want)
			}
		})
	}
}

func TestAChannelWithoutSecretTakesNothing(t *testing.T) {
	d := newDesk(t) // it polls: its webhook is open to nobody
	w := httptest.NewRecorder()
	d.Webhook().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/telegram", strings.NewReader("{}")))
	if w.Code != http.StatusNotFound {
		t.Errorf("answered %d, want 404", w.Code)
	}
	for _, weak := range []string{"", "short", "sixteen letters!", strings.Repeat("x", 257)} {
		opt := telegram.Options{Webhook: "https://desk.example/telegram", Secret: weak}
		if _, err := telegram.New(tgtest.Token, d, d.inbox, d.accounts, texts(t), opt); err == nil {
			t.Errorf("a webhook with secret %q was taken", weak)
		}
	}
	if _, err := telegram.New("", d, d.inbox, d.accounts, texts(t), telegram.Options{}); err == nil {
		t.Error("a channel without token was taken")
	}
}

func TestMessagesComeByWebhook(t *testing.T) {
	d := newDesk(t)
	mux := http.NewServeMux()
	hook := httptest.NewServer(mux)
	defer hook.Close()
	d.opt.Webhook, d.opt.Secret = hook.URL+"/telegram", secret
	d.open()
	mux.Handle("/telegram", d.Webhook())
	d.server.Fail("setWebhook", tgtest.BadGateway)
	d.start()
	d.server.Await("the webhook", func() bool { return len(d.server.Calls("setWebhook")) == 2 })
	call := d.server.Calls("setWebhook")[1]
	if call.Params["secret_token"] != secret || call.Params["allowed_updates"] != `["message","callback_query"]` {
		t.Errorf("setWebhook got %v", call.Params)
	}
	d.inbox.set(errors.New("redis is away"))
	go func() {
		d.server.Await("a refusal", func() bool { return d.log.count("update not kept") > 0 })
		d.inbox.set(nil)
	}()
	d.server.Say(5, "在吗") // Telegram brings it until it is taken
	d.server.AwaitSent(1)
	if n := len(d.server.Calls("getUpdates")); n != 0 {
		t.Errorf("the desk polled %d times beside its webhook", n)
	}
}

func TestCheckTellsWhoseTokenItIs(t *testing.T) {
	s := tgtest.New(t)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	opt := telegram.Options{Endpoint: s.Endpoint(), Client: client}
	s.Say(5, "一")
	if name, waiting, err := telegram.Check(t.Context(), tgtest.Token, opt); err != nil || name != tgtest.Username || waiting != 1 {
		t.Errorf("Check = %q, %d, %v", name, waiting, err)
	}
	s.Fail("getWebhookInfo", tgtest.Broken)
	if name, _, err := telegram.Check(t.Context(), tgtest.Token, opt); err != nil || name != tgtest.Username {
		t.Errorf("Check of a server that knows no webhook = %q, %v", name, err)
	}
	_, _, err := telegram.Check(t.Context(), "1:wrong", opt)
	if err == nil || !strings.Contains(err.Error(), "Unauthorized") || strings.Contains(err.Error(), "1:wrong") {
		t.Errorf("Check with a wrong token = %v, want Unauthorized without the token", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := telegram.Check(ctx, tgtest.Token, opt); !errors.Is(err, context.Canceled) {
		t.Errorf("Check after cancel = %v", err)
	}
}
