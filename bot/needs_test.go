package bot_test

import (
	"slices"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/needs"
)

// noteBook notes what is recorded.
type noteBook struct{ asked []needs.Asked }

func (l *noteBook) Record(a needs.Asked) { l.asked = append(l.asked, a) }

func (l *noteBook) kinds() (out []needs.Kind) {
	for _, a := range l.asked {
		out = append(out, a.Kind)
	}
	return out
}

func TestWhatResidentsAskIsRecordedByHowItWasAnswered(t *testing.T) {
	d := newDesk(t, bot.Options{})
	l := &noteBook{}
	d.deps.Needs = l
	d.restart()
	anna := web("anna")
	answered := d.tell(t, anna, "没领证，也没一起住，彩礼能退不")
	d.tell(t, anna, "火星上的地皮咋分红咧", "你好", "帮助")
	d.press(t, anna, access.Actor{}, dataOf(t, answered, "没用"))
	d.press(t, anna, access.Actor{}, dataOf(t, answered, "有用"))
	if want := []needs.Kind{needs.Answered, needs.Refused, needs.Useless, needs.Useful}; !slices.Equal(l.kinds(), want) {
		t.Errorf("recorded %v, want %v", l.asked, want)
	}
	if got := l.asked[2]; got.Entry == "" || got.Text != "没领证，也没一起住，彩礼能退不" {
		t.Errorf("the opinion is about %+v", got)
	}

	repeat := bot.Message{ID: "m1", From: anna, Text: "火星上的地皮咋分红咧", At: d.now}
	before := len(l.asked)
	for range 2 {
		if _, err := d.bot.Handle(t.Context(), repeat); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.asked) != before+1 {
		t.Errorf("a message that came twice was recorded %d times", len(l.asked)-before)
	}

	before = len(l.asked)
	if _, err := d.bot.AskOnce(t.Context(), "火星上的地皮咋分红咧", 3); err != nil {
		t.Fatal(err)
	}
	staff := d.hire("k1", access.Clerk, "1")
	if _, err := d.bot.Handle(t.Context(), bot.Message{From: web("k1"), Person: staff, Text: "火星上的地皮咋分红咧", At: d.now}); err != nil {
		t.Fatal(err)
	}
	if len(l.asked) != before {
		t.Errorf("what the terminal and the staff asked was recorded: %v", l.asked[before:])
	}
}
