package bot_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/content"
)

var textKey = regexp.MustCompile(`"((?:answer|bot|flow|urgent)\.[a-z_]+(?:\.[a-z_]+)*)"`)

// TestTextsAndSourcesAgree finds a key that is used and has no wording, and one
// that has a wording and no use. That each is said at all, TestMain checks.
func TestTextsAndSourcesAgree(t *testing.T) {
	texts, err := content.LoadTexts(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range textKey.FindAllStringSubmatch(string(raw), -1) {
			used[m[1]] = file
		}
	}
	if len(used) < 100 {
		t.Fatalf("only %d keys found: the test looks in the wrong place", len(used))
	}
	for key, file := range used {
		if !slices.Contains(texts.Keys(), key) {
			t.Errorf("%s says %s, which has no wording", file, key)
		}
	}
	for _, key := range texts.Keys() {
		if m := textKey.FindString(`"` + key + `"`); m != "" && used[key] == "" {
			t.Errorf("nothing says %s", key)
		}
	}
}

// TestTheRulesOfTalkPointSomewhere: an entry or office that a rule names exists.
func TestTheRulesOfTalkPointSomewhere(t *testing.T) {
	w, err := world()
	if err != nil {
		t.Fatal(err)
	}
	offices := map[string]bool{"": true}
	for _, o := range w.lib.Offices {
		offices[o.Key] = true
	}
	entries, kinds, labels := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, f := range w.lib.FAQs {
		entries[f.ID] = true
	}
	for _, r := range w.lib.Triage {
		kinds[r.Kind] = true
		for _, label := range r.Card.Choices {
			labels[label] = true
			if !slices.ContainsFunc(w.talk.After, func(a content.After) bool {
				return a.Label == label && (len(a.Kinds) == 0 || slices.Contains(a.Kinds, r.Kind))
			}) {
				t.Errorf("the button %s of the card %s leads nowhere", label, r.Kind)
			}
		}
	}
	for _, s := range w.talk.Small {
		if !offices[s.Office] {
			t.Errorf("small talk %q names the office %s, which isn't there", s.Say, s.Office)
		}
		for _, id := range s.See {
			if !entries[id] {
				t.Errorf("small talk %q names the entry %s, which isn't there", s.Say, id)
			}
		}
	}
	for _, key := range w.talk.Own {
		if !offices[key] {
			t.Errorf("the desk's own office %s isn't there", key)
		}
	}
	for _, a := range w.talk.After {
		if !labels[a.Label] {
			t.Errorf("no card has the button %s", a.Label)
		}
		for _, k := range a.Kinds {
			if !kinds[k] {
				t.Errorf("%s names the kind %s, which isn't there", a.Label, k)
			}
		}
	}
}
