package console_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// TestACaseIsArchivedOnceItsDossierIsWhole writes an agreement in the console,
// performs it, and fills the dossier until it may be put away.
func TestACaseIsArchivedOnceItsDossierIsWhole(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("t1")
	who := desktest.Mediator.Actor()
	if _, err := d.Cases.Claim(t.Context(), who, ca.ID, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Cases.Advance(t.Context(), who, ca.ID, dispute.OpMediate, "", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	c := d.SignIn(desktest.Mediator)
	path := "/console/cases/" + string(ca.ID)
	p := c.Get(path+"/agreement").Submit("保存协议", map[string]string{
		"form": "written", "terms": "孙某尽快把外机挪到北墙\n孙某赔 900 元", "amount": "900", "facts": "外机对着卧室", "how": "转账",
		"split": "3", "split_what": "还款", "split_first": "2026-12-31",
	})
	if p.Status != 200 || !p.Has("〔2026〕城区人调字第 0001 号") || !p.Has("说不清楚") {
		t.Fatalf("the agreement: %d %s", p.Status, webtest.Text(p.Root))
	}
	p = c.Get(path).Submit("签字盖章", map[string]string{"party": "reporter", "mediator": "1", "seal": "1"})
	if p = p.Submit("签字盖章", map[string]string{"party": "other"}); !p.Has("还有 30 天") {
		t.Fatalf("signed: %s", webtest.Text(p.Root))
	}
	for _, step := range []string{"0", "1", "2"} {
		p = p.Submit("登记履行", map[string]string{"step": step})
	}
	if !p.Has("履行完毕") {
		t.Fatalf("performed: %s", webtest.Text(p.Root))
	}
	p = p.Submit("登记回访", map[string]string{"performed": "都办了", "score": "2"})
	p = p.Submit("结案", nil)
	if p = p.Submit("归档", nil); p.Status != http.StatusConflict || !p.Has("卷宗还不齐") {
		t.Fatalf("an incomplete dossier: %d %s", p.Status, webtest.Text(p.Root))
	}
	p = c.Get(path + "/dossier")
	if !p.Has("身份核对记录") || !p.Has("核对方式") || strings.Contains(p.Body, "{page:") {
		t.Fatalf("the dossier: %s", webtest.Text(p.Root))
	}
	for key, fields := range map[string]map[string]string{
		"identity": {"核对方式": "当面看了身份证", "核对结果": "一致"}, "record": {"地点": "村委会", "各方陈述": "都说了"},
	} {
		if _, err := d.Cases.Enclose(t.Context(), who, ca.ID, key, fields, "", "补齐", dispute.Seen{}); err != nil {
			t.Fatal(err)
		}
	}
	if p = c.Get(path + "/dossier"); !p.Has("完整 100%") {
		t.Fatalf("the dossier filled: %s", webtest.Text(p.Root))
	}
	if p = c.Get(path).Submit("归档", nil); p.Status != http.StatusConflict || !p.Has("不满意没有答复") {
		t.Errorf("over a party's head: %d", p.Status)
	}
	boss := d.SignIn(desktest.Director)
	boss.Get(path).Submit("答复不满意", map[string]string{"note": "已说明"})
	if p = c.Get(path).Submit("归档", nil); p.Status != 200 || !p.Has("已归档") {
		t.Errorf("the archive: %d %s", p.Status, webtest.Text(p.Root))
	}
	for _, file := range []string{"/dossier.docx", "/dossier.zip", "/papers/agreement"} {
		if got := c.Get(path + file); got.Status != 200 || !strings.HasPrefix(got.Body, "PK") {
			t.Errorf("%s: %d", file, got.Status)
		}
	}
	if got := d.SignIn(desktest.Far).Get(path + "/dossier.docx"); got.Status != http.StatusNotFound {
		t.Errorf("another village's mediator gets the dossier: %d", got.Status)
	}
}

// TestAgreementAndDossierFitAPhone looks at the pages after the mediation, 360
// and 1280 points wide.
func TestAgreementAndDossierFitAPhone(t *testing.T) {
	browser := webtest.Chromium(t)
	scratch := webtest.Scratch(t)
	d := desktest.Open(t)
	ca := d.File("t1")
	who := desktest.Mediator.Actor()
	_, err := d.Cases.Claim(t.Context(), who, ca.ID, dispute.Seen{})
	if err == nil {
		_, err = d.Cases.Advance(t.Context(), who, ca.ID, dispute.OpMediate, "", dispute.Seen{})
	}
	if err == nil {
		_, err = d.Cases.Agree(t.Context(), who, ca.ID, dispute.Terms{
			Oral: true, Terms: []string{"孙某尽快把外机挪到北墙", "孙某赔 900 元，分三次还"}, Amount: 90000, How: "转账",
			Steps: dispute.Instalments(dispute.RoleOther, "还款", 90000, 3, "2026-12-31", 1),
		}, dispute.Seen{})
	}
	if err != nil {
		t.Fatal(err)
	}
	b := browser.Tab(t)
	b.Do(chromedp.Navigate(d.URL + d.SignInPath(desktest.Mediator)))
	press(b, "登录")
	b.Until(`location.pathname === "/console/work"`)
	at := "/console/cases/" + string(ca.ID)
	for _, page := range []string{"", "/agreement", "/dossier"} {
		for _, width := range []int64{1280, 360} {
			b.Size(width, 900)
			b.Do(chromedp.Navigate(d.URL + at + page))
			b.Until(`location.pathname === "` + at + page + `"`) // and not where one signs in
			b.Whole(scratch, "after"+strings.ReplaceAll(page, "/", "-")+"-"+strconv.FormatInt(width, 10))
			if webtest.Eval[bool](b, `document.documentElement.scrollWidth > innerWidth`) {
				t.Errorf("%s is wider than %d px", page, width)
			}
		}
	}
}
