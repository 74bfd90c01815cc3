package telegram_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/telegram/tgtest"
	"github.com/anjie-desk/anjie/content"
)

var (
	piece = content.Item{
		ID: "m03", Title: "网购<七天>能退吗", Digest: "摘要", Body: "## 先说结论\n**多数能退**，看四样。\n\n- 衣服\n- 鞋\n\n1. 拍照\n2. 联系\n\n> 老王说：退了。",
		Citations: []content.Citation{{Short: "某法", Article: "25"}}, Reviewed: "2026-11-22",
	}
	march = publicity.Slot{ID: "2026/m03", Year: 2026, Item: "m03", Due: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
)

func TestAPieceIsPostedToTheChannel(t *testing.T) {
	d := newDesk(t)
	o := d.Outlet("@chengqu_law", "https://desk.example/")
	ref, err := o.Publish(t.Context(), march, piece)
	if err != nil || ref != "https://t.me/chengqu_law/1" {
		t.Fatalf("Publish = %q, %v", ref, err)
	}
	m := d.server.Sent()[0]
	want := "<b>网购&lt;七天&gt;能退吗</b>\n\n<b>先说结论</b>\n\n<b>多数能退</b>，看四样。\n\n• 衣服\n• 鞋\n\n1. 拍照\n2. 联系\n\n▎老王说：退了。\n\n依据：《某法》第25条"
	if !strings.HasPrefix(m.Text, want) || m.Chat != "@chengqu_law" {
		t.Errorf("posted to %s\n%s\nwant\n%s", m.Chat, m.Text, want)
	}
	if len(m.Buttons) != 1 || m.Buttons[0].URL != "https://desk.example/column/2026/m03" {
		t.Errorf("buttons are %+v, want the way to the column", m.Buttons)
	}
	if ref, err := d.Outlet("-100555", "").Publish(t.Context(), march, piece); err != nil || ref != "-100555/2" || len(d.server.Sent()[1].Buttons) != 0 {
		t.Errorf("Publish to a channel without name = %q, %v", ref, err)
	}
}

func TestALongPieceIsOneMessageThatSaysSo(t *testing.T) {
	d := newDesk(t)
	it := piece
	it.Body = strings.Repeat("这是一句<话>。\n\n", 900)
	if _, err := d.Outlet("@c", "").Publish(t.Context(), march, it); err != nil {
		t.Fatal(err)
	}
	sent := d.server.Sent()
	if n := len(utf16.Encode([]rune(sent[0].Text))); len(sent) != 1 || n > 4096 || n < 3900 || !strings.HasSuffix(sent[0].Text, "看全文）") {
		t.Errorf("sent %d messages, the first of %d units, ending %q", len(sent), n, sent[0].Text[len(sent[0].Text)-30:])
	}
}

func TestOnlyASendWithoutAnswerIsDoubtful(t *testing.T) {
	for name, tc := range map[string]struct {
		fail tgtest.Failure
		want bool
	}{
		"accepted without an answer": {tgtest.Silence, true},
		"a gateway's page":           {tgtest.BadGateway, false},
		"too many":                   {tgtest.TooMany(3), false},
		"not an administrator":       {tgtest.Failure{Status: 403, Text: "Forbidden: bot is not a member of the channel chat"}, false},
	} {
		d := newDesk(t)
		d.server.Fail("sendMessage", tc.fail)
		o := d.Outlet("@c", "")
		if _, err := o.Publish(t.Context(), march, piece); err == nil || o.Doubtful(err) != tc.want {
			t.Errorf("%s: %v is doubtful: %v, want %v", name, err, o.Doubtful(err), tc.want)
		}
	}
}

func TestEveryShippedItemIsPostedWhole(t *testing.T) {
	lib, err := content.Load(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	o := d.Outlet("@c", "https://desk.example")
	for i, it := range lib.Items {
		if _, err := o.Publish(t.Context(), publicity.Slot{ID: "2026/" + it.ID}, it); err != nil {
			t.Errorf("%s: %v", it.ID, err)
			continue
		}
		if text := d.server.Sent()[i].Text; strings.Contains(text, "**") || strings.HasSuffix(text, "看全文）") {
			t.Errorf("%s comes out cut or with marks:\n%s", it.ID, text)
		}
	}
}
