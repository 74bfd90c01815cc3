package index_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/index"
)

func on(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t
}

// ages is a law in two versions, one that gave way to another law, one that a
// newer revision is known of, one that is to come, and an FAQ on today's law.
func ages() []knowledge.Document {
	was := article("水井法", "2010-01-01", "5", "取水", "邻居共用水井的，先到先取。")
	was.Until, was.Citations[0].InForce, was.Citations[0].Note = "2020-03-01", false, "旧版"
	is := article("水井法", "2020-01-01", "5", "取水", "邻居共用水井的，应当轮流取水。")
	is.Citations[0].Effective = "2020-03-01"
	ended := article("打水条例", "2005-01-01", "2", "取水", "共用水井取水的，天亮以后取。")
	ended.Until, ended.Citations[0].InForce, ended.Citations[0].Note = "2020-03-01", false, "不再适用"
	stale := article("井绳法", "2008-01-01", "1", "井绳", "井绳由各户自备，一年一换。")
	stale.Newer, stale.Citations[0].InForce = "2025-01-01", false
	coming := article("水泵法", "2026-10-01", "1", "水泵", "邻居共用水井的水泵应当共同出资。")
	coming.Citations[0].Effective, coming.Citations[0].InForce = "2027-01-01", false
	return []knowledge.Document{was, is, ended, stale, coming, faq("well", "邻居共用水井怎么取水", "轮流取。", []string{"共用水井谁先打水"}, is.Citations[0])}
}

func TestEachDayHasItsOwnVersions(t *testing.T) {
	both(t, ages(), func(t *testing.T, ix *index.Index) {
		t.Helper()
		for name, tc := range map[string]struct {
			asOf        string
			want, never []string
		}{
			"before anything held": {"2001-01-01", nil, []string{"law:", "faq:"}},
			"the old version, and no FAQ on the new one": {
				"2012-06-01", []string{"law:水井法@2010-01-01#5", "law:打水条例@2005-01-01#2"}, []string{"@2020-", "水泵法", "faq:"},
			},
			"the last day of the old version":  {"2020-02-29", []string{"law:水井法@2010-01-01#5"}, []string{"@2020-", "faq:"}},
			"the first day of the new version": {"2020-03-01", []string{"law:水井法@2020-01-01#5", "faq:well"}, []string{"@2010-", "打水条例"}},
			"today":                            {"", []string{"law:水井法@2020-01-01#5", "faq:well"}, []string{"@2010-", "打水条例", "水泵法"}},
			"a day to come":                    {"2027-02-01", []string{"law:水泵法@2026-10-01#1", "law:水井法@2020-01-01#5"}, []string{"@2010-", "打水条例"}},
		} {
			t.Run(name, func(t *testing.T) {
				q := knowledge.Query{Text: "邻居共用水井怎么取水", Limit: 10}
				if tc.asOf != "" {
					q.AsOf = on(tc.asOf)
				}
				res, err := ix.Search(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				var ids []string
				for _, h := range res.Hits {
					ids = append(ids, h.Document.ID)
					if h.Document.Kind == knowledge.Article && !h.Document.Citations[0].InForce {
						t.Errorf("%s came up, and is not said to be in force that day", h.Document.ID)
					}
				}
				for _, id := range tc.want {
					if !slices.Contains(ids, id) {
						t.Errorf("%v, want %s among them", ids, id)
					}
				}
				for _, part := range tc.never {
					if strings.Contains(strings.Join(ids, " "), part) {
						t.Errorf("%v, want nothing of %s", ids, part)
					}
				}
			})
		}
	})
}

func TestASupersededArticleKeepsItsLabel(t *testing.T) {
	both(t, ages(), func(t *testing.T, ix *index.Index) {
		t.Helper()
		res, err := ix.Search(t.Context(), knowledge.Query{Text: "共用水井先到先取", AsOf: on("2012-06-01")})
		if err != nil || len(res.Hits) == 0 {
			t.Fatalf("%d hits, %v", len(res.Hits), err)
		}
		if c := res.Hits[0].Document.Citations[0]; c.Version != "2010-01-01" || c.Note != "旧版" {
			t.Errorf("the version of that day is cited as %+v, want it labelled", c)
		}
		for version, inForce := range map[string]bool{"2010-01-01": false, "2020-01-01": true, "": true} {
			d, ok := ix.Article(knowledge.Citation{Law: "水井法", Article: "5", Version: version})
			if !ok || d.Citations[0].InForce != inForce {
				t.Errorf("version %q of today is %+v, %v; want in force %v", version, d.Citations, ok, inForce)
			}
		}
		if n := ix.Size()[knowledge.Article]; n != 2 {
			t.Errorf("%d articles are counted, want the two that are the last word", n)
		}
	})
}

func TestARevisionNotHeldCountsFromItsDay(t *testing.T) {
	ix := open(t, built(t, ages()))
	for day, inForce := range map[string]bool{"2024-12-31": true, "2025-01-01": false} {
		res, err := ix.Search(t.Context(), knowledge.Query{Text: "井绳一年一换", AsOf: on(day), Kinds: []knowledge.Kind{knowledge.Article}})
		if err != nil || len(res.Hits) == 0 || res.Hits[0].Document.ID != "law:井绳法@2008-01-01#1" {
			t.Fatalf("on %s: %+v, %v", day, res.Hits, err)
		}
		if got := res.Hits[0].Document.Citations[0].InForce; got != inForce {
			t.Errorf("on %s in force is %v, want %v", day, got, inForce)
		}
	}
}

func TestAReferenceIsReadAsOfItsDay(t *testing.T) {
	opt := options()
	var asked []string
	opt.Refs = func(_ string, asOf time.Time) (*knowledge.Reference, []knowledge.Citation) {
		asked = append(asked, asOf.Format(time.DateOnly))
		return &knowledge.Reference{Law: "水井法", Articles: []string{"5"}}, []knowledge.Citation{{Law: "水井法", Article: "5", Version: "2010-01-01", InForce: true, Note: "那天的版本"}}
	}
	ix, err := index.OpenMemory(ages(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, ix)
	res, err := ix.Search(t.Context(), knowledge.Query{Text: "水井法第五条", AsOf: on("2012-06-01")})
	if err != nil || len(res.Hits) == 0 {
		t.Fatalf("%d hits, %v", len(res.Hits), err)
	}
	if len(asked) != 1 || asked[0] != "2012-06-01" {
		t.Errorf("references were read as of %v, want 2012-06-01", asked)
	}
	if c := res.Hits[0].Document.Citations[0]; c.Version != "2010-01-01" || !c.InForce || c.Note != "那天的版本" {
		t.Errorf("the article named is cited as %+v", c)
	}
}

func TestLawsFromAfarComeUpOnlyWhenNamed(t *testing.T) {
	docs := append(corpus(),
		article("香港特别行政区基本法", "1990-04-04", "6", "总则", "共用水井的权利受到保护。"),
		article("军服管理条例", "2009-01-13", "3", "总则", "共用水井旁不得晾晒制服。"))
	ix := open(t, built(t, docs))
	for text, tc := range map[string]struct{ want, never string }{
		"共用水井的权利":       {"水井法", "香港"},
		"香港的共用水井的权利":    {"香港特别行政区基本法", "军服"},
		"共用水井旁晾晒制服":     {"水井法", "军服"},
		"当兵的在共用水井旁晾晒制服": {"军服管理条例", "香港"},
	} {
		all := strings.Join(search(t, ix, knowledge.Query{Text: text, Limit: 10}), " ")
		if !strings.Contains(all, tc.want) || strings.Contains(all, tc.never) {
			t.Errorf("Search(%q) = %s, want %s and nothing of %s", text, all, tc.want, tc.never)
		}
	}
}
