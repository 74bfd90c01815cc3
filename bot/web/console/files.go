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

// file sends one file of a case, of its reporter or of an other party, or one
// scan of its agreement: pictures are shown, all else is saved.
func (c *Console) file(w http.ResponseWriter, r *http.Request) error {
	id, err := dispute.ParseCaseID(r.PathValue("id"))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return fault.As(fault.NotFound, err)
	}
	open := c.d.Cases.OpenFile
	switch {
	case strings.Contains(r.Pattern, "/scans/"):
		open = c.d.Cases.OpenScan
	case strings.Contains(r.Pattern, "/exhibits/"):
		open = c.d.Cases.OpenExhibit
	}
	e, data, err := open(r.Context(), web.Actor(r), id, n)
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
	files, err := c.attached(r, nil)
	if err != nil {
		return err
	}
	_, err = c.d.Cases.Supplement(r.Context(), who, id, note, files, seen)
	return err
}

// attached keeps the files of a form for good: all of them, or, where one can't
// be taken, none. Only types that fit are taken; nil takes every kind.
func (c *Console) attached(r *http.Request, fit func(mime string) bool) ([]dispute.Evidence, error) {
	var all []dispute.Evidence
	var refs, bad []string
	why := "web.error.file.body"
	for _, p := range web.Parts(r, "file") {
		if c.d.Files == nil {
			return nil, fault.New(fault.Invalid, "no files are taken here")
		}
		body, err := p.Open()
		if err != nil {
			return nil, fmt.Errorf("attached file: %w", err)
		}
		f, err := c.d.Files.Keep(r.Context(), p.Filename, body)
		err = errors.Join(err, body.Close())
		switch {
		case fault.Of(err) == fault.Invalid:
			bad = append(bad, p.Filename)
			continue
		case err != nil:
			return nil, err
		case fit != nil && !fit(f.Type):
			bad, why = append(bad, p.Filename), "web.error.scan"
			continue
		}
		all = append(all, dispute.Evidence{Name: f.Name, Type: f.Type, Key: f.Ref, Size: f.Size})
		refs = append(refs, f.Ref)
	}
	if len(bad) > 0 {
		return nil, c.unfit(bad, why) // what was kept is swept away, since no case takes it up
	}
	return all, c.d.attach(r, refs)
}

// unfit names the files of a form that can't be taken, as they came, and says why.
func (c *Console) unfit(names []string, why string) error {
	return web.ExplainWith(fault.New(fault.Invalid, "files of another kind, or too large"), "web.error.files", map[string]any{
		"Names": strings.Join(names, "、"), "Why": c.d.Texts.Say(why, nil),
	})
}

func (d Deps) attach(r *http.Request, refs []string) error {
	if len(refs) == 0 {
		return nil
	}
	return d.Files.Attach(r.Context(), refs...)
}
