package party_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

const place = "36.919816,121.540039 Rushan"

// photo is a photograph whose comment tells where it was taken.
func photo(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 40)), nil); err != nil {
		tb.Fatal(err)
	}
	plain := b.Bytes()
	return slices.Concat(plain[:2], []byte{0xff, 0xfe, 0, byte(2 + len(place))}, []byte(place), plain[2:])
}

func form(p *webtest.Page, token, words string) url.Values {
	return url.Values{"csrf": {p.CSRF()}, "version": {version(p)}, "token": {token}, "words": {words}}
}

// keptFiles counts the files that lie in the store.
func keptFiles(t *testing.T, d *desktest.Desk) int {
	t.Helper()
	n := 0
	for _, sub := range []string{"waiting", "kept"} {
		entries, err := os.ReadDir(filepath.Join(d.FilesDir, sub))
		if err != nil {
			t.Fatal(err)
		}
		n += len(entries)
	}
	return n
}

func TestTheOtherPartyShowsTheMediatorFiles(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d)
	desk, guest := d.SignIn(desktest.Mediator), d.Resident()
	path := link(t, desk, ca.ID)
	p := comeIn(t, guest, path)
	if !p.Has("照片、录音、单据") || !p.Has("对方看不到") {
		t.Fatalf("the page offers no files:\n%s", webtest.Text(p.Root))
	}
	files := map[string][]byte{"裂缝.jpg": photo(t), "话.ogg": []byte("OggS and so on"), "收条.pdf": []byte("%PDF-1.4 x")}
	sent := form(p, "x-say", "墙是先裂的")
	for range 2 { // sent twice by an impatient thumb
		if p = guest.Upload(path+"/say", sent, files); p.Status != 200 || !p.Has("记下了") || !p.Has("您发过 3 份材料") || !p.Has("裂缝.jpg") {
			t.Fatalf("sending files: %d %s", p.Status, webtest.Text(p.Root))
		}
	}
	if n := keptFiles(t, d); n != 3 {
		t.Errorf("%d files are kept of three", n)
	}

	at := "/console/cases/" + string(ca.ID)
	q := desk.Get(at)
	if !q.Has("对方发来 3 份材料") || !q.Has("孙试民") || !q.Has("墙是先裂的") || strings.Contains(q.Body, at+"/files/0") {
		t.Errorf("the mediator sees\n%s", webtest.Text(q.Root))
	}
	for n := range 3 {
		got := desk.Get(fmt.Sprintf("%s/exhibits/%d", at, n))
		if got.Status != 200 || strings.Contains(got.Body, place) || got.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
			t.Errorf("file %d: %d", n, got.Status)
		}
	}
	for name, tc := range map[string]struct {
		who  *webtest.Client
		want int
	}{"a clerk": {d.SignIn(desktest.Clerk), 200}, "another village's mediator": {d.SignIn(desktest.Far), 404}, "the other party": {guest, 303}} {
		if got := tc.who.Get(at + "/exhibits/0"); got.Status != tc.want && (tc.want != 303 || got.Path != "/console/sign-in") {
			t.Errorf("%s opens it: %d at %s", name, got.Status, got.Path)
		}
	}
	phone := d.Resident()
	phone.Get("/")
	who := reporter(t, d, phone)
	theirs := claimedFor(t, d, who.ID)
	if p := phone.Get("/mine/" + string(theirs.ID)); p.Has("裂缝.jpg") || p.Has("发过") {
		t.Errorf("the reporter reads\n%s", webtest.Text(p.Root))
	}
}

// claimedFor is a case of the resident at a browser.
func claimedFor(t *testing.T, d *desktest.Desk, who string) dispute.Case {
	t.Helper()
	c := d.File("t2", func(f *dispute.Filing) { f.For, f.Report.Contact.Address = who, who })
	c, err := d.Cases.Claim(t.Context(), desktest.Mediator.Actor(), c.ID, dispute.Seen{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheReporterShowsFilesAtTheOwnPage(t *testing.T) {
	d := desktest.Open(t)
	phone := d.Resident()
	phone.Get("/")
	ca := claimedFor(t, d, reporter(t, d, phone).ID)
	p := phone.Get("/mine/" + string(ca.ID))
	if p = phone.Upload("/mine/"+string(ca.ID)+"/say", form(p, "m-say", ""), map[string][]byte{"外机.jpg": photo(t)}); !p.Has("您发过 1 份材料") || !p.Has("外机.jpg") {
		t.Fatalf("the reporter's page: %d %s", p.Status, webtest.Text(p.Root))
	}
	if q := d.SignIn(desktest.Mediator).Get("/console/cases/" + string(ca.ID)); !q.Has("附了 1 份材料") || !q.Has("外机.jpg") || q.Has("对方发来") {
		t.Errorf("the mediator sees\n%s", webtest.Text(q.Root))
	}
}

// TestFilesThatCantBeTakenLeaveNothingBehind: what was refused lies nowhere, and
// what was typed is still in the form.
func TestFilesThatCantBeTakenLeaveNothingBehind(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d)
	desk, guest := d.SignIn(desktest.Mediator), d.Resident()
	path := link(t, desk, ca.ID)
	p := comeIn(t, guest, path)
	many := map[string][]byte{}
	for i := range 7 {
		many[fmt.Sprintf("%d.jpg", i)] = photo(t)
	}
	for name, tc := range map[string]struct {
		files map[string][]byte
		words string
		want  string
	}{
		"a program":          {map[string][]byte{"好.jpg": photo(t), "坏.jpg": []byte("MZ\x90\x00\x03\x00")}, "看这个", "坏.jpg 收不了"},
		"too many at once":   {many, "看这些", "一次最多六个"},
		"nothing at all":     {nil, " ", "请写几句"},
		"one file too heavy": {map[string][]byte{"大.pdf": append([]byte("%PDF-"), make([]byte, 20<<20)...)}, "看这个", "大.pdf 收不了"},
	} {
		got := guest.Upload(path+"/say", form(p, name+"-say", tc.words), tc.files)
		if got.Status != http.StatusBadRequest || !got.Has(tc.want) || !strings.Contains(got.Body, strings.TrimSpace(tc.words)) {
			t.Errorf("%s: %d %s", name, got.Status, webtest.Text(got.Root))
		}
		if n := keptFiles(t, d); n != 0 {
			t.Errorf("%s: %d files lie in the store", name, n)
		}
	}
	for i := range 4 {
		six := map[string][]byte{}
		for j := range 6 {
			six[fmt.Sprintf("%d-%d.jpg", i, j)] = photo(t)
		}
		if got := guest.Upload(path+"/say", form(p, fmt.Sprintf("%d-say", i), ""), six); got.Status != 200 {
			t.Fatalf("six more files: %d %s", got.Status, webtest.Text(got.Root))
		}
	}
	got := guest.Upload(path+"/say", form(p, "full-say", "还有一张"), map[string][]byte{"再.jpg": photo(t)})
	if got.Status != http.StatusBadRequest || !got.Has("放满了") || !got.Has("还有一张") || keptFiles(t, d) != 24 {
		t.Errorf("one more than its share: %d, %d kept, %s", got.Status, keptFiles(t, d), webtest.Text(got.Root))
	}
	if got = guest.Upload(path+"/say", form(p, "words-say", "还有一句"), nil); got.Status != 200 {
		t.Errorf("words when the files are full: %d", got.Status)
	}
}

// TestALinkWithoutRightsTakesNoFiles: one used elsewhere, taken back or over.
func TestALinkWithoutRightsTakesNoFiles(t *testing.T) {
	d := desktest.Open(t)
	ca := claimed(t, d)
	desk, guest, thief := d.SignIn(desktest.Mediator), d.Resident(), d.Resident()
	path := link(t, desk, ca.ID)
	p := comeIn(t, guest, path)
	mine := form(p, "x-say", "话")
	foreign := url.Values{"csrf": {thief.Get("/").CSRF()}, "version": {version(p)}, "token": {"y-say"}}
	files := map[string][]byte{"裂缝.jpg": photo(t)}
	refused := func(name string, got *webtest.Page) {
		t.Helper()
		if got.Status != http.StatusNotFound || !got.Has("这个链接用不了") || keptFiles(t, d) != 0 {
			t.Errorf("%s: %d, %d files, %s", name, got.Status, keptFiles(t, d), webtest.Text(got.Root))
		}
	}
	refused("another browser", thief.Upload(path+"/say", foreign, files))
	desk.Get("/console/cases/"+string(ca.ID)+"/together").Submit("收回链接", nil)
	refused("after it was taken back", guest.Upload(path+"/say", mine, files))

	second := d.File("t3")
	if _, err := d.Cases.Claim(t.Context(), desktest.Mediator.Actor(), second.ID, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	path = link(t, desk, second.ID)
	d.Clock.Add(15 * 24 * time.Hour)
	late := d.Resident()
	foreign["csrf"] = []string{late.Get("/").CSRF()}
	refused("after its time", late.Upload(path+"/say", foreign, files))
}

func TestTheOtherPartySendsAPhotographFromAPhone(t *testing.T) {
	browser, scratch := webtest.Chromium(t), webtest.Scratch(t)
	d := desktest.Open(t)
	ca := claimed(t, d)
	path := link(t, d.SignIn(desktest.Mediator), ca.ID)
	file := filepath.Join(t.TempDir(), "裂缝.jpg")
	if err := os.WriteFile(file, photo(t), 0o600); err != nil {
		t.Fatal(err)
	}

	phone := browser.Tab(t)
	phone.Size(360, 740)
	phone.Do(chromedp.Navigate(d.URL + path))
	phone.Do(chromedp.Click(chromedp.CSS("input[name=consent]")))
	press(phone, "打开看看")
	phone.Until(`document.querySelector("#say input[type=file]") !== null`)
	press(phone, "发给调解员")
	phone.Until(`document.body.innerText.includes("请写几句")`)
	look(t, phone, scratch, "party-show-empty")
	phone.Size(360, 740)
	phone.Do(chromedp.SetUploadFiles(chromedp.CSS("input[type=file]"), []string{file}))
	press(phone, "发给调解员")
	phone.Until(`document.body.innerText.includes("您发过 1 份材料")`)
	look(t, phone, scratch, "party-show-sent")

	desk := browser.Tab(t)
	desk.Size(1280, 900)
	desk.Do(chromedp.Navigate(d.URL + d.SignInPath(desktest.Mediator)))
	press(desk, "登录")
	desk.Until(`location.pathname === "/console/work"`)
	desk.Do(chromedp.Navigate(d.URL + "/console/cases/" + string(ca.ID)))
	desk.Until(`document.body.innerText.includes("对方发来 1 份材料")`)
	desk.Until(`[...document.querySelectorAll("ul.files img")].every(i => i.naturalWidth === 60)`)
	look(t, desk, scratch, "case-exhibits")
}
