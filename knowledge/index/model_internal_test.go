package index

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestBestIsTheHeadOfTheSortedList(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		list := make([]scored, 1+rng.IntN(3000))
		for i := range list {
			list[i] = scored{uint32(i), float32(rng.IntN(50))} // many are equal
		}
		n := 1 + rng.IntN(300)
		sorted := slices.Clone(list)
		slices.SortFunc(sorted, func(a, b scored) int {
			if a.score != b.score {
				return int(b.score - a.score)
			}
			return int(a.ord) - int(b.ord)
		})
		got := best(list, n)
		for i, c := range got {
			if c.score != sorted[i].score {
				t.Fatalf("best(%d of %d)[%d] scores %v, want %v", n, len(sorted), i, c.score, sorted[i].score)
			}
		}
		if want := min(n, len(sorted)); len(got) != want {
			t.Fatalf("best kept %d, want %d", len(got), want)
		}
	}
}

func TestBytesKeepAProduct(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	a, b := make([]float32, dim), make([]float32, dim)
	for i := range a {
		a[i], b[i] = float32(rng.NormFloat64()), float32(rng.NormFloat64())
	}
	unit(a)
	unit(b)
	qa, qb := make([]byte, dim), make([]byte, dim)
	scale := quantise(a, qa) * quantise(b, qb)
	wide := widened(qa)
	got := scale * float32(dot8(&wide, qb))
	if d := got - dot(a, b); d > 0.01 || d < -0.01 {
		t.Errorf("the product of bytes is %v, of floats %v", got, dot(a, b))
	}
}

// twins is a task that can be learnt: words 2k and 2k+1 mean the same.
func twins(_ int, rng *rand.Rand) pair {
	k := int32(rng.IntN(40))
	return pair{
		left:   sparse{ids: []int32{2 * k}, ws: []float32{1}},
		right:  sparse{ids: []int32{2*k + 1}, ws: []float32{1}},
		target: uint64(k), owns: []uint64{uint64(k)},
	}
}

func TestATableLearnsWhichWordsMeanTheSame(t *testing.T) {
	right := func(tb *table) (n int) {
		for k := range int32(40) {
			top, at := float32(-2), int32(-1)
			for j := range int32(40) {
				if s := cosine(tb.row(2*k), tb.row(2*j+1)); s > top {
					top, at = s, j
				}
			}
			if at == k {
				n++
			}
		}
		return n
	}
	learnt := func(steps int) *table {
		rng := rand.New(rand.NewPCG(1, 2))
		tb := newTable(80, rng)
		c := course{steps: steps, batch: 64, temperature: 0.07, rate: 0.05, next: twins}
		if err := tb.learn(t.Context(), c, rng, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		return tb
	}
	if before, after := right(learnt(0)), right(learnt(60)); before > 10 || after < 38 {
		t.Errorf("of 40 twins %d were nearest before and %d after learning, want few and nearly all", before, after)
	}
	if a, b := learnt(20), learnt(20); !slices.Equal(a.rows, b.rows) {
		t.Error("the same course gave two models")
	}
}

func cosine(a, b []float32) float32 {
	x, y := slices.Clone(a), slices.Clone(b)
	unit(x)
	unit(y)
	return dot(x, y)
}

func TestAnExtendedVocabularyKeepsItsNumbers(t *testing.T) {
	texts := make([]string, 0, 40)
	for i := range 40 {
		text := "其他"
		if i%2 == 0 {
			text = "合同"
		}
		texts = append(texts, text, "不同")
	}
	v := newVocab(func(yield func(string) bool) {
		for _, s := range texts {
			if !yield(s) {
				return
			}
		}
	}, 200)
	had, ok := v.id("合同")
	if !ok {
		t.Fatal("合同 is not known")
	}
	e := v.extend([][]string{{"彩礼"}, {"彩礼", "彩礼"}, {"一次"}})
	if now, ok := e.id("合同"); !ok || now != had {
		t.Errorf("合同 was %d and is %d after extending", had, now)
	}
	if _, ok := e.id("彩礼"); !ok {
		t.Error("彩礼 is not known, though two documents say it")
	}
	if _, ok := e.id("一次"); ok {
		t.Error("一次 is known, though one document alone says it")
	}
}

func TestFoldMakesOneFormOfMany(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"traditional characters":       {"離婚財產", "离婚财产"},
		"full width":                   {"ＡＢ１２，", "ab12,"},
		"zero-width marks":             {"离\u200b婚", "离婚"},
		"著 of 著作权 stays":               {"著作权", "著作权"},
		"plain text comes back itself": {"民法典", "民法典"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := fold(tc.in); got != tc.want {
				t.Errorf("fold(%q) = %q, want %q", tc.in, got, tc.want)
			}
		})
	}
}

func FuzzStoredDocumentsAreReadOrRefused(f *testing.F) {
	f.Add([]byte{1, 65})
	f.Fuzz(func(t *testing.T, rec []byte) {
		d, err := decodeDocument(rec)
		if err != nil {
			return
		}
		again, err := decodeDocument(appendDocument(nil, &d))
		if err != nil || again.ID != d.ID || again.Text != d.Text {
			t.Errorf("%q was read as %+v, but written again as %+v, %v", rec, d, again, err)
		}
	})
}
