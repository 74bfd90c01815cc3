package web

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

const checkTimeout = 3 * time.Second

// serveHealth says that the process answers.
func (s *Server) serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}

type readiness struct {
	Ready    bool              `json:"ready"`
	Checks   map[string]string `json:"checks"`
	Versions map[string]string `json:"versions"`
}

// serveReady asks every check. The page says only ok or down; why is in the log.
func (s *Server) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
	defer cancel()
	state := readiness{Ready: true, Checks: map[string]string{}, Versions: map[string]string{}}
	for _, c := range s.d.Checks {
		state.Checks[c.Name] = "ok"
		if err := c.Do(ctx); err != nil {
			state.Ready, state.Checks[c.Name] = false, "down"
			s.opt.Log.WarnContext(ctx, "readiness check is down", "check", c.Name, "err", err)
		}
	}
	if s.d.Versions != nil {
		for _, v := range s.d.Versions() {
			state.Versions[v.Name] = v.Value
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !state.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	if err := json.NewEncoder(w).Encode(state); err != nil {
		s.opt.Log.DebugContext(ctx, "readiness not read to its end")
	}
}

// serveMetrics lets in who has the token, or, when none is set, this machine
// itself. A request that came through a proxy is never this machine's.
func (s *Server) serveMetrics(w http.ResponseWriter, r *http.Request) {
	if s.d.Metrics == nil || !s.mayMeasure(r) {
		http.NotFound(w, r)
		return
	}
	s.d.Metrics.ServeHTTP(w, r)
}

func (s *Server) mayMeasure(r *http.Request) bool {
	if s.opt.MetricsToken != "" {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		return ok && subtle.ConstantTimeCompare([]byte(token), []byte(s.opt.MetricsToken)) == 1
	}
	return peerIP(r).IsLoopback() && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == ""
}
