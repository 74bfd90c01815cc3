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
			own.InForce = false // today
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
	r := reply(t, entries(0.2, "neighbour-004", "neighbour-013"), "墙上湿了一大片，也不知道是谁家的水，该找谁")
	if !strings.Contains(r.Text, "要是问的不是这件") || !strings.Contains(r.Answer.Note, "要是问的不是这件") {
		t.Errorf("the doubt is not said: %q, note %q", r.Text, r.Answer.Note)
	}
	if !slices.Contains(labels(r), "楼上不让进门查漏水，怎么办？") {
		t.Errorf("buttons %q lack the other entry", labels(r))
	}
}

func TestTwoReadingsOfAShortQuestionAreAskedApart(t *testing.T) {
	r := reply(t, entries(1, "housing-002", "employment-018"), "合同没到期能走吗")
	if !strings.Contains(r.Text, "您问的是哪一种") || len(r.Choices) != 2 {
		t.Errorf("got %q with buttons %q, want a question with two", r.Text, labels(r))
	}
}
