package telegram

import (
	"context"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Check asks Telegram whose token it is, for a doctor: the bot's name and how
// many updates wait for it. It tries once.
func Check(ctx context.Context, token string, opt Options) (username string, waiting int, err error) {
	silence()
	api := newClient(token, opt.withDefaults())
	var me tgbotapi.User
	if err := api.call(ctx, "getMe", nil, &me); err != nil {
		return "", 0, err
	}
	var hook tgbotapi.WebhookInfo
	if err := api.call(ctx, "getWebhookInfo", nil, &hook); err != nil {
		return me.UserName, 0, nil //nolint:nilerr // the token works, which is what was asked
	}
	return me.UserName, hook.PendingUpdateCount, nil
}
