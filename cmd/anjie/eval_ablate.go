package main

import (
	"context"
	"fmt"

	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/eval"
)

// ablation is the JSON of docs/CLI.md for eval --ablate.
type ablation struct {
	N        int        `json:"n"`
	Statutes []eval.Row `json:"statutes"`
	Groups   []group    `json:"groups,omitempty"`
	Version  string     `json:"version"`
}

// group is a part of the questions, measured with content and without.
type group struct {
	Name    string       `json:"name"`
	N       int          `json:"n"`
	Content eval.Scores  `json:"everything"` // FAQs and guides count for the articles that they cite
	Only    eval.Scores  `json:"statutes"`   // the articles alone, of the same index
	Without *eval.Scores `json:"without"`    // of an index without content
}

// ablate measures statutes only with each feature off and beside bleve, then
// all kinds by groups of questions beside an index without content.
func (a *app) ablate(ctx context.Context, k *wire.Knowledge, set []eval.Question, only bool) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	c, err := a.content()
	if err != nil {
		return err
	}
	bar := a.progress()
	defer bar.end()
	e, err := wire.NewEngines(s, c, k, bar.tell)
	if err != nil {
		return err
	}
	articles := []knowledge.Kind{knowledge.Article}
	variants := append(e.Ablation(), e.WithoutContent(ctx), e.Baseline(ctx)) //nolint:contextcheck // opening reads nothing that can wait
	n := 0
	opt := eval.Options{Kinds: articles, Progress: func(_, total int) { n++; bar.tell("measuring", n, total*len(variants)) }}
	out := ablation{N: len(set), Version: k.Index.Version()}
	if out.Statutes, err = eval.Ablate(ctx, variants, set, opt); err != nil {
		return err
	}
	if !only {
		if out.Groups, err = a.groups(ctx, e, c, set); err != nil {
			return err
		}
	}
	bar.end()
	if a.json {
		return a.printJSON(out)
	}
	a.printAblation(out)
	return nil
}

// groups measures each part of the questions three ways.
func (a *app) groups(ctx context.Context, e *wire.Engines, c *wire.Content, set []eval.Question) ([]group, error) {
	out := []group{{Name: "all", N: len(set)}}
	parts := [][]eval.Question{set}
	for _, p := range eval.Parts(set, c.Cited()) {
		if len(p.Set) > 0 {
			out, parts = append(out, group{Name: p.Name, N: len(p.Set)}), append(parts, p.Set)
		}
	}
	over := func(v eval.Variant, kinds []knowledge.Kind, keep func(g *group, s eval.Scores)) error {
		searcher, done, err := v.Open()
		if err != nil {
			return err
		}
		defer func() { _ = done() }() // nothing was written that could be lost
		for i, part := range parts {
			scores, _, err := eval.Run(ctx, searcher, part, eval.Options{Kinds: kinds})
			if err != nil {
				return err
			}
			keep(&out[i], scores)
		}
		return nil
	}
	articles := []knowledge.Kind{knowledge.Article}
	ours := e.Ours("everything on") //nolint:contextcheck // opening reads nothing that can wait
	if err := over(ours, nil, func(g *group, s eval.Scores) { g.Content = s }); err != nil {
		return nil, err
	}
	if err := over(ours, articles, func(g *group, s eval.Scores) { g.Only = s }); err != nil {
		return nil, err
	}
	return out, over(e.WithoutContent(ctx), articles, func(g *group, s eval.Scores) { g.Without = &s })
}

func (a *app) printAblation(out ablation) {
	fmt.Fprintf(a.out, "Statutes only, %d questions, index %s\n\n%s", out.N, out.Version, eval.Table(out.Statutes))
	for _, g := range out.Groups {
		rows := []eval.Row{{Name: "everything", Scores: g.Content}, {Name: "statutes only", Scores: g.Only}}
		if g.Without != nil {
			rows = append(rows, eval.Row{Name: "index without content", Scores: *g.Without})
		}
		fmt.Fprintf(a.out, "\n%s, %d questions\n\n%s", g.Name, g.N, eval.Table(rows))
	}
}
