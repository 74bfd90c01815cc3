package party_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// table is a case at the table: its reporter at one browser, the other party,
// who came in by a link, at another.
type table struct {
	*desktest.Desk
	t           *testing.T
	id          dispute.CaseID
	mine, guest *webtest.Client
	mineAt, at  string
}

var mediator = desktest.Mediator.Actor()

func atTheTable(t *testing.T, change ...func(*dispute.Filing)) *table {
	t.Helper()
	d := desktest.Open(t)
	b := &table{Desk: d, t: t, mine: d.Resident(), guest: d.Resident()}
	b.mine.Get("/")
	who := reporter(t, d, b.mine)
	b.id = claimed(t, d, append(change, func(f *dispute.Filing) { f.For, f.Report.Contact.Address = who.ID, who.ID })...).ID
	b.at, b.mineAt = link(t, d.SignIn(desktest.Mediator), b.id), "/mine/"+string(b.id)
	comeIn(t, b.guest, b.at)
	b.must(d.Cases.Advance(t.Context(), mediator, b.id, dispute.OpMediate, "", dispute.Seen{}))
	return b
}

func (b *table) must(c dispute.Case, err error) dispute.Case {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func terms(oral bool) dispute.Terms {
	return dispute.Terms{
		Oral: oral, Facts: "空调外机正对卧室窗户", Terms: []string{"孙试民把空调外机挪到北墙", "孙试民付赵试民 300 元"}, Amount: 30000, How: "转账", When: "2026年12月31日以前",
		Parties: []dispute.Signatory{
			{Role: dispute.RoleReporter, Name: "赵试民", About: "电话 13900000000"}, {Role: dispute.RoleOther, Name: "孙试民", About: "电话 13911112222"},
		},
		Steps: []dispute.Step{
			{By: dispute.RoleOther, What: "挪外机", Due: "2026-12-10"}, {By: dispute.RoleOther, What: "付款", Amount: 30000, Due: "2026-12-31"},
		},
	}
}

var shownCode = regexp.MustCompile(`<strong class="code">(\d{6})</strong>`)

// sign has a party read the agreement on its page and confirm it.
func (b *table) sign(c *webtest.Client, at string) {
	b.t.Helper()
	p := c.Get(at)
	m := shownCode.FindStringSubmatch(p.Body)
	if m == nil {
		b.t.Fatalf("no code on the page: %s", webtest.Text(p.Root))
	}
	p = p.Submit("我确认", map[string]string{"read": "1", "sign": m[1]})
	if p.Status != 200 || !p.Has("您确认过了") && !p.Has("起生效") {
		b.t.Fatalf("confirming: %d %s", p.Status, webtest.Text(p.Root))
	}
}

func TestBothPartiesConfirmTheAgreementOnTheirPages(t *testing.T) {
	b := atTheTable(t)
	b.must(b.Cases.Agree(t.Context(), mediator, b.id, terms(false), dispute.Seen{}))
	p := b.guest.Get(b.at)
	for _, want := range []string{"这是写好的协议", "空调外机正对卧室窗户", "孙试民付赵试民 300 元", "一共 300 元", "转账", "12月10日", "第29条", "还没确认"} {
		if !p.Has(want) {
			t.Errorf("the other party doesn't read %q:\n%s", want, webtest.Text(p.Root))
		}
	}
	if p.Has("13900000000") {
		t.Error("the other party reads the reporter's number")
	}
	mine := shownCode.FindStringSubmatch(b.mine.Get(b.mineAt).Body)[1]
	if wrong := p.Submit("我确认", map[string]string{"read": "1", "sign": mine}); wrong.Status != http.StatusBadRequest || !wrong.Has("六个数字不对") {
		t.Errorf("with the reporter's code: %d %s", wrong.Status, webtest.Text(wrong.Root))
	}
	form := url.Values{"csrf": {p.CSRF()}, "version": {version(p)}, "token": {"x"}, "sign": {shownCode.FindStringSubmatch(p.Body)[1]}}
	if q := b.guest.Post(b.at+"/agree", form); q.Status != http.StatusBadRequest {
		t.Errorf("without saying that it was read: %d", q.Status)
	}
	b.sign(b.guest, b.at)
	b.sign(b.mine, b.mineAt)
	if c := b.brief(); c.State != dispute.Agreed {
		t.Fatalf("before signature and seal it is %s", c.State)
	}
	today := dispute.DayOf(b.Clock.Now())
	b.must(b.Cases.Sign(t.Context(), mediator, b.id, dispute.Signing{Mediator: today, Seal: today}, dispute.Seen{}))
	for name, p := range map[string]*webtest.Page{"the other party": b.guest.Get(b.at), "the reporter": b.mine.Get(b.mineAt)} {
		if !p.Has("协议从11月23日（周一）起生效") || !p.Has("还有 30 天") || !p.Has("12月23日") {
			t.Errorf("%s reads\n%s", name, webtest.Text(p.Root))
		}
	}
	events, err := b.Cases.Events(t.Context(), desktest.Clerk.Actor(), b.id)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]bool{}
	for _, e := range events {
		if e.Kind == "confirmed" {
			by[e.Actor] = true
		}
	}
	if !by[dispute.PartyID(b.id, 1)] || len(by) != 2 {
		t.Errorf("confirmed by %v", by)
	}
}

func (b *table) brief() dispute.Case {
	b.t.Helper()
	return b.must(b.Cases.Brief(b.t.Context(), desktest.Clerk.Actor(), b.id))
}

// TestAChangedAgreementIsNotConfirmedUnseen: between her reading and her
// pressing the mediator writes another sum.
func TestAChangedAgreementIsNotConfirmedUnseen(t *testing.T) {
	b := atTheTable(t)
	b.must(b.Cases.Agree(t.Context(), mediator, b.id, terms(false), dispute.Seen{}))
	for name, pages := range map[string]struct {
		c  *webtest.Client
		at string
	}{"the other party": {b.guest, b.at}, "the reporter": {b.mine, b.mineAt}} {
		p := pages.c.Get(pages.at)
		other := terms(false)
		other.Terms[1] = "孙试民付赵试民 900 元，给" + name
		b.must(b.Cases.Amend(t.Context(), mediator, b.id, other, "", dispute.Seen{}))
		q := p.Submit("我确认", map[string]string{"read": "1", "sign": shownCode.FindStringSubmatch(p.Body)[1]})
		if q.Status != http.StatusConflict || !q.Has("刚刚有了变化") || !q.Has("900 元，给"+name) {
			t.Errorf("%s: %d\n%s", name, q.Status, webtest.Text(q.Root))
		}
		if q := p.Submit("告诉调解员", map[string]string{"words": "钱数不对，是三百"}); q.Status != http.StatusConflict || !q.Has("钱数不对，是三百") {
			t.Errorf("%s: what was typed is lost: %d\n%s", name, q.Status, webtest.Text(q.Root))
		}
		if q := pages.c.Post(pages.at+"/agree", url.Values{"csrf": {p.CSRF()}, "token": {"x"}, "read": {"1"}}); q.Status != http.StatusBadRequest {
			t.Errorf("%s: a form without a version: %d", name, q.Status)
		}
		if strings.Contains(b.guest.Get(b.at).Body, "您确认过了") {
			t.Errorf("%s: confirmed all the same", name)
		}
	}
	// what somebody has to say is taken whatever changed
	p := b.guest.Get(b.at)
	b.must(b.Cases.Note(t.Context(), mediator, b.id, "打过电话", dispute.Seen{}))
	if q := p.Submit("发给调解员", map[string]string{"words": "周三方便"}); q.Status != 200 || !q.Has("记下了") {
		t.Errorf("a message after a change: %d", q.Status)
	}
}

func TestAPartySaysThatTheAgreementIsWrong(t *testing.T) {
	b := atTheTable(t)
	b.must(b.Cases.Agree(t.Context(), mediator, b.id, terms(false), dispute.Seen{}))
	b.sign(b.guest, b.at)
	p := b.guest.Get(b.at).Submit("告诉调解员", map[string]string{"words": "没说过月底，是过了年"})
	if p.Status != 200 || !p.Has("您在11月23日（周一）说协议写得不对") || !strings.Contains(p.Body, "我确认") {
		t.Fatalf("said: %d %s", p.Status, webtest.Text(p.Root))
	}
	if q := b.mine.Get(b.mineAt); q.Has("过了年") {
		t.Error("the reporter reads what she told the mediator")
	}
	desk := b.SignIn(desktest.Mediator)
	if q := desk.Get("/console/cases/" + string(b.id)); !q.Has("没说过月底，是过了年") || !q.Has("说写得不对") {
		t.Errorf("the mediator sees\n%s", webtest.Text(q.Root))
	}
	today := dispute.DayOf(b.Clock.Now())
	b.sign(b.mine, b.mineAt)
	b.must(b.Cases.Sign(t.Context(), mediator, b.id, dispute.Signing{Mediator: today, Seal: today}, dispute.Seen{}))
	if c := b.brief(); c.State != dispute.Agreed {
		t.Errorf("in effect over her head: %s", c.State)
	}
	b.sign(b.guest, b.at)
	if c := b.brief(); c.State != dispute.Performing {
		t.Errorf("after she confirmed: %s", c.State)
	}
}

func TestBothSayWhetherTheyGoToCourtTogether(t *testing.T) {
	b := atTheTable(t)
	b.must(b.Cases.Agree(t.Context(), mediator, b.id, terms(true), dispute.Seen{}))
	p := b.guest.Get(b.at)
	if !p.Has("这是口头协议") || !p.Has("最晚12月23日（周三）一起申请，还有 30 天") || !p.Has("第33条") {
		t.Fatalf("the other party reads\n%s", webtest.Text(p.Root))
	}
	if p = p.Submit("先不申请", nil); !p.Has("您说了先不申请") {
		t.Errorf("no: %s", webtest.Text(p.Root))
	}
	if p = p.Submit("我愿意一起申请", nil); !p.Has("还要等另一方") {
		t.Errorf("yes: %s", webtest.Text(p.Root))
	}
	if q := b.SignIn(desktest.Mediator).Get("/console/cases/" + string(b.id)); !q.Has("愿意申请司法确认") {
		t.Errorf("the mediator sees\n%s", webtest.Text(q.Root))
	}
	b.Clock.Add(28 * 24 * time.Hour)
	if p = b.mine.Get(b.mineAt); !p.Has("还有 2 天") || !strings.Contains(p.Body, "notice bad") {
		t.Errorf("two days before the end: %s", webtest.Text(p.Root))
	}
	if p = p.Submit("我愿意一起申请", nil); !p.Has("双方都愿意") {
		t.Errorf("both: %s", webtest.Text(p.Root))
	}
	b.Clock.Add(3 * 24 * time.Hour)
	if q := b.guest.Get(b.at); q.Has("要不要到法院") {
		t.Errorf("after the term: %s", webtest.Text(q.Root))
	}
	if q := p.Submit("先不申请", nil); q.Status != http.StatusConflict {
		t.Errorf("after the term it is taken: %d", q.Status)
	}
}

func TestPartiesTellHowItIsKept(t *testing.T) {
	b := atTheTable(t)
	b.must(b.Cases.Agree(t.Context(), mediator, b.id, terms(true), dispute.Seen{}))
	p := b.guest.Get(b.at)
	if !p.Has("1. 挪外机") || !p.Has("该您办 · 最晚12月10日（周四）") || !p.Has("2. 付款 300 元") {
		t.Fatalf("the steps: %s", webtest.Text(p.Root))
	}
	if p = p.Submit("有难处，办不了", map[string]string{"words": "师傅下周才来"}); !p.Has("您说有难处") {
		t.Errorf("trouble: %s", webtest.Text(p.Root))
	}
	q := b.mine.Get(b.mineAt)
	if !q.Has("对方说有难处") || q.Has("师傅下周") || strings.Contains(q.Body, "我已经办了") {
		t.Errorf("the reporter reads\n%s", webtest.Text(q.Root))
	}
	b.Clock.Add(20 * 24 * time.Hour)
	if q = b.mine.Get(b.mineAt); !q.Has("过了日子") {
		t.Errorf("overdue: %s", webtest.Text(q.Root))
	}
	q = q.Submit("收到了、办好了", nil) // of the first step
	if c := b.brief(); c.Facts["steps_done"] != "1" {
		t.Fatalf("done: %v\n%s", c.Facts, webtest.Text(q.Root))
	}
	q = b.mine.Get(b.mineAt).Submit("到期没收到", map[string]string{"words": "一分没给"})
	if !q.Has("您说没收到") {
		t.Errorf("not received: %s", webtest.Text(q.Root))
	}
	q.Submit("收到了、办好了", nil)
	if c := b.brief(); c.State != dispute.Performed {
		t.Errorf("all received: %s", c.State)
	}
	if p = b.guest.Get(b.at); strings.Contains(p.Body, "我已经办了") || !p.Has("打个分") {
		t.Errorf("performed: %s", webtest.Text(p.Root))
	}
	p = p.Submit("交给调解中心", map[string]string{"score": "2", "words": "催得太急"})
	if !p.Has("您打的分：2 分") || !p.Has("催得太急") {
		t.Errorf("rated: %d %s", p.Status, webtest.Text(p.Root))
	}
	b.must(b.Cases.Review(t.Context(), desktest.Clerk.Actor(), b.id, "以后提前三天打招呼", dispute.Seen{}))
	if p = b.guest.Get(b.at); !p.Has("以后提前三天打招呼") {
		t.Errorf("the answer: %s", webtest.Text(p.Root))
	}
	if q = b.mine.Get(b.mineAt); q.Has("催得太急") || q.Has("以后提前") {
		t.Error("the reporter reads what the other party said")
	}
}

func TestAWithheldNameStaysWithheldInTheAgreement(t *testing.T) {
	b := atTheTable(t, func(f *dispute.Filing) { f.Report.Contact.Withheld = true })
	a := terms(false)
	a.Terms = []string{"空调外机挪到北墙"}
	b.must(b.Cases.Agree(t.Context(), mediator, b.id, a, dispute.Seen{}))
	if p := b.guest.Get(b.at); p.Has("赵试民") || !p.Has("不愿透露姓名") {
		t.Errorf("the other party reads\n%s", webtest.Text(p.Root))
	}
}

func TestAnEndWithoutAgreementTellsTheOtherWays(t *testing.T) {
	b := atTheTable(t)
	b.must(b.Cases.RecordOutcome(t.Context(), mediator, b.id, dispute.Result{
		Outcome: dispute.NotAgreed, Summary: "赵试民寸步不让", Undisputed: "外机装在南墙",
	}, dispute.Seen{}))
	for name, p := range map[string]*webtest.Page{"the other party": b.guest.Get(b.at), "the reporter": b.mine.Get(b.mineAt)} {
		if !p.Has("第26条") || !p.Has("还可以走的路：") || !p.Has("外机装在南墙") || p.Has("寸步不让") || !p.Has("打个分") {
			t.Errorf("%s reads\n%s", name, webtest.Text(p.Root))
		}
	}
}

// TestASecondOtherPartyInPlaceOfTheFirst: whoever is invited after the wrong
// person was shown out is the other party.
func TestASecondOtherPartyInPlaceOfTheFirst(t *testing.T) {
	b := atTheTable(t)
	b.must(b.Cases.UninviteParty(t.Context(), mediator, b.id, 1, true, dispute.Seen{}))
	_, code, err := b.Cases.InviteParty(t.Context(), mediator, b.id, dispute.Invitation{Name: "孙试民", Matter: "空调外机"}, dispute.Seen{})
	if err != nil {
		t.Fatal(err)
	}
	b.guest, b.at = b.Resident(), "/party/"+code
	comeIn(t, b.guest, b.at)
	a := terms(false)
	a.Parties = nil // whom the desk knows
	b.must(b.Cases.Agree(t.Context(), mediator, b.id, a, dispute.Seen{}))
	b.sign(b.guest, b.at)
}

// TestNobodyElseActsOnAnAgreement: whoever has only the address gets nowhere.
func TestNobodyElseActsOnAnAgreement(t *testing.T) {
	b := atTheTable(t)
	b.must(b.Cases.Agree(t.Context(), mediator, b.id, terms(true), dispute.Seen{}))
	thief := b.Resident()
	csrf := thief.Get("/").CSRF()
	for _, at := range []string{b.at, b.mineAt} {
		for act, form := range map[string]url.Values{
			"agree": {"read": {"1"}, "sign": {"000000"}}, "wrong": {"words": {"话"}}, "court": {"wish": {"yes"}}, "tell": {"step": {"0"}, "said": {"received"}}, "rate": {"score": {"1"}},
		} {
			form.Set("csrf", csrf)
			form.Set("version", "99")
			if p := thief.Post(at+"/"+act, form); p.Status != http.StatusNotFound {
				t.Errorf("%s at %s: %d", act, at, p.Status)
			}
		}
	}
	for _, who := range []access.Actor{{ID: dispute.PartyID(b.id, 2)}, {ID: "web:x"}, mediator} {
		if _, err := b.Cases.Aftermath(t.Context(), who, b.id); err == nil {
			t.Errorf("%s reads as a party", who.ID)
		}
	}
}

// TestTheAgreementOnAPhone takes pictures of the pages after the mediation.
func TestTheAgreementOnAPhone(t *testing.T) {
	browser, scratch := webtest.Chromium(t), webtest.Scratch(t)
	b := atTheTable(t)
	a := terms(false)
	a.Disputed = "孙试民认为外机按图纸装，没有错；双方都愿意各退一步。"
	b.must(b.Cases.Agree(t.Context(), mediator, b.id, a, dispute.Seen{}))
	phone := browser.Tab(t)
	phone.Do(chromedp.Navigate(b.URL + "/"))
	_, code, err := b.Cases.InviteParty(t.Context(), mediator, b.id, dispute.Invitation{N: 1, Name: "孙试民", Phone: "13911112222", Matter: "空调外机的位置和声音"}, dispute.Seen{})
	if err != nil {
		t.Fatal(err)
	}
	phone.Do(chromedp.Navigate(b.URL + "/party/" + code))
	phone.Do(chromedp.Click(chromedp.CSS("input[name=consent]")))
	press(phone, "打开看看")
	phone.Until(`document.body.innerText.includes("说定的内容")`)
	look(t, phone, scratch, "party-agreement")
	phone.Size(360, 740)
	digits := webtest.Eval[string](phone, `document.querySelector("strong.code").textContent`)
	phone.Do(chromedp.Click(chromedp.CSS("input[name=read]")), chromedp.SendKeys(chromedp.CSS("input[name=sign]"), digits))
	press(phone, "我确认")
	phone.Until(`document.body.innerText.includes("您确认过了")`)
	b.sign(b.mine, b.mineAt)
	today := dispute.DayOf(b.Clock.Now())
	b.must(b.Cases.Sign(t.Context(), mediator, b.id, dispute.Signing{Mediator: today, Seal: today}, dispute.Seen{}))
	b.Clock.Add(20 * 24 * time.Hour)
	phone.Do(chromedp.Navigate(b.URL + "/party/" + code))
	look(t, phone, scratch, "party-steps")
	b.must(b.Cases.Tell(t.Context(), access.Actor{ID: dispute.PartyID(b.id, 1)}, b.id, 0, dispute.SaidDone, "", dispute.Seen{}))
	b.must(b.Cases.Advance(t.Context(), mediator, b.id, dispute.OpPerform, "都办了", dispute.Seen{}))
	phone.Do(chromedp.Navigate(b.URL + "/party/" + code))
	look(t, phone, scratch, "party-rate")
}

// TestAnArchivedCaseStillShowsBothTheirAgreement: and how to get a copy; also
// once it lies in its archive file.
func TestAnArchivedCaseStillShowsBothTheirAgreement(t *testing.T) {
	b := atTheTable(t)
	b.must(b.Cases.Agree(t.Context(), mediator, b.id, terms(true), dispute.Seen{}))
	for _, op := range []dispute.Op{dispute.OpPerform, dispute.OpClose} {
		b.must(b.Cases.Advance(t.Context(), mediator, b.id, op, "", dispute.Seen{}))
	}
	for key, fields := range map[string]map[string]string{
		"identity": {"核对方式": "当面看了身份证", "核对结果": "一致"}, "record": {"地点": "村委会", "各方陈述": "都说了"},
	} {
		b.must(b.Cases.Enclose(t.Context(), mediator, b.id, key, fields, "", "补齐", dispute.Seen{}))
	}
	b.guest.Get(b.at) // who hasn't seen it would have to be telephoned first
	b.must(b.Cases.Advance(t.Context(), mediator, b.id, dispute.OpArchive, "", dispute.Seen{}))
	look := func(when string) {
		t.Helper()
		for name, p := range map[string]*webtest.Page{"the other party": b.guest.Get(b.at), "the reporter": b.mine.Get(b.mineAt)} {
			if p.Status != 200 || !p.Has("这件事已经归档") || !p.Has("孙试民付赵试民 300 元") || !strings.Contains(p.Body, `href="/my-data"`) || strings.Contains(p.Body, "<button class=\"button\" name=") {
				t.Errorf("%s, %s: %d\n%s", when, name, p.Status, webtest.Text(p.Root))
			}
		}
	}
	look("archived")
	b.Clock.Add(31 * 24 * time.Hour)
	if n, err := b.Cases.ShelveDue(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d cases went to their files, %v", n, err)
	}
	look("in its file")
}
