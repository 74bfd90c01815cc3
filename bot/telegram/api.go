package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/anjie-desk/anjie/bot"
)

const (
	maxAnswer  = 8 << 20 // a batch of 100 updates is far below
	dialFor    = 10 * time.Second
	pollMargin = 20 * time.Second // a poll may take this much longer than asked for
)

// client calls the Bot API.
type client struct {
	token    string
	endpoint string
	http     *http.Client
}

func newClient(token string, opt Options) *client {
	c := &client{token: token, endpoint: opt.Endpoint, http: opt.Client}
	if c.http == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DialContext = (&net.Dialer{Timeout: dialFor}).DialContext
		c.http = &http.Client{Transport: t, Timeout: opt.Poll + pollMargin}
	}
	// A redirect would carry the token to wherever it points.
	own := *c.http
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.http = &own
	return c
}

// call calls a method and reads its result into result, if that isn't nil.
func (c *client) call(ctx context.Context, method string, params tgbotapi.Params, result any) error {
	api := tgbotapi.BotAPI{Token: c.token, Client: bound{ctx, c.http}}
	api.SetAPIEndpoint(c.endpoint)
	resp, err := api.MakeRequest(method, params)
	if err != nil {
		return c.redact(method, err)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(resp.Result, result); err != nil {
		return fmt.Errorf("telegram %s: result: %w", method, err)
	}
	return nil
}

// bound makes the library's requests end with a context.
type bound struct {
	ctx  context.Context // lives for one call; the library's interface has none
	http *http.Client
}

// Do implements tgbotapi.HTTPClient. An answer that is not the Bot API's own,
// such as a gateway's page, becomes an error that says its status.
func (b bound) Do(req *http.Request) (*http.Response, error) {
	resp, err := b.http.Do(req.WithContext(b.ctx)) //nolint:gosec // the address is the operator's setting; redirects are not followed
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 && !strings.Contains(resp.Header.Get("Content-Type"), "json") {
		_ = resp.Body.Close()
		return nil, statusError(resp.StatusCode)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}

// statusError is an answer that did not come from the Bot API itself.
type statusError int

func (e statusError) Error() string {
	return fmt.Sprintf("status %d %s", int(e), http.StatusText(int(e)))
}

// redact drops the address, which holds the token, from an error.
func (c *client) redact(method string, err error) error {
	for u := (*url.Error)(nil); errors.As(err, &u); u = nil {
		err = u.Err
	}
	return &callError{method: method, token: c.token, err: err}
}

// callError is a failed call. Its text never holds the token.
type callError struct {
	method, token string
	err           error
}

func (e *callError) Error() string {
	return "telegram " + e.method + ": " + strings.ReplaceAll(e.err.Error(), e.token, "[token]")
}

func (e *callError) Unwrap() error { return e.err }

// Format keeps %#v and %+v from printing the fields.
func (e *callError) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.Error()) }

// outcome says what became of a message whose sending failed.
func outcome(err error) *bot.SendError {
	s := &bot.SendError{Outcome: bot.Unknown, Err: err}
	var api *tgbotapi.Error
	var status statusError
	var op *net.OpError
	switch {
	case errors.As(err, &api):
		s.Outcome, s.After = refused(api), api.RetryAfter
	case errors.As(err, &status):
		s.Outcome = bot.Retry
	case errors.As(err, &op) && op.Op == "dial":
		s.Outcome = bot.Retry // it never left
	}
	return s
}

// refused reads an answer of the Bot API. An upload's error has no code.
func refused(e *tgbotapi.Error) bot.Outcome {
	status := e.Code
	if status == 0 && strings.HasPrefix(e.Message, "Forbidden") {
		status = http.StatusForbidden
	}
	if status == 0 && strings.HasPrefix(e.Message, "Bad Request") {
		status = http.StatusBadRequest
	}
	switch status {
	case http.StatusForbidden, http.StatusBadRequest:
		return bot.Dropped // blocked, chat gone, or a message that will never do
	default:
		return bot.Retry // too many, their trouble, or our token's
	}
}

// retryAfter is how long Telegram wants us to wait, zero if it didn't say.
func retryAfter(err error) time.Duration {
	var api *tgbotapi.Error
	if errors.As(err, &api) {
		return time.Duration(api.RetryAfter) * time.Second
	}
	return 0
}

// code is the Bot API's error code, zero for any other error.
func code(err error) int {
	var api *tgbotapi.Error
	if errors.As(err, &api) {
		return api.Code
	}
	return 0
}
