package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

func TestAQuestionPassedOnIsAnsweredInTheConsole(t *testing.T) {
	d := desktest.Open(t)
	resident := d.Resident()
	p := resident.Get("/")
	for _, text := range []string{"转人工", "村里二〇一八年的确权文件还作数吗", "13900000000"} {
		p = p.Submit("发送", map[string]string{"text": text})
	}
	for range 4 { // the review at the end, whatever the form asks
		if p.Has("转过去了") {
			break
		}
		p = p.Submit("确认", nil)
	}
	c := d.SignIn(desktest.Adviser)
	q := c.Get("/console/questions")
	if !q.Has("等着答复的提问（1）") || !q.Has("确权文件") {
		t.Fatalf("the adviser sees: %s\nthe resident: %s", webtest.Text(q.Root), webtest.Text(p.Root))
	}
	if again := q.Submit("发给居民", map[string]string{"text": "带上原件来司法所，当面看。"}); !again.Has("等着答复的提问（0）") {
		t.Errorf("after the answer: %s", webtest.Text(again.Root))
	}
	if again := q.Submit("发给居民", map[string]string{"text": "再答一次"}); again.Status != http.StatusConflict || !again.Has("已经有人答复") {
		t.Errorf("a second answer: %d", again.Status)
	}
	settled(t, func() bool { return resident.Get("/").Has("带上原件来司法所") })
}

// settled waits for something that another goroutine brings about.
func settled(t *testing.T, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never came")
		}
	}
}

func TestADirectorMakesAnAccountAndShutsIt(t *testing.T) {
	d := desktest.Open(t)
	boss := d.SignIn(desktest.Director)
	p := boss.Get("/console/accounts").Submit("添加，并给登录链接", map[string]string{"name": "沈试新", "role": "mediator", "territory": desktest.Qiujiawa})
	if !p.Has("沈试新") || !p.Has("仇家洼村") {
		t.Fatalf("the new account: %s", webtest.Text(p.Root))
	}
	link := linkIn(t, p)
	if again := boss.Get("/console/accounts"); strings.Contains(again.Body, "/console/in/") {
		t.Error("the link is shown a second time")
	}
	fresh := d.Resident()
	if got := fresh.Get(link).Submit("登录", nil); got.Path != "/console/work" {
		t.Fatalf("the new account signs in to %s", got.Path)
	}
	all, err := d.Accounts.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	token := boss.Get("/console/accounts").CSRF()
	for _, a := range all {
		if a.Name == "沈试新" {
			boss.Post("/console/accounts/"+a.ID+"/disable", url.Values{"csrf": {token}})
		}
	}
	if got := fresh.Get("/console/work"); got.Path != "/console/sign-in" {
		t.Errorf("a shut account is still at %s", got.Path)
	}
	if got := boss.Post("/console/accounts/"+desktest.Director.ID+"/disable", url.Values{"csrf": {token}}); got.Status != http.StatusConflict || !got.Has("不能停用自己") {
		t.Errorf("shutting oneself: %d", got.Status)
	}
	for name, form := range map[string]url.Values{
		"no name":            {"role": {"mediator"}},
		"no such role":       {"name": {"某人"}, "role": {"king"}},
		"no such village":    {"name": {"某人"}, "role": {"mediator"}, "territory": {"1"}},
		"the resident role":  {"name": {"某人"}, "role": {"resident"}},
		"a name of 21 signs": {"name": {strings.Repeat("名", 21)}, "role": {"mediator"}},
	} {
		form.Set("csrf", token)
		if got := boss.Post("/console/accounts", form); got.Status != http.StatusBadRequest {
			t.Errorf("an account with %s: %d", name, got.Status)
		}
	}
}

func linkIn(t *testing.T, p *webtest.Page) string {
	t.Helper()
	for n := range p.Root.Descendants() {
		if webtest.Attr(n, "class") == "link" {
			u, err := url.Parse(webtest.Text(n))
			if err != nil || u.Host == "" {
				t.Fatalf("link %q: %v", webtest.Text(n), err)
			}
			return u.Path
		}
	}
	t.Fatalf("no link on the page:\n%s", webtest.Text(p.Root))
	return ""
}

func TestAnItemApprovedAndDueIsOnTheColumn(t *testing.T) {
	d := desktest.Open(t)
	c := d.SignIn(desktest.Editor)
	item := itemOf(t, d)
	it, err := d.Publicity.Item(item)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Get("/console/publicity")
	if !p.Has("2026 年普法日历") || !strings.Contains(p.Body, `class="month now" id="now"`) {
		t.Fatalf("the year: %s", webtest.Text(p.Root))
	}
	p = p.Follow(it.Title)
	if !p.Has("待审") || !p.Has("大喇叭稿") && it.Spoken != "" {
		t.Errorf("the item: %s", webtest.Text(p.Root))
	}
	if dl := c.Get("/console/publicity/2026/" + item + "/official.html"); dl.Status != 200 || !strings.HasPrefix(dl.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the official account's page: %d %v", dl.Status, dl.Header)
	}
	for _, day := range []string{"", "2026-13-01", "2027-01-05", "2026-01-05"} {
		if bad := p.Submit("改时间", map[string]string{"day": day, "hour": "08"}); bad.Status != http.StatusBadRequest || !bad.Has("日期不行") {
			t.Errorf("day %q: %d", day, bad.Status)
		}
	}
	p = p.Submit("改时间", map[string]string{"day": "2026-11-24", "hour": "08"})
	if !p.Has("11月24日（周二）08:00") {
		t.Errorf("after 改时间: %s", webtest.Text(p.Root))
	}
	if p = p.Submit("通过，到时发布", nil); !p.Has("已排") {
		t.Errorf("after approval: %s", webtest.Text(p.Root))
	}
	if p := d.Resident().Get("/column"); p.Has(it.Title) {
		t.Error("the column shows it before its time")
	}
	d.Clock.Add(20 * time.Hour)
	if n, err := d.Publicity.PublishDue(t.Context(), d.Clock.Now()); n != 1 || err != nil {
		t.Fatalf("PublishDue = %d, %v", n, err)
	}
	if p = d.SignIn(desktest.Editor).Get("/console/publicity/2026/" + item); !p.Has("已发出") {
		t.Errorf("after publication: %s", webtest.Text(p.Root))
	}
	if p := d.Resident().Get("/column").Follow(it.Title); p.Status != 200 || !p.Has(it.Digest) {
		t.Errorf("the column's page: %d", p.Status)
	}
}

func TestSkippingAnItemTakesItOutAndBack(t *testing.T) {
	d := desktest.Open(t)
	c := d.SignIn(desktest.Editor)
	p := c.Get("/console/publicity/2026/"+itemOf(t, d)).Submit("今年不发", nil)
	if !p.Has("不发") {
		t.Errorf("after skipping: %s", webtest.Text(p.Root))
	}
	if p = p.Submit("收回，改回待审", nil); !p.Has("待审") {
		t.Errorf("after taking back: %s", webtest.Text(p.Root))
	}
	if p = c.Get("/console/publicity?year=2027"); !p.Has("2027 年普法日历") {
		t.Error("no next year")
	}
	if p = c.Get("/console/publicity/2026/no-such-item"); p.Status != 404 {
		t.Errorf("an unknown item: %d", p.Status)
	}
}
