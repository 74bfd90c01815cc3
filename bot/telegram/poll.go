package telegram

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/anjie-desk/anjie/bot"
)

// allowed is what Telegram is to hand over.
const allowed = `["message","callback_query"]`

// poll asks Telegram for updates until ctx ends. Telegram forgets an update
// when it is asked for a later one, and that happens only after Keep.
func (c *Channel) poll(ctx context.Context) {
	c.dropWebhook(ctx)
	offset, failures, conflict := 0, 0, false
	for ctx.Err() == nil {
		began := c.opt.Now()
		next, n, err := c.receive(ctx, offset)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			conflict = c.pollFailed(ctx, err, failures, conflict)
			failures++
			continue
		}
		if conflict {
			c.log.InfoContext(ctx, "telegram: the other poller is gone")
		}
		offset, failures, conflict = next, 0, false
		if n == 0 && c.opt.Now().Sub(began) < c.opt.Pause { // a server that does not hold the poll open
			sleep(ctx, c.opt.Pause/2)
		}
	}
}

// pollFailed logs and waits. Two pollers of one token take updates from each
// other for ever: that is said once and clearly.
func (c *Channel) pollFailed(ctx context.Context, err error, failures int, conflict bool) bool {
	if code(err) == http.StatusConflict {
		if !conflict {
			c.log.ErrorContext(ctx, "telegram: another program is receiving with the same token; stop it or give this desk a bot of its own", "err", err)
		}
		sleep(ctx, 10*c.opt.Pause)
		return true
	}
	if failures == 0 || failures == 5 {
		c.log.WarnContext(ctx, "telegram: poll", "err", err, "failures", failures+1)
	}
	sleep(ctx, max(c.backOff(failures), retryAfter(err)))
	return conflict
}

// dropWebhook frees the poll from a webhook set earlier. What waits at
// Telegram stays there.
func (c *Channel) dropWebhook(ctx context.Context) {
	if err := c.api.call(ctx, "deleteWebhook", tgbotapi.Params{"drop_pending_updates": "false"}, nil); err != nil && ctx.Err() == nil {
		c.log.WarnContext(ctx, "telegram: webhook not dropped", "err", err)
	}
}

// receive takes one batch and keeps it. It returns the offset for the next.
func (c *Channel) receive(ctx context.Context, offset int) (next, n int, err error) {
	var batch []json.RawMessage
	err = c.api.call(ctx, "getUpdates", tgbotapi.Params{
		"offset": strconv.Itoa(offset), "limit": "100", "allowed_updates": allowed,
		"timeout": strconv.Itoa(int(c.opt.Poll.Seconds())),
	}, &batch)
	if err != nil {
		return offset, 0, err
	}
	var kept []bot.Received
	next = offset
	for _, raw := range batch {
		r, id, ok := received(raw)
		if !ok {
			c.log.WarnContext(ctx, "telegram: an update without id is passed over")
			continue
		}
		kept, next = append(kept, r), max(next, id+1)
	}
	return next, len(batch), c.keep(ctx, kept)
}

// keep keeps updates and wakes a worker. When it returns nil they are safe.
func (c *Channel) keep(ctx context.Context, rs []bot.Received) error {
	fresh, err := c.inbox.Keep(ctx, Name, rs...)
	if fresh > 0 {
		c.nudge()
	}
	if err != nil && ctx.Err() == nil {
		c.sayAway(ctx, rs...)
	}
	return err
}

// received reads just enough of an update to keep it: its id and its chat.
// Whatever else is in it is for the worker, so that an update of a shape we
// don't know stops nothing.
func received(raw json.RawMessage) (r bot.Received, id int, ok bool) {
	var u struct {
		ID int `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &u); err != nil || u.ID == 0 {
		return bot.Received{}, 0, false
	}
	type message struct {
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
	}
	var where struct {
		Message  message `json:"message"`
		Callback struct {
			Message message `json:"message"`
		} `json:"callback_query"`
	}
	chat := int64(0)
	if err := json.Unmarshal(raw, &where); err == nil {
		chat = where.Message.Chat.ID + where.Callback.Message.Chat.ID // one of them is zero
	}
	return bot.Received{ID: strconv.Itoa(u.ID), Chat: strconv.FormatInt(chat, 10), Raw: raw}, u.ID, true
}
