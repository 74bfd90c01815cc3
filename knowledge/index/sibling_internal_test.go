package index

import (
	"fmt"
	"testing"

	"github.com/anjie-desk/anjie/knowledge"
)

// Two entries rest on the same article. What the one is asked is more like
// another of its own wordings, in other words, than like the other entry's.
func TestEntriesOfOneArticleAreToldApart(t *testing.T) {
	p := newPupil(t)
	docs := lessons(200)[220:]
	shared := docs[0].Citations
	for i := range 8 {
		docs = append(docs,
			knowledge.Document{
				ID: fmt.Sprint("faq:late-", i), Kind: knowledge.FAQ, Title: "拖着", Text: "可以催。", Citations: shared,
				Questions: []string{"木匠磨蹭", "木匠拖拉"},
			},
			knowledge.Document{
				ID: fmt.Sprint("faq:bad-", i), Kind: knowledge.FAQ, Title: "裂了", Text: "可以退。", Citations: shared,
				Questions: []string{"木匠歪扭", "木匠坑洼"},
			})
	}
	m, _ := p.taught(t, nil, docs)
	like := func(x, y string) float32 {
		q, r := m.query(m.Vocab.features(x)), m.query(m.Vocab.features(y))
		return q.scale * r.scale * float32(dot8(&q.wide, r.bytes[:]))
	}
	if own, other := like("木匠磨蹭", "木匠拖拉"), like("木匠磨蹭", "木匠歪扭"); own <= other+0.1 {
		t.Errorf("a wording is %.2f like its entry's other wording and %.2f like another entry's", own, other)
	}
}

func TestWhatSeveralCoursesTeachIsTheirAverage(t *testing.T) {
	p := newPupil(t)
	docs := lessons(30)[220:]
	v := p.base.Vocab.extend(spoken(docs))
	whole := make([]sparse, len(p.arts))
	teacher := newTutor(v, whole, docs, p.lex.cols)
	start, once, half := p.base.table(v), p.base.table(v), p.base.table(v)
	order := teacher.round(tutorRand(0))
	for tb, rounds := range map[*table][][]int32{once: {order}, half: {order, nil}} {
		if err := teacher.teach(t.Context(), tb, rounds, BuildOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	moved := false
	for i, from := range start.rows {
		moved = moved || once.rows[i] != from
		if want := (from + once.rows[i]) / 2; half.rows[i]-want > 1e-5 || want-half.rows[i] > 1e-5 {
			t.Fatalf("number %d went from %v to %v by one course, and to %v beside one that teaches nothing", i, from, once.rows[i], half.rows[i])
		}
	}
	if !moved {
		t.Error("the course taught nothing")
	}
}

// A guide is taught against the article that it explains, and not against those
// that it points to: these answer other questions.
func TestAGuideTeachesItsOwnArticleAlone(t *testing.T) {
	p := newPupil(t)
	cite := func(i int) knowledge.Citation { return p.arts[i].Citations[0] }
	docs := []knowledge.Document{
		{ID: "guide:own", Kind: knowledge.Guide, Text: "解说", Citations: []knowledge.Citation{cite(3), cite(5)}, Questions: []string{"木匠磨蹭"}},
		{ID: "guide:unheld", Kind: knowledge.Guide, Text: "解说", Citations: []knowledge.Citation{{Law: "没有的法", Version: "2000-01-01", Article: "1"}, cite(5)}, Questions: []string{"木匠歪扭"}},
		{ID: "faq:both", Kind: knowledge.FAQ, Text: "答", Citations: []knowledge.Citation{cite(7), cite(9)}, Questions: []string{"木匠坑洼"}},
	}
	v := p.base.Vocab.extend(spoken(docs))
	got := map[int32]map[uint32]bool{}
	for _, it := range newTutor(v, make([]sparse, len(p.arts)), docs, p.lex.cols).items {
		if it.sibling {
			continue
		}
		if got[it.doc] == nil {
			got[it.doc] = map[uint32]bool{}
		}
		got[it.doc][it.ord] = true
	}
	if len(got[0]) != 1 || len(got[1]) != 0 || len(got[2]) != 2 {
		t.Errorf("articles that the guide, the guide to a law not held and the FAQ teach: %v", got)
	}
}
