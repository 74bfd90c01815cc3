package eval_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/eval"
)

// byHeart is a Searcher that knows its answers.
type byHeart map[string]knowledge.Result

func (b byHeart) Search(_ context.Context, q knowledge.Query) (knowledge.Result, error) {
	res, ok := b[q.Text]
	if !ok {
		return res, errors.New("unknown question")
	}
	return res, nil
}

func (byHeart) Article(knowledge.Citation) (knowledge.Document, bool) {
	return knowledge.Document{}, false
}

func (byHeart) Version() string { return "by heart" }

func hit(kind knowledge.Kind, refs ...string) knowledge.Hit {
	d := knowledge.Document{Kind: kind}
	for _, r := range refs {
		law, article, _ := strings.Cut(r, "#")
		d.Citations = append(d.Citations, knowledge.Citation{Law: law, Article: article})
	}
	return knowledge.Hit{Document: d}
}

func TestReadTakesEveryFormOfAReference(t *testing.T) {
	set, err := eval.Read(strings.NewReader(`{"id":"a","text":"问","gold":[{"law":"《中华人民共和国水井法》","article":"第一百二十条之一"},{"law":"水井法","article":"54"}]}

{"id":"b","text":"另问"}`))
	if err != nil {
		t.Fatal(err)
	}
	if len(set) != 2 || len(set[0].Gold) != 2 || len(set[1].Gold) != 0 {
		t.Fatalf("Read = %+v", set)
	}
	for name, tc := range map[string]struct {
		ref          eval.Ref
		law, article string
		want         bool
	}{
		"sub-article in words":     {set[0].Gold[0], "水井法", "120-1", true},
		"the law with its country": {set[0].Gold[1], "中华人民共和国水井法", "第五十四条", true},
		"another number":           {set[0].Gold[1], "水井法", "55", false},
		"a law that only ends so":  {set[0].Gold[1], "古水井法", "54", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.ref.Is(tc.law, tc.article); got != tc.want {
				t.Errorf("%+v is %s %s: %v, want %v", tc.ref, tc.law, tc.article, got, tc.want)
			}
		})
	}
}

func TestReadNamesTheLineThatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"broken JSON": {"{\"id\":\"a\",\"text\":\"问\"}\n{", "line 2"},
		"no text":     {`{"id":"a"}`, "line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := eval.Read(strings.NewReader(tc.in)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("Read(%q): %v, want an error naming %s", tc.in, err, tc.want)
			}
		})
	}
}

func TestLeCoQARowsBecomeQuestions(t *testing.T) {
	set, err := eval.ReadLeCoQA(strings.NewReader(`[{"问题":"井归谁？","关键词":NaN,"match_name":["水井法第一百二十条之一"],"query_id":7}]`))
	if err != nil {
		t.Fatal(err)
	}
	if len(set) != 1 || set[0].Seq != 7 || !set[0].Gold[0].Is("水井法", "120-1") {
		t.Errorf("ReadLeCoQA = %+v", set)
	}
	if _, err := eval.ReadLeCoQA(strings.NewReader(`[{"问题":"井","match_name":["水井法"],"query_id":1}]`)); err == nil {
		t.Error("a name without an article gave no error")
	}
}

func TestRunScoresByHand(t *testing.T) {
	s := byHeart{
		"一": {Hits: []knowledge.Hit{hit(knowledge.FAQ, "甲法#9", "甲法#1"), hit(knowledge.Article, "甲法#1"), hit(knowledge.Article, "甲法#2")}, Certainty: 1},
		"二": {Hits: []knowledge.Hit{hit(knowledge.Article, "甲法#5")}, Certainty: 0.5},
	}
	set := []eval.Question{
		{ID: "1", Text: "一", Gold: []eval.Ref{{Law: "甲法", Article: "第一条"}, {Law: "甲法", Article: "2"}}},
		{ID: "2", Text: "二", Gold: []eval.Ref{{Law: "甲法", Article: "6"}}},
	}
	tick := time.Unix(0, 0)
	now := func() time.Time { tick = tick.Add(time.Millisecond); return tick }
	got, outcomes, err := eval.Run(t.Context(), s, set, eval.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	// The FAQ counts for 甲法9 and 甲法1; the article that repeats it counts no
	// second time, so that 甲法2 is third.
	if want := []int{2, 3}; !slices.Equal(outcomes[0].Ranks, want) {
		t.Errorf("ranks %v, want %v", outcomes[0].Ranks, want)
	}
	for name, v := range map[string][2]float64{
		"recall@1": {got.Recall1, 0}, "recall@5": {got.Recall5, 0.5}, "recall@100": {got.Recall100, 0.5},
		"mrr@10": {got.MRR10, 0.25}, "hit@1": {got.Hit1, 0}, "hit@3": {got.Hit3, 0.5},
		"certainty": {got.Certain, 0.75}, "p50": {got.P50, 1}, "n": {float64(got.N), 2},
	} {
		if math.Abs(v[0]-v[1]) > 1e-9 {
			t.Errorf("%s = %v, want %v", name, v[0], v[1])
		}
	}
}

func TestBlocksKeepNeighboursApart(t *testing.T) {
	var set []eval.Question
	for i := range 200 {
		set = append(set, eval.Question{Seq: i})
	}
	seen := 0
	for _, b := range eval.Blocks(set, 20, 20) {
		seen += len(b.Test)
		for _, a := range b.Test {
			for _, c := range b.Train {
				if d := a.Seq - c.Seq; d > -20 && d < 20 {
					t.Fatalf("question %d is tested while %d is trained on", a.Seq, c.Seq)
				}
			}
		}
	}
	if seen != len(set) {
		t.Errorf("the blocks test %d questions, want each of %d once", seen, len(set))
	}
}

func TestAblateMeasuresEveryVariant(t *testing.T) {
	good := byHeart{"一": {Hits: []knowledge.Hit{hit(knowledge.Article, "甲法#1")}}}
	bad := byHeart{"一": {}}
	closed := 0
	variant := func(name string, s knowledge.Searcher) eval.Variant {
		return eval.Variant{Name: name, Open: func() (knowledge.Searcher, func() error, error) {
			return s, func() error { closed++; return nil }, nil
		}}
	}
	set := []eval.Question{{ID: "1", Text: "一", Gold: []eval.Ref{{Law: "甲法", Article: "1"}}}}
	rows, err := eval.Ablate(t.Context(), []eval.Variant{variant("all", good), variant("none", bad)}, set, eval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if closed != 2 || rows[0].Hit1 != 1 || rows[1].Hit1 != 0 {
		t.Errorf("Ablate = %+v, %d closed", rows, closed)
	}
	if table := eval.Table(rows); !strings.Contains(table, "| all | 100.0 |") {
		t.Errorf("Table = %s", table)
	}
}

func TestPartsTellWhatContentCovers(t *testing.T) {
	q := func(id string, refs ...eval.Ref) eval.Question { return eval.Question{ID: id, Gold: refs} }
	set := []eval.Question{
		q("its article", eval.Ref{Law: "中华人民共和国水井法", Article: "第五条"}, eval.Ref{Law: "风筝法", Article: "1"}),
		q("its law", eval.Ref{Law: "水井法", Article: "6"}),
		q("nothing", eval.Ref{Law: "风筝法", Article: "1"}),
		q("no gold"),
	}
	outcomes := []eval.Outcome{{ID: "its article"}, {ID: "its law"}, {ID: "nothing"}, {ID: "no gold"}}
	want := map[string]string{
		"covered": "its article", "uncovered": "its law|nothing",
		"uncovered, of a law that is covered": "its law", "uncovered, of another law": "nothing",
	}
	parts := eval.Parts(set, []eval.Ref{{Law: "《水井法》", Article: "5"}})
	if len(parts) != len(want) {
		t.Errorf("%d parts, want %d", len(parts), len(want))
	}
	for _, p := range parts {
		var ids, of []string
		for _, q := range p.Set {
			ids = append(ids, q.ID)
		}
		for _, o := range p.Of(outcomes) {
			of = append(of, o.ID)
		}
		if got := strings.Join(ids, "|"); got != want[p.Name] || !slices.Equal(ids, of) {
			t.Errorf("%s: %s, outcomes %v; want %s", p.Name, got, of, want[p.Name])
		}
	}
}
