package chat_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/web/chat"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

var script = map[string]bot.Reply{
	"邻居家空调外机正对着俺卧室窗户 嗡嗡响 说了不听 咋整": {
		Answer: neighbour.Answer,
		Choices: []bot.Choice{
			{Label: "我要申请调解", Data: "report:neighbour"},
			{Label: "半夜特别吵怎么办", Data: "faq:night"},
			{Label: "有用", Data: "good"},
			{Label: "没用", Data: "bad"},
			{Label: "转人工", Data: "human"},
		},
	},
	"report:neighbour": {
		Text:     "咱们开始填，一共八步，随时说「取消」「返回」。\n\n**这事出在哪个村居？** 比如仇家洼。",
		Progress: "2/8",
	},
	"刚才有人说俺银行卡洗钱 让俺把钱转到安全账户 是真是假": {
		Urgent: &bot.Urgent{
			Kind: "fraud", Lead: "先别转！公安不会让您转账，也没有“安全账户”。", Numbers: []string{"110", "96110"},
			Lines: []string{"挂断，不点链接，不共享屏幕，不说验证码；", "已经转了：**马上打 110**，再打银行客服止付；", "拿不准：打 **96110** 问，或者到最近的派出所。"},
		},
		Choices: []bot.Choice{{Label: "已经转出去了", Data: "a"}, {Label: "还没转", Data: "b"}, {Label: "找个人帮我", Data: "c"}},
	},
}

// wide tells whether anything sticks out at the side.
const wide = `document.documentElement.scrollWidth > window.innerWidth`

func TestInARealBrowser(t *testing.T) {
	browser, shots := webtest.Chromium(t), webtest.Scratch(t)
	now := time.Date(2026, 11, 22, 6, 5, 0, 0, time.UTC)
	opt := chat.Options{Now: func() time.Time { return now }}
	t.Run("with scripts nothing reloads", func(t *testing.T) {
		r := open(t, script, opt)
		b := browser.Tab(t)
		b.Size(360, 740)
		b.Do(chromedp.Navigate(r.base + "/"))
		b.Whole(shots, "chat-first-360")
		webtest.Eval[bool](b, `window.stayed = true`)
		b.Do(chromedp.SendKeys(chromedp.ID("text"), "邻居家空调外机正对着俺卧室窗户 嗡嗡响 说了不听 咋整"+kb.Enter))
		b.Until(`document.querySelectorAll(".card").length === 1`)
		b.Until(`document.getElementById("typing").hidden`)
		b.Shot(shots, "chat-answer-360")
		b.Do(chromedp.Click(chromedp.CSS(".choices button")))
		b.Until(`document.body.innerText.includes("这事出在哪个村居")`)
		if n := webtest.Eval[int](b, `document.querySelectorAll(".choices form").length`); n != 0 {
			t.Errorf("%d buttons of the answered line are left", n)
		}
		if !webtest.Eval[bool](b, `window.stayed === true`) {
			t.Error("the page was loaded again")
		}
		if got := webtest.Eval[string](b, `document.getElementById("text").value`); got != "" {
			t.Errorf("the box still holds %q", got)
		}
		if err := r.chat.Send(t.Context(), r.said()[0].From, bot.Reply{Text: "调解员已认领，1 个工作日内联系您。"}); err != nil {
			t.Fatal(err)
		}
		b.Until(`document.body.innerText.includes("调解员已认领")`)
		if n := webtest.Eval[int](b, `document.querySelectorAll(".line").length`); n != 5 {
			t.Errorf("%d lines, want 5: what comes both ways must show once", n)
		}
		if webtest.Eval[bool](b, wide) {
			t.Error("the page is wider than 360 px")
		}
	})
	t.Run("danger is set apart, in large letters too", func(t *testing.T) {
		r := open(t, script, opt)
		b := browser.Tab(t)
		b.Size(360, 740)
		b.Do(
			chromedp.Navigate(r.base+"/"),
			chromedp.Click(chromedp.CSS("form.size button")),
			chromedp.SendKeys(chromedp.ID("text"), "刚才有人说俺银行卡洗钱 让俺把钱转到安全账户 是真是假"+kb.Enter),
		)
		b.Until(`document.querySelector(".urgent") !== null`)
		if got := webtest.Eval[string](b, `getComputedStyle(document.documentElement).fontSize`); got != "22px" {
			t.Errorf("large letters are %s, want 22px", got)
		}
		if webtest.Eval[bool](b, wide) {
			t.Error("large letters make the page wider than 360 px")
		}
		b.Until(`document.getElementById("typing").hidden`)
		b.Shot(shots, "chat-urgent-large-360")
		small := webtest.Eval[int](b, `[...document.querySelectorAll(".button, .tool, .door")].filter(e => e.offsetHeight > 0 && e.offsetHeight < 44).length`)
		if small != 0 {
			t.Errorf("%d buttons are lower than 44 px", small)
		}
	})
	t.Run("without scripts forms do the same", func(t *testing.T) {
		r := open(t, script, opt)
		b := browser.Tab(t)
		b.Size(360, 740)
		b.Scripts(false)
		b.Do(
			chromedp.Navigate(r.base+"/"),
			chromedp.SendKeys(chromedp.ID("text"), "邻居家空调外机正对着俺卧室窗户 嗡嗡响 说了不听 咋整"),
			chromedp.Click(chromedp.CSS("button.send")),
			chromedp.WaitVisible(chromedp.CSS(".card")),
			chromedp.Click(chromedp.CSS(".choices button")),
			chromedp.WaitVisible(chromedp.CSS(".progress")),
		)
		b.Shot(shots, "chat-noscript-360")
		if n := len(r.said()); n != 2 {
			t.Errorf("the desk heard %d messages, want 2", n)
		}
	})
	t.Run("on a desk", func(t *testing.T) {
		r := open(t, script, opt)
		b := browser.Tab(t)
		b.Size(1280, 800)
		b.Do(chromedp.Navigate(r.base + "/"))
		b.Shot(shots, "chat-first-1280")
		b.Do(chromedp.SendKeys(chromedp.ID("text"), "邻居家空调外机正对着俺卧室窗户 嗡嗡响 说了不听 咋整"+kb.Enter))
		b.Until(`document.querySelectorAll(".card").length === 1`)
		b.Shot(shots, "chat-answer-1280")
	})
}
