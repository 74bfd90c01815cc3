package index_test

import (
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/index"
)

func TestAnArticleThatIsNamedComesFirst(t *testing.T) {
	opt := options()
	opt.Refs = func(text string, _ time.Time) (*knowledge.Reference, []knowledge.Citation) {
		switch {
		case strings.Contains(text, "第五条"):
			return &knowledge.Reference{Law: "水井法", Articles: []string{"5"}, Count: 6}, []knowledge.Citation{{Law: "水井法", Article: "5", Version: "2020-01-01"}}
		case strings.Contains(text, "第九十九条"):
			return &knowledge.Reference{Law: "水井法", Articles: []string{"99"}, Missing: []string{"99"}, Count: 6}, nil
		}
		return nil, nil
	}
	ix, err := index.OpenMemory(corpus(), opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, ix) })
	ask := func(text string) knowledge.Result {
		res, err := ix.Search(t.Context(), knowledge.Query{Text: text, Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	res := ask("水井法第五条说风筝缠住电线咋办")
	if res.Exact == nil || res.Certainty != 1 || len(res.Hits) == 0 || res.Hits[0].Document.ID != "law:水井法@2020-01-01#5" {
		t.Fatalf("got %+v", res)
	}
	for i := 1; i < len(res.Hits); i++ {
		if res.Hits[i].Score >= res.Hits[i-1].Score || res.Hits[i].Document.ID == res.Hits[0].Document.ID {
			t.Errorf("hit %d repeats or outranks the one before: %+v", i, res.Hits[i])
		}
	}
	if res := ask("水井法第九十九条"); res.Exact == nil || len(res.Exact.Missing) != 1 || len(res.Hits) != 0 {
		t.Errorf("an article that does not exist brought %d hits", len(res.Hits))
	}
	if res := ask("风筝缠住电线咋办"); res.Exact != nil {
		t.Error("a question that names no article became exact")
	}
}
