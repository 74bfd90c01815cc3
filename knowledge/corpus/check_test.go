package corpus_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// soundFAQ cites only what holds.
var soundFAQ = strings.Replace(faq, `"新法@2026-03-01#2", `, "", 1)

func problems(t *testing.T, changed ...string) []content.Problem {
	t.Helper()
	return corpus.Check(statutes(t), library(t, changed...), today)
}

func TestSoundContentHasNoProblem(t *testing.T) {
	if got := problems(t, "faq/a.yaml", soundFAQ); len(got) != 0 {
		t.Errorf("problems: %v", got)
	}
	if got := problems(t); len(got) != 0 {
		t.Errorf("a law newer than the collections: %v", got)
	}
}

func TestEachFaultAgainstTheStatutesIsNamed(t *testing.T) {
	for name, tc := range map[string]struct {
		from, to string
		line     int
		says     string
	}{
		"no such article":                    {"邻灯法@2024-05-20#3-1", "邻灯法@2024-05-20#44", 13, "没有第 44 条，一共 7 条"},
		"a version that was superseded":      {"邻灯法@2024-05-20#3-1", "邻灯法@2012-03-01#3", 13, "对照 2024-05-20 版"},
		"a law that was repealed":            {"邻灯法@2024-05-20#3-1", "楼道条例@1990-01-15#1", 13, "改引《邻灯法》"},
		"an article a newer law lacks":       {"邻灯法@2024-05-20#3-1", "新法@2026-03-01#31", 13, "一共 30 条"},
		"a number that no article has":       {"先商量。", "要在30日内说。", 9, "「30日」"},
		"a percentage":                       {"先商量。", "赔三成。", 9, "「三成」"},
		"a multiple":                         {"先商量。", "赔两倍。", 9, "「两倍」"},
		"a sum":                              {"先商量。", "罚500元。", 9, "「500元」"},
		"working days are no days":           {"先商量。", "3个工作日内办。", 9, "「3个工作日」"},
		"a limit that the article lacks":     {"  mediation:", "  deadlines: [{what: 起诉, within: 3y, from: 那天, cite: \"邻灯法@2024-05-20#2\"}]\n  mediation:", 12, "「起诉」3y"},
		"words of a statute":                 {"先商量。", strings.Repeat("有人。", 1) + "为了让邻里夜里看得见路，制定本法。", 0, ""},
		"a deadline that cites what is none": {"  mediation:", "  deadlines: [{what: 起诉, within: 3y, from: 那天, cite: \"邻灯法@2024-05-20#77\"}]\n  mediation:", 12, "没有第 77 条"},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.Replace(soundFAQ, tc.from, tc.to, 1)
			if body == soundFAQ {
				t.Fatalf("%q is not in the entry", tc.from)
			}
			got := problems(t, "faq/a.yaml", body)
			if tc.says == "" {
				if len(got) != 0 {
					t.Errorf("a short quotation is refused: %v", got)
				}
				return
			}
			if len(got) != 1 {
				t.Fatalf("problems: %v", got)
			}
			p := got[0]
			if p.Entry != "neighbour-001" || p.Line != tc.line || !strings.Contains(p.Text+p.Instead, tc.says) || p.Instead == "" {
				t.Errorf("problem is %+v, want line %d and %q", p, tc.line, tc.says)
			}
		})
	}
}

func TestNumbersThatStandInTheArticleOrASourceAreFine(t *testing.T) {
	law := "# 中华人民共和国数法\n<!-- INFO END -->\n第一条 三十日内、十五个工作日内、七十二小时内、三年内，百分之三十以下，二倍以上五倍以下，五百元以上一万五千元以下，不满十八周岁，三分之一，一半，百分之一百五十的报酬，２０％，４５日。"
	set := statutesOf(t, map[string]string{"中华人民共和国数法(2020-01-01).md": law})
	table := "laws:\n- {title: 中华人民共和国数法, short: 数法, version: 2020-01-01}\n"
	entry := strings.NewReplacer(`"邻灯法@2024-05-20#3-1", "院落条例@2019-11-02#2"`, `"数法@2020-01-01#1"`).Replace(soundFAQ)
	for _, text := range []string{
		"30天内、15个工作日内、72小时内、3年内。", "36个月也就是3年。", "30%，5倍，500块钱，1.5万元，18岁，三分之一，对半分。",
		"三十天，十八周岁，一万五千元。", "72小时就是3天。", "报酬是1.5倍。", "百分之二十，45日内。", "2026年5月1日起，见第99条，一天到晚，一起去，一般能要回。", "打12348，办3次，带2份材料。",
	} {
		lib := library(t, "laws/a.yaml", table, "guide/a.yaml", "", "faq/a.yaml", strings.Replace(entry, "先商量。", text, 1))
		if got := corpus.Check(set, lib, today); len(got) != 0 {
			t.Errorf("%s: %v", text, got)
		}
	}
	sourced := strings.Replace(strings.Replace(entry, "先商量。", "交40元。", 1), "  mediation:", "  sources: [收费标准：每件40元]\n  mediation:", 1)
	if got := corpus.Check(set, library(t, "laws/a.yaml", table, "guide/a.yaml", "", "faq/a.yaml", sourced), today); len(got) != 0 {
		t.Errorf("a number with its source: %v", got)
	}
}

func TestLongRunsOfAStatuteAreRefused(t *testing.T) {
	words := "邻里之间因为灯光照到窗户里、照到床上、照到院子里发生争执的，应当先由双方心平气和地商量，商量不成的找村里。"
	set := statutesOf(t, map[string]string{"中华人民共和国长法(2020-01-01).md": "# 中华人民共和国长法\n<!-- INFO END -->\n第一条 一。\n第二条 " + words})
	table := "laws:\n- {title: 中华人民共和国长法, short: 长法, version: 2020-01-01}\n"
	entry := strings.Replace(soundFAQ, `"邻灯法@2024-05-20#3-1", "院落条例@2019-11-02#2"`, `"长法@2020-01-01#1"`, 1)
	runes := []rune(words)
	for n, refused := range map[int]bool{40: false, 41: true} {
		lib := library(t, "laws/a.yaml", table, "guide/a.yaml", "", "faq/a.yaml", strings.Replace(entry, "先商量。", "说："+string(runes[3:3+n]), 1))
		got := corpus.Check(set, lib, today)
		if (len(got) == 1) != refused || refused && !strings.Contains(got[0].Text, "《长法》第 2 条") {
			t.Errorf("%d characters: %v", n, got)
		}
	}
}

func TestAQuizMayStateItsWrongChoices(t *testing.T) {
	item := `reviewed: "2026-11-01"
review_by: "2027-11-01"
items:
- id: lamp-01
  month: 1
  kind: quiz
  topic: 灯
  title: 灯
  body: 几天修好？3天还是5天？BODY
  cite: ["邻灯法@2024-05-20#3"]
  quiz:
  - {ask: 几天修好, choices: [3天, 5天], right: 0, because: 说好就修, cite: ["邻灯法@2024-05-20#2"]}
`
	if got := problems(t, "publicity/a.yaml", strings.Replace(item, "BODY", "", 1)); len(got) != 0 {
		t.Errorf("problems: %v", got)
	}
	got := problems(t, "publicity/a.yaml", strings.Replace(item, "BODY", "罚90元。", 1))
	if len(got) != 1 || got[0].Entry != "lamp-01" || !strings.Contains(got[0].Text, "90元") {
		t.Errorf("problems: %v", got)
	}
}

func TestTheTableOfLawsIsCheckedToo(t *testing.T) {
	got := problems(t, "laws/a.yaml", strings.Replace(laws, "effective: 2020-01-01", "effective: 2020-02-02", 1))
	if len(got) != 1 || got[0].Entry != "望海市院落灯光管理条例" || !strings.Contains(got[0].Text, "2020-01-01") {
		t.Errorf("problems: %v", got)
	}
}

// statutesOf imports laws written for one test.
func statutesOf(t *testing.T, files map[string]string) *statute.Set {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, _, err := statute.Import(context.Background(), []string{dir}, statute.ImportOptions{AsOf: today})
	if err != nil {
		t.Fatal(err)
	}
	return set
}
