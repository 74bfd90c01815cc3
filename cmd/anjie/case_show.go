package main

import (
	"context"
	"fmt"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// shown is the JSON of `case show`.
type shown struct {
	ID        dispute.CaseID  `json:"id"`
	Number    dispute.Number  `json:"number"`
	State     dispute.State   `json:"state"`
	Territory string          `json:"territory"`
	Category  string          `json:"category"`
	Outcome   dispute.Outcome `json:"outcome"`
	Filed     time.Time       `json:"filed"`
	Changed   time.Time       `json:"changed"`
	Archive   string          `json:"archive"` // year, offset, length and link in the archive's files, "" while it is in Redis
	Erased    bool            `json:"erased"`
	Trail     []shownEvent    `json:"trail"`
}

type shownEvent struct {
	Seq   int64         `json:"seq"`
	At    time.Time     `json:"at"`
	Kind  string        `json:"kind"`
	Actor string        `json:"actor"`
	To    dispute.State `json:"to,omitempty"`
}

func (a *app) showCase(ctx context.Context, svc *dispute.Service, number string) error {
	id, err := svc.Find(ctx, access.System, number)
	if err != nil {
		return err
	}
	c, err := svc.Brief(ctx, access.System, id)
	if err != nil {
		return err
	}
	events, err := svc.Events(ctx, access.System, c.ID)
	if err != nil {
		return err
	}
	out := shown{
		c.ID, c.Number, c.State, c.Territory, c.Category, c.Outcome, c.Filed, c.Changed, c.Shelf, c.Erased(), nil,
	}
	for _, e := range events {
		out.Trail = append(out.Trail, shownEvent{e.Seq, e.At, e.Kind, e.Actor, e.To})
	}
	if a.json {
		return a.printJSON(out)
	}
	where := "in Redis"
	if c.Shelf != "" {
		where = "in the archive, " + c.Shelf
	}
	fmt.Fprintf(a.out, "%s\t%s\t%s\t%s\t%s\n%s\n", c.Number, c.ID, c.State, c.Territory, c.Category, where)
	for _, e := range out.Trail {
		fmt.Fprintf(a.out, "%d\t%s\t%s\t%s\t%s\n", e.Seq, e.At.Local().Format(time.DateTime), e.Kind, e.Actor, e.To)
	}
	return nil
}
