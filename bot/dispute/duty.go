package dispute

import (
	"context"
	"slices"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
)

// Duty tells who is there. A roster of the staff's accounts is one.
type Duty interface {
	// OnDuty tells whether a territory has a mediator who isn't away now.
	OnDuty(ctx context.Context, territory string) (bool, error)
}

// placed is the territory in whose queue a report waits: its village's, or the
// centre's while nobody there is on duty. When that can't be found out it stays
// in the village, where the deadline to claim it leads to a clerk.
func (s *Service) placed(ctx context.Context, f *Filing) string {
	village := f.Report.Village
	if s.opt.Duty == nil || village == place.Centre {
		return village
	}
	on, err := s.opt.Duty.OnDuty(ctx, village)
	if err != nil {
		s.opt.Log.ErrorContext(ctx, "duty not known", "territory", village, "err", err)
		return village
	}
	if !on {
		return place.Centre
	}
	return village
}

// gridOf is the grid of a village that a report names, or of the grid worker
// who files it; "" if neither says which.
func (s *Service) gridOf(who access.Actor, territory string, f Filing) string {
	v, ok := s.reg.Village(territory)
	if !ok {
		return ""
	}
	if name := v.GridIn(f.Report.What); name != "" {
		return name
	}
	var own []string
	for _, g := range v.GridList() {
		if who.Role == access.GridWorker && slices.Contains(who.Grids, access.GridKey(territory, g.Name)) {
			own = append(own, g.Name)
		}
	}
	if len(own) == 1 {
		return own[0]
	}
	return ""
}

// Locate says, or corrects, in which grid of its village a case happened; ""
// says that it isn't known. While it waits for a mediator, those of the grid are
// told.
func (s *Service) Locate(ctx context.Context, who access.Actor, id CaseID, grid, why string, seen Seen) (Case, error) {
	if err := bounded("note", why); err != nil {
		return Case{}, err
	}
	return s.change(ctx, who, id, OpLocate, seen, func(before Case) (edit, error) {
		v, _ := s.reg.Village(before.Territory)
		if grid != "" && !v.HasGrid(grid) {
			return edit{}, fault.New(fault.Invalid, "locate: the village has no such grid")
		}
		if grid == before.Grid() {
			return edit{}, fault.New(fault.Invalid, "locate: it is in that grid already")
		}
		return edit{
			text: why, detail: map[string]string{"grid": grid, "grid_before": before.Grid()},
			notices: func(c Case) []Notice {
				if c.State != Accepted || grid == "" {
					return nil
				}
				return s.toTerritory(c, "notice.new")
			},
			move: func(m *Move) { m.note(map[string]string{factGrid: grid}) },
		}, nil
	})
}

// HappenedIn is the village of a case: its territory, or the one that had
// nobody on duty when it was filed.
func (c Case) HappenedIn() string {
	if v := c.Facts[factVillage]; v != "" {
		return v
	}
	return c.Territory
}
