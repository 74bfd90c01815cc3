package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

func (a *app) statutesCommand() *cobra.Command {
	cmd := family(&cobra.Command{Use: "statutes", Short: "Import statutes, look at what is held"})
	cmd.AddCommand(
		a.importCommand(),
		&cobra.Command{
			Use: "show LAW [ARTICLE]", Short: "Print an article, or what is held of a law",
			Args: atLeast(1, "name a law"),
			RunE: func(_ *cobra.Command, args []string) error {
				return a.withStatutes(func(set *statute.Set, _ config.Settings, _ *content.Library) error { return a.showStatute(set, args) })
			},
		},
		a.statusCommand(), a.diffCommand(),
	)
	return cmd
}

func (a *app) importCommand() *cobra.Command {
	var quick bool
	cmd := &cobra.Command{
		Use: "import PATH...", Short: "Import .md, .txt, .docx and .zip files or folders of them, and build the index",
		Args: atLeast(1, "name a file or folder of statutes"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.importStatutes(cmd.Context(), args, quick) },
	}
	cmd.Flags().BoolVar(&quick, "without-model", false, "leave the learned model out: quicker, finds less")
	return cmd
}

func (a *app) importStatutes(ctx context.Context, paths []string, quick bool) error {
	for _, p := range paths {
		if _, err := os.Stat(p); err != nil {
			return fmt.Errorf("nothing is imported: %w", err)
		}
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		return err
	}
	start := time.Now()
	bar := a.progress()
	rep, err := wire.ImportStatutes(ctx, s, c, paths, wire.ImportOptions{Progress: bar.tell, WithoutModel: quick})
	bar.end()
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(rep)
	}
	a.printReport(rep, time.Since(start))
	return nil
}

func (a *app) printReport(rep statute.Report, took time.Duration) {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "laws\t%d\n", rep.Laws)
	fmt.Fprintf(w, "articles in force\t%d\n", rep.Articles)
	fmt.Fprintf(w, "superseded versions\t%d\n", rep.Superseded)
	fmt.Fprintf(w, "repealed laws\t%d\n", rep.Repealed)
	fmt.Fprintf(w, "not yet in force\t%d\n", rep.Future)
	fmt.Fprintf(w, "new or changed versions\t%d\n", rep.Added)
	fmt.Fprintf(w, "files skipped\t%d of %d\n", len(rep.Skipped), rep.Files)
	byReason := map[statute.Reason][]statute.Skip{}
	for _, sk := range rep.Skipped {
		byReason[sk.Reason] = append(byReason[sk.Reason], sk)
	}
	for _, reason := range slices.Sorted(mapKeys(byReason)) {
		fmt.Fprintf(w, "  %s\t%d\t%s\n", reason, len(byReason[reason]), example(byReason[reason]))
	}
	fmt.Fprintf(w, "took\t%.1f s\n", took.Seconds())
	_ = w.Flush()
}

func mapKeys[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// example names a few of the files; --json has them all with their reasons.
func example(skips []statute.Skip) string {
	const few = 3
	var names []string
	for i, sk := range skips {
		if i == few {
			names = append(names, "…")
			break
		}
		names = append(names, filepath.Base(sk.File))
	}
	return strings.Join(names, ", ")
}

func (a *app) showStatute(set *statute.Set, args []string) error {
	if len(args) == 1 {
		return a.listVersions(set, args[0])
	}
	art, v, err := set.Resolve(statute.ArticleRef{Law: args[0], Article: args[1], AsOf: time.Now()})
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]string{"law": v.Law().Title, "version": v.Day, "article": art.No, "heading": art.Heading, "text": art.Text})
	}
	fmt.Fprintf(a.out, "《%s》（%s）%s\n%s\n%s\n", v.Law().Title, v.Day, art.Heading, label(art.No), art.Text)
	return nil
}

func label(no string) string {
	if n, ok := statute.ParseNumber(no); ok {
		return n.Label()
	}
	return no
}

func (a *app) listVersions(set *statute.Set, name string) error {
	law, ok := set.Find(name)
	if !ok {
		return fmt.Errorf("no law called %q is held", name)
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\n", law.Title)
	for _, v := range law.Versions {
		fmt.Fprintf(w, "%s\teffective %s\tuntil %s\t%d articles\t%s\n", v.Day, orDash(v.Effective), orDash(v.Repealed), v.Len(), v.Source)
	}
	return w.Flush()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// atLeast is cobra's MinimumNArgs with a message that says what is missing.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < n {
			return &usageError{errors.New(what)}
		}
		return nil
	}
}
