package bot_test

import (
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/content"
)

func shippedTriage(t testing.TB) ([]content.Triage, *bot.TriageMatcher) {
	t.Helper()
	laws, err := content.LoadLaws(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	rules, err := content.TriageRules(content.Shipped(), laws)
	if err != nil {
		t.Fatal(err)
	}
	return rules, bot.NewTriage(rules)
}

func TestEveryKindHoldsItsOwnExamples(t *testing.T) {
	rules, m := shippedTriage(t)
	for _, r := range rules {
		t.Run(r.Kind, func(t *testing.T) {
			for _, text := range r.Examples.Positive {
				got, ok := m.Match(text)
				if !ok || !contains(got.Kinds, r.Kind) || got.Calm {
					t.Errorf("%q: got %v calm=%v, due an acute match of %s", text, got.Kinds, got.Calm, r.Kind)
				}
			}
			for _, text := range r.Examples.Calm {
				got, ok := m.Match(text)
				if !ok || !contains(got.Kinds, r.Kind) || !got.Calm {
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

func contains(list []string, want string) bool {
	for _, s := range list {
		if s == want {
			return true
		}
	}
	return false
}

func BenchmarkTriage(b *testing.B) {
	_, m := shippedTriage(b)
	text := "俺家楼上天天半夜叮咣的，孩子睡不着，上去说了好几回，他家男的还骂人，物业也不管，居委会来过一次，后来就没信了，找谁管，能不能让他赔钱"
	for b.Loop() {
		m.Match(text)
	}
}
