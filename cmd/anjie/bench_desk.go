package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

// withDesk opens a desk for a measurement: the settings' Redis under a tenant
// of its own, or a trial in a folder that is thrown away. Nothing of the
// settings' own desk is touched.
func (a *app) withDesk(ctx context.Context, do func(*wire.Desk) error) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	return withDeskOf(ctx, s, do)
}

func withDeskOf(ctx context.Context, s config.Settings, do func(*wire.Desk) error) (err error) {
	s.Tenant = "bench-" + strconv.FormatInt(time.Now().UnixNano(), 36)
	s.Telegram.Token = ""
	if s.Trial() || s.Data == "" {
		dir, err := os.MkdirTemp("", "anjie-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		s.Data, s.Secret = dir, dir+"/secret.key"
	}
	d, err := wire.Open(ctx, s, wire.Options{Log: slog.New(slog.DiscardHandler), Build: build()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Erase(context.WithoutCancel(ctx)), d.Close()) }() //nolint:contextcheck // closes after ctx has ended, too
	return do(d)
}

// about says what the rows were measured on.
func about(d *wire.Desk) map[string]any {
	redis := "server"
	if d.Settings.Trial() {
		redis = "trial (in-process)"
	}
	return map[string]any{"redis": redis, "rss_mb": wire.RSS()}
}

// benchChat asks questions as residents do, each in a chat of its own.
func (a *app) benchChat(ctx context.Context, f benchFlags) error {
	return a.withDesk(ctx, func(d *wire.Desk) error {
		texts, err := f.texts(d.Content.Library)
		if err != nil {
			return err
		}
		var rows []figures
		for _, clients := range f.clients {
			rows = append(rows, measure(ctx, "message", clients, f.n, func(ctx context.Context, i int) error {
				chat := fmt.Sprintf("bench-%d-%d", clients, i)
				from := bot.Address{Channel: "web", Chat: chat}
				_, err := d.Bot.Handle(ctx, bot.Message{
					ID: strconv.Itoa(i), From: from, Person: access.Actor{ID: from.String()}, Text: texts[i%len(texts)], At: time.Now(),
				})
				return err
			}))
		}
		return a.printBench(rows, about(d))
	})
}
