package redisdb

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/fault"
)

const (
	dialogKept = 30 * 24 * time.Hour // after its last change; docs/PRIVACY.md promises it
	replyKept  = 48 * time.Hour
	handleSize = 16 // characters of base32: 80 bits
)

var dialogSave = script("dialog_save")

// Dialogs keeps sessions, replies and handles, sealed: they hold what residents
// said and what may be done to whose case.
type Dialogs struct {
	db   *DB
	seal sealer
}

var _ bot.Dialogs = (*Dialogs)(nil)

// Dialogs returns the part of the desk's state that holds conversations under
// way. It needs Options.Secret.
func (d *DB) Dialogs() (*Dialogs, error) {
	if d.vault == nil {
		return nil, errors.New("dialogues: no master key to seal them with")
	}
	s, err := d.vault.sealer("dialogs", "")
	return &Dialogs{d, s}, err
}

// Load implements [bot.Dialogs].
func (d *Dialogs) Load(ctx context.Context, person, key string) (bot.Session, *bot.Reply, error) {
	var s bot.Session
	var had *redis.StringCmd
	pipe := d.db.rdb.Pipeline()
	kept := pipe.HMGet(ctx, d.db.k.dialog(person), "version", "session")
	if key != "" {
		had = pipe.Get(ctx, d.db.k.seen(key))
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return s, nil, fmt.Errorf("redis: load a dialogue: %w", err)
	}
	if had != nil && had.Err() == nil {
		var r bot.Reply
		err := d.open("reply "+key, had.Val(), &r)
		return s, &r, err
	}
	row := kept.Val()
	if len(row) != 2 || row[1] == nil {
		return s, nil, nil
	}
	if err := d.open("session "+person, fmt.Sprint(row[1]), &s); err != nil {
		return s, nil, err
	}
	n, err := strconv.ParseInt(fmt.Sprint(row[0]), 10, 64)
	s.Version = n
	return s, nil, err
}

// Save implements [bot.Dialogs].
func (d *Dialogs) Save(ctx context.Context, person string, s bot.Session, key string, r bot.Reply) error {
	sealed, err := d.sealed("session "+person, s)
	if err != nil {
		return err
	}
	keys, reply := []string{d.db.k.dialog(person), d.db.k.seen(key)}, ""
	if key != "" {
		if reply, err = d.sealed("reply "+key, r); err != nil {
			return err
		}
	}
	args := []any{s.Version, sealed, dialogKept.Milliseconds(), reply, replyKept.Milliseconds()}
	ok, err := d.db.run(ctx, dialogSave, keys, args...).Bool()
	if err != nil {
		return fmt.Errorf("redis: save a dialogue: %w", err)
	}
	if !ok {
		return fault.New(fault.Conflict, "the dialogue was saved meanwhile")
	}
	return nil
}

// Forget implements [bot.Dialogs].
func (d *Dialogs) Forget(ctx context.Context, person string) error {
	if err := d.db.rdb.Del(ctx, d.db.k.dialog(person)).Err(); err != nil {
		return fmt.Errorf("redis: forget a dialogue: %w", err)
	}
	return nil
}

// NewHandle implements [bot.Dialogs].
func (d *Dialogs) NewHandle(ctx context.Context, h bot.Handle) (string, error) {
	id := strings.ToLower(rand.Text()[:handleSize])
	sealed, err := d.sealed("handle "+id, h)
	if err != nil {
		return "", err
	}
	if err := d.db.rdb.Set(ctx, d.db.k.handle(id), sealed, dialogKept).Err(); err != nil {
		return "", fmt.Errorf("redis: keep a handle: %w", err)
	}
	return id, nil
}

// Handle implements [bot.Dialogs].
func (d *Dialogs) Handle(ctx context.Context, id string) (bot.Handle, error) {
	var h bot.Handle
	sealed, err := d.db.rdb.Get(ctx, d.db.k.handle(id)).Result()
	if errors.Is(err, redis.Nil) {
		return h, fault.New(fault.NotFound, "no such handle")
	}
	if err != nil {
		return h, fmt.Errorf("redis: find a handle: %w", err)
	}
	return h, d.open("handle "+id, sealed, &h)
}

// Opinion implements [bot.Dialogs].
func (d *Dialogs) Opinion(ctx context.Context, entry string, useful bool) error {
	said := "no"
	if useful {
		said = "yes"
	}
	if err := d.db.rdb.HIncrBy(ctx, d.db.k.opinions(), entry+":"+said, 1).Err(); err != nil {
		return fmt.Errorf("redis: count an opinion: %w", err)
	}
	return nil
}

// Opinions returns how often each entry was called useful and useless, by
// "<entry>:yes" and "<entry>:no".
func (d *Dialogs) Opinions(ctx context.Context) (map[string]int, error) {
	raw, err := d.db.rdb.HGetAll(ctx, d.db.k.opinions()).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: read opinions: %w", err)
	}
	out := make(map[string]int, len(raw))
	for entry, n := range raw {
		if out[entry], err = strconv.Atoi(n); err != nil {
			return nil, fmt.Errorf("opinion of %s: %w", entry, err)
		}
	}
	return out, nil
}

func (d *Dialogs) sealed(field string, v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return d.seal.seal(field, string(raw)), nil
}

func (d *Dialogs) open(field, sealed string, v any) error {
	plain, err := d.seal.open(field, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(plain), v)
}
