package webtest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the screenshots into docs/img")

// Scratch is where screenshots go that only a person who looks for a fault
// wants to see: SHOTS_DIR, else a folder that ends with the test.
func Scratch(tb testing.TB) string {
	tb.Helper()
	if dir := os.Getenv("SHOTS_DIR"); dir != "" {
		return dir
	}
	return tb.TempDir()
}

// ShotDir is where the README's pictures go: docs/img with -update, else a folder that
// ends with the test.
func ShotDir(tb testing.TB) string {
	tb.Helper()
	if !*update {
		return tb.TempDir()
	}
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "docs", "img")
		}
		dir = filepath.Dir(dir)
	}
	tb.Fatal("no go.mod above the test: where is docs/img?")
	return ""
}
