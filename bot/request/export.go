package request

import (
	"archive/zip"
	"context"
	"fmt"
	"html/template"
	"io"
	"path"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Texts words the export; content.Texts does.
type Texts interface {
	Say(key string, data any) string
}

// Part is a case as the export shows it.
type Part struct {
	dispute.Case
	Events    []dispute.Event
	Answers   []dispute.Answered
	Agreement *dispute.Agreement // nil if none was made
	Files     []string           // names in the zip
}

// Export writes a zip of all that is held of the person: a page to read and the
// files that they sent. It is for who asked, and for who manages cases; each
// read of a case is in its audit trail.
func (s *Service) Export(ctx context.Context, who access.Actor, id string, t Texts, w io.Writer) error {
	r, err := s.store.Request(ctx, id)
	if err != nil {
		return err
	}
	own := who.ID != "" && who.ID == r.Person && r.State == Done
	if r.Kind != See || !own && !who.May(access.ManageCases) {
		return fault.New(fault.NotFound, "no such request")
	}
	reader := who
	if own { // known by the code of a case, the person reads as its reporter would
		reader = access.System
	}
	z := zip.NewWriter(w)
	parts, err := s.parts(ctx, reader, r, z)
	if err != nil {
		return err
	}
	page, err := z.Create("index.html")
	if err != nil {
		return err
	}
	tmpl, err := template.New("export").Funcs(template.FuncMap{"say": func(key string) string { return t.Say(key, nil) }, "happened": happened}).Parse(exportPage)
	if err != nil {
		return err
	}
	if err := tmpl.Execute(page, map[string]any{"Request": r, "Parts": parts}); err != nil {
		return err
	}
	return z.Close()
}

func (s *Service) parts(ctx context.Context, who access.Actor, r Request, z *zip.Writer) ([]Part, error) {
	var all []Part
	for _, id := range r.Cases {
		c, err := s.cases.Case(ctx, who, id)
		if err != nil {
			return nil, fmt.Errorf("export %s: %w", r.ID, err)
		}
		events, err := s.cases.Events(ctx, who, id)
		if err != nil {
			return nil, fmt.Errorf("export %s: %w", r.ID, err)
		}
		p := Part{Case: c, Answers: s.cases.Answers(c)}
		for _, e := range events { // what staff write for themselves is about the desk's work; what changed the case is shown
			if dispute.OfParty(e.Actor, id) && e.To == "" {
				continue // what an other party says to the mediator isn't told to the reporter
			}
			if e.To != "" || e.Kind == "corrected" || e.Kind == "added" {
				p.Events = append(p.Events, e)
			}
		}
		d, err := s.cases.Dossier(ctx, who, id)
		if err != nil {
			return nil, fmt.Errorf("export %s: %w", r.ID, err)
		}
		p.Agreement = d.File.Agreement
		if err := p.pack(z, "", len(c.Report.Evidence), func(n int) (dispute.Evidence, []byte, error) { return s.cases.OpenFile(ctx, who, id, n) }); err != nil {
			return nil, fmt.Errorf("export %s: %w", r.ID, err)
		}
		if p.Agreement != nil {
			if err := p.pack(z, "agreement-", len(p.Agreement.Scans), func(n int) (dispute.Evidence, []byte, error) { return s.cases.OpenScan(ctx, who, id, n) }); err != nil {
				return nil, fmt.Errorf("export %s: %w", r.ID, err)
			}
		}
		all = append(all, p)
	}
	return all, nil
}

// pack writes files of the case to the zip; one that is gone is left out.
func (p *Part) pack(z *zip.Writer, prefix string, count int, open func(n int) (dispute.Evidence, []byte, error)) error {
	for n := range count {
		e, data, err := open(n)
		if fault.Of(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		name := fmt.Sprintf("%s/%s%02d-%s", p.ID, prefix, n+1, path.Base(strings.ReplaceAll(e.Name, "\\", "/")))
		f, err := z.Create(name)
		if err != nil {
			return err
		}
		if _, err := f.Write(data); err != nil {
			return err
		}
		p.Files = append(p.Files, name)
	}
	return nil
}

// plainly are the events that the staff name by words of their own.
var plainly = map[string]string{
	"claimed": "request.event.claimed", "assigned": "request.event.assigned", "released": "request.event.queued", "lapsed": "request.event.queued",
	"replaced": "request.event.replaced", "taken": "request.event.assigned", "referred": "request.event.referred", "merged": "request.event.merged",
}

// happened is the text key of an event, as residents read it.
func happened(kind string) string {
	if key := plainly[kind]; key != "" {
		return key
	}
	return "web.event." + kind
}

// exportPage needs nothing but itself: it is opened far from the desk.
const exportPage = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{say "request.export.title"}}</title>
<style>body{font:16px/1.7 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}dt{color:#555;margin-top:.6rem}dd{margin:0;white-space:pre-wrap}</style>
<h1>{{say "request.export.title"}}</h1><p>{{say "request.export.law"}}</p>
{{range .Parts}}<h2>{{.Number}}</h2><dl>
<dt>{{say "request.export.name"}}</dt><dd>{{.Report.Contact.Name}}</dd>
{{with .Report.About}}<dt>{{say "request.export.about"}}</dt><dd>{{.}}</dd>
{{end}}<dt>{{say "request.export.phone"}}</dt><dd>{{.Report.Contact.Phone}}</dd>
<dt>{{say "request.export.what"}}</dt><dd>{{.Report.What}}</dd>
<dt>{{say "request.export.since"}}</dt><dd>{{.Report.Since}}</dd>
<dt>{{say "request.export.other"}}</dt><dd>{{.Report.Other}}</dd>
<dt>{{say "request.export.wish"}}</dt><dd>{{.Report.Wish}}</dd>
{{range .Answers}}<dt>{{.Label}}</dt><dd>{{.Text}}</dd>
{{end}}{{with .Summary}}<dt>{{say "request.export.summary"}}</dt><dd>{{.}}</dd>
{{end}}</dl>
{{with .Agreement}}<h3>{{say "request.export.agreement"}}{{with .Number}} {{.}}{{end}}</h3><ol>{{range .Terms}}<li>{{.}}</li>{{end}}</ol>
{{range .Steps}}<p>{{.What}}{{with .Due}}（{{.}}）{{end}}</p>{{end}}{{with .Effect}}<p>{{say "request.export.effect"}}{{.}}</p>{{end}}{{end}}
{{with .Events}}<h3>{{say "request.export.events"}}</h3><ul>{{range .}}<li>{{.At.Format "2006-01-02 15:04"}} {{say (happened .Kind)}}{{if eq .Kind "corrected" "added"}}：{{.Text}}{{end}}</li>{{end}}</ul>{{end}}
{{with .Files}}<h3>{{say "request.export.files"}}</h3><ul>{{range .}}<li><a href="{{.}}">{{.}}</a></li>{{end}}</ul>{{end}}
{{else}}<p>{{say "request.export.none"}}</p>{{end}}</html>
`
