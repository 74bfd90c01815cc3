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
