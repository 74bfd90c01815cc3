package index_test

import (
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
