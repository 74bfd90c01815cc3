package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// TestAnImportNamesEachFileLeftOutAndWhatToDo reads the report as the clerk does
// who brought the folder.
func TestAnImportNamesEachFileLeftOutAndWhatToDo(t *testing.T) {
	dir := t.TempDir()
	for name, body := range map[string]string{
		"好法(2020-01-01).md": "# 好法\n第一条 一。", "老的.doc": "\xd0\xcf\x11\xe0", "扫描.pdf": "%PDF", "坏的.docx": "x", "空的.txt": "",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := call(t, t.TempDir(), "", "statutes", "import", dir, "--without-model")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, want := range []string{"看了 5 个文件", "新收或更新 1 个版本", "另存为”选 .docx", "/老的.doc", "/扫描.pdf", "flk.npc.gov.cn", "/坏的.docx", "重新下载", "/空的.txt"} {
		if !strings.Contains(out, want) {
			t.Errorf("the report lacks %q:\n%s", want, out)
		}
	}
	if err := os.Remove(filepath.Join(dir, "好法(2020-01-01).md")); err != nil {
		t.Fatal(err)
	}
	code, out, _ = call(t, t.TempDir(), "", "statutes", "import", dir)
	if code != 1 || !strings.Contains(out, "/老的.doc") {
		t.Errorf("exit %d; where nothing goes in, the report is %q", code, out)
	}
}

func TestEachReasonHasItsWords(t *testing.T) {
	texts, err := content.LoadTexts(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []statute.Reason{
		statute.Amendment, statute.NotStatute, statute.Empty, statute.Duplicate, statute.Unsupported, statute.TooBig, statute.Damaged, statute.Encoding,
		statute.Unreadable, statute.OldWord, statute.Fixed, statute.OtherText, statute.OtherPack, statute.Locked, statute.Link, statute.Changing, statute.Partial,
	} {
		if said := texts.Say("cli.skip."+string(r), 3); !strings.Contains(said, "3 个") {
			t.Errorf("%s says %q", r, said)
		}
	}
}

func TestAnArticleIsShownByEitherWayOfWritingItsNumber(t *testing.T) {
	for in, want := range map[string]string{"1062": "1062", "第一千零六十二条": "1062", "120条": "120", "第一百二十条之一": "120-1", "120-1": "120-1", "某条": "某条"} {
		if got := number(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}
