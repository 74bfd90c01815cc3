package redisdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

var _ access.Ledger = (*Accounts)(nil)

// accountTries is how often a change of an account is tried again when another got in
// between.
const accountTries = 8

// Change implements [access.Ledger].
func (a *Accounts) Change(ctx context.Context, id string, edit func(*access.Account) ([]access.Entry, error)) (access.Account, error) {
	for range accountTries {
		raw, err := a.db.rdb.HGet(ctx, a.db.k.accounts(), id).Result()
		if errors.Is(err, redis.Nil) {
			return access.Account{}, fault.New(fault.NotFound, "no account "+id)
		}
		if err != nil {
			return access.Account{}, fmt.Errorf("account %s: %w", id, err)
		}
		acc, err := decodeAccount([]byte(raw))
		if err != nil {
			return access.Account{}, err
		}
		entries, err := edit(&acc)
		if err != nil {
			return access.Account{}, err
		}
		if done, err := a.save(ctx, acc, raw, entries); done || err != nil {
			return acc, err
		}
	}
	return access.Account{}, fault.New(fault.Conflict, "account "+id+" is changed by others all the time")
}

// Note implements [access.Ledger].
func (a *Accounts) Note(ctx context.Context, e access.Entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := a.db.rdb.LPush(ctx, a.db.k.accountTrail(), line).Err(); err != nil {
		return fmt.Errorf("trail of account %s: %w", e.Account, err)
	}
	return nil
}

// Trail implements [access.Ledger]. There are few entries a year; all are read.
func (a *Accounts) Trail(ctx context.Context, account string, limit int) ([]access.Entry, error) {
	lines, err := a.db.rdb.LRange(ctx, a.db.k.accountTrail(), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("trail of accounts: %w", err)
	}
	var all []access.Entry
	for _, line := range lines {
		var e access.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return nil, fmt.Errorf("trail of accounts: %w", err)
		}
		if account == "" || e.Account == account {
			all = append(all, e)
		}
		if len(all) == limit {
			break
		}
	}
	return all, nil
}
