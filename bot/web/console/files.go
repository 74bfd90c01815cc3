package console

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// file sends one file of a case: pictures are shown, all else is saved.
func (c *Console) file(w http.ResponseWriter, r *http.Request) error {
	id, err := dispute.ParseCaseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return fault.As(fault.NotFound, err)
	}
	e, data, err := c.d.Cases.OpenFile(r.Context(), web.Actor(r), id, n)
	if err != nil {
		return err
	}
	how := "attachment"
	if strings.HasPrefix(e.Type, "image/") {
		how = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", e.Type)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": e.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox") // whatever is in it, it runs nothing
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, err = w.Write(data) //nolint:gosec // the policy above lets nothing in it run
	return err
}

// supplement adds words, files or both to a case.
func (c *Console) supplement(r *http.Request, who access.Actor, id dispute.CaseID, note string, seen dispute.Seen) error {
	files, err := c.attached(r)
	if err != nil {
		return err
	}
	_, err = c.d.Cases.Supplement(r.Context(), who, id, note, files, seen)
	return err
}

// attached keeps the files of a form for good.
func (c *Console) attached(r *http.Request) ([]dispute.Evidence, error) {
	var all []dispute.Evidence
	for _, p := range web.Parts(r, "file") {
		if c.d.Files == nil {
			return nil, fault.New(fault.Invalid, "no files are taken here")
		}
		body, err := p.Open()
		if err != nil {
			return nil, fmt.Errorf("attached file: %w", err)
		}
		f, err := c.d.Files.Keep(r.Context(), p.Filename, body)
		if err = errors.Join(err, body.Close()); err != nil {
			if fault.Of(err) == fault.Invalid {
				return nil, web.Explain(err, "web.error.file")
			}
			return nil, err
		}
		if err := c.d.Files.Attach(r.Context(), f.Ref); err != nil {
			return nil, err
		}
		all = append(all, dispute.Evidence{Name: f.Name, Type: f.Type, Key: f.Ref, Size: f.Size})
	}
	return all, nil
}
