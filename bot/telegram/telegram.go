// Package telegram is the channel to people on Telegram and to the desk's own
// Telegram channel.
//
// What Telegram hands over is kept in the [bot.Inbox] before Telegram is told
// that it may forget it, and handled from there, each chat in order. So a
// crash loses nothing and a redelivery does nothing twice. Answers go out as
// HTML through one escaper, within Telegram's limits. The token stands in the
// address of every request: no error and no log line holds it.
package telegram

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	"golang.org/x/time/rate"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
)

// Name is this channel's name in addresses.
const Name = "telegram"

// Options tune a Channel; the zero value polls api.telegram.org.
type Options struct {
	Endpoint string        // with %s for token and method; "" means Telegram's own
	Webhook  string        // public address of Channel.Webhook; "" means long poll
	Secret   string        // of the webhook: 16 or more of A-Z a-z 0-9 _ -
	Workers  int           // chats handled at the same time; 0 means 4
	Poll     time.Duration // how long Telegram holds a poll open; 0 means 50 seconds
	Pause    time.Duration // the unit of every back-off; 0 means a second
	Limits   Limits        // zero means Telegram's
	Client   *http.Client  // nil means one of our own
	Files    bot.Files     // keeps what people attach; nil: nothing is taken
	Log      *slog.Logger  // nil means slog.Default()
	Now      func() time.Time
}

// Limits are how fast messages go out. Telegram's own, which are the default,
// are 30 a second overall, one a second to a chat, 20 a minute to a group.
type Limits struct {
	Overall, Chat, Group rate.Limit
}

// Channel speaks with people on Telegram.
type Channel struct {
	api      *client
	handler  bot.Handler
	inbox    bot.Inbox
	accounts access.Accounts
	texts    bot.Texts
	limits   *limiter
	guesses  *keyed // tries to link an account, by chat
	opt      Options
	log      *slog.Logger
	wake     chan struct{}
	away     away
	me       atomic.Pointer[tgbotapi.User]
}

var _ bot.Channel = (*Channel)(nil)

// silence keeps the library from writing lines of its own, which could hold
// the token.
var silence = sync.OnceFunc(func() { _ = tgbotapi.SetLogger(noLogger{}) })

type noLogger struct{}

func (noLogger) Println(...any)        {}
func (noLogger) Printf(string, ...any) {}

// New returns a Channel; nothing is sent before [Channel.Run] or
// [Channel.Send]. The error is for settings that cannot work.
func New(token string, handler bot.Handler, inbox bot.Inbox, accounts access.Accounts, texts bot.Texts, opt Options) (*Channel, error) {
	silence()
	if token == "" {
		return nil, errors.New("telegram: no token")
	}
	if opt.Webhook != "" && !goodSecret.MatchString(opt.Secret) {
		return nil, errors.New("telegram: the webhook's secret needs 16 to 256 characters of A-Z a-z 0-9 _ -")
	}
	opt = opt.withDefaults()
	return &Channel{
		api: newClient(token, opt), handler: handler, inbox: inbox, accounts: accounts, texts: texts,
		limits: newLimiter(opt.Limits, opt.Now), guesses: newKeyed(opt.Now), opt: opt, log: opt.Log,
		wake: make(chan struct{}, 1),
	}, nil
}

func (opt Options) withDefaults() Options {
	if opt.Endpoint == "" {
		opt.Endpoint = tgbotapi.APIEndpoint
	}
	if opt.Workers == 0 {
		opt.Workers = 4
	}
	if opt.Poll == 0 {
		opt.Poll = 50 * time.Second
	}
	if opt.Pause == 0 {
		opt.Pause = time.Second
	}
	if opt.Limits == (Limits{}) {
		opt.Limits = Limits{Overall: 30, Chat: 1, Group: rate.Every(3 * time.Second)}
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	return opt
}

// Name implements [bot.Channel].
func (c *Channel) Name() string { return Name }

// Run receives and answers until ctx ends and what is being handled is
// answered, and returns nil. It waits for Telegram as long as it has to.
func (c *Channel) Run(ctx context.Context) error {
	defer c.api.http.CloseIdleConnections()
	if !c.introduce(ctx) {
		return nil
	}
	c.setCommands(ctx)
	var g sync.WaitGroup
	for range c.opt.Workers {
		g.Go(func() { c.work(ctx) })
	}
	if c.opt.Webhook != "" {
		g.Go(func() { c.register(ctx) })
	} else {
		g.Go(func() { c.poll(ctx) })
	}
	g.Wait()
	return nil
}

// introduce asks Telegram who we are until it answers; false if ctx ended.
func (c *Channel) introduce(ctx context.Context) bool {
	return c.persist(ctx, "telegram does not know us yet", func() error {
		var me tgbotapi.User
		if err := c.api.call(ctx, "getMe", nil, &me); err != nil {
			return err
		}
		c.me.Store(&me)
		c.log.InfoContext(ctx, "telegram is connected", "bot", me.UserName)
		return nil
	})
}

// persist tries until it succeeds, longer apart each time; false if ctx ended.
// Only the first of equal failures is logged.
func (c *Channel) persist(ctx context.Context, what string, try func() error) bool {
	said := ""
	for n := 0; ctx.Err() == nil; n++ {
		err := try()
		if err == nil {
			return true
		}
		if ctx.Err() == nil && err.Error() != said {
			said = err.Error()
			c.log.WarnContext(ctx, "telegram: trying again", "what", what, "err", err)
		}
		sleep(ctx, max(c.backOff(n), retryAfter(err)))
	}
	return false
}

// backOff grows from one Pause to sixty.
func (c *Channel) backOff(tries int) time.Duration {
	return min(c.opt.Pause<<min(tries, 6), 60*c.opt.Pause)
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// username is the bot's own name, "" before Telegram told us.
func (c *Channel) username() string {
	if me := c.me.Load(); me != nil {
		return me.UserName
	}
	return ""
}
