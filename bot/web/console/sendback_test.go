package console_test

import (
	"testing"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// TestTheCentreSendsACaseBack: the clerk picks the village, its mediator claims
// or turns it back, and the page says where it stands.
func TestTheCentreSendsACaseBack(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("centre", func(f *dispute.Filing) { f.Report.Village = place.Centre })
	path := "/console/cases/" + string(ca.ID)
	clerk, mediator, far := d.SignIn(desktest.Clerk), d.SignIn(desktest.Mediator), d.SignIn(desktest.Far)
	if p := mediator.Get(path); p.Status != 404 {
		t.Fatalf("before it is sent back the village's mediator sees it: %d", p.Status)
	}
	send := func() {
		t.Helper()
		if p := clerk.Get(path).Submit("交回村居", map[string]string{"village": desktest.Qiujiawa}); p.Status != 200 || !p.Has("请仇家洼村的调解员认领") {
			t.Fatalf("sent back: %d %s", p.Status, webtest.Text(p.Root))
		}
	}
	send()
	if p := far.Get(path); p.Status != 404 {
		t.Errorf("another village's mediator sees it: %d", p.Status)
	}
	if p := mediator.Get("/console/work"); !p.Has(string(ca.Number)) {
		t.Errorf("it isn't in the village's queue: %s", webtest.Text(p.Root))
	}
	if p := mediator.Get(path).Submit("退回中心", map[string]string{"note": "和当事人是亲属"}); p.Status != 200 || p.Has(string(ca.Number)) {
		t.Errorf("after turning it back, the village's mediator sees %s", webtest.Text(p.Root))
	}
	if p := clerk.Get(path); p.Has("的调解员认领") || !p.Has("村居退回中心") || !p.Has("和当事人是亲属") {
		t.Errorf("turned back, the clerk reads %s", webtest.Text(p.Root))
	}
	send()
	if p := mediator.Get(path).Submit("我来办", nil); p.Status != 200 || !p.Has("仇家洼村") {
		t.Errorf("claimed: %d %s", p.Status, webtest.Text(p.Root))
	}
	if c, err := d.Cases.Brief(t.Context(), desktest.Clerk.Actor(), ca.ID); err != nil || c.Territory != desktest.Qiujiawa {
		t.Errorf("it is at %s, %v", c.Territory, err)
	}
}
