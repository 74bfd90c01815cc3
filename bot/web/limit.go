package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys bounds a limiter's memory: about 10 MB of addresses.
const maxKeys = 50_000

// limiter keeps one token bucket a key. Buckets that have filled up again are
// forgotten when room is needed; they would allow everything anyway.
type limiter struct {
	rate  rate.Limit
	burst int
	now   func() time.Time

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

func newLimiter(perSecond float64, burst int, now func() time.Time) *limiter {
	return &limiter{rate: rate.Limit(perSecond), burst: burst, now: now, buckets: map[string]*rate.Limiter{}}
}

func (l *limiter) allow(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b, ok := l.buckets[key]
	if !ok {
		if len(l.buckets) >= maxKeys {
			l.sweep(now)
		}
		b = rate.NewLimiter(l.rate, l.burst)
		l.buckets[key] = b
	}
	return b.AllowN(now, 1)
}

// sweep forgets full buckets, and everything if that is not enough: a flood
// from 50,000 addresses is not stopped by remembering each.
func (l *limiter) sweep(now time.Time) {
	for key, b := range l.buckets {
		if b.TokensAt(now) >= float64(l.burst) {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= maxKeys {
		clear(l.buckets)
	}
}

// clientIP is the address that a request came from: the peer, or behind a proxy
// the last address that the proxy added to X-Forwarded-For. What stands before
// it the client may have made up.
func (s *Server) clientIP(r *http.Request) netip.Addr {
	peer := peerIP(r)
	if !s.opt.BehindProxy {
		return peer
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	addr, err := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-1]))
	if err != nil {
		return peer
	}
	return addr.Unmap()
}

// Client stands for where a request came from, as the limits count it.
func (s *Server) Client(r *http.Request) string { return ipKey(s.clientIP(r)) }

func peerIP(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap()
}

// ipKey counts an IPv6 site, which owns a /64, as one address.
func ipKey(a netip.Addr) string {
	if !a.Is6() {
		return a.String()
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}
