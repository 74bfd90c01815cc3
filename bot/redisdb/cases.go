package redisdb

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
)

const (
	draftTokenLife = 7 * 24 * time.Hour // a draft filed again within a week is the same case
	moveTokenLife  = 24 * time.Hour     // a button pressed again within a day acts once
	codeLetters    = 10                 // of a case's code: 50 bits
)

var (
	fileScript  = script("file")
	applyScript = script("apply")
)

// Cases keeps cases.
type Cases struct{ db *DB }

var _ dispute.Store = (*Cases)(nil)

// Cases returns the cases of the desk's state. Filing, and reading personal
// data, fails unless the DB was given a secret.
func (d *DB) Cases() *Cases { return &Cases{d} }

func (c *Cases) ready() error {
	if c.db.vault == nil {
		return errors.New("no master key: cases can't be sealed")
	}
	return nil
}

// codeOf is the case's code for its reporter: not kept, but made from the key.
func (c *Cases) codeOf(id dispute.CaseID) string {
	if c.db.vault == nil {
		return ""
	}
	return base32.StdEncoding.EncodeToString(mac(c.db.vault.blind, "code", string(id)))[:codeLetters]
}

// File implements [dispute.Store].
func (c *Cases) File(ctx context.Context, n dispute.NewCase) (dispute.Case, error) {
	if err := c.ready(); err != nil {
		return dispute.Case{}, err
	}
	filed, args, err := c.prepare(n)
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: %w", n.Case.ID, err)
	}
	k, year := c.db.k, strconv.Itoa(n.Series.Year)
	id := string(filed.ID)
	keys := []string{
		k.idem(hashToken("draft", n.Token)), k.caseHash(id), k.sealed(id), k.events(id), k.byPlace(filed.Territory, string(filed.State)),
		k.byReporter(filed.Reporter), k.queue(filed.Territory), k.timers(), k.outbox(), k.outboxBodies(), k.series(year), k.byNumber(year),
	}
	reply, err := c.db.run(ctx, fileScript, keys, args...).Slice()
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: redis: %w", n.Case.ID, err)
	}
	if again, _ := reply[2].(int64); again == 1 {
		return c.Case(ctx, dispute.CaseID(fmt.Sprint(reply[0])), false)
	}
	filed.Number = dispute.Number(fmt.Sprint(reply[1]))
	return filed, nil
}

// prepare seals, links and lays out a new case for file.lua.
func (c *Cases) prepare(n dispute.NewCase) (dispute.Case, []any, error) {
	k := n.Case
	salt := newSalt()
	s, err := c.db.vault.sealer(string(k.ID), salt)
	if err != nil {
		return k, nil, err
	}
	k.Timers, k.Due = n.Timers, dispute.NextDue(n.Timers)
	events, err := c.chain(&k, n.Events, &s)
	if err != nil {
		return k, nil, err
	}
	sealed, err := sealReport(s, salt, k.Report)
	if err != nil {
		return k, nil, err
	}
	fields := fieldsOf(k)
	fields["mac"] = c.macOf(k)
	score, life := "", ""
	if k.State == dispute.Accepted {
		score = queueScore(k)
	}
	if n.Token != "" {
		life = whole(draftTokenLife.Milliseconds())
	}
	notices, err := noticeArgs(k.ID, k.Version, k.Filed, n.Notices)
	if err != nil {
		return k, nil, err
	}
	notices = cutAtNumber(notices)
	args := []any{string(k.ID), life, stamp(k.Filed), score, n.Series.Year, n.Series.Form, n.Series.Digits}
	k.Code = c.codeOf(k.ID)
	return k, lists(args, pairs(fields), sealed, events, timerArgs(k.ID, n.Timers), notices), nil
}

// chain links events onto k, and moves its version and head along.
func (c *Cases) chain(k *dispute.Case, events []dispute.Event, s *sealer) ([]any, error) {
	var out []any
	for _, ev := range events {
		row := rowOf(ev, k.Version+1, s)
		if err := row.linkTo(c.db.vault, k.ID, k.Head); err != nil {
			return nil, err
		}
		raw, err := json.Marshal(row)
		if err != nil {
			return nil, err
		}
		k.Version, k.Head = row.Seq, row.Link
		out = append(out, string(raw))
	}
	k.Edited = k.Version
	return out, nil
}

// Apply implements [dispute.Store].
func (c *Cases) Apply(ctx context.Context, seen dispute.Case, m dispute.Move) (dispute.Case, error) {
	if err := c.ready(); err != nil {
		return dispute.Case{}, err
	}
	after, event, sealed, err := c.step(ctx, seen, m)
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: %w", seen.ID, err)
	}
	args, err := c.moveArgs(seen, after, m, event, sealed)
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: %w", seen.ID, err)
	}
	k, id := c.db.k, string(seen.ID)
	keys := []string{
		k.caseHash(id), k.sealed(id), k.events(id), k.byPlace(seen.Territory, string(seen.State)), k.byPlace(after.Territory, string(after.State)),
		k.queue(seen.Territory), k.timers(), k.outbox(), k.outboxBodies(), k.byOwner(seen.Owner, partOf(seen)), k.byOwner(after.Owner, partOf(after)),
		k.idem(hashToken(id, m.Token)),
	}
	version, err := c.db.run(ctx, applyScript, keys, args...).Int64()
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: redis: %w", seen.ID, err)
	}
	return c.verdict(ctx, version, after)
}

// verdict turns apply.lua's return value into a case or an error.
func (c *Cases) verdict(ctx context.Context, version int64, after dispute.Case) (dispute.Case, error) {
	switch version {
	case 0:
		return dispute.Case{}, dispute.ErrStale
	case -1:
		return dispute.Case{}, dispute.ErrNotFound
	case -2:
		return dispute.Case{}, dispute.ErrMove
	case -3:
		return dispute.Case{}, dispute.ErrOwner
	case -4:
		return dispute.Case{}, dispute.ErrGone
	case -5:
		return c.Case(ctx, after.ID, false)
	}
	return after, nil
}

// step works out the case after m, its event's row and its newly sealed fields.
func (c *Cases) step(ctx context.Context, seen dispute.Case, m dispute.Move) (dispute.Case, string, []any, error) {
	after := stepped(seen, m)
	var s sealer
	var sealed []any
	if m.Event.Text != "" || m.Summary != "" || len(m.Evidence) > 0 {
		var err error
		if s, err = c.sealerOf(ctx, seen.ID); err != nil {
			return after, "", nil, err
		}
		if sealed, err = c.reseal(ctx, s, seen.ID, m); err != nil {
			return after, "", nil, err
		}
	}
	ev := m.Event
	if m.To != "" {
		ev.From, ev.To = seen.State, m.To
	}
	edited := after.Edited
	events, err := c.chain(&after, []dispute.Event{ev}, &s)
	if err != nil {
		return after, "", nil, err
	}
	if m.Unedited {
		after.Edited = edited
	}
	event, _ := events[0].(string)
	return after, event, sealed, nil
}

// reseal lists the sealed fields that m changes.
func (c *Cases) reseal(ctx context.Context, s sealer, id dispute.CaseID, m dispute.Move) ([]any, error) {
	var sealed []any
	if m.Summary != "" {
		sealed = append(sealed, summaryField, s.seal(summaryField, m.Summary))
	}
	if len(m.Evidence) == 0 {
		return sealed, nil
	}
	old, err := c.db.rdb.HGet(ctx, c.db.k.sealed(string(id)), reportField).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	var r dispute.Report
	if err := unsealInto(s, reportField, old, &r); err != nil {
		return nil, err
	}
	r.Evidence = append(r.Evidence, m.Evidence...)
	report, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return append(sealed, reportField, s.seal(reportField, string(report))), nil
}

// stepped is the case after m, but for what the event brings.
func stepped(k dispute.Case, m dispute.Move) dispute.Case {
	if m.To != "" {
		k.State = m.To
	}
	if m.SetOwner != nil {
		k.Owner, k.OwnerName = m.SetOwner.ID, m.SetOwner.Name
	}
	if m.Lease != nil {
		k.Lease = *m.Lease
	}
	if m.Outcome != "" {
		k.Outcome = m.Outcome
	}
	if m.Amount != nil {
		k.Amount = *m.Amount
	}
	if len(m.Facts) > 0 {
		facts := maps.Clone(k.Facts)
		if facts == nil {
			facts = map[string]string{}
		}
		maps.Copy(facts, m.Facts)
		maps.DeleteFunc(facts, func(_, v string) bool { return v == "" })
		k.Facts = facts
	}
	if !m.Unedited {
		k.Changed = m.Event.At
	}
	k.Timers = dispute.Rerun(k.Timers, m)
	k.Due = dispute.NextDue(k.Timers)
	return k
}

// moveArgs lays a move out for apply.lua.
func (c *Cases) moveArgs(seen, after dispute.Case, m dispute.Move, event string, sealed []any) ([]any, error) {
	set, del := changes(fieldsOf(seen), fieldsOf(after))
	set = append(set, "mac", c.macOf(after))
	notices, err := noticeArgs(seen.ID, after.Version, m.Event.At, m.Notices)
	if err != nil {
		return nil, err
	}
	life, fired := "", []any{"", "", ""}
	if m.Token != "" {
		life = whole(moveTokenLife.Milliseconds())
	}
	if m.Fired != nil {
		fired = []any{timerMember(seen.ID, m.Fired.Kind), timerPrefix + string(m.Fired.Kind), timerValue(*m.Fired)}
	}
	leaves, enters := ownerIndex(seen, after)
	args := []any{
		string(seen.ID), seen.Version, allowed(m.From), m.MustOwn, rand.Text()[:12], life, stamp(seen.Filed), stamp(m.Event.At),
		leaves, enters, queueArg(after, m.Queue),
	}
	args = append(append(args, fired...), event)
	on, off := splitTimers(seen.ID, m.Timers)
	return lists(args, set, del, sealed, on, off, notices), nil
}

// changes lists the fields to set, with values, and those to delete.
func changes(before, after map[string]string) (set, del []any) {
	for name, v := range after {
		if before[name] != v {
			set = append(set, name, v)
		}
	}
	for name := range before {
		if _, kept := after[name]; !kept {
			del = append(del, name)
		}
	}
	return set, del
}

// partOf says in which part of its owner's index a case is.
func partOf(c dispute.Case) string {
	if c.State.Finished() {
		return "done"
	}
	return "open"
}

func ownerIndex(seen, after dispute.Case) (leaves, enters string) {
	if seen.Owner == after.Owner && partOf(seen) == partOf(after) {
		return "", ""
	}
	if seen.Owner != "" {
		leaves = "1"
	}
	if after.Owner != "" {
		enters = "1"
	}
	return leaves, enters
}

func queueArg(c dispute.Case, op dispute.QueueOp) string {
	switch op {
	case dispute.Enqueue:
		return queueScore(c)
	case dispute.Dequeue:
		return "-"
	case dispute.KeepQueue:
	}
	return ""
}

func allowed(states []dispute.State) string {
	if states == nil {
		return ""
	}
	var b strings.Builder
	b.WriteByte(',')
	for _, s := range states {
		b.WriteString(string(s) + ",")
	}
	return b.String()
}

// lists appends the lengths of parts as one argument, then all of them.
func lists(args []any, parts ...[]any) []any {
	sizes := make([]string, len(parts))
	for i, p := range parts {
		sizes[i] = strconv.Itoa(len(p))
	}
	args = append(args, strings.Join(sizes, ","))
	for _, p := range parts {
		args = append(args, p...)
	}
	return args
}

func pairs(m map[string]string) []any {
	var out []any
	for k, v := range m {
		out = append(out, k, v)
	}
	return out
}

func timerArgs(id dispute.CaseID, timers []dispute.Timer) []any {
	on, _ := splitTimers(id, timers)
	return on
}

// splitTimers parts the timers to set, each after its time, from those to cancel.
func splitTimers(id dispute.CaseID, timers []dispute.Timer) (on, off []any) {
	for _, t := range timers {
		if t.At.IsZero() {
			off = append(off, timerMember(id, t.Kind))
		} else {
			on = append(on, stamp(t.At), timerMember(id, t.Kind))
		}
	}
	return on, off
}

// hashToken makes a key's part of a token, which may be long and personal.
func hashToken(scope, token string) string {
	sum := sha256.Sum256([]byte(scope + "\x00" + token))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// Applied implements [dispute.Store].
func (c *Cases) Applied(ctx context.Context, id dispute.CaseID, token string) (bool, error) {
	n, err := c.db.rdb.Exists(ctx, c.db.k.idem(hashToken(string(id), token))).Result()
	if err != nil {
		return false, fmt.Errorf("case %s: redis: %w", id, err)
	}
	return n == 1, nil
}

// Case implements [dispute.Store].
func (c *Cases) Case(ctx context.Context, id dispute.CaseID, personal bool) (dispute.Case, error) {
	fields, err := c.fields(ctx, id)
	if err != nil {
		return dispute.Case{}, err
	}
	k, err := caseOf(id, fields)
	k.Code = c.codeOf(id)
	if err != nil || !personal {
		return k, err
	}
	sealed, err := c.db.rdb.HGetAll(ctx, c.db.k.sealed(string(id))).Result()
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: redis: %w", id, err)
	}
	if err := c.ready(); err != nil {
		return dispute.Case{}, err
	}
	s, err := c.db.vault.sealer(string(id), sealed[saltField])
	if err != nil {
		return dispute.Case{}, err
	}
	return k, unseal(s, &k, sealed)
}

func (c *Cases) fields(ctx context.Context, id dispute.CaseID) (map[string]string, error) {
	fields, err := c.db.rdb.HGetAll(ctx, c.db.k.caseHash(string(id))).Result()
	if err != nil {
		return nil, fmt.Errorf("case %s: redis: %w", id, err)
	}
	if len(fields) == 0 {
		return nil, dispute.ErrNotFound
	}
	return fields, nil
}

func (c *Cases) sealerOf(ctx context.Context, id dispute.CaseID) (sealer, error) {
	if err := c.ready(); err != nil {
		return sealer{}, err
	}
	salt, err := c.db.rdb.HGet(ctx, c.db.k.sealed(string(id)), saltField).Result()
	if errors.Is(err, redis.Nil) {
		return sealer{}, dispute.ErrNotFound
	}
	if err != nil {
		return sealer{}, fmt.Errorf("case %s: redis: %w", id, err)
	}
	return c.db.vault.sealer(string(id), salt)
}

// ByNumber implements [dispute.Store].
func (c *Cases) ByNumber(ctx context.Context, year, serial int) (dispute.CaseID, error) {
	id, err := c.db.rdb.HGet(ctx, c.db.k.byNumber(strconv.Itoa(year)), strconv.Itoa(serial)).Result()
	if errors.Is(err, redis.Nil) {
		return "", dispute.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("number %d-%d: redis: %w", year, serial, err)
	}
	return dispute.CaseID(id), nil
}
