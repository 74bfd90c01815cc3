package bot_test

import (
	"context"
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

func TestEachLawNamedGetsItsWord(t *testing.T) {
	labour := knowledge.Citation{Law: "中华人民共和国劳动法", Short: "劳动法", Article: "38", Version: "2018-12-29", InForce: true, Note: "有新版。"}
	held := known{Result: knowledge.Result{
		Named: 1, Exact: &knowledge.Reference{
			Law: labour.Law, Articles: []string{"38", "999"}, Missing: []string{"999"}, Count: 107, Note: "有新版。",
			Parts: []knowledge.Part{
				{Article: "38", Paragraph: 1, Text: "每周至少休息一日。", Count: 1},
				{Article: "38", Paragraph: 4, Count: 1},
				{Article: "38", Paragraph: 1, Item: 3, Text: "（三）三", Count: 1},
			},
			Others: []knowledge.Reference{{Law: "婚姻法", Articles: []string{"46"}}, {Articles: []string{"3"}}},
		},
		Hits: []knowledge.Hit{{Document: knowledge.Document{Kind: knowledge.Article, Text: "每周至少休息一日。", Citations: []knowledge.Citation{labour}}}},
	}}
	r := reply(t, held, "劳动法38条、999条和婚姻法46条，《没有的法》第3条")
	for _, want := range []string{
		"《劳动法》没有第999条，一共 107 条", "《婚姻法》2021年1月1日起已经不用了。您说的第46条，现在看《民法典》第1091条",
		"没找到叫这个名字的法律", "您问的第1款：每周至少休息一日。", "这一条没有第4款，一共 1 款", "您问的第1款第3项：（三）三",
	} {
		if !strings.Contains(r.Text, want) {
			t.Errorf("%q lacks %q", r.Text, want)
		}
	}
	if strings.Count(r.Text, "有新版。") != 1 {
		t.Errorf("a note is said twice: %q", r.Text)
	}
}

func TestAnArticleWithoutALawMeansTheLawBefore(t *testing.T) {
	d := newDesk(t, bot.Options{})
	asked := &listening{known: known{Result: knowledge.Result{Exact: &knowledge.Reference{Law: "婚姻法", Articles: []string{"46"}}}}}
	d.deps.Answers = answer.NewService(asked, d.lib, d.talk, answer.Options{Now: d.opt.Now})
	d.restart()
	say := func(id, text string) string {
		r, err := d.bot.Handle(t.Context(), bot.Message{ID: id, From: bot.Address{Channel: "web", Chat: "lone"}, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return r.Text
	}
	if got := say("1", "第1062条"); !strings.Contains(got, "哪部法的第1062条") {
		t.Errorf("an article alone: %q", got)
	}
	say("2", "婚姻法第46条")
	say("3", "那第47条呢？")
	if last := asked.text; !strings.Contains(last, "《婚姻法》第47条") {
		t.Errorf("the article after it is looked for as %q", last)
	}
}

// listening remembers what was searched for last.
type listening struct {
	known
	text string
}

func (l *listening) Search(ctx context.Context, q knowledge.Query) (knowledge.Result, error) {
	l.text = q.Text
	return l.known.Search(ctx, q)
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

func TestOfMoreArticlesThanFitTheFirstAreShown(t *testing.T) {
	var hits []knowledge.Hit
	var named []string
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"} {
		c := knowledge.Citation{Law: "中华人民共和国劳动法", Short: "劳动法", Article: n, Version: "2018-12-29", InForce: true}
		named = append(named, n)
		if len(hits) < 8 {
			hits = append(hits, knowledge.Hit{Document: knowledge.Document{Kind: knowledge.Article, Text: "第" + n + "条的话。", Citations: []knowledge.Citation{c}}})
		}
	}
	held := known{Result: knowledge.Result{Named: len(hits), Hits: hits, Exact: &knowledge.Reference{Law: "中华人民共和国劳动法", Articles: named, Count: 107}}}
	if r := reply(t, held, "劳动法1到10条"); !strings.Contains(r.Text, "一次先给您看前 8 条") {
		t.Errorf("%q does not say that only the first are shown", r.Text)
	}
}
