package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

type askFlags struct {
	batch string
	top   int
	asOf  string
	quick bool
}

func (a *app) askCommand() *cobra.Command {
	var f askFlags
	cmd := &cobra.Command{
		Use: "ask [QUESTION]", Short: "Answer a question in the terminal",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.ask(cmd.Context(), f, strings.Join(args, " "))
		},
	}
	cmd.Flags().StringVar(&f.batch, "batch", "", `JSON lines {"id","text"} instead of a question; - reads standard input`)
	cmd.Flags().IntVar(&f.top, "top", 5, "most passages")
	cmd.Flags().StringVar(&f.asOf, "as-of", "", "answer by the law of that day, YYYY-MM-DD; default: today")
	quickly(cmd, &f.quick)
	return cmd
}

// quickly lets a command do without what content alone teaches.
func quickly(cmd *cobra.Command, quick *bool) {
	cmd.Flags().BoolVar(quick, "without-model", false, "where no statutes are held, go by words alone instead of learning from the content first: quicker, finds less")
}

func (a *app) ask(ctx context.Context, f askFlags, question string) error {
	if (question == "") == (f.batch == "") {
		return &usageError{errors.New("ask needs a question or --batch FILE.jsonl")}
	}
	if f.top < 1 {
		return &usageError{errors.New("--top is how many passages at most: 1 or more")}
	}
	asOf, err := dayOf(f.asOf)
	if err != nil {
		return err
	}
	if f.batch != "" && f.batch != "-" { // before half a minute of learning
		if _, err := os.Stat(f.batch); err != nil {
			return err
		}
	}
	d, done, err := a.answerer(ctx, asOf, f.quick)
	if err != nil {
		return err
	}
	defer done()
	one := func(id, text string) error {
		res, err := d.AskOnce(ctx, text, f.top)
		if err != nil {
			return err
		}
		res.ID = id
		if a.json {
			return a.printJSON(res)
		}
		_, err = fmt.Fprintf(a.out, "%s\n", terminal(res.Reply))
		return err
	}
	if f.batch == "" {
		return one("1", question)
	}
	return a.eachLine(f.batch, one)
}

// terminal strikes the marks of bold text out.
func terminal(reply string) string { return strings.ReplaceAll(reply, "**", "") }

// dayOf reads a day; none is zero.
func dayOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, time.Local)
	if err != nil {
		return day, &usageError{fmt.Errorf("--as-of %q: a day is written YYYY-MM-DD", text)}
	}
	return day, nil
}

// answerer opens what answers need, without Redis and without a conversation.
func (a *app) answerer(ctx context.Context, asOf time.Time, quick bool) (*bot.Bot, func(), error) {
	s, err := a.settings()
	if err != nil {
		return nil, nil, err
	}
	bar := a.progress()
	b, closer, err := wire.OpenAnswers(ctx, s, asOf, quick, bar.orSay(a.err))
	bar.end()
	if err != nil {
		return nil, nil, err
	}
	return b, func() { _ = closer.Close() }, nil
}

// maxLine bounds a line of a batch file, in bytes.
const maxLine = 1 << 20

// eachLine calls do for each {"id","text"} of a JSON-lines file. A line that
// doesn't parse stops the batch and is named by number.
func (a *app) eachLine(name string, do func(id, text string) error) error {
	in, closeFile, err := a.open(name)
	if err != nil {
		return err
	}
	defer closeFile()
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var q struct {
			ID   json.RawMessage `json:"id"`
			Text string          `json:"text"`
		}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return fmt.Errorf("%s line %d: %w", name, n, err)
		}
		if err := do(strings.Trim(string(q.ID), `"`), q.Text); err != nil {
			return fmt.Errorf("%s line %d: %w", name, n, err)
		}
	}
	return lines.Err()
}

func (a *app) open(name string) (io.Reader, func(), error) {
	if name == "-" {
		return a.in, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return f, func() { _ = f.Close() }, nil
}
