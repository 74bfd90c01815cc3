package bot_test

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/content"
)

// labelled is a line of testdata/classify_*.tsv: a message and what the desk
// should make of it, with "a|b" where people would accept either.
type labelled struct {
	text                        string
	category, mediable, urgency []string
}

func readLabelled(t testing.TB, name string) []labelled {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []labelled
	for sc := bufio.NewScanner(f); sc.Scan(); {
		line := sc.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		p := strings.Split(line, "\t")
		if len(p) != 4 {
			t.Fatalf("%s: %q has %d columns, due 4", name, line, len(p))
		}
		either := func(s string) []string { return strings.Split(s, "|") }
		all = append(all, labelled{p[0], either(p[1]), either(p[2]), either(p[3])})
	}
	return all
}

func shippedClassifier(t testing.TB) *bot.Classifier {
	t.Helper()
	in, err := content.LoadIntake(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	lib, err := content.Load(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	return bot.NewClassifier(in, nil, bot.ClassifierOptions{
		Triage: bot.NewTriage(lib.Triage), FAQs: lib.FAQs, Terms: lib.Lexicon,
	})
}

// mediable matches "no", or "no:court" when the office is named, too.
func mediableFits(want []string, got bot.Classification) bool {
	for _, w := range want {
		can, office, named := strings.Cut(w, ":")
		if can == got.Mediable && (!named || office == got.ReferTo) {
			return true
		}
	}
	return false
}

func TestMessagesGetTypeGateAndUrgency(t *testing.T) {
	c := shippedClassifier(t)
	for file, floor := range map[string]float64{"classify_dev.tsv": 0.95, "classify_held.tsv": 0.90} {
		t.Run(file, func(t *testing.T) {
			all := readLabelled(t, file)
			var category, mediable, urgency int
			for _, l := range all {
				got := c.Classify(l.text)
				okC, okM, okU := slices.Contains(l.category, got.Category), mediableFits(l.mediable, got), slices.Contains(l.urgency, got.Urgency)
				category, mediable, urgency = category+one(okC), mediable+one(okM), urgency+one(okU)
				if os.Getenv("ANJIE_SHOW") == file && !(okC && okM && okU) {
					t.Logf("%s\n\tcategory %s due %v | mediable %s:%s (%s) due %v | urgency %s due %v | %v", l.text,
						got.Category, l.category, got.Mediable, got.ReferTo, got.Gate, l.mediable, got.Urgency, l.urgency, got.Reasons)
				}
			}
			n := float64(len(all))
			t.Logf("n=%d category %.3f mediable %.3f urgency %.3f", len(all), float64(category)/n, float64(mediable)/n, float64(urgency)/n)
			for what, right := range map[string]int{"category": category, "mediable": mediable, "urgency": urgency} {
				if share := float64(right) / n; share < floor {
					t.Errorf("%s: %.3f right, due %.2f", what, share, floor)
				}
			}
		})
	}
}

func one(ok bool) int {
	if ok {
		return 1
	}
	return 0
}

func BenchmarkClassify(b *testing.B) {
	c := shippedClassifier(b)
	text := "俺家楼上天天半夜叮咣的，孩子睡不着，上去说了好几回，他家男的还骂人，物业也不管，居委会来过一次，后来就没信了，找谁管，能不能让他赔钱"
	for b.Loop() {
		c.Classify(text)
	}
}
