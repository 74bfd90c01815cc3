package redisdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// filedRows are the events of a case that lie in its file, if it has one: as
// many as were written there, and where the trail says that they were.
func (c *Cases) filedRows(id dispute.CaseID, fields map[string]string, rows []eventRow) ([]eventRow, error) {
	shelf := fields["shelf"]
	if shelf == "" {
		return nil, nil
	}
	told := ""
	for _, r := range rows {
		if r.Kind == dispute.Shelved {
			told = r.Detail["place"]
		}
	}
	if told != shelf {
		return nil, errors.New("the case is not in the file where the trail says that it was put")
	}
	r, err := c.readShelf(id, shelf)
	if err != nil {
		return nil, err
	}
	if n := len(r.rows); n == 0 || r.rows[n-1].Seq != r.Version || r.rows[n-1].Link != r.Head {
		return nil, errors.New("the record's head is not its last event")
	}
	return r.rows, nil
}

// verifyShelf finds fields and papers in a case's record that no event explains.
func (c *Cases) verifyShelf(ctx context.Context, remnant dispute.Case) error {
	s, err := c.sealerOf(ctx, remnant.ID)
	if err != nil {
		return fmt.Errorf("%w: %w", errTampered, err)
	}
	r, err := c.openShelf(remnant.ID, remnant.Shelf, s)
	if err != nil {
		return fmt.Errorf("%w: %w", errTampered, err)
	}
	k, err := caseOf(remnant.ID, r.in.Fields)
	if err != nil || r.in.Fields["mac"] != c.macOf(k) {
		return fmt.Errorf("%w: a field in the archive file is not what was written", errTampered)
	}
	for name, seal := range k.Seals {
		if paperSeal(string(r.in.Sealed[paperPrefix+name])) != seal {
			return fmt.Errorf("%w: paper %s in the archive file is not the one that was written", errTampered, name)
		}
	}
	return nil
}

// ShelfReport is what a look through the archive found.
type ShelfReport struct {
	Year    string   `json:"year"`
	Records int      `json:"records"`
	Cases   int      `json:"cases"`  // records that a case lies in now; the others' cases were put back, and written anew since
	Faults  []string `json:"faults"` // what is wrong
}

// VerifyShelf goes through every file of the archive: each record must be the
// one that was written, in its place, none may be missing or added, and each
// must belong to a case that Redis knows.
func (c *Cases) VerifyShelf(ctx context.Context) ([]ShelfReport, error) {
	if err := errors.Join(c.ready(), c.hasShelf()); err != nil {
		return nil, err
	}
	heads, err := c.heads(ctx)
	if err != nil {
		return nil, err
	}
	var all []ShelfReport
	for _, year := range sortedYears(heads) {
		r, err := c.verifyYear(ctx, year, heads[year])
		if err != nil {
			return all, err
		}
		all = append(all, r)
	}
	return all, nil
}

func sortedYears(heads map[string]head) []string {
	years := map[string]string{}
	for y := range heads {
		years[y] = ""
	}
	return sortedKeys(years)
}

func (c *Cases) verifyYear(ctx context.Context, year string, h head) (ShelfReport, error) {
	out := ShelfReport{Year: year}
	before := ""
	var down error // Redis's own trouble, not the file's
	err := c.shelf.Scan(year, h.size, func(at int64, raw []byte) error {
		out.Records++
		l, id, err := c.checkLine(year, before, raw)
		if err != nil {
			return fmt.Errorf("record %d at %d: %w", out.Records, at, err)
		}
		before = l
		fields, err := c.fields(ctx, id)
		switch {
		case errors.Is(err, dispute.ErrNotFound):
			out.Faults = append(out.Faults, fmt.Sprintf("case %s: only the file has it", id))
		case err != nil:
			down = err
			return err
		case fields["shelf"] == (place{year, at, int64(len(raw)) + 1, l}).String():
			out.Cases++
		}
		return nil
	})
	switch {
	case down != nil:
		return out, down
	case err != nil:
		out.Faults = append(out.Faults, err.Error())
	case before != h.link || int64(out.Records) != h.count:
		out.Faults = append(out.Faults, fmt.Sprintf("%d records, %d were written", out.Records, h.count))
	}
	return out, nil
}

// checkLine tells whether a line follows the one with the link before.
func (c *Cases) checkLine(year, before string, raw []byte) (string, dispute.CaseID, error) {
	l, r, err := splitLine(raw)
	if err != nil {
		return "", "", err
	}
	if l.Link != c.linkOf(year, before, l.Record) {
		return "", "", errors.New("not what was written")
	}
	return l.Link, dispute.CaseID(r.ID), nil
}
