package telegram

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/time/rate"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/fault"
)

// A chat may try this many codes, and one more every so often. A code has 80
// bits or more; this only keeps a script from hammering.
const (
	linkTries = 5
	linkEvery = 10 * time.Minute
	linkFor   = "telegram" // the codes' purpose
)

// link joins a chat to the staff account whose one-use code came with /start.
func (c *Channel) link(ctx context.Context, chat, code string) (bot.Reply, error) {
	if !c.guesses.get(chat, rate.Every(linkEvery), linkTries).Allow() {
		return bot.Reply{Text: c.texts.Say("tg.link.wait", nil)}, nil
	}
	acc, err := c.accounts.Redeem(ctx, code, linkFor)
	switch fault.Of(err) {
	case fault.Denied, fault.NotFound, fault.Invalid:
		return bot.Reply{Text: c.texts.Say("tg.link.bad", nil)}, nil
	default:
	}
	if err != nil {
		return bot.Reply{}, fmt.Errorf("redeem code: %w", err)
	}
	if err := c.unlink(ctx, chat, acc.ID); err != nil {
		return bot.Reply{}, err
	}
	acc.Telegram = chat
	if err := c.accounts.Save(ctx, acc); err != nil {
		return bot.Reply{}, fmt.Errorf("link account %s: %w", acc.ID, err)
	}
	c.log.InfoContext(ctx, "account linked to telegram", "account", acc.ID)
	return bot.Reply{Text: c.texts.Say("tg.link.done", map[string]any{"Name": acc.Name})}, nil
}

// unlink takes the chat off another account: a chat acts for one only.
func (c *Channel) unlink(ctx context.Context, chat, except string) error {
	old, err := c.accounts.ByTelegram(ctx, chat)
	if fault.Of(err) == fault.NotFound || err == nil && old.ID == except {
		return nil
	}
	if err != nil {
		return fmt.Errorf("account of the chat: %w", err)
	}
	old.Telegram = ""
	if err := c.accounts.Save(ctx, old); err != nil {
		return fmt.Errorf("unlink account %s: %w", old.ID, err)
	}
	return nil
}
