package party_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// wide tells whether anything sticks out at the side of the window.
const wide = `document.documentElement.scrollWidth > window.innerWidth`

// press clicks the first visible button on the page that shows a label.
func press(b *webtest.Tab, label string) {
	b.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		return chromedp.Do(ctx, chromedp.Click(`//button[contains(normalize-space(.), "`+label+`")]`))
	}))
}

// look takes pictures at both widths and finds a page that is too wide.
func look(t *testing.T, b *webtest.Tab, dir, name string) {
	t.Helper()
	for _, w := range []int64{1280, 360} {
		b.Size(w, 740)
		b.Whole(dir, name+map[int64]string{360: "-360", 1280: "-1280"}[w])
		if webtest.Eval[bool](b, wide) {
			t.Errorf("%s is wider than %d px", name, w)
		}
	}
}

func TestTheOtherPartyOnAPhoneAndTheMediatorAtTheDesk(t *testing.T) {
	browser, scratch := webtest.Chromium(t), webtest.Scratch(t)
	d := desktest.Open(t)
	ca := claimed(t, d)
	at := "/console/cases/" + string(ca.ID) + "/together"

	desk := browser.Tab(t)
	desk.Size(1280, 900)
	desk.Do(chromedp.Navigate(d.URL + d.SignInPath(desktest.Mediator)))
	press(desk, "登录")
	desk.Until(`location.pathname === "/console/work"`)
	desk.Do(chromedp.Navigate(d.URL + "/console/cases/" + string(ca.ID)))
	desk.Do(chromedp.Click(`//a[contains(., "请对方参加、约时间")]`))
	desk.Until(`location.pathname.endsWith("/together")`)
	look(t, desk, scratch, "together-empty")
	desk.Size(1280, 900)
	desk.Do(
		chromedp.SendKeys(chromedp.CSS("details[open] input[name=name]"), "孙试民"),
		chromedp.SendKeys(chromedp.CSS("details[open] input[name=phone]"), "13911112222"),
		chromedp.SendKeys(chromedp.CSS("details[open] textarea[name=matter]"), "空调外机的位置和声音"),
	)
	press(desk, "做一个链接")
	desk.Until(`document.querySelector("code.link") !== null`)
	link := webtest.Eval[string](desk, `document.querySelector("code.link").textContent`)
	if !webtest.Eval[bool](desk, `document.querySelector("img.qr").naturalWidth > 100`) {
		t.Error("the picture of the link doesn't show")
	}
	look(t, desk, scratch, "together-link")
	desk.Do(chromedp.Navigate(d.URL + at))

	phone := browser.Tab(t)
	phone.Size(360, 740)
	phone.Do(chromedp.Navigate(link))
	look(t, phone, scratch, "party-enter")
	phone.Do(chromedp.Click(chromedp.CSS("input[name=consent]")))
	press(phone, "打开看看")
	phone.Until(`document.body.innerText.includes("空调外机的位置和声音")`)
	look(t, phone, scratch, "party-place")
	if text := webtest.Eval[string](phone, `document.body.innerText`); strings.Contains(text, "半夜") || strings.Contains(text, "13900000000") {
		t.Error("the other party reads what the reporter told")
	}
	press(phone, "我愿意调解")
	phone.Until(`document.body.innerText.includes("您说了愿意调解")`)

	desk.Size(1280, 900)
	desk.Do(chromedp.Navigate(d.URL + at))
	desk.Until(`document.body.innerText.includes("愿意调解")`)
	webtest.Eval[bool](desk, `(() => { const f = document.querySelector("form[action$='/times']");
		f.day[0].value = "2026-11-26"; f.from[0].value = "09:30"; f.day[1].value = "2026-11-27"; f.from[1].value = "19:00"; f.place.value = "二楼调解室"; return true })()`)
	press(desk, "给双方选")
	desk.Until(`document.body.innerText.includes("等着选的时间")`)
	look(t, desk, scratch, "together-offered")

	phone.Do(chromedp.Navigate(link))
	look(t, phone, scratch, "party-times")
	phone.Do(chromedp.Click(`//label[contains(., "09:30")]`))
	press(phone, "选好了")
	phone.Until(`document.body.innerText.includes("等对方")`)
	desk.Size(1280, 900)
	desk.Do(chromedp.Navigate(d.URL + at))
	desk.Until(`document.body.innerText.includes("可以：孙试民")`)

	// the reporter says the same by telephone
	v, err := d.Cases.Appointments(t.Context(), desktest.Resident0, ca.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Cases.PickTimes(t.Context(), desktest.Mediator.Actor(), ca.ID, dispute.SideReporter, []string{v.Offered[0].ID}, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	phone.Do(chromedp.Navigate(link))
	phone.Until(`document.querySelector("#meet .lead").innerText.includes("11月26日（周四）09:30")`)
	look(t, phone, scratch, "party-booked")
	desk.Size(1280, 900)
	desk.Do(chromedp.Navigate(d.URL + "/console/meetings"))
	desk.Until(`document.body.innerText.includes("09:30–10:30")`)
	look(t, desk, scratch, "week")
	desk.Do(chromedp.Navigate(d.URL + at))
	desk.Do(chromedp.Click(`//summary[contains(., "记一次调解会")]`))
	look(t, desk, scratch, "together-booked")
	desk.Do(chromedp.Navigate(d.URL + "/console/cases/" + string(ca.ID)))
	desk.Until(`document.body.innerText.includes("11月26日（周四）09:30")`)
	phone.Do(chromedp.Navigate(link + "/refuse"))
	look(t, phone, scratch, "party-refuse")

	thief := browser.Tab(t)
	thief.Do(chromedp.Navigate(link))
	thief.Until(`document.body.innerText.includes("这个链接用不了")`)
	look(t, thief, scratch, "party-stolen")
}
