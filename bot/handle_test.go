package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/content"
)

func web(chat string) bot.Address { return bot.Address{Channel: "web", Chat: chat} }

// tell sends words as a resident of the web page.
func (d *desk) tell(tb testing.TB, from bot.Address, texts ...string) bot.Reply {
	tb.Helper()
	var r bot.Reply
	for _, text := range texts {
		var err error
		if r, err = d.bot.Handle(context.Background(), bot.Message{From: from, Text: text, At: d.now}); err != nil {
			tb.Fatalf("%s: %v", text, err)
		}
	}
	return r
}

func (d *desk) press(tb testing.TB, from bot.Address, who access.Actor, data string) bot.Reply {
	tb.Helper()
	r, err := d.bot.Handle(context.Background(), bot.Message{From: from, Person: who, Choice: data, At: d.now})
	if err != nil {
		tb.Fatalf("%s: %v", data, err)
	}
	return r
}

func dataOf(tb testing.TB, r bot.Reply, label string) string {
	tb.Helper()
	for _, c := range choices(r) {
		if c.Label == label {
			return c.Data
		}
	}
	tb.Fatalf("no button %s in:\n%s", label, flat(r))
	return ""
}

var filed = []string{
	"我要反映纠纷，邻居家的树根把俺家地面拱裂了", "同意", "仇家洼", "对", "对", "去年", "树木", "跳过", "跳过", "跳过", "把树挪走", "我自己的事", "可以说", "孙大姐 13800138000", "提交",
}

func TestARepeatedMessageIsAnsweredTheSameAndDoneOnce(t *testing.T) {
	d := newDesk(t, bot.Options{})
	for i, text := range filed {
		var first string
		for range 3 {
			r, err := d.bot.Handle(t.Context(), bot.Message{ID: fmt.Sprint(i), From: web("a"), Text: text})
			if err != nil {
				t.Fatal(err)
			}
			if first == "" {
				first = flat(r)
			} else if flat(r) != first {
				t.Fatalf("%s: the repeat is answered\n%s\nnot\n%s", text, flat(r), first)
			}
		}
	}
	mine, err := d.cases.MyReports(t.Context(), access.Actor{ID: "web:a"})
	if err != nil || len(mine) != 1 {
		t.Errorf("%d cases, %v; want 1", len(mine), err)
	}
}

func TestMessagesOfOnePersonAtOnceAreAllTaken(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.tell(t, web("a"), filed[:13]...)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { d.tell(t, web("a"), "孙大姐 13800138000") })
	}
	wg.Wait()
	if r := d.tell(t, web("a"), "提交"); !strings.Contains(flat(r), "城区受字第") {
		t.Errorf("after two messages at once the report says:\n%s", flat(r))
	}
}

func TestTheSameButtonPressedTwiceFilesOnce(t *testing.T) {
	d := newDesk(t, bot.Options{})
	r := d.tell(t, web("a"), filed[:14]...)
	submit := dataOf(t, r, "没问题，报上去")
	d.press(t, web("a"), access.Actor{}, submit)
	if again := d.press(t, web("a"), access.Actor{}, submit); strings.Contains(flat(again), "城区受字第") {
		t.Errorf("the second press files again:\n%s", flat(again))
	}
	mine, err := d.cases.MyReports(t.Context(), access.Actor{ID: "web:a"})
	if err != nil || len(mine) != 1 {
		t.Errorf("%d cases, %v; want 1", len(mine), err)
	}
}

func TestAButtonWorksForItsPersonOnly(t *testing.T) {
	d := newDesk(t, bot.Options{})
	r := d.tell(t, web("a"), filed...)
	for _, label := range []string{"查进度", "补充材料", "撤回"} {
		stolen := d.press(t, web("b"), access.Actor{}, dataOf(t, r, label))
		if text := flat(stolen); strings.Contains(text, "城区受字第") || !strings.Contains(text, "过期") {
			t.Errorf("%s, pressed by another, gives:\n%s", label, text)
		}
	}
	d.courier(t)
	mediator := d.hire("老张", access.Mediator, "501")
	d.hire("老李", access.Mediator, "502")
	queue := d.tellStaff(t, "501", mediator, "待办")
	claim := dataOf(t, queue, "我来办")
	if text := flat(d.press(t, bot.Address{Channel: "telegram", Chat: "999"}, access.Actor{}, claim)); !strings.Contains(text, "过期") {
		t.Errorf("a resident pressing a mediator's button gets:\n%s", text)
	}
	// The same chat without the role any more: judged anew.
	if text := flat(d.press(t, bot.Address{Channel: "telegram", Chat: "501"}, access.Actor{}, claim)); !strings.Contains(text, "没找到") {
		t.Errorf("a mediator who is none any more claims:\n%s", text)
	}
	for _, forged := range []string{"h:aaaaaaaaaaaaaaaa", "h:", "d:9:9", "d:x", "a:7:src", "a::", "q:nowhere", "u:fraud:99", "u:none:0", "zzz", ":"} {
		if text := flat(d.press(t, web("b"), access.Actor{}, forged)); !strings.Contains(text, "过期") {
			t.Errorf("%s gives:\n%s", forged, text)
		}
	}
}

func (d *desk) tellStaff(tb testing.TB, chat string, who access.Actor, text string) bot.Reply {
	tb.Helper()
	r, err := d.bot.Handle(context.Background(), bot.Message{From: bot.Address{Channel: "telegram", Chat: chat}, Person: who, Text: text})
	if err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return r
}

func TestAGroupLearnsNothingPersonal(t *testing.T) {
	d := newDesk(t, bot.Options{ReportOn: map[string]bool{"telegram": true}, PublicURL: "https://desk.example"})
	mediator := d.hire("老张", access.Mediator, "501")
	d.tell(t, web("a"), filed...)
	group := bot.Address{Channel: "telegram", Chat: "-100"}
	for _, text := range []string{"进度", "待办", "我要反映纠纷", "转人工", "忘记我", "撤回", "进度 0001"} {
		r, err := d.bot.Handle(t.Context(), bot.Message{From: group, Person: mediator, Text: text, Group: true})
		if err != nil || !strings.Contains(r.Text, "这是群里") {
			t.Errorf("%s in a group gives %v:\n%s", text, err, flat(r))
		}
	}
	for text, want := range map[string]string{
		"打的欠条 过了好几年了还好使不":    "依据：",
		"客服让我共享屏幕转账到安全账户 咋办": "96110",
		"帮助": "把事情说出来",
	} {
		r, err := d.bot.Handle(t.Context(), bot.Message{From: group, Text: text, Group: true})
		if err != nil || !strings.Contains(flat(r), want) {
			t.Errorf("%s in a group gives %v:\n%s", text, err, flat(r))
		}
		for _, c := range choices(r) {
			if c.URL == "" {
				t.Errorf("%s in a group has the button %s", text, c.Label)
			}
		}
	}
	if r := d.press(t, group, access.Actor{}, "c:progress"); strings.Contains(flat(r), "受字") {
		t.Errorf("a button in a group shows:\n%s", flat(r))
	}
}

func TestFilesAreKeptWithTheReport(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.tell(t, web("a"), "我要反映纠纷", "同意", "仇家洼")
	voice := bot.File{Name: "voice.ogg", Type: "audio/ogg", Ref: "f1", Size: 9}
	if _, err := d.bot.Handle(t.Context(), bot.Message{From: web("a"), Files: []bot.File{voice}}); err != nil {
		t.Fatal(err)
	}
	r := d.tell(t, web("a"), "邻里", "昨天", "跳过", "跳过", "跳过", "跳过", "赔礼", "1", "1", "孙大姐 13800138000", "提交")
	if !strings.Contains(r.Text, "城区受字第") {
		t.Fatalf("a report by voice is not filed:\n%s", flat(r))
	}
	mine, err := d.cases.MyReports(t.Context(), access.Actor{ID: "web:a"})
	if err != nil || len(mine) != 1 {
		t.Fatalf("%d cases, %v", len(mine), err)
	}
	c, err := d.cases.Case(t.Context(), access.Actor{ID: "web:a"}, mine[0].ID)
	if err != nil || len(c.Report.Evidence) != 1 || c.Report.Evidence[0].Key != "f1" || d.files.refs[0] != "f1" || !strings.Contains(c.Report.What, "录音") {
		t.Errorf("evidence %+v, what %q, %v; want the recording", c.Report.Evidence, c.Report.What, err)
	}
	if r, err := d.bot.Handle(t.Context(), bot.Message{From: web("b"), Files: []bot.File{voice}}); err != nil || !strings.Contains(r.Text, "没有留下") {
		t.Errorf("a file out of nowhere gives %v:\n%s", err, flat(r))
	}
	if !slices.Contains(d.files.dropped, voice.Ref) {
		t.Errorf("dropped %v; the resident was told that nothing was kept", d.files.dropped)
	}
	if r := d.tell(t, web("b"), " "); !strings.Contains(r.Text, "打字") {
		t.Errorf("an empty message gives:\n%s", flat(r))
	}
}

// TestWhatWasSentForAFormGoesWithIt: who gives a report up is told that nothing
// was kept.
func TestWhatWasSentForAFormGoesWithIt(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.tell(t, web("a"), "我要反映纠纷", "同意", "仇家洼")
	voice := bot.File{Name: "voice.ogg", Type: "audio/ogg", Ref: "f1", Size: 9}
	if _, err := d.bot.Handle(t.Context(), bot.Message{From: web("a"), Files: []bot.File{voice}}); err != nil {
		t.Fatal(err)
	}
	if r := d.tell(t, web("a"), "取消"); !strings.Contains(r.Text, "没有留下") {
		t.Errorf("given up:\n%s", flat(r))
	}
	if !slices.Equal(d.files.dropped, []string{voice.Ref}) || len(d.files.removed) > 0 {
		t.Errorf("dropped %v, removed %v", d.files.dropped, d.files.removed)
	}
}

func TestPhotographsAreAddedToACase(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.tell(t, web("a"), filed...)
	d.tell(t, web("a"), "谢谢", "补充材料", "裂缝又宽了")
	var r bot.Reply
	for i := range 2 {
		var err error
		photo := bot.File{Name: "p.jpg", Type: "image/jpeg", Ref: fmt.Sprint(i), Size: 9}
		if r, err = d.bot.Handle(t.Context(), bot.Message{From: web("a"), Files: []bot.File{photo}}); err != nil {
			t.Fatal(err)
		}
	}
	if r := d.press(t, web("a"), access.Actor{}, dataOf(t, r, "发完了")); !strings.Contains(r.Text, "补充的内容") {
		t.Errorf("after two photographs:\n%s", flat(r))
	}
	if !slices.Equal(d.files.refs, []string{"0", "1"}) {
		t.Errorf("kept for good: %v", d.files.refs)
	}
	if r, err := d.bot.Handle(t.Context(), bot.Message{From: web("a"), Text: "谢谢", Lost: 2}); err != nil || !strings.Contains(r.Text, "有 2 个文件没收下") {
		t.Errorf("two files that couldn't be taken: %v\n%s", err, flat(r))
	}
	if r, err := d.bot.Handle(t.Context(), bot.Message{From: web("a"), Text: "谢谢", Crowded: 2}); err != nil || !strings.Contains(r.Text, "有 2 个文件没存下") || !strings.Contains(r.Text, "窗口") {
		t.Errorf("two files that found no room: %v\n%s", err, flat(r))
	}
}

// TestWordsAreKeptWhereFilesFindNoRoom: the resident is told so, and what finds
// no room is destroyed.
func TestWordsAreKeptWhereFilesFindNoRoom(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.tell(t, web("a"), filed...)
	resident := access.Actor{ID: "web:a"}
	mine, err := d.cases.MyReports(t.Context(), resident)
	if err != nil || len(mine) != 1 {
		t.Fatalf("%d cases, %v", len(mine), err)
	}
	film := dispute.Evidence{Name: "film.mp4", Type: "video/mp4", Key: "film", Size: 200 << 20}
	if _, err := d.cases.Supplement(t.Context(), resident, mine[0].ID, "", []dispute.Evidence{film}, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	d.tell(t, web("a"), "谢谢", "补充材料", "裂缝又宽了")
	r, err := d.bot.Handle(t.Context(), bot.Message{From: web("a"), Files: []bot.File{{Name: "p.jpg", Type: "image/jpeg", Ref: "p", Size: 9}}})
	if err != nil {
		t.Fatal(err)
	}
	if r := d.press(t, web("a"), access.Actor{}, dataOf(t, r, "发完了")); !strings.Contains(r.Text, "没有存下") || !strings.Contains(r.Text, "您写的话放进") {
		t.Errorf("with no room left:\n%s", flat(r))
	}
	if !slices.Equal(d.files.removed, []string{"p"}) {
		t.Errorf("destroyed: %v", d.files.removed)
	}
	clerk := access.Actor{ID: "k", Role: access.Clerk}
	events, err := d.cases.Events(t.Context(), clerk, mine[0].ID)
	if err != nil || events[len(events)-1].Text != "裂缝又宽了" {
		t.Errorf("the trail ends with %+v, %v", events[len(events)-1], err)
	}
}

func TestAPausedCaseIsTakenUpAgainInTheChat(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.tell(t, web("a"), filed...)
	who := d.hire("老张", access.Mediator, "501")
	queue, err := d.cases.Queue(t.Context(), who, 5)
	if err != nil || len(queue) != 1 {
		t.Fatalf("%d cases wait, %v", len(queue), err)
	}
	id := queue[0].ID
	if _, err := d.cases.Claim(t.Context(), who, id, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	for _, op := range []dispute.Op{dispute.OpMediate, dispute.OpPause} {
		if _, err := d.cases.Advance(t.Context(), who, id, op, "等鉴定", dispute.Seen{}); err != nil {
			t.Fatal(err)
		}
	}
	r := d.tellStaff(t, "501", who, "我的案子")
	if r := d.press(t, bot.Address{Channel: "telegram", Chat: "501"}, who, dataOf(t, r, "恢复调解")); !strings.Contains(r.Text, "调解中") {
		t.Errorf("taking it up again gives:\n%s", flat(r))
	}
}

// broken is a case service that always fails in one way.
type broken struct {
	bot.Cases
	err error
}

func (b broken) File(context.Context, access.Actor, dispute.Filing) (dispute.Case, error) {
	return dispute.Case{}, b.err
}

func TestAReportThatCouldNotBeTakenIsNotLost(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		want string // "" for an error to the channel
	}{
		"redis is away":         {errors.New("redis: connection refused"), ""},
		"too many open cases":   {dispute.ErrTooMany, "已经不少"},
		"not permitted":         {access.Actor{}.Require(access.ManageCases), "权限"},
		"changed meanwhile":     {dispute.ErrStale, "晚了一步"},
		"the case has moved on": {dispute.ErrMove, "往前走了"},
		"not to be taken so":    {fault.New(fault.Invalid, "village retired"), "没填对"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, bot.Options{})
			d.tell(t, web("a"), filed[:14]...)
			whole := d.deps.Cases
			d.deps.Cases = broken{whole, tc.err}
			d.restart()
			r, err := d.bot.Handle(t.Context(), bot.Message{From: web("a"), Text: "提交"})
			if (err != nil) != (tc.want == "") || !strings.Contains(r.Text, tc.want) {
				t.Errorf("submitting gives %v:\n%s", err, flat(r))
			}
			d.deps.Cases = whole
			d.restart()
			if r := d.tell(t, web("a"), "提交"); !strings.Contains(r.Text, "城区受字第") {
				t.Errorf("submitting again gives:\n%s", flat(r))
			}
		})
	}
}

// column is a column of two pieces.
type column struct{}

func (column) Latest(context.Context, int) ([]content.Item, error) {
	return []content.Item{{Title: "腊月里的欠薪", Digest: "怎么要回来"}, {Title: "放炮的规矩", Digest: "哪儿能放"}}, nil
}

func TestTheColumnShowsItsNewestPieces(t *testing.T) {
	d := newDesk(t, bot.Options{PublicURL: "https://desk.example"})
	d.deps.Column = column{}
	d.restart()
	r := d.tell(t, web("a"), "看普法")
	if !strings.Contains(r.Text, "腊月里的欠薪") || len(r.Choices) != 1 || r.Choices[0].URL != "https://desk.example/column" {
		t.Errorf("the column reads:\n%s %+v", flat(r), r.Choices)
	}
}

func TestForgettingDropsTheConversation(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.tell(t, web("a"), filed[:5]...)
	d.tell(t, web("a"), "忘记我")
	if r := d.tell(t, web("a"), "接着填"); !strings.Contains(r.Text, "没有在填的") {
		t.Errorf("after 忘记我 the dialogue goes on:\n%s", flat(r))
	}
}

func TestWhatAMessageWasIsObserved(t *testing.T) {
	var kinds []string
	d := newDesk(t, bot.Options{Observe: func(channel, kind string, _ time.Duration) { kinds = append(kinds, channel+":"+kind) }})
	for i, text := range []string{"打的欠条 过了好几年了还好使不", "彩礼能退不", "推荐个股票呗", "俺对象又动手了 俺不敢回家", "帮助", "我要反映纠纷", "同意"} {
		for range 1 + i/6 { // the last one twice
			if _, err := d.bot.Handle(t.Context(), bot.Message{ID: fmt.Sprint(i), From: web("a"), Text: text}); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := "web:answer web:clarify web:refuse web:urgent web:command web:dialog web:dialog web:repeat"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("observed %s, want %s", got, want)
	}
}

// TestAnyMessageIsAnswered says anything, in any order, pressed or typed.
func TestAnyMessageIsAnswered(t *testing.T) {
	d := newDesk(t, bot.Options{ReportOn: map[string]bool{"web": true, "telegram": true}})
	mediator := d.hire("老张", access.Mediator, "501")
	adviser := d.hire("顾问", access.Adviser, "900")
	people := []bot.Message{
		{From: web("a")},
		{From: web("b")},
		{From: bot.Address{Channel: "telegram", Chat: "501"}, Person: mediator},
		{From: bot.Address{Channel: "telegram", Chat: "900"}, Person: adviser},
	}
	texts := append([]string{
		"", "返回", "取消", "跳过", "进度", "撤回", "补充材料", "转人工", "待办", "待答", "我的案子", "忘记我", "1", "2", "对", "不是", "好了",
		"那要多久", "要花钱不", "彩礼能退不", "他刚才拿刀砍我", "请问调解收费吗", "邻居漏水把俺家泡了咋整", "谢谢", "推荐个股票呗", "13800138000",
		strings.Repeat("长", 3000), "/start", "/nothing", "民法典188条", "双方", "达成口头协议", "三千",
	}, filed...)
	last := make([]bot.Reply, len(people))
	rapid.Check(t, func(t *rapid.T) {
		for range rapid.IntRange(1, 25).Draw(t, "turns") {
			i := rapid.IntRange(0, len(people)-1).Draw(t, "who")
			m := people[i]
			if cs := choices(last[i]); len(cs) > 0 && rapid.Bool().Draw(t, "press") {
				m.Choice = rapid.SampledFrom(cs).Draw(t, "choice").Data
			}
			if m.Choice == "" {
				m.Text = rapid.SampledFrom(texts).Draw(t, "text")
			}
			r, err := d.bot.Handle(context.Background(), m)
			if err != nil {
				t.Fatalf("%+v: %v", m, err)
			}
			sound(t, m, r)
			last[i] = r
		}
	})
}

// sound checks what holds for every reply.
func sound(t *rapid.T, m bot.Message, r bot.Reply) {
	if r.Text == "" && r.Urgent == nil {
		t.Fatalf("%+v is answered by nothing", m)
	}
	for _, c := range r.Choices {
		if c.Label == "" || len(c.Data) > 64 || (c.Data == "") == (c.URL == "") {
			t.Fatalf("%+v is answered with the button %+v", m, c)
		}
	}
	if text := flat(r); strings.Contains(text, "<no value>") || strings.Contains(text, "map[") {
		t.Fatalf("%+v is answered by a broken text:\n%s", m, text)
	}
	for _, more := range r.More {
		sound(t, m, more)
	}
}
