package publicity_test

import (
	"testing"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/content"
)

func shipped(t *testing.T) []content.Item {
	t.Helper()
	lib, err := content.Load(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	return lib.Items
}

func TestEveryMonthHasAPieceOfEachKind(t *testing.T) {
	has := map[int]map[string]int{}
	for _, it := range shipped(t) {
		if has[it.Month] == nil {
			has[it.Month] = map[string]int{}
		}
		has[it.Month][it.Kind]++
	}
	for month := 1; month <= 12; month++ {
		for _, kind := range []string{"theme", "case", "antifraud", "quiz"} {
			if has[month][kind] == 0 {
				t.Errorf("month %d has no %s", month, kind)
			}
		}
	}
}

// A rule that gives no day would move a piece to the 1st without a word; one
// that is a month off was mistyped.
func TestEveryShippedRuleGivesADayNearItsMonth(t *testing.T) {
	for _, it := range shipped(t) {
		for year := 2025; year <= 2035; year++ {
			d, err := publicity.Day(it.Day, year, it.Month, beijing)
			if err != nil {
				t.Errorf("%s in %d: %v", it.ID, year, err)
				continue
			}
			if away := (int(d.Month()) - it.Month + 12) % 12; away != 0 && away != 11 {
				t.Errorf("%s of month %d is due on %s", it.ID, it.Month, d.Format("2006-01-02"))
			}
		}
	}
}

func TestSpokenPiecesTakeAMinuteToAMinuteAndAHalf(t *testing.T) {
	const slow, fast = 240, 360 // characters
	for _, it := range shipped(t) {
		if n := utf8.RuneCountInString(publicity.Spoken(it)); n < slow || n > fast {
			t.Errorf("%s is spoken in %d characters, want %d to %d", it.ID, n, slow, fast)
		}
	}
}
