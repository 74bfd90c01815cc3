package redisdb

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// shelfLock is how long one process has the archive to itself; a run ends well
// before that.
const shelfLock = 10 * time.Minute

var (
	shelveScript   = script("shelve")
	unshelveScript = script("unshelve")
	eraseScript    = script("erase")
	unlockScript   = script("unlock")
)

var _ dispute.Archive = (*Cases)(nil)

// Shelving implements [dispute.Archive].
func (c *Cases) Shelving(ctx context.Context) (func(), time.Duration, error) {
	if c.shelf == nil {
		return nil, 0, errNoShelf
	}
	key, token := c.db.k.shelving(), rand.Text()
	ok, err := c.db.rdb.SetNX(ctx, key, token, shelfLock).Result()
	if err != nil {
		return nil, 0, fmt.Errorf("redis: %w", err)
	}
	if !ok {
		return nil, 0, nil
	}
	return func() {
		if err := c.db.run(context.WithoutCancel(ctx), unlockScript, []string{key}, token).Err(); err != nil {
			c.db.log.WarnContext(ctx, "the archive's lock stays until it runs out", "err", err)
		}
	}, shelfLock / 2, nil
}

// Unshelved implements [dispute.Archive].
func (c *Cases) Unshelved(ctx context.Context, territories []string, after string, limit int) ([]dispute.Case, string, error) {
	from, err := parseCursor(after)
	if err != nil {
		return nil, "", err
	}
	f := dispute.Filter{Territory: territories, State: []dispute.State{dispute.Archived}, Limit: limit, After: after}
	m := newMerger(c, f, from)
	m.sources = m.sources[:0]
	for _, t := range territories {
		m.sources = append(m.sources, &source{key: c.db.k.byPlace(t, string(dispute.Archived)), ask: most})
	}
	refs, err := m.next(ctx, limit)
	if err != nil || len(refs) == 0 {
		return nil, "", err
	}
	cases, err := c.read(ctx, refs)
	next := ""
	if len(refs) == limit {
		next = refs[limit-1].cursor()
	}
	return cases, next, err
}

// Shelve implements [dispute.Archive]. The record is on the disk and was read
// back before the script has Redis let go of the case; until then the case is
// whole in Redis, and what was written doesn't count.
func (c *Cases) Shelve(ctx context.Context, id dispute.CaseID, traits []string, ev dispute.Event) error {
	if err := errors.Join(c.ready(), c.hasShelf()); err != nil {
		return err
	}
	raw, err := c.raw(ctx, id)
	if err != nil {
		return fmt.Errorf("case %s: %w", id, err)
	}
	k, err := caseOf(id, raw.fields)
	if err != nil {
		return err
	}
	if k.State != dispute.Archived || k.Shelf != "" || k.Erased() {
		return dispute.ErrMove
	}
	year := raw.fields["year"]
	before, err := c.head(ctx, year)
	if err != nil {
		return err
	}
	p, after, err := c.write(k, raw, year, before)
	if err != nil {
		return fmt.Errorf("case %s: %w", id, err)
	}
	return c.letGo(ctx, k, raw, traits, ev, p, before, after)
}

func (c *Cases) hasShelf() error {
	if c.shelf == nil {
		return errNoShelf
	}
	return nil
}

// rawCase is all that Redis holds of a case, as it lies there.
type rawCase struct {
	fields, sealed map[string]string
	rows           []string
}

func (c *Cases) raw(ctx context.Context, id dispute.CaseID) (rawCase, error) {
	k := c.db.k
	tx := c.db.rdb.TxPipeline()
	plain, secret := tx.HGetAll(ctx, k.caseHash(string(id))), tx.HGetAll(ctx, k.sealed(string(id)))
	rows := tx.LRange(ctx, k.events(string(id)), 0, -1)
	if _, err := tx.Exec(ctx); err != nil {
		return rawCase{}, fmt.Errorf("redis: %w", err)
	}
	if len(plain.Val()) == 0 {
		return rawCase{}, dispute.ErrNotFound
	}
	return rawCase{plain.Val(), secret.Val(), rows.Val()}, nil
}

// write puts a case into its year's file.
func (c *Cases) write(k dispute.Case, raw rawCase, year string, before head) (place, head, error) {
	s, err := c.db.vault.sealer(string(k.ID), raw.sealed[saltField])
	if err != nil {
		return place{}, before, err
	}
	in := inside{Fields: raw.fields, Sealed: map[string][]byte{}}
	for name, v := range raw.sealed {
		if name != saltField {
			in.Sealed[name] = []byte(v)
		}
	}
	text, err := json.Marshal(in)
	if err != nil {
		return place{}, before, err
	}
	r := record{ID: string(k.ID), Version: k.Version, Head: k.Head, Sealed: []byte(s.seal(archiveField, string(text)))}
	for _, row := range raw.rows {
		r.Trail = append(r.Trail, json.RawMessage(row))
	}
	body, err := json.Marshal(r)
	if err != nil {
		return place{}, before, err
	}
	l := line{Record: body, Link: c.linkOf(year, before.link, body)}
	text, err = json.Marshal(l)
	if err != nil {
		return place{}, before, err
	}
	size, err := c.shelf.Append(year, before.size, text)
	return place{year, before.size, size - before.size, l.Link}, head{size, before.count + 1, l.Link}, err
}

// letGo has Redis keep a remnant of a case that the file holds, if nothing has
// changed since.
func (c *Cases) letGo(
	ctx context.Context, k dispute.Case, raw rawCase, traits []string, ev dispute.Event, p place, before, after head,
) error {
	remnant := remnantOf(k)
	remnant.Shelf = p.String()
	ev.Detail = map[string]string{"place": remnant.Shelf}
	fields, event := c.remnantFields(&remnant, raw, ev)
	ks, id, t := c.db.k, string(k.ID), k.Territory
	keys := append([]string{
		ks.caseHash(id), ks.sealed(id), ks.events(id), ks.timers(), ks.shelves(), ks.byPlace(t, string(dispute.Archived)), ks.byPlace(t, shelved),
		ks.byType(k.Category, t, string(dispute.Archived)), ks.byType(k.Category, t, shelved),
	}, c.traitKeys(traits)...)
	args := append([]any{id, raw.fields["version"], p.year, before.String(), after.String(), event, stamp(k.Filed)}, timersOf(k)...)
	n, err := c.db.keep(ctx, shelveScript, keys, append(args, fields...)...).Int()
	switch {
	case err != nil:
		return fmt.Errorf("case %s: redis: %w", id, err)
	case n == 0:
		return dispute.ErrStale
	case n < 0:
		return fmt.Errorf("case %s: archive of %s: %w", id, p.year, errTwoRuns)
	}
	c.recent.put(remnant)
	return nil
}

var errTwoRuns = errors.New("another process has written to the file meanwhile")

// timersOf is how many timers a case has, and their members.
func timersOf(k dispute.Case) []any {
	out := []any{len(k.Timers)}
	for _, t := range k.Timers {
		out = append(out, timerMember(k.ID, t.Kind))
	}
	return out
}

// remnantOf is what Redis keeps of a case: enough for lists, figures and who may
// know of it.
func remnantOf(k dispute.Case) dispute.Case {
	return dispute.Case{
		ID: k.ID, Number: k.Number, Code: k.Code, State: k.State, Version: k.Version, Edited: k.Edited, Head: k.Head, Territory: k.Territory,
		Category: k.Category, Priority: k.Priority, Source: k.Source, Reporter: k.Reporter, Owner: k.Owner, OwnerName: k.OwnerName,
		Filed: k.Filed, Changed: k.Changed, Outcome: k.Outcome, Amount: k.Amount, Agreement: k.Agreement, Shelf: k.Shelf,
	}
}

// scriptFields are those that only scripts write: they stay with a remnant as they are.
var scriptFields = []string{"number", "year", "serial", "agreement", "agreement_year", "agreement_serial"}

// remnantFields chains an event onto a remnant and lays its fields out.
func (c *Cases) remnantFields(remnant *dispute.Case, raw rawCase, ev dispute.Event) (fields []any, event any) {
	edited := remnant.Edited
	events := c.chain(remnant, []dispute.Event{ev}, nil)
	remnant.Edited = edited
	f := fieldsOf(*remnant)
	f = append(f, field{"mac", c.macOver(remnant.ID, f)})
	for _, name := range scriptFields {
		if v := raw.fields[name]; v != "" {
			f = append(f, field{name, v})
		}
	}
	return pairs(f), events[0]
}

// Unshelve implements [dispute.Archive]. The record stays in the file; when
// the case leaves Redis again it gets another one.
func (c *Cases) Unshelve(ctx context.Context, id dispute.CaseID, ev dispute.Event) (dispute.Case, error) {
	if err := errors.Join(c.ready(), c.hasShelf()); err != nil {
		return dispute.Case{}, err
	}
	raw, err := c.raw(ctx, id)
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: %w", id, err)
	}
	remnant, err := caseOf(id, raw.fields)
	if err != nil {
		return dispute.Case{}, err
	}
	if remnant.Shelf == "" || remnant.Erased() {
		return dispute.Case{}, dispute.ErrMove
	}
	s, err := c.db.vault.sealer(string(id), raw.sealed[saltField])
	if err != nil {
		return dispute.Case{}, err
	}
	r, err := c.openShelf(id, remnant.Shelf, s)
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: %w", id, err)
	}
	return c.putBack(ctx, remnant, raw, r, ev)
}

func (c *Cases) putBack(ctx context.Context, remnant dispute.Case, raw rawCase, r onShelf, ev dispute.Event) (dispute.Case, error) {
	k, err := caseOf(remnant.ID, r.in.Fields)
	if err != nil {
		return k, err
	}
	k.Version, k.Edited, k.Head, k.Changed, k.Timers = remnant.Version, remnant.Edited, remnant.Head, ev.At, nil
	fields, event := c.remnantFields(&k, rawCase{fields: r.in.Fields}, ev)
	var sealed, rows []any
	for name, v := range r.in.Sealed {
		sealed = append(sealed, name, string(v))
	}
	for _, row := range r.Trail {
		rows = append(rows, string(row))
	}
	for _, row := range raw.rows {
		rows = append(rows, row)
	}
	ks, id, t := c.db.k, string(k.ID), k.Territory
	keys := []string{
		ks.caseHash(id), ks.sealed(id), ks.events(id), ks.byPlace(t, shelved), ks.byPlace(t, string(dispute.Archived)),
		ks.byType(k.Category, t, shelved), ks.byType(k.Category, t, string(dispute.Archived)),
	}
	args := append(append(append([]any{id, raw.fields["version"], stamp(k.Filed), len(fields), len(sealed)}, fields...), sealed...), append(rows, event)...)
	n, err := c.db.keep(ctx, unshelveScript, keys, args...).Int()
	if err != nil {
		return k, fmt.Errorf("case %s: redis: %w", id, err)
	}
	if n == 0 {
		return k, dispute.ErrStale
	}
	k.Code = c.codeOf(k.ID)
	c.recent.put(k)
	return k, nil
}

// Erase implements [dispute.Archive].
func (c *Cases) Erase(ctx context.Context, id dispute.CaseID, traits []string, ev dispute.Event) (dispute.Case, error) {
	if err := c.ready(); err != nil {
		return dispute.Case{}, err
	}
	raw, err := c.raw(ctx, id)
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: %w", id, err)
	}
	k, err := caseOf(id, raw.fields)
	if err != nil {
		return k, err
	}
	remnant := remnantOf(k)
	remnant.Reporter, remnant.Facts = "", map[string]string{dispute.FactErased: stamp(ev.At)}
	fields, event := c.remnantFields(&remnant, raw, ev)
	ks := c.db.k
	keys := append([]string{ks.caseHash(string(id)), ks.sealed(string(id)), ks.events(string(id)), ks.timers(), ks.byReporter(k.Reporter)}, c.traitKeys(traits)...)
	args := append([]any{string(id), raw.fields["version"], event}, timersOf(k)...)
	n, err := c.db.keep(ctx, eraseScript, keys, append(args, fields...)...).Int()
	if err != nil {
		return k, fmt.Errorf("case %s: redis: %w", id, err)
	}
	if n == 0 {
		return k, dispute.ErrStale
	}
	c.recent.put(remnant)
	return remnant, nil
}

// Rewrite asks Redis to write its log anew, so that a salt that was destroyed is
// no longer in it either.
func (d *DB) Rewrite(ctx context.Context) error {
	one := func(ctx context.Context, r *redis.Client) error { return r.BgRewriteAOF(ctx).Err() }
	switch r := d.rdb.(type) {
	case *redis.ClusterClient:
		return r.ForEachMaster(ctx, one)
	case *redis.Client:
		return one(ctx, r)
	}
	return nil
}

// changesMore tells whether a move changes more than the trail of a case.
func changesMore(m dispute.Move) bool {
	return m.To != "" || m.SetOwner != nil || m.Lease != nil || len(m.Timers) > 0 || m.Outcome != "" || m.Amount != nil || len(m.Facts) > 0 ||
		m.Summary != "" || len(m.Evidence) > 0 || len(m.Papers) > 0
}

// fetch puts a case from its file back, for a move that changes it: whoever
// makes the move is told to look at the case again.
func (c *Cases) fetch(ctx context.Context, seen dispute.Case, m dispute.Move) (dispute.Case, error) {
	if m.From != nil && !slices.Contains(m.From, seen.State) {
		return dispute.Case{}, dispute.ErrMove
	}
	_, err := c.Unshelve(ctx, seen.ID, dispute.Event{At: m.Event.At, Actor: m.Event.Actor, Kind: dispute.Unshelved})
	return dispute.Case{}, errors.Join(dispute.ErrStale, err)
}
