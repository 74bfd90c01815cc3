package console_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/request"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// furnished is a desk some weeks old: cases of several types, places and ages,
// a question passed on, a request, questions asked in vain.
func furnished(t *testing.T) *desktest.Desk {
	t.Helper()
	d := desktest.Open(t)
	who := desktest.Mediator.Actor()
	for i, kind := range []string{"neighbour", "labour", "homestead", "marriage", "property", "traffic"} {
		ca := d.File(kind, func(f *dispute.Filing) {
			f.Report.Category, f.Report.Urgency = kind, dispute.Priority(i%4)
			f.Report.What = []string{"楼上半夜嗡嗡响", "干了三个月，两万一千元工钱没给", "邻居盖房占了半米滴水", "为老人的医药费吵起来了", "电梯坏了两周没人修", "电动车撞了，修车钱谈不拢"}[i]
		})
		if i%2 == 0 {
			if _, err := d.Cases.Claim(t.Context(), who, ca.ID, dispute.Seen{}); err != nil {
				t.Fatal(err)
			}
		}
		d.Clock.Add(3 * time.Hour)
	}
	for _, q := range []string{"推荐个股票呗", "俺村二〇一八年那个土地确权文件还作数不", "转人工"} {
		if _, err := d.Bot.Handle(t.Context(), bot.Message{ID: q, From: bot.Address{Channel: "web", Chat: "someone"}, Text: q}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Requests.Ask(t.Context(), desktest.Resident0, request.Ask{Kind: request.See, Notify: "web:invented"}); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestEveryPageFitsAPhoneAndADesk opens what the menus lead to, with something
// on it, at both widths.
func TestEveryPageFitsAPhoneAndADesk(t *testing.T) {
	browser, scratch := webtest.Chromium(t), webtest.Scratch(t)
	d := furnished(t)
	items, err := d.Publicity.Year(t.Context(), 2026)
	if err != nil || len(items) == 0 {
		t.Fatalf("%d slots, %v", len(items), err)
	}
	for name, tc := range map[string]struct {
		who   *access.Account
		pages []string
	}{
		"resident": {nil, []string{"/", "/column", "/privacy", "/forget", "/my-data", "/party/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "/console/sign-in"}},
		"mediator": {&desktest.Mediator, []string{"/console/work", "/console/cases", "/console/meetings", "/console/duty", "/console/file"}},
		"director": {&desktest.Director, []string{
			"/console/work", "/console/questions", "/console/requests", "/console/needs", "/console/entries", "/console/publicity", "/console/accounts",
		}},
		"editor": {&desktest.Editor, []string{"/console/entries/new", "/console/publicity/2026/" + items[0].Item}},
	} {
		b := browser.Tab(t)
		b.Size(1280, 800)
		if tc.who != nil {
			b.Do(chromedp.Navigate(d.URL + d.SignInPath(*tc.who)))
			press(b, "登录")
			b.Until(`!location.pathname.startsWith("/console/in")`)
		}
		for i, page := range tc.pages {
			b.Do(chromedp.Navigate(d.URL + page))
			for _, w := range []int64{360, 1280} {
				b.Size(w, 800)
				if os.Getenv("SHOTS_DIR") != "" {
					b.Whole(scratch, fmt.Sprintf("page-%s-%d-%d", name, i, w))
				}
				if webtest.Eval[bool](b, wide) {
					t.Errorf("%s is wider than %d px", page, w)
				}
			}
		}
	}
}
