package index

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/anjie-desk/anjie/knowledge"
)

// lessons are articles on many trades, and FAQs in words that no article has.
func lessons(faqs int) []knowledge.Document {
	trades := []string{"木匠", "铁匠", "瓦匠", "渔夫", "裁缝", "厨子", "铁路", "邮差", "医生", "教师"}
	words := []string{"甲乙", "丙丁", "戊己", "庚辛", "壬癸", "子丑", "寅卯", "辰巳", "午未", "申酉"}
	var docs []knowledge.Document
	for i := range 220 {
		c := knowledge.Citation{Law: "行当法", Short: "行当法", Article: fmt.Sprint(i + 1), Version: "2020-01-01", Effective: "2020-01-01", InForce: true}
		docs = append(docs, knowledge.Document{
			ID: fmt.Sprint("law:", i), Kind: knowledge.Article, Title: fmt.Sprint("行当法第", i), Heading: trades[i%10], Level: knowledge.Statute,
			Text: trades[i%10] + "应当持证上岗，不得拖延交付。", Citations: []knowledge.Citation{c},
		})
	}
	for i := range faqs {
		docs = append(docs, knowledge.Document{
			ID: fmt.Sprint("faq:", i), Kind: knowledge.FAQ, Title: words[i%10] + "咋管", Text: "照规矩办。",
			Questions: []string{words[i%10] + trades[i%10] + "咋管", words[i%10] + "找" + trades[i%10], words[i%10] + "能管不"}, Citations: docs[i%10].Citations,
		})
	}
	return docs
}

// pupil is a model that knows the statutes' words and nothing of their sense.
type pupil struct {
	base *model
	arts []knowledge.Document
	lex  *lexical
}

func newPupil(t *testing.T) *pupil {
	t.Helper()
	arts, _, err := split(lessons(0))
	if err != nil {
		t.Fatal(err)
	}
	cols := newColumns(arts)
	lex, err := memoryLexical(arts, cols)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lex.close(); err != nil {
			t.Error(err)
		}
	})
	v := newVocab(func(yield func(string) bool) {
		for i := range arts {
			if !yield(articleText(&arts[i])) {
				return
			}
		}
	}, len(arts))
	whole := make([]sparse, len(arts))
	for i := range arts {
		whole[i] = v.features(articleText(&arts[i]))
	}
	return &pupil{newModel(v, newTable(len(v.IDF), rand.New(rand.NewPCG(1, 2))), whole, cols), arts, lex}
}

// taught teaches the content of docs and returns the model and the steps taken.
func (p *pupil) taught(t *testing.T, had *earlier, docs []knowledge.Document) (m *model, steps int) {
	t.Helper()
	m, err := tune(t.Context(), p.base, had, p.arts, docs, p.lex, BuildOptions{Progress: func(_ string, _, total int) { steps = total }})
	if err != nil {
		t.Fatal(err)
	}
	return m, steps
}

func TestContentThatChangedLittleIsLearntOnTop(t *testing.T) {
	p := newPupil(t)
	docs := lessons(400)[220:]
	first, whole := p.taught(t, nil, docs)
	had := &earlier{model: first, docs: map[[sha256.Size]byte]bool{}}
	for i := range docs {
		had.docs[sha256.Sum256(appendDocument(nil, &docs[i]))] = true
	}
	if _, steps := p.taught(t, had, docs[:300]); steps != 0 {
		t.Errorf("documents that only went took %d steps", steps)
	}
	for i := range 2 {
		d := docs[i*10]
		d.ID, d.Title = fmt.Sprint("faq:new-", i), "天干地支归谁管"
		d.Questions = []string{"天干地支归谁管", "天干地支找木匠"}
		docs = append(docs, d)
	}
	m, few := p.taught(t, had, docs)
	if few == 0 || few*2 > whole {
		t.Errorf("two new FAQs took %d steps, the whole course %d", few, whole)
	}
	if m.Warm != 1 {
		t.Errorf("the model counts %d courses on changes, want 1", m.Warm)
	}
	q := m.query(m.Vocab.features("天干地支"))
	if right, other := m.likeness(&q, 0), m.likeness(&q, 5); right <= other {
		t.Errorf("the new question is %.2f like its article and %.2f like another", right, other)
	}
	old := m.query(m.Vocab.features("戊己"))
	if right, other := m.likeness(&old, 2), m.likeness(&old, 5); right <= other {
		t.Errorf("an old question is %.2f like its article and %.2f like another", right, other)
	}
}

func TestAWholeCourseComesWhenMuchIsNew(t *testing.T) {
	e := &earlier{docs: nil}
	if got := e.fresh(lessons(10)[220:]); got != nil {
		t.Errorf("all is new, and it would be learnt on top: %v", got)
	}
	if got := (*earlier)(nil).fresh(lessons(10)[220:]); got != nil {
		t.Errorf("nothing came before, and it would be learnt on top: %v", got)
	}
}
