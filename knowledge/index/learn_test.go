package index_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/index"
)

// heldOut are the things of which pets only says who took them in one way.
const heldOut = 4

var things = strings.Fields("布鞋 袜子 瓷碗 手套 毛巾 板凳 锅铲 扫帚 茶壶 雨伞 草帽 围裙 枕头 书包 风车 铃铛 篮子 剪刀 梳子 蜡烛 棉被 竹竿 水瓢 门帘")

// pets are entries on dogs and cats that take things. A dog is called 狗子 and
// 旺旺, a cat 花猫 and 咪咪, each in texts of its own; of the last things only
// the first name is heard.
func pets() (docs []knowledge.Document) {
	for i, thing := range things {
		for _, pet := range [][2]string{{"狗子", "旺旺"}, {"花猫", "咪咪"}} {
			ways := []string{pet[0] + "叼走" + thing, "让" + pet[0] + "叼走" + thing}
			if i < len(things)-heldOut {
				ways = append(ways, pet[1]+"叼走"+thing, "让"+pet[1]+"叼走"+thing)
			}
			docs = append(docs, faq(fmt.Sprintf("%s-%d", pet[0], i), ways[0], "归主人管。", ways[1:]))
		}
	}
	return docs
}

func memory(t *testing.T, docs []knowledge.Document) *index.Index {
	t.Helper()
	ix, err := index.OpenMemory(docs, options())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, ix) })
	return ix
}

// learn reports whether the model was learnt and not read.
func learn(t *testing.T, ix *index.Index, file string) (anew bool) {
	t.Helper()
	if err := ix.Learn(t.Context(), file, func(string, int, int) { anew = true }); err != nil {
		t.Fatal(err)
	}
	return anew
}

// understood counts the things of which the other name of a pet leads to its
// entry before the other pet's.
func understood(t *testing.T, ix *index.Index) (n int) {
	t.Helper()
	for i := len(things) - heldOut; i < len(things); i++ {
		for ask, want := range map[string]string{"旺旺": "狗子", "咪咪": "花猫"} {
			got := search(t, ix, knowledge.Query{Text: ask + "叼走" + things[i]})
			if len(got) > 0 && got[0] == fmt.Sprintf("faq:%s-%d", want, i) {
				n++
			}
		}
	}
	return n
}

func TestContentAloneTeachesWhatMeansTheSame(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "content.model")
	ix := memory(t, pets())
	if n := understood(t, ix); n > heldOut {
		t.Fatalf("%d of %d are told apart by words alone: the test shows nothing", n, 2*heldOut)
	}
	if !learn(t, ix, file) {
		t.Error("nothing was learnt")
	}
	if n := understood(t, ix); n < 2*heldOut-1 {
		t.Errorf("%d of %d understood", n, 2*heldOut)
	}
	if learn(t, ix, file) {
		t.Error("what was learnt is learnt again")
	}

	again := memory(t, pets())
	if learn(t, again, file) {
		t.Error("the kept model is learnt anew")
	}
	if n := understood(t, again); n < 2*heldOut-1 {
		t.Errorf("%d of %d understood by the kept model", n, 2*heldOut)
	}
}

func TestAModelIsKeptForItsContentOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "content.model")
	learn(t, memory(t, pets()), file)
	if !learn(t, memory(t, append(pets(), faq("kite-1", "风筝挂树上", "找物业。", []string{"风筝卡树杈"}))), file) {
		t.Error("other content took the kept model")
	}
	if !learn(t, memory(t, pets()), file) {
		t.Error("the first content took the other's model")
	}
	for name, damage := range map[string]func() error{
		"cut short": func() error { return os.Truncate(file, 40) },
		"gone":      func() error { return os.Remove(file) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if !learn(t, memory(t, pets()), file) {
			t.Errorf("%s: the model wasn't learnt anew", name)
		}
	}
	if left, err := filepath.Glob(file + ".*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestWhatCannotBeKeptIsInUseAllTheSame(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ix := memory(t, pets())
	if err := ix.Learn(t.Context(), filepath.Join(dir, "file", "content.model"), nil); !errors.Is(err, index.ErrNotKept) {
		t.Errorf("where the model can't be kept: %v", err)
	}
	if n := understood(t, ix); n < 2*heldOut-1 {
		t.Errorf("%d of %d understood", n, 2*heldOut)
	}
}

// Searches and overlays go on while an index learns, and what is laid over stays.
func TestLearningDisturbsNobody(t *testing.T) {
	ix := memory(t, pets())
	kite := faq("kite-1", "风筝挂树上够不着", "找物业。", []string{"风筝卡树杈了"})
	if err := ix.Overlay([]knowledge.Document{kite}); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var readers sync.WaitGroup
	readers.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			if got := search(t, ix, knowledge.Query{Text: "风筝卡树杈了"}); !slices.Contains(got, "faq:kite-1") {
				t.Errorf("search %d while it learns: %v", n, got)
				return
			}
			if err := ix.Overlay([]knowledge.Document{kite}); err != nil {
				t.Error(err)
				return
			}
		}
	})
	learn(t, ix, filepath.Join(t.TempDir(), "content.model"))
	close(stop)
	readers.Wait()
	if n := understood(t, ix); n < 2*heldOut-1 {
		t.Errorf("%d of %d understood after overlays came while it learnt", n, 2*heldOut)
	}
	if got := search(t, ix, knowledge.Query{Text: "风筝卡树杈了"}); !slices.Contains(got, "faq:kite-1") {
		t.Errorf("what was laid over is gone: %v", got)
	}
}

func TestLearningEndsWithItsContextAndItsIndex(t *testing.T) {
	file := filepath.Join(t.TempDir(), "content.model")
	ix := memory(t, pets())
	ctx, cancel := context.WithCancel(t.Context())
	err := ix.Learn(ctx, file, func(_ string, done, _ int) {
		if done == 1 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a course that was broken off: %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("half a course was kept")
	}
	if len(search(t, ix, knowledge.Query{Text: "狗子叼走布鞋"})) == 0 {
		t.Error("nothing is found after a course was broken off")
	}

	ends, err := index.OpenMemory(pets(), options())
	if err != nil {
		t.Fatal(err)
	}
	err = ends.Learn(t.Context(), file, func(_ string, done, _ int) {
		if done == 1 {
			closed(t, ends)
		}
	})
	if err == nil {
		t.Error("an index that was closed while it learnt says nothing")
	}
	if ends.Learn(t.Context(), file, nil) == nil {
		t.Error("a closed index learns")
	}
}

func TestAnIndexOfArticlesIsNotTaughtByContentAlone(t *testing.T) {
	both(t, corpus(), func(t *testing.T, ix *index.Index) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "content.model")
		if learn(t, ix, file) {
			t.Error("it learnt")
		}
		if _, err := os.Stat(file); err == nil {
			t.Error("a model was kept")
		}
	})
	if learn(t, memory(t, nil), filepath.Join(t.TempDir(), "m")) {
		t.Error("nothing teaches something")
	}
	one := []knowledge.Document{{ID: "guide:a", Kind: knowledge.Guide, Title: "风筝挂树上", Text: "找物业。"}}
	if learn(t, memory(t, one), filepath.Join(t.TempDir(), "m")) {
		t.Error("what is asked in one way only teaches something")
	}
}
