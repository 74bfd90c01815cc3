package console_test

import (
	"net/url"
	"testing"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// TestAGridWorkerReportsAndFollows: a grid worker sees what they may do, reports,
// and reads what became of it; whether it is taken on the rules and a clerk decide,
// whatever the form says.
func TestAGridWorkerReportsAndFollows(t *testing.T) {
	d := desktest.Open(t)
	c := d.SignIn(desktest.Grid)
	p := c.Get("/console/file")
	if !p.Has("报一件纠纷") || p.Has("前台受理") || p.Has("怎么办") || p.Has("约见") {
		t.Errorf("a grid worker's form offers what isn't theirs: %s", webtest.Text(p.Root))
	}
	form := url.Values{
		"csrf": {p.CSRF()}, "token": {"g1"}, "consent": {"1"}, "verdict": {"yes"}, "village": {desktest.Qiujiawa}, "category": {"other"},
		"what": {"他们请律师打官司已经起诉到法院开庭了"}, "name": {"赵试民"}, "phone": {"13900000000"},
	}
	if p = c.Post("/console/file", form); p.Status != 200 {
		t.Fatalf("filed: %d %s", p.Status, webtest.Text(p.Root))
	}
	mine, err := d.Cases.MyReports(t.Context(), desktest.Grid.Actor())
	if err != nil || len(mine) != 1 || mine[0].State != dispute.Submitted {
		t.Fatalf("their reports: %+v, %v; what the rules don't take waits for a clerk", mine, err)
	}
	if p = c.Get("/console/work"); !p.Has("我报的（1）") || !p.Has(string(mine[0].Number)) || !p.Has("等工作人员看") {
		t.Errorf("their work: %s", webtest.Text(p.Root))
	}
	// Every link of their pages opens.
	p = p.Follow(string(mine[0].Number))
	if p.Status != 200 || p.Has("约时间") {
		t.Errorf("their case's page leads to a page that isn't theirs: %d %s", p.Status, webtest.Text(p.Root))
	}
}
