package dispute

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
)

// Kinds of the events that a case's way out of the store and back brings.
const (
	Shelved   = "shelved"
	Unshelved = "unshelved"
)

// Archive moves archived cases out of the store into yearly files, and back. A
// case in a file stays in every list, and is read like any other.
type Archive interface {
	// Shelving has the caller alone move cases until done is called, for as
	// long as it says; done is nil while another does.
	Shelving(ctx context.Context) (done func(), long time.Duration, err error)
	// Unshelved lists archived cases that are in no file, newest first.
	Unshelved(ctx context.Context, territories []string, after string, limit int) ([]Case, string, error)
	// Shelve writes a case to its year's file and has the store let go of it,
	// or returns ErrStale if it changed meanwhile. Its traits are found for ever.
	Shelve(ctx context.Context, id CaseID, traits []string, ev Event) error
	// Unshelve puts a case back; ErrMove if it is in no file.
	Unshelve(ctx context.Context, id CaseID, ev Event) (Case, error)
	// Erase destroys the key of a case's personal data and what leads to it.
	Erase(ctx context.Context, id CaseID, traits []string, ev Event) (Case, error)
}

// FactErased is when a case's personal data was destroyed, Unix milliseconds.
const FactErased = "erased"

// Erased tells whether the case's personal data was destroyed.
func (c Case) Erased() bool { return c.Facts[FactErased] != "" }

// shelvePage is how many archived cases are looked at at once.
const shelvePage = 200

// ShelveDue moves cases that were archived Deadlines.Shelve days ago and not
// touched since into their files, and returns how many. It may run on every
// replica: one does it at a time, and what it leaves the next run finds.
func (s *Service) ShelveDue(ctx context.Context) (int, error) {
	if s.opt.Archive == nil {
		return 0, errors.New("no archive folder")
	}
	done, long, err := s.opt.Archive.Shelving(ctx)
	if err != nil || done == nil {
		return 0, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	moved, after := 0, ""
	for {
		page, next, err := s.opt.Archive.Unshelved(ctx, s.reg.Territories(), after, shelvePage)
		if err != nil {
			return moved, fmt.Errorf("archive: %w", err)
		}
		n, err := s.shelvePage(ctx, page)
		if moved += n; err != nil || next == "" {
			return moved, err
		}
		after = next
	}
}

func (s *Service) shelvePage(ctx context.Context, page []Case) (moved int, err error) {
	for _, c := range page {
		if c.State != Archived || c.Erased() || s.now().Before(s.shelveAt(c)) {
			continue
		}
		switch err := s.shelve(ctx, c); {
		case err == nil:
			moved++
		case errors.Is(err, ErrStale) || errors.Is(err, ErrMove):
			// somebody works on it: it isn't due
		default:
			return moved, fmt.Errorf("archive: %w", err)
		}
	}
	return moved, nil
}

// shelveAt is when an archived case leaves the store.
func (s *Service) shelveAt(c Case) time.Time { return c.Changed.AddDate(0, 0, s.opt.Deadlines.Shelve) }

func (s *Service) shelve(ctx context.Context, c Case) error {
	known, err := s.traitsOf(ctx, c)
	if err != nil {
		return err
	}
	if err := s.opt.Archive.Shelve(ctx, c.ID, known, Event{At: s.now(), Actor: access.System.ID, Kind: Shelved}); err != nil {
		return err
	}
	s.opt.Log.InfoContext(ctx, "case moved to its archive file", "case", c.ID)
	return nil
}

// traitsOf are the traits by which a case was filed.
func (s *Service) traitsOf(ctx context.Context, c Case) ([]string, error) {
	full, err := s.store.Case(ctx, c.ID, true)
	if err != nil {
		return nil, err
	}
	r := full.Report
	r.Village = full.HappenedIn()
	return traits(r), nil
}

// Unshelve puts an archived case from its file back among the others, where it
// stays for Deadlines.Shelve days. What changes the case does so by itself.
func (s *Service) Unshelve(ctx context.Context, who access.Actor, id CaseID) (Case, error) {
	if err := who.Require(access.ManageCases); err != nil {
		return Case{}, err
	}
	if s.opt.Archive == nil {
		return Case{}, errors.New("no archive folder")
	}
	if _, err := s.Brief(ctx, who, id); err != nil {
		return Case{}, err
	}
	c, err := s.opt.Archive.Unshelve(ctx, id, Event{At: s.now(), Actor: who.ID, Kind: Unshelved})
	if err != nil {
		return Case{}, fmt.Errorf("restore case %s: %w", id, err)
	}
	s.opt.Log.InfoContext(ctx, "case put back from its archive file", "case", id, "by", who.ID)
	return forEyes(who, plain(c)), nil
}

// ArchiveFigures says how many archived cases are in the store and how many in
// files, and how many of the former are due.
type ArchiveFigures struct{ Here, Due, Filed int }

// ArchiveFigures counts the archived cases of the sub-district.
func (s *Service) ArchiveFigures(ctx context.Context, who access.Actor) (ArchiveFigures, error) {
	var f ArchiveFigures
	if err := who.Require(access.ManageCases); err != nil {
		return f, err
	}
	filter := Filter{Territory: s.reg.Territories(), State: []State{Archived}, Limit: shelvePage}
	for {
		page, next, err := s.store.Cases(ctx, filter)
		if err != nil {
			return f, fmt.Errorf("archive: %w", err)
		}
		for _, c := range page {
			switch {
			case c.Shelf != "":
				f.Filed++
			case s.now().Before(s.shelveAt(c)):
				f.Here++
			default:
				f.Here, f.Due = f.Here+1, f.Due+1
			}
		}
		if next == "" {
			return f, nil
		}
		filter.After = next
	}
}
