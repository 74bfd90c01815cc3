package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/fault"
)

const (
	workFor     = 100 * time.Second // below the inbox's lease
	handleTries = 4                 // then the person is told that it didn't work
	sendTries   = 8
)

// answer is what is still to be said to an update: kept in the inbox, so that
// a message is handled once even if its answer goes out late.
type answer struct {
	Messages []outgoing `json:"messages"`
	Next     int        `json:"next"`            // the first that is not out
	Doubt    bool       `json:"doubt,omitempty"` // the last try of it may have come out
}

// work handles what the inbox holds until ctx ends.
func (c *Channel) work(ctx context.Context) {
	for ctx.Err() == nil {
		r, ok, err := c.inbox.Next(ctx, Name)
		switch {
		case err != nil && ctx.Err() == nil:
			c.log.ErrorContext(ctx, "telegram: inbox", "err", err)
			sleep(ctx, c.opt.Pause)
		case ok:
			c.nudge() // there may be more, for another worker
			c.do(ctx, r)
		default:
			c.idle(ctx)
		}
	}
}

// nudge wakes an idle worker.
func (c *Channel) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// idle waits for a new update, or long enough that a chat whose wait is over
// is looked at in time.
func (c *Channel) idle(ctx context.Context) {
	t := time.NewTimer(c.opt.Pause)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-c.wake:
	case <-t.C:
	}
}

// do handles and answers one update, even if the desk is being stopped.
func (c *Channel) do(ctx context.Context, r bot.Received) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workFor)
	defer cancel()
	a, err := c.prepare(ctx, r)
	if err == nil {
		err = c.deliver(ctx, r, a)
	}
	if err != nil { // the inbox's: the lease will run out and the update come again
		c.log.ErrorContext(ctx, "telegram: update put off", "update", r.ID, "err", err)
		if later := (laterError{}); !errors.As(err, &later) {
			c.sayAway(context.WithoutCancel(ctx), r)
		}
	}
}

// prepare returns what is to be said: what is held already, or what the
// conversation answers now. A failure puts the update off, or, after some
// tries, makes an apology.
func (c *Channel) prepare(ctx context.Context, r bot.Received) (answer, error) {
	var a answer
	if r.Held != nil {
		return a, json.Unmarshal(r.Held, &a)
	}
	in, ok := c.read(r.Raw)
	if !ok {
		return a, nil
	}
	reply, err := c.converse(ctx, r, in)
	if err != nil && fault.Of(err) == fault.Internal && r.Tries < handleTries {
		return a, c.again(ctx, r, err)
	}
	if err != nil {
		c.log.ErrorContext(ctx, "telegram: update not handled", "update", r.ID, "tries", r.Tries+1, "err", err)
		reply = bot.Reply{Text: c.texts.Say("tg.trouble", nil)}
	}
	a.Messages = c.render(reply)
	if len(a.Messages) == 0 {
		return a, nil
	}
	return a, c.hold(ctx, r, a)
}

// laterError is why an update was put off with its chat.
type laterError struct{ error }

// again puts an update off after a failure that may pass.
func (c *Channel) again(ctx context.Context, r bot.Received, cause error) error {
	if err := c.inbox.Again(ctx, Name, r, c.backOff(r.Tries)); err != nil {
		return err
	}
	return laterError{cause}
}

func (c *Channel) hold(ctx context.Context, r bot.Received, a answer) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return err
	}
	r.Held = raw
	return c.inbox.Hold(ctx, Name, r)
}

// converse takes an update to the conversation. A panic there is this update's
// failure, not the desk's end.
func (c *Channel) converse(ctx context.Context, r bot.Received, in incoming) (reply bot.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if in.callback != "" {
		c.pressed(ctx, in)
	}
	switch {
	case in.group && in.callback != "":
		return bot.Reply{}, nil
	case in.command == "start" && in.text != "" && !in.group:
		return c.link(ctx, in.chat, in.text)
	case in.command == "" && in.text == "" && in.choice == "" && len(in.files) == 0:
		return bot.Reply{Text: c.texts.Say("tg.unreadable", nil)}, nil
	}
	m, err := c.message(ctx, r, in)
	if err != nil {
		return bot.Reply{}, err
	}
	reply, err = c.handler.Handle(ctx, m)
	if in.group {
		reply = c.forGroup(reply)
	}
	return reply, err
}

// pressed ends the button's waiting circle. In a group it says to write in
// private instead. Telegram refuses it for an old press, which is no matter.
func (c *Channel) pressed(ctx context.Context, in incoming) {
	p := tgbotapi.Params{"callback_query_id": in.callback}
	if in.group {
		p["text"], p["show_alert"] = c.texts.Say("tg.group.private", nil), "true"
	}
	if err := c.api.call(ctx, "answerCallbackQuery", p, nil); err != nil {
		c.log.DebugContext(ctx, "telegram: button press not answered", "err", err)
	}
}

// forGroup takes the buttons off a reply whose next step could be personal,
// keeps its links, and hangs on the way to a chat of one's own.
func (c *Channel) forGroup(r bot.Reply) bot.Reply {
	r = linksOnly(r)
	if name := c.username(); name != "" {
		r.Choices = append(r.Choices, bot.Choice{Label: c.texts.Say("tg.group.open", nil), URL: "https://t.me/" + name})
	}
	return r
}

func linksOnly(r bot.Reply) bot.Reply {
	r.Choices = slices.DeleteFunc(slices.Clone(r.Choices), func(ch bot.Choice) bool { return ch.URL == "" })
	r.More = slices.Clone(r.More)
	for i := range r.More {
		r.More[i] = linksOnly(r.More[i])
	}
	return r
}

// deliver sends what is not out yet and forgets the update when all is.
func (c *Channel) deliver(ctx context.Context, r bot.Received, a answer) error {
	for ; a.Next < len(a.Messages); a.Next++ {
		_, serr := c.send(ctx, r.Chat, a.Messages[a.Next])
		if serr != nil {
			done, err := c.undelivered(ctx, r, a, serr)
			if err != nil || !done {
				return err
			}
		}
		a.Doubt = false
		if a.Next+1 < len(a.Messages) {
			if err := c.hold(ctx, r, answer{Messages: a.Messages, Next: a.Next + 1}); err != nil {
				return err
			}
		}
	}
	return c.inbox.Done(ctx, Name, r)
}

// undelivered decides on a message that did not go out: true to go on with the
// next. What may have come out is sent once more: to hear an answer twice is
// better than never.
func (c *Channel) undelivered(ctx context.Context, r bot.Received, a answer, serr *bot.SendError) (done bool, err error) {
	if serr.Outcome == bot.Dropped || serr.Outcome == bot.Unknown && a.Doubt || r.Tries >= sendTries {
		c.log.WarnContext(ctx, "telegram: answer given up", "update", r.ID, "tries", r.Tries+1, "err", serr)
		return true, nil
	}
	a.Doubt = serr.Outcome == bot.Unknown
	if err := c.hold(ctx, r, a); err != nil {
		return false, err
	}
	wait := max(c.backOff(r.Tries), time.Duration(serr.After)*time.Second)
	if err := c.inbox.Again(ctx, Name, r, wait); err != nil {
		return false, err
	}
	c.log.InfoContext(ctx, "telegram: answer put off", "update", r.ID, "wait", wait, "err", serr)
	return false, nil
}
