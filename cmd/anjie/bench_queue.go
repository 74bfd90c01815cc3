package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

// benchText is as long as what residents tell.
const benchText = "The neighbour's air conditioner hangs under the bedroom window and hums through the night; both sides have talked once."

// benchQueue files, claims and contacts, each step with all clients at once.
// Where redis-server is installed it does so on servers of its own, syncing
// every write and every second, beside asynq on the same server; else in the
// desk's Redis, or the trial's.
func (a *app) benchQueue(ctx context.Context, f benchFlags) error {
	if _, err := exec.LookPath("redis-server"); err != nil {
		fmt.Fprintln(a.err, "redis-server is not installed: measured on the desk's own Redis, without asynq beside")
		return a.withDesk(ctx, func(d *wire.Desk) error {
			var rows []figures
			for _, clients := range f.clients {
				rows = append(rows, newQueueBench(d, clients, f.n).rows(ctx)...)
			}
			return a.printBench(rows, about(d))
		})
	}
	var rows []figures
	ratios := map[string]any{"redis": "servers of the measurement's own", "rss_mb": wire.RSS()}
	for _, sync := range []string{"always", "everysec"} {
		more, err := a.benchOn(ctx, sync, f, ratios)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	return a.printBench(rows, ratios)
}

// benchOn measures on a server that syncs as named, and notes how the desk's
// speed compares with asynq's.
func (a *app) benchOn(ctx context.Context, sync string, f benchFlags, ratios map[string]any) (rows []figures, err error) {
	socket, server, stop, err := ownRedis(ctx, sync)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	s.Data, s.Redis.URL, s.Redis.Unsafe, s.Redis.Replicas = "", "unix://"+socket, true, 0
	err = withDeskOf(ctx, s, func(d *wire.Desk) error {
		if err := onDuty(ctx, d); err != nil {
			return err
		}
		held := make([]byte, deskHeap)
		defer runtime.KeepAlive(held)
		for _, clients := range f.clients {
			b := newQueueBench(d, clients, f.n)
			b.server = server
			submit := b.submit(ctx)
			enqueue := worked(server, func() figures { return enqueueAsynq(ctx, socket, clients, f.n) })
			work := []figures{b.claim(ctx), b.transition(ctx)}
			done := worked(server, func() figures { return drainAsynq(ctx, socket, clients, f.n) })
			for _, r := range append([]figures{submit, enqueue}, append(work, done)...) {
				r.What = sync + " " + r.What
				rows = append(rows, r)
			}
			at := fmt.Sprintf("%s, %d clients: ", sync, clients)
			ratios[at+"submit / enqueue"] = ratio(submit.Rate, enqueue.Rate)
			ratios[at+"claim+transition / dequeue+done"] = ratio(1/(1/work[0].Rate+1/work[1].Rate), done.Rate)
		}
		return nil
	})
	return rows, err
}

func ratio(a, b float64) string { return "x" + strconv.FormatFloat(a/b, 'f', 2, 64) }

// ownRedis starts a redis-server on a socket in a folder that is thrown away.
func ownRedis(ctx context.Context, sync string) (socket string, pid int, stop func() error, err error) {
	dir, err := os.MkdirTemp("", "anjie-redis-")
	if err != nil {
		return "", 0, nil, err
	}
	socket = filepath.Join(dir, "s")
	cmd := exec.CommandContext(ctx, "redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, //nolint:gosec // our own arguments
		"--appendonly", "yes", "--appendfsync", sync, "--save", "", "--maxmemory-policy", "noeviction")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		return "", 0, nil, errors.Join(err, os.RemoveAll(dir))
	}
	stop = func() error {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return os.RemoveAll(dir)
	}
	for range 200 {
		if _, err := os.Stat(socket); err == nil {
			return socket, cmd.Process.Pid, stop, nil
		}
		time.Sleep(25 * time.Millisecond)
	}
	return "", 0, nil, errors.Join(errors.New("redis-server does not start"), stop())
}

// deskHeap is about what the desk's index keeps in memory. The measurement opens
// none, and in the small heap of an idle process garbage would be collected
// every few dozen reports, which no desk does. Nobody touches these bytes, so
// that they take no memory.
const deskHeap = 100 << 20

// onDuty gives every village a mediator, as a desk at work has: without one each
// report would go to the centre and a clerk be told.
func onDuty(ctx context.Context, d *wire.Desk) error {
	for _, village := range d.Content.Places.Territories() {
		acc := access.Account{ID: "bench-" + village, Name: "bench", Role: access.Mediator, Territories: []string{village}}
		if err := d.Accounts.Save(ctx, acc); err != nil {
			return err
		}
	}
	return nil
}

// queueBench takes cases of its own through the desk.
type queueBench struct {
	d          *wire.Desk
	clients, n int
	ids        []dispute.CaseID
	mediator   access.Actor
	server     int // process of the Redis, 0 if it isn't the measurement's own
}

func newQueueBench(d *wire.Desk, clients, n int) *queueBench {
	return &queueBench{
		d: d, clients: clients, n: n, ids: make([]dispute.CaseID, n),
		mediator: access.Actor{ID: "bench-mediator", Name: "bench", Role: access.Mediator},
	}
}

func (b *queueBench) rows(ctx context.Context) []figures {
	return []figures{b.submit(ctx), b.claim(ctx), b.transition(ctx)}
}

func (b *queueBench) timed(ctx context.Context, what string, op func(ctx context.Context, i int) error) figures {
	return worked(b.server, func() figures { return measure(ctx, what, b.clients, b.n, op) })
}

func (b *queueBench) submit(ctx context.Context) figures {
	return b.timed(ctx, "submit", func(ctx context.Context, i int) error {
		return b.file(ctx, i, fmt.Sprintf("web:bench-%d-%d", b.clients, i))
	})
}

// file files the i-th report, of somebody who shares no telephone with anybody:
// a repetition would be looked at and told besides.
func (b *queueBench) file(ctx context.Context, i int, who string) error {
	territories := b.d.Content.Places.Territories()
	c, err := b.d.Cases.File(ctx, access.Actor{ID: who}, dispute.Filing{
		Report: dispute.Report{
			Village: territories[i%len(territories)], Category: b.d.Content.Intake.Categories[0].Key, What: benchText,
			Contact: dispute.Contact{Name: "bench", Phone: fmt.Sprintf("138%04d%04d", b.clients, i), Address: who}, Source: "web",
			Urgency: dispute.Normal, Consented: time.Now(),
		},
		Gate: dispute.Gate{Verdict: dispute.Yes}, Token: who,
	})
	b.ids[i] = c.ID
	return err
}

func (b *queueBench) claim(ctx context.Context) figures {
	return b.timed(ctx, "claim", func(ctx context.Context, i int) error {
		_, err := b.d.Cases.Claim(ctx, b.mediator, b.ids[i], dispute.Seen{})
		return err
	})
}

func (b *queueBench) transition(ctx context.Context) figures {
	return b.timed(ctx, "transition", func(ctx context.Context, i int) error {
		_, err := b.d.Cases.Advance(ctx, b.mediator, b.ids[i], dispute.OpContact, benchText, dispute.Seen{})
		return err
	})
}

// The other side: a queue that is known to be quick, on the same server.

func asynqAt(socket string) asynq.RedisClientOpt {
	return asynq.RedisClientOpt{Network: "unix", Addr: socket, PoolSize: 64}
}

func enqueueAsynq(ctx context.Context, socket string, clients, n int) figures {
	c := asynq.NewClient(asynqAt(socket))
	defer c.Close()
	payload := []byte(strings.Repeat("p", 800)) // about what a report seals to
	return measure(ctx, "asynq enqueue", clients, n, func(ctx context.Context, i int) error {
		_, err := c.EnqueueContext(ctx, asynq.NewTask("report", payload), asynq.TaskID(fmt.Sprintf("%d-%d", clients, i)))
		return err
	})
}

// drainAsynq takes and finishes every task.
func drainAsynq(ctx context.Context, socket string, clients, n int) figures {
	var done atomic.Int64
	finished := make(chan struct{})
	srv := asynq.NewServer(asynqAt(socket), asynq.Config{Concurrency: clients, LogLevel: asynq.FatalLevel, Logger: silentAsynq{}})
	start := time.Now()
	err := srv.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error {
		if done.Add(1) == int64(n) {
			close(finished)
		}
		return nil
	}))
	if err != nil {
		return figures{What: "asynq dequeue+done", Clients: clients, N: n, Errors: n}
	}
	select {
	case <-finished:
	case <-ctx.Done():
	}
	all := time.Since(start)
	srv.Shutdown()
	return figures{What: "asynq dequeue+done", Clients: clients, N: n, Errors: n - int(done.Load()), Rate: float64(n) / all.Seconds()}
}

// silentAsynq says nothing.
type silentAsynq struct{}

func (silentAsynq) Debug(...any) {}
func (silentAsynq) Info(...any)  {}
func (silentAsynq) Warn(...any)  {}
func (silentAsynq) Error(...any) {}
func (silentAsynq) Fatal(...any) {}
