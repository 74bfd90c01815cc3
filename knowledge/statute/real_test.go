package statute_test

import (
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// TestTheFullCorpus imports the public collection as staff would and looks at
// places where an importer goes wrong.
func TestTheFullCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("the full corpus takes some seconds")
	}
	start := time.Now()
	set, rep := imported(t, statute.ImportOptions{}, shared(t, "data", "laws", "national"), shared(t, "data", "laws", "shandong"))
	t.Logf("%d files, %d laws, %d versions, %d articles in force, %d superseded, %d repealed, %d skipped in %v",
		rep.Files, rep.Laws, rep.Versions, rep.Articles, rep.Superseded, rep.Repealed, len(rep.Skipped), time.Since(start).Round(time.Millisecond))
	between(t, "laws in force", rep.Laws-rep.Repealed-rep.Future, 1780, 1850)
	between(t, "articles in force", rep.Articles, 77_000, 81_500)
	between(t, "superseded versions", rep.Superseded, 90, 105)
	for _, s := range rep.Skipped {
		switch s.Reason {
		case statute.Amendment, statute.Duplicate, statute.NotStatute:
		default:
			t.Errorf("%s was left out: %s %s", s.File, s.Reason, s.Detail)
		}
	}
	spots(t, set)
	local(t, set)

	dir := t.TempDir()
	if err := set.Save(dir); err != nil {
		t.Fatal(err)
	}
	start = time.Now()
	back := opened(t, dir)
	if took := time.Since(start); took > 300*time.Millisecond {
		t.Errorf("opening took %v", took)
	}
	spots(t, back)
}

func between(t *testing.T, what string, got, low, high int) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %d, want %d to %d", what, got, low, high)
	}
}

func spots(t *testing.T, set *statute.Set) {
	t.Helper()
	for law, want := range map[string]struct {
		day, effective string
		articles       int
		no, begins     string
	}{
		"民法典":       {"2020-05-28", "2021-01-01", 1260, "1062", "夫妻在婚姻关系存续期间所得的下列财产，为夫妻的共同财产"},
		"刑法":        {"2023-12-29", "", 505, "120-1", "资助恐怖活动组织、实施恐怖活动的个人的"},
		"人民调解法":     {"2010-08-28", "2011-01-01", 35, "33", "经人民调解委员会调解达成调解协议后"},
		"婚姻登记条例":    {"2025-04-06", "2025-05-10", 28, "1", "为了规范婚姻登记工作"},
		"民事诉讼法":     {"2023-09-01", "", 306, "205", "经依法设立的调解组织调解达成调解协议"},
		"生态环境法典":    {"2026-03-12", "2026-08-15", 1242, "1242", "本法自2026年8月15日起施行"},
		"宪法":        {"2018-03-11", "", 143, "33", "凡具有中华人民共和国国籍的人"},
		"信访工作条例":    {"2022-02-25", "2022-05-01", 50, "31", "对信访人提出的申诉求决类事项"},
		"飞行基本规则":    {"2007-10-18", "", 124, "29", "飞行管制的基本任务是"},
		"刑事诉讼法":     {"2018-10-26", "", 308, "128", "侦查人员对于与犯罪有关的场所"},
		"山东省物业管理条例": {"2021-12-03", "", 0, "1", "为了规范物业管理活动"},
	} {
		v, err := set.Choose(law, "", today)
		if err != nil {
			t.Errorf("%s: %v", law, err)
			continue
		}
		if v.Day != want.day || v.Effective != want.effective || want.articles > 0 && v.Len() != want.articles {
			t.Errorf("%s is of %s, effective %q, %d articles; want %+v", law, v.Day, v.Effective, v.Len(), want)
		}
		a, ok, err := v.Article(want.no)
		if !ok || err != nil || !strings.HasPrefix(a.Text, want.begins) {
			t.Errorf("%s %s: %v %v %q", law, want.no, ok, err, a.Text)
		}
	}
	if _, err := set.Choose("噪声污染防治法", "", today); err == nil {
		t.Error("the noise law still holds after the environment code ended it")
	}
	if _, err := set.Choose("噪声污染防治法", "", date("2026-08-14")); err != nil {
		t.Errorf("the noise law did not hold the day before: %v", err)
	}
	for _, day := range []string{"2022-04-01", "2022-04-02"} {
		if err := set.Verify("最高人民法院关于适用《中华人民共和国民事诉讼法》的解释", day, "550"); err != nil {
			t.Error(err)
		}
	}
}

func local(t *testing.T, set *statute.Set) {
	t.Helper()
	// Collections of local law lost many a 第二章 before the chapter's name.
	if a, _, err := set.Resolve(statute.ArticleRef{Law: "山东省公共法律服务条例", Article: "15"}); err != nil || !strings.HasSuffix(a.Text, "。") {
		t.Errorf("article 15 ends in a chapter's name: %v %q", err, a.Text)
	}
	places := map[string]int{}
	for v := range set.InForce(today) {
		l := v.Law()
		if l.Level == knowledge.LocalRegulation {
			places[l.Local]++
		}
		if l.Level == knowledge.LevelUnknown || (l.Level == knowledge.LocalRegulation) != (l.Local != "") {
			t.Errorf("%s has rank %d and place %q", l.Title, l.Level, l.Local)
		}
	}
	if places["山东省"] < 150 || places["威海市"] < 10 || len(places) > 20 {
		t.Errorf("local law by place: %v", places)
	}
}
