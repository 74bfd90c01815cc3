package console

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/office"
	"github.com/anjie-desk/anjie/bot/web"
)

// paper answers one paper of a case as a Word file.
func (c *Console) paper(w http.ResponseWriter, r *http.Request) error {
	d, err := c.dossierOf(r)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(d.Items, func(i dispute.Item) bool { return i.Key == r.PathValue("key") })
	if i < 0 {
		return fault.New(fault.NotFound, "no such paper")
	}
	return c.sendDocx(w, string(d.File.Case.ID)+"-"+d.Items[i].Key, d.Items[i].Name, d.Items[i:i+1])
}

// dossierDocx answers the whole dossier as one Word file, cover and contents
// first.
func (c *Console) dossierDocx(w http.ResponseWriter, r *http.Request) error {
	d, err := c.dossierOf(r)
	if err != nil {
		return err
	}
	return c.sendDocx(w, string(d.File.Case.ID), string(d.File.Case.Number), bound(d))
}

// courtPack are the papers that the parties take to the court for confirmation
// (民诉法解释 354), in the order of the pack.
var courtPack = []string{"confirmation", "confirmation_pack", "agreement", "oral_agreement", "mediation_proof", "property_proofs", "contact_sheet"}

// courtDocx answers the papers for judicial confirmation as one Word file.
func (c *Console) courtDocx(w http.ResponseWriter, r *http.Request) error {
	d, err := c.dossierOf(r)
	if err != nil {
		return err
	}
	if d.File.Agreement == nil {
		return dispute.ErrUnwritten
	}
	var pack []dispute.Item
	for _, key := range courtPack {
		for _, i := range d.Items {
			if i.Key == key {
				pack = append(pack, i)
			}
		}
	}
	name := c.d.Texts.Say("web.confirm.pack.name", map[string]any{"Number": d.File.Case.Agreement})
	return c.sendDocx(w, string(d.File.Case.ID)+"-court", name, pack)
}

// dossierZip answers the dossier as a file for each paper.
func (c *Console) dossierZip(w http.ResponseWriter, r *http.Request) error {
	d, err := c.dossierOf(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n, i := range bound(d) {
		raw, err := c.docx([]dispute.Item{i})
		if err != nil {
			return err
		}
		f, err := z.Create(fmt.Sprintf("%02d-%s.docx", n+1, i.Name))
		if err != nil {
			return fmt.Errorf("dossier: %w", err)
		}
		if _, err := f.Write(raw); err != nil {
			return fmt.Errorf("dossier: %w", err)
		}
		if err := c.zipScans(r, z, d.File.Case.ID, i, n+1); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("dossier: %w", err)
	}
	send(w, string(d.File.Case.ID)+".zip", string(d.File.Case.Number)+".zip", "application/zip", b.Bytes())
	return nil
}

// zipScans adds the scans of a signed paper behind it.
func (c *Console) zipScans(r *http.Request, z *zip.Writer, id dispute.CaseID, i dispute.Item, n int) error {
	for k := range i.Scans {
		e, data, err := c.d.Cases.OpenScan(r.Context(), web.Actor(r), id, k)
		if err != nil {
			return fmt.Errorf("dossier: %w", err)
		}
		f, err := z.Create(fmt.Sprintf("%02d-%s-%02d%s", n, i.Name, k+1, path.Ext(e.Name)))
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			return fmt.Errorf("dossier: %w", err)
		}
	}
	return nil
}

func (c *Console) dossierOf(r *http.Request) (dispute.Dossier, error) {
	id, err := dispute.ParseCaseID(r.PathValue("id"))
	if err != nil {
		return dispute.Dossier{}, err
	}
	return c.d.Cases.Dossier(r.Context(), web.Actor(r), id)
}

// bound are the papers that are in the dossier: its musts and what was begun.
func bound(d dispute.Dossier) []dispute.Item {
	return slices.DeleteFunc(slices.Clone(d.Items), func(i dispute.Item) bool { return !i.Must && !i.There })
}

func (c *Console) docx(items []dispute.Item) ([]byte, error) {
	var papers []office.Paper
	for _, i := range items {
		for _, doc := range c.d.Dossier.Documents {
			if doc.Key != i.Key {
				continue
			}
			text, err := doc.Render(i.Values())
			if err != nil {
				return nil, err
			}
			papers = append(papers, office.Paper{Key: i.Key, Text: text})
		}
	}
	var b bytes.Buffer
	err := office.Docx(&b, papers, office.Options{Foot: c.d.Texts.Say("web.paper.foot", nil)})
	return b.Bytes(), err
}

const docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

func (c *Console) sendDocx(w http.ResponseWriter, plain, name string, items []dispute.Item) error {
	raw, err := c.docx(items)
	if err != nil {
		return err
	}
	send(w, plain+".docx", name+".docx", docxType, raw)
	return nil
}

// send answers a file to keep, never to be cached: it holds personal data.
func send(w http.ResponseWriter, plain, name, mediaType string, raw []byte) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", `attachment; filename="`+plain+`"; filename*=UTF-8''`+url.PathEscape(name))
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(raw) //nolint:gosec // a Word or zip file to save; a reader that left is no fault of ours
}
