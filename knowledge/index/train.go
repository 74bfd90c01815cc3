package index

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
)

// table is the model while it learns: one vector a feature.
type table struct {
	rows []float32 // features × dim
	sums []float32 // Adagrad's sums of squares, shards a feature
}

// shards cut vectors so that several goroutines can update the same features
// without locks, and with the same result on any number of cores.
const shards = 4

func newTable(features int, rng *rand.Rand) *table {
	t := &table{rows: make([]float32, features*dim), sums: make([]float32, features*shards)}
	scale := 1 / math.Sqrt(dim)
	for i := range t.rows {
		t.rows[i] = float32(rng.NormFloat64() * scale)
	}
	return t
}

func (t *table) row(id int32) []float32 { return t.rows[int(id)*dim : int(id)*dim+dim] }

// encode writes the vector of s to out, of length one, and returns the length
// that it had.
func (t *table) encode(s sparse, out []float32) float32 {
	clear(out)
	for i, id := range s.ids {
		axpy(s.ws[i], t.row(id), out)
	}
	return unit(out)
}

// pair is a text and one that belongs to it. The right side of another pair of
// the batch counts as wrong unless its target is among those that this left
// side owns.
type pair struct {
	left, right sparse
	target      uint64   // names the right side, or what it shares with others
	owns        []uint64 // targets that belong to the left side
	hard        sparse   // does not belong to it; may be empty
}

// course is how a table learns.
type course struct {
	steps       int
	batch       int
	temperature float32
	rate        float32
	// next draws pair n of the course. It is called for many pairs at a time;
	// what it returns hangs on n and rng alone.
	next func(n int, rng *rand.Rand) pair
}

// learn runs a course. Same table, pairs and seed give the same result.
func (t *table) learn(ctx context.Context, c course, rng *rand.Rand, progress func(done, total int)) error {
	l := newLesson(t, c)
	for step := range c.steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		progress(step, c.steps)
		seed := rng.Uint64()
		parallel(c.batch, func(i int) {
			own := rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // the same seed has to give the same pairs
			l.pairs[i] = c.next(step*c.batch+i, own)
		})
		l.step(c.rate * float32(1-0.9*float64(step)/float64(c.steps)))
	}
	progress(c.steps, c.steps)
	return nil
}

// lesson is the memory of one batch.
type lesson struct {
	t            *table
	c            course
	pairs        []pair
	left, right  []float32 // vectors; the right ones are followed by the hard ones
	lenL, lenR   []float32
	gradL, gradR []float32
	slot         []int32 // by feature: place in touched + 1
	touched      []int32
	grad         []float32
}

func newLesson(t *table, c course) *lesson {
	b := c.batch
	return &lesson{
		t: t, c: c, pairs: make([]pair, b),
		left: make([]float32, b*dim), right: make([]float32, 2*b*dim), lenL: make([]float32, b), lenR: make([]float32, 2*b),
		gradL: make([]float32, b*dim), gradR: make([]float32, 2*b*dim), slot: make([]int32, len(t.sums)/shards),
	}
}

func at(v []float32, i int) []float32 { return v[i*dim : i*dim+dim] }

func (l *lesson) step(rate float32) {
	b := len(l.pairs)
	parallel(b, func(i int) {
		l.lenL[i] = l.t.encode(l.pairs[i].left, at(l.left, i))
		l.lenR[i] = l.t.encode(l.pairs[i].right, at(l.right, i))
		l.lenR[b+i] = l.t.encode(l.pairs[i].hard, at(l.right, b+i))
	})
	p := make([]float32, b*2*b)
	parallel(b, func(i int) { l.blame(i, p[i*2*b:(i+1)*2*b]) })
	parallel(2*b, func(j int) {
		g := at(l.gradR, j)
		clear(g)
		for i := range b {
			if k := p[i*2*b+j]; k != 0 {
				axpy(k, at(l.left, i), g)
			}
		}
	})
	l.collect()
	parallel(shards, func(k int) { l.update(k, rate) })
	for _, id := range l.touched {
		l.slot[id] = 0
	}
}

// blame turns row i of similarities into what each right side is to be moved
// by, and sums up what left side i is to be moved by.
func (l *lesson) blame(i int, row []float32) {
	b := len(l.pairs)
	v, top := at(l.left, i), float32(-1e9)
	for j := range row {
		if j != i && !l.rival(i, j) {
			row[j] = -1e9
			continue
		}
		row[j] = dot(v, at(l.right, j)) / l.c.temperature
		top = max(top, row[j])
	}
	var sum float64
	for j, s := range row {
		e := math.Exp(float64(s - top))
		row[j] = float32(e)
		sum += e
	}
	g := at(l.gradL, i)
	clear(g)
	for j := range row {
		row[j] = float32(float64(row[j]) / sum)
		if j == i {
			row[j]--
		} else if row[j] < negligible {
			row[j] = 0
			continue
		}
		row[j] /= l.c.temperature * float32(b)
		axpy(row[j], at(l.right, j), g)
	}
}

// negligible is the share of blame below which a wrong right side is let be:
// most are, once a little is learnt, and to move them takes half the time.
const negligible = 1e-4

// rival tells whether right side j is wrong for left side i.
func (l *lesson) rival(i, j int) bool {
	if j >= len(l.pairs) {
		return len(l.pairs[j-len(l.pairs)].hard.ids) > 0 && j-len(l.pairs) == i
	}
	return !slices.Contains(l.pairs[i].owns, l.pairs[j].target)
}

// collect numbers the features of the batch and makes the gradients of vectors
// into gradients before their scaling to length one.
func (l *lesson) collect() {
	b := len(l.pairs)
	l.touched = l.touched[:0]
	note := func(s sparse) {
		for _, id := range s.ids {
			if l.slot[id] == 0 {
				l.touched = append(l.touched, id)
				l.slot[id] = int32(len(l.touched))
			}
		}
	}
	for i := range l.pairs {
		note(l.pairs[i].left)
		note(l.pairs[i].right)
		note(l.pairs[i].hard)
	}
	parallel(b, func(i int) { unscale(at(l.gradL, i), at(l.left, i), l.lenL[i]) })
	parallel(2*b, func(j int) { unscale(at(l.gradR, j), at(l.right, j), l.lenR[j]) })
	if need := len(l.touched) * dim; cap(l.grad) < need {
		l.grad = make([]float32, need)
	}
	l.grad = l.grad[:len(l.touched)*dim]
	clear(l.grad)
}

func unscale(g, v []float32, length float32) {
	if length == 0 {
		clear(g)
		return
	}
	k := dot(g, v)
	for i := range g {
		g[i] = (g[i] - k*v[i]) / length
	}
}

// update moves one shard of the features of the batch.
func (l *lesson) update(k int, rate float32) {
	const width = dim / shards
	lo := k * width
	add := func(s sparse, g []float32) {
		for i, id := range s.ids {
			row := int(l.slot[id]-1)*dim + lo
			axpy(s.ws[i], g[lo:lo+width], l.grad[row:row+width])
		}
	}
	b := len(l.pairs)
	for i := range l.pairs {
		add(l.pairs[i].left, at(l.gradL, i))
		add(l.pairs[i].right, at(l.gradR, i))
		add(l.pairs[i].hard, at(l.gradR, b+i))
	}
	for n, id := range l.touched {
		g := l.grad[n*dim+lo : n*dim+lo+width]
		var sq float32
		for _, v := range g {
			sq += v * v
		}
		sum := &l.t.sums[int(id)*shards+k]
		*sum += sq / width
		step := -rate / float32(math.Sqrt(float64(*sum))+1e-8)
		axpy(step, g, l.t.row(id)[lo:lo+width])
	}
}

// parallel calls f for 0 to n−1 on all cores.
func parallel(n int, f func(i int)) {
	const chunk = 16
	var wg sync.WaitGroup
	workers := min(n, runtime.GOMAXPROCS(0))
	next := make(chan int, n/chunk+1)
	size := chunk
	if n <= shards {
		size = 1
		next = make(chan int, n)
	}
	for lo := 0; lo < n; lo += size {
		next <- lo
	}
	close(next)
	for range workers {
		wg.Go(func() {
			for lo := range next {
				for i := lo; i < min(lo+size, n); i++ {
					f(i)
				}
			}
		})
	}
	wg.Wait()
}
