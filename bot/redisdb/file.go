package redisdb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
)

const draftTokenLife = 7 * 24 * time.Hour // a draft filed again within a week is the same case

var fileScript = script("file")

// File implements [dispute.Store]. Reports that come at the same time go to
// Redis together: each is kept or refused for itself, as if they had come one
// after another.
func (c *Cases) File(ctx context.Context, n dispute.NewCase) (dispute.Case, error) {
	if err := c.ready(); err != nil {
		return dispute.Case{}, err
	}
	if n.Token == "" {
		n.Token = string(n.Case.ID) // a call that the client sends again after a lost answer makes no second case
	}
	filed, p, err := c.prepare(n)
	if err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: %w", n.Case.ID, err)
	}
	wait, cancel := context.WithTimeout(ctx, c.db.patience)
	defer cancel()
	if err := c.db.filings.carry(wait, p); err != nil {
		return dispute.Case{}, fmt.Errorf("case %s: redis: %w", n.Case.ID, err)
	}
	return c.filed(ctx, filed, p.reply)
}

// What file.lua says of a report besides that it is kept.
const (
	fileAgain = iota + 1
	fileMany
	fileAlike
	fileFailed
)

// filed turns what file.lua says of a report into its case or an error.
func (c *Cases) filed(ctx context.Context, k dispute.Case, reply []any) (dispute.Case, error) {
	switch what, _ := reply[2].(int64); what {
	case fileAgain:
		return c.Case(ctx, dispute.CaseID(fmt.Sprint(reply[0])), false)
	case fileMany:
		has, err := strconv.Atoi(fmt.Sprint(reply[0]))
		return dispute.Case{}, errors.Join(err, &dispute.LookFirst{Has: has})
	case fileAlike:
		return dispute.Case{}, &dispute.LookFirst{Alike: distinct(reply[3:])}
	case fileFailed:
		return dispute.Case{}, fmt.Errorf("case %s: redis: %v", k.ID, reply[0])
	}
	k.Number = dispute.Number(fmt.Sprint(reply[1]))
	c.recent.put(k)
	return k, nil
}

func distinct(members []any) []dispute.CaseID {
	var ids []dispute.CaseID
	for _, m := range members {
		if id := dispute.CaseID(fmt.Sprint(m)); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// sendFilings has file.lua keep reports of one series.
func (d *DB) sendFilings(ctx context.Context, ps []*parcel) {
	replies, err := d.fileAll(ctx, ps).Slice()
	if err == nil && len(replies) != len(ps) {
		err = fmt.Errorf("%d answers to %d reports", len(replies), len(ps))
	}
	for i, p := range ps {
		if p.err = err; err == nil {
			p.reply, p.err = parcelReply(replies[i])
		}
	}
}

// calls are lists of arguments, to be used again: a new one for each call would
// be a sixth of what filing allocates.
var calls = sync.Pool{New: func() any { return new([]any) }}

func (d *DB) fileAll(ctx context.Context, ps []*parcel) *redis.Cmd {
	list, _ := calls.Get().(*[]any)
	defer func() {
		clear(*list)
		calls.Put(list)
	}()
	s := ps[0].series
	year := strconv.Itoa(s.Year)
	first := []string{d.k.timers(), d.k.outbox(), d.k.outboxBodies(), d.k.series(year), d.k.byNumber(year)}
	n := len(first)
	for _, p := range ps {
		n += len(p.keys)
	}
	call := (*list)[:0]
	call = append(call, "evalsha", fileScript.Hash(), n, first[0])
	call = pointers(call, first[1:])
	for _, p := range ps {
		call = pointers(call, p.keys)
	}
	call = append(call, year, s.Form, s.Digits, draftTokenLife.Milliseconds(), traitLife.Milliseconds())
	for _, p := range ps {
		call = pointers(call, p.args)
	}
	*list = call
	if d.replicas == 0 {
		cmd := redis.NewCmd(ctx, call...)
		cmd.SetFirstKeyPos(3)
		if err := d.rdb.Process(ctx, cmd); !redis.HasErrorPrefix(err, "NOSCRIPT") {
			return cmd
		}
	}
	keys := slices.Clone(first)
	for _, p := range ps {
		keys = append(keys, p.keys...)
	}
	if d.replicas == 0 {
		return fileScript.Eval(ctx, d.rdb, keys, call[3+n:]...)
	}
	return d.keep(ctx, fileScript, keys, call[3+n:]...)
}

// pointers appends what go-redis writes like the strings themselves: as an
// interface each string would be copied.
func pointers(call []any, texts []string) []any {
	for i := range texts {
		call = append(call, &texts[i])
	}
	return call
}

func parcelReply(reply any) ([]any, error) {
	r, _ := reply.([]any)
	if len(r) < 3 {
		return nil, fmt.Errorf("answer %v to a report", reply)
	}
	return r, nil
}

// prepare seals, links and lays out a new case for file.lua.
func (c *Cases) prepare(n dispute.NewCase) (dispute.Case, *parcel, error) {
	k := n.Case
	salt := newSalt()
	s, err := c.db.vault.sealer(string(k.ID), salt)
	if err != nil {
		return k, nil, err
	}
	k.Timers, k.Due = n.Timers, dispute.NextDue(n.Timers)
	events := c.chain(&k, n.Events, &s)
	sealed, err := sealReport(s, salt, k.Report)
	if err != nil {
		return k, nil, err
	}
	traits := c.traitKeys(n.Traits)
	p := &parcel{series: n.Series, keys: append(c.fileKeys(k, n.Token), traits...)}
	p.args = c.fileArgs(k, n, len(traits), sealed, events)
	k.Code = c.codeOf(k.ID)
	return k, p, nil
}

// fileArgs are file.lua's arguments of one report.
func (c *Cases) fileArgs(k dispute.Case, n dispute.NewCase, traits int, sealed, events []string) []string {
	fields, score := fieldsOf(k), ""
	fields = append(fields, field{"mac", c.macOver(k.ID, fields)})
	if k.State == dispute.Accepted {
		score = queueScore(k)
	}
	sizes := []int{traits, 2 * len(fields), len(sealed), len(events), 2 * len(n.Timers), 3 * len(n.Notices)}
	args := make([]string, 0, 6+2*len(fields)+len(sealed)+len(events)+2*len(n.Timers)+3*len(n.Notices))
	args = append(args, string(k.ID), stamp(k.Filed), score, strconv.Itoa(n.Most), strconv.Itoa(n.Look), commas(sizes))
	for _, f := range fields {
		args = append(args, f.name, f.value)
	}
	args = append(append(args, sealed...), events...)
	for _, t := range n.Timers {
		args = append(args, stamp(t.At), timerMember(k.ID, t.Kind))
	}
	for i, notice := range n.Notices {
		before, after := cutAtNumber(encodeBody(notice, k.Filed.UnixMilli()))
		args = append(args, noticeID(k.ID, k.Version, i), before, after)
	}
	return args
}

func commas(numbers []int) string {
	var room [64]byte
	b := room[:0]
	for i, n := range numbers {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return string(b)
}

func (c *Cases) fileKeys(f dispute.Case, token string) []string {
	k, id, state := c.db.k, string(f.ID), string(f.State)
	return []string{
		k.idem(hashToken("draft", token)), k.caseHash(id), k.sealed(id), k.events(id), k.byReporter(f.Reporter),
		k.byPlace(f.Territory, state), k.byType(f.Category, f.Territory, state), k.queue(f.Territory),
	}
}
