package party_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// timesFor offers two times in the mediator's name and returns their ids.
func timesFor(t *testing.T, d *desktest.Desk, id dispute.CaseID) []string {
	t.Helper()
	now := d.Clock.Now()
	who := desktest.Mediator.Actor()
	if _, err := d.Cases.OfferTimes(t.Context(), who, id, []dispute.Slot{
		{At: now.Add(6 * 24 * time.Hour).Truncate(time.Hour), Minutes: 60, Where: dispute.AtCentre},
		{At: now.Add(7 * 24 * time.Hour).Truncate(time.Hour), Minutes: 60, Where: dispute.AtCentre},
	}, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	c, err := d.Cases.Case(t.Context(), who, id)
	if err != nil {
		t.Fatal(err)
	}
	m, err := dispute.MeetingsOf(c)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, o := range m.Offered {
		ids = append(ids, o.ID)
	}
	return ids
}

// TestWhatTheOtherPartyHasNotSeenIsToldByTelephone: news that she must know
// stands with the case until she opens her page or the mediator ticks it off; the
// mediator reads whom to telephone, at the number that she left, and is reminded.
func TestWhatTheOtherPartyHasNotSeenIsToldByTelephone(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d)
	desk, guest := d.SignIn(desktest.Mediator), d.Resident()
	casePath, path := "/console/cases/"+string(ca.ID), link(t, desk, ca.ID)
	const title = "要打电话告诉的"

	// Before she has come in there is no page: times to choose are told by telephone.
	slots := timesFor(t, d, ca.ID)
	if p := desk.Get(casePath); !p.Has(title) || !p.Has("13911112222") || !p.Has("消息发不到对方那里") || !p.Has("请对方挑能来的") {
		t.Fatalf("with times offered to who hasn't come in, the mediator reads\n%s", webtest.Text(p.Root))
	}
	p := comeIn(t, guest, path)
	if q := desk.Get(casePath); q.Has(title) || !q.Has("对方打开页面，看到了消息") {
		t.Errorf("after she came in and saw it, the mediator reads\n%s", webtest.Text(q.Root))
	}
	if p = p.Submit("保存", map[string]string{"tel": "不告诉你"}); p.Status != 400 {
		t.Errorf("words for a number: %d", p.Status)
	}
	if p = guest.Get(path).Submit("保存", map[string]string{"tel": "0631-6650000"}); p.Status != 200 || !strings.Contains(p.Body, "0631-6650000") {
		t.Errorf("a number left: %d %s", p.Status, webtest.Text(p.Root))
	}

	// A meeting is settled and she doesn't look.
	who := desktest.Mediator.Actor()
	if _, err := d.Cases.BookTime(t.Context(), who, ca.ID, dispute.Slot{ID: slots[0]}, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	q := desk.Get(casePath)
	if !q.Has(title) || !q.Has("0631-6650000") || !q.Has("见面约好了：") || !q.Has("还没打开看") || !desk.Get("/console/work").Has("要打电话") {
		t.Fatalf("with a meeting that she hasn't seen, the mediator reads\n%s", webtest.Text(q.Root))
	}
	if d.Resident().Get("/").Has("0631-6650000") || strings.Contains(d.SignIn(desktest.Far).Get(casePath).Body, "0631-6650000") {
		t.Error("somebody else reads her number")
	}

	// The reminder comes after a working day, once; then it is ticked off.
	reminded := func() int {
		t.Helper()
		if _, err := d.Cases.TickDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		events, err := d.Cases.Events(t.Context(), who, ca.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(slices.DeleteFunc(events, func(e dispute.Event) bool { return e.Detail["deadline"] != string(dispute.DueTell) }))
	}
	if n := reminded(); n != 0 {
		t.Errorf("reminded %d times at once", n)
	}
	d.Clock.Add(25 * time.Hour)
	if n := reminded(); n != 1 {
		t.Errorf("reminded %d times after a working day, want once", n)
	}
	desk = d.SignIn(desktest.Mediator) // a day later
	// What was changed between looking and ticking stays to be told.
	stale := desk.Get(casePath)
	if _, err := d.Cases.PutOffMeeting(t.Context(), who, ca.ID, "调解员开会", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	if got := stale.Submit("已电话告知", map[string]string{"note": "说能来"}); got.Status != 409 {
		t.Errorf("older news ticked off: %d", got.Status)
	}
	if q = desk.Get(casePath); !q.Has("见面取消了") || q.Has("见面约好了：") {
		t.Errorf("the newest news isn't what is to be told:\n%s", webtest.Text(q.Root))
	}
	if q = q.Submit("已电话告知", map[string]string{"note": "知道了，下周都行"}); q.Has(title) || !q.Has("知道了，下周都行") || !q.Has("已电话告知") {
		t.Errorf("ticked off: %d %s", q.Status, webtest.Text(q.Root))
	}
	d.Clock.Add(100 * time.Hour)
	if n := reminded(); n != 1 {
		t.Errorf("reminded %d times in all, also after it was told", n)
	}
	if err := d.DB.Cases().Verify(t.Context(), ca.ID); err != nil {
		t.Errorf("the trail: %v", err)
	}
}

// TestWhoCameToTheCounterIsToldByTelephone: a reporter without any address.
func TestWhoCameToTheCounterIsToldByTelephone(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d, func(f *dispute.Filing) { f.Report.Contact.Address, f.Report.Source = "", "counter" })
	timesFor(t, d, ca.ID)
	p := d.SignIn(desktest.Mediator).Get("/console/cases/" + string(ca.ID))
	if !p.Has("要打电话告诉的") || !p.Has("申请人 赵试民") || !p.Has("13900000000") {
		t.Errorf("the mediator reads\n%s", webtest.Text(p.Root))
	}
	// Who is reached over a channel isn't telephoned.
	d2 := desktest.Open(t)
	ca = claimed(t, d2)
	timesFor(t, d2, ca.ID)
	if p := d2.SignIn(desktest.Mediator).Get("/console/cases/" + string(ca.ID)); p.Has("要打电话告诉的") {
		t.Errorf("who reported from a page is to be telephoned:\n%s", webtest.Text(p.Root))
	}
}

// TestWhatWasSpokenAboutIsNotToldAgain: a time that the mediator books since both
// sides agreed to it needs no telephone.
func TestWhatWasSpokenAboutIsNotToldAgain(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d)
	desk := d.SignIn(desktest.Mediator)
	link(t, desk, ca.ID)
	timesFor(t, d, ca.ID)
	own := dispute.Slot{At: d.Clock.Now().Add(9 * 24 * time.Hour).Truncate(time.Hour), Minutes: 60, Where: dispute.AtCentre}
	if _, err := d.Cases.BookTime(t.Context(), desktest.Mediator.Actor(), ca.ID, own, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	if p := desk.Get("/console/cases/" + string(ca.ID)); p.Has("要打电话告诉的") {
		t.Errorf("the mediator reads\n%s", webtest.Text(p.Root))
	}
}
