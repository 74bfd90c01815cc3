package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// agreed is a desk on which 老张 has brought 赵大姐's case to an oral agreement.
func agreed(t *testing.T, oral bool) (*script, dispute.CaseID) {
	t.Helper()
	d := newDesk(t, bot.Options{})
	zhang := d.hire("老张", access.Mediator, "501", "371083001219")
	d.hire("主任", access.Director, "901")
	reporter := access.Actor{ID: "web:rate"}
	c, err := d.cases.File(t.Context(), reporter, dispute.Filing{
		Gate: dispute.Gate{Verdict: dispute.Yes},
		Report: dispute.Report{
			Village: "371083001219", Category: "contract", What: "欠我工钱不给", Other: "孙某", Urgency: dispute.Normal, Consented: d.now, Source: "web",
			Contact: dispute.Contact{Name: "赵大姐", Phone: "13800138000", Address: "web:rate"},
		},
	})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	_, err = d.cases.Claim(t.Context(), zhang, c.ID, dispute.Seen{})
	must(err)
	_, err = d.cases.Advance(t.Context(), zhang, c.ID, dispute.OpMediate, "", dispute.Seen{})
	must(err)
	today := dispute.DayOf(d.now)
	_, err = d.cases.Agree(t.Context(), zhang, c.ID, dispute.Terms{
		Oral: oral, Terms: []string{"孙某分两回还 1000 元"}, Amount: 100000, How: "转账", Facts: "去年的工钱", When: "明年一月前",
		Steps: []dispute.Step{
			{By: dispute.RoleOther, What: "还钱", Amount: 50050, Due: today.Plus(4)},
			{By: dispute.RoleReporter, What: "打收条", Due: today.Plus(60)},
		},
	}, dispute.Seen{})
	must(err)
	s := &script{t: t, d: d, last: map[string]bot.Reply{}}
	s.command([]string{"deliver"})
	return s, c.ID
}

func (s *script) tick(days int) {
	s.t.Helper()
	s.d.now = s.d.now.Add(time.Duration(days) * 24 * time.Hour)
	if _, err := s.d.cases.TickDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.command([]string{"deliver"})
}

func (s *script) wants(parts ...string) {
	s.t.Helper()
	for _, p := range parts {
		if !strings.Contains(s.text, p) {
			s.t.Errorf("the answer lacks %q:\n%s", p, s.text)
		}
	}
}

func TestAReporterReadsAndConfirmsTheAgreement(t *testing.T) {
	s, id := agreed(t, false)
	s.wants("web:rate", "谈成了，写成书面协议", "〔看协议〕")
	s.speaker("web:rate")
	s.say("〔看协议〕")
	s.wants("孙某分两回还 1000 元", "500.50 元", "去年的工钱", "确认码", "〔没有出入，我确认〕")
	k, err := s.d.cases.Consent(t.Context(), access.Actor{ID: "web:rate"}, id)
	if err != nil {
		t.Fatal(err)
	}
	s.say("〔没有出入，我确认〕")
	s.say("000")
	s.wants("确认码对不上")
	s.say("〔看协议〕")
	s.say("〔没有出入，我确认〕")
	s.say(k.Code)
	s.wants("您确认过了")
	s.say("进度")
	s.say("〔看协议〕")
	s.wants("赵大姐（已确认）")
	if strings.Contains(s.text, k.Code) {
		t.Error("the code is shown after it was used")
	}
	s.command([]string{"deliver"})
	s.wants("telegram:501", "用确认码确认了")
	s.speaker("telegram:501 老张")
	s.say("我的案子")
	s.say("〔双方已签字盖章〕")
	s.wants("履行中")
	s.command([]string{"deliver"})
	s.wants("协议生效了", "〔看协议〕")
	if _, err := s.d.cases.Advance(t.Context(), s.d.accounts["主任"].Actor(), id, dispute.OpReopen, "对方反悔", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	s.speaker("web:rate")
	s.say("〔看协议〕")
	s.wants("协议还没有写好")
}

func TestPerformanceIsToldAndRatedInTheChat(t *testing.T) {
	s, id := agreed(t, true)
	s.tick(2) // three mornings before the day
	s.wants("协议第 1 项", "该对方办", "〔收到了〕〔没收到〕")
	s.speaker("web:rate")
	s.say("〔没收到〕")
	s.wants("告诉调解员了")
	s.command([]string{"deliver"})
	s.wants("telegram:501", "没收到")
	s.tick(2)
	s.tick(1)
	s.wants("过期没有登记履行", "〔记录督促〕")
	s.speaker("telegram:501 老张")
	s.say("〔记录督促〕")
	s.say("打电话催过了，说月底给")
	s.wants("督促的情况记下了")
	s.tick(1)
	s.tick(7)
	s.wants("强制执行", "支付令")
	s.tick(20)
	s.wants("〔记录回访〕", "〔5 分 很满意〕", "〔1 分 很不满意〕")
	s.speaker("telegram:501 老张")
	s.say("〔记录回访〕")
	s.say("电话")
	s.say("还没给")
	s.say("跳过")
	s.say("跳过")
	s.wants("回访记下了")
	s.speaker("web:rate")
	s.say("〔1 分 很不满意〕")
	s.wants("哪里不满意")
	s.say("光说不给钱")
	s.wants("调解中心会看")
	s.command([]string{"deliver"})
	s.wants("打了 1 分", "不满意")
	c, err := s.d.cases.Brief(t.Context(), access.System, id)
	if err != nil || c.Facts["satisfaction"] != "1" || c.Facts["review"] != "open" || c.Facts["late"] != "1" {
		t.Errorf("facts %v: %v", c.Facts, err)
	}
}

func TestAGoodMarkNeedsNoWords(t *testing.T) {
	s, _ := agreed(t, true)
	s.tick(21)
	s.tick(9)
	s.speaker("web:rate")
	s.say("〔4 分 满意〕")
	s.wants("谢谢您，记下了")
	s.tick(27) // three mornings before the reporter's own turn
	s.wants("该您办", "〔已经办了〕〔有难处〕")
	s.speaker("web:rate")
	s.say("〔已经办了〕")
	s.wants("凭据请留好")
}
