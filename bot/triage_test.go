package bot_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/content"
)

func shippedTriage(tb testing.TB) ([]content.Triage, *bot.TriageMatcher) {
	tb.Helper()
	laws, err := content.LoadLaws(content.Shipped())
	if err != nil {
		tb.Fatal(err)
	}
	rules, err := content.TriageRules(content.Shipped(), laws)
	if err != nil {
		tb.Fatal(err)
	}
	faqs, err := content.FAQs(content.Shipped(), laws)
	if err != nil {
		tb.Fatal(err)
	}
	return rules, bot.NewTriage(rules, faqs...)
}

func TestEveryKindHoldsItsOwnExamples(t *testing.T) {
	rules, m := shippedTriage(t)
	for _, r := range rules {
		t.Run(r.Kind, func(t *testing.T) {
			for _, text := range r.Examples.Positive {
				got, ok := m.Match(text)
				if !ok || !slices.Contains(got.Kinds, r.Kind) || got.Level == bot.LevelNormal {
					t.Errorf("%q: got %v calm=%v, due an acute match of %s", text, got.Kinds, got.Calm, r.Kind)
				}
			}
			for _, text := range r.Examples.Over {
				if got, ok := m.Match(text); !ok || !got.Over || !got.Calm || got.Kind != r.Kind {
					t.Errorf("%q: got %v calm=%v over=%v, due a match of %s that is over", text, got.Kinds, got.Calm, got.Over, r.Kind)
				}
			}
			for _, text := range r.Examples.Positive {
				if got, _ := m.Match(text); got.Over {
					t.Errorf("%q is taken for over", text)
				}
			}
			for _, text := range r.Examples.Calm {
				got, ok := m.Match(text)
				if !ok || !slices.Contains(got.Kinds, r.Kind) || got.Level != bot.LevelNormal || !got.Calm {
					t.Errorf("%q: got %v calm=%v, due a calm match of %s", text, got.Kinds, got.Calm, r.Kind)
				}
			}
			// A negative trips no kind at all, but those named after =>.
			for _, line := range r.Examples.Negative {
				text, others, _ := strings.Cut(line, " => ")
				got, _ := m.Match(text)
				for _, k := range got.Kinds {
					if !strings.Contains(others, k) || others == "" {
						t.Errorf("%q: got %s by %s, due nothing of it", text, k, strings.Join(got.Words, "|"))
					}
				}
			}
		})
	}
}

// TestWhomToCallFirst: the card of fire has the ambulance first where nobody burns.
func TestWhomToCallFirst(t *testing.T) {
	_, m := shippedTriage(t)
	for text, want := range map[string][]string{"喘不上气 让蜂蜇了": {"120", "119", "110"}, "家里着火了": {"119", "120", "110"}} {
		if got, ok := m.Match(text); !ok || !slices.Equal(got.Urgent.Numbers, want) {
			t.Errorf("%s: %v, %+v, want %v", text, ok, got.Urgent, want)
		}
	}
}

func BenchmarkTriage(b *testing.B) {
	_, m := shippedTriage(b)
	text := "俺家楼上天天半夜叮咣的，孩子睡不着，上去说了好几回，他家男的还骂人，物业也不管，居委会来过一次，后来就没信了，找谁管，能不能让他赔钱"
	for b.Loop() {
		m.Match(text)
	}
}

// judged is a line of testdata/triage_*.tsv: a message and the kinds of which
// one is due; "fraud~" is a calm match, "none" nothing, "none~" nothing or calm.
type judged struct {
	text string
	due  []string
}

func (j judged) harmless() bool {
	return slices.ContainsFunc(j.due, func(d string) bool { return strings.HasPrefix(d, "none") })
}

func (j judged) fits(got bot.Match, ok bool) bool {
	for _, due := range j.due {
		kind, calm := strings.CutSuffix(due, "~")
		switch {
		case kind == "none" && (!ok || calm && got.Level == bot.LevelNormal):
			return true
		case kind != "none" && slices.Contains(got.Kinds, kind) && (got.Level == bot.LevelNormal) == calm:
			return true
		}
	}
	return false
}

func readJudged(tb testing.TB, name string) []judged {
	tb.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	var all []judged
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		text, due, ok := strings.Cut(line, "\t")
		if !ok {
			tb.Fatalf("%s: %q has no second column", name, line)
		}
		all = append(all, judged{text, strings.Split(due, "|")})
	}
	return all
}

func TestEmergenciesAreFoundAndFalseAlarmsAreFew(t *testing.T) {
	_, m := shippedTriage(t)
	for file, floor := range map[string]struct{ found, quiet float64 }{
		"triage_dev.tsv":  {0.97, 0.98},
		"triage_held.tsv": {0.93, 0.98},
	} {
		t.Run(file, func(t *testing.T) {
			var due, found, harmless, quiet int
			for _, j := range readJudged(t, file) {
				got, ok := m.Match(j.text)
				fits := j.fits(got, ok)
				if j.harmless() {
					harmless, quiet = harmless+1, quiet+one(fits)
				} else {
					due, found = due+1, found+one(fits)
				}
				if !fits && os.Getenv("ANJIE_SHOW") == file {
					t.Logf("%s: got %v calm=%v by %v, due %v", j.text, got.Kinds, got.Calm, got.Words, j.due)
				}
			}
			f, q := float64(found)/float64(due), float64(quiet)/float64(harmless)
			t.Logf("found %.3f of %d, quiet %.3f of %d", f, due, q, harmless)
			if f < floor.found || q < floor.quiet {
				t.Errorf("found %.3f, quiet %.3f; due %.2f and %.2f", f, q, floor.found, floor.quiet)
			}
		})
	}
}

func TestTheCardBeginsAsTheMessageNeeds(t *testing.T) {
	_, m := shippedTriage(t)
	for text, lead := range map[string]string{
		"我妈喝农药了":            "马上打 120",
		"俺闺女割腕了 流了好多血":      "马上打 120",
		"我刚吃了一大把安眠药":        "马上打 120",
		"俺爹说活着没意思 天天交代后事":   "先别让他一个人待着",
		"我闺女说不想活了 我该怎么办":    "谢谢您说出来", // 我 speaks of itself too: the card that fits both
		"活够了 真不想活了":         "谢谢您说出来",
		"我不想活了 跟老公过不下去":     "谢谢您说出来",
		"再不给解决我就喝农药死在村委会门口": "谢谢您说出来",
	} {
		if got, ok := m.Match(text); !ok || got.Urgent == nil || !strings.HasPrefix(got.Urgent.Lead, lead) {
			t.Errorf("%q: card begins %+v, want %q", text, got.Urgent, lead)
		}
	}
}
