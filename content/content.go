// Package content is what the desk says and knows of its place: questions with
// answers, guides to articles, publicity items, forms, wordings, the register
// of offices, the lexicon and the triage rules, all as data files.
//
// It only loads and checks shape. Whether a cited article exists is for
// knowledge/corpus to say, since only imported statutes can tell.
// A load fails whole and names the file: half a knowledge base is none.
package content

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"sort"

	"go.yaml.in/yaml/v3"
	"golang.org/x/sync/errgroup"
)

//go:embed all:faq all:guide all:publicity all:forms all:texts all:places all:lexicon all:triage all:laws all:check
var shipped embed.FS

// Shipped is the content built into the binary.
func Shipped() fs.FS { return shipped }

// Library is everything that one content tree holds.
type Library struct {
	Laws    *Laws
	FAQs    []FAQ
	Guides  []Guide
	Items   []Item
	Lexicon []Term
	Triage  []Triage
	Offices []Office

	fsys fs.FS // what it was loaded from, for the lines of problems
}

// Load reads the whole tree fsys. Texts and forms are loaded by [LoadTexts]
// and [Forms], which other callers need alone.
func Load(fsys fs.FS) (*Library, error) {
	laws, err := LoadLaws(fsys)
	if err != nil {
		return nil, err
	}
	lib := &Library{Laws: laws, fsys: fsys}
	var g errgroup.Group
	g.Go(func() (err error) { lib.FAQs, err = FAQs(fsys, laws); return err })
	g.Go(func() (err error) { lib.Guides, err = Guides(fsys, laws); return err })
	g.Go(func() (err error) { lib.Items, err = Items(fsys, laws); return err })
	g.Go(func() (err error) { lib.Lexicon, err = Lexicon(fsys); return err })
	g.Go(func() (err error) { lib.Triage, err = TriageRules(fsys, laws); return err })
	g.Go(func() (err error) { lib.Offices, err = Offices(fsys); return err })
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return lib, nil
}

// files lists the YAML files of one folder in name order. A missing folder is
// an empty one, so that a test tree may hold only what it needs.
func files(fsys fs.FS, dir string) ([]string, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && path.Ext(e.Name()) == ".yaml" {
			names = append(names, path.Join(dir, e.Name()))
		}
	}
	sort.Strings(names)
	return names, nil
}

// decode reads one YAML file strictly: an unknown key is an error, so that a
// misspelt field never vanishes silently.
func decode(fsys fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// each decodes every file of dir, in parallel, and keeps file-name order.
func each[T any](fsys fs.FS, dir string) ([]T, []string, error) {
	names, err := files(fsys, dir)
	if err != nil {
		return nil, nil, err
	}
	out := make([]T, len(names))
	var g errgroup.Group
	g.SetLimit(4)
	for i, name := range names {
		g.Go(func() error { return decode(fsys, name, &out[i]) })
	}
	return out, names, g.Wait()
}
