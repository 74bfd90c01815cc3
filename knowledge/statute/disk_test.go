package statute_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/knowledge/statute"
)

func opened(t *testing.T, dir string) *statute.Set {
	t.Helper()
	set, err := statute.Open(dir, statute.Table{})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := set.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return set
}

// told writes everything that a set knows, for comparison.
func told(t *testing.T, set *statute.Set) string {
	t.Helper()
	var b strings.Builder
	for _, l := range set.Laws() {
		b.WriteString(l.Title + "|" + l.Short + "|" + l.Local + "|" + l.Repeal().Since + "\n")
		for _, v := range l.Versions {
			b.WriteString(strings.Join([]string{v.Day, v.Adopted, v.Published, v.Effective, v.Repealed, v.Status, v.Source, strings.Join(v.Also, ",")}, "|") + "\n")
			arts, err := v.Articles()
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range arts {
				b.WriteString(a.No + "|" + a.Heading + "|" + a.Text + "\n")
			}
			pre, err := v.Preamble()
			if err != nil {
				t.Fatal(err)
			}
			annexes, err := v.Annexes()
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(pre)
			for _, x := range annexes {
				b.WriteString(x.Title + "|" + x.Text)
			}
		}
	}
	return b.String()
}

func TestASavedSetComesBackAsItWas(t *testing.T) {
	set, _ := fair(t, statute.Table{})
	dir := filepath.Join(t.TempDir(), "statutes")
	for range 2 { // saving again changes nothing
		if err := set.Save(dir); err != nil {
			t.Fatal(err)
		}
	}
	back := opened(t, dir)
	if back.Version() != set.Version() {
		t.Errorf("version %s became %s", set.Version(), back.Version())
	}
	if a, b := told(t, set), told(t, back); a != b {
		t.Errorf("the set became another:\n%s\nwas\n%s", b, a)
	}
	if names := list(t, dir); len(names) != 2 {
		t.Errorf("folder holds %q", names)
	}
}

func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestAnOpenedSetCanBeMergedAndSavedAgain(t *testing.T) {
	set, _ := fair(t, statute.Table{})
	dir := t.TempDir()
	if err := set.Save(dir); err != nil {
		t.Fatal(err)
	}
	old := opened(t, dir)
	next, _ := imported(t, statute.ImportOptions{Into: old}, folder(t, map[string]string{"丁法(2020-01-01).md": "# 丁法\n第一条 一。"}))
	if err := next.Save(dir); err != nil {
		t.Fatal(err)
	}
	if _, ok := opened(t, dir).Find("丁法"); !ok {
		t.Error("the new law is missing after the second save")
	}
	// whoever still works with the old generation goes on undisturbed
	if err := old.Verify("邻灯法", "2012-03-01", "4"); err != nil {
		t.Errorf("old generation: %v", err)
	}
	before, err := statute.OpenVersion(dir, old.Version(), statute.Table{})
	if err != nil {
		t.Fatalf("the generation before is gone: %v", err)
	}
	before.Close()
}

func TestACrashHalfWayLeavesTheOldSet(t *testing.T) {
	set, _ := fair(t, statute.Table{})
	dir := t.TempDir()
	if err := set.Save(dir); err != nil {
		t.Fatal(err)
	}
	// what a crash while writing, and one between the two renames, leave behind
	for name, body := range map[string]string{".new-123": "anjie-stat", "0123456789ab.statutes": "anjie-statutes-1\nhalf"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if back := opened(t, dir); back.Version() != set.Version() {
		t.Errorf("current is %s", back.Version())
	}
	if err := set.Save(dir); err != nil {
		t.Fatal(err)
	}
	if names := list(t, dir); len(names) != 2 {
		t.Errorf("the next save leaves %q", names)
	}
}

func TestADamagedFileIsRefusedNotRead(t *testing.T) {
	set, _ := fair(t, statute.Table{})
	dir := t.TempDir()
	if err := set.Save(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, set.Version()+".statutes")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"cut short":      good[:len(good)-7],
		"another magic":  append([]byte("x"), good[1:]...),
		"a flipped bit":  flip(good, len(good)-20),
		"nothing in it":  {},
		"only the magic": good[:17],
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(file, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			if s, err := statute.Open(dir, statute.Table{}); err == nil {
				s.Close()
				t.Error("it was opened")
			}
		})
	}
}

func flip(b []byte, at int) []byte {
	out := append([]byte(nil), b...)
	out[at] ^= 0x40
	return out
}

func TestAFolderWithoutStatutesIsNoFault(t *testing.T) {
	if _, err := statute.Open(t.TempDir(), statute.Table{}); !errors.Is(err, statute.ErrNone) {
		t.Errorf("error is %v, want ErrNone", err)
	}
}
