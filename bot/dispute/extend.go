package dispute

import (
	"context"
	"fmt"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Extension is a later end of the mediation, to which both parties agreed
// (人民调解工作若干规定 33; 人民法院在线调解规则 24).
type Extension struct {
	Until    time.Time // the last day
	Reporter bool      // agreed
	Other    bool      // agreed
	How      string    // how each of them said so: personal, sealed
}

// Extend moves the day by which mediation must have come to an end.
func (s *Service) Extend(ctx context.Context, who access.Actor, id CaseID, x Extension, seen Seen) (Case, error) {
	if !x.Reporter || !x.Other {
		return Case{}, ErrConsent
	}
	if err := required("consent", x.How); err != nil {
		return Case{}, err
	}
	until := endOfDay(x.Until)
	return s.change(ctx, who, id, OpExtend, seen, func(before Case) (edit, error) {
		now := s.now()
		if had, ok := timer(before.Timers, DueSettle); ok && had.N == 0 && !until.After(had.At) || !until.After(now) {
			return edit{}, fmt.Errorf("%w: the present end is not before it", ErrDay)
		}
		if until.After(now.AddDate(0, 0, s.opt.Deadlines.MostLonger)) {
			return edit{}, fmt.Errorf("%w: more than %d days", ErrDay, s.opt.Deadlines.MostLonger)
		}
		return edit{
			text: x.How, detail: map[string]string{"until": until.In(shanghai).Format(time.DateOnly)},
			notices: func(c Case) []Notice {
				t, _ := timer(c.Timers, DueSettle)
				return with([]Notice{s.toReporter(c, "notice.extended")}, moment("until", t.At))
			},
			move: func(m *Move) { m.Timers = []Timer{{Kind: DueSettle, At: until}} },
		}, nil
	})
}

// endOfDay is the last minute of t's day where the desk is.
func endOfDay(t time.Time) time.Time {
	y, m, d := t.In(shanghai).Date()
	return time.Date(y, m, d, 23, 59, 0, 0, shanghai).UTC()
}

// ParseDay reads a day as a page's calendar gives it, 2026-12-31.
func ParseDay(s string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, s, shanghai)
	if err != nil {
		return t, fault.As(fault.Invalid, fmt.Errorf("%w: %w", ErrDay, err))
	}
	return t, nil
}
