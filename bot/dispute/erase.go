package dispute

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Kept is why a case's personal data can't be destroyed yet.
type Kept struct {
	Why   string    // open: it is still being worked on; agreed: its agreement may still be needed in court; "" if nothing is in the way
	Until time.Time // zero if no day is known
}

// Kept judges by 个人信息保护法 47: data is destroyed once its purpose is
// fulfilled. An agreement serves until claims from it lapse (民法典 188).
func (s *Service) Kept(c Case) Kept {
	if !c.State.Finished() {
		return Kept{Why: "open"}
	}
	if c.Outcome == AgreedWritten || c.Outcome == AgreedOral {
		if until := c.Changed.AddDate(s.opt.Deadlines.Keep, 0, 0); s.now().Before(until) {
			return Kept{Why: "agreed", Until: until}
		}
	}
	return Kept{}
}

// remover destroys what people attached; a store of files may be one.
type remover interface {
	Remove(ctx context.Context, keys ...string) error
}

// Erase destroys a case's personal data by destroying its key, and the files
// with it. State, type, place, times and outcome stay for the figures, and the
// trail without its texts, which still verifies. A second call does nothing.
//
// The error is of kind Conflict while the case must be kept, see [Service.Kept].
func (s *Service) Erase(ctx context.Context, who access.Actor, id CaseID) (Case, error) {
	if s.opt.Archive == nil {
		return Case{}, errors.New("no store that can erase")
	}
	for range attempts {
		c, err := s.Brief(ctx, who, id)
		if err != nil || c.Erased() {
			return c, err
		}
		if standing(who, c)&moves[OpErase].by == 0 {
			return Case{}, fault.New(fault.Denied, "not theirs to do")
		}
		if k := s.Kept(c); k.Why != "" {
			return Case{}, fmt.Errorf("erase case %s: %s: %w", id, k.Why, ErrMove)
		}
		after, err := s.erase(ctx, who, c)
		if !errors.Is(err, ErrStale) {
			return forEyes(who, after), err
		}
	}
	return Case{}, fmt.Errorf("erase case %s: %w", id, ErrStale)
}

func (s *Service) erase(ctx context.Context, who access.Actor, c Case) (Case, error) {
	full, err := s.store.Case(ctx, c.ID, true)
	if err != nil {
		return Case{}, fmt.Errorf("erase case %s: %w", c.ID, err)
	}
	// The files first: once the key is gone nobody knows which they are.
	if r, ok := s.opt.Files.(remover); ok {
		all, err := attachedTo(full)
		if err != nil {
			return Case{}, fmt.Errorf("erase case %s: %w", c.ID, err)
		}
		for _, e := range all {
			if err := r.Remove(ctx, e.Key); err != nil {
				return Case{}, fmt.Errorf("erase case %s: %w", c.ID, err)
			}
		}
	}
	r := full.Report
	r.Village = full.HappenedIn()
	after, err := s.opt.Archive.Erase(ctx, c.ID, traits(r), Event{At: s.now(), Actor: who.ID, Kind: moves[OpErase].done})
	if err != nil {
		return Case{}, fmt.Errorf("erase case %s: %w", c.ID, err)
	}
	s.opt.Log.InfoContext(ctx, "case erased", "case", c.ID, "by", who.ID)
	return after, nil
}

// attachedTo are all the files of a case: what was reported with, scans, and
// what other parties sent.
func attachedTo(c Case) ([]Evidence, error) {
	scans, err := scansOf(c)
	if err != nil {
		return nil, err
	}
	exhibits, err := ExhibitsOf(c)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(c.Report.Evidence, scans)
	for _, x := range exhibits {
		all = append(all, x.Evidence)
	}
	return all, nil
}

// Correct adds what a person says is right to the file (个人信息保护法 46). What
// was written before stays as it was.
func (s *Service) Correct(ctx context.Context, who access.Actor, id CaseID, text string, seen Seen) (Case, error) {
	if err := required("correction", text); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpCorrect, seen, func(Case) (edit, error) { return edit{text: text}, nil })
}

// FindPeople finds cases by a name or telephone number as it was reported, for
// who manages cases, newest first. Since it tells that somebody has a case, it
// stands in the audit trail of each as a read does.
func (s *Service) FindPeople(ctx context.Context, who access.Actor, text string) ([]Case, error) {
	if err := who.Require(access.ManageCases); err != nil {
		return nil, err
	}
	ids, err := s.store.Alike(ctx, s.peopleTraits(text), mostFound)
	if err != nil {
		return nil, fmt.Errorf("find people: %w", err)
	}
	var all []Case
	for _, id := range ids {
		c, err := s.store.Case(ctx, id, false)
		if errors.Is(err, ErrNotFound) || err == nil && (!knows(who, c) || c.Erased()) {
			continue
		}
		if err == nil {
			err = s.noteRead(ctx, who, c)
		}
		if err != nil {
			return nil, fmt.Errorf("find people: %w", err)
		}
		all = append(all, forEyes(who, c))
	}
	return all, nil
}

// mostFound cases are shown of one person.
const mostFound = 50

func (s *Service) peopleTraits(text string) []string {
	var all []string
	for _, p := range phones.FindAllString(narrowDigits(text), 2) {
		all = append(all, phoneTrait(p))
	}
	for _, n := range names(text) {
		for _, t := range s.reg.Territories() {
			all = append(all, "name:"+n+"@"+t)
		}
	}
	return all
}
