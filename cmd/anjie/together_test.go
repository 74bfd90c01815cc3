package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestTwoImportsAtOnceLoseNothing: each adds to what the other leaves.
func TestTwoImportsAtOnceLoseNothing(t *testing.T) {
	data := t.TempDir()
	var wg sync.WaitGroup
	for _, law := range []string{"甲法", "乙法", "丙法"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, law+"(2020-01-01).md"), []byte("# "+law+"\n第一条 一。"), 0o600); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			if code, _, errs := call(t, data, "", "statutes", "import", dir, "--without-model"); code != 0 {
				t.Errorf("%s: exit %d: %s", law, code, errs)
			}
		})
	}
	wg.Wait()
	for _, law := range []string{"甲法", "乙法", "丙法"} {
		if code, out, errs := call(t, data, "", "statutes", "show", law, "第一条"); code != 0 || !strings.Contains(out, "一。") {
			t.Errorf("%s is lost: %s", law, errs)
		}
	}
}
