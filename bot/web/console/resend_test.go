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

// TestALongNoteOutlivesItsSession: somebody types for long, the session ends, and
// the form is sent: the answer holds what was typed and where to sign in; sent
// again after that it is shown where it stood, and then it is kept, once.
func TestALongNoteOutlivesItsSession(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("long")
	path := "/console/cases/" + string(ca.ID)
	c := d.SignIn(desktest.Mediator)
	c.Get(path).Submit("我来办", nil)
	const words = "上门两次，楼上说外机挪不动，愿意装减震垫；<b>楼下</b>要求晚上十点以后不开。"
	form := c.Get(path)
	d.Clock.Add(13 * time.Hour)

	p := form.Submit("记一笔", map[string]string{"note": words})
	if p.Status != http.StatusForbidden || !p.Has("登录到期了") || !p.Has(words) || !strings.Contains(p.Body, `href="/console/sign-in" target="_blank"`) {
		t.Fatalf("sent after the session: %d %s", p.Status, p.Body)
	}
	if got := p.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the answer may be kept by caches: %q", got)
	}
	// Sent again before signing in, it comes back the same.
	if p = p.Submit("再发一次", nil); p.Status != http.StatusForbidden || !p.Has(words) {
		t.Fatalf("sent again without a sign-in: %d %s", p.Status, webtest.Text(p.Root))
	}
	if in := c.Get(d.SignInPath(desktest.Mediator)).Submit("登录", nil); in.Status != http.StatusOK {
		t.Fatalf("sign-in in the next tab: %d", in.Status)
	}
	p = p.Submit("再发一次", nil)
	if !p.Has("您填的都还在下面") || !p.Has(words) {
		t.Fatalf("sent again after it: %d %s", p.Status, webtest.Text(p.Root))
	}
	if p = p.Submit("记一笔", nil); p.Status != http.StatusOK || !p.Has(words) {
		t.Fatalf("the form as it came back: %d %s", p.Status, webtest.Text(p.Root))
	}
	events, err := d.Cases.Events(t.Context(), desktest.Mediator.Actor(), ca.ID)
	if err != nil {
		t.Fatal(err)
	}
	noted := 0
	for _, e := range events {
		if e.Kind == "noted" && e.Text == words {
			noted++
		}
	}
	if noted != 1 {
		t.Errorf("the note is in the file %d times", noted)
	}
}

// TestAFormFromElsewhereIsNotHandedBack: another site must not have its own words
// shown as what somebody typed, with a button that sends them.
func TestAFormFromElsewhereIsNotHandedBack(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("elsewhere")
	path := "/console/cases/" + string(ca.ID) + "/note"
	form := url.Values{"note": {"别人的网站替他写的一大段话，很长很长"}, "again": {"/console/cases/" + string(ca.ID)}, "csrf": {"x"}, "version": {"1"}, "token": {"t"}}
	for name, c := range map[string]*webtest.Client{"signed out": d.Resident(), "signed in": d.SignIn(desktest.Mediator)} {
		for _, header := range [][]string{{"Origin", "https://evil.example", "Referer", "https://evil.example/x"}, {"Origin", "null", "Referer", ""}} {
			p := c.Post(path, form, header...)
			if p.Status != http.StatusForbidden || strings.Contains(p.Body, "再发一次") || strings.Contains(p.Body, `id="again"`) {
				t.Errorf("%s, %v: %d %s", name, header, p.Status, webtest.Text(p.Root))
			}
		}
	}
}

// TestFilesOfAnEndedSessionAreNotTaken: their form's words come back.
func TestFilesOfAnEndedSessionAreNotTaken(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("files")
	path := "/console/cases/" + string(ca.ID)
	c := d.SignIn(desktest.Mediator)
	c.Get(path).Submit("我来办", nil)
	page := c.Get(path)
	d.Clock.Add(13 * time.Hour)
	form := url.Values{"csrf": {page.CSRF()}, "version": {"2"}, "token": {"t-add"}, "note": {"补充两张照片，拍的是外机的位置和距离"}}
	p := c.Upload(path+"/add", form, map[string][]byte{"a.jpg": []byte("x")})
	if p.Status != http.StatusForbidden || !p.Has("拍的是外机的位置") || !p.Has("文件要重新选一遍") {
		t.Errorf("%d %s", p.Status, webtest.Text(p.Root))
	}
}
