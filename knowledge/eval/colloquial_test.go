package eval_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

// colloquial is a line of the blind set, with what eval.Question leaves out.
type colloquial struct {
	ID    string `json:"id"`
	Field string `json:"field"`
	Topic string `json:"topic"`
	Part  string `json:"part"`
}

func TestColloquialQuestionsHaveGold(t *testing.T) {
	set := questions(t, "colloquial.jsonl")
	ids, texts := map[string]bool{}, map[string]bool{}
	for _, q := range set {
		if q.ID == "" || ids[q.ID] {
			t.Errorf("id %q is empty or taken", q.ID)
		}
		if texts[q.Text] {
			t.Errorf("%s: %q is asked twice", q.ID, q.Text)
		}
		ids[q.ID], texts[q.Text] = true, true
		if n := utf8.RuneCountInString(q.Text); n > 150 {
			t.Errorf("%s: %d characters, want at most 150", q.ID, n)
		}
		if len(q.Gold) < 1 || len(q.Gold) > 4 {
			t.Errorf("%s: %d gold articles, want 1 to 4", q.ID, len(q.Gold))
		}
		for i, ref := range q.Gold {
			if ref.Law == "" || ref.Article == "" {
				t.Errorf("%s: gold %d is %+v", q.ID, i, ref)
			}
			for _, other := range q.Gold[:i] {
				if ref.Is(other.Law, other.Article) {
					t.Errorf("%s: %s %s is named twice", q.ID, ref.Law, ref.Article)
				}
			}
		}
	}
}

func TestColloquialPartsHalveEachField(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "colloquial.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fields := map[string]map[string]int{}
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		var q colloquial
		if err := json.Unmarshal(sc.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		if q.Topic == "" || (q.Part != "dev" && q.Part != "test") {
			t.Errorf("%s: topic %q, part %q", q.ID, q.Topic, q.Part)
		}
		if fields[q.Field] == nil {
			fields[q.Field] = map[string]int{}
		}
		fields[q.Field][q.Part]++
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	if len(fields) != 24 {
		t.Errorf("%d fields, want 24", len(fields))
	}
	for field, n := range fields {
		if d := n["dev"] - n["test"]; d < -1 || d > 1 {
			t.Errorf("%s: %d dev and %d test, want halves", field, n["dev"], n["test"])
		}
	}
}
