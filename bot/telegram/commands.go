package telegram

import (
	"context"
	"encoding/json"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// commands are shown in Telegram's menu, in this order. tg.command.X is what
// the menu says of X, tg.say.X what somebody who picks it means.
var commands = []string{"ask", "report", "progress", "column", "person", "back", "cancel", "help"}

func known(command string) bool { return command == "start" || slices.Contains(commands, command) }

// setCommands fills the menu. The desk works as well without.
func (c *Channel) setCommands(ctx context.Context) {
	var menu []tgbotapi.BotCommand
	for _, name := range commands {
		menu = append(menu, tgbotapi.BotCommand{Command: name, Description: c.texts.Say("tg.command."+name, nil)})
	}
	raw, _ := json.Marshal(menu) // strings only: cannot fail
	if err := c.api.call(ctx, "setMyCommands", tgbotapi.Params{"commands": string(raw)}, nil); err != nil && ctx.Err() == nil {
		c.log.WarnContext(ctx, "telegram: menu of commands not set", "err", err)
	}
}
