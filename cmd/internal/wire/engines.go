package wire

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/eval"
	"github.com/anjie-desk/anjie/knowledge/index"
)

// errNoStatutes is what cannot be measured without statutes.
var errNoStatutes = errors.New("no statutes are imported; run 'anjie statutes import FOLDER'")

// Engines are what retrieval is compared with: the index in use with features
// switched off, and engines that are built for the comparison in a folder of
// their own, which each [eval.Variant] removes when it is done.
type Engines struct {
	s config.Settings
	c *Content
	k *Knowledge
	p Progress
}

// NewEngines needs the imported statutes of k.
func NewEngines(s config.Settings, c *Content, k *Knowledge, p Progress) (*Engines, error) {
	if k.Set == nil {
		return nil, errNoStatutes
	}
	return &Engines{s, c, k, p}, nil
}

// Ours is the index in use without some features.
func (e *Engines) Ours(name string, without ...index.Feature) eval.Variant {
	return eval.Variant{Name: name, Open: func() (knowledge.Searcher, func() error, error) {
		ix, err := index.Open(indexDir(e.s), index.Options{Without: without})
		if err != nil {
			return nil, nil, err
		}
		return ix, ix.Close, nil
	}}
}

// Ablation is everything on, each feature off, and words alone.
func (e *Engines) Ablation() []eval.Variant {
	all := []eval.Variant{e.Ours("everything on")}
	for _, f := range index.Features() {
		all = append(all, e.Ours("without "+string(f), f))
	}
	return append(all, e.Ours("words alone", index.Features()...))
}

// WithoutContent is an index of the same statutes with neither FAQs nor guides
// nor lexicon, and the model as the statutes alone taught it.
func (e *Engines) WithoutContent(ctx context.Context) eval.Variant {
	return e.built("statutes without content", func(dir string) (knowledge.Searcher, func() error, error) {
		arts, err := e.articles()
		if err != nil {
			return nil, nil, err
		}
		if err := e.borrowStatutes(dir); err != nil {
			return nil, nil, err
		}
		return opened(ctx, dir, arts, index.BuildOptions{Progress: e.p})
	})
}

// borrowStatutes puts the statutes' part of the index in use into dir, so that
// it need not be built again.
func (e *Engines) borrowStatutes(dir string) error {
	parts, err := filepath.Glob(filepath.Join(indexDir(e.s), "statutes-*"))
	if err != nil {
		return err
	}
	for _, part := range parts {
		from, err := filepath.Abs(part)
		if err != nil {
			return err
		}
		if err := os.Symlink(from, filepath.Join(dir, filepath.Base(part))); err != nil {
			return err
		}
	}
	return nil
}

// Baseline is bleve with its cjk analyzer and its own ranking.
func (e *Engines) Baseline(ctx context.Context) eval.Variant {
	return e.built("bleve, cjk analyzer", func(dir string) (knowledge.Searcher, func() error, error) {
		arts, err := e.articles()
		if err != nil {
			return nil, nil, err
		}
		e.p("bleve", 0, 0)
		b, err := index.BuildBaseline(ctx, dir, arts)
		if err != nil {
			return nil, nil, err
		}
		return b, b.Close, nil
	})
}

// Grown is an index of n times the statutes, each copy under titles of its own,
// with the content once.
func (e *Engines) Grown(ctx context.Context, n int) eval.Variant {
	return e.built(fmt.Sprintf("statutes ×%d", n), func(dir string) (knowledge.Searcher, func() error, error) {
		docs, err := corpus.Documents(e.k.Set, e.c.Library, time.Now())
		if err != nil {
			return nil, nil, err
		}
		return opened(ctx, dir, multiplied(docs, n), index.BuildOptions{Progress: e.p, Lexicon: lexicon(e.c.Library)})
	})
}

func multiplied(docs []knowledge.Document, n int) []knowledge.Document {
	out := docs
	for copied := 1; copied < n; copied++ {
		for _, d := range docs {
			if d.Kind != knowledge.Article {
				continue
			}
			own := d.Citations[0]
			own.Law = fmt.Sprintf("%s（%d）", own.Law, copied)
			d.ID, d.Citations = corpus.ArticleID(own.Law, own.Version, own.Article), []knowledge.Citation{own}
			out = append(out, d)
		}
	}
	return out
}

// articles are the documents of the statutes alone.
func (e *Engines) articles() ([]knowledge.Document, error) {
	docs, err := corpus.Documents(e.k.Set, e.c.Library, time.Now())
	if err != nil {
		return nil, err
	}
	var out []knowledge.Document
	for _, d := range docs {
		if d.Kind == knowledge.Article {
			out = append(out, d)
		}
	}
	return out, nil
}

// built is an engine that is built into a folder of its own and goes with it.
func (e *Engines) built(name string, build func(dir string) (knowledge.Searcher, func() error, error)) eval.Variant {
	return eval.Variant{Name: name, Open: func() (knowledge.Searcher, func() error, error) {
		dir, err := os.MkdirTemp("", "anjie-measure-*")
		if err != nil {
			return nil, nil, err
		}
		s, done, err := build(dir)
		if err != nil {
			return nil, nil, errors.Join(err, os.RemoveAll(dir))
		}
		return s, func() error { return errors.Join(done(), os.RemoveAll(dir)) }, nil
	}}
}

func opened(ctx context.Context, dir string, docs []knowledge.Document, opt index.BuildOptions) (knowledge.Searcher, func() error, error) {
	if err := index.Build(ctx, dir, docs, opt); err != nil {
		return nil, nil, err
	}
	ix, err := index.Open(dir, index.Options{}) //nolint:contextcheck // opening reads nothing that can wait
	if err != nil {
		return nil, nil, err
	}
	return ix, ix.Close, nil
}

// Cited are the articles that FAQs and guides rest on.
func (c *Content) Cited() []eval.Ref {
	var out []eval.Ref
	for i := range c.Library.FAQs {
		for _, x := range c.Library.FAQs[i].Citations {
			out = append(out, eval.Ref{Law: x.Law, Article: x.Article})
		}
	}
	for i := range c.Library.Guides {
		g := &c.Library.Guides[i]
		out = append(out, eval.Ref{Law: g.Citation.Law, Article: g.Article})
		for _, x := range g.Related {
			out = append(out, eval.Ref{Law: x.Law, Article: x.Article})
		}
	}
	return out
}
