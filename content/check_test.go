package content_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/anjie-desk/anjie/content"
)

var checkDay = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

const checkLaws = `laws:
- {title: 中华人民共和国邻灯法, short: 邻灯法, version: 2024-05-20, effective: 2024-09-01, also: [灯法]}
`

const goodFAQ = `field: neighbour
reviewed: "2026-11-01"
review_by: "2027-11-01"
entries:
- id: neighbour-001
  question: 楼道的灯坏了谁修？
  phrasings: [灯坏了找谁, 楼道黑灯瞎火的咋整, 俺们单元没亮, 公用灯不亮物业不管, 夜里下楼看不见路, 楼梯灯泡憋了]
  conclusion: 共用的灯由共用的人一起修。
  explanation: 先和邻居商量，商量不成找村居。
  steps: [拍照, 找邻居商量]
  see: [village]
  mediation: {can: "yes", why: 邻里小事，适合调解}
  cite: ["邻灯法@2024-05-20#2"]
`

const checkOffices = `offices:
- {key: village, name: 村居调委会, for: [邻里]}
`

// checked runs the checker over one FAQ file, and other files if given, and
// returns what it says of them, without what is still to be written.
func checked(t *testing.T, faq string, more ...string) []content.Problem {
	t.Helper()
	tree := fstest.MapFS{
		"laws/a.yaml":         {Data: []byte(checkLaws)},
		"places/offices.yaml": {Data: []byte(checkOffices)},
		"faq/a.yaml":          {Data: []byte(faq)},
	}
	for i := 0; i+1 < len(more); i += 2 {
		tree[more[i]] = &fstest.MapFile{Data: []byte(more[i+1])}
	}
	lib, err := content.Load(tree)
	if err != nil {
		t.Fatal(err)
	}
	var out []content.Problem
	for _, p := range content.Check(lib, checkDay) {
		if !strings.HasSuffix(p.File, "/") {
			out = append(out, p)
		}
	}
	return out
}

func TestASoundEntryHasNoProblem(t *testing.T) {
	if got := checked(t, goodFAQ); len(got) != 0 {
		t.Errorf("problems: %v", got)
	}
}

func TestEachFaultIsNamedWithItsLine(t *testing.T) {
	for name, tc := range map[string]struct {
		from, to string
		line     int
		says     string
	}{
		"conclusion too long":        {"共用的灯由共用的人一起修。", strings.Repeat("共用的灯一起修；", 13), 8, "最多 100 个"},
		"three sentences":            {"共用的灯由共用的人一起修。", "共用的灯由共用的人修。修灯的钱由共用的人分摊。有一家不出的可以调解。", 8, "最多两句"},
		"a sentence out of breath":   {"先和邻居商量", strings.Repeat("先和邻居商量再和楼上商量", 6), 9, "拆成两三句"},
		"a promise":                  {"商量不成找村居", "打官司您一定能赢", 9, "一定能赢"},
		"too few phrasings":          {", 楼梯灯泡憋了", "", 5, "至少要 6 种"},
		"a shuffle":                  {"楼梯灯泡憋了", "找谁灯坏了", 7, "换了词序"},
		"an unknown office":          {"see: [village]", "see: [moon]", 5, "moon"},
		"mediation neither way":      {`can: "yes"`, `can: "maybe"`, 5, "maybe"},
		"referred to nobody":         {`can: "yes"`, `can: "refer"`, 5, "改找谁"},
		"an overdue review":          {`review_by: "2027-11-01"`, `review_by: "2026-11-10"`, 5, "已经过期"},
		"a review that is no day":    {`reviewed: "2026-11-01"`, `reviewed: "11月"`, 5, "不是日期"},
		"a review in the future":     {`reviewed: "2026-11-01"`, `reviewed: "2026-12-01"`, 5, "先后不对"},
		"a field that doesn't exist": {"field: neighbour", "field: moon", 5, "没有「moon」"},
		"a limit written in words":   {"  mediation:", "  deadlines: [{what: 起诉, within: 三年, from: 那天, cite: \"邻灯法@2024-05-20#2\"}]\n  mediation:", 12, "三年"},
		"no steps":                   {"steps: [拍照, 找邻居商量]", "steps: []", 5, "steps"},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.Replace(goodFAQ, tc.from, tc.to, 1)
			if body == goodFAQ {
				t.Fatalf("%q is not in the entry", tc.from)
			}
			got := checked(t, body)
			if len(got) != 1 {
				t.Fatalf("problems: %v", got)
			}
			p := got[0]
			if p.File != "faq/a.yaml" || p.Entry != "neighbour-001" || p.Line != tc.line || !strings.Contains(p.Text+p.Instead, tc.says) || p.Instead == "" {
				t.Errorf("problem is %+v, want line %d and %q", p, tc.line, tc.says)
			}
		})
	}
}

func TestTwoEntriesMustNotClaimOneQuestion(t *testing.T) {
	second := strings.NewReplacer("neighbour-001", "neighbour-002", "楼道的灯坏了谁修", "楼道的灯坏了，谁来修", "灯坏了找谁", "电灯找谁修理",
		"楼道黑灯瞎火的咋整", "黑咕隆咚", "俺们单元没亮", "没有亮光", "公用灯不亮物业不管", "公共的灯不管", "夜里下楼看不见路", "下楼摔着了", "楼梯灯泡憋了", "换个灯泡").Replace(goodFAQ)
	got := checked(t, goodFAQ, "faq/b.yaml", second)
	if len(got) != 1 || got[0].File != "faq/b.yaml" || !strings.Contains(got[0].Text, "neighbour-001") {
		t.Errorf("problems: %v", got)
	}
}

func TestGuidesAndItemsAreChecked(t *testing.T) {
	guide := `law: 邻灯法@2024-05-20
field: neighbour
reviewed: "2026-11-01"
review_by: "2027-11-01"
entries:
- article: "2"
  means: 灯坏了一起修。
  questions: [灯谁管, 谁管灯]
`
	item := `reviewed: "2026-11-01"
review_by: "2027-11-01"
items:
- id: lamp-01
  month: 1
  kind: poem
  topic: 灯
  title: 灯
  digest: 灯的事
  body: 太短
  day: {fixed: "13-01", lunar: "01-01"}
  cite: ["邻灯法@2024-05-20#2"]
  quiz:
  - {ask: 灯归谁, choices: [甲], right: 0}
`
	var said []string
	for _, p := range checked(t, goodFAQ, "guide/a.yaml", guide, "publicity/a.yaml", item) {
		said = append(said, p.Entry+": "+p.Text)
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{"2: 没有 example", "2: 只有 2 个问题", "2: 「谁管灯」和「灯谁管」", "lamp-01: kind「poem」", "lamp-01: body 只有 2 个字", "lamp-01: 缺 poster", "lamp-01: 缺 spoken", "lamp-01: 没有 audience", "lamp-01: 日期规则", "lamp-01: 题目「灯归谁」"} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q in\n%s", want, all)
		}
	}
}

func TestWhatIsMissingIsCounted(t *testing.T) {
	lib, err := content.Load(fstest.MapFS{"laws/a.yaml": {Data: []byte(checkLaws)}, "faq/a.yaml": {Data: []byte(goodFAQ)}})
	if err != nil {
		t.Fatal(err)
	}
	n, err := content.Count(lib)
	if err != nil || n.FAQs != 1 || n.LawsNamed != 3 || n.Guides != 0 {
		t.Errorf("counts are %+v, %v", n, err)
	}
	found := false
	for _, p := range content.Check(lib, checkDay) {
		found = found || p.File == "faq/" && p.Entry == "neighbour" && strings.Contains(p.Text, "现有 1，需要 38")
	}
	if !found {
		t.Error("coverage of the field is not reported")
	}
}

func TestEveryWordingOfTheCheckerRenders(t *testing.T) {
	r, err := content.NewReporter()
	if err != nil {
		t.Fatal(err)
	}
	x, err := content.LoadTexts(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	data := map[string]any{}
	for _, k := range []string{"What", "N", "Max", "Min", "Start", "Word", "Instead", "One", "Other", "Entry", "File", "Field", "Key", "Within", "Can", "Office", "Kind", "Rule", "Ask", "Reviewed", "By", "Day", "Short", "New", "Say", "Name", "Phone", "Have", "Want", "Law", "Article", "Version", "Count", "Held", "Number", "Run", "Effective", "Since", "Newest", "Ref", "How", "To"} {
		data[k] = "甲"
	}
	for _, key := range x.Keys() {
		if !strings.HasPrefix(key, "check.") {
			continue
		}
		if text, instead := r.Say(key, data); text == "" || instead == "" {
			t.Errorf("%s says %q, instead %q", key, text, instead)
		}
	}
}
