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
	status int // 0 means by kind
}

func (e *explained) Error() string { return e.err.Error() }
func (e *explained) Unwrap() error { return e.err }

// Explain gives err the text key that its page shows: key+".title" and
// key+".body". Without it the page shows the general words of err's kind.
func Explain(err error, key string) error {
	if err == nil {
		return nil
	}
	return &explained{err: err, key: key}
}

// Errors that only the shell makes.
var (
	errTooMany  = &explained{err: fault.New(fault.Conflict, "too many requests"), key: "web.error.busy", status: http.StatusTooManyRequests}
	errTooLarge = &explained{err: fault.New(fault.Invalid, "body too large"), key: "web.error.large", status: http.StatusRequestEntityTooLarge}
	errMethod   = &explained{err: fault.New(fault.Invalid, "method not allowed"), key: "web.error.invalid", status: http.StatusMethodNotAllowed}
	errNotFound = fault.New(fault.NotFound, "no such page")
)

// statusOf picks the status and text key of an error.
func statusOf(err error) (status int, key string) {
	switch fault.Of(err) {
	case fault.Invalid:
		status, key = http.StatusBadRequest, "web.error.invalid"
	case fault.Denied:
		status, key = http.StatusForbidden, "web.error.denied"
	case fault.NotFound:
		status, key = http.StatusNotFound, "web.error.not_found"
	case fault.Conflict:
		status, key = http.StatusConflict, "web.error.conflict"
	default:
		status, key = http.StatusInternalServerError, "web.error.internal"
	}
	var e *explained
	if errors.As(err, &e) {
		key = e.key
		if e.status != 0 {
			status = e.status
		}
	}
	return status, key
}

// fail logs an error once and answers it. A reply that has begun can't be
// taken back, so then it only logs.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, key := statusOf(err)
	s.logFault(r, status, err)
	if rec, ok := w.(*recorder); ok && rec.status != 0 {
		return
	}
	if errors.Is(err, errSignedOut) && r.Method == http.MethodGet {
		http.Redirect(w, r, "/console/sign-in", http.StatusSeeOther)
		return
	}
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "5")
	}
	w.Header().Set("Cache-Control", "no-store")
	name := "error"
	if Fetched(r) {
		name = "error_fragment"
	}
	if err := s.render(w, r, s.pages, name, status, errorView{Key: key, Status: status}); err != nil {
		s.opt.Log.ErrorContext(r.Context(), "error page not shown", "err", err)
	}
}

type errorView struct {
	Key    string
	Status int
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
