package statute_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/knowledge/statute"
)

// named are laws by name alone, as the content names them.
func named(tb testing.TB) *statute.Names {
	tb.Helper()
	set, _ := fair(tb, statute.Table{})
	return statute.NewNames(set.Laws(), statute.Table{
		Names: []statute.Name{
			{Title: "中华人民共和国民法典", Short: "民法典", Also: []string{"民法点", "民典"}, Version: "2020-05-28"},
			{Title: "中华人民共和国劳动合同法", Short: "劳动合同法", Version: "2012-12-28"},
			{Title: "中华人民共和国消费者权益保护法", Short: "消费者权益保护法", Also: []string{"消法"}, Version: "2013-10-25"},
			{Title: "中华人民共和国反电信网络诈骗法", Short: "反电信网络诈骗法", Also: []string{"反诈法"}, Version: "2022-09-02"},
			{Title: "中华人民共和国刑法", Short: "刑法", Version: "2023-12-29"},
			{Title: "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）", Short: "婚姻家庭编解释（一）", Version: "2020-12-29"},
		},
		Successors: []statute.Successor{{Old: "合同法", New: "民法典", Since: "2021-01-01"}, {Old: "婚姻法", New: "民法典", Since: "2021-01-01"}},
	})
}

func TestReferencesInQuestions(t *testing.T) {
	names := named(t)
	const code, labour = "中华人民共和国民法典", "中华人民共和国劳动合同法"
	for text, want := range map[string]string{
		"民法典1062条":            code + " 1062",
		"民法典第一千零六十二条第一款":      code + " 1062/1",
		"民法典第1042条第1款第2项是啥":   code + " 1042/1/2",
		"《劳动合同法》38":           labour + " 38",
		"《中华人民共和国劳动合同法》第三十八条": labour + " 38",
		"消法55条":                  "中华人民共和国消费者权益保护法 55",
		"反诈法第8条":                 "中华人民共和国反电信网络诈骗法 8",
		"反诈法":                    "中华人民共和国反电信网络诈骗法",
		"民法点1043":                code + " 1043",
		"民法典１０６２":                code + " 1062",
		"民法典 第 1062 条":           code + " 1062",
		"民法典一千零六十二条":             code + " 1062",
		"民法典里关于彩礼的第1042条":        code + " 1042",
		"民法典第10条到第13条":           code + " 10 11 12 13",
		"民法典10-13条":              code + " 10 11 12 13",
		"民法典第1062条、第1063条和1064条": code + " 1062 1063 1064",
		"民法典1042、1043":           code + " 1042 1043",
		"民法典第十条第一款、第二款":          code + " 10/1 10/2",
		"刑法120-1":                "中华人民共和国刑法 120-1",
		"刑法第一百二十条之一":             "中华人民共和国刑法 120-1",
		"刑法第17条之一、民法典第20条":       "中华人民共和国刑法 17-1; " + code + " 20",
		"民法典第9条，民法典第12条":         code + " 9 12",
		"最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）第3条": "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一） 3",
		"婚姻家庭编解释一第五条": "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一） 5",
		"望海院落灯光条例第2条": "望海市院落灯光管理条例 2",
		"合同法第52条还有用吗": "合同法 52",
		"按照合同法52条":    "合同法 52",
		"劳动合同法和合同法":   labour + "; 合同法",
		"租房合同法第3条":    "? 3",
		"取消法院55号":     "",
		"我想取消法律服务":    "",
		"婚姻法解释三第24条":  "? 24",
		"《没有这部法》第3条":  "? 3",
		"《我的一本书》第3页":  "",
		"民法典2021年施行":  code,
		"民法典第二编第三章":   code,
		"民法典有1260条":   code,
		"民法典讲了5个方面":   code,
		"民法典0条":       code,
		"民法典99999条":   code,
		"《中华人民共和国劳动合同法》（2012修正）第三十八条": labour + " 38",
		"民法典继承编解释（二）第5条":              "? 5",
		"民法典怎么解释第5条":                  code + " 5",
		"民法典、劳动合同法第3条":                code + "; " + labour + " 3",
		"民法典577条584条585条":             code + " 577 584 585",
		"民法典第38条第一款第（二）项":             code + " 38/1/2",
		"民法典第一〇六二条":                   code + " 1062",
		"民法典第一○六二条":                   code + " 1062",
		"民法典一千零六十二":                   code + " 1062",
		"民法典五七七怎么说":                   code + " 577",
		"民法典五百七十七第一款":                 code + " 577/1",
		"民法典三大亮点":                     code,
		"民法典一百问":                      code,
		"劳动合同法十一放假":                   labour,
		"反诈法十一的加班费":                   "中华人民共和国反电信网络诈骗法",
		"别处市院落灯光管理条例第2条":              "? 2",
		"想知道望海市院落灯光管理条例第2条":           "望海市院落灯光管理条例 2",
		"南方市养猫条例第3条是啥":                "? 3",
		"请问养鸟法第十条":                    "? 10",
		"公司规定第3条说迟到扣钱":                "",
		"没办法3条路":                      "",
		"他这做法3条都不占":                   "",
		"彩礼能退不":                       "",
		"":                            "",
	} {
		t.Run(text, func(t *testing.T) {
			var got []string
			for _, r := range statute.ParseRefs(text, names) {
				got = append(got, written(r))
			}
			if s := strings.Join(got, "; "); s != want {
				t.Errorf("%q names %q, want %q", text, s, want)
			}
		})
	}
}

func written(r statute.Ref) string {
	s := r.Law
	if s == "" {
		s = "?"
	}
	for _, a := range r.Articles {
		s += " " + a.No
		if a.Paragraph > 0 {
			s += fmt.Sprintf("/%d", a.Paragraph)
		}
		if a.Item > 0 {
			s += fmt.Sprintf("/%d", a.Item)
		}
	}
	return s
}

func TestALawNotHeldIsStillNamed(t *testing.T) {
	refs := statute.ParseRefs("《婚姻法》第32条和邻灯法第3条", named(t))
	if len(refs) != 2 || refs[0].Law != "婚姻法" || refs[0].Held != nil || refs[1].Held == nil {
		t.Errorf("references are %+v", refs)
	}
	if refs[0].Name != "婚姻法" {
		t.Errorf("name as written is %q", refs[0].Name)
	}
}
