package telegram_test

import (
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/telegram/tgtest"
)

// person plays a resident on any Bot API server.
type person interface {
	Say(chat int64, text string)
	Press(chat int64, data string)
	Next() tgtest.Message
}

// own makes our strict fake a person's place.
type own struct {
	s    *tgtest.Server
	seen int
}

func (o *own) Say(chat int64, text string)   { o.s.Say(chat, text) }
func (o *own) Press(chat int64, data string) { o.s.Press(chat, data) }

func (o *own) Next() tgtest.Message {
	o.seen++
	return o.s.AwaitSent(o.seen)[o.seen-1]
}

// rice is a small conversation: a card, a question back, a choice, a command.
func rice(m bot.Message) (bot.Reply, error) {
	switch {
	case m.Choice == "no-cert":
		return bot.Reply{Text: "**可以退。** 依据：《某规定》第5条 & 第6条"}, nil
	case m.Text == "彩礼能退不":
		return bot.Reply{Text: "先问您一句：领证了没有？", Choices: []bot.Choice{{Label: "没领证", Data: "no-cert"}, {Label: "领了证", Data: "cert"}}}, nil
	case strings.Contains(m.Text, "安全账户"):
		return bot.Reply{Urgent: &bot.Urgent{Lead: "先别转！", Lines: []string{"挂断"}, Numbers: []string{"110"}}, More: []bot.Reply{{Text: "平常的话"}}}, nil
	}
	return bot.Reply{Text: "听见了：" + m.Text}, nil
}

func converse(t *testing.T, p person) {
	t.Helper()
	const chat = 501
	next := func(want string) tgtest.Message {
		t.Helper()
		m := p.Next()
		if m.Text != want || m.Chat != "501" {
			t.Fatalf("the bot said to %s\n%s\nwant\n%s", m.Chat, m.Text, want)
		}
		return m
	}
	p.Say(chat, "/report 邻居占地")
	next("听见了：我要反映纠纷 邻居占地")
	p.Say(chat, "彩礼能退不")
	if b := next("先问您一句：领证了没有？").Buttons; len(b) != 2 || b[0].Text != "没领证" || b[0].Data != "no-cert" {
		t.Fatalf("buttons are %+v", b)
	}
	p.Press(chat, "no-cert")
	next("<b>可以退。</b> 依据：《某规定》第5条 &amp; 第6条")
	p.Say(chat, "让我转到安全账户")
	next("⛔ <b>先别转！</b>\n• 挂断\n\n电话：<b>110</b>")
	next("平常的话")
}

func TestTheSameConversationOnOurFakeAndAnIndependentServer(t *testing.T) {
	t.Run("ours", func(t *testing.T) {
		d := newDesk(t)
		d.answer = rice
		d.start()
		converse(t, &own{s: d.server})
	})
	t.Run("independent", func(t *testing.T) {
		s := tgtest.NewIndependent(t)
		d := newDesk(t)
		d.answer = rice
		d.opt.Endpoint = s.Endpoint()
		d.open()
		d.start()
		converse(t, s)
	})
}
