package console_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// kept waits until the desk has counted n questions of the week.
func kept(t *testing.T, d *desktest.Desk, n int) {
	t.Helper()
	waitFor(t, func() bool {
		b, err := d.Needs.Board(t.Context(), desktest.Clerk.Actor(), d.Clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return b.Questions() >= n
	}, "the questions are never counted")
}

// waitFor waits until what is done behind the pages has come about.
func waitFor(t *testing.T, so func() bool, otherwise string) {
	t.Helper()
	limit := time.After(2 * time.Minute) // a slow machine builds what is laid over the index for a while
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatal(otherwise)
		}
	}
}

func ask(t *testing.T, d *desktest.Desk, texts ...string) {
	t.Helper()
	c := d.Resident()
	for _, text := range texts {
		if p := c.Get("/").Submit("发送", map[string]string{"text": text}); p.Status != http.StatusOK {
			t.Fatalf("%s: %d", text, p.Status)
		}
	}
}

func TestWhatWasAskedInVainIsListedWithoutWhoAsked(t *testing.T) {
	d := desktest.Open(t)
	ask(t, d, "火星石头发动机咋上油，我叫赵小试，电话13900000000", "火星石头发动机怎么上油", "彩礼能退不")
	kept(t, d, 3)
	c := d.SignIn(desktest.Adviser)
	p := c.Get("/console/needs")
	for _, want := range []string{"火星石头发动机咋上油", "火星石头发动机怎么上油", "没答上来 2", "2 个，占 67%", "最接近的：", "11月23日（周一）起的一周"} {
		if !p.Has(want) {
			t.Errorf("the list lacks %s: %s", want, webtest.Text(p.Root))
		}
	}
	for _, private := range []string{"赵小试", "13900000000", "彩礼能退不"} {
		if p.Has(private) {
			t.Errorf("the list shows %s", private)
		}
	}
	if p = p.Submit("不用写", nil); !p.Has("记下了") || p.Has("火星石头发动机") {
		t.Errorf("after it was dropped: %s", webtest.Text(p.Root))
	}
	d.Clock.Add(7 * 24 * time.Hour)
	if p = d.SignIn(desktest.Clerk).Get("/console/needs"); !p.Has("这周没有答不好的问题") {
		t.Errorf("a week later: %s", webtest.Text(p.Root))
	}
	if p = p.Follow("上一周"); !p.Has("2 个，占 67%") {
		t.Errorf("the week before: %s", webtest.Text(p.Root))
	}
	bad := d.SignIn(desktest.Clerk)
	form := url.Values{"csrf": {bad.Get("/console/needs").CSRF()}, "needs": {"x"}}
	if p := bad.Post("/console/needs/explode", form); p.Status != http.StatusNotFound {
		t.Errorf("an act that isn't: %d", p.Status)
	}
	if p := bad.Post("/console/needs/drop", url.Values{"csrf": form["csrf"]}); p.Status != http.StatusBadRequest {
		t.Errorf("nothing chosen: %d", p.Status)
	}
}
