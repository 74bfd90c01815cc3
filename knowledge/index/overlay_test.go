package index_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/index"
)

func TestAnOverlayIsFoundAtOnceAndGoesAgain(t *testing.T) {
	both(t, corpus(), func(t *testing.T, ix *index.Index) {
		t.Helper()
		was, size := ix.Version(), ix.Size()[knowledge.FAQ]
		fresh := faq("kite-1", "风筝挂树上够不着", "找物业。", []string{"风筝卡树杈了"})
		edited := faq("well-1", "隔壁锁井", "新的答法。", []string{"井叫人家锁了", "不让俺打水"})
		for name, tc := range map[string]struct {
			docs  []knowledge.Document
			ask   string
			first string
			text  string
			more  int
		}{
			"a new FAQ is found":                      {[]knowledge.Document{fresh}, "风筝卡树杈了", "faq:kite-1", "找物业", 1},
			"what was built in is still found":        {[]knowledge.Document{fresh}, "井叫人家锁了不让打水", "faq:well-1", "独占", 1},
			"an edited one stands in its first place": {[]knowledge.Document{edited}, "井叫人家锁了不让打水", "faq:well-1", "新的答法", 0},
		} {
			t.Run(name, func(t *testing.T) {
				if err := ix.Overlay(tc.docs); err != nil {
					t.Fatal(err)
				}
				res, err := ix.Search(t.Context(), knowledge.Query{Text: tc.ask})
				if err != nil {
					t.Fatal(err)
				}
				if len(res.Hits) == 0 || res.Hits[0].Document.ID != tc.first || !strings.Contains(res.Hits[0].Document.Text, tc.text) {
					t.Errorf("Search(%q) = %+v, want %s first with %s", tc.ask, res.Hits, tc.first, tc.text)
				}
				if got := ix.Size()[knowledge.FAQ]; got != size+tc.more {
					t.Errorf("%d FAQs, want %d", got, size+tc.more)
				}
				if ix.Version() == was || res.Version != ix.Version() {
					t.Errorf("version %s, result's %s, want one other than %s", ix.Version(), res.Version, was)
				}
			})
		}
		if err := ix.Overlay(nil); err != nil {
			t.Fatal(err)
		}
		if got := search(t, ix, knowledge.Query{Text: "风筝卡树杈了", Kinds: []knowledge.Kind{knowledge.FAQ}}); slices.Contains(got, "faq:kite-1") {
			t.Errorf("after the overlay was taken away, its FAQ is found: %v", got)
		}
		if ix.Version() != was {
			t.Errorf("version %s after the overlay was taken away, was %s", ix.Version(), was)
		}
	})
}

func TestAnOverlayStaysOverANewBuild(t *testing.T) {
	dir := built(t, corpus())
	ix := open(t, dir)
	if err := ix.Overlay([]knowledge.Document{faq("kite-1", "风筝挂树上够不着", "找物业。", []string{"风筝卡树杈了"})}); err != nil {
		t.Fatal(err)
	}
	more := append(corpus(), article("灯笼法", "2021-01-01", "1", "总则", "灯笼应当防火。"))
	if err := index.Build(t.Context(), dir, more, index.BuildOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := ix.Reload(); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"风筝卡树杈了": "faq:kite-1", "灯笼应当防火": "law:灯笼法@2021-01-01#1"} {
		if got := search(t, ix, knowledge.Query{Text: text}); len(got) == 0 || got[0] != want {
			t.Errorf("Search(%q) = %v, want %s first", text, got, want)
		}
	}
}

func TestAnOverlayDropsNoSearch(t *testing.T) {
	ix := open(t, built(t, corpus()))
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
				res, err := ix.Search(t.Context(), knowledge.Query{Text: "井叫人家锁了不让打水"})
				if err != nil || len(res.Hits) == 0 || res.Hits[0].Document.ID != "faq:well-1" {
					t.Errorf("a search while overlays change: %+v, %v", res.Hits, err)
					return
				}
			}
		})
	}
	for i := range 20 {
		var docs []knowledge.Document
		if i%2 == 0 {
			docs = []knowledge.Document{faq("kite-1", "风筝挂树上够不着", "找物业。", nil)}
		}
		if err := ix.Overlay(docs); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
	if err := ix.Overlay([]knowledge.Document{corpus()[0]}); err == nil {
		t.Error("an article was laid over without an error")
	}
}
