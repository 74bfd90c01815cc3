package statute_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/anjie-desk/anjie/knowledge/statute"
)

func TestALawIsFoundByAWholeNameOnly(t *testing.T) {
	set, _ := fair(t, statute.Table{Names: []statute.Name{{Title: "中华人民共和国邻灯法", Short: "邻灯法", Also: []string{"点灯法"}, Version: "2024-05-20"}}})
	for name, want := range map[string]string{
		"中华人民共和国邻灯法":   "中华人民共和国邻灯法",
		"《中华人民共和国邻灯法》": "中华人民共和国邻灯法",
		"　邻灯法":         "中华人民共和国邻灯法",
		"点灯法":          "中华人民共和国邻灯法",
		"灯法":           "",
		"法":            "",
		"":             "",
		"望海院落灯光管理条例":   "望海市院落灯光管理条例",
		"望海市院落灯光条例":    "望海市院落灯光管理条例",
		"院落灯光管理条例":     "望海市院落灯光管理条例",
		"灯光管理条例":       "",
		"中华人民共和国邻灯法实施条例": "",
	} {
		got := ""
		if l, ok := set.Find(name); ok {
			got = l.Title
		}
		if got != want {
			t.Errorf("Find(%q) is %q, want %q", name, got, want)
		}
	}
}

func TestResolveSaysWhatIsMissing(t *testing.T) {
	set, _ := fair(t, statute.Table{})
	for name, tc := range map[string]struct {
		ref  statute.ArticleRef
		text string
		want string // in the error
	}{
		"newest held":            {statute.ArticleRef{Law: "邻灯法", Article: "4"}, "每晚六时亮灯。", ""},
		"in force on a day":      {statute.ArticleRef{Law: "邻灯法", Article: "3", AsOf: date("2013-01-01")}, "每晚七时亮灯。", ""},
		"a version by its day":   {statute.ArticleRef{Law: "邻灯法", Version: "2024-05-20", Article: "3-1"}, "声控的灯视为亮着的灯。", ""},
		"no such law":            {statute.ArticleRef{Law: "没有法", Article: "1"}, "", "no law called 没有法"},
		"no such version":        {statute.ArticleRef{Law: "邻灯法", Version: "2020-01-01", Article: "1"}, "", "held are 2012-03-01, 2024-05-20"},
		"no such article":        {statute.ArticleRef{Law: "邻灯法", Version: "2024-05-20", Article: "99"}, "", "has 7 articles, the last is 6"},
		"no number":              {statute.ArticleRef{Law: "邻灯法", Article: "第三条"}, "", "no article"},
		"not in force that day":  {statute.ArticleRef{Law: "邻灯法", Article: "1", AsOf: date("1999-01-01")}, "", "no version on 1999-01-01"},
		"repealed by that day":   {statute.ArticleRef{Law: "楼道照明暂行条例", Article: "1", AsOf: today}, "", "no version on 2026-11-22"},
		"repealed but asked for": {statute.ArticleRef{Law: "楼道照明暂行条例", Version: "1990-01-15", Article: "1"}, "楼道应当有灯。", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a, _, err := set.Resolve(tc.ref)
			if tc.want == "" {
				if err != nil || a.Text != tc.text {
					t.Errorf("article %q, error %v; want %q", a.Text, err, tc.text)
				}
				return
			}
			var missing *statute.MissingError
			if !errors.As(err, &missing) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error is %v, want one that says %q", err, tc.want)
			}
		})
	}
}

func TestParagraphsAndItems(t *testing.T) {
	a := statute.Article{Text: "不得关灯：\n（一）有人；\n（二）有老人。\n前款的灯，包括后门的。\n另有规定的除外：\n1.甲；\n2.乙。"}
	for name, tc := range map[string]struct{ got, want string }{
		"first paragraph with its items": {a.Paragraph(1), "不得关灯：\n（一）有人；\n（二）有老人。"},
		"second":                         {a.Paragraph(2), "前款的灯，包括后门的。"},
		"one too many":                   {a.Paragraph(4), ""},
		"item of the first":              {a.Item(1, 2), "（二）有老人。"},
		"item where none is named":       {a.Item(0, 1), "（一）有人；"},
		"item of the third":              {a.Item(3, 2), "2.乙。"},
		"item that is not there":         {a.Item(2, 1), ""},
	} {
		if tc.got != tc.want {
			t.Errorf("%s is %q, want %q", name, tc.got, tc.want)
		}
	}
}

func TestNumbersReadWhatTheyWrite(t *testing.T) {
	for n, want := range map[string]string{"1": "第一条", "10": "第十条", "12": "第十二条", "20": "第二十条", "105": "第一百零五条", "110": "第一百一十条", "120-1": "第一百二十条之一", "1000": "第一千条", "1062": "第一千零六十二条", "1260": "第一千二百六十条"} {
		no, ok := statute.ParseNumber(n)
		if !ok || no.Label() != want || no.String() != n {
			t.Errorf("%s is written %s, want %s", n, no.Label(), want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := statute.Number{Main: uint16(rapid.IntRange(1, 1999).Draw(t, "main")), Sub: uint16(rapid.IntRange(0, 12).Draw(t, "sub"))}
		x, err := statute.Parse("a.md", []byte("# 甲法\n"+n.Label()+" 一。"))
		if err != nil || len(x.Articles) != 1 || x.Articles[0].No != n.String() {
			t.Fatalf("%s reads back as %+v", n.Label(), x.Articles)
		}
	})
}

func TestDiffMatchesArticlesByTheirWords(t *testing.T) {
	set, _ := fair(t, statute.Table{})
	changes, err := set.Diff("邻灯法", "2012-03-01", "2024-05-20")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes {
		got = append(got, string(c.Kind)+" "+c.Old+">"+c.New)
	}
	want := "changed 2>2, added >3, added >3-1, changed 3>4, added >5, changed 4>6"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("changes are %s\nwant %s", s, want)
	}
	if same, err := set.Diff("邻灯法", "2012-03-01", "2012-03-01"); err != nil || len(same) != 0 {
		t.Errorf("a version differs from itself: %+v, %v", same, err)
	}
	if _, err := set.Diff("邻灯法", "2012-03-01", "2000-01-01"); err == nil {
		t.Error("a version that is not held was compared")
	}
}
