package corpus_test

import (
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
)

const movingLaws = `laws:
- {title: 中华人民共和国变法, short: 变法, version: 2020-01-01, effective: 2020-01-01}
- {title: 中华人民共和国变法, short: 变法, version: 2025-01-01, effective: 2025-01-01}
- {title: 中华人民共和国变法, short: 变法, version: 2010-01-01, effective: 2010-01-01}
- {title: 中华人民共和国止法, short: 止法, version: 2001-01-01, effective: 2001-01-01}
successors:
- {old: 止法, new: 变法, since: 2020-01-01, note: 并进了变法}
`

func citing(cite string) string {
	return strings.Replace(soundFAQ, `"邻灯法@2024-05-20#3-1", "院落条例@2019-11-02#2"`, `"`+cite+`"`, 1)
}

func TestAnArticleThatALaterVersionOvertookIsNamed(t *testing.T) {
	set := statutesOf(t, map[string]string{
		"中华人民共和国变法(2020-01-01).md": "# 中华人民共和国变法\n<!-- INFO END -->\n第一条 照旧。\n第二条 三十日内说。\n第三条 挪了地方。\n第四条 要没了。",
		"中华人民共和国变法(2025-01-01).md": "# 中华人民共和国变法\n<!-- INFO END -->\n第一条 照旧。\n第二条 十五日内说。\n第三条 挪了，地方。",
		"中华人民共和国止法(2001-01-01).md": "# 中华人民共和国止法\n<!-- INFO END -->\n第一条 旧话。",
	})
	for name, tc := range map[string]struct {
		cite string
		want corpus.Overtaken
		says string
	}{
		"the words changed":       {"变法@2020-01-01#2", corpus.Overtaken{How: corpus.Changed, Now: "2025-01-01"}, "第 2 条的内容改了"},
		"not a word changed":      {"变法@2020-01-01#1", corpus.Overtaken{How: corpus.Same, Now: "2025-01-01"}, "第 1 条一字没改"},
		"marks are no words":      {"变法@2020-01-01#3", corpus.Overtaken{How: corpus.Same, Now: "2025-01-01"}, "一字没改"},
		"the article is gone":     {"变法@2020-01-01#4", corpus.Overtaken{How: corpus.Gone, Now: "2025-01-01"}, "新版里没有了"},
		"its version isn't held":  {"变法@2010-01-01#2", corpus.Overtaken{How: corpus.Unheld, Now: "2025-01-01"}, "没有 2010-01-01 这个版本"},
		"the law was repealed":    {"止法@2001-01-01#1", corpus.Overtaken{How: corpus.Ended, Since: "2020-01-01", Successor: "变法"}, "不再适用"},
		"the newest version held": {"变法@2025-01-01#2", corpus.Overtaken{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			lib := library(t, "laws/a.yaml", movingLaws, "guide/a.yaml", "", "faq/a.yaml", citing(tc.cite))
			got := corpus.Overtakens(set, lib, today)
			problems := corpus.Check(set, lib, today)
			if tc.want.How == "" {
				if len(got) != 0 || len(problems) != 0 {
					t.Errorf("overtaken: %+v, problems: %v", got, problems)
				}
				return
			}
			law, rest, _ := strings.Cut(tc.cite, "@")
			version, article, _ := strings.Cut(rest, "#")
			tc.want.Law, tc.want.Cited, tc.want.Article = law, version, article
			tc.want.File, tc.want.Entry, tc.want.Question = "faq/a.yaml", "neighbour-001", "楼道的灯坏了谁修？"
			if len(got) != 1 || got[0] != tc.want {
				t.Errorf("overtaken: %+v, want %+v", got, tc.want)
			}
			if len(problems) != 1 || !strings.Contains(problems[0].Text, tc.says) || problems[0].Field != "cite" {
				t.Errorf("problems: %+v, want %q", problems, tc.says)
			}
		})
	}
	moved := statutesOf(t, map[string]string{
		"中华人民共和国变法(2020-01-01).md": "# 中华人民共和国变法\n<!-- INFO END -->\n第一条 照旧。\n第二条 挪了地方。",
		"中华人民共和国变法(2025-01-01).md": "# 中华人民共和国变法\n<!-- INFO END -->\n第一条 新的。\n第二条 照旧。\n第三条 挪了地方。",
	})
	lib := library(t, "laws/a.yaml", movingLaws, "guide/a.yaml", "", "faq/a.yaml", citing("变法@2020-01-01#2"))
	if got := corpus.Overtakens(moved, lib, today); len(got) != 1 || got[0].How != corpus.Moved || got[0].To != "3" {
		t.Errorf("an article that moved: %+v", got)
	}
}

func TestAnEntryNotYetLiveIsHeldAgainstTheStatutes(t *testing.T) {
	lib := library(t, "faq/a.yaml", soundFAQ)
	for name, tc := range map[string]struct {
		change func(*content.FAQ)
		field  string
	}{
		"sound":                {func(*content.FAQ) {}, ""},
		"a number in no law":   {func(f *content.FAQ) { f.Steps = []string{"30日内说"} }, "steps"},
		"a number in no law's": {func(f *content.FAQ) { f.Conclusion = "罚500元。" }, "conclusion"},
		"no such article":      {func(f *content.FAQ) { f.Cite = []string{"邻灯法@2024-05-20#44"} }, "cite"},
		"a wrong deadline": {func(f *content.FAQ) {
			f.Deadlines = []content.Deadline{{What: "起诉", Within: "3y", From: "那天", Cite: "邻灯法@2024-05-20#2"}}
		}, "deadlines"},
	} {
		f := lib.FAQs[0]
		f.ID = "neighbour-d1"
		tc.change(&f)
		f, err := lib.Laws.Resolve(f)
		if err != nil {
			t.Fatal(err)
		}
		got := corpus.CheckFAQ(statutes(t), lib, f, today)
		if tc.field == "" && len(got) != 0 || tc.field != "" && (len(got) != 1 || got[0].Field != tc.field || got[0].Entry != "neighbour-d1") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
