package bot_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// finder is a Searcher over invented law that knows its questions by heart.
type finder struct{}

func (finder) Version() string { return "v1" }

func cited(no string) knowledge.Citation {
	return knowledge.Citation{Law: "槐乡邻里和睦条例", Short: "和睦条例", Article: no, Version: "2020-01-01", Effective: "2020-02-01", InForce: no != "3"}
}

func article(no string) knowledge.Document {
	return knowledge.Document{
		ID: "law:槐乡邻里和睦条例@2020-01-01#" + no, Kind: knowledge.Article, Title: "和睦条例第" + no + "条",
		Text: "槐树落叶归落在谁家院里谁家扫。", Citations: []knowledge.Citation{cited(no)},
	}
}

func (finder) Search(_ context.Context, q knowledge.Query) (knowledge.Result, error) {
	guide := knowledge.Document{ID: "guide:和睦条例@2020-01-01#2", Kind: knowledge.Guide, Citations: []knowledge.Citation{cited("2")}}
	uncited := knowledge.Document{ID: "guide:none", Kind: knowledge.Guide, Title: "没有依据", Text: "没有依据的话"}
	for part, r := range map[string]knowledge.Result{
		"落叶":    {Certainty: 0.9, Hits: []knowledge.Hit{{Document: guide}}},
		"晒粮":    {Certainty: 0.9, Hits: []knowledge.Hit{{Document: article("3")}}},
		"没出处":   {Certainty: 0.9, Hits: []knowledge.Hit{{Document: uncited}}},
		"第2条":   {Named: 1, Exact: &knowledge.Reference{Law: "槐乡邻里和睦条例", Articles: []string{"2"}, Count: 4}, Hits: []knowledge.Hit{{Document: article("2")}}},
		"第120条": {Exact: &knowledge.Reference{Law: "槐乡邻里和睦条例", Articles: []string{"120-1"}, Missing: []string{"120-1"}, Count: 4}},
		"老条例":   {Exact: &knowledge.Reference{Law: "槐乡老条例", Articles: []string{"1"}, Note: "2020年2月1日起不再有效。"}},
		"月球法":   {Exact: &knowledge.Reference{Articles: []string{"1"}}},
	} {
		if strings.Contains(q.Text, part) {
			r.Version = "v1"
			return r, nil
		}
	}
	return knowledge.Result{Version: "v1"}, nil
}

func (finder) Article(c knowledge.Citation) (knowledge.Document, bool) {
	return article(c.Article), c.Law == "槐乡邻里和睦条例"
}

// inventive is a desk whose knowledge is invented law.
func inventive(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t, bot.Options{})
	lib := *d.lib
	c := content.Citation{Law: "槐乡邻里和睦条例", Short: "和睦条例", Article: "2", Version: "2020-01-01", Effective: "2020-02-01"}
	lib.Guides = []content.Guide{{Article: "2", Means: "落在谁家院里，谁家扫。", Example: "老王家的槐树叶落在老李院里，老李扫。", Citation: c}}
	d.deps.Library = &lib
	d.deps.Answers = answer.NewService(finder{}, &lib, d.talk, answer.Options{Now: d.opt.Now})
	d.restart()
	return d
}

func TestAnswersOfEachKindSayWhatTheyRestOn(t *testing.T) {
	for text, want := range map[string][]string{
		"槐树落叶归谁扫":     {"**落在谁家院里，谁家扫。**", "比如：老王家", "依据：《和睦条例》第2条 · 现行有效（截至 2026-11-22）"},
		"晒粮占道怎么算":     {"没有现成的答复", "综合行政执法局", "槐树落叶归", "其中《和睦条例》第3条可能已经不是现行的"},
		"和睦条例第2条":     {"**《和睦条例》第2条**", "槐树落叶归", "白话说：落在谁家", "依据："},
		"和睦条例第120条之一": {"没有第120条之一，一共 4 条"},
		"老条例第1条":      {"这一条的原文我手里还没有", "不再有效"},
		"户口怎么迁":       {"这件事归公安机关（派出所）管", "12345"},
		"月球法第1条":      {"没找到叫这个名字的法律"},
	} {
		d := inventive(t)
		r := d.tell(t, web("a"), text)
		for _, w := range want {
			if !strings.Contains(r.Text, w) {
				t.Errorf("%s: the answer lacks %q:\n%s", text, w, r.Text)
			}
		}
		if (r.Answer == nil) != (len(r.Choices) == 0 || !strings.Contains(flat(r), "看原文")) {
			t.Errorf("%s: the answer has a view %v and buttons %v", text, r.Answer != nil, r.Choices)
		}
	}
}

func TestTheSourceIsShownWordForWord(t *testing.T) {
	d := inventive(t)
	r := d.tell(t, web("a"), "槐树落叶归谁扫")
	shown := d.press(t, web("a"), bot.Message{}.Person, dataOf(t, r, "看原文"))
	if !strings.Contains(shown.Text, "**《和睦条例》第2条**（2020-01-01 版）\n槐树落叶归落在谁家院里谁家扫。") {
		t.Errorf("the source reads:\n%s", shown.Text)
	}
	d.tell(t, web("a"), "没出处的事")
	if r := d.press(t, web("a"), bot.Message{}.Person, "a:2:src"); !strings.Contains(r.Text, "没有引法条") {
		t.Errorf("the source of an answer without one reads:\n%s", r.Text)
	}
}

func TestAHelpCardsButtonIsHonestWhenNothingIsKnown(t *testing.T) {
	d := inventive(t)
	r := d.tell(t, web("a"), "俺对象又动手了 俺不敢回家")
	r = d.press(t, web("a"), bot.Message{}.Person, dataOf(t, r, "已经安全，想问怎么办"))
	if !strings.Contains(flat(r), "拿不准") || !strings.Contains(flat(r), "〔找个人帮我〕") {
		t.Errorf("the button gives:\n%s", flat(r))
	}
}

// TestAskOnceKeepsItsContract: later checks and docs/CLI.md rely on these names.
func TestAskOnceKeepsItsContract(t *testing.T) {
	d := newDesk(t, bot.Options{})
	for text, want := range map[string]struct {
		kind     string
		urgent   bool
		passages bool
		reply    string
	}{
		"打的欠条 过了好几年了还好使不": {"answer", false, true, "依据："},
		"彩礼能退不": {"clarify", false, true, "领证"},
		"刚才有人说俺银行卡洗钱 让俺把钱转到安全账户 咋办": {"urgent", true, false, "96110"},
		"被家暴了怎么取证":            {"answer", true, true, "依据："},
		"潮汐表上那个水深的基准面是咋定的":    {"refuse", false, false, "没有把握"},
		"推荐个股票呗":              {"refuse", false, false, "帮不上"},
		"俺村二〇一八年那个土地确权文件还作数不": {"refuse", false, false, "这份文件我手里没有"},
		"我要反映纠纷":              {"report", false, false, "反映纠纷"},
	} {
		got, err := d.bot.AskOnce(t.Context(), text, 3)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(raw, &fields); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"id", "kind", "certainty", "urgent", "passages", "reply", "next"} {
			if _, ok := fields[name]; !ok {
				t.Errorf("%s: the line lacks %q", text, name)
			}
		}
		if string(got.Kind) != want.kind || (got.Urgent != nil) != want.urgent || !strings.Contains(got.Reply, want.reply) {
			t.Errorf("%s: kind %s, urgent %v, reply %q; want %s, %v, …%s…", text, got.Kind, got.Urgent != nil, got.Reply, want.kind, want.urgent, want.reply)
		}
		if len(got.Passages) > 3 || want.passages && len(got.Passages) == 0 || got.Kind == answer.Refuse && len(got.Passages) > 0 {
			t.Errorf("%s: %d passages of kind %s", text, len(got.Passages), got.Kind)
		}
		if string(fields["passages"]) == "null" || want.urgent == (string(fields["urgent"]) == "null") {
			t.Errorf("%s: passages %s, urgent %s", text, fields["passages"], fields["urgent"])
		}
	}
}
