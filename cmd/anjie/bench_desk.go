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
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
)

// withDesk opens a desk for a measurement: the settings' Redis under a tenant
// of its own, or a trial in a folder that is thrown away. Nothing of the
// settings' own desk is touched.
func (a *app) withDesk(ctx context.Context, do func(*wire.Desk) error) (err error) {
	s, err := a.settings()
	if err != nil {
		return err
	}
	s.Tenant = "bench-" + strconv.FormatInt(time.Now().UnixNano(), 36)
	s.Telegram.Token = ""
	if s.Trial() {
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

// benchQueue files, claims and contacts, each step with all clients at once.
func (a *app) benchQueue(ctx context.Context, f benchFlags) error {
	return a.withDesk(ctx, func(d *wire.Desk) error {
		var rows []figures
		for _, clients := range f.clients {
			rows = append(rows, queueRows(ctx, d, clients, f.n)...)
		}
		return a.printBench(rows, about(d))
	})
}

func queueRows(ctx context.Context, d *wire.Desk, clients, n int) []figures {
	ids := make([]dispute.CaseID, n)
	mediator := access.Actor{ID: "bench-mediator", Name: "bench", Role: access.Mediator}
	territories := d.Content.Places.Territories()
	submit := measure(ctx, "submit", clients, n, func(ctx context.Context, i int) error {
		who := access.Actor{ID: fmt.Sprintf("web:bench-%d-%d", clients, i)}
		c, err := d.Cases.File(ctx, who, dispute.Filing{
			Report: dispute.Report{
				Village: territories[i%len(territories)], Category: d.Content.Intake.Categories[0].Key, What: benchText,
				Contact: dispute.Contact{Name: "bench", Phone: "13800000000", Address: who.ID}, Source: "web", Urgency: dispute.Normal, Consented: time.Now(),
			},
			Gate: dispute.Gate{Verdict: dispute.Yes}, Token: who.ID,
		})
		ids[i] = c.ID
		return err
	})
	claim := measure(ctx, "claim", clients, n, func(ctx context.Context, i int) error {
		_, err := d.Cases.Claim(ctx, mediator, ids[i], dispute.Seen{})
		return err
	})
	move := measure(ctx, "transition", clients, n, func(ctx context.Context, i int) error {
		_, err := d.Cases.Advance(ctx, mediator, ids[i], dispute.OpContact, benchText, dispute.Seen{})
		return err
	})
	return []figures{submit, claim, move}
}

// benchText is as long as what residents tell.
const benchText = "The neighbour's air conditioner hangs under the bedroom window and hums through the night; both sides have talked once."
