package dispute

import (
	"slices"
	"strings"
	"testing"
)

// TestTelephoneNumbersAreFound in the shortest forms there are, among other
// digits and in wide ones, and nowhere else.
func TestTelephoneNumbersAreFound(t *testing.T) {
	for text, want := range map[string]string{
		"打010-1234567找他":         "phone:0101234567", // the fewest digits that a number has
		"他的号是0631 1234567":       "phone:06311234567",
		"１３９００００００００":            "phone:13900000000",
		"2026 年起，电话13900000001。": "phone:13900000001",
		"欠 123456 元，12 月 3 日":    "",
		"":                       "",
	} {
		var got []string
		for _, trait := range traits(Report{What: text}) {
			if strings.HasPrefix(trait, "phone:") {
				got = append(got, trait)
			}
		}
		if want == "" && len(got) > 0 || want != "" && !slices.Equal(got, []string{want}) {
			t.Errorf("%q: %v, want %q", text, got, want)
		}
	}
}
