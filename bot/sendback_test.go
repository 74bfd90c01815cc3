package bot_test

import (
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/place"
)

// TestACaseOfTheCentreGoesBackToItsVillage: the village's mediators are asked
// and see it in their queue; turned back it waits on at the centre; claimed it is
// the village's.
func TestACaseOfTheCentreGoesBackToItsVillage(t *testing.T) {
	const home = "371083001219"
	d := newDesk(t, bot.Options{})
	li, clerk := d.hire("老李", access.Mediator, "502", home), d.hire("前台", access.Clerk, "600")
	d.hire("老远", access.Mediator, "503", "371083001001")
	chat := bot.Address{Channel: "telegram", Chat: "502"}
	c, err := d.cases.File(t.Context(), access.Actor{ID: "web:a"}, dispute.Filing{Token: "x", Gate: dispute.Gate{Verdict: dispute.Yes}, Report: dispute.Report{
		Village: place.Centre, Category: "neighbour", What: "两家为排水吵", Source: "web", Urgency: dispute.Normal, Consented: d.now,
		Contact: dispute.Contact{Name: "赵大姐", Address: "web:a"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if r := d.tellStaff(t, "502", li, "待办"); !strings.Contains(r.Text, "没有待认领") {
		t.Fatalf("before it is sent back, the village's mediator sees\n%s", flat(r))
	}
	told := func() map[string]bot.Reply {
		t.Helper()
		d.sent.all = nil
		d.courier(t)
		out := map[string]bot.Reply{}
		for _, m := range d.sent.all {
			out[m.to.Chat] = m.reply
		}
		return out
	}
	told()
	if c, err = d.cases.SendBack(t.Context(), clerk, c.ID, home, "", dispute.Seen{}); err != nil || c.Territory != place.Centre {
		t.Fatalf("sent back: %s, %v", c.Territory, err)
	}
	got := told()
	if _, far := got["503"]; far || !strings.Contains(flat(got["502"]), "中心把 仇家洼村 的一件交回来") {
		t.Fatalf("told: %v", got)
	}
	d.press(t, chat, li, dataOf(t, got["502"], "退回中心"))
	if r := d.tellStaff(t, "502", li, "1"); !strings.Contains(r.Text, "还在中心排队") {
		t.Fatalf("turned back:\n%s", flat(r))
	}
	if text := flat(told()["600"]); !strings.Contains(text, "没有接") {
		t.Errorf("the clerk reads\n%s", text)
	}
	if r := d.press(t, chat, li, dataOf(t, got["502"], "我来办")); strings.Contains(r.Text, "您已认领") {
		t.Errorf("what was turned back is claimed by an old button:\n%s", flat(r))
	}
	if _, err = d.cases.SendBack(t.Context(), clerk, c.ID, home, "", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	r := d.tellStaff(t, "502", li, "待办")
	if r = d.press(t, chat, li, dataOf(t, r, "我来办")); !strings.Contains(r.Text, "您已认领") {
		t.Fatalf("claimed:\n%s", flat(r))
	}
	if r := d.press(t, chat, li, dataOf(t, got["502"], "退回中心")); strings.Contains(r.Text, "为什么不接") {
		r = d.tellStaff(t, "502", li, "1")
		if !strings.Contains(r.Text, "不在待认领里") {
			t.Errorf("turned back after the claim:\n%s", flat(r))
		}
	}
	if c, err = d.cases.Brief(t.Context(), clerk, c.ID); err != nil || c.Territory != home || c.Owner != "老李" || c.SentBackTo() != "" {
		t.Errorf("it is at %s with %s, asked of %q, %v", c.Territory, c.Owner, c.SentBackTo(), err)
	}
	if err := d.cases.Verify(t.Context(), clerk, c.ID); err != nil {
		t.Errorf("its trail: %v", err)
	}
	for place, want := range map[string]int{home: 1, place.Centre: 0} {
		list, _, err := d.cases.Cases(t.Context(), clerk, dispute.Filter{Territory: []string{place}})
		if err != nil || len(list) != want {
			t.Errorf("%d cases at %s, %v; want %d", len(list), place, err, want)
		}
	}
	if _, err := d.cases.Release(t.Context(), li, c.ID, "忙", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	if r := d.tellStaff(t, "502", li, "待办"); !strings.Contains(flat(r), "我来办") {
		t.Errorf("released, it isn't in the village's queue:\n%s", flat(r))
	}
}
