package index_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/index"
)

// today is the day of every test.
func today() time.Time { return time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC) }

func options() index.Options { return index.Options{Now: today} }

// article invents one article of an invented law.
func article(law, version, number, heading, text string) knowledge.Document {
	c := knowledge.Citation{Law: law, Short: law, Article: number, Version: version, Effective: version, InForce: true}
	return knowledge.Document{
		ID: "law:" + law + "@" + version + "#" + number, Kind: knowledge.Article, Title: law + "第" + number + "条",
		Text: text, Heading: heading, Level: knowledge.Statute, Citations: []knowledge.Citation{c},
	}
}

func faq(id, question, text string, phrasings []string, cites ...knowledge.Citation) knowledge.Document {
	return knowledge.Document{ID: "faq:" + id, Kind: knowledge.FAQ, Title: question, Text: text, Questions: phrasings, Citations: cites}
}

// corpus is a few invented laws and one FAQ.
func corpus() []knowledge.Document {
	wells := article("水井法", "2020-01-01", "5", "取水", "邻居共用水井的，应当轮流取水；任何一方不得独占。")
	return []knowledge.Document{
		article("水井法", "2020-01-01", "4", "总则", "水井由村民共同管理。"),
		wells,
		article("水井法", "2010-01-01", "5", "取水", "邻居共用水井的，先到先取。"),
		article("风筝法", "2019-05-01", "1", "总则", "放风筝应当避开电线；违反第二条的，应当赔偿。"),
		article("风筝法", "2019-05-01", "2", "赔偿", "风筝缠住电线造成停电的，放风筝的人应当赔偿损失。"),
		faq("well-1", "隔壁把井锁了不让打水怎么办", "共用的水井谁也不能独占。", []string{"井叫人家锁了", "不让俺打水"}, wells.Citations[0]),
	}
}

// both runs a test on an index in memory and on one that was built and opened.
func both(t *testing.T, docs []knowledge.Document, f func(t *testing.T, ix *index.Index)) {
	t.Helper()
	t.Run("in memory", func(t *testing.T) {
		ix, err := index.OpenMemory(docs, options())
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, ix)
		f(t, ix)
	})
	t.Run("built", func(t *testing.T) {
		ix := open(t, built(t, docs))
		f(t, ix)
	})
}

func built(t *testing.T, docs []knowledge.Document) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := index.Build(t.Context(), dir, docs, index.BuildOptions{}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func open(t *testing.T, dir string) *index.Index {
	t.Helper()
	ix, err := index.Open(dir, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, ix) })
	return ix
}

func closed(t *testing.T, ix *index.Index) {
	t.Helper()
	if err := ix.Close(); err != nil {
		t.Error(err)
	}
}

func search(t *testing.T, ix *index.Index, q knowledge.Query) []string {
	t.Helper()
	res, err := ix.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, 0, len(res.Hits))
	for _, h := range res.Hits {
		ids = append(ids, h.Document.ID)
	}
	return ids
}

func TestSearchFindsWhatAnswers(t *testing.T) {
	both(t, corpus(), func(t *testing.T, ix *index.Index) {
		t.Helper()
		for name, tc := range map[string]struct {
			query knowledge.Query
			first string
			never string
		}{
			"a statute's own words lead to its article":          {knowledge.Query{Text: "风筝缠住电线造成停电要赔偿损失吗", Kinds: []knowledge.Kind{knowledge.Article}}, "law:风筝法@2019-05-01#2", "faq:"},
			"full width and traditional characters are the same": {knowledge.Query{Text: "風筝缠住電線"}, "law:风筝法@2019-05-01#2", ""},
			"an FAQ comes before the article it cites":           {knowledge.Query{Text: "井叫人家锁了不让打水"}, "faq:well-1", "@2010-"},
			"a superseded version is not found today":            {knowledge.Query{Text: "邻居共用水井取水", Kinds: []knowledge.Kind{knowledge.Article}}, "law:水井法@2020-01-01#5", "@2010-"},
			"a past day finds the version of that day":           {knowledge.Query{Text: "邻居共用水井取水", Kinds: []knowledge.Kind{knowledge.Article}, AsOf: time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)}, "law:水井法@2010-01-01#5", "@2020-"},
		} {
			t.Run(name, func(t *testing.T) {
				got := search(t, ix, tc.query)
				if len(got) == 0 || got[0] != tc.first {
					t.Fatalf("Search(%q) = %v, want %s first", tc.query.Text, got, tc.first)
				}
				if all := strings.Join(got, " "); tc.never != "" && strings.Contains(all, tc.never) {
					t.Errorf("Search(%q) = %v, want nothing of %s", tc.query.Text, got, tc.never)
				}
			})
		}
	})
}

func TestArticleIsFoundByItsCitation(t *testing.T) {
	both(t, corpus(), func(t *testing.T, ix *index.Index) {
		t.Helper()
		for name, tc := range map[string]struct {
			cite    knowledge.Citation
			version string
			inForce bool
		}{
			"the version asked for, also superseded": {knowledge.Citation{Law: "水井法", Article: "5", Version: "2010-01-01"}, "2010-01-01", false},
			"the newest when none is asked for":      {knowledge.Citation{Law: "《水井法》", Article: "5"}, "2020-01-01", true},
			"nothing for a number that is not there": {knowledge.Citation{Law: "水井法", Article: "6"}, "", false},
		} {
			t.Run(name, func(t *testing.T) {
				d, ok := ix.Article(tc.cite)
				if ok != (tc.version != "") {
					t.Fatalf("Article(%v) found %v", tc.cite, ok)
				}
				if ok && (d.Citations[0].Version != tc.version || d.Citations[0].InForce != tc.inForce) {
					t.Errorf("Article(%v) = %+v", tc.cite, d.Citations[0])
				}
			})
		}
	})
}

func TestBuildIsSafeToRepeatAndToBreakOff(t *testing.T) {
	docs := corpus()
	dir := built(t, docs)
	ix := open(t, dir)
	was := ix.Version()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	more := append(corpus(), article("灯笼法", "2021-01-01", "1", "总则", "灯笼应当防火。"))
	if err := index.Build(ctx, dir, more, index.BuildOptions{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("Build on a cancelled context: %v", err)
	}
	if again := open(t, dir); again.Version() != was {
		t.Errorf("a broken build changed the version from %s to %s", was, again.Version())
	}
	if err := index.Build(t.Context(), dir, docs, index.BuildOptions{}); err != nil {
		t.Fatal(err)
	}
	if again := open(t, dir); again.Version() != was {
		t.Errorf("the same documents gave version %s, then %s", was, again.Version())
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 4 {
		t.Errorf("the folder holds %d entries after all, want the current file, the lock and two parts", len(entries))
	}
}

func TestReloadTakesUpANewBuildWhileSearchesRun(t *testing.T) {
	dir := built(t, corpus())
	ix := open(t, dir)
	was := ix.Version()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				res, err := ix.Search(context.Background(), knowledge.Query{Text: "邻居共用水井"})
				if err != nil || len(res.Hits) == 0 {
					t.Errorf("a search during reload: %d hits, %v", len(res.Hits), err)
					return
				}
			}
		})
	}
	more := append(corpus(), article("灯笼法", "2021-01-01", "1", "总则", "灯笼应当防火。"))
	if err := index.Build(t.Context(), dir, more, index.BuildOptions{}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := ix.Reload(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	if ix.Version() == was {
		t.Error("the version is the same after a new build and Reload")
	}
	if got := search(t, ix, knowledge.Query{Text: "灯笼防火"}); len(got) == 0 || got[0] != "law:灯笼法@2021-01-01#1" {
		t.Errorf("after Reload, the new law is not found: %v", got)
	}
}

func TestOpenSaysWhenThereIsNoIndex(t *testing.T) {
	if _, err := index.Open(filepath.Join(t.TempDir(), "none"), options()); !errors.Is(err, index.ErrNoIndex) {
		t.Errorf("Open of an empty folder: %v, want ErrNoIndex", err)
	}
}

func TestAClosedIndexRefusesToSearch(t *testing.T) {
	ix, err := index.OpenMemory(corpus(), options())
	if err != nil {
		t.Fatal(err)
	}
	closed(t, ix)
	closed(t, ix)
	if _, err := ix.Search(t.Context(), knowledge.Query{Text: "水井"}); err == nil {
		t.Error("Search on a closed index gave no error")
	}
}
