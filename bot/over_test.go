package bot_test

import (
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/answer"
)

func TestTheCardOfADangerThatIsOverComesAfterTheAnswer(t *testing.T) {
	k := entries(3, "injury-021")
	r := reply(t, k, "去年失火烧了俺家棚子怎么赔")
	if r.Urgent != nil || !strings.Contains(r.Text, "谁有过错") || len(r.More) != 1 || r.More[0].Urgent == nil {
		t.Errorf("got a card first: %v, text %q and %d more; want the answer, then the card", r.Urgent != nil, r.Text, len(r.More))
	}
	r = reply(t, k, "俺家着火了咋办")
	if r.Urgent == nil || len(r.More) != 0 {
		t.Errorf("a fire that burns now: card %v, %d more; want the card alone", r.Urgent != nil, len(r.More))
	}
	d := newDesk(t, bot.Options{})
	d.deps.Answers = answer.NewService(k, d.lib, d.talk, answer.Options{Now: d.opt.Now})
	d.restart()
	once, err := d.bot.AskOnce(t.Context(), "去年失火烧了俺家棚子怎么赔", 3)
	if err != nil || once.Kind != answer.Answered || once.Urgent == nil {
		t.Fatalf("asked once: %s, card %v, %v", once.Kind, once.Urgent, err)
	}
	if said, card := strings.Index(once.Reply, "谁有过错"), strings.Index(once.Reply, once.Urgent.Lead); said < 0 || card < said {
		t.Errorf("answer at %d, card at %d; want the answer first", said, card)
	}
}
