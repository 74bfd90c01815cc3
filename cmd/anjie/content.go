package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

func (a *app) contentCommand() *cobra.Command {
	cmd := family(&cobra.Command{Use: "content", Short: "Check what the desk says"})
	var dirs []string
	check := &cobra.Command{
		Use: "check", Short: "Check formats, wording and, against statutes, every citation", Args: known,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.checkContent(cmd.Context(), dirs) },
	}
	check.Flags().StringSliceVar(&dirs, "statutes", nil, "folders of statutes; default: those imported, else ../shared/data/laws")
	cmd.AddCommand(check, a.exportCommand())
	return cmd
}

// checked is the last line of `content check --json`; docs/CLI.md describes it.
type checked struct {
	Counts   content.Counts    `json:"counts"`
	Statutes string            `json:"statutes"` // version checked against; "" if none were there
	Errors   []content.Problem `json:"errors"`
}

func (a *app) checkContent(ctx context.Context, dirs []string) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		return err
	}
	now := time.Now()
	counts, err := content.Count(c.Library)
	if err != nil {
		return err
	}
	c.Library = a.withOwn(ctx, s, c.Library)
	out := checked{Counts: counts, Errors: content.Check(c.Library, now)}
	set, err := a.statutesFor(ctx, c, dirs)
	if err != nil {
		return err
	}
	if set != nil {
		defer set.Close()
		out.Statutes = set.Version()
		out.Errors = append(out.Errors, corpus.Check(set, c.Library, now)...)
	}
	return a.printChecked(out)
}

// beside is where development data lies, for a checkout that has it.
var beside = filepath.Join("..", "shared", "data", "laws")

// statutesFor finds the statutes to check against: folders named, those
// imported, or those beside the checkout. Nil if there are none.
func (a *app) statutesFor(ctx context.Context, c *wire.Content, dirs []string) (*statute.Set, error) {
	if len(dirs) == 0 {
		s, err := a.settings()
		if err != nil {
			return nil, err
		}
		set, err := wire.OpenStatutes(s, c.Library)
		if err != nil || set != nil {
			return set, err
		}
		if _, err := os.Stat(beside); err != nil {
			return nil, nil //nolint:nilnil // nothing to check against is said in the result
		}
		dirs = []string{beside}
	}
	bar := a.progress()
	defer bar.end()
	set, _, err := statute.Import(ctx, dirs, statute.ImportOptions{
		Table: corpus.Table(c.Library.Laws), Progress: func(done, total int) { bar.tell("import", done, total) },
	})
	return set, err
}

func (a *app) printChecked(out checked) error {
	if out.Errors == nil {
		out.Errors = []content.Problem{}
	}
	var failed error
	if len(out.Errors) > 0 {
		failed = errSaid
	}
	if a.json {
		if err := a.printJSON(out); err != nil {
			return err
		}
		return failed
	}
	for _, p := range out.Errors {
		fmt.Fprintln(a.out, p)
	}
	n := out.Counts
	fmt.Fprintf(a.out, "%d FAQs, %d guides, %d items, %d forms, %d lexicon terms, %d law names, %d triage signals; %d errors\n",
		n.FAQs, n.Guides, n.Items, n.Forms, n.Lexicon, n.LawsNamed, n.TriageSignals, len(out.Errors))
	if out.Statutes == "" {
		fmt.Fprintln(a.out, "no statutes are imported: citations were not checked (--statutes FOLDER)")
	}
	return failed
}
