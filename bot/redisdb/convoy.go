package redisdb

import (
	"context"
	"slices"
	"sync"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// mostAway is how many convoys are on their way at the same time: so many that
// few clients never wait for each other, so few that many go together, and that
// one connection that hangs does not hold up the rest (ADR 31).
const mostAway = 8

// mostInConvoy bounds a convoy: a script that keeps so many reports holds up
// everybody else at Redis for about 3 ms.
const mostInConvoy = 32

// convoy sends what comes at the same time in one way to Redis and back. Who
// comes while fewer than most are on their way goes at once; who comes later
// waits until one of those is back, and goes with all who came since.
type convoy struct {
	send func(context.Context, []*parcel) // sets reply or err of each
	most int                              // on their way at the same time

	mu      sync.Mutex
	away    int // on their way
	waiting []*parcel
}

// parcel is one report, laid out for file.lua.
type parcel struct {
	series dispute.Series // of one series are all that go together
	keys   []string
	args   []string

	reply []any
	err   error
	back  chan struct{} // closed once reply or err is set
}

// carry sends p and waits for what becomes of it. If ctx ends before p has been
// sent, it isn't sent; if it ends later, what becomes of p stays unknown. Either
// way the others travel on.
func (c *convoy) carry(ctx context.Context, p *parcel) error {
	p.back = make(chan struct{})
	if c.join(p) {
		go c.travel(context.WithoutCancel(ctx))
	}
	select {
	case <-p.back:
		return p.err
	case <-ctx.Done():
		c.leave(p)
		return ctx.Err()
	}
}

// join has p wait and tells whether one more may be on the way.
func (c *convoy) join(p *parcel) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, p)
	if c.away >= c.most {
		return false
	}
	c.away++
	return true
}

// travel goes there and back until nobody waits.
func (c *convoy) travel(ctx context.Context) {
	for {
		together := c.next()
		if len(together) == 0 {
			return
		}
		c.send(ctx, together)
		for _, p := range together {
			close(p.back)
		}
	}
}

// next takes those who go together: the first who waits, and others of its series.
func (c *convoy) next() (together []*parcel) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 {
		c.away--
		return nil
	}
	series := c.waiting[0].series
	c.waiting = slices.DeleteFunc(c.waiting, func(p *parcel) bool {
		goes := p.series == series && len(together) < mostInConvoy
		if goes {
			together = append(together, p)
		}
		return goes
	})
	return together
}

// leave takes out one who no longer waits.
func (c *convoy) leave(p *parcel) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = slices.DeleteFunc(c.waiting, func(other *parcel) bool { return other == p })
}
