package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/eval"
)

type evalFlags struct {
	questions, train, only string
	ablate, quick          bool
}

func (a *app) evalCommand() *cobra.Command {
	var f evalFlags
	cmd := &cobra.Command{
		Use: "eval", Short: "Measure how well questions find their articles", Args: known,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.eval(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.questions, "questions", "", `JSON lines {"id","text","gold":[{"law","article"}]}`)
	cmd.Flags().StringVar(&f.train, "train", "", "a file of the LeCoQA question set instead")
	cmd.Flags().StringVar(&f.only, "only", "", "statutes: leave guides and FAQs out")
	cmd.Flags().BoolVar(&f.ablate, "ablate", false, "measure each feature switched off, an index without content, and bleve as it comes")
	quickly(cmd, &f.quick)
	return cmd
}

// evalResult is the JSON of docs/CLI.md.
type evalResult struct {
	N          int          `json:"n"`
	Statutes   eval.Scores  `json:"statutes"`
	Everything *eval.Scores `json:"everything,omitempty"`
	Covered    *eval.Scores `json:"covered,omitempty"`   // of everything: questions of which content cites an article …
	Uncovered  *eval.Scores `json:"uncovered,omitempty"` // … and the others
	Shown      *served      `json:"shown,omitempty"`     // of questions whose right entries are named
	Version    string       `json:"version"`
}

func (a *app) eval(ctx context.Context, f evalFlags) error {
	set, err := f.read()
	if err != nil {
		return err
	}
	k, done, err := a.knowledge(ctx, f.quick)
	if err != nil {
		return err
	}
	defer done()
	if f.ablate {
		return a.ablate(ctx, k, set, f.only != "")
	}
	bar := a.progress()
	defer bar.end()
	res := evalResult{N: len(set), Version: k.Index.Version()}
	opt := eval.Options{Kinds: []knowledge.Kind{knowledge.Article}, Progress: func(d, t int) { bar.tell("statutes only", d, t) }}
	if res.Statutes, _, err = eval.Run(ctx, k.Index, set, opt); err != nil {
		return err
	}
	if f.only == "" {
		opt = eval.Options{Progress: func(d, t int) { bar.tell("everything", d, t) }}
		all, outcomes, err := eval.Run(ctx, k.Index, set, opt)
		if err != nil {
			return err
		}
		res.Everything = &all
		c, err := a.content()
		if err != nil {
			return err
		}
		parts := eval.Parts(set, c.Cited())
		in, out := eval.Summarise(parts[0].Of(outcomes)), eval.Summarise(parts[1].Of(outcomes))
		res.Covered, res.Uncovered = &in, &out
		if res.Shown, err = measureShown(ctx, c, k, set, bar); err != nil {
			return err
		}
	}
	bar.end()
	return a.printEval(res, f.only != "")
}

func (f evalFlags) read() ([]eval.Question, error) {
	if f.only != "" && f.only != "statutes" {
		return nil, &usageError{fmt.Errorf("--only %s: only 'statutes' is known", f.only)}
	}
	name, read := f.questions, eval.Read
	if f.train != "" {
		name, read = f.train, eval.ReadLeCoQA
	}
	if name == "" {
		return nil, &usageError{errors.New("eval needs --questions FILE.jsonl")}
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	set, err := read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return set, nil
}

func (a *app) printEval(res evalResult, only bool) error {
	if a.json && only {
		return a.printJSON(struct {
			eval.Scores
			Statutes eval.Scores `json:"statutes"`
			Version  string      `json:"version"`
		}{res.Statutes, res.Statutes, res.Version})
	}
	if a.json {
		return a.printJSON(res)
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tR@1\tR@5\tR@10\tR@20\tR@100\tMRR@10\tHit@1\tHit@3\tp50 ms\tp99 ms\tRSS MiB\t")
	row := func(name string, s eval.Scores) {
		fmt.Fprintf(w, "%s (%d)\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.0f\t\n", name, s.N, 100*s.Recall1, 100*s.Recall5,
			100*s.Recall10, 100*s.Recall20, 100*s.Recall100, 100*s.MRR10, 100*s.Hit1, 100*s.Hit3, s.P50, s.P99, s.RSS)
	}
	row("statutes", res.Statutes)
	if res.Everything != nil {
		row("everything", *res.Everything)
		row("covered by content", *res.Covered)
		row("not covered", *res.Uncovered)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	res.Shown.print(a.out)
	return nil
}

// knowledge opens what questions are answered from, which without statutes
// learns from the content first unless quick; done closes it.
func (a *app) knowledge(ctx context.Context, quick bool) (*wire.Knowledge, func(), error) {
	s, err := a.settings()
	if err != nil {
		return nil, nil, err
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		return nil, nil, err
	}
	bar := a.progress()
	k, err := wire.OpenKnowledge(ctx, s, c, bar.orSay(a.err))
	if err == nil && !quick {
		if err = k.Learn(ctx, s, bar.orSay(a.err)); err != nil {
			err = errors.Join(err, k.Close())
		}
	}
	bar.end()
	if err != nil {
		return nil, nil, err
	}
	return k, func() { _ = k.Close() }, nil
}
