package answer_test

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// lawyer answers by a library that knows of a law that ended: what its article
// 3 said stands in article 4 of today's.
func lawyer(t *testing.T) *answer.Service {
	t.Helper()
	laws, err := content.LoadLaws(fstest.MapFS{"laws/a.yaml": {Data: []byte(`
laws: [{title: 邻里和睦法, short: 和睦法, version: 2020-01-01, effective: 2020-02-01}]
successors: [{old: 旧邻法, new: 和睦法, since: "2020-02-01"}]
moved: [{old: 旧邻法, new: "和睦法@2020-01-01", articles: {"3": [4], "5": [6]}}]
`)}})
	if err != nil {
		t.Fatal(err)
	}
	lib := library()
	lib.Laws = laws
	held := knowledge.Result{Hits: []knowledge.Hit{{Document: article("5")}}, Named: 1, Exact: &knowledge.Reference{Law: "邻里和睦法", Articles: []string{"5"}, Count: 9}}
	gone := func(articles ...string) knowledge.Result {
		return knowledge.Result{Exact: &knowledge.Reference{Law: "旧邻法", Articles: articles}}
	}
	f := finder{
		results:  map[string]knowledge.Result{"和睦法": held, "旧邻法第3条": gone("3"), "旧邻法第7条": gone("7"), "《旧邻法》": gone("1")},
		articles: map[string]knowledge.Document{"邻里和睦法#4": article("4")},
	}
	return answer.NewService(f, lib, talk(t), answer.Options{Now: func() time.Time { return today }})
}

func TestALawNamedByItselfIsIntroduced(t *testing.T) {
	for text, want := range map[string]struct {
		name  string
		count int
		ended bool
		topic string // the first of the entries that rest on it
	}{
		"和睦法":       {"和睦法", 9, false, "loan"},
		"《和睦法》讲的啥":  {"和睦法", 9, false, "loan"},
		"请问旧邻法还有用吗": {"旧邻法", 0, true, "loan"}, // its article 3 became 4, on which the entry rests
	} {
		a, err := lawyer(t).Ask(t.Context(), answer.Question{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		if a.Kind != answer.Clarify || a.Law == nil || a.Law.Name != want.name || a.Law.Count != want.count || (a.Law.Ended != nil) != want.ended {
			t.Errorf("%s is %s about %+v, want %+v", text, a.Kind, a.Law, want)
			continue
		}
		if len(a.Topics) == 0 || a.Topics[0].ID != want.topic {
			t.Errorf("%s offers %d topics, want %s first", text, len(a.Topics), want.topic)
		}
	}
	for _, text := range []string{"和睦法第5条", "他违反和睦法了咋办", "想个办法"} {
		if a, err := lawyer(t).Ask(t.Context(), answer.Question{Text: text}); err != nil || a.Law != nil {
			t.Errorf("%s was taken for the name of %+v, %v", text, a.Law, err)
		}
	}
}

func TestAnArticleOfARepealedLawLeadsToTodays(t *testing.T) {
	a, err := lawyer(t).Ask(t.Context(), answer.Question{Text: "旧邻法第3条"})
	if err != nil || a.Kind != answer.Exact || a.Ended == nil || a.Ended.New != "和睦法" {
		t.Fatalf("got %s, ended %+v, %v", a.Kind, a.Ended, err)
	}
	if len(a.Citations) != 1 || a.Citations[0].Article != "4" || !a.Citations[0].InForce || len(a.Articles) != 1 {
		t.Errorf("got %+v with %d articles, want today's article 4", a.Citations, len(a.Articles))
	}
	if a, _ := lawyer(t).Ask(t.Context(), answer.Question{Text: "旧邻法第7条"}); a.Ended == nil || len(a.Citations) != 0 {
		t.Errorf("an article that went nowhere leads to %+v", a.Citations)
	}
	early := answer.NewService(finder{results: map[string]knowledge.Result{"旧邻法": {Exact: &knowledge.Reference{Law: "旧邻法", Articles: []string{"3"}}}}},
		library(), talk(t), answer.Options{Now: func() time.Time { return today }})
	if a, _ := early.Ask(t.Context(), answer.Question{Text: "旧邻法第3条"}); a.Ended != nil {
		t.Error("a law of which the table knows no end has ended")
	}
}

func TestAnArticleNamedWithADayComesAsItStoodThen(t *testing.T) {
	cite := func(version, since string, holds bool) knowledge.Citation {
		return knowledge.Citation{Law: "邻里和睦法", Short: "和睦法", Article: "5", Version: version, Effective: since, InForce: holds}
	}
	doc := func(c knowledge.Citation) knowledge.Hit {
		return knowledge.Hit{Document: knowledge.Document{ID: c.Version, Kind: knowledge.Article, Text: c.Version, Citations: []knowledge.Citation{c}}}
	}
	f := days{
		today: knowledge.Result{Named: 1, Hits: []knowledge.Hit{doc(cite("2020-01-01", "2020-02-01", true))}},
		then:  knowledge.Result{Named: 1, Hits: []knowledge.Hit{doc(cite("2010-01-01", "2010-02-01", true)), doc(cite("2009-01-01", "2009-02-01", true))}},
	}
	s := answer.NewService(f, library(), talk(t), answer.Options{Now: func() time.Time { return today }})
	a, err := s.Ask(t.Context(), answer.Question{Text: "和睦法第5条，2018年的事"})
	if err != nil || a.Then == nil || len(a.Then.Articles) != 1 || a.Then.Citations[0].Version != "2010-01-01" {
		t.Fatalf("then is %+v, %v", a.Then, err)
	}
	if len(a.Articles) != 1 || a.Articles[0].Text != "2020-01-01" {
		t.Errorf("today's are %+v", a.Articles)
	}
	if a, _ := s.Ask(t.Context(), answer.Question{Text: "和睦法第5条"}); a.Then != nil {
		t.Errorf("without a day: %+v", a.Then)
	}
	f.then = knowledge.Result{}
	s = answer.NewService(f, library(), talk(t), answer.Options{Now: func() time.Time { return today }})
	if a, _ := s.Ask(t.Context(), answer.Question{Text: "和睦法第5条，2018年的事"}); a.Then == nil || len(a.Then.Articles) != 0 {
		t.Errorf("a version that isn't held: %+v", a.Then)
	}
}

// TestOfOldLawOnlyWhatTodaysSucceededIsQuoted: of old law little is held, and
// what a search brings up of it may be about something else.
func TestOfOldLawOnlyWhatTodaysSucceededIsQuoted(t *testing.T) {
	const now = "东院西院共用的墙，谁要拆，先同另一家商量，拆坏了照原样修好。"
	for text, want := range map[string]int{
		"两院共用的墙，要拆的先同另一家商量。":             1,
		"河滩上的树，栽的人归栽的人。":                 0,
		"本法施行前共用的墙，要拆的先同另一家商量，拆坏了照原样修好。": 0, // looks back beyond its own law
	} {
		doc := func(text, version string) knowledge.Hit {
			c := knowledge.Citation{Law: "邻里和睦法", Short: "和睦法", Article: "5", Version: version, Effective: version, InForce: true}
			return knowledge.Hit{Document: knowledge.Document{ID: version, Kind: knowledge.Article, Text: text, Citations: []knowledge.Citation{c}}}
		}
		f := days{today: knowledge.Result{Certainty: 1, Hits: []knowledge.Hit{doc(now, "2020-02-01")}}, then: knowledge.Result{Hits: []knowledge.Hit{doc(text, "2010-02-01")}}}
		f.unnamed = true
		f.articles = map[string]knowledge.Document{"邻里和睦法#5": f.today.Hits[0].Document}
		s := answer.NewService(f, library(), talk(t), answer.Options{Now: func() time.Time { return today }})
		a, err := s.Ask(t.Context(), answer.Question{Text: "2018年拆了两家的墙"})
		if err != nil || a.Kind != answer.Answered {
			t.Fatalf("%v, %v", a.Kind, err)
		}
		got := 0
		if a.Then != nil {
			got = len(a.Then.Articles)
		}
		if got != want {
			t.Errorf("%q: %d articles of then, want %d", text, got, want)
		}
	}
}

// days finds one thing as of today, another as of a day before.
type days struct {
	finder
	today, then knowledge.Result
	unnamed     bool // the question names no article
}

func (d days) Search(_ context.Context, q knowledge.Query) (knowledge.Result, error) {
	res := d.today
	if !q.AsOf.IsZero() && q.AsOf.Before(today) {
		res = d.then
	}
	if !d.unnamed {
		res.Exact = &knowledge.Reference{Law: "邻里和睦法", Articles: []string{"5"}, Count: 9}
	}
	return res, nil
}
