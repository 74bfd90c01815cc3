package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

func (a *app) caseCommand() *cobra.Command {
	cmd := family(&cobra.Command{Use: "case", Short: "Look at disputes"})
	var batch string
	triage := &cobra.Command{
		Use: "triage [TEXT]", Short: "Tell type, village, gate and urgency of messages",
		RunE: func(_ *cobra.Command, args []string) error { return a.triage(batch, strings.Join(args, " ")) },
	}
	triage.Flags().StringVar(&batch, "batch", "", `JSON lines {"id","text"}; - reads standard input`)
	verify := &cobra.Command{
		Use: "verify", Short: "Check the audit trail of every case for edits, deletions, truncation and reordering", Args: known,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.verifyCases(cmd.Context()) },
	}
	show := &cobra.Command{
		Use: "show NUMBER", Short: "Show a case and its trail, without personal data", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withArchive(cmd.Context(), func(ctx context.Context, ar *wire.Archive) error { return a.showCase(ctx, ar.Cases, args[0]) })
		},
	}
	cmd.AddCommand(triage, verify, show)
	return cmd
}

// triaged is a line of `case triage --json`; docs/CLI.md describes it.
type triaged struct {
	ID         string            `json:"id"`
	Category   string            `json:"category"`
	Key        string            `json:"category_key"`
	Village    *string           `json:"village"`
	Candidates []string          `json:"candidates"`
	Mediable   string            `json:"mediable"`
	ReferTo    string            `json:"refer_to"`
	Urgency    string            `json:"urgency"`
	Reasons    map[string]string `json:"reasons"`
}

func (a *app) triage(batch, text string) error {
	if (text == "") == (batch == "") {
		return &usageError{errors.New("case triage needs a text or --batch FILE.jsonl")}
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		return err
	}
	classify := wire.Classifier(c)
	one := func(id, text string) error { return a.printTriage(id, classify.Classify(text)) }
	if batch == "" {
		return one("1", text)
	}
	return a.eachLine(batch, one)
}

func (a *app) printTriage(id string, c bot.Classification) error {
	t := triaged{
		ID: id, Category: c.Name, Key: c.Category, Candidates: c.Candidates, Mediable: c.Mediable,
		ReferTo: c.ReferTo, Urgency: c.Urgency, Reasons: c.Reasons,
	}
	if c.Village != "" {
		t.Village = &c.Village
	}
	if t.Candidates == nil {
		t.Candidates = []string{}
	}
	if a.json {
		return a.printJSON(t)
	}
	_, err := fmt.Fprintf(a.out, "%s\tvillage %s\tmediable %s %s\turgency %s\n", t.Category,
		orDash(c.Village+strings.Join(c.Candidates, "?")), t.Mediable, t.ReferTo, t.Urgency)
	return err
}

// verified is the JSON of `case verify`.
type verified struct {
	Cases    int               `json:"cases"`
	Tampered map[string]string `json:"tampered"` // case id to what was found
}

func (a *app) verifyCases(ctx context.Context) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		return err
	}
	svc, closer, err := wire.OpenCases(ctx, s, c, a.logger(s))
	if err != nil {
		return err
	}
	out, err := verifyAll(ctx, svc)
	if err := errors.Join(err, closer.Close()); err != nil {
		return err
	}
	return a.printVerified(out)
}

// verifyAll goes through all cases page by page.
func verifyAll(ctx context.Context, svc *dispute.Service) (verified, error) {
	const page = 200
	out := verified{Tampered: map[string]string{}}
	filter := dispute.Filter{Limit: page}
	for {
		list, next, err := svc.Cases(ctx, access.System, filter)
		if err != nil {
			return out, err
		}
		for _, c := range list {
			out.Cases++
			if err := svc.Verify(ctx, access.System, c.ID); err != nil {
				out.Tampered[string(c.ID)] = err.Error()
			}
		}
		if next == "" {
			return out, nil
		}
		filter.After = next
	}
}

func (a *app) printVerified(out verified) error {
	var failed error
	if len(out.Tampered) > 0 {
		failed = errSaid
	}
	if a.json {
		return errors.Join(a.printJSON(out), failed)
	}
	for _, id := range slices.Sorted(maps.Keys(out.Tampered)) {
		fmt.Fprintln(a.out, strings.ReplaceAll(out.Tampered[id], "\n", ": "))
	}
	fmt.Fprintf(a.out, "%d cases checked, %d tampered with\n", out.Cases, len(out.Tampered))
	return failed
}
