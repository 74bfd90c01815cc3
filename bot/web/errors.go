package web

import (
	"errors"
	"net/http"

	"github.com/anjie-desk/anjie/bot/fault"
)

// explained is an error with the text that a page shows for it.
type explained struct {
	err    error
	key    string
	data   map[string]any
	status int // 0 means by kind
}

func (e *explained) Error() string { return e.err.Error() }
func (e *explained) Unwrap() error { return e.err }

// Explain gives err the text key that its page shows: key+".title" and
// key+".body". Without it the page shows the general words of err's kind.
func Explain(err error, key string) error { return ExplainWith(err, key, nil) }

// ExplainWith is Explain for a text that names something.
func ExplainWith(err error, key string, data map[string]any) error {
	if err == nil {
		return nil
	}
	return &explained{err: err, key: key, data: data}
}

// Errors that only the shell makes.
var (
	errTooMany  = &explained{err: fault.New(fault.Conflict, "too many requests"), key: "web.error.busy", status: http.StatusTooManyRequests}
	errTooLarge = &explained{err: fault.New(fault.Invalid, "body too large"), key: "web.error.large", status: http.StatusRequestEntityTooLarge}
	errMethod   = &explained{err: fault.New(fault.Invalid, "method not allowed"), key: "web.error.invalid", status: http.StatusMethodNotAllowed}
	errNotFound = fault.New(fault.NotFound, "no such page")
)

// viewOf picks the status of an error and what a page says of it.
func viewOf(err error) errorView {
	status, key := statusOf(fault.Of(err))
	var e *explained
	if errors.As(err, &e) {
		return errorView{Status: or(e.status, status), Key: e.key, Words: e.data}
	}
	return errorView{Status: status, Key: key}
}

func statusOf(kind fault.Kind) (status int, key string) {
	switch kind { //nolint:exhaustive // the rest is our own trouble
	case fault.Invalid:
		return http.StatusBadRequest, "web.error.invalid"
	case fault.Denied:
		return http.StatusForbidden, "web.error.denied"
	case fault.NotFound:
		return http.StatusNotFound, "web.error.not_found"
	case fault.Conflict:
		return http.StatusConflict, "web.error.conflict"
	}
	return http.StatusInternalServerError, "web.error.internal"
}

// fail logs an error once and answers it. A reply that has begun can't be
// taken back, so then it only logs.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	v := viewOf(err)
	s.logFault(r, v.Status, err)
	if rec, ok := w.(*recorder); ok && rec.status != 0 {
		return
	}
	if errors.Is(err, errSignedOut) && r.Method == http.MethodGet {
		http.Redirect(w, r, "/console/sign-in", http.StatusSeeOther)
		return
	}
	if v.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "5")
	}
	w.Header().Set("Cache-Control", "no-store")
	if s.again(w, r, v) || s.resend(w, r, err) {
		return
	}
	if r.Method == http.MethodPost {
		v.Typed = typed(r)
	}
	name := "error"
	if Fetched(r) {
		name = "error_fragment"
	}
	if err := s.render(w, r, s.pages, name, v.Status, v); err != nil {
		s.opt.Log.ErrorContext(r.Context(), "error page not shown", "err", err)
	}
}

type errorView struct {
	Key    string
	Words  map[string]any // what its text names
	Status int
	Kept   bool     // the form stands below as it was sent
	Files  bool     // … save its files
	Typed  []string // what was typed into a form that stands nowhere
}

func (s *Server) logFault(r *http.Request, status int, err error) {
	if status >= http.StatusInternalServerError {
		s.opt.Log.ErrorContext(r.Context(), "request went wrong", "route", r.Pattern, "err", err)
		return
	}
	s.opt.Log.DebugContext(r.Context(), "request refused", "route", r.Pattern, "status", status, "err", err)
}

// Fetched tells whether the page's own script asked, which wants fragments.
func Fetched(r *http.Request) bool { return r.Header.Get("X-Anjie") == "fetch" }
