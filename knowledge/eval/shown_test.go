package eval_test

import (
	"testing"

	"github.com/anjie-desk/anjie/knowledge/eval"
)

func TestAThingIsRightByItsEntryOrItsArticle(t *testing.T) {
	q := eval.Question{Gold: []eval.Ref{{Law: "中华人民共和国民法典", Article: "1062"}}, FAQs: []string{"a", "b"}}
	entry := func(id string) eval.Thing { return eval.Thing{FAQ: id} }
	article := func(law, no string) eval.Thing { return eval.Thing{Article: eval.Ref{Law: law, Article: no}} }
	for name, tc := range map[string]struct {
		shown []eval.Thing
		want  int
	}{
		"nothing shown":           {nil, 0},
		"the entry first":         {[]eval.Thing{entry("b"), entry("c")}, 1},
		"the entry third":         {[]eval.Thing{entry("c"), entry("d"), entry("a")}, 3},
		"the article second":      {[]eval.Thing{entry("c"), article("民法典", "第一千零六十二条")}, 2},
		"another article":         {[]eval.Thing{article("民法典", "1063")}, 0},
		"the same number else":    {[]eval.Thing{article("刑法", "1062")}, 0},
		"an entry that is not it": {[]eval.Thing{{FAQ: "c", Article: q.Gold[0]}}, 0},
	} {
		if got := q.Place(tc.shown); got != tc.want {
			t.Errorf("%s: place %d, want %d", name, got, tc.want)
		}
	}
	if got := (eval.Question{}).Place([]eval.Thing{{}}); got != 0 {
		t.Errorf("a question without an answer has place %d, want 0", got)
	}
}

func TestSharesCountPlaces(t *testing.T) {
	got := eval.SharesOf([]int{1, 3, 0, 4})
	if got != (eval.Shares{N: 4, Right1: 0.25, Right3: 0.5}) {
		t.Errorf("got %+v, want a quarter first and half among three", got)
	}
	if got := eval.SharesOf(nil); got != (eval.Shares{}) {
		t.Errorf("got %+v of nothing", got)
	}
}
