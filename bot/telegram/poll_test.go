package telegram_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/telegram/tgtest"
)

func TestAMessageIsHandledAndAnswered(t *testing.T) {
	d := newDesk(t)
	d.start()
	up := d.server.Say(5, "邻居占地")
	sent := d.server.AwaitSent(1)[0]
	if sent.Chat != "5" || sent.Text != "收到：邻居占地" || sent.ParseMode != "HTML" {
		t.Errorf("sent %+v, want the answer as HTML to chat 5", sent)
	}
	m := d.messages()[0]
	if m.ID != fmt.Sprint(up) || m.From != (bot.Address{Channel: "telegram", Chat: "5"}) || m.Person.ID != "telegram:5" || m.Group || m.At.Unix() != 1795000000 {
		t.Errorf("the conversation got %+v", m)
	}
	d.server.Await("the update's confirmation", func() bool { return d.server.Unconfirmed() == 0 })
}

func TestARedeliveredUpdateIsHandledOnce(t *testing.T) {
	d := newDesk(t)
	d.start()
	id := d.server.Say(5, "一")
	d.server.AwaitSent(1)
	again := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1,"text":"一","from":{"id":5},"chat":{"id":5,"type":"private"}}}`, id)
	d.server.Raw([]byte(again))
	d.server.Say(5, "二")
	d.server.AwaitSent(2)
	if n := len(d.messages()); n != 2 {
		t.Errorf("the conversation got %d messages, want 2", n)
	}
}

func TestWhatIsNotKeptIsNotConfirmed(t *testing.T) {
	d := newDesk(t)
	d.inbox.set(errors.New("redis is away"))
	d.start()
	d.server.Say(5, "别丢了我")
	d.server.Await("three polls", func() bool { return len(d.server.Calls("getUpdates")) >= 3 })
	if n := d.server.Unconfirmed(); n != 1 {
		t.Fatalf("%d updates wait at Telegram while Redis is away, want 1", n)
	}
	d.inbox.set(nil)
	sent := d.server.AwaitSent(2)
	if !strings.Contains(sent[0].Text, "没丢") || !strings.Contains(sent[1].Text, "别丢了我") {
		t.Errorf("said %q, answered %q", sent[0].Text, sent[1].Text)
	}
}

// TestWhileTheDeskIsAwayItIsSaidOnce to each person, and to no group.
func TestWhileTheDeskIsAwayItIsSaidOnce(t *testing.T) {
	d := newDesk(t)
	d.inbox.set(errors.New("redis is away"))
	d.start()
	d.server.Say(5, "一")
	d.server.SayInGroup(-9, "/start", nil)
	d.server.Say(6, "二")
	d.server.AwaitSent(2)
	polls := len(d.server.Calls("getUpdates"))
	d.server.Await("two more polls", func() bool { return len(d.server.Calls("getUpdates")) >= polls+2 })
	var told []string
	for _, m := range d.server.Sent() {
		told = append(told, m.Chat)
	}
	if strings.Join(told, " ") != "5 6" {
		t.Errorf("told %v", told)
	}
}

func TestUpdatesOfUnknownShapeStopNothing(t *testing.T) {
	d := newDesk(t)
	d.start()
	d.server.Raw([]byte(`{"no_id":true}`))
	d.server.Raw([]byte(`"not even an object"`))
	d.server.Update(map[string]any{"message": "a string where an object was"})
	d.server.Update(map[string]any{"message": map[string]any{"date": "today", "chat": map[string]any{"id": "x"}}})
	d.server.Update(map[string]any{"message_reaction_of_2030": map[string]any{"chat": map[string]any{"id": 5}}})
	d.server.Update(map[string]any{"edited_message": map[string]any{"text": "改了", "chat": map[string]any{"id": 5}}})
	d.server.Update(map[string]any{"channel_post": map[string]any{"text": "公告", "chat": map[string]any{"id": 5, "type": "channel"}}})
	d.server.Update(map[string]any{"callback_query": map[string]any{"id": "1", "data": "x"}})
	d.server.Update(map[string]any{"message": map[string]any{
		"date": 1, "text": "我是机器人", "from": map[string]any{"id": 9, "is_bot": true}, "chat": map[string]any{"id": 9, "type": "private"},
	}})
	d.server.Say(5, "在吗")
	if sent := d.server.AwaitSent(1); sent[0].Text != "收到：在吗" {
		t.Errorf("answered %q, want the one real message", sent[0].Text)
	}
	if n := len(d.messages()); n != 1 {
		t.Errorf("the conversation got %d messages, want 1: %+v", n, d.messages())
	}
}

func TestAnotherPollerIsToldOnceAndClearly(t *testing.T) {
	d := newDesk(t)
	conflict := tgtest.Failure{Status: 409, Text: "Conflict: terminated by other getUpdates request"}
	d.server.Fail("getUpdates", conflict, conflict, conflict)
	d.start()
	d.server.Say(5, "在吗")
	d.server.AwaitSent(1)
	if n := d.log.count("another program is receiving with the same token"); n != 1 {
		t.Errorf("the conflict was logged %d times, want once:\n%s", n, d.log)
	}
	d.server.Await("the line that it is over", func() bool { return d.log.count("the other poller is gone") == 1 })
}

func TestThePollGoesOnAfterAnyFailure(t *testing.T) {
	for name, f := range map[string]tgtest.Failure{
		"a gateway's page":       tgtest.BadGateway,
		"an internal error":      tgtest.Broken,
		"a line that is cut":     tgtest.Silence,
		"too many requests":      tgtest.TooMany(0),
		"a page instead of JSON": {Status: 200, Body: "<html>captive portal</html>"},
		"a broken batch":         {Status: 200, Body: `{"ok":true,"result":{"not":"a list"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.server.Fail("getUpdates", f, f)
			d.server.Say(5, "在吗")
			d.start()
			d.server.AwaitSent(1)
		})
	}
}

func TestTheDeskWaitsForTelegramAtStart(t *testing.T) {
	d := newDesk(t)
	d.server.Fail("getMe", tgtest.BadGateway, tgtest.Broken, tgtest.Silence)
	d.server.Fail("deleteWebhook", tgtest.Broken)
	d.server.Fail("setMyCommands", tgtest.Failure{Status: 404, Text: "Not Found"})
	d.start()
	d.server.Say(5, "在吗")
	d.server.AwaitSent(1)
	if n := len(d.server.Calls("getMe")); n != 4 {
		t.Errorf("getMe was called %d times, want 4", n)
	}
	if d.log.count("menu of commands not set") != 1 {
		t.Errorf("the log does not say that the menu is missing:\n%s", d.log)
	}
}

func TestRunEndsAtOnceInMidPoll(t *testing.T) {
	d := newDesk(t)
	d.opt.Poll = 50 * time.Second
	d.open()
	stop := d.start()
	d.server.Await("a poll", func() bool { return len(d.server.Calls("getUpdates")) > 0 })
	ended := make(chan struct{})
	go func() { stop(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(25 * time.Second):
		t.Fatal("Run did not end at once of its context")
	}
}

func TestRunAnswersWhatItIsHandlingBeforeItEnds(t *testing.T) {
	d := newDesk(t)
	begun, goOn := make(chan struct{}), make(chan struct{})
	d.answer = func(bot.Message) (bot.Reply, error) {
		close(begun)
		<-goOn
		return bot.Reply{Text: "办好了"}, nil
	}
	stop := d.start()
	d.server.Say(5, "慢事")
	<-begun
	ended := make(chan struct{})
	go func() { stop(); close(ended) }()
	select {
	case <-ended:
		t.Fatal("Run ended while a message was being handled")
	case <-time.After(50 * time.Millisecond):
	}
	close(goOn)
	<-ended
	if sent := d.server.Sent(); len(sent) != 1 || sent[0].Text != "办好了" {
		t.Errorf("sent %+v, want the answer", sent)
	}
}

func TestAChatIsAnsweredInOrderAndWaitsForNobodyElse(t *testing.T) {
	d := newDesk(t)
	slow := make(chan struct{})
	d.answer = func(m bot.Message) (bot.Reply, error) {
		if m.Text == "慢" {
			<-slow
		}
		return bot.Reply{Text: m.Text}, nil
	}
	d.start()
	d.server.Say(5, "慢")
	for i := range 10 {
		d.server.Say(5, fmt.Sprint(i))
	}
	for i := range 10 {
		d.server.Say(6, fmt.Sprint(i))
	}
	d.server.AwaitSent(10)
	close(slow)
	got := map[string]string{}
	for _, m := range d.server.AwaitSent(21) {
		got[m.Chat] += m.Text
	}
	if got["6"] != "0123456789" || got["5"] != "慢0123456789" {
		t.Errorf("chats were answered %q, want each in order", got)
	}
}

func TestTwoReplicasShareTheWorkWithoutDoubles(t *testing.T) {
	d := newDesk(t)
	first := d.Channel
	d.start()
	d.open()
	if first == d.Channel {
		t.Fatal("there is only one replica")
	}
	// The second polls too: the conflict throws one of them out each time, and
	// what both fetched is kept once.
	d.start()
	var g sync.WaitGroup
	for chat := int64(1); chat <= 5; chat++ {
		g.Go(func() {
			for i := range 4 {
				d.server.Say(chat, fmt.Sprint(i))
			}
		})
	}
	g.Wait()
	d.server.AwaitSent(20)
	got := map[string]int{}
	for _, m := range d.messages() {
		got[m.From.Chat+m.Text]++
	}
	for what, n := range got {
		if n != 1 {
			t.Errorf("message %s was handled %d times", what, n)
		}
	}
	if len(got) != 20 {
		t.Errorf("%d messages were handled, want 20", len(got))
	}
}
