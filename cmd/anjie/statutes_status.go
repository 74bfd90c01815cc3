package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "List what is stale, missing or repealed among the statutes held", Args: known,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withStatutes(func(set *statute.Set, s config.Settings, lib *content.Library) error {
				return a.printStatus(set, a.withOwn(cmd.Context(), s, lib))
			})
		},
	}
}

func (a *app) diffCommand() *cobra.Command {
	return &cobra.Command{
		Use: "diff LAW [OLD NEW]", Short: "Show article by article what changed; by default between the two newest versions held",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 && len(args) != 3 {
				return &usageError{errors.New("the call is: anjie statutes diff LAW [OLD NEW], versions as YYYY-MM-DD")}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withStatutes(func(set *statute.Set, _ config.Settings, _ *content.Library) error { return a.printDiff(set, args) })
		},
	}
}

// withStatutes runs do over the imported statutes and the content.
func (a *app) withStatutes(do func(*statute.Set, config.Settings, *content.Library) error) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		return err
	}
	set, err := wire.OpenStatutes(s, c.Library)
	if err != nil {
		return err
	}
	if set == nil {
		return errors.New("no statutes are imported; run 'anjie statutes import FOLDER'")
	}
	return errors.Join(do(set, s, c.Library), set.Close())
}

// status is `statutes status --json`: the statutes' own, and the FAQs that cite
// what a later version overtook.
type status struct {
	statute.Status
	Overtaken []corpus.Overtaken
}

func (a *app) printStatus(set *statute.Set, lib *content.Library) error {
	st := status{set.Status(time.Now()), corpus.Overtakens(set, lib, time.Now())}
	if a.json {
		return a.printJSON(st)
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%d laws in %d versions, %d articles in force; newest %s; set %s\n", st.Laws, st.Versions, st.Articles, st.Newest, st.Version)
	for _, part := range []struct {
		what string
		gaps []statute.Gap
	}{
		{"stale: a newer revision is known", st.Stale},
		{"missing: named by the content", st.Missing},
		{"not yet in force", st.Coming},
		{"repealed", st.Repealed},
		{"doubtful: only the source calls it repealed", st.Doubtful},
	} {
		if len(part.gaps) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s (%d)\n", part.what, len(part.gaps))
		for _, g := range part.gaps {
			fmt.Fprintf(w, "  %s\theld %s\tknown %s\tsince %s\t%s\n", g.Title, orDash(g.Held), orDash(g.Known), orDash(g.Since), g.By)
		}
	}
	if len(st.Overtaken) > 0 {
		fmt.Fprintf(w, "\nFAQs that cite what a later version overtook (%d)\n", len(st.Overtaken))
	}
	for _, o := range st.Overtaken {
		fmt.Fprintf(w, "  %s\t%s article %s\tcited %s\tnow %s\t%s\n", o.Entry, o.Law, o.Article, o.Cited, orDash(cmp.Or(o.Now, o.Successor)), strings.TrimSpace(string(o.How)+" "+cmp.Or(o.To, o.Since)))
	}
	return w.Flush()
}

func (a *app) printDiff(set *statute.Set, args []string) error {
	law, ok := set.Find(args[0])
	if !ok {
		return fmt.Errorf("no law called %q is held", args[0])
	}
	var from, to string
	switch n := len(law.Versions); {
	case len(args) == 3:
		from, to = args[1], args[2]
	case n < 2:
		return fmt.Errorf("only one version of %s is held (%s)", law.Title, law.Versions[0].Day)
	default:
		from, to = law.Versions[n-2].Day, law.Versions[n-1].Day
	}
	changes, err := set.Diff(law.Title, from, to)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"law": law.Title, "from": from, "to": to, "changes": changes})
	}
	fmt.Fprintf(a.out, "%s: %s → %s, %d articles differ\n", law.Title, from, to, len(changes))
	for _, c := range changes {
		fmt.Fprintf(a.out, "\n%s %s → %s\n", c.Kind, orDash(c.Old), orDash(c.New))
		if c.Before != "" && c.Kind != statute.Renumbered {
			fmt.Fprintf(a.out, "- %s\n", c.Before)
		}
		if c.Text != "" && c.Kind != statute.Renumbered {
			fmt.Fprintf(a.out, "+ %s\n", c.Text)
		}
	}
	return nil
}
