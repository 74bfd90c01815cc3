package content

import (
	"io/fs"
	"strings"
)

// Locator finds the line on which an entry, or a piece of its text, stands.
type Locator struct {
	fsys  fs.FS
	files map[string][]string
}

// NewLocator reads the files that lib was loaded from, when they are asked for.
func NewLocator(lib *Library) *Locator {
	return &Locator{fsys: lib.Files(), files: map[string][]string{}}
}

// Line returns the line of near within the entry of a file, the entry's first
// line if near isn't found, and 0 if the entry isn't.
func (l *Locator) Line(file, entry, near string) int {
	lines, ok := l.files[file]
	if !ok {
		raw, err := fs.ReadFile(l.fsys, file)
		if err == nil {
			lines = strings.Split(string(raw), "\n")
		}
		l.files[file] = lines
	}
	first := -1
	needle := cutRunes(strings.TrimSpace(near), 12)
	for i, s := range lines {
		start, isStart := entryKey(s)
		switch {
		case first < 0 && isStart && start == entry:
			first = i
		case first >= 0 && isStart && start != entry:
			return first + 1
		}
		if first >= 0 && needle != "" && strings.Contains(s, needle) {
			return i + 1
		}
	}
	return first + 1
}

// entryKey reads the line that opens an entry: "- id: x", "- article: \"5\"",
// "- {say: 俺, …}".
func entryKey(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "- "); ok {
		s = strings.TrimSpace(strings.TrimLeft(rest, "{ "))
	}
	for _, key := range []string{"id:", "article:", "say:", "title:", "old:", "kind:", "key:"} {
		if rest, ok := strings.CutPrefix(s, key); ok {
			rest, _, _ = strings.Cut(rest, ", ")
			rest, _, _ = strings.Cut(rest, "}")
			rest, _, _ = strings.Cut(rest, " #")
			return strings.Trim(strings.TrimSpace(rest), `"'`), true
		}
	}
	return "", false
}
