package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"net/http"
	"regexp"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"github.com/anjie-desk/anjie/bot"
)

const (
	maxUpdate    = 1 << 20
	secretHeader = "X-Telegram-Bot-Api-Secret-Token" //nolint:gosec // a header's name
)

// goodSecret is what Telegram takes as secret_token, and long enough.
var goodSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{16,256}$`)

// Webhook takes the updates that Telegram posts. It answers 200 only for what
// is kept; Telegram brings everything else again.
func (c *Channel) Webhook() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(c.takePost(w, r))
	})
}

func (c *Channel) takePost(w http.ResponseWriter, r *http.Request) int {
	if r.Method != http.MethodPost {
		return http.StatusMethodNotAllowed
	}
	if !c.secretIs(r.Header.Get(secretHeader)) {
		return http.StatusNotFound
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if err != nil {
		return http.StatusRequestEntityTooLarge
	}
	up, _, ok := received(raw)
	if !ok {
		c.log.WarnContext(r.Context(), "telegram: an update without id is passed over")
		return http.StatusOK // it would come again for ever
	}
	if err := c.keep(r.Context(), []bot.Received{up}); err != nil {
		c.log.ErrorContext(r.Context(), "telegram: update not kept", "update", up.ID, "err", err)
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// secretIs compares in constant time, also for another length.
func (c *Channel) secretIs(got string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(c.opt.Secret))
	return c.opt.Secret != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// register tells Telegram where to post, until it takes that.
func (c *Channel) register(ctx context.Context) {
	c.persist(ctx, "webhook not set", func() error {
		return c.api.call(ctx, "setWebhook", tgbotapi.Params{
			"url": c.opt.Webhook, "secret_token": c.opt.Secret, "allowed_updates": allowed, "max_connections": "20",
		}, nil)
	})
}
