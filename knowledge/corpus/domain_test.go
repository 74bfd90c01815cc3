package corpus_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// TestLawsKnownToBeNewerThanWhatIsHeldCarryAWarning asks the shipped table about
// revisions that the public collections lack.
func TestLawsKnownToBeNewerThanWhatIsHeldCarryAWarning(t *testing.T) {
	lib, err := content.Load(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	set := held(t, map[string]string{
		"中华人民共和国商标法(2019-04-23).md":        "# 中华人民共和国商标法\n第一条 一。",
		"中华人民共和国律师法(2017-09-01).md":        "# 中华人民共和国律师法\n第一条 一。",
		"中华人民共和国农业法(2012-12-28).md":        "# 中华人民共和国农业法\n第一条 一。",
		"中华人民共和国传染病防治法(2013-06-29).md":     "# 中华人民共和国传染病防治法\n第一条 一。",
		"中华人民共和国网络安全法(2016-11-07).md":      "# 中华人民共和国网络安全法\n第一条 一。",
		"中华人民共和国反不正当竞争法(2019-04-23).md":    "# 中华人民共和国反不正当竞争法\n第一条 一。",
		"住房公积金管理条例(2019-03-24).md":         "# 住房公积金管理条例\n第一条 一。",
		"中华人民共和国食品安全法(2021-04-29).md":      "# 中华人民共和国食品安全法\n第一条 一。",
		"中华人民共和国人民调解法(2010-08-28).md":      "# 中华人民共和国人民调解法\n第一条 一。",
		"中华人民共和国治安管理处罚法(2012-10-26).md":    "# 中华人民共和国治安管理处罚法\n第一条 一。",
		"中华人民共和国城市居民委员会组织法(2018-12-29).md": "# 中华人民共和国城市居民委员会组织法\n第一条 一。",
	})
	find := corpus.References(set, lib.Laws)
	for _, l := range set.Laws() {
		ref, cited := find("《"+l.Title+"》第1条", today)
		if len(cited) != 1 || ref == nil {
			t.Fatalf("%s: %+v %+v", l.Title, ref, cited)
		}
		warned := strings.Contains(cited[0].Note, "这里还没有新版全文") && !cited[0].InForce
		if want := l.Title != "中华人民共和国人民调解法"; warned != want {
			t.Errorf("%s warns %v, want %v: %q", l.Title, warned, want, cited[0].Note)
		}
	}
	for _, name := range []string{"医疗保障法", "耕地保护法", "民营经济促进法", "突发公共卫生事件应对法", "行政执法监督条例"} {
		if ref, _ := find(name+"第3条", today); ref == nil || ref.Law == "" {
			t.Errorf("%s is no law known: %+v", name, ref)
		}
	}
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func held(t *testing.T, files map[string]string) *statute.Set {
	t.Helper()
	set, _, err := statute.Import(t.Context(), []string{folder(t, files)}, statute.ImportOptions{AsOf: today})
	if err != nil {
		t.Fatal(err)
	}
	return set
}
