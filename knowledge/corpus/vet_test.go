package corpus_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
)

func TestAFormsEntryIsMadeReadyAndChecked(t *testing.T) {
	lib, set := library(t, "faq/a.yaml", soundFAQ), statutes(t)
	offices := content.Office{Key: "village", Name: "村居"}
	lib.Offices = []content.Office{offices}
	sound := lib.FAQs[0]
	sound.ID, sound.Question = "neighbour-d1", "院子里的灯晃眼怎么办？"
	sound.Phrasings = []string{"邻居家大灯照俺屋", "对门院里探照灯刺眼", "晚上亮得睡不着", "灯光照窗户找谁", "俺家窗户让灯照得通亮", "院灯太亮能不能管"}
	for name, tc := range map[string]struct {
		change func(*content.FAQ)
		cite   string
		field  string // of the one problem, "" for none
	}{
		"as content cites":         {func(f *content.FAQ) { f.Cite = []string{"邻灯法@2024-05-20#3"} }, "邻灯法@2024-05-20#3", ""},
		"as people write":          {func(f *content.FAQ) { f.Cite = []string{"《邻灯法》第三条"} }, "邻灯法@2024-05-20#3", ""},
		"with a short number":      {func(f *content.FAQ) { f.Cite = []string{" 灯法3条 "} }, "邻灯法@2024-05-20#3", ""},
		"twice is once":            {func(f *content.FAQ) { f.Cite = []string{"灯法3条", "邻灯法第3条"} }, "邻灯法@2024-05-20#3", ""},
		"a law too new to be held": {func(f *content.FAQ) { f.Cite = []string{"新法第2条"} }, "新法@2026-03-01#2", ""},
		"no law of that name":      {func(f *content.FAQ) { f.Cite = []string{"月亮法第3条"} }, "月亮法第3条", "cite"},
		"an article that isn't":    {func(f *content.FAQ) { f.Cite = []string{"邻灯法@2024-05-20#99"} }, "邻灯法@2024-05-20#99", "cite"},
		"a deadline as people cite": {func(f *content.FAQ) {
			f.Deadlines = []content.Deadline{{What: "说", Within: "9y", From: "那天", Cite: "邻灯法第3条"}}
		}, "邻灯法@2024-05-20#3-1", "deadlines"},
		"a number from nowhere": {func(f *content.FAQ) { f.Explanation = "罚90元。" }, "邻灯法@2024-05-20#3-1", "explanation"},
		"too few phrasings":     {func(f *content.FAQ) { f.Phrasings = nil }, "邻灯法@2024-05-20#3-1", "phrasings"},
	} {
		t.Run(name, func(t *testing.T) {
			f := sound
			f.Cite, f.Citations = []string{"邻灯法@2024-05-20#3-1"}, nil
			tc.change(&f)
			got, problems := corpus.Vet(set, lib, f, today)
			if strings.Join(got.Cite, " ") != tc.cite {
				t.Errorf("cites %v, want %s", got.Cite, tc.cite)
			}
			if tc.field == "" && len(problems) != 0 || tc.field != "" && (len(problems) != 1 || problems[0].Field != tc.field || problems[0].Instead == "") {
				t.Errorf("problems: %+v", problems)
			}
			if tc.field == "" && len(got.Citations) == 0 {
				t.Error("its citations were not looked up")
			}
		})
	}
	f := sound
	f.Cite = []string{"邻灯法第3条"}
	got, problems := corpus.Vet(nil, lib, f, today)
	if !slices.Equal(got.Cite, []string{"邻灯法@2024-05-20#3"}) || len(problems) != 0 {
		t.Errorf("without statutes: %v, %+v", got.Cite, problems)
	}
}
