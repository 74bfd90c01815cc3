package bot_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// atWork is a desk with a case in a mediator's hands, reached by Telegram.
func atWork(t *testing.T) (*desk, access.Actor, dispute.Case) {
	t.Helper()
	d := newDesk(t, bot.Options{PublicURL: "https://desk.example/"})
	li := d.hire("老李", access.Mediator, "502", "371083001219")
	c := d.filedFor(t, "web:hana", "两家为排水吵", "one")
	c, err := d.cases.Claim(t.Context(), li, c.ID, dispute.Seen{})
	if err != nil {
		t.Fatal(err)
	}
	return d, li, c
}

func (d *desk) filedFor(t *testing.T, address, what, token string) dispute.Case {
	t.Helper()
	c, err := d.cases.File(t.Context(), access.Actor{ID: address}, dispute.Filing{Token: token, Gate: dispute.Gate{Verdict: dispute.Yes}, Report: dispute.Report{
		Village: "371083001219", Category: "neighbour", What: what, Source: "web", Urgency: dispute.Normal, Consented: d.now, Other: "李四海",
		Contact: dispute.Contact{Name: "赵大姐", Phone: "13800138000", Address: address},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// mustSay says something and wants words in the answer.
func (d *desk) mustSay(t *testing.T, who access.Actor, address, text, choice, want string) bot.Reply {
	t.Helper()
	r := d.chat(t, who, address, text, choice)
	if !strings.Contains(flat(r), want) {
		t.Fatalf("%s%s is answered\n%s\nwithout %s", text, choice, flat(r), want)
	}
	return r
}

func TestAMediatorExtendsByTelegram(t *testing.T) {
	d, li, c := atWork(t)
	const at = "telegram:502"
	extend := buttonOf(t, d.chat(t, li, at, "我的案子", ""), "延长期限")
	r := d.mustSay(t, li, at, "", extend, "延到哪一天")
	d.mustSay(t, li, at, "", buttonOf(t, r, "2027年1月6日（再延 15 天）"), "双方都同意延长吗")
	d.mustSay(t, li, at, "还没都同意", "", "怎么同意的")
	d.mustSay(t, li, at, "电话里问过一方", "", "双方都同意才能延长")
	d.mustSay(t, li, at, "", extend, "延到哪一天")
	d.mustSay(t, li, at, "2", "", "双方都同意延长吗")
	d.mustSay(t, li, at, "1", "", "怎么同意的")
	d.mustSay(t, li, at, "1", "", "告诉反映人了")
	if text := flat(d.sentTo(t, "web:hana")); !strings.Contains(text, "1月6日") {
		t.Errorf("the reporter reads\n%s", text)
	}
	d.mustSay(t, li, at, "", extend, "延到哪一天")
	d.now = d.now.AddDate(1, 0, 0) // the days of the buttons are over
	d.mustSay(t, li, at, "1", "", "双方都同意延长吗")
	d.mustSay(t, li, at, "1", "", "怎么同意的")
	d.mustSay(t, li, at, "1", "", "这一天不行")
	if _, err := d.cases.Brief(t.Context(), li, c.ID); err != nil {
		t.Error(err)
	}
}

func TestAMediatorMakesTheOtherPartysLinkByTelegram(t *testing.T) {
	d, li, c := atWork(t)
	const at = "telegram:502"
	mine := d.chat(t, li, at, "我的案子", "")
	link := buttonOf(t, mine, "给对方做链接")
	make := func(matter, want string) bot.Reply {
		t.Helper()
		d.mustSay(t, li, at, "", link, "给谁做链接")
		d.mustSay(t, li, at, "李四海", "", "对方的电话")
		d.mustSay(t, li, at, "13911112222", "", "中性的话")
		return d.mustSay(t, li, at, matter, "", want)
	}
	make("请打 13800138000", "不能给对方看")
	var codes []string
	for range 2 {
		m := regexp.MustCompile(`https://desk\.example/party/([a-z2-7]{32})`).FindStringSubmatch(make("院子排水", "只认第一个打开的手机").Text)
		if m == nil {
			t.Fatal("no link")
		}
		codes = append(codes, m[1])
	}
	if err := d.cases.EnterByLink(t.Context(), codes[0], "browser-of-the-first"); err == nil {
		t.Error("the old link of the same person still opens")
	}
	if err := d.cases.EnterByLink(t.Context(), codes[1], "browser-of-the-first"); err != nil {
		t.Errorf("the new link: %v", err)
	}
	full, err := d.cases.Case(t.Context(), li, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := dispute.PeopleOf(full); err != nil || len(p.Present()) != 1 || p.Present()[0].Phone != "13911112222" {
		t.Errorf("the other parties are %+v, %v", p, err)
	}
	// Who isn't its mediator any more gets nothing from the same button.
	other := li
	other.Role = access.Adviser
	d.mustSay(t, other, at, "", link, "给谁做链接")
	d.mustSay(t, other, at, "李四海", "", "对方的电话")
	d.mustSay(t, other, at, "跳过", "", "中性的话")
	if r := d.chat(t, other, at, "院子排水", ""); strings.Contains(flat(r), "/party/") {
		t.Errorf("an adviser makes a link:\n%s", flat(r))
	}
	d.opt.PublicURL = ""
	d.restart()
	d.mustSay(t, li, at, "", link, "工作台")
}

func TestAClerkMergesByTelegram(t *testing.T) {
	d, li, first := atWork(t)
	clerk := d.hire("前台", access.Clerk, "600")
	second := d.filedFor(t, "web:hana", "两家为排水又吵起来", "two")
	const at = "telegram:600"
	queue := d.chat(t, clerk, at, "待办", "")
	merge := buttonOf(t, queue, "并案")
	d.mustSay(t, clerk, at, "", merge, string(first.Number)+"（仇家洼村 · 邻里）")
	d.mustSay(t, clerk, at, "9999", "", "没找到能并的")
	r := d.mustSay(t, clerk, at, "", merge, "并到哪一件")
	d.mustSay(t, clerk, at, "", buttonOf(t, r, string(first.Number)+"（仇家洼村 · 邻里）"), "两件的记录都在")
	if c, err := d.cases.Brief(t.Context(), clerk, second.ID); err != nil || c.State != dispute.Merged {
		t.Errorf("it is %s, %v", c.State, err)
	}
	if r := d.chat(t, li, "telegram:502", "我的案子", ""); strings.Contains(flat(r), "并案") {
		t.Errorf("a mediator may merge:\n%s", flat(r))
	}
}

// TestAResidentAsksForAnotherMediatorAndRatesByWords: both work from the chat by
// a word, and ask which case where there are several.
func TestAResidentAsksForAnotherMediatorAndRatesByWords(t *testing.T) {
	d, li, c := atWork(t)
	hana := access.Actor{ID: "web:hana"}
	d.mustSay(t, access.Actor{}, "web:guy", "换调解员", "", "没有调解员在办的纠纷")
	d.mustSay(t, access.Actor{}, "web:guy", "打分", "", "没有可以打分的纠纷")
	d.mustSay(t, hana, "web:hana", "打分", "", "没有可以打分的纠纷")
	d.mustSay(t, hana, "web:hana", "我要换个调解员", "", "人民调解法第23条")
	d.mustSay(t, hana, "web:hana", "1", "", "2 个工作日内答复")
	d.mustSay(t, hana, "web:hana", "换调解员", "", "没有调解员在办的纠纷")
	if _, err := d.cases.RecordOutcome(t.Context(), li, c.ID, dispute.Result{Outcome: dispute.Settled, Summary: "说开了"}, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	d.mustSay(t, hana, "web:hana", "进度", "", "〔打个分〕")
	r := d.mustSay(t, hana, "web:hana", "打分", "", "5 分 很满意")
	d.mustSay(t, hana, "web:hana", "", buttonOf(t, r, "4 分 满意"), "记下了")
	other := d.filedFor(t, "web:hana", "树的事", "three")
	if _, err := d.cases.Withdraw(t.Context(), hana, other.ID, "不办了", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	r = d.mustSay(t, hana, "web:hana", "评价", "", "是哪一件")
	r = d.mustSay(t, hana, "web:hana", "", choices(r)[0].Data, "点一个分")
	d.mustSay(t, hana, "web:hana", "", buttonOf(t, r, "1 分 很不满意"), "哪里不满意")
	d.mustSay(t, hana, "web:hana", "等得太久", "", "调解中心会看")
}
