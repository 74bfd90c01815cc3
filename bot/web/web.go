// Package web is the shell of the desk's pages: one HTTP server with sessions,
// CSRF tokens, security headers, limits, error pages, health and static files.
//
// It knows no page but its own few (privacy, forget me, sign-out, errors). The
// pages of residents, staff and readers are in chat, console and column; each
// is a [Site] that adds its routes to a [Server] before it runs. Everything
// works as plain HTML forms; one small script makes it quicker.
//
// What holds true of every page route: a POST carries the token of its own
// session, no text of a person enters a log, and an error is logged once and
// answered by its [fault.Kind] in the words of content/texts.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
)

// Texts is the wording catalogue as the pages need it.
type Texts interface {
	Say(key string, data any) string
}

// Recorder counts requests. Route is a pattern, never a path with an id.
type Recorder interface {
	Request(route, method string, status int, took time.Duration)
}

// Check is one thing that must work for the desk to be ready.
type Check struct {
	Name string
	Do   func(context.Context) error
}

// Version names something that the desk runs on: the index, the content.
type Version struct{ Name, Value string }

// Deps is what a server is made of. Texts is needed, the rest may be nil.
type Deps struct {
	Texts    Texts
	Accounts access.Accounts  // nil: nobody can sign in
	Metrics  http.Handler     // nil: no /metrics
	Recorder Recorder         // nil: requests are not counted
	Checks   []Check          // asked by /readyz
	Versions func() []Version // shown by /readyz
	// Forget erases what is kept of a resident's conversation: the chat log
	// and the open dialogue. Session is the id of [SessionID].
	Forget func(ctx context.Context, session string) error
}

// Options tune a server; the zero value is production behind nothing.
type Options struct {
	Listen       string        // address to listen on; "" means 127.0.0.1:8080
	PublicURL    string        // https://desk.example.cn, for cookies and links; "" means as each request names the host
	Trial        bool          // a banner on every page says so
	BehindProxy  bool          // the peer is our own proxy: believe its X-Forwarded-For
	MetricsToken string        // bearer token for /metrics; "" means from this machine only
	Grace        time.Duration // how long a stop waits for work in hand; 0 means 10 s
	StaffSession time.Duration // how long staff stay signed in; 0 means 12 h
	Limits       Limits
	Zone         *time.Location   // for dates on pages; nil means UTC+8
	Now          func() time.Time // nil means time.Now
	Log          *slog.Logger     // nil means slog.Default()
}

// Limits bound how fast requests may come; zero fields take the defaults.
type Limits struct {
	IPRate       float64 // requests a second from one address; 0 means 40
	IPBurst      int     // 0 means 240: a village may share one address
	SessionRate  float64 // posts a second of one session; 0 means 2
	SessionBurst int     // 0 means 40
	Body         int64   // bytes of a form; 0 means 64 KiB
	Upload       int64   // bytes of a form with files; 0 means 41 MiB
	Uploads      int     // forms with files read at the same time; 0 means 4, since they are held in memory
}

// Site is a set of pages: it adds its routes to the server.
type Site interface {
	Routes(s *Server)
}

// Server serves the desk's pages.
type Server struct {
	d       Deps
	opt     Options
	mux     *http.ServeMux
	pages   *Pages
	byIP    *limiter
	bySess  *limiter
	guesses *limiter
	slots   chan struct{} // taken by each form with files while it is handled
	secure  bool          // cookies are __Host- and Secure

	mu       sync.Mutex
	listener net.Listener
	closing  chan struct{}
}

// New returns a server with the shell's own routes; add sites by [Server.Add].
func New(d Deps, opt Options) *Server {
	opt = opt.withDefaults()
	s := &Server{
		d: d, opt: opt, mux: http.NewServeMux(),
		byIP:    newLimiter(opt.Limits.IPRate, opt.Limits.IPBurst, opt.Now),
		bySess:  newLimiter(opt.Limits.SessionRate, opt.Limits.SessionBurst, opt.Now),
		slots:   make(chan struct{}, opt.Limits.Uploads),
		guesses: newLimiter(guessRate, guessBurst, opt.Now),
		secure:  strings.HasPrefix(opt.PublicURL, "https://"),
		closing: make(chan struct{}),
	}
	s.pages = s.Pages(ownPages)
	s.ownRoutes()
	return s
}

func (o Options) withDefaults() Options {
	o.Listen = or(o.Listen, "127.0.0.1:8080")
	o.PublicURL = strings.TrimRight(o.PublicURL, "/")
	o.Grace = or(o.Grace, 10*time.Second)
	o.StaffSession = or(o.StaffSession, 12*time.Hour)
	o.Limits.IPRate = or(o.Limits.IPRate, 40)
	o.Limits.IPBurst = or(o.Limits.IPBurst, 240)
	o.Limits.SessionRate = or(o.Limits.SessionRate, 2)
	o.Limits.SessionBurst = or(o.Limits.SessionBurst, 40)
	o.Limits.Body = or(o.Limits.Body, 64<<10)
	o.Limits.Upload = or(o.Limits.Upload, 41<<20)
	o.Limits.Uploads = or(o.Limits.Uploads, 4)
	o.Zone = or(o.Zone, time.FixedZone("UTC+8", 8*60*60))
	o.Log = or(o.Log, slog.Default())
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func or[T comparable](v, standard T) T {
	var zero T
	if v == zero {
		return standard
	}
	return v
}

// Add adds the routes of sites. It must not be called once the server runs.
func (s *Server) Add(sites ...Site) {
	for _, site := range sites {
		site.Routes(s)
	}
}

// URL makes an absolute address of a path: by Options.PublicURL, or, without
// one, by the host that the request named.
func (s *Server) URL(r *http.Request, path string) string {
	if s.opt.PublicURL != "" {
		return s.opt.PublicURL + path
	}
	return (&url.URL{Scheme: "http", Host: r.Host}).String() + path
}

// Closing is closed when the server begins to stop, so that a handler that
// streams can end its stream.
func (s *Server) Closing() <-chan struct{} { return s.closing }

// Log is the server's logger.
func (s *Server) Log() *slog.Logger { return s.opt.Log }

// Now is the server's clock.
func (s *Server) Now() time.Time { return s.opt.Now() }

// ErrPortBusy is the error of [Server.Listen] when another program has the port.
var ErrPortBusy = errors.New("another program is using this port; stop it or choose another port")
