package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

func TestASignInLinkIsUsedOnceByItsForm(t *testing.T) {
	d := desktest.Open(t)
	link := d.SignInPath(desktest.Mediator)
	for range 2 {
		if p := d.Resident().Get(link); p.Status != 200 || !p.Has("周试调") || !p.Has("人民调解员") {
			t.Fatalf("opening the link: %d %s", p.Status, webtest.Text(p.Root))
		}
	}
	c := d.Resident()
	form := c.Get(link)
	if got := form.Header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("the page with the code has referrer policy %q", got)
	}
	if p := form.Submit("登录", nil); p.Path != "/console/work" || p.Status != 200 {
		t.Errorf("signed in: %s %d", p.Path, p.Status)
	}
	if p := c.Get("/console"); p.Path != "/console/work" {
		t.Errorf("the session leads to %s", p.Path)
	}
	for name, p := range map[string]*webtest.Page{
		"opened again":        d.Resident().Get(link),
		"made up":             d.Resident().Get("/console/in/AAAAAAAAAAAAAAAAAAAAAAAAAA"),
		"of another purpose":  d.Resident().Get("/console/in/" + code(t, d, "telegram")),
		"used after its time": late(t, d),
	} {
		if p.Status != http.StatusForbidden || !p.Has("登录链接用不了") {
			t.Errorf("a link %s: %d %s", name, p.Status, webtest.Text(p.Root))
		}
	}
}

func code(t *testing.T, d *desktest.Desk, purpose string) string {
	t.Helper()
	c, err := d.Accounts.NewCode(t.Context(), desktest.Mediator.ID, purpose, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func late(t *testing.T, d *desktest.Desk) *webtest.Page {
	t.Helper()
	link := d.SignInPath(desktest.Mediator)
	d.Clock.Add(11 * time.Minute)
	return d.Resident().Get(link)
}

func TestALinkForwardedToAnotherBrowserNeedsThatBrowsersForm(t *testing.T) {
	d := desktest.Open(t)
	victim, thief := d.Resident(), d.Resident()
	p := victim.Get(d.SignInPath(desktest.Director))
	form := url.Values{"csrf": {p.CSRF()}, "code": {strings.TrimPrefix(p.Path, "/console/in/")}}
	thief.Get("/")
	if got := thief.Post("/console/in", form); got.Status != http.StatusForbidden {
		t.Errorf("a form of another browser answered %d", got.Status)
	}
	if got := victim.Post("/console/in", form); got.Status != 200 {
		t.Errorf("the browser that opened the link: %d", got.Status)
	}
}

func TestPagesAreForThoseWhoMay(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("t1")
	pages := []string{"/console/work", "/console/cases", "/console/cases/" + string(ca.ID), "/console/questions", "/console/publicity", "/console/publicity/2026/" + itemOf(t, d), "/console/accounts", "/console/needs"}
	for who, want := range map[*access.Account][]int{
		&desktest.Mediator: {200, 200, 200, 403, 403, 403, 403, 403},
		&desktest.Far:      {200, 200, 404, 403, 403, 403, 403, 403},
		&desktest.Grid:     {200, 200, 200, 403, 403, 403, 403, 403},
		&desktest.Adviser:  {200, 200, 200, 200, 403, 403, 403, 200},
		&desktest.Clerk:    {200, 200, 200, 200, 403, 403, 200, 200},
		&desktest.Editor:   {403, 403, 404, 403, 200, 200, 403, 403},
		&desktest.Director: {200, 200, 200, 200, 200, 200, 200, 200},
	} {
		c := d.SignIn(*who)
		for i, path := range pages {
			if got := c.Get(path).Status; got != want[i] {
				t.Errorf("%s on %s: %d, want %d", who.Role, path, got, want[i])
			}
		}
	}
	for _, path := range pages {
		if p := d.Resident().Get(path); p.Path != "/console/sign-in" {
			t.Errorf("a stranger on %s is at %s", path, p.Path)
		}
	}
}

func TestPostsAreRefusedToThoseWhoMayNot(t *testing.T) {
	d := desktest.Open(t)
	ca, item := d.File("t1"), itemOf(t, d)
	paths := map[string]url.Values{
		"/console/cases/" + string(ca.ID) + "/claim":          {"version": {"9"}, "token": {"x"}},
		"/console/cases/" + string(ca.ID) + "/reassign":       {"version": {"9"}, "to": {"m2"}},
		"/console/cases/" + string(ca.ID) + "/note":           {"version": {"9"}, "note": {"x"}},
		"/console/publicity/2026/" + item + "/approve":        {},
		"/console/accounts":                                   {"name": {"某人"}, "role": {"director"}},
		"/console/accounts/" + desktest.Director.ID + "/link": {},
	}
	for _, who := range []access.Account{desktest.Grid, desktest.Adviser} {
		c := d.SignIn(who)
		token := c.Get("/console/work").CSRF()
		for path, form := range paths {
			form.Set("csrf", token)
			if p := c.Post(path, form); p.Status != http.StatusForbidden {
				t.Errorf("%s posts to %s: %d, want 403", who.Role, path, p.Status)
			}
		}
	}
	if got, err := d.Cases.Brief(t.Context(), desktest.Director.Actor(), ca.ID); err != nil || got.State != dispute.Accepted || got.Version != ca.Version {
		t.Errorf("the case is %v %v", got.State, err)
	}
}

func itemOf(t *testing.T, d *desktest.Desk) string {
	t.Helper()
	slots, err := d.Publicity.Year(t.Context(), 2026)
	if err != nil {
		t.Fatal(err)
	}
	for _, sl := range slots {
		if sl.Due.After(desktest.Start) {
			return sl.Item
		}
	}
	t.Fatal("no item is due after the tests' start")
	return ""
}

func TestAMediatorWorksACaseToItsClose(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("t1")
	c := d.SignIn(desktest.Mediator)
	p := c.Get("/console/work")
	if !p.Has("等人认领（1）") || !p.Has("仇家洼村") || !p.Has("今天") {
		t.Fatalf("the queue: %s", webtest.Text(p.Root))
	}
	if p = p.Follow(string(ca.Number)); !p.Has("半夜嗡嗡响") || p.Has("赵试民") || p.Has("13900000000") || p.Has("孙某") {
		t.Fatalf("before the claim: %s", webtest.Text(p.Root))
	}
	if p = p.Submit("我来办", nil); !p.Has("赵试民") || !p.Has("13900000000") || !p.Has("3 个工作日内联系双方") {
		t.Fatalf("after the claim: %s", webtest.Text(p.Root))
	}
	for _, step := range []struct {
		button string
		fill   map[string]string
		state  string
	}{
		{"记录联系情况", map[string]string{"note": "打通了电话，愿意谈"}, "已认领"},
		{"征求对方意愿", nil, "征求意愿"},
		{"开始调解", map[string]string{"note": "双方到场"}, "调解中"},
		{"记录结果", map[string]string{"outcome": "agreed_written", "amount": "1,200.50", "note": "外机移到北墙，费用各半"}, "协议待生效"},
		{"签字盖章", map[string]string{"party": "reporter", "mediator": "1", "seal": "1"}, "协议待生效"},
		{"签字盖章", map[string]string{"party": "other"}, "履行中"},
		{"全部履行完毕", nil, "履行完毕"},
		{"结案", nil, "已结案"},
	} {
		p = p.Submit(step.button, step.fill)
		if p.Status != 200 || !p.Has("记下了。") || !strings.Contains(p.Body, `<span class="tag">`+step.state+`</span>`) {
			t.Fatalf("%s: %d %s", step.button, p.Status, webtest.Text(p.Root))
		}
	}
	for _, want := range []string{"打通了电话，愿意谈", "外机移到北墙", "1200.50 元", "达成书面协议", "周试调", "收到反映", "查阅记录"} {
		if !p.Has(want) {
			t.Errorf("the page at the end lacks %s", want)
		}
	}
	if p = c.Get("/console/work"); !p.Has("手上没有在办的纠纷") {
		t.Error("a closed case is still in hand")
	}
}

func TestOnlyTheFirstClaimCounts(t *testing.T) {
	d := desktest.Open(t)
	path := "/console/cases/" + string(d.File("t1").ID)
	first, second := d.SignIn(desktest.Mediator), d.SignIn(desktest.Second)
	a, b := first.Get(path), second.Get(path)
	if p := a.Submit("我来办", nil); p.Status != 200 {
		t.Fatalf("the first claim: %d", p.Status)
	}
	if p := b.Submit("我来办", nil); p.Status != http.StatusConflict || !p.Has("别的调解员已经认领") {
		t.Errorf("the second claim: %d %s", p.Status, webtest.Text(p.Root))
	}
	if p := a.Submit("我来办", nil); p.Status != 200 {
		t.Errorf("the same button again: %d", p.Status)
	}
}

func TestAPageThatIsOldChangesNothing(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("t1")
	c := d.SignIn(desktest.Mediator)
	old := c.Get("/console/cases/"+string(ca.ID)).Submit("我来办", nil)
	old.Submit("记录联系情况", map[string]string{"note": "一"})
	if p := old.Submit("征求对方意愿", nil); p.Status != http.StatusConflict || !p.Has("刚刚有变化") {
		t.Errorf("an old page's button: %d %s", p.Status, webtest.Text(p.Root))
	}
}

func TestAReleaseNeedsAReasonAndPutsTheCaseBack(t *testing.T) {
	d := desktest.Open(t)
	c := d.SignIn(desktest.Mediator)
	p := c.Get("/console/cases/"+string(d.File("t1").ID)).Submit("我来办", nil)
	if bad := p.Submit("退回", map[string]string{"note": "  "}); bad.Status != http.StatusBadRequest {
		t.Errorf("without a reason: %d", bad.Status)
	}
	if p = p.Submit("退回", map[string]string{"note": "是我家亲戚"}); p.Has("赵试民") || !p.Has("待认领") {
		t.Errorf("after the release: %s", webtest.Text(p.Root))
	}
	if p = d.SignIn(desktest.Clerk).Get("/console/cases/" + lastOf(p.Path)); !p.Has("是我家亲戚") {
		t.Error("the clerk doesn't see why")
	}
}

func lastOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path[strings.LastIndex(path, "/")+1:]
}

func TestAWrongAmountIsAskedAgain(t *testing.T) {
	d := desktest.Open(t)
	c := d.SignIn(desktest.Mediator)
	p := c.Get("/console/cases/"+string(d.File("t1").ID)).Submit("我来办", nil).Submit("开始调解", nil)
	for amount, want := range map[string]string{
		"不少": "金额没填对", "1e99": "金额没填对", "NaN": "金额没填对", "1.2.3": "金额没填对", "-5": "金额不能是负数", "三万余元": "金额要写准",
		"3-5万": "金额只能写一个数", "11亿": "金额太大了", "1.005": "金额最小到分",
	} {
		bad := p.Submit("记录结果", map[string]string{"outcome": "agreed_oral", "amount": amount, "note": "谈成"})
		if bad.Status != http.StatusBadRequest || !bad.Has(want) || !bad.Has("您填的都还在下面") {
			t.Errorf("amount %q: %d %s", amount, bad.Status, webtest.Text(bad.Root))
		}
	}
	if p = p.Submit("记录结果", map[string]string{"outcome": "agreed_oral", "amount": "三百块五", "note": "谈成"}); !p.Has("300.50 元") {
		t.Errorf("三百块五 is not 300.50 yuan: %s", webtest.Text(p.Root))
	}
}

func TestAClerkReviewsRefersAndReassigns(t *testing.T) {
	d := desktest.Open(t)
	review := func(f *dispute.Filing) { f.Gate = dispute.Gate{} }
	first := d.File("t1", review)
	second := d.File("t2", review)
	c := d.SignIn(desktest.Clerk)
	p := c.Get("/console/work")
	if !p.Has("等着审查（2）") {
		t.Fatalf("the clerk's page: %s", webtest.Text(p.Root))
	}
	p = p.Follow(string(first.Number)).Submit("受理", nil)
	if !p.Has("待认领") {
		t.Errorf("after 受理: %s", webtest.Text(p.Root))
	}
	if p = p.Submit("派给别人", map[string]string{"to": "m2"}); !p.Has("已认领") || !p.Has("吴试调") {
		t.Errorf("after 派给别人: %s", webtest.Text(p.Root))
	}
	p = c.Get("/console/cases/"+string(second.ID)).Submit("转办", map[string]string{"office": "labour_arbitration", "note": "劳动争议先仲裁", "basis": "劳动争议调解仲裁法第5条"})
	if !p.Has("已转办") || !p.Has("劳动人事争议仲裁委员会") || !p.Has("劳动争议先仲裁") {
		t.Errorf("after 转办: %s", webtest.Text(p.Root))
	}
}

func TestTheListOfCasesIsFiltered(t *testing.T) {
	d := desktest.Open(t)
	here := d.File("t1")
	there := d.File("t2", func(f *dispute.Filing) { f.Report.Village, f.Report.Category = "371083001218", "labour" })
	gone := d.File("t3", func(f *dispute.Filing) { f.Gate = dispute.Gate{Verdict: dispute.Decline, Reason: "不归调解"} })
	d.SignIn(desktest.Mediator).Get("/console/cases/"+string(here.ID)).Submit("我来办", nil)
	c := d.SignIn(desktest.Clerk)
	for query, want := range map[string][]dispute.Case{
		"":                              {here, there},
		"?state=":                       {here, there, gone},
		"?state=declined":               {gone},
		"?state=open&who=m1":            {here},
		"?village=371083001218":         {there},
		"?type=neighbour":               {here},
		"?state=&type=neighbour&who=m2": {},
	} {
		p := c.Get("/console/cases" + query)
		for _, ca := range []dispute.Case{here, there, gone} {
			is := false
			for _, w := range want {
				is = is || w.ID == ca.ID
			}
			if p.Has(string(ca.Number)) != is {
				t.Errorf("%q shows %s: %v, want %v", query, ca.Number, !is, is)
			}
		}
	}
}

func TestWhatIsLateIsMarked(t *testing.T) {
	d := desktest.Open(t)
	d.File("t1")
	if p := d.SignIn(desktest.Mediator).Get("/console/work"); strings.Contains(p.Body, `class="late"`) {
		t.Error("a case just filed is late")
	}
	d.Clock.Add(49 * time.Hour)
	p := d.SignIn(desktest.Mediator).Get("/console/work")
	if !strings.Contains(p.Body, `class="late"`) || !p.Has("已超期") || !p.Has("2 天前") {
		t.Errorf("two days later: %s", webtest.Text(p.Root))
	}
}

func TestAnUnknownCaseAndAnotherTerritorysLookAlike(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("t1")
	c := d.SignIn(desktest.Far)
	a, b := c.Get("/console/cases/"+string(ca.ID)), c.Get("/console/cases/caaaaaaaaaaaa")
	strip := func(p *webtest.Page) string { return strings.ReplaceAll(webtest.Text(p.Root), p.Path, "") }
	if a.Status != 404 || b.Status != 404 || strip(a) != strip(b) {
		t.Errorf("%d and %d, or different words", a.Status, b.Status)
	}
	if p := c.Get("/console/cases/..%2f"); p.Status != 404 {
		t.Errorf("an id that is none: %d", p.Status)
	}
}

func TestWhatAResidentToldStaysText(t *testing.T) {
	evil := `<script>alert(1)</script><img src=x onerror=alert(2)>" onload="alert(3)`
	d := desktest.Open(t)
	ca := d.File("t1", func(f *dispute.Filing) {
		f.Report.What, f.Report.Other, f.Report.Wish, f.Report.Since, f.Report.Question = evil, evil, evil, evil, evil
		f.Report.Contact.Name, f.Report.Contact.Phone = evil, evil
		f.Report.Source = evil
	})
	c := d.SignIn(desktest.Mediator)
	p := c.Get("/console/cases/"+string(ca.ID)).Submit("我来办", nil).Submit("记录联系情况", map[string]string{"note": evil})
	if strings.Count(p.Body, "alert(1)") < 6 {
		t.Fatalf("the texts are not shown: %s", p.Body)
	}
	for n := range p.Root.Descendants() {
		if n.Data == "img" || n.Data == "script" && webtest.Attr(n, "src") == "" {
			t.Errorf("a <%s> got through", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("an attribute %s got through", a.Key)
			}
		}
	}
}
