package console_test

import (
	"maps"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// TestTheFrontDeskFilesForSomebody types a report, is told what the rules make
// of it and what it may repeat, and files it.
func TestTheFrontDeskFilesForSomebody(t *testing.T) {
	d := desktest.Open(t)
	c := d.SignIn(desktest.Clerk)
	page := c.Get("/console/file")
	told := url.Values{
		"csrf": {page.CSRF()}, "token": {"f1"}, "consent": {"1"}, "name": {"老王"}, "phone": {"13800138000"}, "relation": {"替他母亲"}, "withheld": {"1"},
		"what": {"仇家洼 楼上漏水泡了俺家墙，找他修说了三回不管"},
	}
	seen := c.Post("/console/file/check", told, "X-Anjie", "fetch")
	if seen.Status != 200 || !seen.Has("仇家洼村") || !seen.Has("可以调解") {
		t.Errorf("judged: %d %s", seen.Status, webtest.Text(seen.Root))
	}
	for name, missing := range map[string]string{"consent": "还没有问过同意", "what": "400"} {
		form := url.Values{}
		for k, v := range told {
			if k != name {
				form[k] = v
			}
		}
		if got := c.Post("/console/file", form); got.Status != 400 {
			t.Errorf("without %s (%s): %d", name, missing, got.Status)
		}
	}
	half := maps.Clone(told)
	half.Set("phone", "138001")
	if got := c.Post("/console/file", half); got.Status != 400 || !got.Has("电话没填全") || !got.Has("楼上漏水泡了俺家墙") {
		t.Errorf("with half a number: %d %s", got.Status, webtest.Text(got.Root))
	}
	filed := c.Post("/console/file", told)
	if filed.Status != 200 || !filed.Has("受字第") || !filed.Has("查询码") {
		t.Fatalf("filed: %d %s", filed.Status, webtest.Text(filed.Root))
	}
	if again := c.Post("/console/file/check", told); !again.Has("电话相同") || !again.Has("同一村居") {
		t.Errorf("said again: %s", webtest.Text(again.Root))
	}
	ca := filed.Follow("打开这一件")
	for _, want := range []string{"老王", "不告诉对方", "替他母亲", "口头同意", "窗口"} {
		if !ca.Has(want) {
			t.Errorf("the case lacks %q", want)
		}
	}
	elsewhere := url.Values{
		"csrf": {page.CSRF()}, "token": {"f2"}, "consent": {"1"}, "verdict": {"elsewhere"}, "village": {"371083001219"},
		"what": {"城管罚了我三百块钱，我不服，想让你们调解"},
	}
	filed = c.Post("/console/file", elsewhere)
	if !filed.Has("不予受理") {
		t.Fatalf("filed as the rule says: %s", webtest.Text(filed.Root))
	}
	if ca = filed.Follow("打开这一件"); !ca.Has("行政复议") || !ca.Has("第20条") {
		t.Errorf("the record lacks office or article: %s", webtest.Text(ca.Root))
	}
	if p := d.SignIn(desktest.Editor).Get("/console/file"); p.Status != 403 {
		t.Errorf("an editor at the front desk: %d", p.Status)
	}
}

// TestWhatWaitsForAClerkComesMostUrgentFirst: an emergency isn't last because
// quieter cases came in after it.
func TestWhatWaitsForAClerkComesMostUrgentFirst(t *testing.T) {
	d := desktest.Open(t)
	var numbers []string
	for i, p := range []dispute.Priority{dispute.Normal, dispute.Emergency, dispute.Raised, dispute.Normal} {
		ca := d.File("w"+strconv.Itoa(i), func(f *dispute.Filing) {
			f.Gate, f.Report.Urgency = dispute.Gate{Verdict: dispute.Review}, p
		})
		numbers = append(numbers, string(ca.Number))
		d.Clock.Add(time.Minute)
	}
	text := webtest.Text(d.SignIn(desktest.Clerk).Get("/console/work").Root)
	last := -1
	for _, i := range []int{1, 2, 0, 3} {
		at := strings.Index(text, numbers[i])
		if at <= last {
			t.Errorf("number %d of four stands at %d, the one before it at %d:\n%s", i+1, at, last, text)
		}
		last = at
	}
}

// TestALeaveSendsNewCasesToTheCentreAndHandsOverTheOld is a mediator's holiday.
func TestALeaveSendsNewCasesToTheCentreAndHandsOverTheOld(t *testing.T) {
	d := desktest.Open(t)
	one, two := d.File("t1"), d.File("t2")
	who := desktest.Mediator.Actor()
	for _, ca := range []dispute.Case{one, two} {
		if _, err := d.Cases.Claim(t.Context(), who, ca.ID, dispute.Seen{}); err != nil {
			t.Fatal(err)
		}
	}
	c := d.SignIn(desktest.Mediator)
	page := c.Get("/console/duty")
	today, later := access.Day(d.Clock.Now()), access.Day(d.Clock.Now().Add(72*time.Hour))
	leave := url.Values{"csrf": {page.CSRF()}, "from": {today}, "to": {later}, "cover": {desktest.Far.ID}}
	for what, change := range map[string][2]string{"backwards": {"to", "2020-01-01"}, "covered by oneself": {"cover", desktest.Mediator.ID}, "no day": {"from", "soon"}} {
		form := url.Values{}
		for k, v := range leave {
			form[k] = v
		}
		form.Set(change[0], change[1])
		if got := c.Post("/console/duty/leave", form); got.Status != 400 || !got.Has("请假没有记下") {
			t.Errorf("a leave %s: %d", what, got.Status)
		}
	}
	leave.Set("who", desktest.Far.ID)
	if got := c.Post("/console/duty/leave", leave); got.Status != 403 {
		t.Errorf("somebody else's leave: %d", got.Status)
	}
	leave.Del("who")
	if got := c.Post("/console/duty/leave", leave); !got.Has("请假") || !got.Has("代班") {
		t.Errorf("leave: %d %s", got.Status, webtest.Text(got.Root))
	}
	if got := d.SignIn(desktest.Far).Get("/console/cases/" + string(one.ID)); got.Status != 200 {
		t.Errorf("who covers opens a case of the village: %d", got.Status)
	}
	hand := url.Values{"csrf": {page.CSRF()}, "note": {"请假三天"}, "case-" + string(one.ID): {"queue"}, "case-" + string(two.ID): {desktest.Far.ID}}
	if got := c.Post("/console/duty/hand", hand); !got.Has("2 件办好了") {
		t.Errorf("handed over: %s", webtest.Text(got.Root))
	}
	boss := desktest.Director.Actor()
	if ca, err := d.Cases.Brief(t.Context(), boss, one.ID); err != nil || ca.State != dispute.Accepted {
		t.Errorf("put back: %s %v", ca.State, err)
	}
	if ca, err := d.Cases.Brief(t.Context(), boss, two.ID); err != nil || ca.OfferedTo().ID != desktest.Far.ID || ca.Owner != who.ID {
		t.Errorf("offered: %+v of %s, %v", ca.OfferedTo(), ca.Owner, err)
	}
}

// TestTheWorkOfACaseOnItsPage offers, invites, extends and merges by the page's forms.
func TestTheWorkOfACaseOnItsPage(t *testing.T) {
	d := desktest.Open(t)
	one := d.File("t1")
	d.Clock.Add(time.Minute)
	two := d.File("t2")
	c := d.SignIn(desktest.Mediator)
	p := c.Get("/console/work").Submit("下一件", nil)
	if !strings.Contains(p.Path, string(one.ID)) {
		t.Fatalf("the next case is at %s", p.Path)
	}
	for label, fill := range map[string]map[string]string{
		"请人一起调解":  {"who": desktest.Adviser.ID, "note": "看看合同"},
		"请同事接手":   {"to": desktest.Far.ID, "note": "出差"},
		"给反映人发消息": {"note": "周五上午来一趟"},
		"延长调解期限":  {"until": access.Day(d.Clock.Now().Add(60 * 24 * time.Hour)), "reporter": "1", "other": "1", "note": "电话里都同意"},
		"调整紧急程度":  {"priority": "1", "note": "要动手"},
	} {
		if got := c.Get("/console/cases/"+string(one.ID)).Submit(label, fill); got.Status != 200 || !got.Has("记下了") {
			t.Errorf("%s: %d %s", label, got.Status, webtest.Text(got.Root))
		}
	}
	p = c.Get("/console/cases/" + string(one.ID))
	for _, want := range []string{"较急", desktest.Adviser.Name, "等" + desktest.Far.Name + "答复", "给反映人的话", "双方同意延长"} {
		if !p.Has(want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if got := d.SignIn(desktest.Adviser).Get("/console/work"); !got.Has("一起办的（1）") {
		t.Error("the adviser doesn't see what they help with")
	}
	boss := d.SignIn(desktest.Clerk)
	p = boss.Get("/console/cases/" + string(two.ID))
	if !p.Has("像是同一回事") {
		t.Fatalf("no duplicate is shown: %s", webtest.Text(p.Root))
	}
	if got := p.Submit("并案", map[string]string{"into": string(one.Number)}); got.Status != 200 || !got.Has("已并到") {
		t.Errorf("merged: %d %s", got.Status, webtest.Text(got.Root))
	}
	if got := boss.Get("/console/cases/" + string(one.ID)); !got.Has("并进来的") {
		t.Error("the other case doesn't name the one merged into it")
	}
}
