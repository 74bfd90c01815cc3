package telegram_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/telegram/tgtest"
)

// said sends a reply and returns the messages that came out.
func said(t *testing.T, r bot.Reply) []tgtest.Message {
	t.Helper()
	d := newDesk(t)
	if err := d.Send(t.Context(), bot.Address{Channel: "telegram", Chat: "5"}, r); err != nil {
		t.Fatal(err)
	}
	return d.server.Sent()
}

func TestARepliesMarksBecomeHTML(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"bold":                       {"**可以退。** 三种情形", "<b>可以退。</b> 三种情形"},
		"bold over several lines":    {"一\n\n**二**\n三", "一\n\n<b>二</b>\n三"},
		"what looks like HTML":       {`<script>&"x"`, "&lt;script&gt;&amp;&quot;x&quot;"},
		"HTML inside bold":           {"**<b>不是</b>**", "<b>&lt;b&gt;不是&lt;/b&gt;</b>"},
		"an odd mark":                {"五**六", "五**六"},
		"other markdown stays as is": {"_a_ [x](y) `z` \\", "_a_ [x](y) `z` \\"},
	} {
		t.Run(name, func(t *testing.T) {
			if sent := said(t, bot.Reply{Text: tc.text}); len(sent) != 1 || sent[0].Text != tc.want {
				t.Errorf("sent %+v, want %q", sent, tc.want)
			}
		})
	}
}

func TestAHelpCardComesFirstAndApart(t *testing.T) {
	sent := said(t, bot.Reply{
		Urgent:  &bot.Urgent{Kind: "fraud", Lead: "先别转！", Lines: []string{"挂断", "已经转了：**马上打 110**"}, After: "拿不准就问。", Numbers: []string{"110", "96110"}},
		Text:    "您再说说？",
		Choices: []bot.Choice{{Label: "已经转出去了", Data: "a"}, {Label: "还没转", Data: "b"}},
		More:    []bot.Reply{{Text: "平常的回答"}},
	})
	want := "⛔ <b>先别转！</b>\n• 挂断\n• 已经转了：<b>马上打 110</b>\n\n拿不准就问。\n电话：<b>110</b>、<b>96110</b>\n\n您再说说？"
	if len(sent) != 2 || sent[0].Text != want || sent[1].Text != "平常的回答" {
		t.Fatalf("sent\n%+v\nwant first\n%s", sent, want)
	}
	if len(sent[0].Buttons) != 2 || len(sent[1].Buttons) != 0 {
		t.Errorf("buttons are %+v and %+v, want both on the card", sent[0].Buttons, sent[1].Buttons)
	}
}

func TestProgressIsShownInADialogue(t *testing.T) {
	if sent := said(t, bot.Reply{Text: "在哪个村？", Progress: "2/8"}); sent[0].Text != "（2/8）\n在哪个村？" {
		t.Errorf("sent %q", sent[0].Text)
	}
}

func TestALongReplyIsCutAfterEscapingAndLosesNothing(t *testing.T) {
	for name, text := range map[string]string{
		"many paragraphs":               strings.Repeat(strings.Repeat("长", 300)+"。\n\n", 60),
		"one line without a break":      strings.Repeat("字", 10000),
		"a line of sentences":           strings.Repeat("这是一句话。", 2000),
		"letters that grow by escaping": strings.Repeat("&<>", 3000),
		"letters outside the plane":     strings.Repeat("𠮷", 5000),
		"bold without end":              "**" + strings.Repeat("重", 9000) + "**",
		"a mixture":                     strings.Repeat("普通**加重 & 加重**又普通<", 900),
	} {
		t.Run(name, func(t *testing.T) {
			sent := said(t, bot.Reply{Text: text, Choices: []bot.Choice{{Label: "好", Data: "ok"}}})
			var all strings.Builder
			for i, m := range sent {
				if n := len(utf16.Encode([]rune(m.Text))); n > 4096 {
					t.Errorf("message %d has %d units", i, n)
				}
				if has := len(m.Buttons) > 0; has != (i == len(sent)-1) {
					t.Errorf("message %d of %d has buttons: %v", i, len(sent), has)
				}
				all.WriteString(m.Plain())
			}
			bare := func(s string) string { return strings.NewReplacer("\n", "", "**", "", " ", "").Replace(s) }
			if bare(all.String()) != bare(text) {
				t.Errorf("the parts are not the whole: %d letters of %d", len([]rune(bare(all.String()))), len([]rune(bare(text))))
			}
			if len(sent) < 2 {
				t.Errorf("sent %d message", len(sent))
			}
		})
	}
}

func TestALineIsCutAfterASentence(t *testing.T) {
	sent := said(t, bot.Reply{Text: strings.Repeat("这是一句话。", 1000)})
	if !strings.HasSuffix(sent[0].Text, "。") {
		t.Errorf("the first message ends with %q", sent[0].Text[len(sent[0].Text)-9:])
	}
}

func TestButtonsFitTelegram(t *testing.T) {
	data := strings.Repeat("d", 64)
	sent := said(t, bot.Reply{Text: "选", Choices: []bot.Choice{
		{Label: "短", Data: data},
		{Label: "也短", Data: "b"},
		{Label: "这个标签长得一行放不下两个", Data: "c"},
		{Label: "看原文", URL: "https://example.cn/a"},
		{Label: "太长的数据", Data: data + "d"},
		{Label: "什么也不做"},
		{Label: strings.Repeat("长", 100), Data: "e"},
	}})
	var labels []string
	for _, b := range sent[0].Buttons {
		labels = append(labels, b.Text)
	}
	want := "短 也短 这个标签长得一行放不下两个 看原文 " + strings.Repeat("长", 63) + "…"
	if got := strings.Join(labels, " "); got != want {
		t.Errorf("buttons are %s, want %s", got, want)
	}
	if sent[0].Buttons[3].URL != "https://example.cn/a" || sent[0].Buttons[0].Data != data {
		t.Errorf("buttons are %+v", sent[0].Buttons)
	}
}

func TestAnEmptyReplyIsNoMessage(t *testing.T) {
	if sent := said(t, bot.Reply{Text: " \n ", Choices: []bot.Choice{{Label: "好", Data: "ok"}}}); len(sent) != 0 {
		t.Errorf("sent %+v, want nothing", sent)
	}
}
