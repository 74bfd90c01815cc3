package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/content"
)

func (a *app) exportCommand() *cobra.Command {
	return &cobra.Command{
		Use: "export DIR", Short: "Write the FAQ files that the console's entries change, for the content folder", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &usageError{fmt.Errorf("the call is: anjie content export DIR")}
			}
			return a.exportContent(cmd.Context(), args[0])
		},
	}
}

// exported is the line of `content export --json`.
type exported struct {
	Files []string `json:"files"`
}

func (a *app) exportContent(ctx context.Context, dir string) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	files, err := wire.ExportEntries(ctx, s, a.logger(s))
	if err != nil {
		return fmt.Errorf("%w; in the trial, stop the running desk first", err)
	}
	out := exported{Files: []string{}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(path, files[name], 0o600); err != nil {
			return err
		}
		out.Files = append(out.Files, path)
	}
	if a.json {
		return a.printJSON(out)
	}
	for _, path := range out.Files {
		fmt.Fprintln(a.out, path)
	}
	if len(out.Files) == 0 {
		fmt.Fprintln(a.out, "nothing was written in the console that the files lack")
	}
	return nil
}

// withOwn lays what was written in the console over the content, where a Redis
// server keeps it; one that doesn't answer is told of and left out. The trial's
// own Redis is not opened: a running desk holds it.
func (a *app) withOwn(ctx context.Context, s config.Settings, lib *content.Library) *content.Library {
	if s.Trial() {
		return lib
	}
	own, err := wire.OwnEntries(ctx, s, a.logger(s))
	if err != nil {
		fmt.Fprintf(a.err, "what was written in the console is left out: %v\n", err)
		return lib
	}
	with, left := lib.With(own)
	for _, err := range left {
		fmt.Fprintln(a.err, err)
	}
	return with
}
