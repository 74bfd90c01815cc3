package statute_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/anjie-desk/anjie/knowledge/statute"
)

// TestQuotationsAreVerbatim holds every article of the public collection
// against its source: letters and digits stand there in the same order, and
// no line of the source is lost.
func TestQuotationsAreVerbatim(t *testing.T) {
	if testing.Short() {
		t.Skip("the full corpus takes some seconds")
	}
	files, err := filepath.Glob(shared(t, "data", "laws", "national", "*", "*.md"))
	if err != nil || len(files) < 1000 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	lost := 0
	for i, name := range files {
		if i%3 != 0 { // a third is enough to see a rule that breaks
			continue
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		x, err := statute.Parse(name, raw)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
			continue
		}
		lost += compareWithSource(t, filepath.Base(name), string(raw), x)
	}
	if lost > 40 { // amending decisions before a law given again, and table marks
		t.Errorf("%d lines of the sources stand nowhere", lost)
	}
}

func compareWithSource(t *testing.T, name, raw string, x *statute.Text) (lost int) {
	t.Helper()
	source := letters(raw)
	var kept strings.Builder
	kept.WriteString(letters(x.Preamble))
	for _, a := range x.Articles {
		for p := range strings.SplitSeq(a.Text, "\n") {
			if !strings.Contains(source, letters(p)) {
				t.Errorf("%s article %s says %q, its source doesn't", name, a.No, p)
			}
			kept.WriteString(letters(p))
		}
	}
	for _, n := range x.Annexes {
		kept.WriteString(letters(n.Title) + letters(n.Text))
	}
	_, body, ok := strings.Cut(raw, "INFO END -->")
	if !ok {
		return 0
	}
	all := kept.String()
	for l := range strings.Lines(body) {
		line := letters(afterMark(l))
		if line != "" && !strings.HasPrefix(strings.TrimSpace(l), "#") && !strings.HasPrefix(l, "<!--") && !strings.Contains(all, line) {
			lost++
		}
	}
	return lost
}

// afterMark leaves 第X条 out, which is a number in an article, not text.
func afterMark(line string) string {
	if head, rest, ok := strings.Cut(line, "条"); ok && strings.HasPrefix(head, "第") && len(head) < 40 {
		if r := []rune(strings.TrimPrefix(rest, "之")); len(r) > 1 && len(r) < len([]rune(rest)) {
			return string(r[1:])
		}
		return rest
	}
	return line
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
