package dispute

import (
	"context"
	"slices"
	"strconv"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Where a case came from, as the statistics count it (DOMAIN §3).
const (
	OriginApplied  = "applied"  // 当事人申请
	OriginActive   = "active"   // 主动调解
	OriginReferred = "referred" // 委托、移送
)

// Tally is what the statistics ask of a case beside what its course tells.
type Tally struct {
	Origin    string
	Crime     int  // people kept from crime: 防止民转刑
	Petition  int  // people kept from a mass petition: 防止群体性上访
	Difficult bool // 疑难复杂
}

const maxPeople = 10_000

// Count records a tally as plain facts: origin, crime, petition, difficult.
func (s *Service) Count(ctx context.Context, who access.Actor, id CaseID, t Tally, seen Seen) (Case, error) {
	if !slices.Contains([]string{OriginApplied, OriginActive, OriginReferred}, t.Origin) {
		return Case{}, fault.New(fault.Invalid, "tally: unknown origin")
	}
	if t.Crime < 0 || t.Petition < 0 || t.Crime > maxPeople || t.Petition > maxPeople {
		return Case{}, fault.New(fault.Invalid, "tally: a number of people that can't be")
	}
	return s.change(ctx, who, id, OpTally, seen, func(Case) (edit, error) {
		facts := map[string]string{"origin": t.Origin, "crime": count(t.Crime), "petition": count(t.Petition), "difficult": ""}
		if t.Difficult {
			facts["difficult"] = "1"
		}
		return edit{move: func(m *Move) { m.note(facts) }}, nil
	})
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Origin is where a case came from: as it was recorded, else by its channel.
func (c Case) Origin() string {
	if o := c.Facts["origin"]; o != "" {
		return o
	}
	if c.Source == "grid" {
		return OriginActive
	}
	return OriginApplied
}
