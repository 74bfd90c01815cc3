package publicity

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the desk's clock is Beijing's on any machine

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/content"
)

const (
	defaultStale = 20 * 24 * time.Hour // an item without a stale-after of its own
	lockFor      = 5 * time.Minute     // longer than all outlets of a slot take
	tryFor       = time.Minute         // one outlet, one try
)

// Options tune a Service; the zero value is production.
type Options struct {
	Now         func() time.Time // nil means time.Now
	Location    *time.Location   // nil means Asia/Shanghai
	DefaultDay  int              // day of the month of an item without day rule; 0 means 1
	DefaultHour int              // hour of the day at which items go out; 0 means 9
	Log         *slog.Logger     // nil means slog.Default()
}

// Service plans, approves and publishes.
type Service struct {
	items   []content.Item
	byID    map[string]content.Item
	store   Store
	outlets []Outlet
	opt     Options
}

// NewService returns a Service that puts items out to outlets, in that order.
func NewService(items []content.Item, store Store, outlets []Outlet, opt Options) *Service {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Location == nil {
		opt.Location = shanghai()
	}
	if opt.DefaultDay == 0 {
		opt.DefaultDay = 1
	}
	if opt.DefaultHour == 0 {
		opt.DefaultHour = 9
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	s := &Service{items: items, byID: map[string]content.Item{}, store: store, outlets: outlets, opt: opt}
	for _, it := range items {
		s.byID[it.ID] = it
	}
	return s
}

func shanghai() *time.Location {
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err) // embedded by time/tzdata
	}
	return loc
}

// Outlets names where items come out.
func (s *Service) Outlets() []string {
	names := make([]string, len(s.outlets))
	for i, o := range s.outlets {
		names[i] = o.Name()
	}
	return names
}

// Item returns the item of a slot.
func (s *Service) Item(id string) (content.Item, error) {
	it, ok := s.byID[id]
	if !ok {
		return content.Item{}, fault.New(fault.NotFound, "no item "+strconv.Quote(id))
	}
	return it, nil
}

// Year returns a year's slots, oldest due first: those that an editor has
// touched as they are, all others as the calendar plans them.
func (s *Service) Year(ctx context.Context, year int) ([]Slot, error) {
	stored, err := s.store.Slots(ctx, year)
	if err != nil {
		return nil, fmt.Errorf("slots of %d: %w", year, err)
	}
	touched := map[string]Slot{}
	for _, sl := range stored {
		touched[sl.Item] = sl
	}
	all := make([]Slot, 0, len(s.items))
	for _, it := range s.items {
		sl, ok := touched[it.ID]
		if !ok {
			sl = s.plan(it, year)
		}
		all = append(all, s.aged(sl))
	}
	byDue(all)
	return all, nil
}

// aged shows a slot that missed its time as stale, before PublishDue finds it.
func (s *Service) aged(sl Slot) Slot {
	if (sl.Status == Planned || sl.Status == Approved) && !s.opt.Now().Before(sl.StaleAt) {
		sl.Status = Stale
	}
	return sl
}

func byDue(all []Slot) {
	slices.SortStableFunc(all, func(a, b Slot) int {
		if c := a.Due.Compare(b.Due); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}

// plan is the built-in rule: an item is due at 09:00 on the day of its rule,
// and on the 1st of its month if it has none or its rule gives no day.
func (s *Service) plan(it content.Item, year int) Slot {
	day := time.Date(year, time.Month(it.Month), s.opt.DefaultDay, 0, 0, 0, 0, s.opt.Location)
	if it.Day != (content.DayRule{}) {
		if d, err := Day(it.Day, year, it.Month, s.opt.Location); err == nil {
			day = d
		}
	}
	due := day.Add(time.Duration(s.opt.DefaultHour) * time.Hour)
	return Slot{
		ID: strconv.Itoa(year) + "/" + it.ID, Year: year, Item: it.ID,
		Due: due, StaleAt: due.Add(staleAfter(it)), Status: Planned,
	}
}

func staleAfter(it content.Item) time.Duration {
	if it.StaleDays > 0 {
		return time.Duration(it.StaleDays) * 24 * time.Hour
	}
	return defaultStale
}

// Slot returns a slot and its releases.
func (s *Service) Slot(ctx context.Context, id string) (Slot, []Release, error) {
	sl, err := s.find(ctx, id)
	if err != nil {
		return Slot{}, nil, err
	}
	rs, err := s.store.Releases(ctx, id)
	if err != nil {
		return Slot{}, nil, fmt.Errorf("releases of %s: %w", id, err)
	}
	return s.aged(sl), rs, nil
}

// find returns the stored slot, or the planned one if nobody has touched it.
func (s *Service) find(ctx context.Context, id string) (Slot, error) {
	year, item, ok := cutSlot(id)
	if !ok {
		return Slot{}, fault.New(fault.NotFound, "no slot "+strconv.Quote(id))
	}
	it, err := s.Item(item)
	if err != nil {
		return Slot{}, err
	}
	sl, err := s.store.Slot(ctx, id)
	if fault.Of(err) == fault.NotFound {
		return s.plan(it, year), nil
	}
	if err != nil {
		return Slot{}, fmt.Errorf("slot %s: %w", id, err)
	}
	return sl, nil
}

// cutSlot parts a slot's id into its year and item.
func cutSlot(id string) (year int, item string, ok bool) {
	y, item, ok := strings.Cut(id, "/")
	year, err := strconv.Atoi(y)
	return year, item, ok && err == nil && year >= 2000 && year < 2200
}

// ErrStatus is the error of kind Conflict for a move that a slot's state does
// not allow.
var ErrStatus = fault.As(fault.Conflict, errors.New("the slot's state does not allow that"))
