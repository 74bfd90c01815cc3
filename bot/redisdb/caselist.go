package redisdb

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
)

const (
	pageSize   = 50
	most       = 100  // ids read from one index at a time
	least      = 10   // … the first time, where many indexes are merged
	maxScanned = 5000 // cases looked at for one page when few match
)

// ref is a case's place in an index.
type ref struct {
	id    string
	score float64 // filing time, Unix ms
}

// later orders newest first.
func later(a, b ref) int {
	if d := cmp.Compare(b.score, a.score); d != 0 {
		return d
	}
	return strings.Compare(b.id, a.id)
}

// source reads one index from a cursor on, newest first, a chunk at a time.
type source struct {
	key    string
	offset int64
	ask    int64 // how many ids to read next
	buf    []ref
	done   bool
}

// Cases implements [dispute.Store]. It merges the indexes that the filter
// needs, between the times that it asks for.
func (c *Cases) Cases(ctx context.Context, f dispute.Filter) ([]dispute.Case, string, error) {
	if f.Limit == 0 {
		f.Limit = pageSize
	}
	from, err := parseCursor(f.After)
	if err != nil {
		return nil, "", err
	}
	within := f
	if f.Category != "" {
		typed, err := c.typesIndexed(ctx)
		if err != nil {
			return nil, "", err
		}
		if !typed {
			within.Category = "" // the indexes by place hold them all
		}
	}
	merge := newMerger(c, within, from)
	var page []dispute.Case
	for scanned := 0; len(page) < f.Limit; {
		refs, err := merge.next(ctx, f.Limit)
		if err != nil {
			return nil, "", err
		}
		cases, err := c.read(ctx, refs)
		if err != nil {
			return nil, "", err
		}
		for i, k := range cases {
			if matches(k, f) {
				page = append(page, k)
			}
			if len(page) == f.Limit {
				return page, refs[i].cursor(), nil
			}
		}
		if scanned += len(refs); len(refs) < f.Limit {
			break
		}
		if scanned >= maxScanned {
			return page, refs[len(refs)-1].cursor(), nil
		}
	}
	return page, "", nil
}

// indexes lists the fewest keys that hold all that the filter may match.
func (c *Cases) indexes(f dispute.Filter) []string {
	k := c.db.k
	if f.Reporter != "" {
		return []string{k.byReporter(f.Reporter)}
	}
	if f.Helper != "" {
		return []string{k.byHelper(f.Helper)}
	}
	states := f.State
	if len(states) == 0 {
		states = dispute.States
	}
	if f.Owner != "" {
		keys := []string{k.byOwner(f.Owner, "open")}
		if slices.ContainsFunc(states, dispute.State.Finished) {
			keys = append(keys, k.byOwner(f.Owner, "done"))
		}
		return keys
	}
	var keys []string
	for _, t := range f.Territory {
		for _, s := range states {
			keys = append(keys, c.placed(f.Category, t, string(s)))
			if s == dispute.Archived {
				keys = append(keys, c.placed(f.Category, t, shelved))
			}
		}
	}
	return keys
}

// placed is the index of a territory's cases in a state, of one type or, where
// that is "", of all.
func (c *Cases) placed(category, territory, state string) string {
	if category != "" {
		return c.db.k.byType(category, territory, state)
	}
	return c.db.k.byPlace(territory, state)
}

func matches(k dispute.Case, f dispute.Filter) bool {
	switch {
	case k.ID == "": // left Redis between index and read
	case len(f.State) > 0 && !slices.Contains(f.State, k.State):
	case len(f.Territory) > 0 && !slices.Contains(f.Territory, k.Territory):
	case f.Owner != "" && k.Owner != f.Owner, f.Reporter != "" && k.Reporter != f.Reporter:
	case f.Helper != "" && !slices.ContainsFunc(k.Team(), func(p dispute.Person) bool { return p.ID == f.Helper }):
	case f.Category != "" && k.Category != f.Category, k.Filed.Before(f.Since), !f.Until.IsZero() && !k.Filed.Before(f.Until):
	default:
		return true
	}
	return false
}

// merger yields the refs of several indexes in one order.
type merger struct {
	c        *Cases
	from     ref
	min, max string // of filing times, as Redis writes ranges
	last     ref
	sources  []*source
}

func newMerger(c *Cases, f dispute.Filter, from ref) *merger {
	m := &merger{c: c, from: from, min: "-inf", max: "+inf"}
	if !f.Since.IsZero() {
		m.min = stamp(f.Since)
	}
	if !f.Until.IsZero() {
		m.max = "(" + stamp(f.Until)
	}
	if from.id != "" { // a cursor is never past the end of its own filter
		m.max = strconv.FormatFloat(from.score, 'f', -1, 64)
	}
	keys := c.indexes(f)
	first := min(most, max(least, int64(2*f.Limit/max(1, len(keys)))))
	for _, key := range keys {
		m.sources = append(m.sources, &source{key: key, ask: first})
	}
	return m
}

// next returns up to n refs after those returned before.
func (m *merger) next(ctx context.Context, n int) ([]ref, error) {
	var out []ref
	for len(out) < n {
		if err := m.refill(ctx); err != nil {
			return nil, err
		}
		best := m.best()
		if best == nil {
			return out, nil
		}
		if best.buf[0] != m.last { // one that moved from index to index while they were read stands in both
			m.last = best.buf[0]
			out = append(out, m.last)
		}
		best.buf = best.buf[1:]
	}
	return out, nil
}

func (m *merger) best() *source {
	var best *source
	for _, s := range m.sources {
		if len(s.buf) > 0 && (best == nil || later(s.buf[0], best.buf[0]) < 0) {
			best = s
		}
	}
	return best
}

// refill reads on in every index that has nothing left at hand, all in one
// round trip.
func (m *merger) refill(ctx context.Context) error {
	for {
		var empty []*source
		for _, s := range m.sources {
			if len(s.buf) == 0 && !s.done {
				empty = append(empty, s)
			}
		}
		if len(empty) == 0 {
			return nil
		}
		if err := m.read(ctx, empty); err != nil {
			return err
		}
	}
}

func (m *merger) read(ctx context.Context, empty []*source) error {
	replies := make([]*redis.ZSliceCmd, len(empty))
	// In one transaction: a case that moves from one index to another is in one of them.
	_, err := m.c.db.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for i, s := range empty {
			replies[i] = p.ZRevRangeByScoreWithScores(ctx, s.key, &redis.ZRangeBy{Max: m.max, Min: m.min, Offset: s.offset, Count: s.ask})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	for i, s := range empty {
		got := replies[i].Val()
		s.offset += int64(len(got))
		s.done = int64(len(got)) < s.ask
		s.ask = most
		for _, z := range got {
			if r := (ref{fmt.Sprint(z.Member), z.Score}); m.from.id == "" || later(m.from, r) < 0 {
				s.buf = append(s.buf, r)
			}
		}
	}
	return nil
}

func (r ref) cursor() string { return strconv.FormatFloat(r.score, 'f', -1, 64) + ":" + r.id }

func parseCursor(s string) (ref, error) {
	if s == "" {
		return ref{}, nil
	}
	score, id, _ := strings.Cut(s, ":")
	at, err := strconv.ParseFloat(score, 64)
	if err != nil {
		return ref{}, fmt.Errorf("cursor %q: %w", s, dispute.ErrNotFound)
	}
	return ref{id, at}, nil
}

// read reads cases without personal data, in the order of refs; one that is
// gone leaves a zero Case.
func (c *Cases) read(ctx context.Context, refs []ref) ([]dispute.Case, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	replies := make([]*redis.MapStringStringCmd, len(refs))
	_, err := c.db.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, r := range refs {
			replies[i] = p.HGetAll(ctx, c.db.k.caseHash(r.id))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	cases := make([]dispute.Case, len(refs))
	for i, r := range refs {
		fields := replies[i].Val()
		if len(fields) == 0 {
			continue
		}
		if cases[i], err = caseOf(dispute.CaseID(r.id), fields); err != nil {
			return nil, err
		}
	}
	return cases, nil
}

// Queue implements [dispute.Store].
func (c *Cases) Queue(ctx context.Context, territories []string, limit int) ([]dispute.Case, error) {
	if limit <= 0 {
		limit = pageSize
	}
	replies := make([]*redis.ZSliceCmd, len(territories))
	_, err := c.db.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, t := range territories {
			replies[i] = p.ZRangeWithScores(ctx, c.db.k.queue(t), 0, int64(limit-1))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	var refs []ref
	for _, r := range replies {
		for _, z := range r.Val() {
			refs = append(refs, ref{fmt.Sprint(z.Member), z.Score})
		}
	}
	slices.SortFunc(refs, func(a, b ref) int { return -later(a, b) })
	cases, err := c.read(ctx, refs[:min(limit, len(refs))])
	return slices.DeleteFunc(cases, func(k dispute.Case) bool { return k.State != dispute.Accepted }), err
}
