// Package mydata is the residents' page for what they may ask of the data that
// the desk holds of them.
//
// Who asks is known by the session, or by the number and code of a case; the
// service judges which cases that covers.
package mydata

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/request"
	"github.com/anjie-desk/anjie/bot/web"
)

//go:embed pages/*.html
var files embed.FS

// Requests takes requests; *request.Service does.
type Requests interface {
	Ask(ctx context.Context, who access.Actor, a request.Ask) (request.Request, error)
	Mine(ctx context.Context, who access.Actor) ([]request.Request, error)
	Export(ctx context.Context, who access.Actor, id string, t request.Texts, w io.Writer) error
}

var _ Requests = (*request.Service)(nil)

// MyData is the site.
type MyData struct {
	requests Requests
	texts    web.Texts
	channel  string // name of the web chat, before the session in an actor's id
	shell    *web.Server
	pages    *web.Pages
}

var _ web.Site = (*MyData)(nil)

// New returns a MyData; channel is the web chat's name.
func New(r Requests, t web.Texts, channel string) *MyData {
	return &MyData{requests: r, texts: t, channel: channel}
}

// Routes adds the pages.
func (m *MyData) Routes(s *web.Server) {
	m.shell, m.pages = s, s.Pages(files)
	s.Page("GET /my-data", m.show)
	s.Page("POST /my-data", m.ask)
	s.Page("GET /my-data/{id}/data.zip", m.export)
}

func (m *MyData) resident(r *http.Request) access.Actor {
	return access.Actor{ID: m.channel + ":" + web.SessionID(r)}
}

type view struct {
	Mine  []request.Request
	Kinds []request.Kind
	Done  bool

	Problem string      // why nothing was asked for, in the residents' words
	Asked   request.Ask // what was filled in then
}

func (m *MyData) show(w http.ResponseWriter, r *http.Request) error {
	return m.render(w, r, http.StatusOK, view{Done: r.URL.Query().Has("done")})
}

func (m *MyData) render(w http.ResponseWriter, r *http.Request, status int, v view) error {
	var err error
	if v.Mine, err = m.requests.Mine(r.Context(), m.resident(r)); err != nil {
		return err
	}
	v.Kinds = request.Kinds()
	return m.shell.RenderStatus(w, r, m.pages, "mydata", status, v)
}

func (m *MyData) ask(w http.ResponseWriter, r *http.Request) error {
	who := m.resident(r)
	asked := request.Ask{
		Kind: request.Kind(r.PostFormValue("kind")), Number: strings.TrimSpace(r.PostFormValue("number")), Code: r.PostFormValue("code"),
		Text: strings.TrimSpace(r.PostFormValue("text")), Notify: who.ID,
	}
	_, err := m.requests.Ask(r.Context(), who, asked)
	switch {
	case fault.Of(err) == fault.NotFound:
		return m.render(w, r, http.StatusNotFound, view{Asked: asked, Problem: m.texts.Say("web.mydata.unknown", nil)})
	case fault.Of(err) == fault.Invalid && asked.Kind == request.Correct:
		return m.render(w, r, http.StatusBadRequest, view{Asked: asked, Problem: m.texts.Say("web.mydata.words", nil)})
	case err != nil && !errors.Is(err, request.ErrSame):
		return err
	}
	web.SeeOther(w, r, "/my-data?done")
	return nil
}

func (m *MyData) export(w http.ResponseWriter, r *http.Request) error {
	var zip bytes.Buffer // whole before the first byte goes out
	if err := m.requests.Export(r.Context(), m.resident(r), r.PathValue("id"), m.texts, &zip); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="my-data.zip"`)
	_, err := zip.WriteTo(w)
	return err
}
