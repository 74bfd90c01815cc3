package main

import (
	"context"
	"errors"
	"fmt"
	"os"
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
				return a.withStatutes(func(set *statute.Set, _ config.Settings, _ *wire.Content) error { return a.showStatute(set, args) })
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
	switch {
	case err != nil && !a.json: // why nothing went in stands in the report
		a.printSkips(c.Texts, rep)
		return err
	case err != nil:
		return err
	case a.json:
		return a.printJSON(rep)
	}
	fmt.Fprintln(a.out, c.Texts.Say("cli.import.done", map[string]any{
		"Files": rep.Files, "Added": rep.Added, "Laws": rep.Laws, "Articles": rep.Articles, "Superseded": rep.Superseded,
		"Repealed": rep.Repealed, "Future": rep.Future, "Seconds": int(time.Since(start).Seconds() + 1),
	}))
	a.printSkips(c.Texts, rep)
	return nil
}

// harmless are the reasons for which nobody has to do anything.
var harmless = map[statute.Reason]bool{statute.Amendment: true, statute.Duplicate: true, statute.NotStatute: true}

// mostNamed is how many files left out for one reason are named; --json has all.
const mostNamed = 200

// printSkips names each file that was left out, why, and what to do.
func (a *app) printSkips(texts *content.Texts, rep statute.Report) {
	byReason := map[statute.Reason][]statute.Skip{}
	for _, sk := range rep.Skipped {
		byReason[sk.Reason] = append(byReason[sk.Reason], sk)
	}
	reasons := slices.SortedFunc(mapKeys(byReason), func(x, y statute.Reason) int {
		if harmless[x] != harmless[y] { // what wants a hand comes first
			if harmless[x] {
				return 1
			}
			return -1
		}
		return strings.Compare(string(x), string(y))
	})
	for _, reason := range reasons {
		list := byReason[reason]
		fmt.Fprintln(a.out, texts.Say("cli.skip."+string(reason), len(list)))
		most := mostNamed
		if harmless[reason] {
			most = 3
		}
		for _, sk := range list[:min(most, len(list))] {
			fmt.Fprintln(a.out, texts.Say("cli.skip.file", map[string]string{"File": sk.File, "Detail": detail(sk)}))
		}
		if len(list) > most {
			fmt.Fprintln(a.out, texts.Say("cli.skip.more", len(list)-most))
		}
	}
}

// detail is what a clerk wants beside a file's name: which other file has the law.
func detail(sk statute.Skip) string {
	if sk.Reason == statute.Duplicate {
		return sk.Detail
	}
	return ""
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

func (a *app) showStatute(set *statute.Set, args []string) error {
	if len(args) == 1 {
		return a.listVersions(set, args[0])
	}
	art, v, err := set.Resolve(statute.ArticleRef{Law: args[0], Article: number(args[1]), AsOf: time.Now()})
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]string{"law": v.Law().Title, "version": v.Day, "article": art.No, "heading": art.Heading, "text": art.Text})
	}
	fmt.Fprintf(a.out, "《%s》（%s）%s\n%s\n%s\n", v.Law().Title, v.Day, art.Heading, label(art.No), art.Text)
	return nil
}

// number reads an article as statutes and people write it: 1062, 第一百二十条之一.
func number(s string) string {
	if _, ok := statute.ParseNumber(s); ok {
		return s
	}
	if n, ok := statute.ParseLabel(s); ok {
		return n.String()
	}
	return s
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
