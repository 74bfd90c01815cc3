package entry

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/content"
)

// Options tune a Service; the zero value is production.
type Options struct {
	Look time.Duration    // how often [Service.Run] looks for what other replicas changed; 0 means 2 seconds
	Zone *time.Location   // of review days; nil means UTC+8
	Now  func() time.Time // nil means time.Now
	Log  *slog.Logger     // nil means slog.Default()
	// Settle is told when the draft of an entry went live, or was dropped. Nil:
	// nobody is.
	Settle func(ctx context.Context, by, entry string, live bool) error
}

// Service edits entries and puts them in use. It is safe for concurrent use.
type Service struct {
	store Store
	check Checker
	use   func(content.Own) error
	opt   Options
	wake  chan struct{}
	seen  int64
}

// NewService returns a Service. While [Service.Run] runs, use is given the
// desk's own entries at start and whenever they change, here or elsewhere.
func NewService(store Store, check Checker, use func(content.Own) error, opt Options) *Service {
	if opt.Look == 0 {
		opt.Look = 2 * time.Second
	}
	if opt.Zone == nil {
		opt.Zone = time.FixedZone("UTC+8", 8*60*60)
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if opt.Settle == nil {
		opt.Settle = func(context.Context, string, string, bool) error { return nil }
	}
	return &Service{store: store, check: check, use: use, opt: opt, wake: make(chan struct{}, 1), seen: -1}
}

// ErrOwn is the error of who reviews what they wrote.
var ErrOwn = fault.New(fault.Denied, "nobody reviews their own draft")

// ErrUnsound is the error of a draft that has problems left.
var ErrUnsound = fault.New(fault.Invalid, "the draft has problems left")

// Save keeps a draft, sound or not, and returns it with its problems. An FAQ
// without an id is a new one; version is that of the draft that was edited, 0
// if there was none. A draft that waited for its review is its writer's again.
func (s *Service) Save(ctx context.Context, who access.Actor, f content.FAQ, version int64) (Sheet, []content.Problem, error) {
	if err := who.Require(access.EditContent); err != nil {
		return Sheet{}, nil, err
	}
	if strings.TrimSpace(f.Question) == "" || f.Field == "" {
		return Sheet{}, nil, fault.New(fault.Invalid, "save draft: a question and a field are required")
	}
	sheet := Sheet{Version: version}
	var err error
	switch {
	case f.ID == "":
		if f.ID, err = s.store.NextID(ctx, f.Field); err != nil {
			return Sheet{}, nil, fmt.Errorf("save draft: %w", err)
		}
	case version != 0:
		if sheet, err = s.store.Draft(ctx, f.ID); err != nil {
			return Sheet{}, nil, fmt.Errorf("save draft %s: %w", f.ID, err)
		}
	}
	var problems []content.Problem
	f, problems = s.sound(f)
	sheet.FAQ, sheet.State, sheet.Version, sheet.By, sheet.Saved = f, Draft, version, name(who), s.opt.Now()
	if !slices.Contains(sheet.Wrote, who.ID) {
		sheet.Wrote = append(sheet.Wrote, who.ID)
	}
	if sheet, err = s.store.SaveDraft(ctx, sheet); err != nil {
		return Sheet{}, nil, fmt.Errorf("save draft %s: %w", f.ID, err)
	}
	return sheet, problems, nil
}

// sound checks an entry as if it were reviewed today.
func (s *Service) sound(f content.FAQ) (content.FAQ, []content.Problem) {
	today := s.opt.Now().In(s.opt.Zone)
	f.Reviewed, f.ReviewBy = today.Format(time.DateOnly), today.AddDate(1, 0, 0).Format(time.DateOnly)
	return s.check.Check(f)
}

func name(who access.Actor) string { return cmp.Or(who.Name, who.ID) }

// Problems lists what keeps a draft from going live.
func (s *Service) Problems(f content.FAQ) []content.Problem {
	_, problems := s.sound(f)
	return problems
}

// Submit asks for a review of the version that who saw. The error is
// [ErrUnsound] while it has problems.
func (s *Service) Submit(ctx context.Context, who access.Actor, id string, version int64) error {
	return s.turn(ctx, who, access.EditContent, id, version, func(d *Sheet) error {
		if len(s.Problems(d.FAQ)) > 0 {
			return ErrUnsound
		}
		d.State, d.Note = Review, ""
		return nil
	})
}

// Return sends a draft back to its writer with the reason.
func (s *Service) Return(ctx context.Context, who access.Actor, id, note string, version int64) error {
	if strings.TrimSpace(note) == "" {
		return fault.New(fault.Invalid, "return draft: no reason")
	}
	return s.turn(ctx, who, access.ReviewContent, id, version, func(d *Sheet) error {
		if d.State != Review {
			return fault.New(fault.Conflict, "it waits for no review")
		}
		d.State, d.Note = Draft, note
		return nil
	})
}

// turn changes a draft in the version that who saw.
func (s *Service) turn(ctx context.Context, who access.Actor, p access.Permission, id string, version int64, do func(*Sheet) error) error {
	if err := who.Require(p); err != nil {
		return err
	}
	d, err := s.store.Draft(ctx, id)
	if err == nil {
		d.Version = version
		if err = do(&d); err == nil {
			_, err = s.store.SaveDraft(ctx, d)
		}
	}
	if err != nil {
		return fmt.Errorf("draft %s: %w", id, err)
	}
	return nil
}

// Approve lets a draft through in the version that who read: it is what
// residents get from now on. The error is [ErrOwn] for whoever wrote on it, and
// [ErrUnsound] if it has problems by now.
func (s *Service) Approve(ctx context.Context, who access.Actor, id string, version int64) error {
	if err := who.Require(access.ReviewContent); err != nil {
		return err
	}
	d, err := s.store.Draft(ctx, id)
	if err != nil {
		return fmt.Errorf("approve draft %s: %w", id, err)
	}
	if slices.Contains(d.Wrote, who.ID) {
		return fmt.Errorf("approve draft %s: %w", id, ErrOwn)
	}
	if d.State != Review {
		return fault.New(fault.Conflict, "draft "+id+" waits for no review")
	}
	f, problems := s.sound(d.FAQ)
	if len(problems) > 0 {
		return fmt.Errorf("approve draft %s: %w", id, ErrUnsound)
	}
	return s.publish(ctx, who, Edition{FAQ: f, Wrote: d.By, Reviewed: name(who), At: s.opt.Now()}, version)
}

// Down takes an entry, the desk's own or a given one, from residents at once.
func (s *Service) Down(ctx context.Context, who access.Actor, f content.FAQ, note string) error {
	if err := who.Require(access.ReviewContent); err != nil {
		return err
	}
	if strings.TrimSpace(note) == "" || f.ID == "" {
		return fault.New(fault.Invalid, "take entry down: no entry, or no reason")
	}
	return s.publish(ctx, who, Edition{FAQ: f, Down: true, Reviewed: name(who), At: s.opt.Now(), Note: note}, 0)
}

// Revert forgets the desk's own edition of an entry: residents get the given
// one again, if there is one.
func (s *Service) Revert(ctx context.Context, who access.Actor, id string) error {
	if err := who.Require(access.ReviewContent); err != nil {
		return err
	}
	return s.publish(ctx, who, Edition{FAQ: content.FAQ{ID: id}, Reverted: true, Reviewed: name(who), At: s.opt.Now()}, 0)
}

func (s *Service) publish(ctx context.Context, who access.Actor, e Edition, draft int64) error {
	if err := s.store.Publish(ctx, e, draft); err != nil {
		return fmt.Errorf("publish entry %s: %w", e.FAQ.ID, err)
	}
	s.opt.Log.InfoContext(ctx, "entry changed", "entry", e.FAQ.ID, "down", e.Down, "reverted", e.Reverted, "by", who.ID)
	select {
	case s.wake <- struct{}{}:
	default: // it is awake already
	}
	if draft == 0 {
		return nil
	}
	return s.opt.Settle(ctx, who.ID, e.FAQ.ID, true)
}

// Drop forgets a draft.
func (s *Service) Drop(ctx context.Context, who access.Actor, id string, version int64) error {
	if err := who.Require(access.EditContent); err != nil {
		return err
	}
	if err := s.store.DropDraft(ctx, id, version); err != nil {
		return fmt.Errorf("drop draft %s: %w", id, err)
	}
	return s.opt.Settle(ctx, who.ID, id, false)
}

// Drafts lists the drafts, those that wait for a review first, then by when
// they were saved.
func (s *Service) Drafts(ctx context.Context, who access.Actor) ([]Sheet, error) {
	if err := who.Require(access.EditContent); err != nil {
		return nil, err
	}
	all, err := s.store.Drafts(ctx)
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	slices.SortFunc(all, func(a, b Sheet) int {
		return cmp.Or(cmp.Compare(b.State, a.State), a.Saved.Compare(b.Saved), cmp.Compare(a.FAQ.ID, b.FAQ.ID))
	})
	return all, nil
}

// Draft returns a draft; fault.NotFound if there is none of that id.
func (s *Service) Draft(ctx context.Context, who access.Actor, id string) (Sheet, error) {
	if err := who.Require(access.EditContent); err != nil {
		return Sheet{}, err
	}
	return s.store.Draft(ctx, id)
}

// Editions lists what the desk itself put out or took down, newest first.
func (s *Service) Editions(ctx context.Context, who access.Actor) ([]Edition, error) {
	if err := who.Require(access.EditContent); err != nil {
		return nil, err
	}
	all, _, err := s.store.Editions(ctx)
	if err != nil {
		return nil, fmt.Errorf("list entries: %w", err)
	}
	slices.SortFunc(all, func(a, b Edition) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.FAQ.ID, b.FAQ.ID))
	})
	return all, nil
}

// History lists the editions that an entry had, newest first.
func (s *Service) History(ctx context.Context, who access.Actor, id string) ([]Edition, error) {
	if err := who.Require(access.EditContent); err != nil {
		return nil, err
	}
	return s.store.History(ctx, id)
}
