package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

func (a *app) caseCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "case", Short: "Look at disputes"}
	var batch string
	triage := &cobra.Command{
		Use: "triage [TEXT]", Short: "Tell type, village, gate and urgency of messages",
		RunE: func(_ *cobra.Command, args []string) error { return a.triage(batch, strings.Join(args, " ")) },
	}
	triage.Flags().StringVar(&batch, "batch", "", `JSON lines {"id","text"}; - reads standard input`)
	cmd.AddCommand(triage)
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
