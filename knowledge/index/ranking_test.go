package index_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/index"
)

// local invents one article of a place's local law.
func local(place, law, number, text string) knowledge.Document {
	d := article(law, "2020-01-01", number, "总则", text)
	d.Level, d.Local = knowledge.LocalRegulation, place
	return d
}

func TestOnlyOurOwnLocalLawComesUp(t *testing.T) {
	docs := append(corpus(),
		local("威海市", "威海市水井条例", "3", "共用水井每年清淤一次。"),
		local("济南市", "济南市水井条例", "3", "共用水井每月清淤一次。"))
	both(t, docs, func(t *testing.T, ix *index.Index) {
		t.Helper()
		for name, tc := range map[string]struct{ text, want, never string }{
			"ours without being named":         {"共用水井清淤", "威海市水井条例", "济南市"},
			"another place's only when named":  {"济南市共用水井清淤", "济南市水井条例", "\x00"},
			"ours when another is not the aim": {"威海市共用水井清淤", "威海市水井条例", "济南市"},
		} {
			t.Run(name, func(t *testing.T) {
				all := strings.Join(search(t, ix, knowledge.Query{Text: tc.text, Kinds: []knowledge.Kind{knowledge.Article}}), " ")
				if !strings.Contains(all, tc.want) || strings.Contains(all, tc.never) {
					t.Errorf("Search(%q) = %s, want %s and nothing of %s", tc.text, all, tc.want, tc.never)
				}
			})
		}
	})
}

func TestMisspeltWordsAreHeard(t *testing.T) {
	var asked []string
	for _, end := range []string{"怎么办理", "要带什么", "去哪里", "多久"} {
		asked = append(asked, "离婚"+end)
	}
	docs := []knowledge.Document{
		article("婚姻法", "2020-01-01", "1", "离婚", "离婚应当登记。"),
		article("婚姻法", "2020-01-01", "2", "收养", "收养应当登记。"),
		faq("divorce", "离婚去哪里办", "到登记机关。", asked),
	}
	for name, tc := range map[string]struct {
		without []index.Feature
		finds   bool
	}{
		"a word that sounds alike is taken for it": {nil, true},
		"and is not with the feature off":          {[]index.Feature{index.FeatureHomophone}, false},
	} {
		t.Run(name, func(t *testing.T) {
			opt := options()
			opt.Without = tc.without
			ix, err := index.OpenMemory(docs, opt)
			if err != nil {
				t.Fatal(err)
			}
			defer closed(t, ix)
			got := search(t, ix, knowledge.Query{Text: "离昏", Kinds: []knowledge.Kind{knowledge.Article}})
			if found := len(got) > 0 && got[0] == "law:婚姻法@2020-01-01#1"; found != tc.finds {
				t.Errorf("Search(离昏) = %v, found %v, want %v", got, found, tc.finds)
			}
		})
	}
}

func TestTheLexiconLeadsToTheStatutesWords(t *testing.T) {
	opt := options()
	opt.Lexicon = []index.Term{{Say: "撵", Means: []string{"驱逐"}}}
	docs := append(corpus(), article("租屋法", "2020-01-01", "7", "租期", "出租人不得驱逐租客。"))
	ix, err := index.OpenMemory(docs, opt)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, ix)
	if got := search(t, ix, knowledge.Query{Text: "撵俺走"}); len(got) == 0 || got[0] != "law:租屋法@2020-01-01#7" {
		t.Errorf("Search(撵俺走) = %v, want 租屋法7 first", got)
	}
}

func TestNearestTopicsComeWhenArticlesAreNotAskedFor(t *testing.T) {
	both(t, corpus(), func(t *testing.T, ix *index.Index) {
		t.Helper()
		got := search(t, ix, knowledge.Query{Text: "井", Kinds: []knowledge.Kind{knowledge.FAQ}})
		if len(got) != 1 || got[0] != "faq:well-1" {
			t.Errorf("Search(井) among FAQs = %v, want the one there is", got)
		}
	})
}

func TestDamagedPartsAreReportedNotServed(t *testing.T) {
	if _, err := index.OpenMemory([]knowledge.Document{corpus()[0], corpus()[0]}, options()); err == nil {
		t.Error("a document that stands twice gave no error")
	}
	bare := article("水井法", "2020-01-01", "4", "", "水井由村民共同管理。")
	bare.Citations = nil
	if _, err := index.OpenMemory([]knowledge.Document{bare}, options()); err == nil {
		t.Error("an article that does not cite itself gave no error")
	}
}

func TestAnEntryNamesFirstTheArticleThatAnswers(t *testing.T) {
	docs := []knowledge.Document{
		article("水井法", "2020-01-01", "4", "淘井", "水井每年清淤一次，费用由各户分摊。"),
		article("水井法", "2020-01-01", "5", "取水", "邻居共用水井的，应当轮流取水；任何一方不得独占。"),
		article("风筝法", "2019-05-01", "1", "总则", "放风筝应当避开电线。"),
	}
	docs = append(docs, faq("well", "共用水井的事归谁管", "轮流取水，清淤分摊。", []string{"共用水井清淤的费用咋分摊", "共用水井能不能独占"}, docs[0].Citations[0], docs[1].Citations[0]))
	both(t, docs, func(t *testing.T, ix *index.Index) {
		t.Helper()
		for text, want := range map[string]string{"共用水井清淤的费用咋分摊": "4", "共用水井能不能独占": "5"} {
			res, err := ix.Search(t.Context(), knowledge.Query{Text: text})
			if err != nil {
				t.Fatal(err)
			}
			for _, list := range [][]knowledge.Hit{res.Hits, res.Near} {
				i := slices.IndexFunc(list, func(h knowledge.Hit) bool { return h.Document.ID == "faq:well" })
				if i < 0 || list[i].Document.Citations[0].Article != want {
					t.Errorf("Search(%q): entry at %d of %+v, want one that cites article %s first", text, i, list, want)
				}
			}
		}
	})
}
