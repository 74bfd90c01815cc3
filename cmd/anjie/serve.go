package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/knowledge"
)

func (a *app) serveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: "Run the desk (the same as anjie alone)", Args: known,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context()) },
	}
	cmd.Flags().StringVar(&a.flags.Listen, "listen", "", "address of the web server (default 127.0.0.1:8080)")
	return cmd
}

// serve runs the desk until a signal comes. The port is taken before people
// are told where to go.
func (a *app) serve(ctx context.Context) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	log := a.logger(s)
	log.DebugContext(ctx, "settings", "settings", s.Redacted())
	bar := a.progress()
	d, err := wire.Open(ctx, s, wire.Options{Log: log, Progress: bar.orLog(ctx, log), Build: build(), Learn: true})
	bar.end()
	if err != nil {
		return err
	}
	err = a.run(ctx, d)
	return errors.Join(err, d.Close()) //nolint:contextcheck // closes after ctx has ended, too
}

func (a *app) run(ctx context.Context, d *wire.Desk) error {
	addr, err := d.Web.Listen(ctx)
	if err != nil {
		return err
	}
	if err := a.greet(ctx, d, "http://"+addr.String()); err != nil {
		return err
	}
	return d.Run(ctx)
}

func (a *app) greet(ctx context.Context, d *wire.Desk, local string) error {
	say := d.Content.Texts.Say
	if !d.Settings.Trial() {
		_, err := fmt.Fprintln(a.out, say("cli.serve", map[string]any{"URL": d.Settings.PublicURL, "Telegram": d.Telegram != nil}))
		return err
	}
	links, err := d.TrialLinks(ctx, local)
	if err != nil {
		return err
	}
	type row struct{ Role, Name, URL string }
	rows := make([]row, 0, len(links))
	for _, l := range links {
		rows = append(rows, row{say("cli.role."+string(l.Role), nil), l.Name, l.URL})
	}
	articles := d.Knowledge.Size()[knowledge.Article]
	_, err = fmt.Fprintln(a.out, say("cli.trial", map[string]any{
		"Data": d.Settings.Data, "URL": local, "Links": rows, "Statutes": articles > 0, "Articles": articles,
	}))
	return err
}

// build names the binary: the revision that it was built from.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, kv := range info.Settings {
		if kv.Key == "vcs.revision" {
			return kv.Value[:min(len(kv.Value), 12)]
		}
	}
	return "devel"
}
