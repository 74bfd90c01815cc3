package bot_test

import (
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/dialog"
)

// TestADialogueThatOnlyAnotherVersionKnowsIsLeftToIt: a replica of an older
// version answers what it can, and keeps what a newer one began, unless the
// person has it all forgotten.
func TestADialogueThatOnlyAnotherVersionKnowsIsLeftToIt(t *testing.T) {
	d, ctx := newDesk(t, bot.Options{}), t.Context()
	from := bot.Address{Channel: "web", Chat: "anna"}
	s := bot.Session{Drafts: []bot.Draft{{Form: "tomorrow", State: dialog.State{Form: "tomorrow", At: "x"}}}}
	if err := d.deps.Dialogs.Save(ctx, from.String(), s, "", bot.Reply{}); err != nil {
		t.Fatal(err)
	}
	d.restart()
	for _, step := range []struct {
		say, want string
		drafts    int
	}{{"在吗", "", 1}, {"我要反映纠纷", "继续吗", 2}, {"忘记我", "", 0}} {
		r, err := d.bot.Handle(ctx, bot.Message{From: from, Text: step.say, At: d.now})
		if err != nil || !strings.Contains(r.Text, step.want) {
			t.Fatalf("%s: %q, %v", step.say, r.Text, err)
		}
		s, _, err := d.deps.Dialogs.Load(ctx, from.String(), "")
		if err != nil || len(s.Drafts) != step.drafts {
			t.Errorf("after %s: %d drafts, %v, want %d", step.say, len(s.Drafts), err, step.drafts)
		}
		if step.drafts > 0 && s.Drafts[0].Form != "tomorrow" {
			t.Errorf("after %s the draft is %s", step.say, s.Drafts[0].Form)
		}
	}
}
