package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// TestTheFrontDeskAsksWhatTheTypeNeeds: the questions of the type that the words
// point to are in the form, and what is answered counts for the judgement and is
// kept with the case.
func TestTheFrontDeskAsksWhatTheTypeNeeds(t *testing.T) {
	d := desktest.Open(t)
	c := d.SignIn(desktest.Clerk)
	form := url.Values{
		"csrf": {c.Get("/console/file").CSRF()}, "token": {"f1"}, "village": {desktest.Qiujiawa}, "what": {"老太太三个儿子，养老的事谈不拢"},
		"about": {"王秀英"}, "relation": {"母亲"}, "agreed": {dispute.AgreedNotYet}, "name": {"王小二"}, "withheld": {"1"},
		"x.support.elder": {"偏瘫"}, "x.support.urgent": {"没有"}, "x.labour.months": {"别的类型的不算"},
	}
	p := c.Post("/console/file/check", form)
	if p.Status != 200 || !p.Has("赡养要问的") || !p.Has("老人眼下没人管吃饭、看病") {
		t.Fatalf("judged: %d %s", p.Status, webtest.Text(p.Root))
	}
	open := strings.Count(p.Body, "data-of=") - strings.Count(p.Body, `" hidden>`)
	if open != 1 || !strings.Contains(p.Body, `data-of="support">`) {
		t.Errorf("%d types' questions are open", open)
	}
	// What wasn't filled in is said above the form, which keeps the rest.
	p = c.Post("/console/file", form)
	if p.Status != 400 || !p.Has("还没有问过同意") || !strings.Contains(p.Body, "养老的事谈不拢</textarea>") || !strings.Contains(p.Body, `value="偏瘫"`) || !strings.Contains(p.Body, `value="王秀英"`) {
		t.Errorf("without consent: %d %s", p.Status, webtest.Text(p.Root))
	}
	form.Set("consent", "1")
	for name, tc := range map[string][2]string{
		"no village": {"village", ""}, "nothing told": {"what", " "}, "too long": {"x.support.elder", strings.Repeat("长", 501)},
	} {
		bad := url.Values{}
		for k, v := range form {
			bad[k] = v
		}
		bad.Set(tc[0], tc[1])
		if p := c.Post("/console/file", bad); p.Status != 400 || !strings.Contains(p.Body, `role="alert"`) || !strings.Contains(p.Body, `value="王小二"`) {
			t.Errorf("%s: %d %s", name, p.Status, webtest.Text(p.Root))
		}
	}
	p = c.Post("/console/file", form)
	if p.Status != 200 || !p.Has("受字第") {
		t.Fatalf("filed: %d %s", p.Status, webtest.Text(p.Root))
	}
	ca := p.Follow("打开这一件")
	for _, want := range []string{"老人情况", "偏瘫", "眼下有人管吗", "王秀英", "还没问过本人", "不告诉对方", "老人眼下没人管吃饭、看病", "较急"} {
		if !ca.Has(want) {
			t.Errorf("the case lacks %q:\n%s", want, webtest.Text(ca.Root))
		}
	}
	if ca.Has("别的类型的不算") {
		t.Error("the answer to another type's question is kept")
	}
	if p := c.Get("/console/people"); p.Status != 200 || p.Path != "/console/cases" {
		t.Errorf("the list of people loaded again: %d at %s", p.Status, p.Path)
	}
}

// TestMyDataKeepsWhatWasTyped: a request that can't be taken is shown again as it
// was filled in, with what is missing.
func TestMyDataKeepsWhatWasTyped(t *testing.T) {
	d := desktest.Open(t)
	me := d.Resident()
	csrf := me.Get("/my-data").CSRF()
	for name, tc := range map[string]struct {
		form   url.Values
		status int
		want   string
	}{
		"a correction without words": {url.Values{"kind": {"correct"}, "code": {"12"}}, 400, "请写清哪里不对"},
		"a number that isn't there":  {url.Values{"kind": {"see"}, "number": {"12"}, "code": {"ABC"}}, 404, "没有找到您名下的案件"},
	} {
		tc.form.Set("csrf", csrf)
		p := me.Post("/my-data", tc.form)
		if p.Status != tc.status || !p.Has(tc.want) || !strings.Contains(p.Body, `value="12"`) || !strings.Contains(p.Body, `value="`+tc.form.Get("kind")+`" selected`) {
			t.Errorf("%s: %d %s", name, p.Status, webtest.Text(p.Root))
		}
	}
}
