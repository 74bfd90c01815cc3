package place_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/place"
)

func shipped(t *testing.T) *place.Register {
	t.Helper()
	raw, err := os.ReadFile("../../content/places/register.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := place.Parse(raw, place.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheShippedRegister(t *testing.T) {
	r := shipped(t)
	kinds := map[string]int{}
	for _, v := range r.Villages {
		kinds[v.Kind]++
		if !strings.HasPrefix(v.Code, r.Code) {
			t.Errorf("%s has the code %s of another sub-district", v.Name, v.Code)
		}
		if v.Phone != "" {
			t.Errorf("%s has a telephone number that nobody verified", v.Name)
		}
		for _, said := range []string{v.Name, v.Code, "我是" + v.Name + "的，楼上漏水"} {
			if !slices.ContainsFunc(r.Find(said), func(w place.Village) bool { return w.Code == v.Code }) {
				t.Errorf("%q does not find %s", said, v.Name)
			}
		}
	}
	if kinds[place.KindCommunity] != 21 || kinds[place.KindVillage] != 24 {
		t.Errorf("kinds %v, want 21 communities and 24 villages", kinds)
	}
}

func TestFindingPlacesInWhatPeopleSay(t *testing.T) {
	r := shipped(t)
	for said, want := range map[string]string{
		"仇家洼":         "仇家洼村",
		"仇家洼村":        "仇家洼村",
		"仇家洼　村委会。":    "仇家洼村",
		"俺是仇家洼的":      "仇家洼村",
		"求家洼":         "仇家洼村",
		"东里":          "东里社区 东里村",
		"东里村":         "东里村",
		"东里社区":        "东里社区",
		"东里居委会":       "东里社区",
		"我住东里，邻居装摄像头": "东里社区 东里村",
		"西里村和东里社区都说不归他们管":      "东里社区 西里村",
		"我们东里村村委会不管":           "东里村",
		"３７１０８３００１２１９":         "仇家洼村",
		"编码371083001219的村":     "仇家洼村",
		"金青岭":                  "金碃岭村",
		"金什么岭":                 "",
		"高哥庄":                  "高格庄村",
		"我是高哥庄村的":              "高格庄村",
		"格高庄":                  "高格庄村",
		"黄依太村有人占我地":            "黄依台村",
		"石村":                   "石村",
		"石村村委会占了我家的地":          "石村",
		"阳光":                   "阳光社区",
		"俺是阳光的":                "阳光社区",
		"我家阳光都让他家挡了":           "",
		"住阳光的，楼上漏水":            "阳光社区",
		"阳光社区物业不干活":            "阳光社区",
		"俺们两口子过得挺幸福的":          "",
		"东西里面有个假货":             "",
		"房东里外都不让进":             "",
		"政府前面有人堵门":             "",
		"府前路那家店":               "",
		"府前社区门口":               "府前社区",
		"利群超市卖假货":              "",
		"夏西和夏东两家打起来了":          "夏东村 夏西村",
		"夏南村的":                 "夏南村",
		"住在腾甲庄":                "腾甲庄村",
		"大阳村":                  "",
		"你好":                   "",
		"":                     "",
		"打磨机太吵":                "",
		"打磨村的机器太吵":             "打磨村",
		"乳山市城区街道洼九埠":           "洼九埠村",
		"住宅口堆垃圾":               "",
		"371083001999":         "",
		"我给你371083001999，仇家洼的": "仇家洼村",
	} {
		var got []string
		for _, v := range r.Find(said) {
			got = append(got, v.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %v, want %q", said, got, want)
		}
	}
}

const small = `
district: {name: 试街道, city: 试市, code: "999999999", centre: 试中心}
number: {form: "〔{year}〕试字第 {serial} 号", digits: 4}
source: 虚构
as_of: "2026-01-01"
villages:
- {code: "999999999001", name: 甲木村, kind: village}
- {code: "999999999002", name: 乙水村, kind: village, retired: "2026-07-01"}
`

func TestARetiredPlaceTakesNoNewCases(t *testing.T) {
	now := time.Date(2026, 6, 30, 15, 59, 0, 0, time.UTC) // 23:59 in Shanghai
	r, err := place.Parse([]byte(small), place.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Find("乙水村")) != 1 || !r.Takes("999999999002") || len(r.Open()) != 2 {
		t.Error("gone a day early")
	}
	now = now.Add(time.Minute)
	if len(r.Find("乙水村")) != 0 || len(r.Find("999999999002")) != 0 || r.Takes("999999999002") || len(r.Open()) != 1 {
		t.Error("still taking cases on the day it retired")
	}
	if r.Label("999999999002") != "乙水村" || r.Label(place.Centre) != "试中心" || !r.Takes(place.Centre) {
		t.Error("old cases have lost their place's name")
	}
	if got := r.Territories(); len(got) != 3 || got[2] != place.Centre {
		t.Errorf("territories %v", got)
	}
}

func TestARegisterThatIsWrongIsRefused(t *testing.T) {
	for name, change := range map[string][2]string{
		"unknown key":       {"source: 虚构", "source: 虚构\nsauce: x"},
		"code too short":    {"999999999001", "99999999901"},
		"code twice":        {"999999999002", "999999999001"},
		"name twice":        {"乙水村", "甲木村"},
		"unknown kind":      {"kind: village}", "kind: town}"},
		"day that is none":  {"2026-07-01", "2026-13-01"},
		"no source":         {"source: 虚构", "source: ''"},
		"no serial":         {"{serial}", "x"},
		"form with percent": {"试字第", "试字第%"},
		"no digits":         {"digits: 4", "digits: 0"},
		"empty alias":       {"kind: village}", "kind: village, also: ['']}"},
	} {
		if !strings.Contains(small, change[0]) {
			t.Fatalf("%s: nothing to change", name)
		}
		if _, err := place.Parse([]byte(strings.Replace(small, change[0], change[1], 1)), place.Options{}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := place.Parse(nil, place.Options{}); err == nil {
		t.Error("an empty register was taken")
	}
}

func TestWorkingDays(t *testing.T) {
	raw, err := os.ReadFile("../../content/places/holidays.yaml")
	if err != nil {
		t.Fatal(err)
	}
	h, err := place.ParseHolidays(raw)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{
		"2026-01-01": false, "2026-01-04": true, "2026-02-14": true, "2026-02-23": false, "2026-02-24": true, "2026-02-28": true,
		"2026-04-06": false, "2026-05-05": false, "2026-05-09": true, "2026-06-19": false, "2026-09-20": true, "2026-09-25": false,
		"2026-10-07": false, "2026-10-08": true, "2026-10-10": true, "2026-11-21": false, "2026-11-23": true, "2027-01-01": true,
	} {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.Works(d); got != want {
			t.Errorf("%s works: %v, want %v", day, got, want)
		}
	}
	if h.Announced(time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)) || !h.Announced(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)) {
		t.Error("2026 is announced, 2027 is not")
	}
	for name, bad := range map[string]string{
		"other year":   "years: [{year: 2026, source: x, working: [2027-01-01]}]",
		"turned round": "years: [{year: 2026, source: x, closed: [{name: 甲, from: 2026-01-03, to: 2026-01-01}]}]",
		"no source":    "years: [{year: 2026}]",
		"no day":       "years: [{year: 2026, source: x, working: [2026-02-30]}]",
		"unknown key":  "year: []",
	} {
		if _, err := place.ParseHolidays([]byte(bad)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestCaseNumbersAsPeopleTypeThem(t *testing.T) {
	n := place.Number{Form: "〔{year}〕城区受字第 {serial} 号", Digits: 4}
	for text, want := range map[string][2]int{
		"〔2026〕城区受字第 0123 号": {2026, 123},
		"[2025]城区受字第0007号":   {2025, 7},
		"（２０２６）城区受字第１２号":     {2026, 12},
		"2026-123": {2026, 123},
		"0123":     {2026, 123},
		"查 123 号":  {2026, 123},
		"我的编号是〔2026〕城区受字第 0123 号，到哪了": {2026, 123},
		"2026":  {2026, 2026},
		"0":     {},
		"没有":    {},
		"12 34": {},
	} {
		year, serial, ok := n.Parse(text, 2026)
		if ok != (want[1] != 0) || ok && [2]int{year, serial} != want {
			t.Errorf("%q is read as %d-%d (%v), want %v", text, year, serial, ok, want)
		}
	}
	if got := n.Of("2026"); got != "〔2026〕城区受字第 {serial} 号" {
		t.Errorf("form %q", got)
	}
}
