package wire_test

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

func TestFAQsGoLiveWithoutARestart(t *testing.T) {
	t.Parallel()
	d := open(t, filepath.Join(t.TempDir(), "data"), "")
	const ask = "村口大喇叭整宿放曲子"
	first := func() string {
		res, err := d.Knowledge.Search(t.Context(), knowledge.Query{Text: ask, Kinds: []knowledge.Kind{knowledge.FAQ}})
		if err != nil || len(res.Hits) == 0 {
			t.Errorf("Search(%q): %d hits, %v", ask, len(res.Hits), err)
			return ""
		}
		return res.Hits[0].Document.ID
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				first()
			}
		}
	})
	was := d.Knowledge.Version()
	fresh := content.FAQ{ID: "live-1", Question: "村口大喇叭整宿放曲子，管不管", Conclusion: "夜里不能放。", Phrasings: []string{ask}}
	if err := d.Knowledge.UseFAQs([]content.FAQ{fresh}); err != nil {
		t.Fatal(err)
	}
	if got := first(); got != "faq:live-1" {
		t.Errorf("the first FAQ is %s, want the one that went live", got)
	}
	if d.Knowledge.Version() == was {
		t.Error("the version is the same after an FAQ went live")
	}
	if err := d.Knowledge.UseFAQs(nil); err != nil {
		t.Fatal(err)
	}
	close(stop)
	wg.Wait()
	if got := first(); got == "faq:live-1" || d.Knowledge.Version() != was {
		t.Errorf("withdrawn, the FAQ is still found first (%s), version %s, was %s", got, d.Knowledge.Version(), was)
	}
}
