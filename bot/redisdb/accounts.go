package redisdb

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

var (
	accountSave = script("account_save")
	codeUse     = script("code_use")
)

const (
	codeBytes    = 15 // 120 bits: nobody guesses one within its minutes
	sessionBytes = 32
)

// Accounts keeps staff accounts, one-time codes and sessions. Of codes and
// sessions it keeps hashes only: who reads Redis can't sign in.
type Accounts struct{ db *DB }

var _ access.Accounts = (*Accounts)(nil)

// Accounts returns the staff's part of the desk's state.
func (d *DB) Accounts() *Accounts { return &Accounts{d} }

// Account implements [access.Accounts].
func (a *Accounts) Account(ctx context.Context, id string) (access.Account, error) {
	raw, err := a.db.rdb.HGet(ctx, a.db.k.accounts(), id).Bytes()
	if errors.Is(err, redis.Nil) {
		return access.Account{}, fault.New(fault.NotFound, "no account "+id)
	}
	if err != nil {
		return access.Account{}, fmt.Errorf("account %s: %w", id, err)
	}
	return decodeAccount(raw)
}

func decodeAccount(raw []byte) (access.Account, error) {
	var acc access.Account
	if err := json.Unmarshal(raw, &acc); err != nil {
		return acc, fmt.Errorf("stored account: %w", err)
	}
	return acc, nil
}

// ByTelegram implements [access.Accounts]. A disabled account is not found.
func (a *Accounts) ByTelegram(ctx context.Context, chat string) (access.Account, error) {
	id, err := a.db.rdb.HGet(ctx, a.db.k.accountChats(), chat).Result()
	if errors.Is(err, redis.Nil) {
		return access.Account{}, fault.New(fault.NotFound, "no account has this chat")
	}
	if err != nil {
		return access.Account{}, fmt.Errorf("account of a chat: %w", err)
	}
	acc, err := a.Account(ctx, id)
	if err == nil && acc.Disabled {
		return access.Account{}, fault.New(fault.NotFound, "account "+id+" is disabled")
	}
	return acc, err
}

// List implements [access.Accounts], ordered by id. What another process saved
// it may miss for a second.
func (a *Accounts) List(ctx context.Context) ([]access.Account, error) {
	all, err := a.db.staff.get(func() ([]access.Account, error) { return a.list(ctx) })
	return slices.Clone(all), err
}

// Any implements [access.Accounts]. What another process saved it may miss for a
// second.
func (a *Accounts) Any(ctx context.Context, is func(access.Account) bool) (bool, error) {
	all, err := a.db.staff.get(func() ([]access.Account, error) { return a.list(ctx) })
	return slices.ContainsFunc(all, is), err
}

func (a *Accounts) list(ctx context.Context) ([]access.Account, error) {
	all, err := a.db.rdb.HGetAll(ctx, a.db.k.accounts()).Result()
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	list := make([]access.Account, 0, len(all))
	for _, raw := range all {
		acc, err := decodeAccount([]byte(raw))
		if err != nil {
			return nil, err
		}
		list = append(list, acc)
	}
	slices.SortFunc(list, func(x, y access.Account) int { return strings.Compare(x.ID, y.ID) })
	return list, nil
}

// staff remembers the list of accounts for a second: every report asks it who is
// on duty.
type staff struct {
	mu   sync.Mutex
	list []access.Account
	read time.Time
	gen  int // grows with every change made here
}

const staffLife = time.Second

// get returns the list that is remembered, which must not be changed, or what
// read returns.
func (s *staff) get(read func() ([]access.Account, error)) ([]access.Account, error) {
	s.mu.Lock()
	list, gen, fresh := s.list, s.gen, time.Since(s.read) < staffLife
	s.mu.Unlock()
	if fresh {
		return list, nil
	}
	list, err := read()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gen == gen { // nothing was saved here while it was read
		s.list, s.read = list, time.Now() //nolint:forbidigo // how old it is, not when something happened
	}
	return list, nil
}

func (s *staff) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read, s.gen = time.Time{}, s.gen+1
}

// Save implements [access.Accounts]. The error is of kind Conflict if the
// Telegram chat is another account's.
func (a *Accounts) Save(ctx context.Context, acc access.Account) error {
	_, err := a.save(ctx, acc, "", nil)
	return err
}

// save keeps an account with entries of the trail; false if it isn't any more as
// it was read, which "" doesn't ask.
func (a *Accounts) save(ctx context.Context, acc access.Account, read string, entries []access.Entry) (bool, error) {
	if acc.ID == "" || !slices.Contains(access.Roles(), acc.Role) {
		return false, fault.As(fault.Invalid, fmt.Errorf("account %q: an id and a role of the staff are required", acc.ID))
	}
	raw, err := json.Marshal(acc)
	if err != nil {
		return false, err
	}
	args := []any{acc.ID, raw, acc.Telegram, read}
	for _, e := range entries {
		line, err := json.Marshal(e)
		if err != nil {
			return false, err
		}
		args = append(args, line)
	}
	defer a.db.staff.forget()
	n, err := a.db.keep(ctx, accountSave, []string{a.db.k.accounts(), a.db.k.accountChats(), a.db.k.accountTrail()}, args...).Int()
	if err != nil {
		return false, fmt.Errorf("save account %s: %w", acc.ID, err)
	}
	if n == 0 {
		return false, fault.As(fault.Conflict, fmt.Errorf("save account %s: its chat is another account's", acc.ID))
	}
	return n > 0, nil
}

// token makes a random name and the hash under which it is kept.
func token(bytes int) (secret, kept string) {
	raw := make([]byte, bytes)
	_, _ = rand.Read(raw) // never fails, see crypto/rand
	secret = base64.RawURLEncoding.EncodeToString(raw)
	return secret, hashed(secret)
}

func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// NewCode implements [access.Accounts].
func (a *Accounts) NewCode(ctx context.Context, account, purpose string, ttl time.Duration) (string, error) {
	code, kept := token(codeBytes)
	key := a.db.k.code(kept)
	_, err := a.db.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, key, "account", account, "purpose", purpose)
		p.PExpire(ctx, key, ttl)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("one-time code for %s: %w", account, err)
	}
	return code, nil
}

var errCode = fault.New(fault.Denied, "the code is unknown, used, over or for something else")

// Redeem implements [access.Accounts].
func (a *Accounts) Redeem(ctx context.Context, code, purpose string) (access.Account, error) {
	id, err := a.db.run(ctx, codeUse, []string{a.db.k.code(hashed(code))}, purpose).Text()
	return a.coded(ctx, id, err)
}

// Peek implements [access.Accounts].
func (a *Accounts) Peek(ctx context.Context, code, purpose string) (access.Account, error) {
	got, err := a.db.rdb.HMGet(ctx, a.db.k.code(hashed(code)), "account", "purpose").Result()
	if err != nil {
		return access.Account{}, fmt.Errorf("one-time code: %w", err)
	}
	id, _ := got[0].(string)
	if made, _ := got[1].(string); id == "" || made != purpose {
		return access.Account{}, errCode
	}
	return a.coded(ctx, id, nil)
}

// coded is the account behind a code; a disabled one has none.
func (a *Accounts) coded(ctx context.Context, id string, err error) (access.Account, error) {
	if errors.Is(err, redis.Nil) {
		return access.Account{}, errCode
	}
	if err != nil {
		return access.Account{}, fmt.Errorf("one-time code: %w", err)
	}
	acc, err := a.Account(ctx, id)
	if fault.Of(err) == fault.NotFound || acc.Disabled {
		return access.Account{}, errCode
	}
	return acc, err
}

// NewSession implements [access.Accounts].
func (a *Accounts) NewSession(ctx context.Context, account string, ttl time.Duration) (string, error) {
	secret, kept := token(sessionBytes)
	if err := a.db.rdb.Set(ctx, a.db.k.staffSession(kept), account, ttl).Err(); err != nil {
		return "", fmt.Errorf("session of %s: %w", account, err)
	}
	return secret, nil
}

var errSession = fault.New(fault.Denied, "no such session")

// Session implements [access.Accounts]. An account that was disabled has no
// session any more.
func (a *Accounts) Session(ctx context.Context, secret string) (access.Account, error) {
	id, err := a.db.rdb.Get(ctx, a.db.k.staffSession(hashed(secret))).Result()
	if errors.Is(err, redis.Nil) {
		return access.Account{}, errSession
	}
	if err != nil {
		return access.Account{}, fmt.Errorf("session: %w", err)
	}
	acc, err := a.Account(ctx, id)
	if fault.Of(err) == fault.NotFound || acc.Disabled {
		return access.Account{}, errSession
	}
	return acc, err
}

// EndSession implements [access.Accounts]. Ending one that is none does nothing.
func (a *Accounts) EndSession(ctx context.Context, secret string) error {
	if err := a.db.rdb.Del(ctx, a.db.k.staffSession(hashed(secret))).Err(); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}
