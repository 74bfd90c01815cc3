package redisdb

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// eventRow is an event as the list holds it; names are short since there are
// twenty a case.
type eventRow struct {
	Seq    int64             `json:"s"`
	At     int64             `json:"t"` // Unix ms
	Actor  string            `json:"a"`
	Kind   string            `json:"k"`
	From   dispute.State     `json:"f,omitempty"`
	To     dispute.State     `json:"o,omitempty"`
	Detail map[string]string `json:"d,omitempty"`
	Text   []byte            `json:"x,omitempty"` // sealed
	Link   string            `json:"l"`
}

// linked is the row's link: a keyed hash over the link before and all of the
// row, so that no row can be changed, left out or moved.
func (e *eventRow) linked(v *vault, id dispute.CaseID, before string) string {
	var room [256]byte
	detail := string(appendMap(room[:0], e.Detail))
	return v.link(before, string(id), whole(e.Seq), whole(e.At), e.Actor, e.Kind, string(e.From), string(e.To), detail, string(e.Text))
}

// encode writes the row as encoding/json does: reflection would cost four times
// as much.
func (e *eventRow) encode() string {
	var room [512]byte
	b := strconv.AppendInt(append(room[:0], `{"s":`...), e.Seq, 10)
	b = strconv.AppendInt(append(b, `,"t":`...), e.At, 10)
	b = appendText(append(b, `,"a":`...), e.Actor)
	b = appendText(append(b, `,"k":`...), e.Kind)
	if e.From != "" {
		b = appendText(append(b, `,"f":`...), string(e.From))
	}
	if e.To != "" {
		b = appendText(append(b, `,"o":`...), string(e.To))
	}
	if len(e.Detail) > 0 {
		b = appendMap(append(b, `,"d":`...), e.Detail)
	}
	if len(e.Text) > 0 {
		b = base64.StdEncoding.AppendEncode(append(b, `,"x":"`...), e.Text)
		b = append(b, '"')
	}
	b = appendText(append(b, `,"l":`...), e.Link)
	return string(append(b, '}'))
}

// rowOf makes the row of an event that becomes a case's seq-th.
func rowOf(ev dispute.Event, seq int64, s *sealer) eventRow {
	row := eventRow{Seq: seq, At: ev.At.UnixMilli(), Actor: ev.Actor, Kind: ev.Kind, From: ev.From, To: ev.To}
	if len(ev.Detail) > 0 {
		row.Detail = ev.Detail
	}
	if ev.Text != "" {
		row.Text = []byte(s.seal(textField(seq), ev.Text))
	}
	return row
}

func textField(seq int64) string { return "event:" + whole(seq) }

// event opens a row.
func (e eventRow) event(s *sealer) (dispute.Event, error) {
	ev := dispute.Event{
		Seq: e.Seq, At: time.UnixMilli(e.At).UTC(), Actor: e.Actor, Kind: e.Kind, From: e.From, To: e.To, Detail: e.Detail, Link: e.Link,
	}
	if s == nil || len(e.Text) == 0 {
		return ev, nil
	}
	text, err := s.open(textField(e.Seq), string(e.Text))
	ev.Text = text
	return ev, err
}

func (c *Cases) rows(ctx context.Context, id dispute.CaseID) ([]eventRow, error) {
	raw, err := c.db.rdb.LRange(ctx, c.db.k.events(string(id)), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	rows := make([]eventRow, len(raw))
	for i, r := range raw {
		if err := json.Unmarshal([]byte(r), &rows[i]); err != nil {
			return nil, fmt.Errorf("event %d: %w", i+1, err)
		}
	}
	return rows, nil
}

// Events implements [dispute.Store]. Those of a case in a file come from there,
// and from what was added here since.
func (c *Cases) Events(ctx context.Context, id dispute.CaseID, personal bool) ([]dispute.Event, error) {
	rows, err := c.rows(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", id, err)
	}
	if len(rows) == 0 {
		return nil, dispute.ErrNotFound
	}
	if rows, err = c.earlier(ctx, id, rows); err != nil {
		return nil, fmt.Errorf("case %s: %w", id, err)
	}
	var s *sealer
	if personal && slices.ContainsFunc(rows, func(r eventRow) bool { return len(r.Text) > 0 }) {
		opener, err := c.sealerOf(ctx, id)
		switch {
		case err == nil:
			s = &opener
		case !errors.Is(err, dispute.ErrNotFound): // without a salt nobody reads the texts any more
			return nil, err
		}
	}
	events := make([]dispute.Event, len(rows))
	for i, r := range rows {
		if events[i], err = r.event(s); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// earlier puts the rows that lie in a file before those that lie here.
func (c *Cases) earlier(ctx context.Context, id dispute.CaseID, rows []eventRow) ([]eventRow, error) {
	if rows[0].Seq == 1 {
		return rows, nil
	}
	shelf, err := c.db.rdb.HGet(ctx, c.db.k.caseHash(string(id)), "shelf").Result()
	if errors.Is(err, redis.Nil) {
		return nil, errors.New("the trail lacks its beginning")
	}
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	r, err := c.readShelf(id, shelf)
	return append(r.rows, rows...), err
}

// errTampered begins every finding of Verify.
var errTampered = errors.New("audit trail was tampered with")

// Verify implements [dispute.Store]. It finds events that were edited, deleted,
// added, moved or cut off, and fields of the case that no event explains; a
// whole case set back to an earlier moment is only found by its published head.
func (c *Cases) Verify(ctx context.Context, id dispute.CaseID) error {
	if err := c.ready(); err != nil {
		return err
	}
	fields, err := c.fields(ctx, id)
	if err != nil {
		return err
	}
	rows, err := c.rows(ctx, id)
	if err != nil {
		return fmt.Errorf("%w: %w", errTampered, err)
	}
	filed, err := c.filedRows(id, fields, rows)
	if err != nil {
		return fmt.Errorf("%w: %w", errTampered, err)
	}
	rows = append(filed, rows...)
	state, err := c.walk(id, rows)
	if err != nil {
		return fmt.Errorf("%w: %w", errTampered, err)
	}
	last := rows[len(rows)-1]
	switch {
	case fields["version"] != whole(last.Seq):
		return fmt.Errorf("%w: the case is at version %s, the trail ends at %d", errTampered, fields["version"], last.Seq)
	case fields["head"] != last.Link:
		return fmt.Errorf("%w: the case's head is not its last event", errTampered)
	case fields["state"] != string(state):
		return fmt.Errorf("%w: the case is %s, the trail ends in %s", errTampered, fields["state"], state)
	}
	return c.verifyFields(ctx, id, fields)
}

// walk checks number and link of each row and returns the last state.
func (c *Cases) walk(id dispute.CaseID, rows []eventRow) (dispute.State, error) {
	if len(rows) == 0 {
		return "", errors.New("no events")
	}
	var state dispute.State
	before := ""
	for i, r := range rows {
		want := r.linked(c.db.vault, id, before)
		if r.Seq != int64(i+1) || r.Link != want {
			return "", fmt.Errorf("event %d is not what was written", i+1)
		}
		if r.To != "" {
			state = r.To
		}
		before = r.Link
	}
	return state, nil
}

func (c *Cases) verifyFields(ctx context.Context, id dispute.CaseID, fields map[string]string) error {
	seen, err := caseOf(id, fields)
	if err != nil {
		return fmt.Errorf("%w: %w", errTampered, err)
	}
	if fields["mac"] != c.macOf(seen) {
		return fmt.Errorf("%w: a field of the case is not what was written", errTampered)
	}
	switch {
	case seen.Erased():
	case seen.Shelf != "":
		err = c.verifyShelf(ctx, seen)
	default:
		err = c.verifyPapers(ctx, seen)
	}
	if err != nil {
		return err
	}
	owner, err := c.db.rdb.HGet(ctx, c.db.k.byNumber(fields["year"]), fields["serial"]).Result()
	if err != nil || owner != string(id) {
		return fmt.Errorf("%w: its number belongs to another case", errTampered)
	}
	if fields["agreement"] == "" {
		return nil
	}
	owner, err = c.db.rdb.HGet(ctx, c.db.k.byAgreement(fields["agreement_year"]), fields["agreement_serial"]).Result()
	if err != nil || owner != string(id) {
		return fmt.Errorf("%w: its agreement's number belongs to another case", errTampered)
	}
	return nil
}

// verifyPapers finds papers that were changed, put back or taken away.
func (c *Cases) verifyPapers(ctx context.Context, k dispute.Case) error {
	for name, seal := range k.Seals {
		raw, err := c.db.rdb.HGet(ctx, c.db.k.sealed(string(k.ID)), paperPrefix+name).Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return fmt.Errorf("case %s: redis: %w", k.ID, err)
		}
		if paperSeal(raw) != seal {
			return fmt.Errorf("%w: paper %s is not the one that was written", errTampered, name)
		}
	}
	return nil
}

// macOf is a keyed hash over a case's plain fields. Its numbers are not in it:
// only the scripts know them; the indexes by number say whose they are.
func (c *Cases) macOf(k dispute.Case) string { return c.macOver(k.ID, fieldsOf(k)) }

func (c *Cases) macOver(id dispute.CaseID, fields []field) string {
	parts := make([]string, 0, 2+2*len(fields))
	parts = append(parts, "case fields", string(id))
	for _, f := range fields {
		parts = append(parts, f.name, f.value)
	}
	return c.db.vault.stamp(parts...)
}

func sortedKeys(m map[string]string) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
