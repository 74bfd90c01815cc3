package dispute_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/content"
)

// TestEveryNoticeHasItsWords renders each key that this package uses, in each
// outcome and urgency, and finds none that nobody uses.
func TestEveryNoticeHasItsWords(t *testing.T) {
	texts, err := content.LoadTexts(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	used := keysUsed(t)
	for _, key := range used {
		for _, outcome := range []dispute.Outcome{"", dispute.AgreedWritten, dispute.AgreedOral, dispute.NotAgreed, dispute.Refused, dispute.Settled} {
			said := texts.Say(key, sample(outcome))
			if strings.TrimSpace(said) == "" || strings.Contains(said, "{{") || strings.Contains(said, "<no value>") {
				t.Errorf("%s says %q", key, said)
			}
			if !strings.Contains(said, "0123") {
				t.Errorf("%s does not name the case: %q", key, said)
			}
		}
	}
	parts := []string{"notice.weekday", "notice.due", "notice.since", "notice.urgency", "notice.head", "notice.by", "notice.meet", "notice.where"}
	for _, key := range texts.Keys() {
		if strings.HasPrefix(key, "notice.") && !slices.Contains(used, key) && !slices.Contains(parts, key) {
			t.Errorf("nobody uses %s", key)
		}
	}
	if len(used) < 25 {
		t.Errorf("only %d keys found: the test looks in the wrong place", len(used))
	}
	if got := texts.Say("notice.due", sample("")); got != "11月24日（周二）14:05" {
		t.Errorf("a deadline reads %q", got)
	}
}

func sample(outcome dispute.Outcome) map[string]string {
	return map[string]string{
		"case": "cabcdefghij23", "number": "〔2026〕城区受字第 0123 号", "state": "mediating", "outcome": string(outcome),
		"territory": "仇家洼村", "category": "邻里", "priority": "3",
		"mediator": "张调解", "urgency": "话说得很重", "village": "仇家洼村", "text": "请带上欠条", "deadline": "settle",
		"until_month": "12", "until_day": "31", "until_weekday": "4", "until_time": "23:59", "reason": "", "basis": "", "refer_to": "", "office": "", "level": "1", "into_number": "〔2026〕城区受字第 0100 号", "version": "3",
		"due_month": "11", "due_day": "24", "due_weekday": "2", "due_time": "14:05",
		"meet_month": "11", "meet_day": "25", "meet_weekday": "3", "meet_time": "09:00", "where": "phone",
		"by_month": "12", "by_day": "1", "by_weekday": "2", "by_time": "09:00", "step": "1", "mine": "", "said": "not", "result": "rejected",
		"score": "2", "routes": "", "limit": "",
		"filed_month": "11", "filed_day": "23", "filed_weekday": "1", "filed_time": "14:05",
	}
}

func keysUsed(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		raw, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(notice\.[a-z.]+)"`).FindAllStringSubmatch(string(raw), -1) {
			if !slices.Contains(keys, m[1]) {
				keys = append(keys, m[1])
			}
		}
	}
	return keys
}

// TestEveryCallHasItsWords: what is said on the telephone is there for each
// notice that may need it, and nothing else is.
func TestEveryCallHasItsWords(t *testing.T) {
	texts, err := content.LoadTexts(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("untold.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`"(call\.[a-z_]+)"`).FindAllStringSubmatch(string(raw), -1) {
		used[m[1]] = true
		if said := texts.Say(m[1], sample(dispute.Settled)); strings.TrimSpace(said) == "" || strings.Contains(said, "<no value>") {
			t.Errorf("%s says %q", m[1], said)
		}
	}
	for _, key := range texts.Keys() {
		if strings.HasPrefix(key, "call.") && !used[key] {
			t.Errorf("nobody uses %s", key)
		}
	}
	if len(used) < 10 {
		t.Errorf("only %d calls found: the test looks in the wrong place", len(used))
	}
}
