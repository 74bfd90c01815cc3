package archive_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/archive"
)

func TestRecordsComeBackFromWhereTheyWereWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "archive")
	f := archive.Open(dir)
	size := int64(0)
	var at []int64
	for _, r := range []string{"one", "two", strings.Repeat("三", 100_000)} {
		after, err := f.Append("2026", size, []byte(r))
		if err != nil {
			t.Fatal(err)
		}
		at, size = append(at, size), after
		got, err := f.Read("2026", at[len(at)-1], after-at[len(at)-1])
		if err != nil || string(got) != r {
			t.Errorf("read back %d bytes, %v, want %d", len(got), err, len(r))
		}
	}
	var seen int
	err := f.Scan("2026", size, func(pos int64, _ []byte) error {
		if pos != at[seen] {
			t.Errorf("record %d at %d, want %d", seen, pos, at[seen])
		}
		seen++
		return nil
	})
	if err != nil || seen != 3 {
		t.Errorf("%d records, %v", seen, err)
	}
	info, err := os.Stat(filepath.Join(dir, "2026.cases"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info, err)
	}
}

// TestWhatACutRunLeftIsSetAside appends where less counts than the file holds.
func TestWhatACutRunLeftIsSetAside(t *testing.T) {
	dir := t.TempDir()
	f := archive.Open(dir)
	size, err := f.Append("2026", 0, []byte("kept"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "2026.cases")
	if err := os.WriteFile(file, []byte("kept\nhalf a rec"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Append("2026", size, []byte("next")); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(file)
	loose, _ := os.ReadFile(file + ".loose")
	if string(got) != "kept\nnext\n" || string(loose) != "half a rec" {
		t.Errorf("the file holds %q, set aside is %q", got, loose)
	}
	files, err := f.Files()
	if err != nil || len(files) != 1 || files[0] != (archive.File{Year: "2026", Bytes: 10, Loose: 10}) {
		t.Errorf("files %+v, %v", files, err)
	}
}

func TestAFileThatLacksWhatWasWrittenIsRefused(t *testing.T) {
	dir := t.TempDir()
	f := archive.Open(dir)
	size, err := f.Append("2026", 0, []byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]func() error{
		"append to a shorter file": func() error { _, err := f.Append("2026", size+9, []byte("x")); return err },
		"append to a missing file": func() error { _, err := f.Append("2025", 9, []byte("x")); return err },
		"read past the end":        func() error { _, err := f.Read("2026", 2, 40); return err },
		"read a missing file":      func() error { _, err := f.Read("2024", 0, 4); return err },
		"scan past the end":        func() error { return f.Scan("2026", size+1, func(int64, []byte) error { return nil }) },
		"scan a missing file":      func() error { return f.Scan("2024", 1, func(int64, []byte) error { return nil }) },
	} {
		if err := tc(); !errors.Is(err, archive.ErrShort) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.Read("2026", 0, 2); !errors.Is(err, archive.ErrRecord) {
		t.Errorf("half a record: %v", err)
	}
	for _, bad := range []string{"../x", "26", "", "2026\n"} {
		if _, err := f.Append(bad, 0, []byte("x")); err == nil {
			t.Errorf("the year %q was taken", bad)
		}
	}
}
