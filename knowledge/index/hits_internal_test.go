package index

import (
	"slices"
	"testing"

	"github.com/anjie-desk/anjie/knowledge"
)

func TestEntriesStandAmongTheArticlesThatTheyCite(t *testing.T) {
	named := func(ids ...string) (hits []knowledge.Hit) {
		for _, id := range ids {
			hits = append(hits, knowledge.Hit{Document: knowledge.Document{ID: id}})
		}
		return hits
	}
	entry := func(id string, behind int) placed { return placed{named(id)[0], behind} }
	for _, c := range []struct {
		what     string
		entries  []placed
		articles []knowledge.Hit
		limit    int
		want     []string
	}{
		{"no entry", nil, named("a", "b", "c"), 2, []string{"a", "b"}},
		{"one that comes first", []placed{entry("f", 0)}, named("a", "b"), 9, []string{"f", "a", "b"}},
		{"one among them", []placed{entry("f", 2)}, named("a", "b", "c"), 9, []string{"a", "b", "f", "c"}},
		{"the later one is the better match", []placed{entry("f", 3), entry("g", 1)}, named("a", "b", "c", "d"), 9, []string{"a", "g", "b", "c", "f", "d"}},
		{"two at one place keep their order", []placed{entry("f", 1), entry("g", 1)}, named("a", "b"), 9, []string{"a", "f", "g", "b"}},
		{"fewer articles than stand before it", []placed{entry("f", 3)}, named("a"), 9, []string{"a", "f"}},
		{"no articles", []placed{entry("f", 3), entry("g", 3)}, nil, 9, []string{"f", "g"}},
		{"beyond the limit", []placed{entry("f", 3)}, named("a", "b", "c"), 3, []string{"a", "b", "c"}},
	} {
		var got []string
		for _, h := range merged(c.entries, c.articles, c.limit) {
			got = append(got, h.Document.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

func TestContentLiftsByHowMuchNearerItIsThanAnyArticle(t *testing.T) {
	lifted := func(like, cover float32) float32 {
		chapters := &columns{Chapter: []uint32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}} // one each
		s := &snapshot{shelf: &shelf{weights: weights, cols: chapters}, bridge: &bridge{cites: [][]uint32{{7}}, explained: map[uint32]bool{7: true}}}
		a := &inquiry{vector: &vectorQuery{}, at: map[uint32]int{7: 0, 9: 1}, cands: []candidate{{ord: 7}, {ord: 9}}}
		a.cands[1].sig[sigModel], a.cands[1].sig[sigCoverage] = 0.6, 0.6
		m := match{doc: 0}
		m.facet[facetLike], m.facet[facetCover], m.facet[facetTopic] = like, cover, 1
		a.content = []match{m}
		s.lift(a)
		if a.cands[1].score != 0 {
			t.Errorf("an article that nothing cites is lifted by %v", a.cands[1].score)
		}
		return a.cands[0].score
	}
	if far := lifted(0.4, 0.1); far != 0 {
		t.Errorf("an entry that is farther from the question than an article lifts by %v", far)
	}
	like, both := lifted(0.8, 0.1), lifted(0.8, 0.8)
	if like <= 0 || both <= like {
		t.Errorf("one that is more like it lifts by %v, one that has more of its words too by %v", like, both)
	}
}

func TestWhatStandsBesideALiftedArticleAndComesBeforeItIsLiftedAlong(t *testing.T) {
	s := &snapshot{
		shelf:  &shelf{cols: &columns{Chapter: []uint32{0, 0, 0, 0, 1}}},
		bridge: &bridge{explained: map[uint32]bool{0: true, 3: true}},
	}
	// 0 is lifted; 1 comes before it, 2 behind it, 3 is explained itself, 4 is of another chapter.
	a := &inquiry{cands: []candidate{{ord: 0, score: 2}, {ord: 1, score: 3}, {ord: 2, score: 1}, {ord: 3, score: 3}, {ord: 4, score: 3}}}
	a.cands[0].sig[sigAsked], a.cands[0].sig[sigAskedWords] = 1, 0.4
	s.along(a)
	for ord, want := range map[int]float32{0: 1, 1: carriedAlong, 2: 0, 3: 0, 4: 0} {
		if got := a.cands[ord].sig[sigAsked]; got != want {
			t.Errorf("article %d was lifted by %v, want %v", ord, got, want)
		}
	}
}
