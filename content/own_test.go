package content_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/anjie-desk/anjie/content"
)

func given(t *testing.T, files ...string) *content.Library {
	t.Helper()
	tree := fstest.MapFS{
		"laws/a.yaml":         {Data: []byte(checkLaws)},
		"places/offices.yaml": {Data: []byte(checkOffices)},
		"faq/neighbour.yaml":  {Data: []byte(goodFAQ)},
	}
	for i := 0; i+1 < len(files); i += 2 {
		tree[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	lib, err := content.Load(tree)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func lamp(change func(*content.FAQ)) content.FAQ {
	f := content.FAQ{
		ID: "neighbour-d1", Field: "neighbour", Question: "院子里装监控照着别人家行吗？",
		Phrasings:  []string{"邻居摄像头对着俺门", "隔壁安探头拍我家", "门口有个监视器老朝着我", "装监控要不要别人同意", "猫眼带录像算侵权不", "他家那个镜头能拍到俺院"},
		Conclusion: "不能照着别人家里。", Explanation: "自己院里可以装，照到别人家里要调开。", Steps: []string{"请他转个方向"},
		See: []string{"village"}, Mediation: content.Mediation{Can: "yes", Why: "邻里小事，适合调解"},
		Cite: []string{"邻灯法@2024-05-20#2"}, Reviewed: "2026-11-20", ReviewBy: "2027-11-20",
	}
	if change != nil {
		change(&f)
	}
	return f
}

func TestDeskMadeEntriesStandBesideAndInPlaceOfThoseGiven(t *testing.T) {
	lib := given(t)
	override := lamp(func(f *content.FAQ) { f.ID, f.Conclusion = "neighbour-001", "改过的结论。" })
	broken := lamp(func(f *content.FAQ) { f.ID, f.Cite = "neighbour-d2", []string{"没有的法@2020-01-01#1"} })
	with, left := lib.With(content.Own{FAQs: []content.FAQ{lamp(nil), override, broken}})
	if len(with.FAQs) != 2 || with.FAQs[0].Conclusion != "改过的结论。" || with.FAQs[1].ID != "neighbour-d1" || len(with.FAQs[1].Citations) != 1 {
		t.Errorf("the library holds %+v", with.FAQs)
	}
	if len(left) != 1 || !strings.Contains(left[0].Error(), "neighbour-d2") {
		t.Errorf("left out: %v", left)
	}
	if len(lib.FAQs) != 1 || lib.FAQs[0].Conclusion == "改过的结论。" {
		t.Error("the library given has changed")
	}
	if down, _ := lib.With(content.Own{Down: []string{"neighbour-001"}}); len(down.FAQs) != 0 {
		t.Errorf("taken down, yet there: %v", down.FAQs)
	}
}

func TestDeskMadeEntriesSurviveTheirFile(t *testing.T) {
	full := lamp(func(f *content.FAQ) {
		f.Deadlines = []content.Deadline{{What: "起诉", Within: "3y", From: "那天", Cite: "邻灯法@2024-05-20#2"}}
		f.Clarify = &content.Clarify{Ask: "谁家的？", Choices: []content.ClarifyChoice{{Say: "我家的", To: "neighbour-001"}}}
		f.Sources, f.Papers, f.Warning = []string{"某处"}, []string{"照片"}, "别动手。"
	})
	raw, err := content.Own{FAQs: []content.FAQ{full}, Down: []string{"b", "a"}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := content.ParseOwn(raw)
	if err != nil {
		t.Fatal(err)
	}
	again, err := back.Encode()
	if err != nil || string(again) != string(raw) || !slices.Equal(back.Down, []string{"a", "b"}) {
		t.Errorf("read back: %v\n%s\nis not\n%s", err, again, raw)
	}
	if got := back.FAQs[0]; got.Field != "neighbour" || got.Clarify.Choices[0].To != "neighbour-001" || got.Deadlines[0].Within != "3y" || got.Warning != "别动手。" {
		t.Errorf("read back: %+v", got)
	}
	if _, err := content.ParseOwn([]byte("entries: [{id: x, colour: red}]")); err == nil {
		t.Error("an unknown key is let through")
	}
}

func TestAnExportReplacesTheFilesThatItChanges(t *testing.T) {
	second := strings.NewReplacer("neighbour-001", "loan-001", "field: neighbour", "field: loan").Replace(goodFAQ)
	lib := given(t, "faq/loan.yaml", second)
	override := lamp(func(f *content.FAQ) { f.ID, f.Conclusion = "neighbour-001", "改过的结论。" })
	files, err := lib.Export(content.Own{FAQs: []content.FAQ{lamp(nil), override}})
	if err != nil || len(files) != 1 {
		t.Fatalf("%d files, %v; want faq/neighbour.yaml alone", len(files), err)
	}
	after := given(t, "faq/loan.yaml", second, "faq/neighbour.yaml", string(files["faq/neighbour.yaml"]))
	var ids []string
	for _, f := range after.FAQs {
		ids = append(ids, f.ID+" "+f.Conclusion)
	}
	if want := []string{"loan-001 共用的灯由共用的人一起修。", "neighbour-001 改过的结论。", "neighbour-d1 不能照着别人家里。"}; !slices.Equal(ids, want) {
		t.Errorf("loaded again: %q, want %q", ids, want)
	}
	if after.FAQs[1].Reviewed != "2026-11-20" {
		t.Errorf("the day of the review became %s", after.FAQs[1].Reviewed)
	}
	moved := lamp(func(f *content.FAQ) { f.ID, f.Field = "neighbour-001", "loan" })
	if files, err = lib.Export(content.Own{FAQs: []content.FAQ{moved}}); err != nil || len(files) != 2 || strings.Contains(string(files["faq/neighbour.yaml"]), "neighbour-001") {
		t.Errorf("an entry that changed its field: %v, %v", files, err)
	}
	if files, err = lib.Export(content.Own{Down: []string{"loan-001"}}); err != nil || len(files) != 1 || strings.Contains(string(files["faq/loan.yaml"]), "loan-001") {
		t.Errorf("an entry taken down: %v, %v", files, err)
	}
}

func TestAnEntryNotYetLiveIsCheckedByItsFields(t *testing.T) {
	lib := given(t)
	if got := content.CheckFAQ(lib, lamp(nil), checkDay); len(got) != 0 {
		t.Fatalf("a sound entry: %v", got)
	}
	same := lamp(func(f *content.FAQ) { *f = lib.FAQs[0] })
	if got := content.CheckFAQ(lib, same, checkDay); len(got) != 0 {
		t.Errorf("an entry is its own twin: %v", got)
	}
	for name, tc := range map[string]struct {
		change func(*content.FAQ)
		field  string
		says   string
	}{
		"no question":       {func(f *content.FAQ) { f.Question = "" }, "question", "还空着"},
		"no conclusion":     {func(f *content.FAQ) { f.Conclusion = "" }, "conclusion", "还空着"},
		"no citation":       {func(f *content.FAQ) { f.Cite = nil }, "cite", "还空着"},
		"a long conclusion": {func(f *content.FAQ) { f.Conclusion = strings.Repeat("不能照着别人家；", 13) }, "conclusion", "结论（conclusion） 有 104 个字"},
		"a long step":       {func(f *content.FAQ) { f.Steps = []string{strings.Repeat("转", 41)} }, "steps", "最多 40 个"},
		"a promise":         {func(f *content.FAQ) { f.Warning = "您一定能赢" }, "warning", "一定能赢"},
		"no steps":          {func(f *content.FAQ) { f.Steps = nil }, "steps", "怎么办"},
		"nobody to see":     {func(f *content.FAQ) { f.See = nil }, "see", "先找谁"},
		"an unknown field":  {func(f *content.FAQ) { f.Field = "moon" }, "field", "moon"},
		"few phrasings":     {func(f *content.FAQ) { f.Phrasings = f.Phrasings[:2] }, "phrasings", "至少要 6 种"},
		"a limit in words": {func(f *content.FAQ) {
			f.Deadlines = []content.Deadline{{What: "起诉", Within: "三年", From: "那天", Cite: "x"}}
		}, "deadlines", "三年"},
		"mediation neither way": {func(f *content.FAQ) { f.Mediation.Can = "" }, "mediation", "能不能调解"},
		"another's question":    {func(f *content.FAQ) { f.Question = "楼道的灯坏了谁来修？" }, "question", "neighbour-001"},
		"another's phrasing":    {func(f *content.FAQ) { f.Phrasings[0] = "公用灯不亮物业不管" }, "phrasings", "neighbour-001"},
		"a choice to nowhere": {func(f *content.FAQ) {
			f.Clarify = &content.Clarify{Ask: "谁家的？", Choices: []content.ClarifyChoice{{Say: "他家的", To: "moon-1"}}}
		}, "clarify", "moon-1"},
	} {
		t.Run(name, func(t *testing.T) {
			got := content.CheckFAQ(lib, lamp(tc.change), checkDay)
			if len(got) != 1 || got[0].Field != tc.field || !strings.Contains(got[0].Text+got[0].Instead, tc.says) || got[0].Instead == "" {
				t.Errorf("problems: %+v, want one of %s that says %q", got, tc.field, tc.says)
			}
		})
	}
}
