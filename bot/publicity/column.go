package publicity

import (
	"context"
	"fmt"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/content"
)

// ColumnName is the name of the column page among the outlets.
const ColumnName = "column"

// Column is the public column page as an [Outlet]. To publish there is only to
// note the release: the page shows what is released.
type Column struct{}

// Name implements [Outlet].
func (Column) Name() string { return ColumnName }

// Publish returns the path of the piece's own page.
func (Column) Publish(_ context.Context, s Slot, _ content.Item) (string, error) {
	return "/column/" + s.ID, nil
}

// Entry is a piece on the column page.
type Entry struct {
	Item    content.Item
	Release Release
}

// Column lists what is out on the column page, newest first.
func (s *Service) Column(ctx context.Context, limit int) ([]Entry, error) {
	rs, err := s.store.Published(ctx, ColumnName, limit)
	if err != nil {
		return nil, fmt.Errorf("published on the column: %w", err)
	}
	var all []Entry
	for _, r := range rs {
		if e, ok := s.entry(r); ok {
			all = append(all, e)
		}
	}
	return all, nil
}

// Latest returns the items of [Service.Column] alone.
func (s *Service) Latest(ctx context.Context, n int) ([]content.Item, error) {
	entries, err := s.Column(ctx, n)
	items := make([]content.Item, len(entries))
	for i, e := range entries {
		items[i] = e.Item
	}
	return items, err
}

// ColumnEntry returns one piece of the column page, by its slot. What is not
// out is of kind NotFound, whether it exists or not.
func (s *Service) ColumnEntry(ctx context.Context, slot string) (Entry, error) {
	rs, err := s.store.Releases(ctx, slot)
	if err != nil {
		return Entry{}, fmt.Errorf("releases of %s: %w", slot, err)
	}
	for _, r := range rs {
		if e, ok := s.entry(r); ok && r.Outlet == ColumnName && r.Out() {
			return e, nil
		}
	}
	return Entry{}, fault.New(fault.NotFound, "slot is not on the column")
}

// entry is false for a piece whose item has since been taken out of content.
func (s *Service) entry(r Release) (Entry, bool) {
	_, item, ok := cutSlot(r.Slot)
	it, known := s.byID[item]
	return Entry{Item: it, Release: r}, ok && known
}
