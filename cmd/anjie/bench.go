package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/eval"
)

type benchFlags struct {
	questions string
	n, grow   int
	baseline  bool
	clients   []int
	over      time.Duration
}

func (a *app) benchCommand() *cobra.Command {
	cmd := family(&cobra.Command{Use: "bench", Short: "Measure speed and memory on this machine"})
	add := func(use, short string, run func(context.Context, benchFlags) error, clients []int) {
		var f benchFlags
		sub := &cobra.Command{Use: use, Short: short, Args: known, RunE: func(cmd *cobra.Command, _ []string) error {
			if f.n < 1 {
				return &usageError{errors.New("--n must be at least 1")}
			}
			return run(cmd.Context(), f)
		}}
		sub.Flags().IntVar(&f.n, "n", 1000, "how many operations a row")
		if clients != nil {
			sub.Flags().IntSliceVar(&f.clients, "clients", clients, "clients at the same time, a row each")
		}
		if use == "intake" {
			sub.Flags().DurationVar(&f.over, "over", 10*time.Minute, "time over which the reports come, evenly")
		}
		if use == "search" {
			sub.Flags().StringVar(&f.questions, "questions", "", `JSON lines {"id","text"} to ask; default: the content's own phrasings`)
			sub.Flags().BoolVar(&f.baseline, "baseline", true, "measure bleve with its own cjk analyzer beside")
			sub.Flags().IntVar(&f.grow, "grow", 0, "measure also an index of so many times the statutes")
		}
		cmd.AddCommand(sub)
	}
	add("search", "Search questions", a.benchSearch, []int{1, 2})
	add("chat", "Hold conversations over the desk's Redis, or the trial's", a.benchChat, []int{1, 8})
	add("queue", "File, claim and close cases in the desk's Redis, or the trial's", a.benchQueue, []int{1, 8, 64})
	add("intake", "File reports at a pace while the whole desk runs, and wait for each receipt", a.benchIntake, nil)
	return cmd
}

// figures is one row: what was done by so many clients, and how it went.
type figures struct {
	What    string  `json:"what"`
	Clients int     `json:"clients"`
	N       int     `json:"n"`
	Errors  int     `json:"errors"`
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
	Rate    float64 `json:"per_second"`
	Build   float64 `json:"build_s,omitempty"` // of an engine that was built for the bench
	RSS     float64 `json:"rss_mb,omitempty"`  // of the process, while it was measured
	Own     float64 `json:"own_us,omitempty"`  // processor time of this process an operation
	Redis   float64 `json:"redis_us,omitempty"`
}

// measure does op n times by so many clients and times each.
func measure(ctx context.Context, what string, clients, n int, op func(ctx context.Context, i int) error) figures {
	took := make([]time.Duration, n)
	var next, failed atomic.Int64
	var g sync.WaitGroup
	start := time.Now()
	for range clients {
		g.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				began := time.Now()
				if err := op(ctx, i); err != nil {
					failed.Add(1)
				}
				took[i] = time.Since(began)
			}
		})
	}
	g.Wait()
	all := time.Since(start)
	slices.Sort(took)
	return figures{
		What: what, Clients: clients, N: n, Errors: int(failed.Load()),
		P50: millis(took[n/2]), P99: millis(took[n*99/100]), Rate: float64(n) / all.Seconds(),
	}
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// printBench prints rows and what goes with all of them.
func (a *app) printBench(rows []figures, about map[string]any) error {
	if a.json {
		about["rows"] = rows
		return a.printJSON(about)
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "what\tclients\tn\terrors\tp50 ms\tp99 ms\tper second\tbuild s\tRSS MiB\town µs\tRedis µs\t")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.2f\t%.2f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t\n", r.What, r.Clients, r.N, r.Errors, r.P50, r.P99, r.Rate, r.Build, r.RSS, r.Own, r.Redis)
	}
	for _, k := range slices.Sorted(mapKeys(about)) {
		fmt.Fprintf(w, "%s: %v\n", k, about[k])
	}
	return w.Flush()
}

// texts are the questions to ask: a file's, or every phrasing of the content.
func (f benchFlags) texts(lib *content.Library) ([]string, error) {
	var texts []string
	if f.questions == "" {
		for _, q := range lib.FAQs {
			texts = append(texts, q.Phrasings...)
		}
		return texts, nil
	}
	file, err := os.Open(f.questions)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	set, err := eval.Read(file)
	for _, q := range set {
		texts = append(texts, q.Text)
	}
	if err == nil && len(texts) == 0 {
		err = errors.New("no question in it")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.questions, err)
	}
	return texts, nil
}
