package content_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/anjie-desk/anjie/content"
)

func TestWhereTheArticlesOfARepealedLawWent(t *testing.T) {
	laws, err := content.LoadLaws(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for old, want := range map[[2]string]string{
		{"婚姻法", "46"}: "1091", {"继承法", "10"}: "1127", {"侵权责任法", "38"}: "1199",
		{"婚姻法", "16"}: "", {"人民调解法", "3"}: "",
	} {
		var got []string
		for _, c := range laws.Now(old[0], old[1]) {
			got = append(got, c.Article)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%v went to %v, want %q", old, got, want)
		}
	}
	if s, ok := laws.Succeeded("中华人民共和国婚姻法"); !ok || s.New != "民法典" || s.Since != "2021-01-01" {
		t.Errorf("the marriage law was succeeded by %+v, %v", s, ok)
	}
	if got := laws.WentTo("收养法"); len(got) < 5 {
		t.Errorf("the adoption law went to %d articles", len(got))
	}
}

func TestARepealedLawsTableNeedsKnownArticles(t *testing.T) {
	for name, rows := range map[string]string{
		"a law that nobody repealed": `moved: [{old: 乙法, new: "甲法@2020-01-01", articles: {"1": [2]}}]`,
		"a successor that is no law": `{successors: [{old: 乙法, new: 甲法, since: "2020-01-01"}], moved: [{old: 乙法, new: "丙法@2020-01-01", articles: {"1": [2]}}]}`,
	} {
		fsys := fstest.MapFS{
			"laws/a.yaml": {Data: []byte(`laws: [{title: 甲法, short: 甲法, version: 2020-01-01, effective: 2020-01-01}]`)},
			"laws/b.yaml": {Data: []byte(rows)},
		}
		if _, err := content.LoadLaws(fsys); err == nil || !strings.Contains(err.Error(), "b.yaml") {
			t.Errorf("%s: got %v, want an error that names the file", name, err)
		}
	}
}

func TestOnlyLimitationsRunAnew(t *testing.T) {
	laws, err := content.LoadLaws(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for cite, want := range map[string]bool{"民法典@2020-05-28#188": true, "劳动争议调解仲裁法@2007-12-29#27": true, "民法典@2020-05-28#152": false, "行政复议法@2023-09-01#20": false} {
		if laws.Restarts(cite) != want {
			t.Errorf("%s runs anew: %v, want %v", cite, !want, want)
		}
	}
}
