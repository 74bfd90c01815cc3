package main

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/eval"
)

// perAnswer is how many hits a question of the bench asks for.
const perAnswer = 10

// benchSearch measures the index in use and, in the same run, what it is
// compared with.
func (a *app) benchSearch(ctx context.Context, f benchFlags) (err error) {
	c, err := a.content()
	if err != nil {
		return err
	}
	texts, err := f.texts(c.Library)
	if err != nil {
		return err
	}
	began := time.Now()
	k, done, err := a.knowledge(ctx, false)
	if err != nil {
		return err
	}
	defer done()
	if err := question(k.Index, texts)(ctx, 0); err != nil {
		return err
	}
	about := map[string]any{
		"articles": k.Index.Size()[knowledge.Article], "first_answer_ms": millis(time.Since(began)), "version": k.Index.Version(), "cpus": runtime.NumCPU(),
	}
	rows := searchRows(ctx, "search", k.Index, texts, f)
	about["rss_mb"] = wire.RSS()
	more, err := a.benchBeside(ctx, c, k, texts, f)
	if err != nil {
		return err
	}
	return a.printBench(append(rows, more...), about)
}

// benchBeside measures the engines that the flags ask for.
func (a *app) benchBeside(ctx context.Context, c *wire.Content, k *wire.Knowledge, texts []string, f benchFlags) ([]figures, error) {
	if k.Set == nil {
		return nil, nil // content alone has nothing to be compared with
	}
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	bar := a.progress()
	defer bar.end()
	e, err := wire.NewEngines(s, c, k, bar.tell)
	if err != nil {
		return nil, err
	}
	var beside []eval.Variant
	if f.baseline {
		beside = append(beside, e.Baseline(ctx))
	}
	if f.grow > 1 {
		beside = append(beside, e.Grown(ctx, f.grow))
	}
	var rows []figures
	for _, v := range beside {
		more, err := benchVariant(ctx, v, texts, f)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

func benchVariant(ctx context.Context, v eval.Variant, texts []string, f benchFlags) (rows []figures, err error) {
	began := time.Now()
	engine, done, err := v.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, done()) }()
	built := time.Since(began)
	debug.FreeOSMemory() // what the build took is not what searching needs
	before := wire.RSS()
	rows = searchRows(ctx, v.Name, engine, texts, f)
	for i := range rows {
		rows[i].Build, rows[i].RSS = built.Seconds(), max(before, wire.RSS())
	}
	return rows, nil
}

func searchRows(ctx context.Context, name string, s knowledge.Searcher, texts []string, f benchFlags) []figures {
	rows := make([]figures, 0, len(f.clients))
	for _, clients := range f.clients {
		rows = append(rows, measure(ctx, name, clients, f.n, question(s, texts)))
	}
	return rows
}

func question(s knowledge.Searcher, texts []string) func(ctx context.Context, i int) error {
	return func(ctx context.Context, i int) error {
		_, err := s.Search(ctx, knowledge.Query{Text: texts[i%len(texts)], Limit: perAnswer})
		return err
	}
}
