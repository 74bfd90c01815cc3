package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// chat says something as somebody and returns what is answered.
func (d *desk) chat(t *testing.T, who access.Actor, address, text, choice string) bot.Reply {
	t.Helper()
	from, _ := bot.ParseAddress(address)
	if who.ID == "" {
		who.ID = address
	}
	r, err := d.bot.Handle(t.Context(), bot.Message{ID: time.Now().String(), From: from, Person: who, Text: text, Choice: choice, At: d.now})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func buttonOf(t *testing.T, r bot.Reply, label string) string {
	t.Helper()
	for _, c := range choices(r) {
		if c.Label == label {
			return c.Data
		}
	}
	t.Fatalf("no button %s in:\n%s", label, flat(r))
	return ""
}

func (d *desk) emergency(t *testing.T) dispute.Case {
	t.Helper()
	c, err := d.cases.File(t.Context(), access.Actor{ID: "web:hana"}, dispute.Filing{
		Gate: dispute.Gate{Verdict: dispute.Yes}, Why: "有威胁的话，可能激化", Report: dispute.Report{
			Village: "371083001219", Category: "neighbour", What: "扬言要动手", Source: "web", Urgency: dispute.Emergency, Consented: d.now,
			Contact: dispute.Contact{Name: "赵大姐", Phone: "13800138000", Address: "web:hana"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sentTo delivers the outbox and returns the last message to an address.
func (d *desk) sentTo(t *testing.T, address string) bot.Reply {
	t.Helper()
	d.sent.all = nil
	d.courier(t)
	for i := len(d.sent.all) - 1; i >= 0; i-- {
		if d.sent.all[i].to.String() == address {
			return d.sent.all[i].reply
		}
	}
	t.Fatalf("nothing was sent to %s", address)
	return bot.Reply{}
}

func TestAnEmergencyIsAcknowledgedOnceAndSaysItsRule(t *testing.T) {
	d := newDesk(t, bot.Options{})
	zhang, clerk := d.hire("老张", access.Mediator, "501", "371083001219"), d.hire("前台", access.Clerk, "600")
	d.emergency(t)
	note := d.sentTo(t, "telegram:501")
	if !strings.Contains(note.Text, "有威胁的话，可能激化") {
		t.Errorf("the notice doesn't say why it is urgent:\n%s", note.Text)
	}
	again := d.among(t, "telegram:600")
	if r := d.chat(t, zhang, "telegram:501", "", buttonOf(t, note, "我知道了")); !strings.Contains(r.Text, "不再每小时提醒") {
		t.Errorf("acknowledged: %s", r.Text)
	}
	if r := d.chat(t, clerk, "telegram:600", "", buttonOf(t, again, "我知道了")); !strings.Contains(r.Text, "已经有同事知道了") {
		t.Errorf("acknowledged again: %s", r.Text)
	}
}

// among finds a message among those delivered last.
func (d *desk) among(t *testing.T, address string) bot.Reply {
	t.Helper()
	for _, m := range d.sent.all {
		if m.to.String() == address {
			return m.reply
		}
	}
	t.Fatalf("nothing was sent to %s", address)
	return bot.Reply{}
}

func TestWhoWasRefusedOrCameTooLateIsToldSo(t *testing.T) {
	d := newDesk(t, bot.Options{})
	zhang, clerk := d.hire("老张", access.Mediator, "501", "371083001219"), d.hire("前台", access.Clerk, "600")
	c := d.emergency(t)
	claim := buttonOf(t, d.sentTo(t, "telegram:501"), "我来办")
	d.chat(t, zhang, "telegram:501", "", claim)
	if r := d.chat(t, zhang, "telegram:501", "", buttonOf(t, d.chat(t, zhang, "telegram:501", "我的案子", ""), "转给别人")); !strings.Contains(r.Text, "没有别的同事") {
		t.Errorf("nobody to give it to: %s", r.Text)
	}
	li := d.hire("老李", access.Mediator, "502")
	if _, err := d.cases.Offer(t.Context(), zhang, c.ID, li, "出差", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	offer := d.sentTo(t, "telegram:502")
	if _, err := d.cases.TurnDown(t.Context(), clerk, c.ID, "", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	d.chat(t, li, "telegram:502", "", buttonOf(t, offer, "不转了"))
	if r := d.chat(t, li, "telegram:502", "跳过", ""); !strings.Contains(r.Text, "已经结束") {
		t.Errorf("turned down what was over: %s", r.Text)
	}
	reporter := access.Actor{ID: "web:hana"}
	first := buttonOf(t, d.chat(t, reporter, "web:hana", "进度", ""), "换调解员")
	d.chat(t, reporter, "web:hana", "", first)
	if _, err := d.cases.Object(t.Context(), clerk, c.ID, "电话里说的", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	if r := d.chat(t, reporter, "web:hana", "就是想换一位", ""); !strings.Contains(r.Text, "已经提过") {
		t.Errorf("objected twice: %s", r.Text)
	}
	if _, err := d.cases.Replace(t.Context(), clerk, c.ID, "", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	if r := d.chat(t, zhang, "telegram:501", "", claim); !strings.Contains(r.Text, "请别的同事办") {
		t.Errorf("the refused mediator claims: %s", r.Text)
	}
}

func second[T any](_ T, err error) error { return err }

func TestAMergedReporterSeesTheCaseItBecamePartOf(t *testing.T) {
	d := newDesk(t, bot.Options{})
	zhang, clerk := d.hire("老张", access.Mediator, "501", "371083001219"), d.hire("前台", access.Clerk, "600")
	first := d.emergency(t)
	twin, err := d.cases.File(t.Context(), access.Actor{ID: "web:other"}, dispute.Filing{
		Gate: dispute.Gate{Verdict: dispute.Yes}, Report: dispute.Report{
			Village: "371083001219", Category: "neighbour", What: "扬言要动手", Source: "web", Urgency: dispute.Normal, Consented: d.now,
			Contact: dispute.Contact{Name: "赵大姐", Phone: "13800138000", Address: "web:other"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		second(d.cases.Merge(t.Context(), clerk, twin.ID, first.ID, dispute.Seen{})),
		second(d.cases.Claim(t.Context(), zhang, first.ID, dispute.Seen{})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	note := d.sentTo(t, "web:other")
	r := d.chat(t, access.Actor{}, "web:other", "", buttonOf(t, note, "查进度"))
	for _, want := range []string{string(twin.Number), string(first.Number), "老张"} {
		if !strings.Contains(r.Text, want) {
			t.Errorf("the merged reporter isn't told %q:\n%s", want, r.Text)
		}
	}
}
