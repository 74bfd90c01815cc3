// Package tgtest is a Bot API server for tests, stricter than the real one
// where that finds faults: it redelivers what was not confirmed, knows the
// limits and the HTML of messages, lets only one poller in, and fails on
// demand in the ways that the real one fails.
package tgtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Token is the only token that the server knows.
const Token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw-canary" //nolint:gosec // of no real bot

// maxUpload is the Bot API's limit of a request.
const maxUpload = 50 << 20

// Username is the bot's.
const Username = "anjie_test_bot"

// Message is one that the bot sent.
type Message struct {
	ID        int
	Chat      string
	Text      string // as HTML
	Buttons   []Button
	ParseMode string
	Method    string
}

// Button is one of an inline keyboard.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
	URL  string `json:"url"`
}

// Failure makes one call fail.
type Failure struct {
	Status  int    // of the HTTP answer
	Body    string // "" makes one of the Bot API's own
	After   int    // retry_after
	Text    string // description
	Migrate int64  // migrate_to_chat_id
	Accept  bool   // do what was asked, then close the line without an answer
	Pass    bool   // no failure: lets one call through
}

// The ways to fail.
var (
	BadGateway = Failure{Status: 502, Body: "<html><body><h1>502 Bad Gateway</h1></body></html>"}
	Broken     = Failure{Status: 500, Text: "Internal Server Error"}
	Silence    = Failure{Accept: true}
	Blocked    = Failure{Status: 403, Text: "Forbidden: bot was blocked by the user"}
	Pass       = Failure{Pass: true}
)

// TooMany is a 429.
func TooMany(after int) Failure {
	return Failure{Status: 429, After: after, Text: fmt.Sprintf("Too Many Requests: retry after %d", after)}
}

// Server is the fake.
type Server struct {
	tb   testing.TB
	http *httptest.Server

	mu       sync.Mutex
	updates  []json.RawMessage
	lastID   int
	messages int
	sent     []Message
	calls    []Call
	failures map[string][]Failure
	presses  map[string]bool // callback queries not answered yet
	answered []map[string]string
	webhook  map[string]string
	files    map[string][]byte
	poll     chan struct{} // closed when a newer poll comes
	changed  chan struct{} // closed and made anew when anything changes
	hook     *http.Client
}

// Call is one request.
type Call struct {
	Method string
	Params map[string]string
}

// New starts a server that ends with the test.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{
		tb: tb, lastID: 1000, failures: map[string][]Failure{}, presses: map[string]bool{},
		changed: make(chan struct{}), hook: &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}},
	}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	tb.Cleanup(func() {
		s.mu.Lock()
		if s.poll != nil {
			close(s.poll)
			s.poll = nil
		}
		s.mu.Unlock()
		s.http.CloseClientConnections()
		s.http.Close()
	})
	return s
}

// Endpoint is what telegram.Options.Endpoint takes.
func (s *Server) Endpoint() string { return s.http.URL + "/bot%s/%s" }

// Fail makes the next calls of a method fail, in that order.
func (s *Server) Fail(method string, fs ...Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures[method] = append(s.failures[method], fs...)
}

// Sent lists the messages that went out.
func (s *Server) Sent() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// Calls lists the requests of a method.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Call
	for _, c := range s.calls {
		if c.Method == method {
			all = append(all, c)
		}
	}
	return all
}

// Answered lists the parameters of answered button presses.
func (s *Server) Answered() []map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.answered)
}

// Unconfirmed is how many updates the bot has not confirmed.
func (s *Server) Unconfirmed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates)
}

// Await waits until ok says true of the state; the test fails after
// two minutes, for a machine that runs other tests and the race detector beside.
func (s *Server) Await(what string, ok func() bool) {
	s.tb.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return
		}
		select {
		case <-changed:
		case <-time.After(20 * time.Millisecond): // state outside of the server
		case <-deadline:
			s.tb.Fatalf("waited two minutes in vain for %s", what)
		}
	}
}

// AwaitSent waits until n messages went out, and returns them.
func (s *Server) AwaitSent(n int) []Message {
	s.tb.Helper()
	s.Await(fmt.Sprintf("%d messages", n), func() bool { return len(s.Sent()) >= n })
	return s.Sent()
}

// tell wakes who awaits something. The caller holds mu.
func (s *Server) tell() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+Token+"/"); ok {
		s.give(w, path)
		return
	}
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || token != Token {
		reply(w, Failure{Status: 401, Text: "Unauthorized"})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) { //nolint:gosec // bounded the line above
		reply(w, Failure{Status: 400, Text: "Bad Request: " + err.Error()})
		return
	}
	params := map[string]string{}
	for k, v := range r.Form {
		params[k] = v[0]
	}
	f, failing := s.begin(method, params)
	if failing && !f.Accept {
		reply(w, f)
		return
	}
	result, refused := s.do(r, method, params)
	if failing { // accepted, but nobody will know
		panic(http.ErrAbortHandler)
	}
	if refused != nil {
		reply(w, *refused)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

// begin notes a call and takes the failure that is due for it.
func (s *Server) begin(method string, params map[string]string) (Failure, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{method, params})
	s.tell()
	due := s.failures[method]
	if len(due) == 0 {
		return Failure{}, false
	}
	s.failures[method] = due[1:]
	return due[0], !due[0].Pass
}

func reply(w http.ResponseWriter, f Failure) {
	if f.Body != "" {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte(f.Body))
		return
	}
	body := map[string]any{"ok": false, "error_code": f.Status, "description": f.Text}
	if f.After > 0 {
		body["parameters"] = map[string]any{"retry_after": f.After}
	}
	if f.Migrate != 0 {
		body["parameters"] = map[string]any{"migrate_to_chat_id": f.Migrate}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(f.Status)
	_ = json.NewEncoder(w).Encode(body)
}
