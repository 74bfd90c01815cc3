package web

import "net/http"

// Each address may try this many wrong keys at once, and one more a minute.
const (
	guessRate  = 1.0 / 60
	guessBurst = 20
)

// MayGuess tells whether a request's address may try another key: a link's code
// for example. A handler asks before it looks one up, and calls [Server.Guessed]
// when the key was wrong.
func (s *Server) MayGuess(r *http.Request) error {
	if s.guesses.left(ipKey(s.clientIP(r))) {
		return nil
	}
	return errTooMany
}

// Guessed counts a wrong key against the request's address.
func (s *Server) Guessed(r *http.Request) { s.guesses.allow(ipKey(s.clientIP(r))) }

// left tells whether a key's bucket holds anything, without taking from it.
func (l *limiter) left(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.buckets[key]
	return !ok || b.TokensAt(l.now()) >= 1
}
