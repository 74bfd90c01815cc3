package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/entry"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// drone is an entry of these tests' own making.
var drone = map[string]string{
	"question": "无人机老在我家院子上空飞，能管吗？", "field": "neighbour",
	"phrasings":  "邻居小飞机天天在俺院上头转悠\n无人机怼着窗户拍咋整\n头顶老有航拍机嗡嗡响\n谁家航模飞俺家院里偷看\n飞行器拍到我晾衣服了\n低空拍我家算侵犯隐私不",
	"conclusion": "拍到您家里的，可以要求他停下，也可以报警。", "explanation": "家里的起居是私事，未经同意不能拍。先把时间和样子记下来。",
	"steps": "记下时间，拍下飞机\n请他停下\n不听就报警或者找村居调解", "papers": "照片或视频",
	"cite": "民法典1033条", "can": "yes", "why": "邻里之间的事，适合调解",
}

func TestAPairOfEyesBesidesTheWritersLetsAnEntryThrough(t *testing.T) {
	d := desktest.Open(t)
	ask(t, d, "无人机在俺院子上头飞来飞去 能管不")
	writer, reviewer := d.SignIn(desktest.Clerk), d.SignIn(desktest.Adviser)

	p := writer.Get("/console/entries/new").Submit("存草稿并检查", map[string]string{"question": drone["question"], "field": "neighbour", "conclusion": strings.Repeat("您一定能赢，", 20)})
	for _, want := range []string{"已经存成草稿", "只有 0 种说法", "依据（cite） 还空着", "一定能赢", "最多 100 个", "没有写怎么办"} {
		if !p.Has(want) {
			t.Errorf("the form doesn't say %s: %s", want, webtest.Text(p.Root))
		}
	}
	tick(p)
	p = p.Submit("存草稿并检查", drone)
	if p.Status != http.StatusOK || !p.Has("没有问题") || !p.Has("《民法典》第 1033 条") {
		t.Fatalf("a sound draft: %s %s", p.Path, webtest.Text(p.Root))
	}
	page := strings.TrimSuffix(p.Path, "?done")
	if p = p.Submit("交复核", nil); !p.Has("等人复核") || !p.Has("写的人不能自己复核") {
		t.Fatalf("handed in: %s", webtest.Text(p.Root))
	}
	if p := d.SignIn(desktest.Mediator).Get(page); p.Status != http.StatusForbidden {
		t.Errorf("a mediator reads drafts: %d", p.Status)
	}

	r := reviewer.Get("/console/entries").Follow(drone["question"])
	if r = r.Submit("退回修改", map[string]string{"note": "步骤里写清打哪个电话"}); !r.Has("退回的理由：步骤里写清打哪个电话") {
		t.Fatalf("sent back: %s", webtest.Text(r.Root))
	}
	p = writer.Get(page+"/edit").Submit("存草稿并检查", map[string]string{"steps": "记下时间，拍下飞机\n请他停下\n不听就打110"})
	if p = p.Submit("交复核", nil); !p.Has("等人复核") {
		t.Fatalf("handed in again: %s", webtest.Text(p.Root))
	}
	r = reviewer.Get(page)
	stale := reviewer.Get(page)
	if r = r.Submit("没问题，上线", nil); r.Status != http.StatusOK || !r.Has("历次改动") || !r.Has("褚试台 写") || !r.Has("陈试律 复核") {
		t.Fatalf("approved: %d %s", r.Status, webtest.Text(r.Root))
	}
	if got := stale.Submit("没问题，上线", nil); got.Status != http.StatusNotFound && got.Status != http.StatusConflict {
		t.Errorf("approved twice: %d", got.Status)
	}
	answered(t, d, "无人机在俺院子上头飞来飞去 能管不", "可以要求他停下")

	r = reviewer.Get(page).Submit("撤下", map[string]string{"note": "有错"})
	if !r.Has("已撤下") {
		t.Errorf("taken down: %s", webtest.Text(r.Root))
	}
	gone(t, d, "邻居小飞机天天在俺院上头转悠", "可以要求他停下")
	if r = r.Submit("改回去", nil); r.Status != http.StatusOK || reviewer.Get(page).Status != http.StatusNotFound {
		t.Errorf("given back: %d", r.Status)
	}
}

// tick chooses the first office of a form.
func tick(p *webtest.Page) {
	for n := range p.Root.Descendants() {
		if webtest.Attr(n, "name") == "see" {
			n.Attr = append(n.Attr, html.Attribute{Key: "checked"})
			return
		}
	}
}

// answered waits until the desk answers a question so.
func answered(t *testing.T, d *desktest.Desk, text, want string) {
	t.Helper()
	c := d.Resident()
	waitFor(t, func() bool { return c.Get("/").Submit("发送", map[string]string{"text": text}).Has(want) }, text+" is never answered with "+want)
}

func gone(t *testing.T, d *desktest.Desk, text, not string) {
	t.Helper()
	waitFor(t, func() bool { return !d.Resident().Get("/").Submit("发送", map[string]string{"text": text}).Has(not) }, text+" is still answered with "+not)
}

func TestNeedsBecomeEntriesOrBelongToOne(t *testing.T) {
	d := desktest.Open(t)
	ask(t, d, "火星石头发动机咋上油", "火星石头发动机怎么上油")
	kept(t, d, 2)
	c := d.SignIn(desktest.Adviser)
	p := c.Get("/console/needs").Submit("写一条", nil)
	if p.Status != http.StatusOK || !strings.HasSuffix(p.Path, "/edit") || !strings.Contains(p.Body, "火星石头发动机咋上油") || !strings.Contains(p.Body, "火星石头发动机怎么上油") {
		t.Fatalf("writing: %s %d %s", p.Path, p.Status, webtest.Text(p.Root))
	}
	list := c.Get("/console/needs")
	if !list.Has("正在写") {
		t.Errorf("the list: %s", webtest.Text(list.Root))
	}
	draft := list.Follow("看这一条")
	draft.Submit("不要这份草稿", nil)
	if list = c.Get("/console/needs"); list.Has("正在写") || !list.Has("写一条") {
		t.Errorf("after the draft was dropped: %s", webtest.Text(list.Root))
	}
	p = list.Submit("归到这一条", nil)
	if !strings.Contains(p.Body, "火星石头发动机怎么上油") || strings.Contains(p.Path, "-d") {
		t.Errorf("joined: %s %d", p.Path, p.Status)
	}
}

func TestEntriesThatWantToBeReadAgainAreListed(t *testing.T) {
	d := desktest.Open(t)
	d.Flags = []entry.Flag{
		{Entry: "marriage-001", Question: "彩礼能退吗？", Law: "民法典", Article: "188", Cited: "2020-05-28", Now: "2030-01-01", How: "changed"},
		{Entry: "marriage-001", Question: "彩礼能退吗？", Law: "婚姻法", Article: "3", Cited: "2001-04-28", How: "ended", Since: "2021-01-01", To: "民法典"},
		{Entry: "loan-001", Question: "欠条", How: "due", Since: "2026-11-01"},
	}
	for _, how := range []string{"moved", "gone", "same", "unheld"} {
		d.Flags = append(d.Flags, entry.Flag{Entry: "loan-001", Question: "欠条", Law: "民法典", Article: "1", Cited: "a", Now: "b", To: "2", How: how})
	}
	if err := opinion(t, d); err != nil {
		t.Fatal(err)
	}
	for _, who := range []access.Account{desktest.Clerk, desktest.Adviser, desktest.Editor, desktest.Director} {
		p := d.SignIn(who).Get("/console/entries")
		for _, want := range []string{"要重看的（7）", "《民法典》第 188 条：2020-05-28 版引用，2030-01-01 版改了内容", "从 2021-01-01 起不再适用，改看《民法典》", "该在 2026-11-01 前复核", "有用 0 · 没用 1"} {
			if !p.Has(want) {
				t.Errorf("%s doesn't see %s: %s", who.Role, want, webtest.Text(p.Root))
			}
		}
	}
	p := d.SignIn(desktest.Clerk).Get("/console/entries?q=彩礼")
	if !p.Has("彩礼能退吗？") || !p.Follow("彩礼能退吗？").Has("居民看得到") {
		t.Errorf("found: %s", webtest.Text(p.Root))
	}
	if p := d.SignIn(desktest.Mediator).Get("/console/entries"); p.Status != http.StatusForbidden {
		t.Errorf("a mediator: %d", p.Status)
	}
}

func opinion(t *testing.T, d *desktest.Desk) error {
	t.Helper()
	dialogs, err := d.DB.Dialogs()
	if err != nil {
		return err
	}
	return dialogs.Opinion(t.Context(), "marriage-001", false)
}

func TestAnEntryIsWrittenReviewedAndAnsweredInARealBrowser(t *testing.T) {
	browser, scratch := webtest.Chromium(t), webtest.Scratch(t)
	d := desktest.Open(t)
	phone := browser.Tab(t)
	phone.Size(360, 740)
	phone.Do(chromedp.Navigate(d.URL + "/"))
	tell(phone, "无人机在俺院子上头飞来飞去 能管不", "")
	kept(t, d, 1)

	desk := browser.Tab(t)
	desk.Size(1280, 900)
	desk.Do(chromedp.Navigate(d.URL + d.SignInPath(desktest.Clerk)))
	press(desk, "登录")
	desk.Until(`location.pathname === "/console/work"`)
	desk.Do(chromedp.Navigate(d.URL + "/console/needs"))
	shoot(t, desk, scratch, "console-needs")
	press(desk, "写一条")
	desk.Until(`location.pathname.endsWith("/edit")`)
	for name, value := range drone {
		switch name {
		case "can":
			desk.Do(chromedp.Click(`//input[@name="can" and @value="` + value + `"]`))
		case "field":
			desk.Until(`(document.querySelector("select[name=field]").value = "` + value + `") === "` + value + `"`)
		default:
			desk.Until(`(document.querySelector("[name=` + name + `]").value = ` + "`" + value + "`" + `) !== null`)
		}
	}
	shoot(t, desk, scratch, "console-entryform")
	press(desk, "存草稿并检查")
	desk.Until(`document.body.innerText.includes("先找谁（see）")`)
	desk.Do(chromedp.Click(`//details[@open]//input[@name="see"]`))
	shoot(t, desk, scratch, "console-entryform-problems")
	press(desk, "存草稿并检查")
	desk.Until(`document.body.innerText.includes("没有问题")`)
	press(desk, "交复核")
	desk.Until(`document.body.innerText.includes("等人复核")`)

	second := browser.Tab(t)
	second.Size(1280, 900)
	second.Do(chromedp.Navigate(d.URL + d.SignInPath(desktest.Adviser)))
	press(second, "登录")
	second.Until(`location.pathname === "/console/work"`)
	second.Do(chromedp.Navigate(d.URL + "/console/entries"))
	shoot(t, second, scratch, "console-entries")
	second.Do(chromedp.Click(`//a[contains(., "无人机")]`))
	second.Until(`document.body.innerText.includes("没问题，上线")`)
	shoot(t, second, scratch, "console-entry")
	press(second, "没问题，上线")
	second.Until(`document.body.innerText.includes("历次改动")`)
	waitFor(t, func() bool {
		f, err := d.Shelf.Nearest(t.Context(), drone["question"])
		return err == nil && f.Question == drone["question"]
	}, "the entry is never in use")
	tell(phone, "无人机在俺院子上头飞来飞去 能管不", "可以要求他停下")
	phone.Shot(scratch, "chat-new-entry-360")
}

// shoot takes a page at both widths and finds what sticks out.
func shoot(t *testing.T, b *webtest.Tab, dir, name string) {
	t.Helper()
	for width, suffix := range map[int64]string{360: "-360", 1280: "-1280"} {
		b.Size(width, 900)
		b.Whole(dir, name+suffix)
		if webtest.Eval[bool](b, wide) {
			t.Errorf("%s is wider than %d px", name, width)
		}
	}
	b.Size(1280, 900)
}
