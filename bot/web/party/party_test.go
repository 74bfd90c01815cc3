package party_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// link makes a link in the console, as the mediator does, and returns its path.
func link(t *testing.T, desk *webtest.Client, id dispute.CaseID) string {
	t.Helper()
	p := desk.Get("/console/cases/"+string(id)+"/together").Submit("做一个链接", map[string]string{"name": "孙试民", "phone": "13911112222", "matter": "空调外机的位置和声音"})
	m := regexp.MustCompile(`/party/[a-z2-7]{32}`).FindString(webtest.Text(p.Root))
	if m == "" || p.Status != 200 || !strings.Contains(p.Body, "data:image/png;base64,") {
		t.Fatalf("no link: %d %s", p.Status, webtest.Text(p.Root))
	}
	if got := desk.Get("/console/cases/" + string(id) + "/together"); strings.Contains(got.Body, m) {
		t.Error("the link is shown a second time")
	}
	return m
}

func claimed(t *testing.T, d *desktest.Desk, change ...func(*dispute.Filing)) dispute.Case {
	t.Helper()
	c, err := d.Cases.Claim(t.Context(), desktest.Mediator.Actor(), d.File("t1", change...).ID, dispute.Seen{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// comeIn opens a link and agrees.
func comeIn(t *testing.T, c *webtest.Client, path string) *webtest.Page {
	t.Helper()
	p := c.Get(path).Submit("打开看看", map[string]string{"consent": "1"})
	if p.Status != 200 || p.Path != path {
		t.Fatalf("coming in: %d at %s: %s", p.Status, p.Path, webtest.Text(p.Root))
	}
	return p
}

func TestTheOtherPartyComesInAgreesAndChooses(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d, func(f *dispute.Filing) { f.Report.Contact.Withheld = true })
	desk, guest := d.SignIn(desktest.Mediator), d.Resident()
	path := link(t, desk, ca.ID)

	p := guest.Get(path)
	if got := p.Header.Get("Referrer-Policy"); got != "no-referrer" || p.Has("孙试民") || p.Has("空调") || !p.Has("个人信息保护法") {
		t.Errorf("before coming in: policy %q\n%s", got, webtest.Text(p.Root))
	}
	if p := guest.Post(path+"/enter", url.Values{"csrf": {p.CSRF()}}); p.Status != http.StatusBadRequest {
		t.Errorf("without consent: %d", p.Status)
	}
	p = comeIn(t, guest, path)
	for _, secret := range []string{"赵试民", "13900000000", "半夜嗡嗡响", "楼上孙某", "今年夏天"} {
		if p.Has(secret) {
			t.Errorf("the other party reads %q", secret)
		}
	}
	if !p.Has("空调外机的位置和声音") || !p.Has("不愿透露姓名") || !p.Has("第23条") || !p.Has("周试调") {
		t.Errorf("the page says\n%s", webtest.Text(p.Root))
	}
	if p = p.Submit("我愿意调解", nil); !p.Has("您说了愿意调解") || !p.Has("还没有约时间") {
		t.Errorf("willing: %d %s", p.Status, webtest.Text(p.Root))
	}

	together := "/console/cases/" + string(ca.ID) + "/together"
	q := desk.Get(together)
	if !q.Has("愿意调解") {
		t.Errorf("the mediator sees\n%s", webtest.Text(q.Root))
	}
	form := url.Values{"csrf": {q.CSRF()}, "version": {version(q)}, "token": {"t"}, "minutes": {"60"}, "where": {"centre"}, "place": {"二楼调解室"}}
	form["day"], form["from"] = []string{"2026-11-28", "2026-12-01", ""}, []string{"09:00", "14:00", "09:00"}
	if q = desk.Post(together+"/times", form); q.Status != 200 || !q.Has("不是工作日") || !q.Has("二楼调解室") {
		t.Fatalf("times offered: %d %s", q.Status, webtest.Text(q.Root))
	}
	p = guest.Get(path)
	slots := regexp.MustCompile(`value="(t[a-z2-7]{8})"`).FindAllStringSubmatch(p.Body, -1)
	if len(slots) != 2 {
		t.Fatalf("%d times are shown:\n%s", len(slots), webtest.Text(p.Root))
	}
	p = guest.Post(path+"/times", url.Values{"csrf": {p.CSRF()}, "version": {version(p)}, "token": {"x"}, "slot": {slots[1][1]}})
	if !p.Has("等对方") {
		t.Errorf("chosen: %s", webtest.Text(p.Root))
	}
	q = desk.Get(together)
	if q = desk.Post(together+"/pick", url.Values{"csrf": {q.CSRF()}, "version": {version(q)}, "token": {"p"}, "side": {"reporter"}, "slot": {slots[0][1], slots[1][1]}}); !q.Has("约好了") {
		t.Fatalf("the reporter's answer recorded: %d %s", q.Status, webtest.Text(q.Root))
	}
	if p = guest.Get(path); !p.Has("12月1日（周二）14:00") || !p.Has("二楼调解室") {
		t.Errorf("booked: %s", webtest.Text(p.Root))
	}
	for name, c := range map[string]*webtest.Page{"guest": guest.Get(path + "/meeting.ics"), "mediator": desk.Get(together + "/meeting.ics")} {
		if c.Status != 200 || !strings.HasPrefix(c.Header.Get("Content-Type"), "text/calendar") || !strings.Contains(c.Body, "DTSTART;TZID=Asia/Shanghai:20261201T140000\r\n") {
			t.Errorf("the %s's calendar file: %d %q", name, c.Status, c.Body)
		}
	}
	if w := desk.Get("/console/meetings?from=2026-12-01"); !w.Has("14:00–15:00") || !w.Has(string(ca.Number)) {
		t.Errorf("the week: %s", webtest.Text(w.Root))
	}
	if p = p.Submit("取消这次，另约", map[string]string{"words": "家里有事"}); !p.Has("还没有约时间") {
		t.Errorf("put off: %s", webtest.Text(p.Root))
	}
	if q = desk.Get(together); !q.Has("家里有事") {
		t.Errorf("why it was put off: %s", webtest.Text(q.Root))
	}
	if p = p.Submit("发给调解员", map[string]string{"words": "外机是物业装的"}); p.Status != 200 || !p.Has("记下了") {
		t.Errorf("a message: %d", p.Status)
	}
	if q = desk.Get("/console/cases/" + string(ca.ID)); !q.Has("外机是物业装的") || !q.Has("对方愿意调解") {
		t.Errorf("the case page: %s", webtest.Text(q.Root))
	}
}

func version(p *webtest.Page) string {
	return regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(p.Body)[1]
}

func TestRefusingIsAskedTwiceAndEndsIt(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d)
	guest := d.Resident()
	p := comeIn(t, guest, link(t, d.SignIn(desktest.Mediator), ca.ID))
	if p = p.Follow("不愿意调解"); !p.Has("真的不调解吗") || !p.Has("第17条") {
		t.Fatalf("asked again: %s", webtest.Text(p.Root))
	}
	if c, err := d.Cases.Brief(t.Context(), desktest.Clerk.Actor(), ca.ID); err != nil || c.State != dispute.Claimed {
		t.Errorf("before the second answer the case is %s, %v", c.State, err)
	}
	if p = p.Submit("不调解，就此结束", nil); !p.Has("这次调解已经结束") || !p.Has("12348") {
		t.Errorf("refused: %d %s", p.Status, webtest.Text(p.Root))
	}
	if c, err := d.Cases.Brief(t.Context(), desktest.Clerk.Actor(), ca.ID); err != nil || c.State != dispute.Failed || c.Outcome != dispute.Refused {
		t.Errorf("the case is %s with %s, %v", c.State, c.Outcome, err)
	}
}

// TestALinkThatWasStolenOpensNothing: another browser, a made-up link and a
// link that was taken back all get the same page.
func TestALinkThatWasStolenOpensNothing(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d)
	desk, guest, thief := d.SignIn(desktest.Mediator), d.Resident(), d.Resident()
	path := link(t, desk, ca.ID)
	mine := comeIn(t, guest, path)
	made := path[:len(path)-1] + map[bool]string{true: "b", false: "a"}[strings.HasSuffix(path, "a")]
	csrf := thief.Get("/").CSRF()
	none := webtest.Text(thief.Get("/party/" + strings.Repeat("a", 32)).Root)
	for name, p := range map[string]*webtest.Page{
		"another browser": thief.Get(path), "a made-up link": thief.Get(made), "what isn't one": thief.Get("/party/x"),
		"its file": thief.Get(path + "/meeting.ics"), "its refusal": thief.Get(path + "/refuse"),
		"coming in":  thief.Post(path+"/enter", url.Values{"csrf": {csrf}, "consent": {"1"}}),
		"refusing":   thief.Post(path+"/refuse", url.Values{"csrf": {csrf}, "version": {"1"}}),
		"a message":  thief.Post(path+"/say", url.Values{"csrf": {csrf}, "version": {"1"}, "words": {"话"}}),
		"my own":     thief.Get("/mine/" + string(ca.ID)),
		"no case":    thief.Get("/mine/cabcdefghij23"),
		"its change": thief.Post("/mine/"+string(ca.ID)+"/put-off", url.Values{"csrf": {csrf}, "version": {"1"}, "words": {"话"}}),
	} {
		if got := webtest.Text(p.Root); p.Status != http.StatusNotFound || got != none {
			t.Errorf("%s: %d\n%s", name, p.Status, got)
		}
	}
	if p := thief.Post(path+"/refuse", url.Values{"csrf": {mine.CSRF()}}); p.Status != http.StatusForbidden {
		t.Errorf("with the guest's form token: %d", p.Status)
	}
	if p := guest.Post(path+"/refuse", url.Values{"csrf": {"x"}}); p.Status != http.StatusForbidden {
		t.Errorf("a foreign form in the guest's browser: %d", p.Status)
	}
	if p := guest.Get(path); p.Status != 200 {
		t.Errorf("the guest's own browser afterwards: %d", p.Status)
	}
	q := desk.Get("/console/cases/" + string(ca.ID) + "/together")
	q.Submit("收回链接", nil)
	if p := guest.Get(path); webtest.Text(p.Root) != none {
		t.Errorf("after it was taken back: %d", p.Status)
	}
}

func TestGuessingLinksIsSlow(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d)
	path := link(t, d.SignIn(desktest.Mediator), ca.ID)
	guesser, tried := d.Resident(), 0
	for i := range 40 {
		p := guesser.Get(fmt.Sprintf("%s%020d", path[:len(path)-20], i))
		if p.Status == http.StatusTooManyRequests {
			break
		}
		tried++
		p = guesser.Get(path[:len(path)-2] + string("abcdefghijklmnopqrstuvwxyz234567"[i%32]) + "a")
		if p.Status == http.StatusTooManyRequests {
			break
		}
		tried++
	}
	if tried > 21 {
		t.Errorf("%d links were tried before it slowed down", tried)
	}
	if p := guesser.Get(path); p.Status != http.StatusTooManyRequests {
		t.Errorf("the right one after too many wrong ones: %d", p.Status)
	}
	d.Clock.Add(time.Hour)
	if p := guesser.Get(path); p.Status != 200 {
		t.Errorf("an hour later: %d", p.Status)
	}
}

func TestTheReportersOwnPage(t *testing.T) {
	d := desktest.Open(t)
	phone := d.Resident()
	phone.Get("/")
	who := reporter(t, d, phone)
	ca := claimed(t, d, func(f *dispute.Filing) { f.For, f.Report.Contact.Address = who.ID, who.ID })
	video := dispute.Slot{At: d.Clock.Now().Add(20 * time.Hour), Minutes: 60, Where: dispute.ByVideo, Link: "https://meet.example.cn/room"}
	if _, err := d.Cases.BookTime(t.Context(), desktest.Mediator.Actor(), ca.ID, video, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	p := phone.Get("/mine/" + string(ca.ID))
	if p.Status != 200 || !p.Has("11月24日（周二）10:05") || strings.Contains(p.Body, "meet.example.cn") {
		t.Fatalf("before they said who they are: %d %s", p.Status, webtest.Text(p.Root))
	}
	if wrong := p.Submit("确认是我", map[string]string{"name": "赵试民", "last4": "1234", "rights": "1"}); !wrong.Has("对不上") {
		t.Errorf("a wrong number: %s", webtest.Text(wrong.Root))
	}
	p = phone.Get("/mine/"+string(ca.ID)).Submit("确认是我", map[string]string{"name": "赵试民", "last4": "0000", "rights": "1"})
	if p.Status != 200 || !strings.Contains(p.Body, `href="https://meet.example.cn/room"`) {
		t.Errorf("afterwards: %d %s", p.Status, webtest.Text(p.Root))
	}
	path := link(t, d.SignIn(desktest.Mediator), ca.ID)
	if p := phone.Get(path); p.Status != http.StatusForbidden || !p.Has("这是给对方的链接") {
		t.Errorf("the reporter at the other party's link: %d", p.Status)
	}
}

// reporter is who a browser acts as.
func reporter(t *testing.T, d *desktest.Desk, phone *webtest.Client) access.Actor {
	t.Helper()
	return access.Actor{ID: "web:" + d.SessionID(phone)}
}
