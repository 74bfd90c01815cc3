package bot_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/knowledge"
)

func TestALawNamedAloneIsIntroducedAndAskedAbout(t *testing.T) {
	c := knowledge.Citation{Law: "中华人民共和国反电信网络诈骗法", Short: "反电信网络诈骗法", Article: "1", Version: "2022-09-02", Effective: "2022-12-01", InForce: true}
	held := known{Result: knowledge.Result{
		Named: 1, Exact: &knowledge.Reference{Law: c.Law, Articles: []string{"1"}, Count: 50},
		Hits: []knowledge.Hit{{Document: knowledge.Document{Kind: knowledge.Article, Citations: []knowledge.Citation{c}}}},
	}}
	r := reply(t, held, "反诈法")
	for _, want := range []string{"《反电信网络诈骗法》现行有效，2022年12月1日起施行，一共 50 条", "说“反诈法第几条”"} {
		if !strings.Contains(r.Text, want) {
			t.Errorf("%q lacks %q", r.Text, want)
		}
	}
	if !slices.Contains(labels(r), "把银行卡、电话卡借给别人用，会有事吗？") {
		t.Errorf("buttons %q lack an entry that rests on the law", labels(r))
	}
}

func TestAnArticleOfARepealedLawComesWithTodays(t *testing.T) {
	r := reply(t, known{Result: knowledge.Result{Exact: &knowledge.Reference{Law: "婚姻法", Articles: []string{"46"}}}}, "婚姻法第46条")
	for _, want := range []string{"《婚姻法》2021年1月1日起已经不用了", "您说的第46条，现在看《民法典》第1091条"} {
		if !strings.Contains(r.Text, want) {
			t.Errorf("%q lacks %q", r.Text, want)
		}
	}
	r = reply(t, known{Result: knowledge.Result{Exact: &knowledge.Reference{Law: "婚姻法", Articles: []string{"16"}}}}, "婚姻法第16条")
	if !strings.Contains(r.Text, "说说是什么事") || strings.Contains(r.Text, "您说的第16条") {
		t.Errorf("an article that went nowhere: %q", r.Text)
	}
}

func TestTheLastAnswerIsGivenAnewForTheDayNamedAfterIt(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.deps.Answers = answer.NewService(entries(3, "inheritance-002"), d.lib, d.talk, answer.Options{Now: d.opt.Now})
	d.restart()
	say := func(id, text string) string {
		r, err := d.bot.Handle(t.Context(), bot.Message{ID: id, From: bot.Address{Channel: "web", Chat: "then"}, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return r.Text
	}
	if got := say("2", "俺爹走的时候没留下话，这个家产该咋分"); strings.Contains(got, "您说的是") {
		t.Errorf("a question without a day: %q", got)
	}
	if got := say("3", "2019年的事"); !strings.Contains(got, "您说的是2019年") || !strings.Contains(got, "《继承法》") || !strings.Contains(got, "一般平分") {
		t.Errorf("the day named afterwards: %q", got)
	}
	if got := say("4", "这合法吗"); !strings.Contains(got, "合不合法") || !strings.Contains(got, "一般平分") {
		t.Errorf("whether it is lawful: %q", got)
	}
}

func TestTheSameQuestionIsNotAskedBackTwice(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.deps.Answers = answer.NewService(entries(3, "marriage-001"), d.lib, d.talk, answer.Options{Now: d.opt.Now})
	d.restart()
	say := func(id, text string) string {
		r, err := d.bot.Handle(t.Context(), bot.Message{ID: id, From: bot.Address{Channel: "web", Chat: "twice"}, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return r.Text
	}
	if got := say("1", "彩礼能退不"); !strings.Contains(got, "领证了没有") {
		t.Errorf("a general question: %q", got)
	}
	if got := say("2", "办过酒 过了三个月"); !strings.Contains(got, "看两件事") {
		t.Errorf("a reply that fits no choice: %q", got)
	}
}
