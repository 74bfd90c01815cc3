package console_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// TestAReminderSaysWhichDeadlineItWas, and the how-manieth time.
func TestAReminderSaysWhichDeadlineItWas(t *testing.T) {
	d := desktest.Open(t)
	ca := d.File("late")
	for range 2 {
		d.Clock.Add(49 * time.Hour)
		if _, err := d.Cases.TickDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	p := d.SignIn(desktest.Clerk).Get("/console/cases/" + string(ca.ID))
	if !p.Has("提醒：到期还没有人接手") || !p.Has("提醒：到期还没有人接手（第 2 次）") {
		t.Errorf("the trail:\n%s", webtest.Text(p.Root))
	}
}

// TestEveryDeadlineHasAName finds the kinds in the source: one that isn't in the
// list would be reminded of without a name.
func TestEveryDeadlineHasAName(t *testing.T) {
	files, err := filepath.Glob("../../dispute/*.go")
	if err != nil {
		t.Fatal(err)
	}
	texts := webtest.Texts(t).Keys()
	found := 0
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`TimerKind = "(\w+)"`).FindAllStringSubmatch(string(raw), -1) {
			found++
			if !slices.Contains(dispute.TimerKinds, dispute.TimerKind(m[1])) || !slices.Contains(texts, "web.deadline."+m[1]) {
				t.Errorf("the deadline %s of %s has no name", m[1], f)
			}
		}
	}
	if found != len(dispute.TimerKinds) {
		t.Errorf("%d kinds are in the source, %d in the list", found, len(dispute.TimerKinds))
	}
}
