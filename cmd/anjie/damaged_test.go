package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamagedFilesAreSaidAndBuiltAgain cuts a file of the index and the statutes short.
func TestDamagedFilesAreSaidAndBuiltAgain(t *testing.T) {
	laws, data := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(laws, "甲法(2020-01-01).md"), []byte("# 甲法\n第一条 灯要亮着。"), 0o600); err != nil {
		t.Fatal(err)
	}
	bring := func() {
		if code, _, errs := call(t, data, "", "statutes", "import", laws, "--without-model"); code != 0 {
			t.Fatalf("exit %d: %s", code, errs)
		}
	}
	bring()
	truncate(t, data, "index/statutes-*/columns.gob")
	if code, out, errs := call(t, data, "", "ask", "甲法第一条"); code != 0 || !strings.Contains(out, "灯要亮着") {
		t.Errorf("a damaged index: exit %d %q %s", code, out, errs)
	}
	truncate(t, data, "statutes/*.statutes")
	if code, _, errs := call(t, data, "", "ask", "甲法第一条"); code != 1 || !strings.Contains(errs, "damaged: import all folders of statutes again") {
		t.Errorf("damaged statutes: exit %d %s", code, errs)
	}
	bring()
	if code, out, errs := call(t, data, "", "ask", "甲法第一条"); code != 0 || !strings.Contains(out, "灯要亮着") {
		t.Errorf("imported again: exit %d %q %s", code, out, errs)
	}
}

func truncate(t *testing.T, data, pattern string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(data, filepath.FromSlash(pattern)))
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: %v %v", pattern, found, err)
	}
	for _, name := range found {
		if err := os.Truncate(name, 20); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAnIndexThatCannotBeBuiltLeavesEverythingAsItWas: as on a full disk, only
// that here the builder's lock can't be taken.
func TestAnIndexThatCannotBeBuiltLeavesEverythingAsItWas(t *testing.T) {
	laws, data := t.TempDir(), t.TempDir()
	bring := func(law string) (int, string) {
		if err := os.WriteFile(filepath.Join(laws, law+"(2020-01-01).md"), []byte("# "+law+"\n第一条 灯要亮着。"), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, errs := call(t, data, "", "statutes", "import", laws, "--without-model")
		return code, errs
	}
	if code, errs := bring("甲法"); code != 0 {
		t.Fatal(errs)
	}
	lock := filepath.Join(data, "index", "lock")
	if err := os.Remove(lock); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(lock, 0o700); err != nil {
		t.Fatal(err)
	}
	if code, errs := bring("乙法"); code != 1 || errs == "" {
		t.Errorf("exit %d %s", code, errs)
	}
	if code, _, _ := call(t, data, "", "statutes", "show", "乙法"); code != 1 {
		t.Error("the statutes were changed though no index could be built")
	}
	if err := os.WriteFile(filepath.Join(data, "index", "built-from"), []byte("other content\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, errs := call(t, data, "", "ask", "甲法第一条"); code != 0 || !strings.Contains(out, "灯要亮着") {
		t.Errorf("with the index from before: exit %d %q %s", code, out, errs)
	}
}
