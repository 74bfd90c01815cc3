package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/telegram"
	"github.com/anjie-desk/anjie/bot/telegram/tgtest"
)

// leaky fails in the ways that have put a token into an error before.
type leaky func(*http.Request) (*http.Response, error)

func (f leaky) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTheTokenIsInNoErrorAndNoLogLine(t *testing.T) {
	secretPart := tgtest.Token[strings.Index(tgtest.Token, ":")+1:]
	for name, rt := range map[string]leaky{
		"an error that quotes the address": func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("dial %s: refused", r.URL)
		},
		"a page that quotes the address": func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			w.WriteHeader(http.StatusBadGateway)
			fmt.Fprintf(w, "cannot reach %s", r.URL)
			return w.Result(), nil
		},
		"a refusal that quotes the address": func(r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprintf(w, `{"ok":false,"error_code":404,"description":"no such path %s"}`, r.URL.Path)
			return w.Result(), nil
		},
		"a redirect elsewhere": func(r *http.Request) (*http.Response, error) {
			if !strings.Contains(r.URL.Host, "telegram") {
				return nil, errors.New("the token was carried to " + r.URL.Host)
			}
			w := httptest.NewRecorder()
			w.Header().Set("Location", "http://evil.example"+r.URL.Path)
			w.WriteHeader(http.StatusFound)
			return w.Result(), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.opt.Endpoint = "http://telegram.example/bot%s/%s"
			d.opt.Client = &http.Client{Transport: rt}
			d.open()
			err := d.Send(t.Context(), bot.Address{Channel: "telegram", Chat: "5"}, bot.Reply{Text: "您好"})
			if err == nil {
				t.Fatal("Send did not fail")
			}
			_, _, cerr := telegram.Check(t.Context(), tgtest.Token, d.opt)
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if rerr := d.Run(ctx); rerr != nil {
				t.Error(rerr)
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				// What is deeper than our own errors is for errors.As, not for logs.
				var se *bot.SendError
				if !errors.As(e, &se) {
					break
				}
				for _, s := range []string{e.Error(), fmt.Sprintf("%v %+v %s %q", e, e, e, e)} {
					if strings.Contains(s, secretPart) {
						t.Errorf("Send's error holds the token: %s", s)
					}
				}
			}
			if strings.Contains(fmt.Sprintf("%v %+v %#v", cerr, cerr, cerr), secretPart) {
				t.Errorf("Check's error holds the token: %#v", cerr)
			}
			if log := d.log.String(); log == "" || strings.Contains(log, secretPart) || strings.Contains(log, "evil.example") {
				t.Errorf("the log is empty or holds the token:\n%s", log)
			}
		})
	}
}
