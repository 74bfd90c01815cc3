package console_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// wide tells whether anything sticks out at the side of the window.
const wide = `document.documentElement.scrollWidth > window.innerWidth`

// press clicks the first button on the page that shows a label.
func press(b *webtest.Tab, label string) {
	b.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		return chromedp.Do(ctx, chromedp.Click(`//button[contains(normalize-space(.), "`+label+`")]`))
	}))
}

// tell says something in the chat and waits for what the desk answers to hold
// a text.
func tell(b *webtest.Tab, text, answer string) {
	b.Do(chromedp.SendKeys(chromedp.ID("text"), text+kb.Enter))
	hears(b, answer)
}

func hears(b *webtest.Tab, answer string) {
	b.Until(`[...document.querySelectorAll(".line.desk")].at(-1)?.innerText.includes("` + answer + `")`)
	b.Until(`document.getElementById("typing").hidden`)
}

// report files a report as a resident does on a phone.
func report(b *webtest.Tab) {
	press(b, "反映纠纷")
	hears(b, "继续吗")
	press(b, "同意")
	hears(b, "哪个村")
	tell(b, "仇家洼", "出了什么事")
	tell(b, "楼上空调外机正对着卧室窗户，半夜嗡嗡响，说了两回不听", "对吗")
	press(b, "对")
	hears(b, "什么时候")
	tell(b, "今年夏天", "主要是哪样")
	press(b, "噪声")
	hears(b, "谈过吗")
	press(b, "谈过，没谈拢")
	hears(b, "有损失吗")
	press(b, "跳过")
	hears(b, "对方是谁")
	press(b, "跳过")
	hears(b, "怎么办您就满意")
	tell(b, "挪个地方，或者晚上别开", "替别人说")
	press(b, "我自己的事")
	hears(b, "是谁反映的")
	press(b, "可以说")
	hears(b, "怎么联系您")
	tell(b, "赵试民 13900000000", "请看一遍")
}

func TestAReportAndItsWorkInARealBrowser(t *testing.T) {
	browser, shots, scratch := webtest.Chromium(t), webtest.ShotDir(t), webtest.Scratch(t)
	d := desktest.Open(t)
	d.Clock.Add(-26 * time.Hour)
	d.File("late", func(f *dispute.Filing) { f.Report.Category, f.Report.Urgency = "labour", dispute.High })
	d.Clock.Add(26 * time.Hour)
	d.File("other", func(f *dispute.Filing) { f.Report.Category = "homestead" })

	phone := browser.Tab(t)
	phone.Size(360, 740)
	phone.Do(chromedp.Navigate(d.URL + "/"))
	tell(phone, "邻居家空调外机太吵，怎么办？", "依据")
	phone.Shot(shots, "chat-360")
	report(phone)
	phone.Shot(shots, "report-360")
	press(phone, "没问题，报上去")
	hears(phone, "受字第")
	phone.Shot(scratch, "report-number-360")
	if webtest.Eval[bool](phone, wide) {
		t.Error("the chat is wider than 360 px")
	}

	desk := browser.Tab(t)
	desk.Size(1280, 800)
	desk.Do(chromedp.Navigate(d.URL + d.SignInPath(desktest.Mediator)))
	press(desk, "登录")
	desk.Until(`location.pathname === "/console/work"`)
	desk.Shot(scratch, "console-work-1280")
	desk.Size(360, 740)
	desk.Whole(scratch, "console-work-360")
	if webtest.Eval[bool](desk, wide) {
		t.Error("the queue is wider than 360 px")
	}
	desk.Size(1280, 800)
	number := webtest.Eval[string](phone, `document.body.innerText.match(/〔2026〕城区受字第 *\d+ *号/)[0]`)
	desk.Do(chromedp.Click(`//a[contains(., "` + number + `")]`))
	desk.Until(`document.body.innerText.includes("半夜嗡嗡响")`)
	if strings.Contains(webtest.Eval[string](desk, `document.body.innerText`), "赵试民") {
		t.Error("the name is shown before the claim")
	}
	press(desk, "我来办")
	desk.Until(`document.body.innerText.includes("赵试民")`)
	hears(phone, "有人接手了")
	desk.Shot(shots, "console-1280")
	desk.Size(360, 740)
	desk.Whole(scratch, "console-case-360")
	desk.Shot(shots, "console-360")
	if webtest.Eval[bool](desk, wide) {
		t.Error("the case is wider than 360 px")
	}
	desk.Size(1280, 800)
	desk.Do(chromedp.SendKeys(chromedp.CSS("details[open] textarea"), "打过电话，愿意谈"))
	press(desk, "记录联系情况")
	desk.Until(`document.querySelector(".timeline").innerText.includes("打过电话")`)
	desk.Do(chromedp.Click(`//summary[contains(., "开始调解")]`))
	press(desk, "开始调解")
	desk.Until(`document.querySelector(".row-tags").innerText.includes("调解中")`)
	hears(phone, "开始调解了")
	desk.Do(
		chromedp.Click(`//label[contains(., "达成口头协议")]`),
		chromedp.SendKeys(chromedp.CSS("details[open] textarea"), "外机月底前移到北墙"),
	)
	press(desk, "记录结果")
	desk.Until(`document.querySelector(".row-tags").innerText.includes("履行中")`)
	hears(phone, "谈成了")
}

func TestTheConsoleWorksWithoutScripts(t *testing.T) {
	browser := webtest.Chromium(t)
	d := desktest.Open(t)
	ca := d.File("t1")
	b := browser.Tab(t)
	b.Size(360, 740)
	b.Scripts(false)
	b.Do(chromedp.Navigate(d.URL + d.SignInPath(desktest.Mediator)))
	press(b, "登录")
	b.Do(chromedp.Click(`//a[contains(., "` + string(ca.Number) + `")]`))
	press(b, "我来办")
	b.Do(chromedp.WaitVisible(`//dd[contains(., "赵试民")]`))
}

func TestTheCalendarInARealBrowser(t *testing.T) {
	browser, shots, scratch := webtest.Chromium(t), webtest.ShotDir(t), webtest.Scratch(t)
	d := desktest.Open(t)
	who := desktest.Editor.Actor()
	slots, err := d.Publicity.Year(t.Context(), 2026)
	if err != nil {
		t.Fatal(err)
	}
	soon := 0
	for _, sl := range slots {
		if sl.Due.Before(desktest.Start.AddDate(0, 0, -20)) || soon >= 5 {
			continue
		}
		if _, err := d.Publicity.Schedule(t.Context(), who, sl.ID, desktest.Start.Add(time.Duration(soon-4)*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Publicity.Approve(t.Context(), who, sl.ID); err != nil {
			t.Fatal(err)
		}
		soon++
	}
	if n, err := d.Publicity.PublishDue(t.Context(), d.Clock.Now()); n < 4 || err != nil {
		t.Fatalf("PublishDue = %d, %v", n, err)
	}
	desk := browser.Tab(t)
	desk.Size(1280, 800)
	desk.Do(chromedp.Navigate(d.URL + d.SignInPath(desktest.Editor)))
	press(desk, "登录")
	desk.Until(`location.pathname === "/console/publicity"`)
	desk.Until(`document.getElementById("now") !== null`)
	desk.Do(chromedp.Evaluate[chromedp.Void](`document.getElementById("now").scrollIntoView()`))
	desk.Shot(shots, "calendar-1280")
	desk.Size(360, 740)
	if webtest.Eval[bool](desk, wide) {
		t.Error("the year is wider than 360 px")
	}
	desk.Size(1280, 800)
	desk.Do(chromedp.Click(`//section[@id="now"]/following-sibling::section//a`))
	desk.Until(`document.querySelector(".preview") !== null`)
	desk.Shot(scratch, "console-item-1280")
	press(desk, "通过，到时发布")
	desk.Until(`document.body.innerText.includes("收回，改回待审")`)
	desk.Size(360, 740)
	if webtest.Eval[bool](desk, wide) {
		t.Error("the item is wider than 360 px")
	}

	phone := browser.Tab(t)
	phone.Size(360, 740)
	phone.Do(chromedp.Navigate(d.URL + "/column"))
	phone.Shot(shots, "column-360")
	phone.Do(chromedp.Click(chromedp.CSS(".story a")))
	phone.Until(`document.querySelector("article.item") !== null`)
	phone.Shot(scratch, "column-item-360")
	if webtest.Eval[bool](phone, wide) {
		t.Error("the piece is wider than 360 px")
	}
	phone.Size(1280, 800)
	phone.Do(chromedp.Navigate(d.URL + "/column"))
	phone.Shot(scratch, "column-1280")

	boss := browser.Tab(t)
	boss.Size(1280, 800)
	boss.Do(chromedp.Navigate(d.URL + d.SignInPath(desktest.Director)))
	press(boss, "登录")
	boss.Until(`location.pathname === "/console/work"`)
	boss.Do(chromedp.Navigate(d.URL + "/console/accounts"))
	boss.Shot(scratch, "console-accounts-1280")
	boss.Size(360, 740)
	if webtest.Eval[bool](boss, wide) {
		t.Error("the accounts are wider than 360 px")
	}
}
