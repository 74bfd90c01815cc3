package redisdb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot"
)

const (
	// A chat is leased in two steps: if the first one's answer is lost, as when
	// Redis stood still and did at last what nobody waited for any more, the
	// chat waits a few seconds and not as long as an answer may take.
	inboxFirst = 10 * time.Second
	inboxLease = 2 * time.Minute
	inboxSeen  = 48 * time.Hour // Telegram gives an update out for 24 hours
)

var (
	inboxKeep  = script("inbox_keep")
	inboxTake  = script("inbox_lease")
	inboxHead  = script("inbox_head")
	inboxHold  = script("inbox_hold")
	inboxDone  = script("inbox_done")
	inboxAgain = script("inbox_again")
)

// Inbox keeps what channels receive until it is handled, sealed: an update
// holds what a resident wrote.
type Inbox struct {
	db   *DB
	seal sealer
}

var _ bot.Inbox = (*Inbox)(nil)

// Inbox returns the part of the desk's state that holds messages not yet
// handled. It needs Options.Secret.
func (d *DB) Inbox() (*Inbox, error) {
	if d.vault == nil {
		return nil, errors.New("inbox: no master key to seal messages with")
	}
	s, err := d.vault.sealer("inbox", "")
	return &Inbox{d, s}, err
}

// Keep implements [bot.Inbox].
func (b *Inbox) Keep(ctx context.Context, channel string, rs ...bot.Received) (int, error) {
	fresh := 0
	for _, r := range rs {
		keys := []string{
			b.db.k.inbox(channel, "seen", r.ID), b.db.k.inbox(channel, "chat", r.Chat),
			b.db.k.inbox(channel, "ready"), b.db.k.inbox(channel, "kept"),
		}
		sealed := b.seal.seal(r.ID, string(r.Raw))
		n, err := b.db.keep(ctx, inboxKeep, keys, r.ID, r.Chat, sealed, b.db.Now().UnixMilli(), inboxSeen.Milliseconds()).Int()
		if err != nil {
			return fresh, fmt.Errorf("redis: keep %s %s: %w", channel, r.ID, err)
		}
		fresh += n
	}
	return fresh, nil
}

// Next implements [bot.Inbox].
func (b *Inbox) Next(ctx context.Context, channel string) (bot.Received, bool, error) {
	now, ready := b.db.Now(), b.db.k.inbox(channel, "ready")
	chat, err := b.db.run(ctx, inboxTake, []string{ready}, now.UnixMilli(), now.Add(inboxFirst).UnixMilli()).Text()
	if errors.Is(err, redis.Nil) {
		return bot.Received{}, false, nil
	}
	if err != nil {
		return bot.Received{}, false, fmt.Errorf("redis: %w", err)
	}
	keys := []string{b.db.k.inbox(channel, "chat", chat), b.db.k.inbox(channel, "kept"), ready}
	head, err := b.db.run(ctx, inboxHead, keys, chat, now.Add(inboxLease).UnixMilli()).Slice()
	if errors.Is(err, redis.Nil) {
		return bot.Received{}, false, nil
	}
	if err != nil {
		return bot.Received{}, false, fmt.Errorf("redis: %w", err)
	}
	r, err := b.received(chat, head)
	if err != nil {
		// Given out without its text, so that the channel drops it and the chat goes on.
		b.db.log.ErrorContext(ctx, "received message cannot be read back", "channel", channel, "id", r.ID, "err", err)
		r.Raw, r.Held = nil, nil
	}
	return r, true, nil
}

// received reads the answer of inbox_head.lua.
func (b *Inbox) received(chat string, head []any) (bot.Received, error) {
	if len(head) != 5 {
		return bot.Received{}, fmt.Errorf("inbox head has %d parts", len(head))
	}
	text := func(i int) string { s, _ := head[i].(string); return s }
	tries, _ := head[4].(int64)
	r := bot.Received{ID: text(0), Chat: chat, Tries: int(tries)}
	raw, err := b.seal.open(r.ID, text(1))
	if err != nil {
		return r, err
	}
	held, err := b.seal.open("held "+r.ID, text(2))
	if err != nil {
		return r, err
	}
	at, err := strconv.ParseInt(text(3), 10, 64)
	if err != nil {
		return r, fmt.Errorf("inbox entry %s: %w", r.ID, err)
	}
	r.Raw, r.At = []byte(raw), time.UnixMilli(at)
	if held != "" {
		r.Held = []byte(held)
	}
	return r, nil
}

// Hold implements [bot.Inbox].
func (b *Inbox) Hold(ctx context.Context, channel string, r bot.Received) error {
	keys := []string{b.db.k.inbox(channel, "chat", r.Chat), b.db.k.inbox(channel, "kept")}
	return b.tell(ctx, inboxHold, keys, r.ID, b.seal.seal("held "+r.ID, string(r.Held)))
}

// Done implements [bot.Inbox].
func (b *Inbox) Done(ctx context.Context, channel string, r bot.Received) error {
	keys := []string{b.db.k.inbox(channel, "chat", r.Chat), b.db.k.inbox(channel, "kept"), b.db.k.inbox(channel, "ready")}
	return b.tell(ctx, inboxDone, keys, r.ID, r.Chat, b.db.Now().UnixMilli())
}

// Again implements [bot.Inbox].
func (b *Inbox) Again(ctx context.Context, channel string, r bot.Received, after time.Duration) error {
	keys := []string{b.db.k.inbox(channel, "chat", r.Chat), b.db.k.inbox(channel, "ready")}
	return b.tell(ctx, inboxAgain, keys, r.ID, r.Chat, b.db.Now().Add(after).UnixMilli())
}

// tell runs a script whose answer does not matter: an entry that is no longer
// its chat's head was finished by the replica that took over its lease.
func (b *Inbox) tell(ctx context.Context, s *redis.Script, keys []string, args ...any) error {
	if err := b.db.run(ctx, s, keys, args...).Err(); err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	return nil
}
