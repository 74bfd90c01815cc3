package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// stages are the long steps as an operator reads them.
var stages = map[string]string{
	"import":   "reading statutes ",
	"store":    "keeping articles ",
	"postings": "indexing         ",
	"model":    "training         ",
	"content":  "indexing content ",
	"tuning":   "training content ",
	"bleve":    "indexing by bleve",
}

// progress shows one bar a stage on a terminal, and nothing elsewhere.
type progress struct {
	out   io.Writer
	stage string
	bar   *progressbar.ProgressBar
}

func (a *app) progress() *progress {
	f, ok := a.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || a.json {
		return &progress{}
	}
	return &progress{out: f}
}

// orLog shows the bar, or, where there is no terminal, logs each long step as it
// begins: the desk opens only after them.
func (p *progress) orLog(ctx context.Context, log *slog.Logger) func(stage string, done, total int) {
	if p.out != nil {
		return p.tell
	}
	return func(stage string, _, _ int) {
		if stage != p.stage {
			p.stage = stage
			log.InfoContext(ctx, "statutes or content changed: the index is built before the desk opens", "step", stage)
		}
	}
}

// orSay shows the bar, or, where there is no terminal, says once what takes long.
func (p *progress) orSay(out io.Writer) func(stage string, done, total int) {
	if p.out != nil {
		return p.tell
	}
	return func(string, int, int) {
		if p.stage == "" {
			p.stage = "said"
			fmt.Fprintln(out, "anjie: statutes or content changed: learning from them, once")
		}
	}
}

func (p *progress) tell(stage string, done, total int) {
	if p.out == nil {
		return
	}
	if stage != p.stage {
		p.end()
		label, ok := stages[stage]
		if !ok {
			label = stage
		}
		p.stage = stage
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(label),
			progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100e6))
	}
	if total > 0 && p.bar.GetMax() != total {
		p.bar.ChangeMax(total)
	}
	_ = p.bar.Set(done) // a bar that can't be drawn is no reason to stop
}

func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
		_, _ = io.WriteString(p.out, "\n")
		p.bar = nil
	}
}
