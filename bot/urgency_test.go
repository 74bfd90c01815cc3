package bot_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// TestUrgencyByItsRules tries testdata/urgency.tsv: each level, by words and by
// answers, with the reason that staff read; and each rule of the content there is
// has an example.
func TestUrgencyByItsRules(t *testing.T) {
	w, err := world()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("testdata/urgency.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tried := map[string]bool{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		p := strings.Split(lines.Text(), "\t")
		if strings.HasPrefix(p[0], "#") {
			continue
		}
		if len(p) != 4 {
			t.Fatalf("%q has %d columns, due 4", lines.Text(), len(p))
		}
		answers := map[string]string{}
		if key, value, ok := strings.Cut(p[2], "="); ok {
			answers[key] = value
		}
		got := w.sorter.ClassifyReport(p[3], "", answers)
		if got.Urgency != p[0] || !strings.HasPrefix(got.Reasons["urgency"], p[1]) {
			t.Errorf("%s %v is %s (%s), due %s (%s)", p[3], answers, got.Urgency, got.Reasons["urgency"], p[0], p[1])
		}
		tried[got.Reasons["urgency"]] = true
	}
	for _, e := range w.intake.Escalations {
		if !tried[e.Why] {
			t.Errorf("no example of the rule: %s", e.Why)
		}
	}
}

// TestAnAnswerThatSaysDangerBringsTheCardAndTheRule: said by a button, not in
// words, it is heard all the same.
func TestAnAnswerThatSaysDangerBringsTheCardAndTheRule(t *testing.T) {
	d := newDesk(t, bot.Options{})
	clerk := d.hire("前台", access.Clerk, "600")
	from := web("a")
	d.toTypes(t, from, "婚姻家庭")
	r := d.tell(t, from, "已领证")
	r = d.press(t, from, access.Actor{}, dataOf(t, r, "现在不安全"))
	text := flat(r)
	if r.Urgent == nil || !strings.Contains(text, "110") || !strings.Contains(text, "《山东省反家庭暴力条例》第20条") || !strings.Contains(text, "主要争什么") {
		t.Fatalf("the answer brings\n%s", text)
	}
	d.tell(t, from, "跳过", "跳过", "离婚", "我自己的事", "先别说", "王大姐 13800138000", "提交")
	mine, err := d.cases.MyReports(t.Context(), access.Actor{ID: from.String()})
	if err != nil || len(mine) != 1 {
		t.Fatalf("%d cases, %v", len(mine), err)
	}
	c, err := d.cases.Brief(t.Context(), clerk, mine[0].ID)
	if err != nil || c.Priority != dispute.High || c.Urgency() != "本人说现在不安全" || c.State != dispute.Submitted || c.Facts["rule"] != "violence" {
		t.Errorf("it is filed as %d (%s), %s by %s, %v", c.Priority, c.Urgency(), c.State, c.Facts["rule"], err)
	}
}
