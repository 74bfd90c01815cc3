package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// counter files a case for somebody who left a number and has no address: what
// they must know is told by telephone.
func (d *desk) counter(t *testing.T, clerk access.Actor) dispute.Case {
	t.Helper()
	c, err := d.cases.File(t.Context(), clerk, dispute.Filing{
		Token: "counter", Gate: dispute.Gate{Verdict: dispute.Yes}, Report: dispute.Report{
			Village: "371083001219", Category: "neighbour", What: "楼上漏水", Source: "counter", Urgency: dispute.Normal, Consented: d.now,
			Contact: dispute.Contact{Name: "赵大姐", Phone: "13800138000"}, ConsentBy: clerk.ID,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// phoned counts how often a case's trail says that somebody was telephoned.
func (d *desk) phoned(t *testing.T, who access.Actor, id dispute.CaseID) (n int, last dispute.Event) {
	t.Helper()
	events, err := d.cases.Events(t.Context(), who, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == "phoned" {
			n, last = n+1, e
		}
	}
	return n, last
}

// TestCallsAreTickedOffFromTheChat: the mediator reads whom to telephone and what
// to say under the reminder, ticks it off there, once, by who may, and the trail
// names them and what was answered.
func TestCallsAreTickedOffFromTheChat(t *testing.T) {
	d := newDesk(t, bot.Options{})
	zhang, clerk := d.hire("老张", access.Mediator, "501", "371083001219"), d.hire("前台", access.Clerk, "600")
	li := d.hire("老李", access.Mediator, "502", "371083001219")
	c := d.counter(t, clerk)
	if _, err := d.cases.Claim(t.Context(), zhang, c.ID, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.cases.Advance(t.Context(), zhang, c.ID, dispute.OpMediate, "", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	offer := func() {
		t.Helper()
		_, err := d.cases.OfferTimes(t.Context(), zhang, c.ID, []dispute.Slot{
			{At: d.now.Add(6 * 24 * time.Hour).Truncate(time.Hour), Minutes: 60, Where: dispute.AtCentre},
			{At: d.now.Add(7 * 24 * time.Hour).Truncate(time.Hour), Minutes: 60, Where: dispute.AtCentre},
		}, dispute.Seen{})
		if err != nil {
			t.Fatal(err)
		}
	}
	offer()
	d.now = d.now.Add(4 * 24 * time.Hour)
	if _, err := d.cases.TickDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.sent.all = nil
	d.courier(t)
	var note bot.Reply
	for _, s := range d.sent.all {
		if s.to.String() == "telegram:501" && strings.Contains(s.reply.Text, "打电话告诉当事人") {
			note = s.reply
		}
	}
	list := d.chat(t, zhang, "telegram:501", "", buttonOf(t, note, "要打电话告诉的"))
	if said := flat(list); !strings.Contains(said, "赵大姐") || !strings.Contains(said, "13800138000") || !strings.Contains(said, "请对方挑能来的") {
		t.Fatalf("whom to call:\n%s", said)
	}
	told := buttonOf(t, list, "已电话告知")

	// Somebody else's press of the same button, and a colleague's own, do nothing.
	d.chat(t, li, "telegram:502", "", told)
	if n, _ := d.phoned(t, clerk, c.ID); n != 0 {
		t.Fatal("a colleague ticked it off by the mediator's button")
	}
	if r := d.chat(t, zhang, "telegram:501", "", told); !strings.Contains(r.Text, "记下了") {
		t.Fatalf("ticked off: %s", r.Text)
	}
	d.chat(t, zhang, "telegram:501", "", told)
	if n, e := d.phoned(t, clerk, c.ID); n != 1 || e.Actor != zhang.ID {
		t.Errorf("pressed twice it is on the trail %d times, by %s", n, e.Actor)
	}
	if r := d.chat(t, zhang, "telegram:501", "", buttonOf(t, note, "要打电话告诉的")); !strings.Contains(r.Text, "没有要打电话") {
		t.Errorf("nothing left to tell: %s", r.Text)
	}

	// With newer news the old list's button ticks nothing off; words are kept.
	offer()
	view := d.chat(t, zhang, "telegram:501", "", buttonOf(t, note, "看详情"))
	list = d.chat(t, zhang, "telegram:501", "", buttonOf(t, view, "要打电话告诉的"))
	said := buttonOf(t, list, "已告知，记一句对方的话")
	d.chat(t, zhang, "telegram:501", "", said)
	if r := d.chat(t, zhang, "telegram:501", "周六上午能来", ""); !strings.Contains(r.Text, "记下了") {
		t.Fatalf("with her words: %s", r.Text)
	}
	if n, e := d.phoned(t, clerk, c.ID); n != 2 || e.Text != "周六上午能来" {
		t.Errorf("the trail has %d calls, the last says %q", n, e.Text)
	}
	d.now = d.now.Add(time.Minute)
	offer()
	if r := d.chat(t, zhang, "telegram:501", "", buttonOf(t, list, "已电话告知")); !strings.Contains(r.Text, "新消息") {
		t.Errorf("an old button after newer news: %s", r.Text)
	}
}
