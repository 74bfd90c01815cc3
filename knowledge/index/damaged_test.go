package index_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/index"
)

// TestADamagedIndexIsBuiltAgain cuts each file short: building the same
// documents again must not take what is left of it for a whole index.
func TestADamagedIndexIsBuiltAgain(t *testing.T) {
	dir := built(t, corpus())
	for _, pattern := range []string{
		"statutes-*/articles.bin", "statutes-*/columns.gob", "statutes-*/bleve/store/root.bolt", "content-*/content.bin", "content-*/content.gob", "current",
	} {
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s: %v %v", pattern, found, err)
		}
		if err := os.Truncate(found[0], 3); err != nil {
			t.Fatal(err)
		}
		if err := index.Build(t.Context(), dir, corpus(), index.BuildOptions{}); err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		if res, err := open(t, dir).Search(t.Context(), knowledge.Query{Text: "灯笼"}); err != nil || res.Version == "" {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}

func TestWhatFailsBeforeTheSwitchLeavesTheOldIndex(t *testing.T) {
	dir := built(t, corpus())
	version := open(t, dir).Version()
	called := 0
	opt := index.BuildOptions{Before: func() error { called++; return os.ErrPermission }}
	if err := index.Build(t.Context(), dir, generation(1), opt); !errors.Is(err, os.ErrPermission) || called != 1 {
		t.Errorf("error %v, called %d times", err, called)
	}
	if got := open(t, dir).Version(); got != version {
		t.Errorf("%s is in use, want %s still", got, version)
	}
	if err := index.Build(t.Context(), dir, corpus(), opt); !errors.Is(err, os.ErrPermission) || called != 2 {
		t.Errorf("where nothing changed: error %v, called %d times", err, called)
	}
}
