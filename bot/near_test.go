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

// known is a Searcher that finds the same whatever is asked.
type known struct {
	knowledge.Result
	then []knowledge.Hit // what was in force on another day
}

func (k known) Search(_ context.Context, q knowledge.Query) (knowledge.Result, error) {
	if !q.AsOf.IsZero() {
		return knowledge.Result{Hits: k.then}, nil
	}
	return k.Result, nil
}

func (k known) Article(c knowledge.Citation) (knowledge.Document, bool) {
	for _, h := range k.then {
		if own := h.Document.Citations[0]; own.Law == c.Law && own.Article == c.Article {
			d := h.Document
			own.InForce = false // today's day
			d.Citations = []knowledge.Citation{own}
			return d, true
		}
	}
	return knowledge.Document{}, false
}

func (known) Version() string { return "known" }

// entries are FAQs that resemble the question: the first by score, each
// further one a tenth less.
func entries(score float64, ids ...string) known {
	var k known
	k.Certainty = 0.9
	for i, id := range ids {
		h := knowledge.Hit{Document: knowledge.Document{ID: "faq:" + id, Kind: knowledge.FAQ}, Score: score - 0.1*float64(i)}
		k.Near = append(k.Near, h)
	}
	k.Hits = k.Near[:1]
	return k
}

// reply asks a desk that finds what k holds.
func reply(t *testing.T, k known, text string) bot.Reply {
	t.Helper()
	d := newDesk(t, bot.Options{})
	d.deps.Answers = answer.NewService(k, d.lib, d.talk, answer.Options{Now: d.opt.Now})
	d.restart()
	r, err := d.bot.Handle(t.Context(), bot.Message{ID: "1", From: bot.Address{Channel: "web", Chat: "near"}, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func labels(r bot.Reply) (out []string) {
	for _, c := range r.Choices {
		out = append(out, c.Label)
	}
	return out
}

func TestAnEntryThatMayBeWrongComesWithWhatElseMayBeMeant(t *testing.T) {
	r := reply(t, entries(0.2, "neighbour-015", "neighbour-010"), "外头老有水滴下来，也不知道是谁家的，该找谁")
	if !strings.Contains(r.Text, "要是问的不是这件") || !strings.Contains(r.Answer.Note, "要是问的不是这件") {
		t.Errorf("the doubt is not said: %q, note %q", r.Text, r.Answer.Note)
	}
	if !slices.Contains(labels(r), "水泵、电梯、变压器嗡嗡响，谁负责？") {
		t.Errorf("buttons %q lack the other entry", labels(r))
	}
}

func TestTwoReadingsOfAShortQuestionAreAskedApart(t *testing.T) {
	r := reply(t, entries(1, "housing-002", "employment-018"), "合同没到期能走吗")
	if !strings.Contains(r.Text, "您问的是哪一种") || len(r.Choices) != 2 {
		t.Errorf("got %q with buttons %q, want a question with two", r.Text, labels(r))
	}
}

// lawThen is an article of a law that the Civil Code replaced; its text is
// invented.
func lawThen() knowledge.Hit {
	c := knowledge.Citation{Law: "最高人民法院关于适用《中华人民共和国婚姻法》若干问题的解释（二）", Short: "婚姻法解释（二）", Article: "10", Version: "2003-12-25", InForce: true}
	return knowledge.Hit{Document: knowledge.Document{ID: "law:then", Kind: knowledge.Article, Title: "第十条", Text: "那时的一条。", Citations: []knowledge.Citation{c}}}
}

func TestAMatterBeforeTodaysLawIsToldWhatHeldThen(t *testing.T) {
	k := entries(3, "marriage-002")
	k.then = []knowledge.Hit{lawThen()}
	for name, tc := range map[string]struct {
		text string
		then bool
	}{
		"a year before the Code":       {"2019年的事，当时给了八万彩礼，没领证没一起住，还能要不", true},
		"a year of the Code":           {"2022年给了八万彩礼，没领证没一起住，还能要不", false},
		"a later year says when it is": {"2019年认识的，2022年给了八万彩礼，没领证没一起住，还能要不", false},
		"no year":                      {"给了八万彩礼，没领证没一起住，还能要不", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := reply(t, k, tc.text)
			if got := strings.Contains(r.Text, "您说的是2019年，现在的《民法典》2021年1月1日才施行"); got != tc.then || (r.Answer.Before != "") != tc.then {
				t.Errorf("told %v, before %q, want %v: %s", got, r.Answer.Before, tc.then, r.Text)
			}
			if tc.then && (!strings.Contains(r.Text, "那时的一条") || !strings.Contains(r.Text, "时间效力规定")) {
				t.Errorf("the article of then, or what the change of law rests on, is missing: %s", r.Text)
			}
		})
	}
}

func TestAChoiceTellsWhatHeldThenToo(t *testing.T) {
	k := entries(3, "marriage-001")
	k.then = []knowledge.Hit{lawThen()}
	d := newDesk(t, bot.Options{})
	d.deps.Answers = answer.NewService(k, d.lib, d.talk, answer.Options{Now: d.opt.Now})
	d.restart()
	from := bot.Address{Channel: "web", Chat: "then"}
	d.tell(t, from, "2018年的彩礼能退不")
	if r := d.tell(t, from, "没领证，没一起住过"); !strings.Contains(r.Text, "您说的是2018年") || !strings.Contains(r.Text, "可以要回") {
		t.Errorf("got %q, want the entry of the choice, and what held in 2018", r.Text)
	}
}

// heard is a Searcher that finds an entry by a word of the question, the first of
// those it knows.
type heard map[string]known

func (h heard) Search(ctx context.Context, q knowledge.Query) (knowledge.Result, error) {
	first, found := len(q.Text), known{}
	for word, k := range h {
		if at := strings.Index(q.Text, word); at >= 0 && at < first {
			first, found = at, k
		}
	}
	if first == len(q.Text) {
		return knowledge.Result{}, nil
	}
	return found.Search(ctx, q)
}

func (heard) Article(knowledge.Citation) (knowledge.Document, bool) {
	return knowledge.Document{}, false
}
func (heard) Version() string { return "heard" }

func TestAButtonShowsTheWholeQuestion(t *testing.T) {
	r := reply(t, entries(1, "loan-001", "expropriation-009"), "他打了欠条到现在一分钱也没还过")
	if want := "签了协议搬了家，补偿款、安置房迟迟不给，怎么办？"; !slices.Contains(labels(r), want) {
		t.Errorf("the buttons are %q, want %q among them", labels(r), want)
	}
}

func TestAFurtherMatterThatIsNotCertainComesAsAButton(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.deps.Answers = answer.NewService(heard{"欠条": entries(3, "loan-001"), "水沟": entries(1, "neighbour-019")}, d.lib, d.talk, answer.Options{Now: d.opt.Now})
	d.restart()
	r := d.tell(t, bot.Address{Channel: "web", Chat: "also"}, "他打了欠条到现在一分钱也没还过。那会儿俩人为门前水沟的事红过脸也就过去了")
	if len(r.More) > 0 || !strings.Contains(r.Text, "您还说到了别的事，要不要也看看？点“邻居堵了水沟，雨水排不出去怎么办？”就行") || !slices.Contains(labels(r), "邻居堵了水沟，雨水排不出去怎么办？") {
		t.Errorf("got %q with buttons %q and %d more, want one answer with a button to the other matter", r.Text, labels(r), len(r.More))
	}
}

func TestAPieceThatChangesNothingIsNotedAndTheAnswerStands(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.deps.Answers = answer.NewService(heard{"狗咬": entries(3, "injury-001")}, d.lib, d.talk, answer.Options{Now: d.opt.Now})
	d.restart()
	from := bot.Address{Channel: "web", Chat: "piece"}
	d.tell(t, from, "俺叫他家的狗咬了腿肚子")
	r := d.tell(t, from, "胳膊上蹭破点皮")
	if r.Answer != nil || !strings.Contains(r.Text, "还是“狗咬了孩子，狗主人不认账怎么办？”这件事") {
		t.Errorf("got %q, want that the answer before stands", r.Text)
	}
	for _, other := range []string{"店里放歌有人来收版权的费用还带了单子", "放歌的钱给不给"} {
		if r := d.tell(t, from, other); strings.Contains(r.Text, "这件事，前面说的照样用得上") {
			t.Errorf("%s is another matter, or a question: %q", other, r.Text)
		}
	}
}
