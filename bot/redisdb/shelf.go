package redisdb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// Shelf keeps records in yearly files outside Redis; *archive.Folder is one.
type Shelf interface {
	// Append writes a record behind the first size bytes of the year's file and
	// returns its length then, once it is on the disk and was read back.
	Append(year string, size int64, record []byte) (int64, error)
	Read(year string, at, n int64) ([]byte, error)
	Scan(year string, size int64, each func(at int64, record []byte) error) error
}

var errNoShelf = errors.New("the case lies in an archive file, and this program was given no archive folder")

// WithShelf gives the cases a place for what leaves Redis.
func (c *Cases) WithShelf(s Shelf) *Cases {
	c.shelf = s
	return c
}

// shelved is the pseudo state of cases in files in the indexes by place.
const shelved = "shelved"

// place is where a case lies in the archive: year, offset and length in the
// year's file, and the link of its record.
type place struct {
	year  string
	at, n int64
	link  string
}

func (p place) String() string { return fmt.Sprintf("%s:%d:%d:%s", p.year, p.at, p.n, p.link) }

func parsePlace(s string) (place, error) {
	var p place
	parts := strings.Split(s, ":")
	if len(parts) != 4 {
		return p, fmt.Errorf("place %q in the archive", s)
	}
	at, err := strconv.ParseInt(parts[1], 10, 64)
	n, err2 := strconv.ParseInt(parts[2], 10, 64)
	return place{parts[0], at, n, parts[3]}, errors.Join(err, err2)
}

// head is what Redis knows of a year's file: how much of it counts, how many
// records that is, and the last one's link.
type head struct {
	size, count int64
	link        string
}

func (h head) String() string {
	if h == (head{}) {
		return ""
	}
	return fmt.Sprintf("%d:%d:%s", h.size, h.count, h.link)
}

func parseHead(s string) (head, error) {
	var h head
	if s == "" {
		return h, nil
	}
	parts := strings.SplitN(s, ":", 3)
	if len(parts) != 3 {
		return h, fmt.Errorf("head %q of an archive file", s)
	}
	size, err := strconv.ParseInt(parts[0], 10, 64)
	count, err2 := strconv.ParseInt(parts[1], 10, 64)
	return head{size, count, parts[2]}, errors.Join(err, err2)
}

// record is a case as a line of a file: the trail in clear, which names nobody,
// and all else sealed by the case's own key, whose salt stays in Redis.
type record struct {
	ID      string            `json:"id"`
	Version int64             `json:"version"`
	Head    string            `json:"head"`
	Trail   []json.RawMessage `json:"trail"`
	Sealed  []byte            `json:"sealed"`
}

// line is a record and its link: a keyed hash over the link before it in the
// file and the record, so that none can be changed, left out or moved.
type line struct {
	Record json.RawMessage `json:"record"`
	Link   string          `json:"link"`
}

// inside is what a record seals.
type inside struct {
	Fields map[string]string `json:"fields"`
	Sealed map[string][]byte `json:"sealed"`
}

const archiveField = "archive"

// onShelf is a record that was read and opened.
type onShelf struct {
	record
	rows []eventRow
	in   inside
}

func (c *Cases) linkOf(year, before string, raw []byte) string {
	return c.db.vault.link(before, "archive record", year, string(raw))
}

// readShelf reads a case's record. It finds one that isn't what was written by
// the link that the case's own fields keep.
func (c *Cases) readShelf(id dispute.CaseID, shelf string) (onShelf, error) {
	var r onShelf
	if c.shelf == nil {
		return r, errNoShelf
	}
	p, err := parsePlace(shelf)
	if err != nil {
		return r, err
	}
	raw, err := c.shelf.Read(p.year, p.at, p.n)
	if err != nil {
		return r, err
	}
	if r.record, err = parseLine(raw, p.link); err != nil {
		return r, err
	}
	if r.ID != string(id) {
		return r, errors.New("the archive file has another case there")
	}
	r.rows = make([]eventRow, len(r.Trail))
	for i, row := range r.Trail {
		if err := json.Unmarshal(row, &r.rows[i]); err != nil {
			return r, fmt.Errorf("event %d: %w", i+1, err)
		}
	}
	return r, nil
}

func parseLine(raw []byte, link string) (record, error) {
	l, r, err := splitLine(raw)
	if err == nil && l.Link != link {
		err = errors.New("the archive file has another record there")
	}
	return r, err
}

func splitLine(raw []byte) (line, record, error) {
	var l line
	var r record
	if err := json.Unmarshal(raw, &l); err != nil {
		return l, r, fmt.Errorf("archive record: %w", err)
	}
	if err := json.Unmarshal(l.Record, &r); err != nil {
		return l, r, fmt.Errorf("archive record: %w", err)
	}
	return l, r, nil
}

// openShelf reads a case's record and opens what it seals.
func (c *Cases) openShelf(id dispute.CaseID, shelf string, s sealer) (onShelf, error) {
	r, err := c.readShelf(id, shelf)
	if err != nil {
		return r, err
	}
	text, err := s.open(archiveField, string(r.Sealed))
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(text), &r.in); err != nil {
		return r, fmt.Errorf("archive record of %s: %w", id, err)
	}
	return r, nil
}

// fromShelf is the whole case: what its remnant says of now, and what its record
// says of then.
func (c *Cases) fromShelf(remnant dispute.Case, salt string) (dispute.Case, error) {
	s, err := c.db.vault.sealer(string(remnant.ID), salt)
	if err != nil {
		return remnant, err
	}
	r, err := c.openShelf(remnant.ID, remnant.Shelf, s)
	if err != nil {
		return remnant, err
	}
	k, err := caseOf(remnant.ID, r.in.Fields)
	if err != nil {
		return remnant, err
	}
	k.Version, k.Edited, k.Head, k.Changed, k.Shelf, k.Code = remnant.Version, remnant.Edited, remnant.Head, remnant.Changed, remnant.Shelf, remnant.Code
	sealed := map[string]string{}
	for name, v := range r.in.Sealed {
		sealed[name] = string(v)
	}
	return k, unseal(s, &k, sealed)
}

// head is what Redis knows of a year's file.
func (c *Cases) head(ctx context.Context, year string) (head, error) {
	all, err := c.heads(ctx)
	return all[year], err
}

func (c *Cases) heads(ctx context.Context) (map[string]head, error) {
	raw, err := c.db.rdb.HGetAll(ctx, c.db.k.shelves()).Result()
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	all := map[string]head{}
	for year, s := range raw {
		if all[year], err = parseHead(s); err != nil {
			return nil, err
		}
	}
	return all, nil
}
