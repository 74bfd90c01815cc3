package chat_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/evidence"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/bot/web/chat"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
	"github.com/anjie-desk/anjie/knowledge"
)

// desk answers by script: what is said, what is answered.
type desk struct {
	mu     sync.Mutex
	script map[string]bot.Reply
	heard  []bot.Message
	forget func(bot.Message)
}

func (d *desk) Handle(_ context.Context, m bot.Message) (bot.Reply, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = append(d.heard, m)
	switch m.Text {
	case "忘记我":
		d.forget(m)
	case "broken":
		return bot.Reply{}, errors.New("canary: redis is away")
	case "silent":
		return bot.Reply{}, nil
	}
	if r, ok := d.script[m.Text+m.Choice]; ok {
		return r, nil
	}
	return bot.Reply{Text: "没听懂：" + m.Text}, nil
}

func (d *desk) said() []bot.Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.heard
}

type rig struct {
	*desk
	chat       *chat.Chat
	transcript *webtest.Transcript
	files      *evidence.Store
	base       string
}

func open(t *testing.T, script map[string]bot.Reply, opt chat.Options) rig {
	t.Helper()
	return openWith(t, script, opt, evidence.Options{})
}

func openWith(t *testing.T, script map[string]bot.Reply, opt chat.Options, keep evidence.Options) rig {
	t.Helper()
	r := rig{desk: &desk{script: script}, transcript: webtest.NewTranscript()}
	texts := webtest.Texts(t)
	var err error
	if r.files, err = evidence.Open(t.TempDir(), keep); err != nil {
		t.Fatal(err)
	}
	opt.Log = slog.New(slog.DiscardHandler)
	r.chat = chat.New(chat.Deps{Bot: r.desk, Transcript: r.transcript, Texts: texts, Files: r.files}, opt)
	s := web.New(web.Deps{Texts: texts}, web.Options{Log: slog.New(slog.DiscardHandler), Now: opt.Now})
	s.Add(r.chat)
	r.base = webtest.Serve(t, s.Handler())
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		if err := r.chat.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	t.Cleanup(func() { cancel(); <-ran })
	return r
}

func (r rig) browser(t *testing.T) *webtest.Client {
	t.Helper()
	return webtest.NewClient(t, r.base)
}

var neighbour = bot.Reply{
	Text: "plain form of the answer",
	Answer: &bot.AnswerView{
		Conclusion: "可以要求他挪或者降噪。", Steps: []string{"记下几天的时间", "请物业上门"},
		Detail: "相邻双方要互相方便。", Sources: "依据：《民法典》第288条",
		Articles: []knowledge.Document{{Title: "民法典 第288条", Text: "不动产的相邻权利人……"}},
	},
	Choices: []bot.Choice{{Label: "我要申请调解", Data: "report:neighbour"}, {Label: "专栏", URL: "/column"}, {Label: "打 12348", URL: "tel:12348"}},
}

func TestTheFirstPageShowsThreeDoorsAndSixExamples(t *testing.T) {
	for month, want := range map[time.Month]string{time.January: "包工头", time.April: "房东", time.July: "空调外机", time.October: "遗嘱"} {
		now := time.Date(2026, month, 5, 1, 0, 0, 0, time.UTC)
		p := open(t, nil, chat.Options{Now: func() time.Time { return now }}).browser(t).Get("/")
		if n := strings.Count(p.Body, `class="door"`); n != 3 {
			t.Errorf("%s: %d doors, want 3", month, n)
		}
		if n := strings.Count(p.Body, `class="button choice"`); n != 6 || !p.Has(want) {
			t.Errorf("%s: %d examples, want 6 with %s", month, n, want)
		}
	}
}

func TestEveryExampleIsAnsweredByTheRealDesk(t *testing.T) {
	d, texts := desktest.Open(t), webtest.Texts(t)
	for _, season := range []string{"spring", "summer", "autumn", "winter"} {
		answered := 0
		for i, q := range strings.Split(texts.Say("web.chat.examples."+season, nil), "\n") {
			from := bot.Address{Channel: "web", Chat: fmt.Sprint(season, i)}
			r, err := d.Bot.Handle(t.Context(), bot.Message{ID: from.Chat, From: from, Text: q, At: d.Clock.Now()})
			switch {
			case err != nil:
				t.Errorf("%s: %v", q, err)
			case r.Answer == nil && r.Urgent == nil:
				t.Errorf("%s is answered by %q", q, r.Text)
			case r.Answer != nil:
				answered++
			}
		}
		if answered < 4 {
			t.Errorf("%s: %d of six lead to an answer, the rest to a help card", season, answered)
		}
	}
}

// TestAWholeQuestionOnAButtonHasItsRow: two short buttons share one.
func TestAWholeQuestionOnAButtonHasItsRow(t *testing.T) {
	var many bot.Reply
	many.Text = "请选"
	long := []string{"有人在村里到处说我坏话，怎么办？", "兄弟占着老屋不分，怎么办？"}
	for _, label := range append([]string{"我要申请调解"}, append(long, "看原文", "有用", "没用")...) {
		many.Choices = append(many.Choices, bot.Choice{Label: label, Data: "x:" + label})
	}
	c := open(t, map[string]bot.Reply{"多": many}, chat.Options{}).browser(t)
	p := c.Get("/")
	p = c.Post("/say", url.Values{"csrf": {p.CSRF()}, "mid": {"m"}, "text": {"多"}})
	if n := strings.Count(p.Body, `class="say live wide"`); n != len(long) {
		t.Errorf("%d buttons have a row of their own, want %d", n, len(long))
	}
}

func TestAConversationWithoutScripts(t *testing.T) {
	r := open(t, map[string]bot.Reply{
		"空调响":              neighbour,
		"report:neighbour": {Text: "在哪个村居？", Progress: "2/8"},
	}, chat.Options{})
	c := r.browser(t)
	p := c.Get("/").Submit("发送", map[string]string{"text": "  空调响 "})
	if p.Path != "/" || p.Status != 200 {
		t.Fatalf("a form led to %s %d, want back to /", p.Path, p.Status)
	}
	for _, want := range []string{"空调响", "可以要求他挪或者降噪。", "请物业上门", "依据：《民法典》第288条", "不动产的相邻权利人", "我要申请调解"} {
		if !p.Has(want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if p.Has("plain form") || p.Has("大家常问") {
		t.Error("the page shows the answer twice, or still the examples")
	}
	if !strings.Contains(p.Body, `href="tel:12348"`) || !strings.Contains(p.Body, `href="/column"`) {
		t.Error("links of choices are not links")
	}
	p = p.Submit("我要申请调解", nil)
	if !p.Has("在哪个村居？") || !p.Has("第 2/8 步") {
		t.Errorf("after the choice: %s", webtest.Text(p.Root))
	}
	if strings.Contains(p.Body, "report:neighbour") {
		t.Error("the button of an earlier line is still there")
	}
	heard := r.said()
	if len(heard) != 2 || heard[0].Text != "空调响" || heard[1].Choice != "report:neighbour" || heard[1].Text != "" {
		t.Fatalf("the desk heard %+v", heard)
	}
	if f := heard[0].From; f.Channel != "web" || f.Chat == "" || heard[0].Person.ID != f.String() || heard[0].ID == heard[1].ID {
		t.Errorf("message %+v", heard[0])
	}
	if again := c.Get("/"); !again.Has("在哪个村居？") || !again.Has("我要申请调解") {
		t.Error("the conversation is gone after a reload")
	}
}

func TestAFormSentTwiceIsAnsweredOnce(t *testing.T) {
	r := open(t, nil, chat.Options{})
	c := r.browser(t)
	p := c.Get("/")
	form := url.Values{"csrf": {p.CSRF()}, "mid": {"same"}, "text": {"你好"}}
	for range 3 {
		c.Post("/say", form)
	}
	if n := len(r.said()); n != 1 {
		t.Errorf("the desk heard it %d times, want once", n)
	}
	form.Set("mid", "next")
	c.Post("/say", form)
	if n := len(r.said()); n != 2 {
		t.Errorf("a new form was heard %d times, want 2 in all", n)
	}
}

func TestWhatIsSaidStaysText(t *testing.T) {
	evil := `<script>alert(1)</script><img src=x onerror=alert(2)>" onmouseover="alert(3) **b**`
	r := open(t, map[string]bot.Reply{evil: {
		Text:   evil,
		Urgent: &bot.Urgent{Kind: evil, Lead: evil, Lines: []string{evil}, After: evil, Numbers: []string{"110" + evil}},
		More: []bot.Reply{{Answer: &bot.AnswerView{
			Conclusion: evil, Steps: []string{evil}, Detail: evil, Sources: evil,
			Articles: []knowledge.Document{{Title: evil, Heading: evil, Text: evil}},
		}}},
		Choices: []bot.Choice{{Label: evil, Data: evil[:60]}, {Label: evil, URL: "javascript:alert(4)"}, {Label: "t", URL: "tel:1\" onclick=\"alert(5)"}},
	}}, chat.Options{})
	p := r.browser(t).Get("/").Submit("发送", map[string]string{"text": evil})
	if strings.Count(p.Body, "alert(") < 10 {
		t.Fatalf("the texts are not shown at all:\n%s", p.Body)
	}
	for n := range p.Root.Descendants() {
		switch {
		case n.Data == "img" && webtest.Attr(n, "class") != "sign", n.Data == "script" && webtest.Attr(n, "src") == "":
			t.Errorf("a <%s> got through", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "href" && strings.HasPrefix(a.Val, "javascript:") {
				t.Errorf("<%s %s=%q> got through", n.Data, a.Key, a.Val)
			}
		}
	}
	if !strings.Contains(p.Body, "<strong>b</strong>") {
		t.Error("bold is not bold")
	}
}

func TestAnUrgentCardComesFirstWithItsNumbers(t *testing.T) {
	r := open(t, map[string]bot.Reply{"转账": {
		Text:   "随后的话",
		Urgent: &bot.Urgent{Kind: "fraud", Lead: "先别转！", Lines: []string{"挂断"}, Numbers: []string{"110", "96110"}},
	}}, chat.Options{})
	p := r.browser(t).Get("/").Submit("发送", map[string]string{"text": "转账"})
	card, after := strings.Index(p.Body, "先别转！"), strings.Index(p.Body, "随后的话")
	if card < 0 || after < card {
		t.Errorf("card at %d, text at %d", card, after)
	}
	if !strings.Contains(p.Body, `href="tel:110"`) || !strings.Contains(p.Body, `href="tel:96110"`) || !strings.Contains(p.Body, "urgent red") {
		t.Error("the numbers are no tel: links, or the card is not set apart")
	}
}

func TestTroubleIsToldInTheConversation(t *testing.T) {
	p := open(t, nil, chat.Options{}).browser(t).Get("/").Submit("发送", map[string]string{"text": "broken"})
	if p.Status != 200 || !p.Has("刚才没查成") || p.Has("canary") {
		t.Errorf("%d %s", p.Status, webtest.Text(p.Root))
	}
}

func TestWhatCannotBeTakenIsRefused(t *testing.T) {
	r := open(t, nil, chat.Options{})
	c := r.browser(t)
	token := c.Get("/").CSRF()
	for name, tc := range map[string]struct {
		form url.Values
		says string
	}{
		"nothing":           {url.Values{"text": {"  "}}, "还没写内容"},
		"too long":          {url.Values{"text": {strings.Repeat("长", 2001)}}, "写得太长"},
		"a choice too long": {url.Values{"choice": {strings.Repeat("a", 65)}}, "没填对"},
	} {
		tc.form.Set("csrf", token)
		if p := c.Post("/say", tc.form); p.Status != http.StatusBadRequest || !p.Has(tc.says) {
			t.Errorf("%s: %d %s", name, p.Status, webtest.Text(p.Root))
		}
	}
	if n := len(r.said()); n != 0 {
		t.Errorf("the desk heard %d of them", n)
	}
}

func TestAnAnswerOfNothingAddsNoLine(t *testing.T) {
	p := open(t, nil, chat.Options{}).browser(t).Get("/").Submit("发送", map[string]string{"text": "silent"})
	if n := strings.Count(p.Body, `class="line `); n != 1 {
		t.Errorf("%d lines, want the resident's own", n)
	}
}

func TestTheScriptGetsOnlyTheNewLines(t *testing.T) {
	c := open(t, nil, chat.Options{}).browser(t)
	p := c.Get("/").Submit("发送", map[string]string{"text": "一"})
	form := url.Values{"csrf": {p.CSRF()}, "text": {"二"}, "mid": {"m2"}, "after": {"2-0"}}
	p = c.Post("/say", form, "X-Anjie", "fetch")
	if n := strings.Count(p.Body, `class="line `); n != 2 || strings.Contains(p.Body, "<html") || strings.Contains(p.Body, `id="line-1-0"`) {
		t.Errorf("the fragment has %d lines:\n%s", n, p.Body)
	}
}

func TestAPageWhoseConversationIsForgottenLoadsAgain(t *testing.T) {
	r := open(t, nil, chat.Options{})
	c := r.browser(t)
	token := c.Get("/").Submit("发送", map[string]string{"text": "欠薪"}).CSRF()
	form := url.Values{"csrf": {token}, "text": {"二"}, "after": {"2-0"}}
	if p := c.Post("/say", form, "X-Anjie", "fetch"); p.Header.Get("X-Anjie-Again") != "" {
		t.Error("an ordinary message asks for a reload")
	}
	r.forget = func(m bot.Message) { _ = r.transcript.Erase(t.Context(), m.From.Chat) }
	form.Set("text", "忘记我")
	p := c.Post("/say", form, "X-Anjie", "fetch")
	if p.Header.Get("X-Anjie-Again") == "" || strings.Contains(p.Body, "欠薪") {
		t.Errorf("after 忘记我: %v\n%s", p.Header, p.Body)
	}
}

func TestSessionsDoNotSeeEachOther(t *testing.T) {
	r := open(t, nil, chat.Options{})
	r.browser(t).Get("/").Submit("发送", map[string]string{"text": "甲的事"})
	if p := r.browser(t).Get("/"); p.Has("甲的事") {
		t.Error("another browser sees the conversation")
	}
}

func TestALinkPutsAQuestionIntoTheBox(t *testing.T) {
	r := open(t, nil, chat.Options{})
	p := r.browser(t).Get("/?q=" + url.QueryEscape(`彩礼"><script>`))
	if !strings.Contains(p.Body, "彩礼&#34;&gt;&lt;script&gt;</textarea>") || len(r.said()) != 0 {
		t.Error("the draft is not in the box, or was sent by itself")
	}
}

func TestALineThatCannotBeReadHidesNoOther(t *testing.T) {
	r := open(t, nil, chat.Options{})
	c := r.browser(t)
	c.Get("/").Submit("发送", map[string]string{"text": "一"})
	if _, _, err := r.transcript.Append(t.Context(), r.said()[0].From.Chat, "", []byte(`{"cards":7}`)); err != nil {
		t.Fatal(err)
	}
	if p := c.Get("/").Submit("发送", map[string]string{"text": "二"}); !p.Has("没听懂：一") || !p.Has("没听懂：二") {
		t.Error("lines beside it are gone")
	}
}

func TestSendSaysThatARetryCanHelp(t *testing.T) {
	c := chat.New(chat.Deps{Transcript: down{}, Texts: webtest.Texts(t)}, chat.Options{})
	err := c.Send(t.Context(), bot.Address{Channel: "web", Chat: "x"}, bot.Reply{Text: "hi"})
	var se *bot.SendError
	if !errors.As(err, &se) || se.Outcome != bot.Retry {
		t.Errorf("Send = %v, want a SendError with Retry", err)
	}
}

type down struct{ bot.Transcript }

func (down) Append(context.Context, string, string, []byte) (string, bool, error) {
	return "", false, fmt.Errorf("redis is away")
}
