package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// TestNothingTypedIsLost: what a mediator wrote for a quarter of an hour stays,
// though a field is wrong or the case was changed meanwhile.
func TestNothingTypedIsLost(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("long")
	path := "/console/cases/" + string(ca.ID)
	c := d.SignIn(desktest.Mediator)
	c.Get(path).Submit("我来办", nil)
	c.Get(path).Submit("开始调解", nil)
	change := func() {
		t.Helper()
		if _, err := d.Cases.Note(t.Context(), desktest.Mediator.Actor(), ca.ID, "又来电话了", dispute.Seen{}); err != nil {
			t.Fatal(err)
		}
	}

	// the record of a meeting, with the date mistaken, then of a case that changed
	record := map[string]string{"day": "2026-11-30", "from": "09:00", "said": "双方各说了各的理", "result": "约好下次再谈", "told": "1"}
	p := c.Get(path+"/together").Submit("存下记录", record)
	if p.Status != http.StatusBadRequest || !p.Has("时间没填对") || !p.Has("双方各说了各的理") || !p.Has("约好下次再谈") || !strings.Contains(p.Body, `name="told" value="1" checked`) {
		t.Fatalf("a day to come: %d %s", p.Status, webtest.Text(p.Root))
	}
	change()
	if p = p.Submit("存下记录", map[string]string{"day": "2026-11-22"}); p.Status != http.StatusOK || !p.Has("约好下次再谈") || !p.Has("调解会记录（1）") {
		t.Fatalf("put right, of a case that changed: %d %s", p.Status, webtest.Text(p.Root))
	}

	// the other party's number, by whose end they will say who they are
	invitation := map[string]string{"name": "孙试民", "phone": "139", "matter": "晚上的响声，想请您来谈谈"}
	if p = c.Get(path+"/together").Submit("做一个链接", invitation); p.Status != http.StatusBadRequest || !p.Has("电话没填对") || !p.Has("晚上的响声") {
		t.Errorf("half a number: %d %s", p.Status, webtest.Text(p.Root))
	}
	if p = p.Submit("做一个链接", map[string]string{"phone": "0631-6612345"}); p.Status != http.StatusOK || !p.Has("只显示这一次") {
		t.Errorf("a whole one: %d %s", p.Status, webtest.Text(p.Root))
	}

	// notes and messages are taken whatever changed
	p = c.Get(path)
	change()
	if q := p.Submit("记一笔", map[string]string{"note": "明天上门看看"}); q.Status != http.StatusOK || !q.Has("明天上门看看") {
		t.Errorf("a note: %d %s", q.Status, webtest.Text(q.Root))
	}

	// what decides is asked again
	p = c.Get(path)
	change()
	q := p.Submit("请同事接手", map[string]string{"to": desktest.Second.ID, "note": "下周出差，请帮忙接着调"})
	if q.Status != http.StatusConflict || !q.Has("刚刚有变化") || !q.Has("下周出差，请帮忙接着调") || !strings.Contains(q.Body, `<option value="`+desktest.Second.ID+`" selected`) {
		t.Fatalf("a step on a case that changed: %d %s", q.Status, webtest.Text(q.Root))
	}
	if q = q.Submit("请同事接手", nil); q.Status != http.StatusOK {
		t.Errorf("seen as it is now: %d %s", q.Status, webtest.Text(q.Root))
	}

	// an agreement with a sum that is none
	p = c.Get(path+"/agreement").Submit("保存协议", map[string]string{
		"form": "written", "facts": "一方欠另一方一笔钱", "terms": "一年里还清", "amount": "一大笔",
	})
	if p.Status != http.StatusBadRequest || !p.Has("金额没填对") || !p.Has("一方欠另一方一笔钱") || !p.Has("一年里还清") || !strings.Contains(p.Body, `value="一大笔"`) {
		t.Errorf("no sum: %d %s", p.Status, webtest.Text(p.Root))
	}
}
