package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
)

//go:embed pages/*.html
var ownPages embed.FS

// Pages is one site's templates, each page joined with the shell's frame.
type Pages struct {
	pages map[string]*template.Template
}

// Pages reads pages/*.html of a site's embedded files. A page defines
// "title" and "main" and may define "head"; a file whose name begins with _
// holds parts for all pages of the site. A page named x_fragment stands
// without the frame. A template that doesn't parse is our own bug: it panics.
func (s *Server) Pages(fsys fs.FS) *Pages {
	base := template.New("frame").Funcs(s.funcs())
	template.Must(base.ParseFS(ownPages, "pages/_*.html"))
	if parts, _ := fs.Glob(fsys, "pages/_*.html"); len(parts) > 0 {
		template.Must(base.ParseFS(fsys, "pages/_*.html"))
	}
	p := &Pages{pages: map[string]*template.Template{}}
	names, _ := fs.Glob(fsys, "pages/*.html") // errs only on a malformed pattern
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if !strings.HasPrefix(name, "_") {
			p.pages[name] = template.Must(template.Must(base.Clone()).ParseFS(fsys, file))
		}
	}
	return p
}

// frame is what a template gets: the page's own data in Data, and the rest for
// header and footer.
type frame struct {
	Data  any
	CSRF  string
	Large bool
	Trial bool
	Back  string // where the size button comes back to
	Actor access.Actor
	Path  string
}

// May tells a template whether to offer what needs a permission; the service
// judges it all the same.
func (f frame) May(p string) bool { return f.Actor.May(access.Permission(p)) }

// Render answers with a page of p, status 200.
func (s *Server) Render(w http.ResponseWriter, r *http.Request, p *Pages, name string, data any) error {
	return s.render(w, r, p, name, http.StatusOK, data)
}

// RenderStatus is Render with another status, for a page that says what is wrong.
func (s *Server) RenderStatus(w http.ResponseWriter, r *http.Request, p *Pages, name string, status int, data any) error {
	return s.render(w, r, p, name, status, data)
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, p *Pages, name string, status int, data any) error {
	b, err := s.Fragment(r, p, name, data)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return nil
	}
	if _, err := w.Write(b); err != nil {
		s.opt.Log.DebugContext(r.Context(), "page not read to its end", "page", name)
	}
	return nil
}

// back is where a preference comes back to: a form's address can't be opened,
// the page that it stands on can.
func (s *Server) back(r *http.Request) string {
	if r.Method == http.MethodPost {
		return or(s.formPage(r), "/")
	}
	return visitOf(r).base
}

// Fragment renders a page of p to bytes, for streams.
func (s *Server) Fragment(r *http.Request, p *Pages, name string, data any) ([]byte, error) {
	t, ok := p.pages[name]
	if !ok {
		return nil, fmt.Errorf("no page %q", name)
	}
	root := "frame"
	if strings.HasSuffix(name, "_fragment") {
		root = "main"
	}
	v := visitOf(r)
	f := frame{
		Data: data, CSRF: v.csrf(), Large: v.large, Trial: s.opt.Trial,
		Back: s.back(r), Actor: v.actor, Path: r.URL.Path,
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, root, f); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return b.Bytes(), nil
}
