package telegram

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	chatBurst = 3               // Telegram lets short bursts pass
	idleAfter = 2 * time.Minute // by then any limiter of ours is full again
	maxKeys   = 10000
)

// limiter makes messages wait their turn: each chat's own, then everybody's.
type limiter struct {
	all   *rate.Limiter
	rates Limits
	chats *keyed
}

func newLimiter(l Limits, now func() time.Time) *limiter {
	return &limiter{all: rate.NewLimiter(l.Overall, max(int(l.Overall), 1)), rates: l, chats: newKeyed(now)}
}

// wait returns when a message may go to chat, or ctx's error.
func (l *limiter) wait(ctx context.Context, chat string) error {
	r := l.rates.Chat
	if strings.HasPrefix(chat, "-") || strings.HasPrefix(chat, "@") { // groups and channels
		r = l.rates.Group
	}
	if err := l.chats.get(chat, r, chatBurst).Wait(ctx); err != nil {
		return err
	}
	return l.all.Wait(ctx)
}

// keyed holds a limiter a key, and forgets those idle for long.
type keyed struct {
	now func() time.Time
	mu  sync.Mutex
	all map[string]*usedLimiter
}

type usedLimiter struct {
	*rate.Limiter
	used time.Time
}

func newKeyed(now func() time.Time) *keyed {
	return &keyed{now: now, all: map[string]*usedLimiter{}}
}

func (k *keyed) get(key string, r rate.Limit, burst int) *rate.Limiter {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	if len(k.all) >= maxKeys {
		for key, l := range k.all {
			if now.Sub(l.used) > idleAfter && l.TokensAt(now) >= float64(l.Burst()) {
				delete(k.all, key)
			}
		}
	}
	l, ok := k.all[key]
	if !ok {
		l = &usedLimiter{Limiter: rate.NewLimiter(r, burst)}
		k.all[key] = l
	}
	l.used = now
	return l.Limiter
}
