package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// A session may end while somebody types a long form. What was typed is kept
// nowhere: it goes back in the answer, in a form that can be sent again once
// they have signed in, in this browser's next tab.

// resendView is a form that came from a session that is over.
type resendView struct {
	Key    string // what its words are about
	Action string
	Page   string // that the form stands on, "" if that isn't known
	In     bool   // signed in again: it can be sent at once
	Typed  []resent
	Hidden []resent
	Files  bool
}

// resent is one field as it was sent.
type resent struct{ Name, Value string }

// resend answers a form of a session that is over with what it held. False if
// nothing is worth keeping, or the form came from somewhere else. Who has signed
// in again gets the page that it stands on first ([Server.again]).
func (s *Server) resend(w http.ResponseWriter, r *http.Request, err error) bool {
	out := errors.Is(err, errSignedOut)
	if r.Method != http.MethodPost || Fetched(r) || !out && !errors.Is(err, errToken) || !s.fromHere(r) {
		return false
	}
	if len(typed(r)) == 0 {
		return false
	}
	v := viewOf(err)
	form := resendView{Key: v.Key, Action: r.URL.RequestURI(), Page: s.formPage(r), In: !out, Files: isUpload(r)}
	form.Typed, form.Hidden = worthSeeing(r.PostForm)
	if rerr := s.render(w, r, s.pages, "resend", v.Status, form); rerr != nil {
		s.opt.Log.ErrorContext(r.Context(), "form not handed back", "err", rerr)
	}
	return true
}

// worthSeeing splits the fields of a form into what people typed and the rest.
func worthSeeing(form url.Values) (seen, rest []resent) {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			switch {
			case name == "csrf" || name == againField:
			case slices.Contains(unread, name) || len(value) < worth:
				rest = append(rest, resent{name, value})
			default:
				seen = append(seen, resent{name, value})
			}
		}
	}
	return seen, rest
}

// fromHere tells whether a form was sent from a page of ours: what another site
// had a browser send is not shown as if it had been typed here.
func (s *Server) fromHere(r *http.Request) bool {
	from := r.Header.Get("Origin")
	if from == "" || from == "null" {
		from = r.Referer()
	}
	u, err := url.Parse(from)
	return err == nil && u.Host != "" && u.Host == r.Host
}
