package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

const (
	receiptWait = 30 * time.Second
	receiptGoal = 2 * time.Second
)

// benchIntake files reports at an even pace while the whole desk runs: courier,
// jobs, web server, and a question every half second. It tells how long filing
// took, and how long it was until the reporter had the receipt on the page.
func (a *app) benchIntake(ctx context.Context, f benchFlags) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	s.Listen = "127.0.0.1:0"
	if _, err := exec.LookPath("redis-server"); err != nil {
		fmt.Fprintln(a.err, "redis-server is not installed: measured on the desk's own Redis")
		return a.intakeOn(ctx, s, f)
	}
	socket, _, stop, err := ownRedis(ctx, "always")
	if err != nil {
		return err
	}
	s.Data, s.Redis.URL, s.Redis.Replicas = "", "unix://"+socket, 0
	return errors.Join(a.intakeOn(ctx, s, f), stop())
}

func (a *app) intakeOn(ctx context.Context, s config.Settings, f benchFlags) error {
	return withDeskOf(ctx, s, func(d *wire.Desk) error {
		ctx, cancel := context.WithCancel(ctx)
		ran := make(chan error, 1)
		go func() { ran <- d.Run(ctx) }()
		b := &intakeBench{queueBench: newQueueBench(d, 1, f.n), receipts: map[string]chan struct{}{}}
		rows := b.measure(ctx, f.over)
		cancel()
		if err := <-ran; err != nil {
			return err
		}
		notes := about(d)
		notes["longest receipt ms"], notes["longest filing ms"] = millis(b.longest(b.told)), millis(b.longest(b.took))
		late := 0
		for _, took := range b.told {
			if took > receiptGoal {
				late++
			}
		}
		notes["receipts later than 2 s"] = late
		return a.printBench(rows, notes)
	})
}

// intakeBench notes when each reporter's page has news.
type intakeBench struct {
	*queueBench
	mu       sync.Mutex
	receipts map[string]chan struct{} // by session
	took     []time.Duration          // of filing
	told     []time.Duration          // from the same moment to the receipt
	failed   atomic.Int64
	unheard  atomic.Int64
	vain     atomic.Int64 // questions beside that weren't answered
}

func (b *intakeBench) measure(ctx context.Context, over time.Duration) []figures {
	watch, done := context.WithCancel(ctx)
	var around sync.WaitGroup
	around.Go(func() { _ = b.d.Transcripts().Watch(watch, b.news) })
	asked := b.asks(watch, &around)
	b.took, b.told = make([]time.Duration, b.n), make([]time.Duration, b.n)
	start := time.Now()
	var g sync.WaitGroup
	for i := range b.n {
		time.Sleep(time.Until(start.Add(over * time.Duration(i) / time.Duration(b.n))))
		g.Go(func() { b.report(ctx, i) })
	}
	g.Wait()
	all := time.Since(start)
	done()
	around.Wait()
	row := func(what string, took []time.Duration, errs int64) figures {
		took = slices.Sorted(slices.Values(took))
		return figures{
			What: what, N: len(took), Errors: int(errs), P50: millis(took[len(took)/2]), P99: millis(took[len(took)*99/100]),
			Rate: float64(len(took)) / all.Seconds(),
		}
	}
	return []figures{row("report", b.took, b.failed.Load()), row("receipt", b.told, b.unheard.Load()), row("question beside", *asked, b.vain.Load())}
}

// report files one and waits for its receipt.
func (b *intakeBench) report(ctx context.Context, i int) {
	session := "bench-" + strconv.Itoa(i)
	heard := make(chan struct{})
	b.mu.Lock()
	b.receipts[session] = heard
	b.mu.Unlock()
	began := time.Now()
	if err := b.file(ctx, i, "web:"+session); err != nil {
		b.failed.Add(1)
		return
	}
	b.took[i] = time.Since(began)
	select {
	case <-heard:
	case <-time.After(receiptWait):
		b.unheard.Add(1)
	}
	b.told[i] = time.Since(began)
}

func (b *intakeBench) news(session string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c := b.receipts[session]; c != nil {
		close(c)
		delete(b.receipts, session)
	}
}

// asks asks a question every half second until ctx ends, and returns how long
// the answers took.
func (b *intakeBench) asks(ctx context.Context, g *sync.WaitGroup) *[]time.Duration {
	took := &[]time.Duration{0}
	texts, _ := benchFlags{}.texts(b.d.Content.Library)
	g.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			began := time.Now()
			from := bot.Address{Channel: "web", Chat: "ask-" + strconv.Itoa(i)}
			m := bot.Message{ID: strconv.Itoa(i), From: from, Person: access.Actor{ID: from.String()}, Text: texts[i%len(texts)], At: began}
			switch _, err := b.d.Bot.Handle(ctx, m); {
			case err == nil:
				*took = append(*took, time.Since(began))
			case ctx.Err() == nil:
				b.vain.Add(1)
			}
			select {
			case <-ctx.Done():
			case <-time.After(500 * time.Millisecond):
			}
		}
	})
	return took
}

func (b *intakeBench) longest(took []time.Duration) time.Duration { return slices.Max(took) }
