package redisdb

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// moveTokenLife is how long a button pressed again acts only once.
const moveTokenLife = 24 * time.Hour

var applyScript = script("apply")

// Apply implements [dispute.Store].
func (c *Cases) Apply(ctx context.Context, seen dispute.Case, m dispute.Move) (dispute.Case, error) {
	if err := c.ready(); err != nil {
		return dispute.Case{}, err
	}
	if seen.Shelf != "" && changesMore(m) {
		return c.fetch(ctx, seen, m)
	}
	after, event, sealed, err := c.step(ctx, seen, m)
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: %w", seen.ID, err)
	}
	args := c.moveArgs(seen, after, m, event, sealed)
	k, id := c.db.k, string(seen.ID)
	keys := []string{
		k.caseHash(id), k.sealed(id), k.events(id), k.byPlace(seen.Territory, string(seen.State)), k.byPlace(after.Territory, string(after.State)),
		k.queue(seen.Territory), k.timers(), k.outbox(), k.outboxBodies(), k.byOwner(seen.Owner, partOf(seen)), k.byOwner(after.Owner, partOf(after)),
		k.idem(hashToken(id, m.Token)), k.byHelper(m.Joins), k.byHelper(m.Leaves),
	}
	year := ""
	if m.Series != nil {
		year = strconv.Itoa(m.Series.Year)
	}
	keys = append(keys, k.agreements(year), k.byAgreement(year))
	keys = append(keys, k.byType(seen.Category, seen.Territory, string(seen.State)), k.byType(after.Category, after.Territory, string(after.State)))
	version, err := c.db.keep(ctx, applyScript, keys, args...).Int64()
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: redis: %w", seen.ID, err)
	}
	if version > 0 && m.Series != nil { // only the script knows the number
		return c.Case(ctx, seen.ID, false)
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
	c.recent.put(after)
	return after, nil
}

// step works out the case after m, its event's row and its newly sealed fields.
func (c *Cases) step(ctx context.Context, seen dispute.Case, m dispute.Move) (dispute.Case, string, []any, error) {
	after := stepped(seen, m)
	var s sealer
	var sealed []any
	if m.Event.Text != "" || m.Summary != "" || len(m.Evidence) > 0 || len(m.Papers) > 0 {
		var err error
		if s, err = c.sealerOf(ctx, seen.ID); err != nil {
			return after, "", nil, err
		}
		if sealed, err = c.reseal(ctx, s, seen.ID, m); err != nil {
			return after, "", nil, err
		}
		sealed = append(sealed, sealPapers(s, &after, m.Papers)...)
	}
	ev := m.Event
	if m.To != "" {
		ev.From, ev.To = seen.State, m.To
	}
	edited := after.Edited
	events := c.chain(&after, []dispute.Event{ev}, &s)
	if m.Unedited {
		after.Edited = edited
	}
	return after, events[0], sealed, nil
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

// sealPapers lists the papers to keep, and has the case after the move know
// them. One taken away stays as an empty field that no seal names.
func sealPapers(s sealer, after *dispute.Case, papers map[string]string) []any {
	var sealed []any
	after.Seals, after.Papers = maps.Clone(after.Seals), maps.Clone(after.Papers)
	for name, text := range papers {
		raw := s.seal(paperPrefix+name, text)
		sealed = append(sealed, paperPrefix+name, raw)
		if text == "" {
			delete(after.Seals, name)
			delete(after.Papers, name)
			continue
		}
		put(&after.Seals, name, paperSeal(raw))
		put(&after.Papers, name, text)
	}
	return sealed
}

// stepped is the case after m, but for what the event brings.
func stepped(k dispute.Case, m dispute.Move) dispute.Case {
	if m.To != "" {
		k.State = m.To
	}
	if m.Territory != "" {
		k.Territory = m.Territory
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
	if m.Priority != nil {
		k.Priority = *m.Priority
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
func (c *Cases) moveArgs(seen, after dispute.Case, m dispute.Move, event string, sealed []any) []any {
	fields := fieldsOf(after)
	set, del := changes(fieldsOf(seen), fields)
	set = append(set, "mac", c.macOver(after.ID, fields))
	notices := noticeArgs(seen.ID, after.Version, m.Event.At, m.Notices)
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
	return append(lists(args, set, del, sealed, on, off, seriesArgs(m.Series), notices), flag(m.Joins), flag(m.Leaves))
}

// flag is "1" for something that is there.
func flag(s string) string {
	if s == "" {
		return ""
	}
	return "1"
}

func seriesArgs(s *dispute.Series) []any {
	if s == nil {
		return nil
	}
	return []any{s.Year, s.Form, s.Digits}
}

// changes lists the fields to set, with values, and those to delete. Both sides
// are ordered by name.
func changes(before, after []field) (set, del []any) {
	for len(before)+len(after) > 0 {
		switch {
		case len(after) == 0 || len(before) > 0 && before[0].name < after[0].name:
			del = append(del, before[0].name)
			before = before[1:]
		case len(before) == 0 || after[0].name < before[0].name:
			set = append(set, after[0].name, after[0].value)
			after = after[1:]
		default:
			if before[0].value != after[0].value {
				set = append(set, after[0].name, after[0].value)
			}
			before, after = before[1:], after[1:]
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
