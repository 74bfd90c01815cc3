package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// Handler is a page: it parses, calls one service method and renders. The
// shell logs the error it returns and answers it by kind.
type Handler func(w http.ResponseWriter, r *http.Request) error

// audience says whom a route is for, and so what it needs before its handler.
type audience int

const (
	readers audience = iota // no session: feeds and files, which caches may keep
	anybody                 // a visitor's session and, for a POST, its token
	staff                   // signed in besides

	withFiles audience = 1 << 7 // its forms may bring files
)

// Plain adds a route without session, for feeds and files.
func (s *Server) Plain(pattern string, h Handler) { s.handle(pattern, readers, h) }

// Page adds a page for everybody: pattern as in [http.ServeMux].
func (s *Server) Page(pattern string, h Handler) { s.handle(pattern, anybody, h) }

// Staff adds a page for those who are signed in; [Actor] says who it is. What
// they may do is for the services to judge.
func (s *Server) Staff(pattern string, h Handler) { s.handle(pattern, staff, h) }

// Upload adds a page for everybody to which forms with files are sent,
// StaffUpload one for those who are signed in. [Parts] reads the files.
func (s *Server) Upload(pattern string, h Handler) { s.handle(pattern, anybody|withFiles, h) }

// StaffUpload is Upload for those who are signed in.
func (s *Server) StaffUpload(pattern string, h Handler) { s.handle(pattern, staff|withFiles, h) }

func (s *Server) handle(pattern string, whom audience, h Handler) {
	s.mux.Handle(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.serve(w, r, whom, h)
	}))
}

// Raw adds a handler that has its own guards, a webhook for example: no
// session, no token, no limit, but the headers, the log and the count.
func (s *Server) Raw(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// serve does what every page needs before and after its handler.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, whom audience, h Handler) {
	if !s.byIP.allow(ipKey(s.clientIP(r))) {
		s.fail(w, r, errTooMany)
		return
	}
	v := &visit{base: r.URL.RequestURI()}
	if whom != readers {
		s.begin(w, r, v)
	}
	r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
	defer s.leave(v)
	err := s.admit(w, r, v, whom)
	if err == nil {
		err = h(w, r)
	}
	if err != nil {
		s.fail(w, r, err)
	}
}

// admit checks a request before its handler sees it.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, v *visit, whom audience) (err error) {
	switch whom &^ withFiles { //nolint:exhaustive // withFiles is a mark beside the others
	case readers:
		return nil
	case anybody:
		w.Header().Set("Cache-Control", "private, no-cache")
	case staff:
		w.Header().Set("Cache-Control", "no-store")
		if v.actor, err = s.staffOf(r.Context(), v); err != nil {
			s.readLast(w, r, v, whom)
			return err
		}
	}
	if r.Method != http.MethodPost {
		return nil
	}
	if !s.bySess.allow(v.token) {
		return errTooMany
	}
	if err := s.readForm(w, r, v, whom&withFiles != 0 && isUpload(r)); err != nil {
		return err
	}
	return v.checkCSRF(r)
}

// readLast reads a form whose session is over, so that what was typed can be
// handed back ([Server.resend]).
func (s *Server) readLast(w http.ResponseWriter, r *http.Request, v *visit, whom audience) {
	if r.Method != http.MethodPost || !s.fromHere(r) || !s.bySess.allow(v.token) {
		return
	}
	if err := s.readForm(w, r, v, whom&withFiles != 0 && isUpload(r)); err != nil {
		r.PostForm = nil
	}
}

// readForm reads a form within its limit. One with files is held in memory, a
// few at a time: nothing that people send is written to the disk in the clear.
func (s *Server) readForm(w http.ResponseWriter, r *http.Request, v *visit, files bool) error {
	if !files {
		r.Body = http.MaxBytesReader(w, r.Body, s.opt.Limits.Body)
		return badForm(r.ParseForm())
	}
	wait := time.NewTimer(uploadWait)
	defer wait.Stop()
	select {
	case s.slots <- struct{}{}:
		v.slot = true
	case <-wait.C:
		return errTooMany
	case <-r.Context().Done():
		return r.Context().Err()
	}
	// a sender that stops half-way must not keep its place for ever
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadTime)) //nolint:forbidigo // a deadline of the connection
	r.Body = http.MaxBytesReader(w, r.Body, s.opt.Limits.Upload)
	return badForm(r.ParseMultipartForm(s.opt.Limits.Upload)) //nolint:gosec // bounded by the reader above
}

// How long a form with files waits for its turn, and may take to arrive.
const (
	uploadWait = 10 * time.Second
	uploadTime = 3 * time.Minute
)

// leave gives a form's place to the next.
func (s *Server) leave(v *visit) {
	if v.slot {
		<-s.slots
	}
}

func badForm(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return errTooLarge
	case err != nil:
		return &explained{err: fmt.Errorf("parse form: %w", err), key: "web.error.invalid", status: http.StatusBadRequest}
	}
	return nil
}

// SeeOther answers a POST by sending the browser to a page of our own.
func SeeOther(w http.ResponseWriter, r *http.Request, path string) {
	http.Redirect(w, r, path, http.StatusSeeOther) //nolint:gosec // callers pass paths of our own; size passes localPath
}

// Handler is the whole server as one handler; [Server.Run] serves it.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		start := s.opt.Now()
		s.setHeaders(w.Header())
		defer func() {
			if p := recover(); p != nil {
				s.survive(rec, r, p)
			}
			s.logRequest(r, rec, s.opt.Now().Sub(start))
		}()
		s.route(rec, r)
	})
}

// route serves our own page for an unknown path or method, which the mux
// would answer in English.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.mux.Handler(r); pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	s.serve(w, r, anybody, func(http.ResponseWriter, *http.Request) error {
		if s.otherMethod(r) {
			return errMethod
		}
		return errNotFound
	})
}

// otherMethod tells whether the path exists for another method.
func (s *Server) otherMethod(r *http.Request) bool {
	for _, m := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := s.mux.Handler(other); pattern != "" {
			return true
		}
	}
	return false
}

// survive answers a panic of a handler: our bug costs one request. The value
// may hold anything, so only its type is logged, with the stack.
func (s *Server) survive(rec *recorder, r *http.Request, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p)
	}
	s.opt.Log.ErrorContext(r.Context(), "handler panicked", "route", r.Pattern,
		"type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
	if rec.status == 0 {
		http.Error(rec, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// logRequest notes a request without anything of the person: the pattern, not
// the path, and no address.
func (s *Server) logRequest(r *http.Request, rec *recorder, took time.Duration) {
	status, route := or(rec.status, http.StatusOK), or(r.Pattern, "none")
	if s.d.Recorder != nil {
		s.d.Recorder.Request(route, r.Method, status, took)
	}
	level := slog.LevelInfo
	if quietRoutes[route] {
		level = slog.LevelDebug
	}
	s.opt.Log.Log(r.Context(), level, "request", "route", route, "method", r.Method,
		"status", status, "ms", took.Milliseconds(), "bytes", rec.bytes)
}

var quietRoutes = map[string]bool{
	"GET /static/{file}": true, "GET /healthz": true, "GET /readyz": true, "GET /metrics": true, "GET /favicon.ico": true,
}

// recorder remembers what was answered. Unwrap lets http.ResponseController
// flush and set deadlines.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	w.status = or(w.status, http.StatusOK)
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// quiet takes net/http's own complaints, which may hold addresses of people,
// down to a count at debug level.
func quiet(l *slog.Logger) *log.Logger { return log.New(quietWriter{l}, "", 0) }

type quietWriter struct{ log *slog.Logger }

func (q quietWriter) Write(b []byte) (int, error) {
	q.log.Debug("connection trouble", "bytes", len(b))
	return len(b), nil
}

var _ io.Writer = quietWriter{}
