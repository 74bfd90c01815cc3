package web_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

var (
	wholeKey = regexp.MustCompile(`"(web\.[a-z0-9_.]*[a-z0-9_])"`)
	keyStart = regexp.MustCompile(`"(web\.[a-z0-9_.]*\.)"`)
)

// mentioned lists the keys that pages and code name, and the beginnings of
// those that they put together.
func mentioned(t *testing.T) (whole map[string]bool, starts []string) {
	t.Helper()
	whole = map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".html") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, m := range wholeKey.FindAllStringSubmatch(string(raw), -1) {
			whole[m[1]] = true
		}
		for _, m := range keyStart.FindAllStringSubmatch(string(raw), -1) {
			starts = append(starts, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(whole) < 100 || len(starts) < 5 {
		t.Fatalf("found only %d keys and %d beginnings: the test looks in the wrong place", len(whole), len(starts))
	}
	return whole, starts
}

func TestEveryTextIsThereAndEveryTextIsUsed(t *testing.T) {
	whole, starts := mentioned(t)
	have := map[string]bool{}
	for _, k := range webtest.Texts(t).Keys() {
		have[k] = true
	}
	for k := range whole {
		if strings.HasPrefix(k, "web.error.") { // named by its stem
			if !have[k] && (!have[k+".title"] || !have[k+".body"]) {
				t.Errorf("the text %s is missing", k)
			}
			continue
		}
		if !have[k] {
			t.Errorf("the text %s is missing", k)
		}
	}
	for k := range have {
		if strings.HasPrefix(k, "web.") && !used(k, whole, starts) {
			t.Errorf("nothing shows the text %s", k)
		}
	}
}

func used(k string, whole map[string]bool, starts []string) bool {
	stem := strings.TrimSuffix(strings.TrimSuffix(k, ".title"), ".body")
	if whole[k] || strings.HasPrefix(k, "web.error.") && whole[stem] {
		return true
	}
	for _, s := range starts {
		if strings.HasPrefix(k, s) {
			return true
		}
	}
	return false
}

// Whatever the services may put after the beginning of a key has a text.
func TestEveryStateRoleAndOutcomeHasAName(t *testing.T) {
	var keys []string
	for _, s := range dispute.States {
		keys = append(keys, "web.state."+string(s), "web.next."+string(s))
	}
	keys = append(keys, "web.next.settled", "web.next.died_out", "web.state.settled", "web.state.died_out")
	for _, s := range dispute.States {
		if n := (dispute.Aftermath{State: s}).Next(); n != "" {
			keys = append(keys, "web.party.next."+string(n))
		}
	}
	for _, r := range access.Roles() {
		keys = append(keys, "web.role."+string(r))
	}
	for _, o := range []dispute.Outcome{dispute.AgreedWritten, dispute.AgreedOral, dispute.NotAgreed, dispute.Refused, dispute.Settled, dispute.TakenBack, dispute.DiedOut} {
		keys = append(keys, "web.outcome."+string(o))
	}
	for _, s := range []publicity.Status{publicity.Planned, publicity.Approved, publicity.Published, publicity.Partial, publicity.Skipped, publicity.Stale} {
		keys = append(keys, "web.slot."+string(s))
	}
	for _, o := range []string{"column", "telegram", "wechat"} {
		keys = append(keys, "web.outlet."+o)
	}
	keys = append(keys, "web.priority.0", "web.priority.1", "web.priority.2")
	texts := map[string]bool{}
	for _, k := range webtest.Texts(t).Keys() {
		texts[k] = true
	}
	for _, k := range keys {
		if !texts[k] {
			t.Errorf("the text %s is missing", k)
		}
	}
}

// event kinds stand in the lifecycle's table; the console names each.
func TestEveryEventHasAName(t *testing.T) {
	raw, err := os.ReadFile("../dispute/lifecycle.go")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	for _, k := range webtest.Texts(t).Keys() {
		texts[k] = true
	}
	rows := regexp.MustCompile(`(?m)^\tOp\w+:\s+\{.*"(\w+)"\},$`).FindAllStringSubmatch(string(raw), -1)
	if len(rows) < 20 {
		t.Fatalf("found only %d kinds of events in the lifecycle", len(rows))
	}
	for _, m := range rows {
		if k := "web.event." + m[1]; m[1] != "read" && !texts[k] {
			t.Errorf("the text %s is missing", k)
		}
	}
}

// What can be done to a case has a button and, where it takes a note, a label.
func TestEveryOperationHasAButton(t *testing.T) {
	raw, err := os.ReadFile("../dispute/lifecycle.go")
	if err != nil {
		t.Fatal(err)
	}
	noForm := map[string]bool{
		"renew": true, "lapse": true, "read": true, "remind": true, "correct": true, "erase": true, "offer_over": true, "absorb": true, "link": true, // not offered
		"agree": true, "oral": true, "fail": true, "refuse": true, "settle": true, // one form: outcome
		"effect": true, "confirm": true, "tell": true, "score": true, "doubt": true, "wish": true, // the desk's own and the parties'
	}
	noNote := map[string]bool{"claim": true, "take": true, "ack": true, "merge": true}
	texts := map[string]bool{}
	for _, k := range webtest.Texts(t).Keys() {
		texts[k] = true
	}
	ops := regexp.MustCompile(`Op\w+\s+Op = "(\w+)"`).FindAllStringSubmatch(string(raw), -1)
	if len(ops) < 20 {
		t.Fatalf("found only %d operations in the lifecycle", len(ops))
	}
	for _, op := range append(ops, []string{"", "outcome"}) {
		if noForm[op[1]] {
			continue
		}
		if k := "web.do." + op[1]; !texts[k] || !noNote[op[1]] && !texts[k+".note"] {
			t.Errorf("the text %s or its note is missing", k)
		}
	}
}
