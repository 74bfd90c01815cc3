package console_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/anjie-desk/anjie/bot/web/console"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// holding is what a desk holds: a law revised, one whose revision is missing.
func holding(d *desktest.Desk) {
	code := console.HeldLaw{Title: "中华人民共和国民法典", Short: "民法典", Versions: []console.LawVersion{
		{Day: "2020-05-28", Effective: "2021-01-01", Articles: 1260}, {Day: "2026-01-05", Articles: 1261},
	}}
	food := console.HeldLaw{Title: "中华人民共和国食品安全法", Short: "食品安全法", Versions: []console.LawVersion{{Day: "2021-04-29", Articles: 154}}}
	d.Statutes.Laws = []console.HeldLaw{code, food}
	d.Statutes.Sum = &console.Holdings{
		Laws: 2, Versions: 3, Articles: 1415, Newest: "2026-01-05",
		Parts: []console.LawPart{
			{Kind: "stale", Laws: []console.LawGap{{Title: food.Title, Held: "2021-04-29", Known: "2025-09-12", Since: "2025-12-01"}}},
			{Kind: "missing", Laws: []console.LawGap{{Title: "供水条例", Known: "2026-02-11"}}},
			{Kind: "repealed", Laws: []console.LawGap{{Title: "中华人民共和国婚姻法", Held: "2001-04-28", Since: "2021-01-01", By: "民法典"}}},
			{Kind: "coming"},
		},
		Several: []console.HeldLaw{code},
	}
	d.Statutes.Diff = []console.LawChange{
		{Kind: "changed", Old: "1042", New: "1042", Before: "从前的话。", Text: "如今的话。"},
		{Kind: "added", New: "1261", Text: "新添的话。"},
		{Kind: "renumbered", Old: "1043", New: "1044", Before: "没变的话。", Text: "没变的话。"},
		{Kind: "removed", Old: "1050", Before: "删了的话。"},
	}
}

func TestWhoKeepsTheContentSeesWhichLawsAreStaleAndWhatChanged(t *testing.T) {
	d := desktest.Open(t)
	holding(d)
	c := d.SignIn(desktest.Adviser)
	p := c.Get("/console/work").Follow("法规")
	for _, want := range []string{
		"2 部、3 个版本，现行条文 1415 条", "有新版，手里还是旧的（1 部）", "手里的 2021-04-29", "最新的是 2025-09-12", "2025-12-01 起",
		"全文还没有（1 部）", "施行日期没查到", "看 民法典",
	} {
		if !p.Has(want) {
			t.Errorf("the page lacks %q: %s", want, webtest.Text(p.Root))
		}
	}
	if p.Has("还没施行") {
		t.Error("an empty part is shown")
	}
	if p = c.Get("/console/laws?law=食品安全法"); !p.Has("2021-04-29 版，154 条") || !p.Has("没有可比的") {
		t.Errorf("one version: %s", webtest.Text(p.Root))
	}
	if p = c.Get("/console/laws?law=%E7%81%AB%E6%98%9F%E6%B3%95"); !p.Has("没有叫“火星法”的法规") {
		t.Errorf("an unknown law: %s", webtest.Text(p.Root))
	}
	p = c.Get("/console/laws?law=民法典").Submit("看改了哪里", nil)
	for _, want := range []string{
		"2020-05-28 → 2026-01-05：有 4 条不一样", "第 1042 条改了", "从前的话。", "如今的话。", "新增 第 1261 条", "第 1043 条改为第 1044 条", "删去 第 1050 条",
		"引用这一条的问答：",
	} {
		if !p.Has(want) {
			t.Errorf("the changes lack %q: %s", want, webtest.Text(p.Root))
		}
	}
	if p.Has("没变的话。") {
		t.Error("words that did not change are shown")
	}
}

func TestOddQuestionsAboutLawsGetAWordAndOthersNone(t *testing.T) {
	d := desktest.Open(t)
	c := d.SignIn(desktest.Adviser)
	if p := c.Get("/console/laws"); p.Status != http.StatusOK || !p.Has("还没有导入法规") {
		t.Errorf("nothing imported: %d %s", p.Status, webtest.Text(p.Root))
	}
	holding(d)
	if p := c.Get("/console/laws/changes?law=食品安全法"); p.Path != "/console/laws?law=%E9%A3%9F%E5%93%81%E5%AE%89%E5%85%A8%E6%B3%95" || !p.Has("没有可比的") {
		t.Errorf("one version has nothing to compare: %s %s", p.Path, webtest.Text(p.Root))
	}
	if p := c.Get("/console/laws/changes?law=民法典&from=1999-01-01&to=x"); p.Status != http.StatusBadRequest {
		t.Errorf("versions that aren't held: %d", p.Status)
	}
	if p := c.Get("/console/laws/changes?law=民法典&from=2026-01-05&to=2020-05-28"); !p.Has("2020-05-28 → 2026-01-05") {
		t.Errorf("turned round: %s", webtest.Text(p.Root))
	}
	for _, page := range []string{"/console/laws", "/console/laws/changes?law=民法典"} {
		if p := d.SignIn(desktest.Mediator).Get(page); p.Status != http.StatusForbidden {
			t.Errorf("a mediator opens %s: %d", page, p.Status)
		}
	}
}

func TestThePagesOfLawsFitAPhoneAndADesk(t *testing.T) {
	browser, scratch := webtest.Chromium(t), webtest.Scratch(t)
	d := desktest.Open(t)
	holding(d)
	b := browser.Tab(t)
	b.Do(chromedp.Navigate(d.URL + d.SignInPath(desktest.Director)))
	press(b, "登录")
	b.Until(`!location.pathname.startsWith("/console/in")`)
	for name, page := range map[string]string{"laws": "/console/laws?law=民法典", "changes": "/console/laws/changes?law=民法典"} {
		b.Do(chromedp.Navigate(d.URL + page))
		for _, w := range []int64{360, 1280} {
			b.Size(w, 800)
			b.Whole(scratch, name)
			if webtest.Eval[bool](b, wide) {
				t.Errorf("%s is wider than %d px", page, w)
			}
		}
	}
}
