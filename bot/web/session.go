package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

const (
	visitorCookie = "anjie"
	staffCookie   = "anjie-staff"
	sizeCookie    = "anjie-size"

	tokenBytes = 24 // 192 bits
	visitorFor = 180 * 24 * time.Hour
	sizeFor    = 365 * 24 * time.Hour
)

// visit is what the shell knows of one request. The visitor's token stays in
// the cookie; everything else sees only the id made from it, so that an id in
// a case or a log opens nobody's conversation.
type visit struct {
	token string // the visitor's secret
	staff string // the staff session's secret, "" when not signed in
	actor access.Actor
	large bool
	slot  bool   // it holds a place among the forms with files
	base  string // the page's own address, for preferences to come back to
	again string // the page that a form stands on, "" where its sender says it
}

type visitKey struct{}

func visitOf(r *http.Request) *visit {
	v, ok := r.Context().Value(visitKey{}).(*visit)
	if !ok {
		return &visit{}
	}
	return v
}

// SessionID is the id of the resident's session, the chat in the address
// "web:<id>". It can't be turned back into the cookie.
func SessionID(r *http.Request) string {
	sum := sha256.Sum256([]byte("anjie visitor id\x00" + visitOf(r).token))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:15]))
}

// Actor is who is signed in; the zero Actor on pages without sign-in.
func Actor(r *http.Request) access.Actor { return visitOf(r).actor }

// csrf is the token that this visit's forms carry: derived from the secrets in
// its cookies, so that it needs no store and changes when somebody signs in.
func (v *visit) csrf() string {
	sum := sha256.Sum256([]byte("anjie csrf\x00" + v.token + "\x00" + v.staff))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

func (v *visit) checkCSRF(r *http.Request) error {
	got := r.PostFormValue("csrf")
	if subtle.ConstantTimeCompare([]byte(got), []byte(v.csrf())) == 1 {
		return nil
	}
	return errToken
}

func newToken() string {
	b := make([]byte, tokenBytes)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// begin reads the cookies of a request and gives a visitor without one a new
// session. The first page sets the cookie again, so that it lasts from the last
// visit.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, v *visit) {
	if token := s.cookie(r, visitorCookie); len(token) == base64.RawURLEncoding.EncodedLen(tokenBytes) {
		v.token = token
	} else {
		v.token = newToken()
	}
	v.large = s.cookie(r, sizeCookie) == "large"
	v.staff = s.cookie(r, staffCookie)
	if v.token != s.cookie(r, visitorCookie) || r.URL.Path == "/" {
		s.setCookie(w, visitorCookie, v.token, visitorFor)
	}
}

// staffOf finds who is signed in; kind Denied if nobody is.
func (s *Server) staffOf(ctx context.Context, v *visit) (access.Actor, error) {
	if v.staff == "" || s.d.Accounts == nil {
		return access.Actor{}, errSignedOut
	}
	account, err := s.d.Accounts.Session(ctx, v.staff)
	switch {
	case fault.Of(err) == fault.Denied, fault.Of(err) == fault.NotFound:
		return access.Actor{}, errSignedOut
	case err != nil:
		return access.Actor{}, fmt.Errorf("staff session: %w", err)
	case account.Disabled:
		return access.Actor{}, errSignedOut
	}
	return account.ActorOn(access.Day(s.opt.Now())), nil
}

// Signed is who of the staff is signed in on this browser, for a page that is
// open to all; false for a resident.
func (s *Server) Signed(r *http.Request) (access.Actor, bool) {
	who, err := s.staffOf(r.Context(), visitOf(r))
	return who, err == nil
}

var errToken = Explain(fault.New(fault.Denied, "form token does not belong to this session"), keyToken)

// keyToken are the words for a form of another session than the present one.
const keyToken = "web.error.token"

var errSignedOut = Explain(fault.New(fault.Denied, "not signed in"), "web.error.signed_out")

// SignIn opens a new session for an account in this browser and ends the one
// before, so that a session known from before the sign-in is worth nothing.
func (s *Server) SignIn(w http.ResponseWriter, r *http.Request, a access.Account) error {
	if err := s.endStaff(r); err != nil {
		return err
	}
	token, err := s.d.Accounts.NewSession(r.Context(), a.ID, s.opt.StaffSession)
	if err != nil {
		return fmt.Errorf("session for %s: %w", a.ID, err)
	}
	s.setCookie(w, staffCookie, token, s.opt.StaffSession)
	return nil
}

// SignOut ends the staff session of this browser.
func (s *Server) SignOut(w http.ResponseWriter, r *http.Request) error {
	s.setCookie(w, staffCookie, "", -1)
	return s.endStaff(r)
}

func (s *Server) endStaff(r *http.Request) error {
	old := visitOf(r).staff
	if old == "" || s.d.Accounts == nil {
		return nil
	}
	if err := s.d.Accounts.EndSession(r.Context(), old); err != nil && fault.Of(err) == fault.Internal {
		return fmt.Errorf("end staff session: %w", err)
	}
	return nil
}

// cookieName is the name with the prefix that makes browsers insist on Secure
// and Path=/, wherever the desk is reached by https.
func (s *Server) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

func (s *Server) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie sets a cookie for a time; a negative time takes it away.
func (s *Server) setCookie(w http.ResponseWriter, name, value string, last time.Duration) {
	//nolint:gosec // Secure wherever the desk is reached by https; a trial on this machine isn't
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/",
		MaxAge: max(int(last.Seconds()), -1), HttpOnly: true, Secure: s.secure,
		SameSite: http.SameSiteLaxMode,
	})
}
