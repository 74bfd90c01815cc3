package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/cmd/internal/config"
)

// app is what every command shares: its streams, the global flags and the
// settings that they and the environment make.
type app struct {
	environ []string
	in      io.Reader
	out     io.Writer
	err     io.Writer

	file  string // --config
	flags config.Settings
	json  bool
}

// usageError marks a call that is off, as opposed to work that went wrong.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

// errSaid ends a command with status 1 when its output said everything.
var errSaid = errors.New("said already")

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:           "anjie",
		Short:         "The legal-publicity and dispute-intake desk of a sub-district",
		Args:          known,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context()) },
	}
	pf := root.PersistentFlags()
	pf.StringVar(&a.flags.Data, "data", "", "data folder (default: the user's data folder)")
	pf.StringVar(&a.file, "config", "", "settings file (default: anjie.yaml in the data folder)")
	pf.BoolVar(&a.json, "json", false, "machine-readable output")
	root.Flags().StringVar(&a.flags.Listen, "listen", "", "address of the web server (default 127.0.0.1:8080)")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.AddCommand(a.serveCommand(), a.askCommand(), a.statutesCommand(), a.evalCommand(), a.caseCommand(), a.archiveCommand(), a.publicityCommand(), a.accountCommand(), a.benchCommand(), a.contentCommand(), a.doctorCommand())
	return root
}

// known refuses what is no command; cobra's own check would not mark it as an
// error of the call.
func known(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &usageError{fmt.Errorf("%q is no command here", args[0])}
	}
	return nil
}

// family makes cmd one that only its sub-commands do something: alone it shows
// its help, and a word that is none of them is refused.
func family(cmd *cobra.Command) *cobra.Command {
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return &usageError{fmt.Errorf("%q is no command of 'anjie %s'", args[0], cmd.Name())}
		}
		return nil
	}
	cmd.RunE = func(*cobra.Command, []string) error { return cmd.Help() }
	return cmd
}

// settings reads the settings once the flags are parsed.
func (a *app) settings() (config.Settings, error) {
	file := a.file
	if file == "" {
		file = lookup(a.environ, "ANJIE_CONFIG")
	}
	return config.Load(file, a.environ, a.flags)
}

func lookup(environ []string, key string) string {
	for _, kv := range environ {
		if len(kv) > len(key) && kv[:len(key)] == key && kv[len(key)] == '=' {
			return kv[len(key)+1:]
		}
	}
	return ""
}

// logger writes to stderr in the form that the settings name.
func (a *app) logger(s config.Settings) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.Log.Level)); err != nil {
		level = slog.LevelInfo // check has refused anything else
	}
	opt := &slog.HandlerOptions{Level: level}
	if s.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.err, opt))
	}
	return slog.New(slog.NewTextHandler(a.err, opt))
}

// printJSON writes v as one line.
func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
