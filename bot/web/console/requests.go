package console

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/request"
	"github.com/anjie-desk/anjie/bot/web"
)

// Requests is what people ask of their own data; *request.Service is one.
type Requests interface {
	Board(ctx context.Context, who access.Actor) (request.Board, error)
	Obstacles(ctx context.Context, who access.Actor, r request.Request) ([]request.Held, error)
	AskAtCounter(ctx context.Context, who access.Actor, a request.Ask) (request.Request, error)
	Do(ctx context.Context, who access.Actor, id string) (request.Request, error)
	Refuse(ctx context.Context, who access.Actor, id, reason string) (request.Request, error)
	Export(ctx context.Context, who access.Actor, id string, t request.Texts, w io.Writer) error
}

var _ Requests = (*request.Service)(nil)

// People finds cases by who is in them; *dispute.Service does.
type People interface {
	FindPeople(ctx context.Context, who access.Actor, text string) ([]dispute.Case, error)
}

var _ People = (*dispute.Service)(nil)

func (c *Console) requestRoutes(s *web.Server) {
	if c.d.Requests == nil {
		return
	}
	s.Staff("GET /console/requests", c.requests)
	s.Staff("POST /console/requests", c.askRequest)
	s.Staff("POST /console/requests/{id}/{act}", c.settleRequest)
	s.Staff("GET /console/requests/{id}/data.zip", c.exportRequest)
	s.Staff("POST /console/people", c.people)
	s.Staff("GET /console/people", func(w http.ResponseWriter, r *http.Request) error { // the list loaded again: whom it was for isn't in its address
		web.SeeOther(w, r, "/console/cases")
		return nil
	})
}

type requestRow struct {
	request.Request
	Held []request.Held
	Late bool
}

type requestsView struct {
	Waiting []requestRow
	Settled []request.Request
	Kinds   []request.Kind
	Done    bool
}

func (c *Console) requests(w http.ResponseWriter, r *http.Request) error {
	who := web.Actor(r)
	b, err := c.d.Requests.Board(r.Context(), who)
	if err != nil {
		return err
	}
	v := requestsView{Settled: b.Settled, Kinds: request.Kinds(), Done: r.URL.Query().Has("done")}
	for _, q := range b.Waiting {
		held, err := c.d.Requests.Obstacles(r.Context(), who, q)
		if err != nil {
			return err
		}
		v.Waiting = append(v.Waiting, requestRow{q, held, q.Due.Before(c.opt.Now())})
	}
	return c.render(w, r, "requests", v)
}

func (c *Console) askRequest(w http.ResponseWriter, r *http.Request) error {
	_, err := c.d.Requests.AskAtCounter(r.Context(), web.Actor(r), request.Ask{
		Kind: request.Kind(r.PostFormValue("kind")), Number: strings.TrimSpace(r.PostFormValue("number")), Text: r.PostFormValue("text"),
	})
	if fault.Of(err) == fault.NotFound {
		return web.Explain(err, "web.error.number")
	}
	if err != nil && !errors.Is(err, request.ErrSame) {
		return err
	}
	web.SeeOther(w, r, "/console/requests?done")
	return nil
}

func (c *Console) settleRequest(w http.ResponseWriter, r *http.Request) error {
	var err error
	switch r.PathValue("act") {
	case "do":
		_, err = c.d.Requests.Do(r.Context(), web.Actor(r), r.PathValue("id"))
	case "refuse":
		_, err = c.d.Requests.Refuse(r.Context(), web.Actor(r), r.PathValue("id"), r.PostFormValue("reason"))
	default:
		return errNoSuchAct
	}
	if errors.Is(err, request.ErrHeld) {
		return web.Explain(err, "web.error.held")
	}
	if err != nil {
		return err
	}
	web.SeeOther(w, r, "/console/requests?done")
	return nil
}

func (c *Console) exportRequest(w http.ResponseWriter, r *http.Request) error {
	var zip bytes.Buffer // whole before the first byte goes out: half an export looks like all
	if err := c.d.Requests.Export(r.Context(), web.Actor(r), r.PathValue("id"), c.d.Texts, &zip); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="data.zip"`)
	_, err := zip.WriteTo(w)
	return err
}

type peopleView struct {
	Rows []row
}

// people lists the cases of a name or number. What is looked for comes in a
// form, not in the address: addresses are logged.
func (c *Console) people(w http.ResponseWriter, r *http.Request) error {
	cases, err := c.d.People.FindPeople(r.Context(), web.Actor(r), r.PostFormValue("who"))
	if err != nil {
		return err
	}
	return c.render(w, r, "people", peopleView{c.rows(cases)})
}
