package telegram_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/evidence"
	"github.com/anjie-desk/anjie/bot/fault"
)

const group = -100123

func TestAChatIsLinkedToAnAccountByItsCode(t *testing.T) {
	d := newDesk(t)
	d.accounts.byID["m1"] = access.Account{ID: "m1", Name: "王调解", Role: access.Mediator}
	d.accounts.byID["old"] = access.Account{ID: "old", Role: access.Clerk, Telegram: "5"}
	d.accounts.codes["telegram CODE"] = "m1"
	d.start()
	d.server.Say(5, "/start CODE")
	if sent := d.server.AwaitSent(1); !strings.Contains(sent[0].Text, "王调解") {
		t.Errorf("answered %q, want a welcome by name", sent[0].Text)
	}
	if got := d.accounts.get("m1").Telegram; got != "5" {
		t.Errorf("the account's chat is %q, want 5", got)
	}
	if got := d.accounts.get("old").Telegram; got != "" {
		t.Errorf("the chat still acts for another account: %q", got)
	}
	d.server.Say(5, "队列")
	d.server.AwaitSent(2)
	if who := d.messages()[0].Person; who.ID != "m1" || who.Role != access.Mediator {
		t.Errorf("the conversation saw %+v, want the mediator", who)
	}
}

func TestABadCodeLinksNothingAndIsNotTriedForEver(t *testing.T) {
	d := newDesk(t)
	d.accounts.byID["m1"] = access.Account{ID: "m1", Role: access.Mediator}
	d.accounts.codes["telegram CODE"] = "m1"
	d.accounts.codes["sign-in OTHER"] = "m1"
	d.start()
	for _, code := range []string{"WRONG", "OTHER", "x", "y", "z"} {
		d.server.Say(5, "/start "+code)
	}
	for i, m := range d.server.AwaitSent(5) {
		if !strings.Contains(m.Text, "过期") {
			t.Errorf("try %d: answered %q, want that the link is over", i+1, m.Text)
		}
	}
	d.server.Say(5, "/start CODE")
	if m := d.server.AwaitSent(6)[5]; !strings.Contains(m.Text, "次数太多") {
		t.Errorf("a sixth try was answered %q, want to wait", m.Text)
	}
	if got := d.accounts.get("m1").Telegram; got != "" {
		t.Errorf("the account was linked to %q", got)
	}
	d.server.Say(6, "/start CODE")
	d.server.AwaitSent(7)
	if got := d.accounts.get("m1").Telegram; got != "6" {
		t.Errorf("another chat's good code linked %q, want 6", got)
	}
}

func TestACodeIsNotTakenInAGroup(t *testing.T) {
	d := newDesk(t)
	d.accounts.byID["m1"] = access.Account{ID: "m1", Role: access.Mediator}
	d.accounts.codes["telegram CODE"] = "m1"
	d.start()
	d.server.SayInGroup(group, "/start CODE", nil)
	d.server.AwaitSent(1)
	if got := d.accounts.get("m1").Telegram; got != "" {
		t.Errorf("a group was linked to the account: %q", got)
	}
}

func TestADisabledAccountIsAResident(t *testing.T) {
	d := newDesk(t)
	d.accounts.byID["m1"] = access.Account{ID: "m1", Role: access.Mediator, Telegram: "5", Disabled: true}
	d.start()
	d.server.Say(5, "队列")
	d.server.AwaitSent(1)
	if who := d.messages()[0].Person; who.Staff() || who.ID != "telegram:5" {
		t.Errorf("the conversation saw %+v, want a resident", who)
	}
}

func TestWhoSomebodyIsIsNeverGuessed(t *testing.T) {
	d := newDesk(t)
	d.accounts.fail = errors.New("redis is away")
	d.start()
	d.server.Say(5, "队列")
	d.server.Await("the failure", func() bool { return d.log.count("update put off") > 0 })
	if n := len(d.messages()); n != 0 {
		t.Errorf("the conversation got %d messages of an unknown person", n)
	}
}

func TestAGroupIsAnsweredOnlyWhenItAsksAndNeverPersonally(t *testing.T) {
	d := newDesk(t)
	d.accounts.byID["m1"] = access.Account{ID: "m1", Role: access.Mediator, Telegram: "77"}
	d.answer = func(m bot.Message) (bot.Reply, error) {
		return bot.Reply{Text: "答：" + m.Text, Choices: []bot.Choice{{Label: "申请调解", Data: "report"}}}, nil
	}
	d.start()
	d.server.SayInGroup(group, "今天吃什么", nil)
	d.server.SayInGroup(group, "/help@some_other_bot", nil)
	d.server.SayInGroup(group, "回复别人的话", map[string]any{"reply_to_message": map[string]any{"date": 1, "chat": map[string]any{"id": group}, "from": map[string]any{"id": 8, "username": "someone"}}})
	d.server.SayInGroup(group, "@Anjie_Test_Bot 彩礼能退不", nil)
	d.server.SayInGroup(group, "/help@anjie_test_bot", nil)
	d.server.SayInGroup(group, "那要多久", map[string]any{"reply_to_message": map[string]any{"date": 1, "chat": map[string]any{"id": group}, "from": map[string]any{"id": 1, "username": "anjie_test_bot"}}})
	sent := d.server.AwaitSent(3)
	for i, want := range []string{"答：彩礼能退不", "答：帮助", "答：那要多久"} {
		if sent[i].Text != want {
			t.Errorf("answer %d is %q, want %q", i, sent[i].Text, want)
		}
		if b := sent[i].Buttons; len(b) != 1 || b[0].URL != "https://t.me/anjie_test_bot" {
			t.Errorf("answer %d has buttons %+v, want only the way to a private chat", i, b)
		}
	}
	if n := len(d.messages()); n != 3 {
		t.Errorf("the conversation got %d messages, want 3", n)
	}
	for _, m := range d.messages() {
		if !m.Group || m.Person.Staff() || m.Person.ID != "telegram:77" {
			t.Errorf("the conversation saw %+v in group %v, want a resident in a group", m.Person, m.Group)
		}
	}
}

func TestAPressedButtonIsAChoice(t *testing.T) {
	d := newDesk(t)
	d.start()
	d.server.Press(5, "case:12")
	d.server.AwaitSent(1)
	if m := d.messages()[0]; m.Choice != "case:12" || m.Text != "" || m.From.Chat != "5" {
		t.Errorf("the conversation got %+v, want the choice", m)
	}
	if a := d.server.Answered(); len(a) != 1 || a[0]["text"] != "" {
		t.Errorf("the press was answered %+v, want silently", a)
	}
}

func TestAButtonInAGroupLeadsToAPrivateChat(t *testing.T) {
	d := newDesk(t)
	d.start()
	d.server.PressInGroup(group, "case:12")
	d.server.Await("the answer to the press", func() bool { return len(d.server.Answered()) == 1 })
	if a := d.server.Answered()[0]; !strings.Contains(a["text"], "单独聊") {
		t.Errorf("the press was answered %+v", a)
	}
	d.server.Say(5, "别的")
	d.server.AwaitSent(1)
	if n := len(d.messages()); n != 1 {
		t.Errorf("the conversation got %d messages, want none from the group", n)
	}
}

func TestAnOldPressIsHandledAllTheSame(t *testing.T) {
	d := newDesk(t)
	d.start()
	d.server.Update(map[string]any{"callback_query": map[string]any{
		"id": "too-old", "from": map[string]any{"id": 5}, "data": "x",
		"message": map[string]any{"date": 1, "chat": map[string]any{"id": 5, "type": "private"}},
	}})
	d.server.AwaitSent(1)
}

func TestACommandIsSaidAsAPersonWould(t *testing.T) {
	d := newDesk(t)
	d.start()
	for i, tc := range []struct{ typed, want string }{
		{"/start", "开始"},
		{"/report", "我要反映纠纷"},
		{"/report 邻居占地", "我要反映纠纷 邻居占地"},
		{"/ask 彩礼能退不", "彩礼能退不"},
		{"/progress@anjie_test_bot", "进度"},
		{"/Cancel", "取消"},
		{"/nonsense x", "nonsense x"},
	} {
		d.server.Say(5, tc.typed)
		d.server.AwaitSent(i + 1)
		if got := d.messages()[i].Text; got != tc.want {
			t.Errorf("%s was said as %q, want %q", tc.typed, got, tc.want)
		}
	}
}

func TestFilesComeWithTheirCaption(t *testing.T) {
	d := newDesk(t)
	store, err := evidence.Open(t.TempDir(), evidence.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d.opt.Files = store
	d.open()
	d.server.Hold("large", []byte("%PDF-1.4 as good as a photograph"))
	d.server.Hold("v", []byte("OggS a voice"))
	d.server.Hold("program", []byte("MZ\x90\x00"))
	d.server.Hold("elsewhere", []byte("moved"))
	d.start()
	d.server.Attach(5, map[string]any{"caption": "墙裂了", "photo": []map[string]any{
		{"file_id": "small", "file_unique_id": "1", "width": 90, "height": 90, "file_size": 100},
		{"file_id": "large", "file_unique_id": "2", "width": 900, "height": 900, "file_size": 9000},
	}})
	d.server.Attach(5, map[string]any{"voice": map[string]any{"file_id": "v", "file_unique_id": "3", "duration": 3, "mime_type": "audio/ogg", "file_size": 7}})
	d.server.Attach(5, map[string]any{"sticker": map[string]any{"file_id": "s"}})
	for _, id := range []string{"program", "elsewhere", "gone"} {
		d.server.Attach(5, map[string]any{"document": map[string]any{"file_id": id, "file_unique_id": id, "file_name": "a.pdf", "file_size": 7}})
	}
	sent := d.server.AwaitSent(6)
	heard := d.messages()
	if len(heard) != 5 || heard[0].Text != "墙裂了" || len(heard[0].Files) != 1 || heard[0].Lost != 0 {
		t.Fatalf("the conversation got %+v, want the largest photo with its caption", heard)
	}
	if data, err := store.Read(t.Context(), heard[0].Files[0].Ref); err != nil || !strings.Contains(string(data), "photograph") {
		t.Errorf("the photo is kept as %q, %v", data, err)
	}
	if f := heard[1].Files; len(f) != 1 || f[0].Name != "voice.ogg" || f[0].Type != "audio/ogg" {
		t.Errorf("the conversation got files %+v, want the voice", f)
	}
	for _, m := range heard[2:] {
		if m.Lost != 1 || len(m.Files) != 0 {
			t.Errorf("a file that can't be taken came as %+v", m)
		}
	}
	if !strings.Contains(sent[2].Text, "看不了") {
		t.Errorf("a sticker was answered %q", sent[2].Text)
	}
}

func TestAFileThatFindsNoRoomIsToldSo(t *testing.T) {
	d := newDesk(t)
	store, err := evidence.Open(t.TempDir(), evidence.Options{Waiting: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	d.opt.Files = store
	d.open()
	d.server.Hold("v", []byte("OggS a voice"))
	d.start()
	for range 2 {
		d.server.Attach(5, map[string]any{"voice": map[string]any{"file_id": "v", "file_unique_id": "3", "duration": 3, "mime_type": "audio/ogg", "file_size": 7}})
	}
	d.server.AwaitSent(2)
	heard := d.messages()
	if len(heard) != 2 || heard[0].Crowded != 0 || len(heard[0].Files) != 1 || heard[1].Crowded != 1 || heard[1].Lost != 0 {
		t.Errorf("the conversation got %+v", heard)
	}
}

func TestARefusalOfTheConversationIsApologisedForAtOnce(t *testing.T) {
	d := newDesk(t)
	d.answer = func(bot.Message) (bot.Reply, error) { return bot.Reply{}, fault.New(fault.Denied, "no") }
	d.start()
	d.server.Say(5, "x")
	d.server.AwaitSent(1)
	if n := len(d.messages()); n != 1 {
		t.Errorf("a refused message was handled %d times", n)
	}
}
