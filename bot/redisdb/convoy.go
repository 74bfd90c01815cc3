package redisdb

import (
	"context"
	"slices"
	"sync"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// mostInConvoy bounds a convoy: a script that keeps so many reports holds up
// everybody else at Redis for about 3 ms.
const mostInConvoy = 32

// convoy sends what comes at the same time in one way to Redis and back. Who
// comes alone goes at once; who comes while others are on their way waits until
// those are back, and goes with all who came since.
type convoy struct {
	send func(context.Context, []*parcel) // sets reply or err of each

	mu      sync.Mutex
	away    bool // one is on its way
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

// join has p wait and tells whether nobody is on the way.
func (c *convoy) join(p *parcel) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, p)
	lead := !c.away
	c.away = true
	return lead
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
		c.away = false
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
