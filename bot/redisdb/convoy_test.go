package redisdb

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// WaitLong has nobody give up on a slow machine.
func (d *DB) WaitLong() { d.patience = 10 * time.Minute }

// Waiting is how many reports wait for those on their way to come back.
func (d *DB) Waiting() int { return d.filings.queue() }

func (c *convoy) queue() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.waiting)
}

// road is what a convoy travels: each one waits there until it is let through.
type road struct {
	convoy
	through chan struct{}
	came    chan []string
	wg      sync.WaitGroup
}

func newRoad() *road {
	r := &road{through: make(chan struct{}), came: make(chan []string, 100)}
	r.most = 1
	r.send = func(_ context.Context, ps []*parcel) {
		var names []string
		for _, p := range ps {
			names = append(names, p.args[0])
			p.reply = []any{p.args[0]}
		}
		<-r.through
		r.came <- names
	}
	return r
}

// carries has a parcel go, and waits until it is on its way or waits for others.
func (r *road) carries(ctx context.Context, t *testing.T, year int, name string) <-chan error {
	t.Helper()
	before, said := r.queue(), make(chan error, 1)
	first := !r.busy()
	r.wg.Go(func() {
		p := &parcel{series: dispute.Series{Year: year}, args: []string{name}}
		err := r.carry(ctx, p)
		if err == nil && (len(p.reply) != 1 || p.reply[0] != name) {
			err = errors.New("another's reply")
		}
		said <- err
	})
	until(t, func() bool { return r.queue() > before || first && r.busy() && r.queue() == 0 })
	return said
}

func (r *road) busy() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.away > 0
}

func until(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never comes to that")
		}
	}
}

// TestWhoComesMeanwhileGoesTogether lets one go alone, five meanwhile: those of
// one series go together, the others after them, each with its own reply.
func TestWhoComesMeanwhileGoesTogether(t *testing.T) {
	r := newRoad()
	var said []<-chan error
	for i, year := range []int{2026, 2026, 2027, 2026, 2027, 2026} {
		said = append(said, r.carries(t.Context(), t, year, strconv.Itoa(i)))
	}
	close(r.through)
	r.wg.Wait()
	for i, s := range said {
		if err := <-s; err != nil {
			t.Errorf("parcel %d: %v", i, err)
		}
	}
	for _, want := range [][]string{{"0"}, {"1", "3", "5"}, {"2", "4"}} {
		if got := <-r.came; !slices.Equal(got, want) {
			t.Errorf("went together: %v, want %v", got, want)
		}
	}
	until(t, func() bool { return !r.busy() })
}

// TestAConvoyIsBounded has twice as many and one wait as may go together.
func TestAConvoyIsBounded(t *testing.T) {
	r := newRoad()
	for i := range 2 + 2*mostInConvoy {
		r.carries(t.Context(), t, 2026, strconv.Itoa(i))
	}
	close(r.through)
	r.wg.Wait()
	for _, want := range []int{1, mostInConvoy, mostInConvoy, 1} {
		if got := <-r.came; len(got) != want {
			t.Errorf("%d went together, want %d", len(got), want)
		}
	}
}

// TestWhoGivesUpHoldsUpNobody has one give up on the way and another while it
// waits: the latter is never sent, and the others come through.
func TestWhoGivesUpHoldsUpNobody(t *testing.T) {
	r := newRoad()
	ctx, giveUp := context.WithCancel(t.Context())
	away := r.carries(ctx, t, 2026, "away")
	waits := r.carries(ctx, t, 2026, "waits")
	stays := r.carries(t.Context(), t, 2026, "stays")
	giveUp()
	for what, s := range map[string]<-chan error{"away": away, "waits": waits} {
		if err := <-s; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up (%s) is told %v", what, err)
		}
	}
	close(r.through)
	if err := <-stays; err != nil {
		t.Errorf("who stayed is told %v", err)
	}
	for _, want := range []string{"away", "stays"} {
		if got := <-r.came; !slices.Equal(got, []string{want}) {
			t.Errorf("went: %v, want %s alone", got, want)
		}
	}
}

// TestSeveralConvoysAreOnTheirWay has two go while a third waits, and one that
// hangs holds up nobody but itself.
func TestSeveralConvoysAreOnTheirWay(t *testing.T) {
	hang, sent := make(chan struct{}), make(chan string, 10)
	c := convoy{most: 2, send: func(_ context.Context, ps []*parcel) {
		sent <- ps[0].args[0]
		if ps[0].args[0] == "hangs" {
			<-hang
		}
	}}
	var wg sync.WaitGroup
	carry := func(name string) {
		if err := c.carry(t.Context(), &parcel{args: []string{name}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	wg.Go(func() { carry("hangs") })
	if got := <-sent; got != "hangs" {
		t.Fatal(got)
	}
	for _, name := range []string{"a", "b", "c"} {
		carry(name)
		if got := <-sent; got != name {
			t.Errorf("%s went, want %s", got, name)
		}
	}
	close(hang)
	wg.Wait()
}
