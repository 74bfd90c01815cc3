package index

import (
	"math/rand/v2"
	"strings"

	"github.com/anjie-desk/anjie/knowledge"
)

// school makes the pairs that the statutes give of themselves.
type school struct {
	v        *vocab
	arts     []knowledge.Document
	cols     *columns
	whole    []sparse   // each article with its heading
	chapters [][]uint32 // articles of each chapter
	refs     []uint64   // from << 32 | to
}

func newSchool(v *vocab, arts []knowledge.Document, cols *columns) *school {
	s := &school{v: v, arts: arts, cols: cols, whole: make([]sparse, len(arts)), chapters: make([][]uint32, len(cols.Heads))}
	parallel(len(arts), func(i int) { s.whole[i] = v.features(articleText(&arts[i])) })
	for i := range arts[:cols.Current] { // superseded text teaches nothing that its successor doesn't
		s.chapters[cols.Chapter[i]] = append(s.chapters[cols.Chapter[i]], uint32(i))
		for _, to := range cols.targets(arts, i) {
			s.refs = append(s.refs, uint64(i)<<32|uint64(to))
		}
	}
	return s
}

// next draws a pair: what it is of changes from one to the next.
func (s *school) next(_ int, rng *rand.Rand) pair {
	for {
		if p, ok := s.draw(rng); ok && len(p.left.ids) > 1 && len(p.right.ids) > 1 {
			return p
		}
	}
}

func (s *school) draw(rng *rand.Rand) (pair, bool) {
	kind := rng.IntN(10)
	if kind == 9 && len(s.refs) > 0 {
		r := s.refs[rng.IntN(len(s.refs))]
		return s.related(uint32(r>>32), uint32(r)), true
	}
	i := uint32(rng.IntN(s.cols.Current))
	switch {
	case kind < 2:
		return s.headed(i)
	case kind < 7:
		return s.cloze(i, rng)
	}
	mates := s.chapters[s.cols.Chapter[i]]
	j := mates[rng.IntN(len(mates))]
	return s.related(i, j), i != j
}

func (s *school) chapterGroup(i uint32) uint64 { return 1<<40 | uint64(s.cols.Chapter[i]) }

func (s *school) related(i, j uint32) pair {
	return pair{left: s.whole[i], right: s.whole[j], target: s.chapterGroup(j), owns: []uint64{s.chapterGroup(j)}}
}

// headed pairs a heading, with its law's name, and the text below it.
func (s *school) headed(i uint32) (pair, bool) {
	d := &s.arts[i]
	head := fold(bareLaw(own(d).Law)) + " " + foldHeading(d.Heading)
	return pair{left: s.v.features(head), right: s.v.features(fold(d.Text)), target: s.chapterGroup(i), owns: []uint64{s.chapterGroup(i)}}, true
}

// cloze pairs one sentence of an article and the rest of it.
func (s *school) cloze(i uint32, rng *rand.Rand) (pair, bool) {
	text := fold(s.arts[i].Text)
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。；;\n：:", r) })
	if len(parts) < 2 {
		parts = strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。；;\n：:，,", r) })
	}
	if len(parts) < 2 {
		return pair{}, false
	}
	k := rng.IntN(len(parts))
	left := s.v.features(parts[k])
	rest := foldHeading(s.arts[i].Heading) + " " + strings.Join(append(append([]string{}, parts[:k]...), parts[k+1:]...), " ")
	return pair{left: left, right: s.v.features(rest), target: uint64(i), owns: []uint64{uint64(i)}}, true
}
