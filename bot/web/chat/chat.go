// Package chat is the residents' conversation as a web page.
//
// It is a channel like any other: what is typed or pressed goes to
// [bot.Handler], what the desk says is appended to the session's transcript,
// and the page shows the transcript. So a page reloaded, a browser without
// scripts and a desk restarted all show the same conversation. With scripts on,
// new lines come by server-sent events.
package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/web"
)

// channel is the name in addresses: "web:<session id>".
const channel = "web"

// Deps is what the chat can't run without.
type Deps struct {
	Bot        bot.Handler
	Transcript bot.Transcript
	Texts      web.Texts
	Files      bot.Files // nil: nothing can be attached
}

// Options tune the chat; the zero value is production.
type Options struct {
	Heartbeat time.Duration    // between signs of life on a stream; 0 means 20 s
	Answer    time.Duration    // most time for an answer; 0 means 30 s
	Now       func() time.Time // nil means time.Now
	Log       *slog.Logger     // nil means slog.Default()
}

// Chat is the site of the residents' pages and the channel "web".
type Chat struct {
	d     Deps
	opt   Options
	hub   *hub
	turns *turns
	shell *web.Server
	pages *web.Pages
}

var (
	_ bot.Channel = (*Chat)(nil)
	_ web.Site    = (*Chat)(nil)
)

// New returns a Chat. It answers pages once it is added to a server, and wakes
// their streams while [Chat.Run] runs.
func New(d Deps, opt Options) *Chat {
	if opt.Heartbeat == 0 {
		opt.Heartbeat = 20 * time.Second
	}
	if opt.Answer == 0 {
		opt.Answer = 30 * time.Second
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	return &Chat{d: d, opt: opt, hub: newHub(), turns: newTurns()}
}

// Name is the channel's name in addresses.
func (c *Chat) Name() string { return channel }

// Send puts a message into the conversation of a session, whoever's replica
// its page hangs on. It is kept even when no page is open: the resident sees
// it at her next visit.
func (c *Chat) Send(ctx context.Context, to bot.Address, r bot.Reply) error {
	cards := cardsOf(r)
	if len(cards) == 0 {
		return nil
	}
	if err := c.append(ctx, to.Chat, line{At: c.opt.Now(), Cards: cards}); err != nil {
		return &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	return nil
}

// Run watches the transcripts and wakes the streams of this replica until ctx
// ends.
func (c *Chat) Run(ctx context.Context) error {
	if err := c.d.Transcript.Watch(ctx, c.hub.wake); err != nil && ctx.Err() == nil {
		return fmt.Errorf("watch transcripts: %w", err)
	}
	return nil
}

func (c *Chat) append(ctx context.Context, session string, l line) error {
	_, _, err := c.appendOnce(ctx, session, "", l)
	return err
}

func (c *Chat) appendOnce(ctx context.Context, session, token string, l line) (id string, fresh bool, err error) {
	data, err := json.Marshal(l)
	if err != nil {
		return "", false, fmt.Errorf("line of session %s: %w", session, err)
	}
	id, fresh, err = c.d.Transcript.Append(ctx, session, token, data)
	if err != nil {
		return "", false, fmt.Errorf("line of session %s: %w", session, err)
	}
	return id, fresh, nil
}

// since reads the lines after an id. A line that an older or newer version of
// the program wrote in a way we can't read is passed over.
func (c *Chat) since(ctx context.Context, session, after string) ([]line, error) {
	kept, err := c.d.Transcript.Since(ctx, session, after)
	if err != nil {
		return nil, fmt.Errorf("conversation of session %s: %w", session, err)
	}
	lines := make([]line, 0, len(kept))
	for _, k := range kept {
		var l line
		if err := json.Unmarshal(k.Data, &l); err != nil {
			c.opt.Log.WarnContext(ctx, "line of a conversation can't be read", "line", k.ID)
			continue
		}
		l.ID = k.ID
		lines = append(lines, l)
	}
	return lines, nil
}
