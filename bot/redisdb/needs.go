package redisdb

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/anjie-desk/anjie/bot/needs"
)

// figuresKept is how long a week's figures are kept after its last question.
const figuresKept = 400 * 24 * time.Hour

var (
	needNote   = script("need_note")
	needDecide = script("need_decide")
)

// Needs keeps the list of needs. Of a need's name it keeps a keyed hash and of
// its words what [needs.Service] left of them, sealed all the same.
type Needs struct {
	db   *DB
	seal sealer
}

var _ needs.Store = (*Needs)(nil)

// Needs returns the part of the desk's state that holds the list of needs. It
// needs Options.Secret.
func (d *DB) Needs() (*Needs, error) {
	if d.vault == nil {
		return nil, errors.New("needs: no master key to seal questions with")
	}
	s, err := d.vault.sealer("needs", "")
	return &Needs{d, s}, err
}

// need is a need as it is stored; times are Unix milliseconds as text, since
// the scripts' numbers would lose digits.
type need struct {
	Text    string             `json:"text"`
	Kinds   map[needs.Kind]int `json:"kinds"`
	Weeks   map[string]int     `json:"weeks"`
	Entry   string             `json:"entry"`
	First   string             `json:"first"`
	Last    string             `json:"last"`
	State   needs.State        `json:"state"`
	By      string             `json:"by"`
	To      string             `json:"to"`
	Decided string             `json:"decided"`
	Live    string             `json:"live"`
}

// Note implements [needs.Store].
func (s *Needs) Note(ctx context.Context, n needs.Noted) error {
	id, words := "", ""
	if n.Key != "" {
		id = shortMac(s.db.vault.blind, "need", n.Key)
		words = base64.StdEncoding.EncodeToString([]byte(s.seal.seal(id, n.Text)))
	}
	k := s.db.k
	err := s.db.run(ctx, needNote, []string{k.needs(), k.needsByTime(), k.needFigures(n.Week)},
		string(n.Kind), figuresKept.Milliseconds(), id, words, n.Entry, n.At.UnixMilli(), n.Week,
		needs.Kept.Milliseconds(), needs.Most, needs.Week(n.At.Add(-needs.Kept))).Err()
	if err != nil {
		return fmt.Errorf("redis: note a need: %w", err)
	}
	return nil
}

// Needs implements [needs.Store]. What is sealed by a key that is gone is
// passed over.
func (s *Needs) Needs(ctx context.Context) ([]needs.Need, error) {
	all, err := s.db.rdb.HGetAll(ctx, s.db.k.needs()).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: list needs: %w", err)
	}
	out := make([]needs.Need, 0, len(all))
	oldest := s.db.Now().Add(-needs.Kept)
	for id, raw := range all {
		n, err := s.decode(id, raw)
		if err != nil {
			s.db.log.WarnContext(ctx, "a need can't be read", "need", id, "err", err)
			continue
		}
		if n.Last.After(oldest) {
			out = append(out, n)
		}
	}
	return out, nil
}

func (s *Needs) decode(id, raw string) (needs.Need, error) {
	var v need
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		return needs.Need{}, err
	}
	sealed, err := base64.StdEncoding.DecodeString(v.Text)
	if err != nil {
		return needs.Need{}, err
	}
	text, err := s.seal.open(id, string(sealed))
	return needs.Need{
		ID: id, Text: text, Kinds: v.Kinds, Weeks: v.Weeks, Entry: v.Entry, First: millis(v.First), Last: millis(v.Last),
		State: v.State, By: v.By, To: v.To, Decided: millis(v.Decided), Live: millis(v.Live),
	}, err
}

// millis reads a time; "" is the zero one.
func millis(s string) time.Time {
	ms, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// Decide implements [needs.Store].
func (s *Needs) Decide(ctx context.Context, ids []string, d needs.Decision) error {
	args := []any{string(d.State), d.By, d.To, d.At.UnixMilli()}
	for _, id := range ids {
		args = append(args, id)
	}
	if err := s.db.run(ctx, needDecide, []string{s.db.k.needs()}, args...).Err(); err != nil {
		return fmt.Errorf("redis: decide about needs: %w", err)
	}
	return nil
}

// Figures implements [needs.Store].
func (s *Needs) Figures(ctx context.Context, week string) (map[needs.Kind]int, error) {
	raw, err := s.db.rdb.HGetAll(ctx, s.db.k.needFigures(week)).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: figures of needs: %w", err)
	}
	out := make(map[needs.Kind]int, len(raw))
	for kind, n := range raw {
		if out[needs.Kind(kind)], err = strconv.Atoi(n); err != nil {
			return nil, fmt.Errorf("figures of %s: %w", week, err)
		}
	}
	return out, nil
}
