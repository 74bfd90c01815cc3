package telegram

import (
	"context"
	"errors"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/anjie-desk/anjie/bot"
)

const sendFor = 30 * time.Second // one message, once its turn has come

// Send implements [bot.Channel]. A reply of several messages of which one is
// out already is Unknown rather than Retry, so that nobody gets it twice.
func (c *Channel) Send(ctx context.Context, to bot.Address, r bot.Reply) error {
	if to.Channel != Name {
		return &bot.SendError{Outcome: bot.Dropped, Err: errors.New("telegram: not an address of this channel")}
	}
	for i, o := range c.render(r) {
		_, serr := c.send(ctx, to.Chat, o)
		if serr == nil {
			continue
		}
		if i > 0 && serr.Outcome == bot.Retry {
			serr.Outcome = bot.Unknown
		}
		return serr
	}
	return nil
}

// send sends one message when its turn has come.
func (c *Channel) send(ctx context.Context, chat string, o outgoing) (tgbotapi.Message, *bot.SendError) {
	if err := c.limits.wait(ctx, chat); err != nil {
		return tgbotapi.Message{}, &bot.SendError{Outcome: bot.Retry, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	var sent tgbotapi.Message
	err := c.api.call(ctx, "sendMessage", o.params(chat), &sent)
	var api *tgbotapi.Error
	if errors.As(err, &api) && api.MigrateToChatID != 0 { // a group that became a supergroup
		err = c.api.call(ctx, "sendMessage", o.params(strconv.FormatInt(api.MigrateToChatID, 10)), &sent)
	}
	if err != nil {
		return sent, outcome(err)
	}
	return sent, nil
}
