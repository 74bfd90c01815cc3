package party_test

import (
	"testing"

	"github.com/anjie-desk/anjie/bot/dispute"
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
	}{
		"settled": {func(id dispute.CaseID) error {
			_, err := d.Cases.RecordOutcome(t.Context(), who, id, dispute.Result{Outcome: dispute.Settled, Summary: "说好了"}, dispute.Seen{})
			return err
		}, "自行和解", "双方自己商量好了", "调解到这里结束了"},
		"died out": {func(id dispute.CaseID) error {
			_, err := d.Cases.DieOut(t.Context(), who, id, "外机拆了", dispute.Seen{})
			return err
		}, "纠纷消失", "事情已经不在了", "调解到这里结束了"},
		"taken back": {func(id dispute.CaseID) error {
			_, err := d.Cases.Withdraw(t.Context(), desktest.Resident0, id, "", dispute.Seen{})
			return err
		}, "已撤回", "申请撤回了", "调解到这里结束了"},
		"taken up again": {func(id dispute.CaseID) error {
			if _, err := d.Cases.DieOut(t.Context(), who, id, "外机拆了", dispute.Seen{}); err != nil {
				return err
			}
			_, err := d.Cases.Advance(t.Context(), desktest.Clerk.Actor(), id, dispute.OpReopen, "又装上了", dispute.Seen{})
			return err
		}, "待认领", "还没有约时间", "这件事重新办理了"},
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
		if p := d.SignIn(desktest.Clerk).Get(casePath); !p.Has(tc.tag) || !p.Has(tc.tell) || tc.tag != "已撤回" && p.Has("已撤回") {
			t.Errorf("%s: the case's page says\n%s", name, webtest.Text(p.Root))
		}
		p := guest.Get(path)
		if !p.Has(tc.tag) || !p.Has(tc.says) || tc.tag != "待认领" && p.Has("请您参加调解") || tc.tag != "已撤回" && p.Has("已撤回") {
			t.Errorf("%s: the other party reads\n%s", name, webtest.Text(p.Root))
		}
	}
}
