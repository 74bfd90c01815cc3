package telegram_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/telegram"
	"github.com/anjie-desk/anjie/bot/telegram/tgtest"
)

func TestAFailedSendSaysWhetherToTryAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		fail  tgtest.Failure
		want  bot.Outcome
		after int
		sent  int
	}{
		"too many requests":           {tgtest.TooMany(17), bot.Retry, 17, 0},
		"a gateway's page":            {tgtest.BadGateway, bot.Retry, 0, 0},
		"an internal error":           {tgtest.Broken, bot.Retry, 0, 0},
		"accepted without an answer":  {tgtest.Silence, bot.Unknown, 0, 1},
		"blocked by the person":       {tgtest.Blocked, bot.Dropped, 0, 0},
		"chat gone":                   {tgtest.Failure{Status: 400, Text: "Bad Request: chat not found"}, bot.Dropped, 0, 0},
		"the token withdrawn":         {tgtest.Failure{Status: 401, Text: "Unauthorized"}, bot.Retry, 0, 0},
		"success that is not JSON":    {tgtest.Failure{Status: 200, Body: "<html>"}, bot.Unknown, 0, 0},
		"a redirect to another place": {tgtest.Failure{Status: 302, Body: "moved"}, bot.Retry, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.server.Fail("sendMessage", tc.fail)
			err := d.Send(t.Context(), bot.Address{Channel: "telegram", Chat: "5"}, bot.Reply{Text: "您好"})
			var se *bot.SendError
			if !errors.As(err, &se) || se.Outcome != tc.want || se.After != tc.after {
				t.Fatalf("Send = %#v, want outcome %d after %d s", err, tc.want, tc.after)
			}
			if n := len(d.server.Sent()); n != tc.sent {
				t.Errorf("%d messages came out, want %d", n, tc.sent)
			}
		})
	}
}

func TestASendThatNeverLeftMayBeRepeated(t *testing.T) {
	d := newDesk(t)
	d.opt.Endpoint = "http://127.0.0.1:1/bot%s/%s"
	d.open()
	err := d.Send(t.Context(), bot.Address{Channel: "telegram", Chat: "5"}, bot.Reply{Text: "您好"})
	var se *bot.SendError
	if !errors.As(err, &se) || se.Outcome != bot.Retry {
		t.Errorf("Send to a closed port = %v, want retry", err)
	}
}

func TestAReplyOfWhichAPartIsOutIsNotRepeated(t *testing.T) {
	d := newDesk(t)
	d.server.Fail("sendMessage", tgtest.Pass, tgtest.Broken)
	err := d.Send(t.Context(), bot.Address{Channel: "telegram", Chat: "5"}, bot.Reply{Text: "一", More: []bot.Reply{{Text: "二"}}})
	var se *bot.SendError
	if !errors.As(err, &se) || se.Outcome != bot.Unknown {
		t.Errorf("Send with its second part refused = %v, want unknown", err)
	}
}

func TestAnAddressOfAnotherChannelIsDropped(t *testing.T) {
	err := newDesk(t).Send(t.Context(), bot.Address{Channel: "web", Chat: "5"}, bot.Reply{Text: "您好"})
	var se *bot.SendError
	if !errors.As(err, &se) || se.Outcome != bot.Dropped {
		t.Errorf("Send to a web address = %v, want dropped", err)
	}
}

func TestAGroupThatMovedIsFollowed(t *testing.T) {
	d := newDesk(t)
	d.server.Fail("sendMessage", tgtest.Failure{Status: 400, Text: "Bad Request: group chat was upgraded", Migrate: -1009})
	if err := d.Send(t.Context(), bot.Address{Channel: "telegram", Chat: "-9"}, bot.Reply{Text: "您好"}); err != nil {
		t.Fatal(err)
	}
	if sent := d.server.Sent(); len(sent) != 1 || sent[0].Chat != "-1009" {
		t.Errorf("sent %+v, want it in the new group", sent)
	}
}

func TestAnAnswerThatDoesNotGoOutIsPutOffWithoutHandlingAgain(t *testing.T) {
	for name, f := range map[string]tgtest.Failure{"a gateway's page": tgtest.BadGateway, "an internal error": tgtest.Broken} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.server.Fail("sendMessage", f, f)
			d.start()
			d.server.Say(5, "在吗")
			for tries := 1; tries <= 2; tries++ {
				d.server.Await("the failed try", func() bool { return d.log.count("answer put off") == tries })
				d.wait(time.Second)
			}
			d.server.AwaitSent(1)
			if n := len(d.messages()); n != 1 {
				t.Errorf("the message was handled %d times, want once", n)
			}
		})
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	d := newDesk(t)
	d.server.Fail("sendMessage", tgtest.TooMany(30))
	d.start()
	d.server.Say(5, "在吗")
	d.server.Await("the refusal", func() bool { return d.log.count("answer put off") == 1 })
	d.wait(29 * time.Second)
	d.server.Say(6, "另一个人")
	d.server.AwaitSent(1)
	if n := len(d.server.Calls("sendMessage")); n != 2 {
		t.Errorf("%d sends after 29 seconds, want the refused one and the other person's", n)
	}
	d.wait(2 * time.Second)
	if sent := d.server.AwaitSent(2); sent[1].Chat != "5" {
		t.Errorf("sent %+v, want the first person's answer second", sent)
	}
}

func TestADoubtfulAnswerIsRepeatedOnce(t *testing.T) {
	d := newDesk(t)
	d.server.Fail("sendMessage", tgtest.Silence, tgtest.Silence)
	d.start()
	d.server.Say(5, "在吗")
	d.server.Await("the first try", func() bool { return d.log.count("answer put off") == 1 })
	d.wait(time.Second)
	d.server.Await("the second try", func() bool { return d.log.count("answer given up") == 1 })
	d.server.Say(5, "二")
	if sent := d.server.AwaitSent(3); sent[0].Text != sent[1].Text || sent[2].Text != "收到：二" {
		t.Errorf("sent %+v, want the doubtful answer twice and then the next", sent)
	}
	if n := len(d.messages()); n != 2 {
		t.Errorf("%d messages were handled, want 2", n)
	}
}

func TestSomebodyWhoBlockedUsIsLeftAlone(t *testing.T) {
	d := newDesk(t)
	d.server.Fail("sendMessage", tgtest.Blocked)
	d.start()
	d.server.Say(5, "一")
	d.server.Await("the refusal", func() bool { return d.log.count("answer given up") == 1 })
	d.server.Say(5, "二")
	if sent := d.server.AwaitSent(1); sent[0].Text != "收到：二" {
		t.Errorf("sent %+v, want only the answer after the person came back", sent)
	}
}

func TestAnAnswerInHandSurvivesARestart(t *testing.T) {
	d := newDesk(t)
	d.server.Fail("sendMessage", tgtest.Pass, tgtest.TooMany(600))
	d.answer = func(bot.Message) (bot.Reply, error) {
		return bot.Reply{Text: "第一段", More: []bot.Reply{{Text: "第二段"}}}, nil
	}
	stop := d.start()
	d.server.Say(5, "在吗")
	d.server.Await("the refusal of the second part", func() bool { return d.log.count("answer put off") == 1 })
	stop()
	d.open()
	d.start()
	d.wait(601 * time.Second)
	if sent := d.server.AwaitSent(2); sent[0].Text != "第一段" || sent[1].Text != "第二段" {
		t.Errorf("sent %+v, want each part once", sent)
	}
	if n := len(d.messages()); n != 1 {
		t.Errorf("the message was handled %d times, want once", n)
	}
}

func TestWhatCannotBeHandledIsTriedAgainAndThenApologisedFor(t *testing.T) {
	for name, answer := range map[string]func(bot.Message) (bot.Reply, error){
		"an error": func(bot.Message) (bot.Reply, error) { return bot.Reply{}, errors.New("redis is away") },
		"a panic":  func(bot.Message) (bot.Reply, error) { panic("a bug") },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.answer = answer
			d.start()
			d.server.Say(5, "在吗")
			for tries := 1; tries <= 4; tries++ {
				d.server.Await("a try", func() bool { return d.log.count("update put off") == tries })
				d.wait(time.Minute)
			}
			sent := d.server.AwaitSent(1)
			if !strings.Contains(sent[0].Text, "再说一遍") || len(d.messages()) != 5 {
				t.Errorf("after %d tries sent %+v, want an apology after 5", len(d.messages()), sent)
			}
		})
	}
}

func TestMessagesKeepTelegramsPace(t *testing.T) {
	d := newDesk(t)
	d.opt.Limits = telegram.Limits{Overall: 1000, Chat: 20, Group: 1000} // three at once, then one every 50 ms
	d.open()
	began := time.Now()
	for range 5 {
		if err := d.Send(t.Context(), bot.Address{Channel: "telegram", Chat: "5"}, bot.Reply{Text: "您好"}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 95*time.Millisecond {
		t.Errorf("five messages took %s, want 100 ms at least", took)
	}
	began = time.Now()
	for _, chat := range []string{"6", "-7", "8"} {
		if err := d.Send(t.Context(), bot.Address{Channel: "telegram", Chat: chat}, bot.Reply{Text: "您好"}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took > 45*time.Millisecond {
		t.Errorf("messages to other chats took %s: they waited for the first chat's turn", took)
	}
}
