package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/bot/web/console"
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
			return a.withStatutes(func(set *statute.Set, s config.Settings, c *wire.Content) error {
				return a.printStatus(set, a.withOwn(cmd.Context(), s, c.Library), c.Texts)
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
			return a.withStatutes(func(set *statute.Set, _ config.Settings, c *wire.Content) error {
				return a.printDiff(set, c.Texts, args)
			})
		},
	}
}

// withStatutes runs do over the imported statutes and the content.
func (a *app) withStatutes(do func(*statute.Set, config.Settings, *wire.Content) error) error {
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
	return errors.Join(do(set, s, c), set.Close())
}

// status is `statutes status --json`: the statutes' own, and the FAQs that cite
// what a later version overtook.
type status struct {
	statute.Status
	Overtaken []corpus.Overtaken
}

func (a *app) printStatus(set *statute.Set, lib *content.Library, texts *content.Texts) error {
	st := status{set.Status(time.Now()), corpus.Overtakens(set, lib, time.Now())}
	if a.json {
		return a.printJSON(st)
	}
	h := wire.HoldingsOf(set, time.Now())
	fmt.Fprintln(a.out, texts.Say("laws.sum", h))
	for _, part := range h.Parts {
		if len(part.Laws) == 0 {
			continue
		}
		fmt.Fprintf(a.out, "\n%s\n", texts.Say("laws.part."+part.Kind, len(part.Laws)))
		for _, g := range part.Laws {
			fmt.Fprintf(a.out, "  %s　%s\n", g.Title, gapWords(texts, g))
		}
	}
	if len(st.Overtaken) > 0 {
		fmt.Fprintf(a.out, "\n%s\n", texts.Say("laws.overtaken", len(st.Overtaken)))
	}
	for _, o := range st.Overtaken {
		fmt.Fprintf(a.out, "  %s\n", texts.Say("laws.overtaken.row", map[string]string{
			"Entry": o.Entry, "Law": o.Law, "Article": o.Article, "Cited": o.Cited, "Now": strings.TrimSpace(cmp.Or(o.Now, o.Successor) + " " + o.To),
		}))
	}
	return nil
}

// gapWords says what is held of a law, what is known, and from when that holds.
func gapWords(texts *content.Texts, g console.LawGap) string {
	var words []string
	say := func(key, value string) {
		if value != "" {
			words = append(words, texts.Say(key, value))
		}
	}
	say("laws.held", g.Held)
	say("laws.known", g.Known)
	say("laws.since", g.Since)
	if g.Since == "" && g.Known != "" {
		words = append(words, texts.Say("laws.undated", nil))
	}
	say("laws.by", g.By)
	return strings.Join(words, "　")
}

func (a *app) printDiff(set *statute.Set, texts *content.Texts, args []string) error {
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
	key := "laws.diff"
	if len(changes) == 0 {
		key = "laws.same"
	}
	fmt.Fprintln(a.out, texts.Say(key, map[string]any{"Law": law.Title, "From": from, "To": to, "N": len(changes)}))
	for _, c := range changes {
		fmt.Fprintf(a.out, "\n%s\n", texts.Say("laws.change."+string(c.Kind), c))
		if c.Before != "" && c.Kind != statute.Renumbered {
			fmt.Fprintf(a.out, "－ %s\n", c.Before)
		}
		if c.Text != "" && c.Kind != statute.Renumbered {
			fmt.Fprintf(a.out, "＋ %s\n", c.Text)
		}
	}
	return nil
}
