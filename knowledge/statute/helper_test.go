package statute_test

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/knowledge/statute"
)

// today is the day on which all tests take place.
var today = date("2026-11-22")

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// imported takes paths in and fails the test if that fails as a whole.
func imported(tb testing.TB, opt statute.ImportOptions, paths ...string) (*statute.Set, statute.Report) {
	tb.Helper()
	opt.AsOf = today
	set, rep, err := statute.Import(context.Background(), paths, opt)
	if err != nil {
		tb.Fatalf("Import(%v): %v", paths, err)
	}
	return set, rep
}

// fair is the set of invented laws in testdata/fair.
func fair(tb testing.TB, table statute.Table) (*statute.Set, statute.Report) {
	tb.Helper()
	return imported(tb, statute.ImportOptions{Table: table}, "testdata/fair")
}

// folder writes files into a new folder.
func folder(tb testing.TB, files map[string]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, body := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// packed makes a zip of name, body, name, body …
func packed(tb testing.TB, entries ...string) []byte {
	tb.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := 0; i < len(entries); i += 2 {
		f, err := w.Create(entries[i])
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := f.Write([]byte(entries[i+1])); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

// docx makes a Word file of a body in WordprocessingML.
func docx(tb testing.TB, body string) []byte {
	tb.Helper()
	return packed(tb, "[Content_Types].xml", "<Types/>", "word/document.xml",
		`<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>`+body+`</w:body></w:document>`)
}

// paras is a Word paragraph for each line.
func paras(lines ...string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(`<w:p><w:r><w:t xml:space="preserve">` + l + `</w:t></w:r></w:p>`)
	}
	return b.String()
}

// parsed reads one text given as a file's name and body.
func parsed(tb testing.TB, name, body string) *statute.Text {
	tb.Helper()
	x, err := statute.Parse(name, []byte(body))
	if err != nil {
		tb.Fatalf("Parse(%s): %v", name, err)
	}
	return x
}

// outline writes articles as "no[heading]text" for comparison.
func outline(x *statute.Text) []string {
	var out []string
	for _, a := range x.Articles {
		out = append(out, a.No+"["+a.Heading+"]"+strings.ReplaceAll(a.Text, "\n", "/"))
	}
	return out
}

// shared finds the development data beside the repository.
func shared(tb testing.TB, elem ...string) string {
	tb.Helper()
	if dir := os.Getenv("ANJIE_SHARED"); dir != "" {
		return filepath.Join(append([]string{dir}, elem...)...)
	}
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		candidate := filepath.Join(filepath.Dir(dir), "shared")
		if _, err := os.Stat(filepath.Join(candidate, "data")); err == nil {
			return filepath.Join(append([]string{candidate}, elem...)...)
		}
		if dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	if os.Getenv("CI") == "true" {
		tb.Fatal("../shared/data is missing")
	}
	tb.Skip("../shared/data is missing: the full corpus is not tested")
	return ""
}
