package redisdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot"
)

const (
	chatLines = 120                 // of one conversation
	chatKept  = 30 * 24 * time.Hour // after its last line; docs/PRIVACY.md promises it
	chatSeen  = 24 * time.Hour
)

var chatAppend = script("chat_append")

// Transcripts keeps conversations, sealed. Each has a salt of its own, so that
// to erase it is to lose the key, in copies of the database too.
type Transcripts struct{ db *DB }

var _ bot.Transcript = (*Transcripts)(nil)

// Transcripts returns the part of the desk's state that holds conversations.
// It needs Options.Secret.
func (d *DB) Transcripts() (*Transcripts, error) {
	if d.vault == nil {
		return nil, errors.New("transcripts: no master key to seal conversations with")
	}
	return &Transcripts{d}, nil
}

// Append implements [bot.Transcript].
func (t *Transcripts) Append(ctx context.Context, chat, token string, data []byte) (string, bool, error) {
	seal, err := t.sealer(ctx, chat)
	if err != nil {
		return "", false, err
	}
	keys := []string{t.db.k.chat(chat), t.db.k.chatSalt(chat), t.db.k.chatSeen(chat, token)}
	id, err := t.db.run(ctx, chatAppend, keys, seal.seal("line", string(data)), chatLines,
		chatKept.Milliseconds(), chatSeen.Milliseconds(), token, t.db.k.chats(), chat).Text()
	if err != nil {
		return "", false, fmt.Errorf("redis: append to a conversation: %w", err)
	}
	return id, id != "", nil
}

// sealer makes the conversation's salt if it has none yet; of two replicas that
// try, one wins and both read the winner's.
func (t *Transcripts) sealer(ctx context.Context, chat string) (sealer, error) {
	key := t.db.k.chatSalt(chat)
	salt, err := t.db.rdb.Get(ctx, key).Result()
	if errors.Is(err, redis.Nil) {
		err = t.db.rdb.SetArgs(ctx, key, newSalt(), redis.SetArgs{Mode: "NX", TTL: chatKept}).Err()
		if err == nil || errors.Is(err, redis.Nil) {
			salt, err = t.db.rdb.Get(ctx, key).Result()
		}
	}
	if err != nil {
		return sealer{}, fmt.Errorf("redis: key of a conversation: %w", err)
	}
	return t.db.vault.sealer("chat "+chat, salt)
}

// Since implements [bot.Transcript]. A line sealed by a key that is gone is
// passed over: what can't be read must not hide what can.
func (t *Transcripts) Since(ctx context.Context, chat, after string) ([]bot.Line, error) {
	from := "-"
	if after != "" {
		from = "(" + after
	}
	kept, err := t.db.rdb.XRange(ctx, t.db.k.chat(chat), from, "+").Result()
	if err != nil {
		return nil, fmt.Errorf("redis: lines of a conversation: %w", err)
	}
	if len(kept) == 0 {
		return nil, nil
	}
	seal, err := t.sealer(ctx, chat)
	if err != nil {
		return nil, err
	}
	lines := make([]bot.Line, 0, len(kept))
	for _, m := range kept {
		sealed, _ := m.Values["line"].(string)
		data, err := seal.open("line", sealed)
		if err != nil {
			t.db.log.WarnContext(ctx, "line of a conversation can't be opened", "line", m.ID, "err", err)
			continue
		}
		lines = append(lines, bot.Line{ID: m.ID, Data: []byte(data)})
	}
	return lines, nil
}

// Erase implements [bot.Transcript].
func (t *Transcripts) Erase(ctx context.Context, chat string) error {
	if err := t.db.rdb.Del(ctx, t.db.k.chat(chat), t.db.k.chatSalt(chat)).Err(); err != nil {
		return fmt.Errorf("redis: erase a conversation: %w", err)
	}
	return nil
}

// Watch implements [bot.Transcript].
func (t *Transcripts) Watch(ctx context.Context, told func(chat string)) error {
	sub := t.db.rdb.Subscribe(ctx, t.db.k.chats())
	defer sub.Close()
	if _, err := sub.Receive(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // the watch ends with ctx
		}
		return fmt.Errorf("redis: watch conversations: %w", err)
	}
	news := sub.Channel() // connects again by itself
	for {
		select {
		case m, ok := <-news:
			if !ok {
				return errors.New("redis: watch of conversations was closed")
			}
			told(m.Payload)
		case <-ctx.Done():
			return nil
		}
	}
}
