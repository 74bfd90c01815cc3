package chat_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"testing"

	"github.com/anjie-desk/anjie/bot/evidence"
	"github.com/anjie-desk/anjie/bot/web/chat"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

func TestFilesAreKeptAndTheConversationIsToldOfThem(t *testing.T) {
	r := open(t, nil, chat.Options{})
	c := webtest.NewClient(t, r.base)
	form := func(mid string) url.Values { return url.Values{"csrf": {c.Get("/").CSRF()}, "mid": {mid}} }
	p := c.Upload("/attach", form("one"), map[string][]byte{"收条.txt": []byte("今收到六百元"), "单据.pdf": []byte("%PDF-1.4 x")})
	if p.Status != http.StatusOK || !p.Has("收条.txt") || !p.Has("单据.pdf") {
		t.Fatalf("status %d: %s", p.Status, webtest.Text(p.Root))
	}
	heard := r.said()
	if len(heard) != 1 || len(heard[0].Files) != 2 {
		t.Fatalf("the desk heard %+v", heard)
	}
	for _, f := range heard[0].Files {
		if _, err := r.files.Read(t.Context(), f.Ref); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	c.Upload("/attach", form("one"), map[string][]byte{"收条.txt": []byte("今收到六百元")})
	if n := len(r.said()); n != 1 {
		t.Errorf("the same form sent twice was heard %d times", n)
	}
}

func TestFilesThatCantBeTakenAreSaidSo(t *testing.T) {
	r := open(t, nil, chat.Options{})
	c := webtest.NewClient(t, r.base)
	form := url.Values{"csrf": {c.Get("/").CSRF()}, "mid": {"x"}}
	text := map[string][]byte{"a.txt": []byte("甲")}
	many := map[string][]byte{}
	for _, name := range []string{"1.txt", "2.txt", "3.txt", "4.txt", "5.txt", "6.txt", "7.txt"} {
		many[name] = []byte("甲")
	}
	for name, tc := range map[string]struct {
		path   string
		form   url.Values
		files  map[string][]byte
		status int
		says   string
	}{
		"a program":            {"/attach", form, map[string][]byte{"a.jpg": []byte("MZ\x90\x00\x01\x00")}, 400, "这个文件收不了"},
		"too large":            {"/attach", form, map[string][]byte{"a.pdf": append([]byte("%PDF-"), bytes.Repeat([]byte{0}, evidence.MaxBytes)...)}, 400, "这个文件收不了"},
		"far too large":        {"/attach", form, map[string][]byte{"a.pdf": bytes.Repeat([]byte{0}, 42<<20)}, 413, "太"},
		"none":                 {"/attach", form, nil, 400, "还没选文件"},
		"too many":             {"/attach", form, many, 400, "一次最多六个"},
		"another session's":    {"/attach", url.Values{"csrf": {"x"}}, text, 403, ""},
		"a form without files": {"/say", form, text, 403, ""},
	} {
		p := c.Upload(tc.path, maps.Clone(tc.form), tc.files)
		if p.Status != tc.status || !p.Has(tc.says) {
			t.Errorf("%s: status %d: %.200s", name, p.Status, webtest.Text(p.Root))
		}
	}
	if n := len(r.said()); n != 0 {
		t.Errorf("the desk heard of %d", n)
	}
}

// least is what the smallest file counts for.
const least = 64 << 10

func TestFilesOfOneAddressThatFindNoRoomAreSaidSo(t *testing.T) {
	r := openWith(t, nil, chat.Options{}, evidence.Options{Waiting: 9 * least, Share: 2 * least})
	send := func(c *webtest.Client, mid string, names ...string) *webtest.Page {
		files := map[string][]byte{}
		for _, n := range names {
			files[n] = []byte("今收到六百元")
		}
		return c.Upload("/attach", url.Values{"csrf": {c.Get("/").CSRF()}, "mid": {mid}}, files)
	}
	c := webtest.NewClient(t, r.base)
	p := send(c, "one", "1.txt", "2.txt", "3.txt")
	if p.Status != http.StatusBadRequest || !p.Has("攒得太多") || !p.Has("窗口") {
		t.Fatalf("status %d: %s", p.Status, webtest.Text(p.Root))
	}
	if n, _, err := r.files.Waiting(); n != 0 || err != nil {
		t.Errorf("%d files of a form that was refused wait, %v", n, err)
	}
	if p := send(c, "two", "1.txt", "2.txt"); p.Status != http.StatusOK {
		t.Fatalf("what there is room for: status %d", p.Status)
	}
	if p := send(webtest.NewClient(t, r.base), "x", "4.txt"); p.Status != http.StatusBadRequest || !p.Has("窗口") {
		t.Errorf("a new session brought new room: status %d", p.Status)
	}
	if n := len(r.said()); n != 1 {
		t.Errorf("the desk heard of %d", n)
	}
}

func TestAFormSentTwiceKeepsItsFilesOnce(t *testing.T) {
	r := open(t, nil, chat.Options{})
	c := webtest.NewClient(t, r.base)
	for range 2 {
		c.Upload("/attach", url.Values{"csrf": {c.Get("/").CSRF()}, "mid": {"one"}}, map[string][]byte{"收条.txt": []byte("今收到六百元")})
	}
	if n, _, err := r.files.Waiting(); n != 1 || err != nil {
		t.Errorf("%d files wait, %v", n, err)
	}
}

// TestNoRoomForAllIsNotBlamedOnOne fills the room from elsewhere first.
func TestNoRoomForAllIsNotBlamedOnOne(t *testing.T) {
	r := openWith(t, nil, chat.Options{}, evidence.Options{Waiting: 2 * least, Share: 2 * least})
	for range 2 {
		if _, err := r.files.KeepFrom(t.Context(), "elsewhere", "x.txt", bytes.NewReader([]byte("占地方"))); err != nil {
			t.Fatal(err)
		}
	}
	c := webtest.NewClient(t, r.base)
	p := c.Upload("/attach", url.Values{"csrf": {c.Get("/").CSRF()}, "mid": {"one"}}, map[string][]byte{"收条.txt": []byte("今收到六百元")})
	if p.Status != http.StatusBadRequest || !p.Has("暂时没地方放文件") || !p.Has("窗口") {
		t.Errorf("status %d: %s", p.Status, webtest.Text(p.Root))
	}
}
