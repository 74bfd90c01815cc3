package dispute

import (
	"context"

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

// HappenedIn is the village of a case: its territory, or the one that had
// nobody on duty when it was filed.
func (c Case) HappenedIn() string {
	if v := c.Facts[factVillage]; v != "" {
		return v
	}
	return c.Territory
}
