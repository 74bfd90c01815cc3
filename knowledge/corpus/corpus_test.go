package corpus_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

var today = day("2026-11-22")

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

const laws = `laws:
- {title: 中华人民共和国邻灯法, short: 邻灯法, version: 2024-05-20, effective: 2024-09-01, also: [灯法]}
- {title: 中华人民共和国邻灯法, short: 邻灯法, version: 2012-03-01}
- {title: 望海市院落灯光管理条例, short: 院落条例, version: 2019-11-02, effective: 2020-01-01}
- {title: 楼道照明暂行条例, short: 楼道条例, version: 1990-01-15}
- {title: 中华人民共和国新法, short: 新法, version: 2026-03-01, effective: 2026-05-01, newer: true, articles: 30, source: 公报}
- {title: 院落守则, short: 院落守则, version: 2026-02-01, effective: 2026-04-01, newer: true, articles: 9, source: 公报}
successors:
- {old: 旧灯条例, new: 邻灯法, since: 2012-03-01, note: 并进了邻灯法}
`

const faq = `field: neighbour
reviewed: "2026-11-01"
review_by: "2027-11-01"
entries:
- id: neighbour-001
  question: 楼道的灯坏了谁修？
  phrasings: [灯坏了找谁]
  conclusion: 一起修。
  explanation: 先商量。
  steps: [拍照]
  see: [village]
  mediation: {can: "yes", why: 小事}
  cite: ["邻灯法@2024-05-20#3-1", "新法@2026-03-01#2", "院落条例@2019-11-02#2"]
`

const guide = `law: 邻灯法@2024-05-20
field: neighbour
reviewed: "2026-11-01"
review_by: "2027-11-01"
entries:
- article: "3"
  means: 有人上下楼，就别关灯。
  example: 老王九点关了楼道灯。
  questions: [楼道灯能关不]
  see_also: ["2"]
`

// library loads content of our own making; changed are files that replace or
// join the standard ones.
func library(tb testing.TB, changed ...string) *content.Library {
	tb.Helper()
	tree := fstest.MapFS{"laws/a.yaml": {Data: []byte(laws)}, "faq/a.yaml": {Data: []byte(faq)}, "guide/a.yaml": {Data: []byte(guide)}}
	for i := 0; i+1 < len(changed); i += 2 {
		tree[changed[i]] = &fstest.MapFile{Data: []byte(changed[i+1])}
	}
	lib, err := content.Load(tree)
	if err != nil {
		tb.Fatal(err)
	}
	return lib
}

// statutes imports the invented laws of package statute.
func statutes(tb testing.TB) *statute.Set {
	tb.Helper()
	set, _, err := statute.Import(context.Background(), []string{"../statute/testdata/fair"}, statute.ImportOptions{AsOf: today})
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func documents(tb testing.TB, set *statute.Set, lib *content.Library, asOf time.Time) map[string]knowledge.Document {
	tb.Helper()
	docs, err := corpus.Documents(set, lib, asOf)
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string]knowledge.Document{}
	for _, d := range docs {
		if _, twice := out[d.ID]; twice {
			tb.Errorf("two documents are called %s", d.ID)
		}
		out[d.ID] = d
	}
	return out
}

func TestArticlesOfEveryVersionBecomeDocuments(t *testing.T) {
	docs := documents(t, statutes(t), library(t), today)
	if len(docs) != 23+2 {
		t.Errorf("%d documents", len(docs))
	}
	d := docs["law:中华人民共和国邻灯法@2024-05-20#3"]
	want := knowledge.Citation{Law: "中华人民共和国邻灯法", Short: "邻灯法", Article: "3", Version: "2024-05-20", Effective: "2024-09-01", InForce: true}
	if d.Kind != knowledge.Article || d.Title != "邻灯法第三条" || d.Heading != "第一章 总则" || d.Level != knowledge.Statute || len(d.Citations) != 1 || d.Citations[0] != want {
		t.Errorf("document is %+v", d)
	}
	if d.Text != "有下列情形之一的，不得关灯：\n（一）有人上下楼；\n（二）有老人、孩子在走廊。" {
		t.Errorf("text is not verbatim: %q", d.Text)
	}
	if l := docs["law:望海市院落灯光管理条例@2019-11-02#2"]; l.Local != "望海市" || l.Level != knowledge.LocalRegulation {
		t.Errorf("local document is %+v", l)
	}
	for id, tc := range map[string]struct{ until, note string }{
		"law:中华人民共和国邻灯法@2024-05-20#3": {"", ""},
		"law:中华人民共和国邻灯法@2012-03-01#3": {"2024-09-01", "旧版"},
		"law:楼道照明暂行条例@1990-01-15#1":   {"2012-03-01", "不再适用"},
	} {
		d := docs[id]
		if d.Until != tc.until || d.Citations[0].InForce != (tc.until == "") || !strings.Contains(d.Citations[0].Note, tc.note) {
			t.Errorf("%s holds until %q as %+v, want until %q with a note of %q", id, d.Until, d.Citations, tc.until, tc.note)
		}
	}
}

func TestAnotherDayHasOtherDocuments(t *testing.T) {
	docs := documents(t, statutes(t), library(t), day("2013-01-01"))
	d, ok := docs["law:中华人民共和国邻灯法@2012-03-01#3"]
	if !ok || !d.Citations[0].InForce || d.Citations[0].Note != "" {
		t.Errorf("the version of that day is %+v", d)
	}
	if c := docs["faq:neighbour-001"].Citations[0]; c.InForce || !strings.Contains(c.Note, "2024-09-01起施行") {
		t.Errorf("a later version is cited as %+v", c)
	}
}

func TestEntriesBecomeDocuments(t *testing.T) {
	docs := documents(t, statutes(t), library(t), today)
	f := docs["faq:neighbour-001"]
	if f.Kind != knowledge.FAQ || f.Field != "neighbour" || f.Text != "一起修。\n先商量。" || strings.Join(f.Questions, "|") != "楼道的灯坏了谁修？|灯坏了找谁" {
		t.Errorf("FAQ is %+v", f)
	}
	if len(f.Citations) != 3 || f.Citations[0].Article != "3-1" || !f.Citations[0].InForce || !f.Citations[1].InForce || f.Citations[1].Law != "中华人民共和国新法" {
		t.Errorf("citations are %+v", f.Citations)
	}
	g := docs["guide:邻灯法@2024-05-20#3"]
	if g.Kind != knowledge.Guide || g.Title != "邻灯法第三条" || len(g.Citations) != 2 || g.Citations[0].Article != "3" || g.Citations[1].Article != "2" {
		t.Errorf("guide is %+v", g)
	}
}

func TestWithoutStatutesTheContentStandsAlone(t *testing.T) {
	docs := documents(t, nil, library(t), today)
	if len(docs) != 2 {
		t.Fatalf("%d documents", len(docs))
	}
	if c := docs["faq:neighbour-001"].Citations[0]; !c.InForce || c.Effective != "2024-09-01" || c.Note != "" {
		t.Errorf("citation is %+v", c)
	}
	if c := documents(t, nil, library(t), day("2024-06-01"))["faq:neighbour-001"].Citations[0]; c.InForce {
		t.Errorf("in force before its day: %+v", c)
	}
}

func TestANewerRevisionIsWarnedOf(t *testing.T) {
	docs := documents(t, statutes(t), library(t), today)
	c := docs["law:院落守则@2023-07-08#1"].Citations[0]
	if c.InForce || !strings.Contains(c.Note, "2026-02-01修订") {
		t.Errorf("a stale law is cited as %+v", c)
	}
	before := documents(t, statutes(t), library(t), day("2026-03-01"))["law:院落守则@2023-07-08#1"].Citations[0]
	if !before.InForce || !strings.Contains(before.Note, "仍适用这里的版本") {
		t.Errorf("before the revision holds, it is cited as %+v", before)
	}
}

func TestReferencesInAQuestion(t *testing.T) {
	set, lib := statutes(t), library(t)
	type want struct {
		law, articles, missing string
		count, found           int
		note                   string
	}
	for text, w := range map[string]want{
		"邻灯法第3条":        {"中华人民共和国邻灯法", "3", "", 7, 1, ""},
		"灯法3条、99条":      {"中华人民共和国邻灯法", "3 99", "99", 7, 1, ""},
		"邻灯法第二条第一款、第二款": {"中华人民共和国邻灯法", "2", "", 7, 1, ""},
		"楼道条例第1条":       {"楼道照明暂行条例", "1", "", 2, 1, "从2012-03-01起不再适用，现在看《邻灯法》"},
		"旧灯条例第8条":       {"旧灯条例", "8", "", 0, 0, "现在看《邻灯法》"},
		"新法第2条":         {"中华人民共和国新法", "2", "", 0, 0, ""},
		"院落守则1条":        {"院落守则", "1", "", 3, 1, "2026-02-01修订"},
		"《没有的法》第1条":     {"", "1", "", 0, 0, ""},
	} {
		t.Run(text, func(t *testing.T) {
			ref, cited := corpus.References(set, lib.Laws)(text, today)
			if ref == nil {
				t.Fatal("no reference found")
			}
			got := want{ref.Law, strings.Join(ref.Articles, " "), strings.Join(ref.Missing, " "), ref.Count, len(cited), w.note}
			if got != w || !strings.Contains(ref.Note, w.note) || w.note == "" && ref.Note != "" {
				t.Errorf("reference is %+v, %d cited; want %+v", ref, len(cited), w)
			}
		})
	}
	ref, cited := corpus.References(set, lib.Laws)("邻灯法第2条第一款、第九款和旧灯条例第8条", today)
	if len(cited) != 1 || len(ref.Parts) != 2 || ref.Parts[0].Text == "" || ref.Parts[1].Text != "" || ref.Parts[1].Count == 0 {
		t.Errorf("paragraphs named are %+v", ref.Parts)
	}
	if len(ref.Others) != 1 || ref.Others[0].Law != "旧灯条例" {
		t.Errorf("the second law is %+v", ref.Others)
	}
	for _, text := range []string{"邻灯法", "灯坏了怎么办", ""} {
		if ref, _ := corpus.References(set, lib.Laws)(text, today); ref != nil {
			t.Errorf("%q names %+v", text, ref)
		}
	}
	if ref, cited := corpus.References(nil, lib.Laws)("邻灯法第3条", today); ref == nil || ref.Law != "中华人民共和国邻灯法" || len(cited) != 0 {
		t.Errorf("without statutes: %+v, %v", ref, cited)
	}
}

// TestShippedContentOnTheFullCorpus makes all documents of the shipped content
// and the public collection.
func TestShippedContentOnTheFullCorpus(t *testing.T) {
	dir := shared(t)
	lib, err := content.Load(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	set, rep, err := statute.Import(context.Background(), []string{dir}, statute.ImportOptions{AsOf: today, Table: corpus.Table(lib.Laws)})
	if err != nil {
		t.Fatal(err)
	}
	docs := documents(t, set, lib, today)
	_, n := set.Len()
	if want := n + len(lib.FAQs) + len(lib.Guides); len(docs) != want {
		t.Errorf("%d documents, want %d", len(docs), want)
	}
	inForce := 0
	for _, d := range docs {
		if d.Kind == knowledge.Article && d.Until == "" && (d.Citations[0].InForce || d.Newer != "") {
			inForce++
		}
	}
	if inForce != rep.Articles {
		t.Errorf("%d articles hold, want the %d that the import counted", inForce, rep.Articles)
	}
	for id, d := range docs {
		if len(d.Citations) == 0 || d.Text == "" && d.Kind != knowledge.Article {
			t.Errorf("%s has no citation or no text", id)
		}
		for _, c := range d.Citations {
			if _, err := set.Choose(c.Law, c.Version, time.Time{}); err == nil && set.Verify(c.Law, c.Version, c.Article) != nil {
				t.Errorf("%s cites %+v, which does not exist", id, c)
			}
		}
	}
}

func shared(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	candidates := []string{os.Getenv("ANJIE_SHARED")}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		candidates = append(candidates, filepath.Join(filepath.Dir(dir), "shared"))
	}
	for _, c := range candidates {
		if laws := filepath.Join(c, "data", "laws"); c != "" {
			if _, err := os.Stat(laws); err == nil {
				return laws
			}
		}
	}
	if os.Getenv("CI") == "true" {
		tb.Fatal("../shared/data is missing")
	}
	tb.Skip("../shared/data is missing: the full corpus is not tested")
	return ""
}
