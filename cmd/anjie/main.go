// Command anjie is the legal-publicity and dispute-intake desk of a
// sub-district: residents ask, residents report, staff publicise. Without
// arguments it starts the desk; docs/CLI.md describes every command.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	_ "time/tzdata" // Asia/Shanghai must be known in a container without zone files
)

// garbage is how much the heap grows, in per cent, before it is collected. The
// index keeps much and a question needs little: a third of Go's own 100 saves
// forty megabytes and costs a question about a twentieth (docs/RETRIEVAL.md).
const garbage = 35

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run executes one command and returns the exit status: 0 done, 1 it went
// wrong, 2 the call was off.
func run(ctx context.Context, args, environ []string, in io.Reader, out, errw io.Writer) int {
	root := newRoot(&app{environ: environ, in: in, out: out, err: errw}) //nolint:contextcheck // commands get ctx by ExecuteContext
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errw)
	err := root.ExecuteContext(ctx)
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(errw, "anjie: %v; see 'anjie --help'\n", err)
		return 2
	case errors.Is(err, errSaid):
		return 1
	default:
		fmt.Fprintf(errw, "anjie: %v\n", err)
		return 1
	}
}
