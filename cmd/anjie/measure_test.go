package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// held imports two versions of an invented law without the model and returns
// the data folder.
func held(t *testing.T) string {
	t.Helper()
	dir, laws := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		"中华人民共和国水井法(2010-01-01).md": "# 中华人民共和国水井法\n（2010年1月1日通过）\n<!-- INFO END -->\n第一条 共用水井先到先取。\n第二条 本法自2010年3月1日起施行。",
		"中华人民共和国水井法(2022-01-01).md": "# 中华人民共和国水井法\n（2022年1月1日通过）\n<!-- INFO END -->\n第一条 共用水井轮流取水，不得独占。\n第二条 本法自2022年3月1日起施行。",
	} {
		if err := os.WriteFile(filepath.Join(laws, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, errs := call(t, dir, "", "statutes", "import", "--without-model", laws); code != 0 {
		t.Fatalf("import: exit %d: %s", code, errs)
	}
	return dir
}

func TestMeasuresKeepTheirContracts(t *testing.T) {
	dir := held(t)
	questions := filepath.Join(t.TempDir(), "q.jsonl")
	lines := `{"id":"1","text":"共用水井能独占吗","gold":[{"law":"《水井法》","article":"第一条"}]}` + "\n" +
		`{"id":"2","text":"共用水井轮流取水","gold":[{"law":"中华人民共和国水井法","article":"1"}]}`
	if err := os.WriteFile(questions, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	figures := func(t *testing.T, args ...string) map[string]any {
		t.Helper()
		code, out, errs := call(t, dir, "", append(args, "--json", "--questions", questions)...)
		if code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, errs)
		}
		got := map[string]any{}
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatalf("%v: %v in %s", args, err, out)
		}
		return got
	}
	list := func(t *testing.T, of any) []map[string]any {
		t.Helper()
		items, _ := of.([]any)
		var out []map[string]any
		for _, i := range items {
			if m, ok := i.(map[string]any); ok {
				out = append(out, m)
			}
		}
		return out
	}
	t.Run("eval finds both forms of a name", func(t *testing.T) {
		got := figures(t, "eval")
		statutes, _ := got["statutes"].(map[string]any)
		if got["n"] != 2.0 || statutes["recall@1"] != 1.0 || got["everything"] == nil || got["uncovered"] == nil {
			t.Errorf("eval printed %v", got)
		}
	})
	t.Run("eval --ablate has a row for each engine", func(t *testing.T) {
		got := figures(t, "eval", "--ablate")
		names := ""
		for _, r := range list(t, got["statutes"]) {
			name, _ := r["name"].(string)
			names += name + "|"
		}
		for _, want := range []string{"everything on", "without bridge", "words alone", "statutes without content", "bleve, cjk analyzer"} {
			if !strings.Contains(names, want) {
				t.Errorf("no row for %s among %s", want, names)
			}
		}
		groups := list(t, got["groups"])
		if len(groups) != 3 || groups[0]["name"] != "all" || groups[0]["without"] == nil {
			t.Errorf("groups are %v, want all, uncovered, and its law not covered either", groups)
		}
	})
	t.Run("bench search has rows beside", func(t *testing.T) {
		got := figures(t, "bench", "search", "--n", "4", "--clients", "1,2", "--grow", "2")
		rows := list(t, got["rows"])
		if len(rows) != 6 || got["rss_mb"] == nil {
			t.Fatalf("bench printed %v, want two rows each of search, bleve and twice the statutes", got)
		}
		for i, what := range []string{"search", "search", "bleve, cjk analyzer", "bleve, cjk analyzer", "statutes ×2", "statutes ×2"} {
			if rows[i]["what"] != what || rows[i]["errors"] != 0.0 || rows[i]["per_second"] == 0.0 {
				t.Errorf("row %d is %v, want %s", i, rows[i], what)
			}
		}
	})
}

func TestAskAsOfADayCitesTheVersionOfThatDay(t *testing.T) {
	dir := held(t)
	for day, want := range map[string]struct{ version, text string }{
		"2015-06-01": {"2010-01-01", "先到先取"},
		"2023-06-01": {"2022-01-01", "轮流取水"},
	} {
		code, out, errs := call(t, dir, "", "ask", "--json", "--as-of", day, "水井法第一条")
		if code != 0 {
			t.Fatalf("exit %d: %s", code, errs)
		}
		var got struct {
			Kind     string
			Passages []struct {
				Text      string
				Citations []struct {
					Version string
					InForce bool `json:"in_force"`
					Note    string
				}
			}
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		if got.Kind != "exact" || len(got.Passages) == 0 || len(got.Passages[0].Citations) == 0 {
			t.Fatalf("as of %s: %s", day, out)
		}
		p := got.Passages[0]
		if c := p.Citations[0]; c.Version != want.version || !c.InForce || !strings.Contains(p.Text, want.text) {
			t.Errorf("as of %s: %+v, want version %s in force", day, p, want.version)
		}
	}
	if code, _, errs := call(t, dir, "", "ask", "--as-of", "去年", "水井"); code != 2 || !strings.Contains(errs, "YYYY-MM-DD") {
		t.Errorf("a day that is none: exit %d, %s", code, errs)
	}
}
