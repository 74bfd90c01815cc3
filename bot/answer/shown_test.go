package answer_test

import (
	"slices"
	"testing"

	"github.com/anjie-desk/anjie/bot/answer"
)

func TestWhatIsShownComesInTheOrderInWhichAResidentSeesIt(t *testing.T) {
	article := func(no string) string { return "law:邻里和睦法@2020-01-01#" + no }
	for text, want := range map[string][]string{
		"彩礼能退不": {"faq:gift-1", "faq:gift-2", "faq:gift"}, // asked back: what the choices lead to
		"从前打的白条这么多年该怎么算": {"faq:loan", "faq:gift", article("7")}, // what answers, what else may be meant
		"远处的事怎么算":        {article("7"), "faq:loan", "faq:gift"}, // an article alone
		"火星上的地怎么分":       {"faq:loan", "faq:gift"},               // refused: topics, no passages
		"和睦法第5条":         {article("5")},                         // named
		"欠条还好使吗？还有个事，没领证没一起住彩礼能退吗？": {"faq:loan", "faq:gift-1", "faq:gift", "faq:gift-2"}, // two matters, each by its answer
	} {
		as, err := service(t).Matters(t.Context(), answer.Question{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range answer.Shown(as) {
			got = append(got, d.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s shows %v, want %v", text, got, want)
		}
	}
}
