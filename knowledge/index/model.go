package index

import (
	"cmp"
	"slices"
)

// model is the learned part: it turns a question and an article into vectors
// that are near each other when the one answers the other. It is linear and
// small: one vector of bytes a feature, one an article, one a chapter.
type model struct {
	Vocab        *vocab
	Rows         []byte // features × dim, each an int8
	RowScale     []float32
	Docs         []byte // articles × dim
	DocScale     []float32
	Chapters     []byte // chapters × dim: the way to the articles worth a look
	ChapterScale []float32
	Sums         []float32  // the table's, to learn on from; not kept in memory while searching
	Warm         int        // how many courses on changed content came after the whole one
	members      [][]uint32 // articles of each chapter
}

// newModel makes the model of a learned table and the texts of all articles.
func newModel(v *vocab, t *table, whole []sparse, cols *columns) *model {
	n := len(v.IDF)
	m := &model{Vocab: v, Rows: make([]byte, n*dim), RowScale: make([]float32, n)}
	parallel(n, func(i int) { m.RowScale[i] = quantise(t.row(int32(i)), m.Rows[i*dim:]) })
	m.Docs, m.DocScale = make([]byte, len(whole)*dim), make([]float32, len(whole))
	centres := make([]float32, len(cols.Heads)*dim)
	vectors := make([]float32, len(whole)*dim)
	parallel(len(whole), func(i int) {
		t.encode(whole[i], at(vectors, i))
		m.DocScale[i] = quantise(at(vectors, i), m.Docs[i*dim:])
	})
	for i := range whole {
		axpy(1, at(vectors, i), at(centres, int(cols.Chapter[i])))
	}
	m.Chapters, m.ChapterScale = make([]byte, len(cols.Heads)*dim), make([]float32, len(cols.Heads))
	for c := range len(cols.Heads) {
		unit(at(centres, c))
		m.ChapterScale[c] = quantise(at(centres, c), m.Chapters[c*dim:])
	}
	m.link(cols)
	return m
}

// link finds the members of the chapters, which are not stored.
func (m *model) link(cols *columns) {
	m.members = make([][]uint32, len(cols.Heads))
	for i, c := range cols.Chapter {
		m.members[c] = append(m.members[c], uint32(i))
	}
}

// query is a question as the model sees it.
type vectorQuery struct {
	bytes [dim]byte
	wide  [dim]int64 // the same, widened
	scale float32
}

func (m *model) query(s sparse) (q vectorQuery) {
	var x [dim]float32
	for i, id := range s.ids {
		k := s.ws[i] * m.RowScale[id]
		row := m.Rows[int(id)*dim : int(id)*dim+dim]
		for j, v := range row {
			x[j] += k * float32(int8(v))
		}
	}
	unit(x[:])
	q.scale = quantise(x[:], q.bytes[:])
	q.wide = widened(q.bytes[:])
	return q
}

func (m *model) likeness(q *vectorQuery, ord uint32) float32 {
	return q.scale * m.DocScale[ord] * float32(dot8(&q.wide, m.Docs[int(ord)*dim:]))
}

func (m *model) chapterLikeness(q *vectorQuery, c uint32) float32 {
	return q.scale * m.ChapterScale[c] * float32(dot8(&q.wide, m.Chapters[int(c)*dim:]))
}

// probes is how many chapters are looked into: a thirtieth of them loses
// nothing that the whole would have found (docs/RETRIEVAL.md).
const probes = 250

// nearest returns the n articles most like the question in the chapters that
// keep lets pass.
func (m *model) nearest(q *vectorQuery, n int, keep func(chapter uint32) bool) []scored {
	chapters := make([]scored, 0, len(m.members))
	for c := range uint32(len(m.members)) {
		if keep(c) {
			chapters = append(chapters, scored{c, m.ChapterScale[c] * float32(dot8(&q.wide, m.Chapters[int(c)*dim:]))})
		}
	}
	var out []scored
	for _, c := range best(chapters, probes) {
		for _, ord := range m.members[c.ord] {
			out = append(out, scored{ord, m.likeness(q, ord)})
		}
	}
	return best(out, n)
}

type scored struct {
	ord   uint32
	score float32
}

// best keeps the n highest of list, highest first; it reorders list.
func best(list []scored, n int) []scored {
	if len(list) > 4*n {
		list = shortlist(list, n)
	}
	slices.SortFunc(list, func(x, y scored) int {
		if c := cmp.Compare(y.score, x.score); c != 0 {
			return c
		}
		return cmp.Compare(x.ord, y.ord)
	})
	return list[:min(n, len(list))]
}

// shortlist moves the n highest to the front, by quickselect, and drops what is
// surely not among them.
func shortlist(list []scored, n int) []scored {
	lo, hi := 0, len(list)
	for hi > 2*n {
		pivot := list[lo+(hi-lo)/2].score
		i, j := lo, hi-1
		for i <= j {
			for list[i].score > pivot {
				i++
			}
			for list[j].score < pivot {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i++
				j--
			}
		}
		switch {
		case n <= j+1:
			hi = j + 1
		case n <= i:
			return list[:i]
		default:
			lo = i
		}
	}
	return list[:hi]
}
