package telegram

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/anjie-desk/anjie/bot"
)

// awayEvery is how long a chat that was told so isn't told again that the desk
// is out of order.
const awayEvery = 10 * time.Minute

// away remembers who was told that the desk is out of order, in this process
// alone: what it would be kept in is what is out of order.
type away struct {
	mu   sync.Mutex
	told map[string]time.Time
}

// due tells whether a chat is to be told now, and takes it as told.
func (a *away) due(chat string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if at, ok := a.told[chat]; ok && now.Sub(at) < awayEvery {
		return false
	}
	if a.told == nil || len(a.told) > 10_000 {
		a.told = map[string]time.Time{}
	}
	a.told[chat] = now
	return true
}

// sayAway tells people whose words can't be taken in just now that they are not
// lost: they wait at Telegram, or in the inbox, and are answered later. Groups
// aren't told.
func (c *Channel) sayAway(ctx context.Context, rs ...bot.Received) {
	for _, r := range rs {
		if strings.HasPrefix(r.Chat, "-") || r.Chat == "0" || !c.away.due(r.Chat, c.opt.Now()) {
			continue
		}
		for _, o := range c.render(bot.Reply{Text: c.texts.Say("tg.away", nil)}) {
			if _, err := c.send(ctx, r.Chat, o); err != nil {
				c.log.WarnContext(ctx, "telegram: nobody could be told that the desk is out of order", "err", err)
			}
		}
	}
}
