package needs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
)

// Board is the list of needs of a week: what to write next.
type Board struct {
	Week    string // its Monday
	Figures map[Kind]int
	Top     []Cluster // most asked in the week, at most 20, whatever was decided about them
	Waiting []Cluster // open ones of other weeks, most asked first, at most 20

	Written int           // needs for which an entry went live in the eight weeks up to this one
	Waited  time.Duration // half of them had theirs sooner after they first came up
}

// Questions is how many were put in the week.
func (b Board) Questions() int {
	f := b.Figures
	return f[Answered] + f[Elsewhere] + f[Refused] + f[Bare] + f[Unsure]
}

// Unanswered is how many of them got no answer of ours: refused, or an article
// alone.
func (b Board) Unanswered() int { return b.Figures[Refused] + b.Figures[Bare] }

// Share is Unanswered of Questions in percent, 0 without questions.
func (b Board) Share() int {
	if b.Questions() == 0 {
		return 0
	}
	const whole, half = 100, 2
	return (b.Unanswered()*whole + b.Questions()/half) / b.Questions()
}

const (
	topSize   = 20
	lookBack  = 8 // weeks over which waiting is measured
	weekHours = 7 * 24 * time.Hour
)

// Board shows the needs of the week in which day lies. The error is of kind
// fault.Denied for who may not see them.
func (s *Service) Board(ctx context.Context, who access.Actor, day time.Time) (Board, error) {
	if err := who.Require(access.SeeNeeds); err != nil {
		return Board{}, err
	}
	b := Board{Week: s.week(day)}
	all, err := s.store.Needs(ctx)
	if err != nil {
		return b, fmt.Errorf("board of needs: %w", err)
	}
	if b.Figures, err = s.store.Figures(ctx, b.Week); err != nil {
		return b, fmt.Errorf("board of needs: %w", err)
	}
	b.Written, b.Waited = waited(all, day)
	for _, c := range s.like.clusters(all) {
		for _, n := range c.Needs {
			c.Week += n.Weeks[b.Week]
		}
		switch {
		case c.Week > 0 && c.State != Dropped:
			b.Top = append(b.Top, c)
		case c.State == Open:
			b.Waiting = append(b.Waiting, c)
		}
	}
	slices.SortStableFunc(b.Top, func(x, y Cluster) int { return cmp.Compare(y.Week, x.Week) })
	slices.SortStableFunc(b.Waiting, func(x, y Cluster) int { return cmp.Compare(y.Count, x.Count) })
	b.Top, b.Waiting = b.Top[:min(len(b.Top), topSize)], b.Waiting[:min(len(b.Waiting), topSize)]
	return b, s.near(ctx, b.Top, b.Waiting)
}

// near finds the entry that lies nearest to each cluster now.
func (s *Service) near(ctx context.Context, lists ...[]Cluster) error {
	for _, list := range lists {
		for i := range list {
			c := &list[i]
			if c.To != "" {
				c.Nearest = s.find.Entry(c.To)
				continue
			}
			f, err := s.find.Nearest(ctx, c.Needs[0].Text)
			if err != nil {
				return fmt.Errorf("entry near a need: %w", err)
			}
			c.Nearest = f
		}
	}
	return nil
}

// waited measures how long needs waited for the entry that answers them.
func waited(all []Need, day time.Time) (n int, half time.Duration) {
	var times []time.Duration
	for _, x := range all {
		if !x.Live.IsZero() && !x.Live.After(day.Add(weekHours)) && x.Live.After(day.Add(-lookBack*weekHours)) {
			times = append(times, x.Live.Sub(x.First))
		}
	}
	if len(times) == 0 {
		return 0, 0
	}
	slices.Sort(times)
	return len(times), times[len(times)/2]
}
