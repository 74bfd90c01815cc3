package dispute

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
)

// mostHops bounds how far a merged case is followed.
const mostHops = 8

// Merge puts a case into another about the same matter; both keep their
// histories and name each other. The reporter of the one that was merged is
// told of, and sees, where the other stands.
func (s *Service) Merge(ctx context.Context, who access.Actor, id, into CaseID, seen Seen) (Case, error) {
	target, err := s.store.Case(ctx, into, false)
	if err != nil || !knows(who, target) || id == into || !target.State.Open() {
		return Case{}, fmt.Errorf("merge case %s into %s: %w", id, into, errors.Join(ErrNotFound, err))
	}
	c, err := s.change(ctx, who, id, OpMerge, seen, func(before Case) (edit, error) {
		facts := map[string]string{factInto: string(into), "into_number": string(target.Number)}
		return edit{
			detail: facts,
			notices: func(c Case) []Notice {
				all := []Notice{s.toReporter(c, "notice.merged"), s.toOwner(c, before.Owner, "notice.merged.staff")}
				return with(all, map[string]string{"into_number": facts["into_number"]})
			},
			move: func(m *Move) {
				m.note(facts)
				m.Timers = append(m.Timers, Timer{Kind: DueLink, At: m.Event.At})
			},
		}, nil
	})
	if err != nil {
		return c, err
	}
	if t, ok := timer(c.Timers, DueLink); ok {
		if err := s.link(ctx, id, &t); err != nil { // its timer tries again
			s.opt.Log.ErrorContext(ctx, "merged case not linked yet", "case", id, "into", into, "err", err)
		}
	}
	return c, nil
}

// link writes a merged case into the other one's file, once, and then says so
// in its own. A target that has ended meanwhile keeps its file as it is.
func (s *Service) link(ctx context.Context, id CaseID, fired *Timer) error {
	c, err := s.store.Case(ctx, id, false)
	if err != nil {
		return err
	}
	into := CaseID(c.Facts[factInto])
	_, err = s.change(ctx, access.System, into, OpAbsorb, Seen{Token: "absorb:" + string(id)}, func(before Case) (edit, error) {
		facts := map[string]string{factMerged + string(id): string(c.Number), factNotify + string(id): c.Notify}
		for k, v := range c.Facts { // what was merged into it before comes along
			if strings.HasPrefix(k, factMerged) || strings.HasPrefix(k, factNotify) {
				facts[k] = v
			}
		}
		return edit{
			detail:  map[string]string{"merged": string(id), "merged_number": string(c.Number)},
			notices: func(c Case) []Notice { return []Notice{s.toOwner(c, before.Owner, "notice.absorbed")} },
			move:    func(m *Move) { m.note(facts) },
		}, nil
	})
	if err != nil && !errors.Is(err, ErrMove) {
		return err
	}
	_, err = s.change(ctx, access.System, id, OpLink, Seen{}, func(Case) (edit, error) {
		return edit{detail: map[string]string{factInto: string(into)}, move: func(m *Move) { m.Fired = fired }}, nil
	})
	if errors.Is(err, ErrGone) {
		return nil
	}
	return err
}

// alsoToMerged tells the reporters of cases merged into this one what its own
// reporter is told.
func alsoToMerged(c Case, n []Notice) []Notice {
	all := n
	for _, p := range c.MergedFrom() {
		to := c.Facts[factNotify+p.ID]
		if to == "" || to == c.Notify {
			continue
		}
		for _, one := range n {
			if one.reporter {
				one.To = to
				all = append(all, one)
			}
		}
	}
	return all
}

// followed is the case that a merged one has become part of; one that wasn't
// merged is itself.
func (s *Service) followed(ctx context.Context, c Case) (Case, error) {
	for range mostHops {
		into := CaseID(c.Facts[factInto])
		if c.State != Merged && c.State != Closed && c.State != Archived || into == "" {
			return c, nil
		}
		next, err := s.store.Case(ctx, into, false)
		if errors.Is(err, ErrNotFound) {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		c = next
	}
	return c, nil
}
