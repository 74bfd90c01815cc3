package bot_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/content"
)

// filledIn is a paper as it is printed from what the desk knows.
func filledIn(t *testing.T, key string, f dispute.File) string {
	t.Helper()
	d, err := content.LoadDossier(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(d.Documents, func(doc content.Document) bool { return doc.Key == key })
	values, err := d.Fill(d.Documents[i], f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := d.Documents[i].Render(values)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestPapersSayWhatTheDeskKnows(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	people, err := json.Marshal(dispute.People{Others: []dispute.Other{{N: 1, Name: "孙试民", Phone: "13900000002"}}})
	if err != nil {
		t.Fatal(err)
	}
	f := dispute.File{
		District: "城区街道", Village: "仇家洼村",
		Case: dispute.Case{
			Report: dispute.Report{Contact: dispute.Contact{Name: "赵试民", Phone: "13900000001"}, Other: "楼上孙某"}, Papers: map[string]string{"people": string(people)},
		},
		Sessions: []dispute.Session{
			{At: at, Where: dispute.AtCentre, Said: "各说各的", Result: "没谈拢"},
			{At: at.AddDate(0, 0, 7), Where: dispute.ByVideo, Said: "都让了一步", Result: "谈成了", Present: map[string]time.Time{"1": at.AddDate(0, 0, 6)}},
		},
		Agreement: &dispute.Agreement{Facts: "借了钱", Terms: []string{"下月十五日前付清"}, Parties: []dispute.Signatory{
			{Role: dispute.RoleReporter, Name: "赵试民"}, {Role: dispute.RoleOther, Name: "孙试民"},
		}},
	}
	for key, want := range map[string][]string{
		"record":        {"2026年11月23日、2026年11月30日", "城区街道调解中心、视频", "第1次：各说各的\n第2次：都让了一步", "第1次：没谈拢\n第2次：谈成了"},
		"identity":      {"孙试民：2026年11月29日在线核对"},
		"contact_sheet": {"| 赵试民 | 电话 | 13900000001 |", "| 孙试民 | 电话 | 13900000002 |"},
		"application":   {"13900000002"},
		"closing":       {"开调解会2次（2026年11月23日、2026年11月30日）"},
		"agreement":     {"1. 下月十五日前付清", "一式 三 份"},
	} {
		text := filledIn(t, key, f)
		for _, w := range want {
			if !strings.Contains(strings.ReplaceAll(text, "\v", "\n"), w) {
				t.Errorf("%s lacks %q:\n%s", key, w, text)
			}
		}
	}
	// nothing in an agreement stands open that could be filled in after it was signed
	if text := filledIn(t, "agreement", f); strings.Contains(text, "第三方") || strings.Contains(text, "地点") || !strings.Contains(text, "借了钱\n\n二、") {
		t.Errorf("the agreement leaves room:\n%s", text)
	}
	f.Agreement.Parties = append(f.Agreement.Parties, dispute.Signatory{Role: dispute.RoleThird, Name: "周试保", About: "担保人"})
	if text := filledIn(t, "agreement", f); !strings.Contains(text, "第三方：周试保\n担保人") || !strings.Contains(text, "第三方（签名、盖章、按指印）：") || !strings.Contains(text, "一式 四 份") {
		t.Errorf("the third party doesn't sign:\n%s", text)
	}
	for _, key := range []string{"confirmation", "contact_sheet"} {
		if text := filledIn(t, key, f); !strings.Contains(text, "周试保") {
			t.Errorf("%s leaves the third party out:\n%s", key, text)
		}
	}
}
