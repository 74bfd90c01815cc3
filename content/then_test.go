package content_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/anjie-desk/anjie/content"
)

func TestBeforeTodaysLaw(t *testing.T) {
	laws, err := content.LoadLaws(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ short, article, day, was string }{
		"inheritance in 2017":                   {"民法典", "1127", "2017-06-30", "继承法"},
		"a contract in 2018":                    {"民法典", "577", "2018-01-01", "合同法"},
		"adoption stands before marriage":       {"民法典", "1093", "2018-01-01", "收养法"},
		"limitation in 2016":                    {"民法典", "188", "2016-01-01", "民法通则"},
		"limitation in 2018":                    {"民法典", "188", "2018-01-01", "民法总则"},
		"interest of 2019":                      {"民间借贷规定", "25", "2019-05-01", "合同法"},
		"the last day before the Code":          {"民法典", "1127", "2020-12-31", "继承法"},
		"the first day of the Code":             {"民法典", "1127", "2021-01-01", ""},
		"tort before there was a law of it":     {"民法典", "1179", "2009-01-01", ""},
		"a law that the table knows nothing of": {"人民调解法", "33", "2009-01-01", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok := laws.Before(tc.short, tc.article, tc.day)
			if got.Was != tc.was || ok != (tc.was != "") {
				t.Errorf("before %s#%s on %s stood %q, %v; want %q", tc.short, tc.article, tc.day, got.Was, ok, tc.was)
			}
			if ok && len(got.Citations) == 0 {
				t.Error("what the change of law rests on is not cited")
			}
		})
	}
}

func TestARowThatSaysNoTimeIsRefused(t *testing.T) {
	for name, row := range map[string]string{
		"until before from": `{law: 月法, was: 旧月法, from: "2021-01-01", until: "2020-01-01"}`,
		"no such law":       `{law: 星法, was: 旧月法, from: "2010-01-01", until: "2020-01-01"}`,
		"articles reversed": `{law: 月法, articles: 9-2, was: 旧月法, from: "2010-01-01", until: "2020-01-01"}`,
	} {
		fsys := fstest.MapFS{"laws/a.yaml": {Data: []byte("laws:\n- {title: 中华人民共和国月法, short: 月法, version: 2020-01-01}\nthen:\n- " + row + "\n")}}
		if _, err := content.LoadLaws(fsys); err == nil || !strings.Contains(err.Error(), "before") {
			t.Errorf("%s: got %v, want an error that names the row", name, err)
		}
	}
}
