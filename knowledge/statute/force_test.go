package statute_test

import (
	"testing"

	"github.com/anjie-desk/anjie/knowledge/statute"
)

func TestTheDayDecidesWhichVersionHolds(t *testing.T) {
	set, _ := fair(t, statute.Table{})
	for name, tc := range map[string]struct{ law, on, want string }{
		"today the newest":                          {"邻灯法", "2026-11-22", "2024-05-20"},
		"first day of the newest":                   {"邻灯法", "2024-09-01", "2024-05-20"},
		"adopted, not yet in force":                 {"邻灯法", "2024-08-31", "2012-03-01"},
		"before the oldest that is held":            {"邻灯法", "2011-01-01", ""},
		"repealed by another law's closing article": {"楼道照明暂行条例", "2026-11-22", ""},
		"before that":                               {"楼道照明暂行条例", "2000-01-01", "1990-01-15"},
	} {
		t.Run(name, func(t *testing.T) {
			l, ok := set.Find(tc.law)
			if !ok {
				t.Fatalf("%s is not held", tc.law)
			}
			got := ""
			if v, ok := l.On(date(tc.on)); ok {
				got = v.Day
			}
			if got != tc.want {
				t.Errorf("on %s holds %q, want %q", tc.on, got, tc.want)
			}
		})
	}
}

func TestARepealSaysByWhatAndSinceWhen(t *testing.T) {
	set, _ := fair(t, statute.Table{})
	l, _ := set.Find("楼道照明暂行条例")
	r := l.Repeal()
	if r.Since != "2012-03-01" || r.Successor != "中华人民共和国邻灯法" || r.By != "中华人民共和国邻灯法第四条" {
		t.Errorf("repeal is %+v", r)
	}
	if v := l.Versions[0]; v.Repealed != "2012-03-01" {
		t.Errorf("the version's last day is %q", v.Repealed)
	}
	old, _ := set.Choose("邻灯法", "2012-03-01", today)
	if old.Repealed != "2024-09-01" || old.InForce(today) {
		t.Errorf("the superseded version holds until %q, in force %v", old.Repealed, old.InForce(today))
	}
}

func TestTheTableNamesDatesAndEndsLaws(t *testing.T) {
	set, _ := fair(t, statute.Table{
		Names:      []statute.Name{{Title: "中华人民共和国邻灯法", Short: "灯法", Also: []string{"点灯法"}, Version: "2012-03-01", Effective: "2012-05-01"}},
		Successors: []statute.Successor{{Old: "望海市院落灯光管理条例", New: "灯法", Since: "2025-01-01", Note: "并入灯法。"}},
	})
	old, err := set.Choose("点灯法", "2012-03-01", today)
	if err != nil || old.Effective != "2012-05-01" || old.Law().Short != "灯法" {
		t.Errorf("version %+v, %v", old, err)
	}
	l, _ := set.Find("望海市院落灯光管理条例")
	if _, ok := l.On(today); ok || l.Repeal().Note != "并入灯法。" {
		t.Errorf("the table's repeal was not heeded: %+v", l.Repeal())
	}
	plain := set.With(statute.Table{})
	if v, _ := plain.Choose("邻灯法", "2012-03-01", today); v.Effective != "" {
		t.Errorf("another table still shows the first one's day %q", v.Effective)
	}
	if _, ok := plain.Find("点灯法"); ok {
		t.Error("another table still knows the first one's nickname")
	}
}

func TestALabelAloneNeverRepeals(t *testing.T) {
	set, _ := fair(t, statute.Table{})
	v, err := set.Choose("邻灯法", "", today)
	if err != nil || v.Status != "废止或失效" {
		t.Fatalf("version %+v, %v", v, err)
	}
	if s := set.Status(today); len(s.Doubtful) != 1 || s.Doubtful[0].Title != "中华人民共和国邻灯法" {
		t.Errorf("doubtful are %+v", s.Doubtful)
	}
}

func TestStatusListsWhatToMend(t *testing.T) {
	set, _ := fair(t, statute.Table{
		Names: []statute.Name{
			{Title: "中华人民共和国邻灯法", Short: "邻灯法", Version: "2026-03-01", Effective: "2026-07-01", Newer: true},
			{Title: "中华人民共和国邻灯法", Short: "邻灯法", Version: "2024-05-20"},
			{Title: "中华人民共和国没有法", Short: "没有法", Version: "2020-01-01"},
		},
	})
	s := set.Status(today)
	if len(s.Stale) != 1 || s.Stale[0].Held != "2024-05-20" || s.Stale[0].Known != "2026-03-01" {
		t.Errorf("stale are %+v", s.Stale)
	}
	if len(s.Missing) != 1 || s.Missing[0].Short != "没有法" {
		t.Errorf("missing are %+v", s.Missing)
	}
	if len(s.Repealed) != 1 || s.Laws != 5 || s.Articles != 17 {
		t.Errorf("status is %+v", s)
	}
	if n, ok := set.Newer("邻灯法"); !ok || n.Version != "2026-03-01" {
		t.Errorf("newer is %+v, %v", n, ok)
	}
	if _, ok := set.Newer("院落守则"); ok {
		t.Error("a law up to date is called stale")
	}
	before := set.Status(date("2024-06-01"))
	if len(before.Coming) != 1 || before.Coming[0].Since != "2024-09-01" {
		t.Errorf("coming are %+v", before.Coming)
	}
}

func TestAPartThatEndsDoesNotEndTheLaw(t *testing.T) {
	set, _ := imported(t, statute.ImportOptions{}, folder(t, map[string]string{
		"甲解释（一）(2020-01-01).md": "# 甲解释（一）\n<!-- INFO END -->\n第一条 一。\n第二条 二。",
		"乙条例(2019-01-01).md":    "# 乙条例\n<!-- INFO END -->\n第一条 一。",
		"甲解释（二）(2025-01-01).md": "# 甲解释（二）\n<!-- INFO END -->\n第一条 一。\n第二条 本解释自2025年9月1日起施行。《甲解释（一）》（法释〔2020〕26号）第二条第一款同时废止。\n《乙条例》中有关灯的规定同时废止。",
	}))
	for _, law := range []string{"甲解释（一）", "乙条例"} {
		l, _ := set.Find(law)
		if _, ok := l.On(today); !ok {
			t.Errorf("%s ended: %+v", law, l.Repeal())
		}
	}
	l, _ := set.Find("甲解释（一）")
	if r, ok := l.Ended("2"); !ok || r.Since != "2025-09-01" || r.By != "甲解释（二）第二条" {
		t.Errorf("the article that ended: %+v, %v", r, ok)
	}
	if _, ok := l.Ended("1"); ok {
		t.Error("an article that nobody ended")
	}
}
