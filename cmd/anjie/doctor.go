package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

func (a *app) doctorCommand() *cobra.Command {
	var health string
	var list bool
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check settings, Redis, Telegram, content and index, and say what to mend", Args: known,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case health != "":
				return probe(cmd.Context(), health)
			case list:
				for _, v := range config.Variables() {
					fmt.Fprintln(a.out, v)
				}
				return nil
			}
			return a.doctor(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&health, "health", "", "only ask this address, for a container's health check")
	cmd.Flags().BoolVar(&list, "settings", false, "list the environment variables that are read")
	return cmd
}

// finding is what one check found.
type finding struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	Says  string `json:"says"`
}

func (a *app) doctor(ctx context.Context) error {
	s, err := a.settings()
	findings := []finding{say("settings", "data in "+s.Data, err)}
	if err == nil {
		for _, c := range wire.Checks(s) {
			ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
			says, err := c.Do(ctx)
			cancel()
			findings = append(findings, say(c.Name, says, err))
		}
	}
	return a.printFindings(findings)
}

func say(check, says string, err error) finding {
	if err != nil {
		return finding{check, false, err.Error()}
	}
	return finding{check, true, says}
}

func (a *app) printFindings(findings []finding) error {
	var failed error
	for _, f := range findings {
		mark := "ok  "
		if !f.OK {
			mark, failed = "MEND", errSaid
		}
		if !a.json {
			fmt.Fprintf(a.out, "%s  %-9s  %s\n", mark, f.Check, f.Says)
		}
	}
	if a.json {
		if err := a.printJSON(map[string]any{"ok": failed == nil, "checks": findings}); err != nil {
			return err
		}
	}
	return failed
}

// probe is for a container, which holds no curl.
func probe(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return &usageError{err}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, resp.Status)
	}
	return nil
}
