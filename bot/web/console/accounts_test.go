package console_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// TestAClerkGivesAMediatorAGrid: villages and grids of an account are changed in
// the console, count at once for who is told, and the page says who did it; what
// a clerk may not do is refused.
func TestAClerkGivesAMediatorAGrid(t *testing.T) {
	d := desktest.Open(t)
	clerk := d.SignIn(desktest.Clerk)
	path := "/console/accounts/" + desktest.Far.ID
	grid := access.GridKey(desktest.Qiujiawa, "东片网格")
	p := clerk.Get("/console/accounts")
	if p.Has("添加人员") || !p.Has(desktest.Far.Name) {
		t.Fatalf("a clerk's list of accounts: %s", webtest.Text(p.Root))
	}
	token := p.CSRF()
	p = clerk.Post(path+"/set", url.Values{"csrf": {token}, "name": {desktest.Far.Name}, "role": {"mediator"}, "grid": {grid}})
	if p.Status != 200 || !p.Has("仇家洼村东片网格") || !p.Has("改网格") || !p.Has(desktest.Clerk.Name) {
		t.Fatalf("set: %d %s", p.Status, webtest.Text(p.Root))
	}
	a, err := d.Accounts.Account(t.Context(), desktest.Far.ID)
	if err != nil || !access.ServesGrid(a, desktest.Qiujiawa, "东片网格", access.Day(d.Clock.Now())) {
		t.Errorf("the account is %+v, %v", a, err)
	}
	ca := d.File("gridded")
	if got := d.SignIn(desktest.Far).Get("/console/cases/" + string(ca.ID)); got.Status != 200 {
		t.Errorf("the mediator of the new grid sees the case: %d", got.Status)
	}
	for name, tc := range map[string]struct {
		path string
		form url.Values
		want int
	}{
		"raises a mediator":    {path + "/set", url.Values{"name": {"某人"}, "role": {"director"}}, http.StatusForbidden},
		"changes the director": {"/console/accounts/" + desktest.Director.ID + "/set", url.Values{"name": {"某人"}, "role": {"mediator"}}, http.StatusForbidden},
		"makes a link":         {path + "/link", url.Values{}, http.StatusForbidden},
		"shuts an account":     {path + "/disable", url.Values{}, http.StatusForbidden},
		"adds an account":      {"/console/accounts", url.Values{"name": {"某人"}, "role": {"mediator"}}, http.StatusForbidden},
		"has no name":          {path + "/set", url.Values{"name": {" "}, "role": {"mediator"}}, http.StatusBadRequest},
		"invents a grid":       {path + "/set", url.Values{"name": {"某人"}, "role": {"mediator"}, "grid": {desktest.Qiujiawa + "/北片"}}, http.StatusBadRequest},
	} {
		tc.form.Set("csrf", token)
		got := clerk.Post(tc.path, tc.form)
		if tc.want == http.StatusBadRequest && !got.Has("姓名要填，最多 20 个字") {
			t.Errorf("a clerk %s reads %s", name, webtest.Text(got.Root))
		}
		if got.Status != tc.want {
			t.Errorf("a clerk %s: %d, want %d", name, got.Status, tc.want)
		}
	}
}

// TestAMediatorWithCasesStaysOne until somebody has taken them over.
func TestAMediatorWithCasesStaysOne(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("busy")
	if p := d.SignIn(desktest.Mediator).Get("/console/cases/"+string(ca.ID)).Submit("我来办", nil); p.Status != 200 {
		t.Fatalf("claim: %d", p.Status)
	}
	boss := d.SignIn(desktest.Director)
	path := "/console/accounts/" + desktest.Mediator.ID
	p := boss.Get(path)
	if !p.Has("手上正在办的：1 件") {
		t.Errorf("the page of a mediator with a case: %s", webtest.Text(p.Root))
	}
	got := boss.Post(path+"/set", url.Values{"csrf": {p.CSRF()}, "name": {desktest.Mediator.Name}, "role": {"grid"}})
	if got.Status != http.StatusConflict || !got.Has("手上还有没办完的纠纷") {
		t.Errorf("made a grid worker: %d %s", got.Status, webtest.Text(got.Root))
	}
}

// TestTheGridOfACaseIsCorrected: by the mediator who has it, and the trail names
// the grid before.
func TestTheGridOfACaseIsCorrected(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("where")
	path := "/console/cases/" + string(ca.ID)
	p := d.SignIn(desktest.Clerk).Get(path).Submit("定网格、改网格", map[string]string{"grid": "东片网格"})
	if p.Status != 200 || !p.Has("网格：东片网格") {
		t.Fatalf("the clerk names a grid: %d %s", p.Status, webtest.Text(p.Root))
	}
	m := d.SignIn(desktest.Mediator)
	m.Get(path).Submit("我来办", nil)
	if p = m.Get(path).Submit("定网格、改网格", map[string]string{"grid": "西片网格", "note": "他家在老供销社"}); p.Status != 200 || !p.Has("原来写的是东片网格") || !p.Has("老供销社") {
		t.Errorf("the mediator corrects it: %d %s", p.Status, webtest.Text(p.Root))
	}
	if c, err := d.Cases.Brief(t.Context(), desktest.Mediator.Actor(), ca.ID); err != nil || c.Grid() != "西片网格" {
		t.Errorf("the grid is %q, %v", c.Grid(), err)
	}
	// A case in a village without grids has nothing to choose from.
	elsewhere := d.File("elsewhere")
	form := url.Values{"csrf": {p.CSRF()}, "version": {"1"}, "token": {"x"}, "grid": {"不存在的网格"}}
	if got := d.SignIn(desktest.Clerk).Post("/console/cases/"+string(elsewhere.ID)+"/locate", form); got.Status == 200 {
		t.Error("a grid that the village doesn't have was taken")
	}
}

// TestAnAccountIsShutOnlyWhenNothingIsLeftInItsHands: shutting shows what it
// holds, asks where each goes, refuses while one has no place, and both the
// case's trail and the account's say where all went.
func TestAnAccountIsShutOnlyWhenNothingIsLeftInItsHands(t *testing.T) {
	d := desktest.Open(t)
	first, other, offered := d.File("first"), d.File("other"), d.File("offered")
	m := d.SignIn(desktest.Mediator)
	for _, ca := range []dispute.Case{first, other} {
		m.Get("/console/cases/"+string(ca.ID)).Submit("我来办", nil)
	}
	at := dispute.Slot{At: d.Clock.Now().Add(48 * time.Hour), Minutes: 60, Where: dispute.AtCentre}
	if _, err := d.Cases.BookTime(t.Context(), desktest.Mediator.Actor(), first.ID, at, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	second := desktest.Second.Actor()
	if _, err := d.Cases.Claim(t.Context(), second, offered.ID, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Cases.Offer(t.Context(), second, offered.ID, desktest.Mediator.Actor(), "忙", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}

	boss := d.SignIn(desktest.Director)
	account := "/console/accounts/" + desktest.Mediator.ID
	if p := boss.Post(account+"/disable", url.Values{"csrf": {boss.Get(account).CSRF()}}); p.Status != http.StatusConflict || !p.Has("手上还有没办完的纠纷") {
		t.Errorf("shut without being asked: %d %s", p.Status, webtest.Text(p.Root))
	}
	p := boss.Get(account + "/leave")
	for _, want := range []string{string(first.Number), string(other.Number), string(offered.Number), "已经约了", "退给吴试调"} {
		if !p.Has(want) {
			t.Errorf("what it holds doesn't show %q: %s", want, webtest.Text(p.Root))
		}
	}
	form := url.Values{"csrf": {p.CSRF()}, "then": {"shut"}, "note": {"调走了"}, "case-" + string(first.ID): {desktest.Second.ID}, "case-" + string(offered.ID): {"back"}}
	if p = boss.Post(account+"/hand", form); p.Status != http.StatusConflict || !p.Has(string(other.Number)) || !p.Has("没有说交给谁") {
		t.Errorf("one case without a place: %d %s", p.Status, webtest.Text(p.Root))
	}
	if a, _ := d.Accounts.Account(t.Context(), desktest.Mediator.ID); a.Disabled {
		t.Fatal("it was shut all the same")
	}
	bare := maps.Clone(form)
	bare.Set("rest", "back")
	bare.Set("note", " ")
	if p = boss.Post(account+"/hand", bare); p.Status != http.StatusBadRequest || !p.Has("还没写原因") {
		t.Errorf("without a reason: %d %s", p.Status, webtest.Text(p.Root))
	}
	form.Set("rest", "back")
	if p = boss.Post(account+"/hand", form); p.Status != http.StatusOK || !p.Has("已停用") || !p.Has("2 件 → 退回去了") || !p.Has("1 件 → 吴试调") {
		t.Fatalf("handed over and shut: %d %s", p.Status, webtest.Text(p.Root))
	}
	for _, want := range []struct {
		id    dispute.CaseID
		owner string
		state dispute.State
	}{{first.ID, desktest.Second.ID, dispute.Claimed}, {other.ID, "", dispute.Accepted}, {offered.ID, desktest.Second.ID, dispute.Claimed}} {
		ca, err := d.Cases.Brief(t.Context(), desktest.Director.Actor(), want.id)
		if err != nil || ca.Owner != want.owner || ca.State != want.state || ca.OfferedTo().ID != "" {
			t.Errorf("%s: %s of %q, %v; want %s of %q", want.id, ca.State, ca.Owner, err, want.state, want.owner)
		}
	}
	if p = boss.Get("/console/cases/" + string(first.ID)); !p.Has("调走了") {
		t.Error("the case's trail doesn't say why")
	}
}

// TestAnEmptyHandedAccountIsShutAfterAsking: one page says that it holds nothing.
func TestAnEmptyHandedAccountIsShutAfterAsking(t *testing.T) {
	d := desktest.Open(t)
	boss := d.SignIn(desktest.Director)
	account := "/console/accounts/" + desktest.Far.ID
	p := boss.Get(account + "/leave")
	if !p.Has("手上没有纠纷") {
		t.Fatalf("nothing held: %s", webtest.Text(p.Root))
	}
	if p = p.Submit("停用账号", map[string]string{"then": "shut"}); p.Status != http.StatusOK || !p.Has("已停用") {
		t.Errorf("shut: %d %s", p.Status, webtest.Text(p.Root))
	}
	if p = d.SignIn(desktest.Clerk).Get(account + "/leave"); p.Status != http.StatusOK || p.Has("停用账号") {
		t.Errorf("a clerk may hand over, not shut: %d", p.Status)
	}
	if p = d.SignIn(desktest.Mediator).Get(account + "/leave"); p.Status != http.StatusForbidden {
		t.Errorf("a mediator looks: %d", p.Status)
	}
}
