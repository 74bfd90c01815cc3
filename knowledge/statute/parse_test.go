package statute_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/knowledge"
)

func TestEveryKindOfLayoutGivesTheSameArticles(t *testing.T) {
	for name, tc := range map[string]struct {
		file, body string
		want       []string
	}{
		"chapters as ##": {
			"a.md", "# 甲法\n\n<!-- INFO END -->\n\n## 第一章  总　则\n\n第一条 一。\n\n二。\n\n## 第二章 附则\n\n第二条 三。",
			[]string{"1[第一章 总则]一。/二。", "2[第二章 附则]三。"},
		},
		"chapters as ### below books as ##": {
			"a.md", "# 甲法\n## 第一编　总则\n### 第一章　规定\n第一条 一。\n#### 第一节　节\n第二条 二。\n## 第二编　分则\n第三条 三。",
			[]string{"1[第一编 总则 > 第一章 规定]一。", "2[第一编 总则 > 第一章 规定 > 第一节 节]二。", "3[第二编 分则]三。"},
		},
		"a table of contents that repeats every heading": {
			"a.md", "（2020年1月1日通过）\n\n目　录\n\n### 第一章　总　则\n\n### 第二章　附　则\n\n### 第一章　总　则\n\n第一条　一。\n\n### 第二章　附　则\n\n第二条　二。",
			[]string{"1[第一章 总则]一。", "2[第二章 附则]二。"},
		},
		"no headings at all": {
			"a.md", "# 甲办法\n\n第一条 一。\n\n第二条 二。",
			[]string{"1[]一。", "2[]二。"},
		},
		"之一 after its article": {
			"a.md", "# 甲法\n第一百二十条 一。\n第一百二十条之一 二。\n第一百二十条之二 三。\n第一百二十一条 四。",
			[]string{"120[]一。", "120-1[]二。", "120-2[]三。", "121[]四。"},
		},
		"no space after 第X条": {
			"a.md", "# 甲法\n第一条为了安宁。\n第二条灯要亮。",
			[]string{"1[]为了安宁。", "2[]灯要亮。"},
		},
		"a paragraph that begins with a reference": {
			"a.md", "# 甲法\n第一条 一。\n第一条规定的灯，由第二条管。\n第二条第一款的灯不算。\n第二条 二。",
			[]string{"1[]一。/第一条规定的灯，由第二条管。/第二条第一款的灯不算。", "2[]二。"},
		},
		"full-width, no-break and zero-width characters": {
			"a.md", "# 甲法\n第一条\u3000\u00a0灯\u200b要\ue004亮。\n\u3000\u3000夜里亮\u2002着。",
			[]string{"1[]灯要亮。/夜里亮 着。"},
		},
		"wiki links, plain links and stress": {
			"a.md", "# 甲法\n第一条 依照《[[中华人民共和国乙法]]》、《[[乙法|丙法]]》和[丁法](https://example.org/x)**办理**。",
			[]string{"1[]依照《中华人民共和国乙法》、《丙法》和丁法办理。"},
		},
		"a wiki's filing mark": {
			"a.md", "# 甲法\n第一条 一。\n[[Category:中华人民共和国法律|JIA FA]]",
			[]string{"1[]一。"},
		},
		"articles run together in one line": {
			"a.md", "# 甲法\n第一条 一。 第二条 二。 见第一条。 第三条 三。",
			[]string{"1[]一。", "2[]二。 见第一条。", "3[]三。"},
		},
		"a chapter's name that lost its 第X章": {
			"a.md", "# 甲法\n第一条 一。\n亮灯\n第二条 二：\n（一）门灯；\n（二）路灯。\n关灯、换灯\n一般规定\n第三条 三。\n换灯\n第四条 有下列情形之一：\n门灯不亮\n第五条 五。",
			[]string{"1[]一。", "2[亮灯]二：/（一）门灯；/（二）路灯。", "3[关灯、换灯 > 一般规定]三。", "4[关灯、换灯 > 换灯]有下列情形之一：/门灯不亮", "5[关灯、换灯 > 换灯]五。"},
		},
		"a lost chapter below marked ones": {
			"a.md", "# 甲法\n## 第一章 总则\n第一条 一。\n亮灯和\n关灯\n## 第一节 门灯\n第二条 二。\n路灯\n第三条 三。\n法律责任\n第四条 四。",
			[]string{"1[第一章 总则]一。", "2[亮灯和关灯 > 第一节 门灯]二。", "3[亮灯和关灯 > 路灯]三。", "4[法律责任]四。"},
		},
		"articles of another law, quoted": {
			"a.txt", "甲办法\n第一条 依照《乙法》：\n“第五条 有灯的，点灯。\n第六条 无灯的，不点。”\n第二条 以上条文，照旧：\n“一盏灯。\n第三条 两盏灯。\n第四条 三盏灯。”\n第三条 完。",
			[]string{"1[]依照《乙法》：/“第五条 有灯的，点灯。/第六条 无灯的，不点。”", "2[]以上条文，照旧：/“一盏灯。/第三条 两盏灯。/第四条 三盏灯。”", "3[]完。"},
		},
		"a quotation that is never closed": {
			"a.txt", "甲办法\n第一条 所称“灯，是门灯。\n第二条 亮着。\n第三条 关着。",
			[]string{"1[]所称“灯，是门灯。", "2[]亮着。", "3[]关着。"},
		},
		"parts between points": {
			"a.md", "# 甲法院关于灯的规定\n1. 一。\n2. 二。\n二、门灯\n3. 三。",
			[]string{"1[]1. 一。", "2[]2. 二。", "3[二、门灯]3. 三。"},
		},
		"a decision with the amended law below": {
			"a.txt", "全国人民代表大会常务委员会关于修改《中华人民共和国邻灯法》的决定\n（2025年10月28日通过）\n对《中华人民共和国邻灯法》作如下修改：\n一、第二条修改为：“第二条 亮。”\n本决定自2026年1月1日起施行。\n中华人民共和国邻灯法\n（1998年11月4日通过）\n第一条 一。\n第二条 亮。",
			[]string{"1[]一。", "2[]亮。"},
		},
		"numbers left out": {
			"a.md", "# 甲法\n第一条 一。\n第三条 三。",
			[]string{"1[]一。", "3[]三。"},
		},
		"a heading broken in two": {
			"a.md", "# 甲法\n第一条 一。\n## 第二章 逃匿案件\n\n财产的处理\n\n第二条 二。",
			[]string{"1[]一。", "2[第二章 逃匿案件财产的处理]二。"},
		},
		"wiki headings left over": {
			"a.md", "# 甲法\n## 第一章 灯\n第一条 一。\n===== 第一节 夜灯 =====\n第二条 二。",
			[]string{"1[第一章 灯]一。", "2[第一章 灯 > 第一节 夜灯]二。"},
		},
		"plain text with dotted table of contents": {
			"甲守则.txt", "甲守则\n\n目录\n第一章 总则……………1\n第二章 附则……………2\n\n第一章 总则\n第一条 一。\n第二章 附则\n第二条 二。",
			[]string{"1[第一章 总则]一。", "2[第二章 附则]二。"},
		},
		"an interpretation by 一、": {
			"a.md", "# 甲解释\n<!-- INFO END -->\n为了审判，解释如下：\n\n一、第一个意思。\n\n还有一段。\n\n二、第二个意思。",
			[]string{"1[]一、第一个意思。/还有一段。", "2[]二、第二个意思。"},
		},
		"an interpretation by 1. below 一、": {
			"a.md", "# 甲规定\n<!-- INFO END -->\n为了执行：\n## 一、机构\n\n1.甲。\n\n2.乙。\n\n## 二、办法\n\n3.丙。",
			[]string{"1[一、机构]1.甲。", "2[一、机构]2.乙。", "3[二、办法]3.丙。"},
		},
		"a reply without any numbers": {
			"a.md", "# 甲批复\n<!-- INFO END -->\n甲院：\n\n可以。\n\n此复。",
			[]string{"1[]甲院：", "2[]可以。", "3[]此复。"},
		},
		"a decision that gives the whole law again": {
			"a.md", "# 甲解释\n<!-- INFO END -->\n一、删去第二条。\n\n二、重新公布。\n\n附：\n\n甲解释\n\n第一条 一。\n\n第二条 二。",
			[]string{"1[]一。", "2[]二。"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := outline(parsed(t, tc.file, tc.body)); !slices.Equal(got, tc.want) {
				t.Errorf("articles are\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(tc.want, "\n "))
			}
		})
	}
}

func TestWhatStandsBeforeAndAfterTheArticlesIsKept(t *testing.T) {
	x := parsed(t, "a.md", "# 甲法\n\n2020年1月1日 某会通过\n\n<!-- INFO END -->\n\n## 序言\n\n从前没有灯。\n\n## 第一章 灯\n\n第一条 见附表一。\n\n## 附件一\n\n| 灯 | 亮度 |\n| --- | --- |\n| 大 | 10 |\n\n附件二：名录\n\n第一条 附件里的条。")
	if x.Preamble != "从前没有灯。" {
		t.Errorf("preamble is %q", x.Preamble)
	}
	if len(x.Articles) != 1 || x.Articles[0].Text != "见附表一。" {
		t.Errorf("articles are %q", outline(x))
	}
	if len(x.Annexes) != 2 || x.Annexes[0].Text != "灯 | 亮度\n大 | 10" || x.Annexes[1].Text != "第一条 附件里的条。" {
		t.Errorf("annexes are %+v", x.Annexes)
	}
}

func TestAPreambleThatBeginsWithADayIsNoTitlePage(t *testing.T) {
	x := parsed(t, "a.md", "# 甲规定\n<!-- INFO END -->\n1998年9月17日，我院印发了《关于灯的意见》。现作如下规定：\n\n第一条 一。")
	if !strings.HasPrefix(x.Preamble, "1998年9月17日，我院") {
		t.Errorf("preamble is %q", x.Preamble)
	}
}

func TestTitleComesFromTheMostReliablePlace(t *testing.T) {
	for name, tc := range map[string]struct{ file, body, want string }{
		"front matter over several lines": {"x(2026-05-06).md", "---\ntitle: \"最高虚构院\n关于灯的\n解释（二）\"\nstatus: \"现行有效\"\n---\n第一条 一。", "最高虚构院关于灯的解释（二）"},
		"first heading":                   {"甲法(2020-01-01).md", "# 中华人民共和国甲法\n第一条 一。", "中华人民共和国甲法"},
		"file name":                       {"乙条例_20200101.md", "第一条 一。", "乙条例"},
		"file name with a copy mark":      {"乙条例_20200101 (1).txt", "第一条 一。", "乙条例"},
		"title page of several lines":     {"a.txt", "最高虚构院\n关于灯的解释\n（2020年1月1日通过）\n第一条 一。", "最高虚构院关于灯的解释"},
		"after the decree":                {"a.txt", "中华人民共和国主席令\n第三号\n《中华人民共和国丙法》已由某会通过，现予公布，自2021年1月1日起施行。\n中华人民共和国\n丙法\n（2020年1月1日通过）\n第一条 一。", "中华人民共和国丙法"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parsed(t, tc.file, tc.body).Title; got != tc.want {
				t.Errorf("title is %q, want %q", got, tc.want)
			}
		})
	}
}

func TestDaysAreBelievedOnlyWhenTheyBelongToThisText(t *testing.T) {
	type days struct{ day, effective string }
	head := func(lines string) string {
		return "# 甲法\n\n" + lines + "\n\n<!-- INFO END -->\n\n第一条 一。\n\n"
	}
	for name, tc := range map[string]struct {
		file, body string
		want       days
	}{
		"file name and closing article":             {"甲法(2020-05-01).md", head("2020年5月1日 通过") + "第二条 本法自2020年9月1日起施行。", days{"2020-05-01", "2020-09-01"}},
		"closing article older than the amendment":  {"甲法(2020-05-01).md", head("2005年1月1日 通过\n\n2020年5月1日 修正") + "第二条 本法自2005年9月1日起施行。", days{"2020-05-01", ""}},
		"from publication, never amended":           {"甲法(2020-05-01).md", head("2020年5月1日 通过") + "第二条 本法自公布之日起施行。", days{"2020-05-01", "2020-05-01"}},
		"from publication, but amended since":       {"甲法(2020-05-01).md", head("2005年1月1日 通过\n\n2020年5月1日 修正") + "第二条 本法自公布之日起施行。", days{"2020-05-01", ""}},
		"from publication, amended without a word":  {"甲法(2020-05-01).md", head("2005年1月1日 通过") + "第二条 本法自公布之日起施行。", days{"2020-05-01", ""}},
		"effective day on the title page":           {"甲法(2020-05-01).md", head("2020年5月1日 通过\n\n2020年8月1日 施行"), days{"2020-05-01", "2020-08-01"}},
		"in Chinese numerals":                       {"甲法(1990-05-01).md", head("一九九〇年五月一日 通过") + "第二条 本法自一九九〇年十月一日起施行。", days{"1990-05-01", "1990-10-01"}},
		"no day in the name: the last amendment":    {"甲法.md", "---\ntitle: 甲法\npublish_date: \"1979-07-01\"\n---\n" + head("1979年7月1日 通过\n\n2023年12月29日 某会通过的《甲法修正案（二）》"), days{"2023-12-29", ""}},
		"no day in the name: publication":           {"甲法.md", "---\ntitle: 甲法\npublish_date: \"2020-05-28\"\nimplement_date: \"2021-01-01\"\n---\n" + head("2020年5月28日 通过"), days{"2020-05-28", "2021-01-01"}},
		"implement_date that is the adoption":       {"甲解释(2026-05-06).md", "---\ntitle: 甲解释\npublish_date: \"2026-05-06\"\nimplement_date: \"2025-12-23\"\n---\n（2025年12月23日某会通过　自2026年6月30日起施行）\n\n第一条 一。", days{"2026-05-06", "2026-06-30"}},
		"a day that the calendar lacks":             {"甲法(2020-02-31).md", head("2020年2月1日 通过"), days{"2020-02-01", ""}},
		"implement_date of an earlier text":         {"甲法(2021-04-29).md", "---\ntitle: 甲法\npublish_date: \"1994-10-27\"\nimplement_date: \"2015-09-01\"\n---\n第一条 一。", days{"2021-04-29", ""}},
		"the name that the official database gives": {"甲法_20250912.txt", "甲法\n（2025年9月12日通过）\n第一条 一。\n第二条 本法自2026年3月1日起施行。", days{"2025-09-12", "2026-03-01"}},
		"several amendments in one bracketed line":  {"甲法.txt", "甲法\n（1994年8月31日通过　根据2009年8月27日《关于修改部分法律的决定》第一次修正　2025年9月12日修订）\n第一条 一。\n第二条 本法自2026年3月1日起施行。", days{"2025-09-12", "2026-03-01"}},
	} {
		t.Run(name, func(t *testing.T) {
			x := parsed(t, tc.file, tc.body)
			if got := (days{x.Day, x.Effective}); got != tc.want {
				t.Errorf("days are %+v, want %+v", got, tc.want)
			}
		})
	}
}

func TestRankAndPlace(t *testing.T) {
	type rank struct {
		level knowledge.Level
		local string
	}
	for name, tc := range map[string]struct {
		file, body string
		want       rank
	}{
		"statute by category":         {"a.md", "---\ntitle: 甲法\ncategory: \"社会法\"\n---\n第一条 一。", rank{knowledge.Statute, ""}},
		"regulation by category":      {"a.md", "---\ntitle: 城市甲条例\ncategory: \"行政法规\"\n---\n第一条 一。", rank{knowledge.AdminRegulation, ""}},
		"rule by folder":              {"部门规章/a.md", "---\ntitle: 甲办法\ncategory: \"公安部\"\n---\n第一条 一。", rank{knowledge.DepartmentalRule, ""}},
		"interpretation by its title": {"a.txt", "最高人民法院关于甲的解释\n（2020年1月1日通过）\n第一条 一。", rank{knowledge.JudicialInterp, ""}},
		"province by the title":       {"a.md", "# 山东省甲条例\n第一条 一。", rank{knowledge.LocalRegulation, "山东省"}},
		"city by the title":           {"a.md", "# 济南市市政甲条例\n第一条 一。", rank{knowledge.LocalRegulation, "济南市"}},
		"city by who adopted it":      {"a.md", "# 泰山甲条例\n\n2020年1月1日 山东省第十三届人民代表大会常务委员会第四次会议通过\n\n<!-- INFO END -->\n\n第一条 一。", rank{knowledge.LocalRegulation, "山东省"}},
		"statute by its title":        {"a.txt", "中华人民共和国甲法\n（2020年1月1日第十三届全国人民代表大会常务委员会第一次会议通过）\n第一条 一。", rank{knowledge.Statute, ""}},
		"constitution":                {"a.md", "---\ntitle: 中华人民共和国宪法\ncategory: \"宪法\"\n---\n第一条 一。", rank{knowledge.Constitution, ""}},
	} {
		t.Run(name, func(t *testing.T) {
			x := parsed(t, tc.file, tc.body)
			if got := (rank{x.Level, x.Local}); got != tc.want {
				t.Errorf("rank is %+v, want %+v", got, tc.want)
			}
		})
	}
}
