package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/anjie-desk/anjie/bot/fault"
)

// ownRoutes adds what belongs to every desk: health, files, privacy, size of
// letters, forget me, sign-out.
func (s *Server) ownRoutes() {
	s.mux.HandleFunc("GET /healthz", s.serveHealth)
	s.mux.HandleFunc("GET /readyz", s.serveReady)
	s.mux.HandleFunc("GET /metrics", s.serveMetrics)
	s.mux.HandleFunc("GET /static/{file}", s.serveStatic)
	s.mux.HandleFunc("GET /favicon.ico", s.serveFavicon)
	s.mux.HandleFunc("GET /robots.txt", s.serveRobots)
	s.Page("GET /privacy", s.privacy)
	s.Page("GET /forget", s.askForget)
	s.Page("POST /forget", s.forget)
	s.Page("POST /size", s.size)
}

func (s *Server) privacy(w http.ResponseWriter, r *http.Request) error {
	return s.Render(w, r, s.pages, "privacy", nil)
}

func (s *Server) askForget(w http.ResponseWriter, r *http.Request) error {
	return s.Render(w, r, s.pages, "forget", r.URL.Query().Has("done"))
}

// forget erases the resident's conversation and gives the browser a new
// session, so that nothing later joins the old one.
func (s *Server) forget(w http.ResponseWriter, r *http.Request) error {
	if s.d.Forget == nil {
		return fault.New(fault.NotFound, "nothing is kept that could be forgotten")
	}
	if err := s.d.Forget(r.Context(), SessionID(r)); err != nil {
		return fmt.Errorf("forget a session: %w", err)
	}
	s.setCookie(w, visitorCookie, newToken(), visitorFor)
	SeeOther(w, r, "/forget?done")
	return nil
}

// size changes between normal and large letters and keeps it in a cookie.
func (s *Server) size(w http.ResponseWriter, r *http.Request) error {
	if visitOf(r).large {
		s.setCookie(w, sizeCookie, "", -1)
	} else {
		s.setCookie(w, sizeCookie, "large", sizeFor)
	}
	SeeOther(w, r, localPath(r.PostFormValue("back")))
	return nil
}

// localPath keeps a redirect on this server: anything but a plain path of our
// own goes to the first page.
func localPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") {
		return "/"
	}
	return p
}
