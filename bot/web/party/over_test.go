package party_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// TestHowItEndedIsSaidAsItWas: a case that the parties settled themselves or that
// died out isn't called taken back, on no page; taken up again, it is said so.
func TestHowItEndedIsSaidAsItWas(t *testing.T) {
	d := desktest.Open(t)
	desk, who := d.SignIn(desktest.Mediator), desktest.Mediator.Actor()
	for name, tc := range map[string]struct {
		end             func(id dispute.CaseID) error
		tag, says, tell string
		reads           string   // the tag as a party reads it
		never           []string // what the page of such a case must not say
	}{
		"settled": {func(id dispute.CaseID) error {
			_, err := d.Cases.RecordOutcome(t.Context(), who, id, dispute.Result{Outcome: dispute.Settled, Summary: "说好了"}, dispute.Seen{})
			return err
		}, "自行和解", "双方自己商量好了", "双方自己商量好了，调解到这里", "自行和解", []string{"已撤回", "没有谈成", "上次结果"}},
		"died out": {func(id dispute.CaseID) error {
			_, err := d.Cases.DieOut(t.Context(), who, id, "外机拆了", dispute.Seen{})
			return err
		}, "纠纷消失", "事情已经不在了", "纠纷消失了，可以结案", "事情已经不在了", []string{"已撤回", "没有谈成", "自行和解了"}},
		"taken back": {func(id dispute.CaseID) error {
			_, err := d.Cases.Withdraw(t.Context(), desktest.Resident0, id, "", dispute.Seen{})
			return err
		}, "已撤回", "申请撤回了", "申请撤回了，调解到这里", "已撤回", []string{"自行和解了", "没有谈成"}},
		"taken up again": {func(id dispute.CaseID) error {
			if _, err := d.Cases.DieOut(t.Context(), who, id, "外机拆了", dispute.Seen{}); err != nil {
				return err
			}
			_, err := d.Cases.Advance(t.Context(), desktest.Clerk.Actor(), id, dispute.OpReopen, "又装上了", dispute.Seen{})
			return err
		}, "待认领", "这件事重新办理了。下一步：调解员接手", "上次结果", "等调解员接手", []string{"已撤回", "缺："}},
	} {
		ca, err := d.Cases.Claim(t.Context(), who, d.File(name).ID, dispute.Seen{})
		if err != nil {
			t.Fatal(err)
		}
		guest, path := d.Resident(), link(t, desk, ca.ID)
		comeIn(t, guest, path)
		if err := tc.end(ca.ID); err != nil {
			t.Fatal(name, err)
		}
		casePath := "/console/cases/" + string(ca.ID)
		if p := d.SignIn(desktest.Clerk).Get(casePath); !p.Has(tc.tag) || !p.Has(tc.tell) || slices.ContainsFunc(tc.never, p.Has) {
			t.Errorf("%s: the case's page says\n%s", name, webtest.Text(p.Root))
		}
		p := guest.Get(path)
		if !p.Has(tc.reads) || !p.Has(tc.says) || p.Has("认领") || tc.tag != "待认领" && p.Has("请您参加调解") || tc.tag != "已撤回" && p.Has("已撤回") {
			t.Errorf("%s: the other party reads\n%s", name, webtest.Text(p.Root))
		}
	}
}

// TestNothingIsWrittenOfAnAgreementThatNeverWas: once a case that the parties
// settled themselves is closed, nobody is asked to write its agreement or to enter
// what the court said of it.
func TestNothingIsWrittenOfAnAgreementThatNeverWas(t *testing.T) {
	d := desktest.Open(t)
	ca, who := claimed(t, d), desktest.Mediator.Actor()
	if _, err := d.Cases.RecordOutcome(t.Context(), who, ca.ID, dispute.Result{Outcome: dispute.Settled, Summary: "说好了"}, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	path := "/console/cases/" + string(ca.ID)
	desk := d.SignIn(desktest.Mediator)
	p := desk.Get(path).Submit("结案", nil)
	if !p.Has("已结案") || p.Has("写协议") || p.Has("登记司法确认") {
		t.Errorf("the page of the closed case: %d\n%s", p.Status, webtest.Text(p.Root))
	}
	if _, err := d.Cases.Amend(t.Context(), who, ca.ID, dispute.Terms{Terms: []string{"挪外机"}}, "补写", dispute.Seen{}); fault.Of(err) != fault.Conflict {
		t.Errorf("an agreement written afterwards: %v", err)
	}
}

// TestWhomToTelephoneStandsTogether: both parties under one heading, a form for
// each, and room to press.
func TestWhomToTelephoneStandsTogether(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d, func(f *dispute.Filing) { f.Report.Contact.Address, f.Report.Source = "", "counter" })
	desk := d.SignIn(desktest.Mediator)
	link(t, desk, ca.ID)
	timesFor(t, d, ca.ID)
	p := desk.Get("/console/cases/" + string(ca.ID))
	if n := strings.Count(p.Body, `id="tell"`); n != 1 || strings.Count(p.Body, `/phone"`) != 2 {
		t.Errorf("%d blocks, %d forms", n, strings.Count(p.Body, `/phone"`))
	}
}

// TestPartiesReadNoWordsOfTheStaff: each state has a word of its own for them.
func TestPartiesReadNoWordsOfTheStaff(t *testing.T) {
	texts := webtest.Texts(t)
	for _, state := range append(slices.Clone(dispute.States), "settled", "died_out") {
		said := texts.Say("web.stands."+string(state), nil)
		for _, word := range []string{"认领", "审查", "转办", "并案", "中止"} {
			if strings.Contains(said, word) {
				t.Errorf("%s is told as %s", state, said)
			}
		}
	}
}
