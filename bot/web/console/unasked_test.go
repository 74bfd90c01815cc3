package console_test

import (
	"testing"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// TestTheMediatorReadsWhatIsStillToBeAsked of the questions of the type; before
// the claim nobody does, since an answer may only be withheld.
func TestTheMediatorReadsWhatIsStillToBeAsked(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("unasked", func(f *dispute.Filing) { f.Report.Extra = map[string]string{"neighbour.matter": "噪声"} })
	m := d.SignIn(desktest.Mediator)
	path := "/console/cases/" + string(ca.ID)
	if p := m.Get(path); p.Has("还要问当事人的") {
		t.Errorf("before the claim:\n%s", webtest.Text(p.Root))
	}
	if p := m.Get(path).Submit("我来办", nil); !p.Has("还要问当事人的") || !p.Has("谈过没有") || p.Has("主要是哪样") {
		t.Errorf("after the claim:\n%s", webtest.Text(p.Root))
	}
}
