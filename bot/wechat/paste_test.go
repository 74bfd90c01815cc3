package wechat_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/wechat"
	"github.com/anjie-desk/anjie/content"
)

var item = content.Item{
	ID: "m03-consumer", Title: "网购七天能退吗", Digest: "能退的和不能退的。",
	Body: "先说结论：**多数能退**。\n\n- 衣服\n- 鞋<b>\n\n> 老王说：退了。", Citations: []content.Citation{{Short: "某法", Article: "25"}},
}

var slot = publicity.Slot{ID: "2026/m03-consumer", Due: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}

func texts(t *testing.T) *content.Texts {
	t.Helper()
	raw, err := fs.ReadFile(content.Shipped(), "texts/publicity.yaml")
	if err != nil {
		t.Fatal(err)
	}
	x, err := content.LoadTexts(fstest.MapFS{"texts/publicity.yaml": {Data: raw}})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestThePageIsMadeForPasting(t *testing.T) {
	dir := t.TempDir()
	f := wechat.NewFolder(dir, texts(t), wechat.Options{})
	ref, err := f.Publish(t.Context(), slot, item)
	if err != nil || ref != "2026-03/m03-consumer.html" {
		t.Fatalf("Publish = %q, %v", ref, err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "outbox", "wechat", "2026-03", "m03-consumer.html"))
	if err != nil {
		t.Fatal(err)
	}
	html := string(raw)
	for _, want := range []string{item.Title, item.Digest, ">多数能退</strong>", "鞋&lt;b&gt;", "《某法》第25条", "7/32"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q:\n%s", want, html)
		}
	}
	if bad := regexp.MustCompile(`(?i)<script|<style|<link|<img|class=|src=|href=|\son\w+=`).FindString(html); bad != "" {
		t.Errorf("the page holds %q, which the account's editor drops", bad)
	}
	_, piece, _ := strings.Cut(html, `id="piece"`)
	if bare := regexp.MustCompile(`<(p|h3|li|ul|ol|blockquote|strong)>`).FindString(piece); bare != "" {
		t.Errorf("%s in the piece has no inline style", bare)
	}
	again, err := f.Publish(t.Context(), slot, item)
	if err != nil || again != ref {
		t.Errorf("Publish again = %q, %v, want the same page", again, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "outbox", "wechat", "2026-03", "*")); len(left) != 1 {
		t.Errorf("the folder holds %v, want one page", left)
	}
	if opened, err := f.Open(ref); err != nil || string(opened) != html {
		t.Errorf("Open(%q) = %d bytes, %v, want the page", ref, len(opened), err)
	}
}

func TestOpenStaysInItsFolder(t *testing.T) {
	dir := t.TempDir()
	f := wechat.NewFolder(dir, texts(t), wechat.Options{})
	if _, err := f.Open("x.html"); fault.Of(err) != fault.NotFound {
		t.Errorf("Open before any page = %v, want not found", err)
	}
	if _, err := f.Publish(t.Context(), slot, item); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret.key"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"../../secret.key", "/etc/passwd", "2026-03/../../../secret.key", "2026-03/none.html"} {
		if raw, err := f.Open(ref); fault.Of(err) != fault.NotFound {
			t.Errorf("Open(%q) = %d bytes, %v, want not found", ref, len(raw), err)
		}
	}
}

func TestAnIDCannotLeaveTheFolder(t *testing.T) {
	dir := t.TempDir()
	f := wechat.NewFolder(dir, texts(t), wechat.Options{})
	it := item
	it.ID = "../../../x"
	ref, err := f.Publish(t.Context(), slot, it)
	if err != nil || strings.Contains(ref, "..") {
		t.Errorf("Publish of %q went to %q, %v", it.ID, ref, err)
	}
}

func TestAPieceThatTheAccountWouldRefuseIsRefused(t *testing.T) {
	for name, change := range map[string]func(*content.Item){
		"a title of 33 characters":   func(it *content.Item) { it.Title = strings.Repeat("题", 33) },
		"a digest of 121 characters": func(it *content.Item) { it.Digest = strings.Repeat("摘", 121) },
		"a body of 20,000":           func(it *content.Item) { it.Body = strings.Repeat("文", 20000) },
	} {
		it := item
		change(&it)
		if _, err := wechat.Page(it, texts(t)); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v, want an error of kind Invalid", name, err)
		}
	}
	it := item
	it.Title, it.Digest = strings.Repeat("题", 32), strings.Repeat("摘", 120)
	if _, err := wechat.Page(it, texts(t)); err != nil {
		t.Errorf("a piece at the limits: %v, want it taken", err)
	}
}

func TestAFolderThatCannotBeWrittenIsAnError(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "outbox"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := wechat.NewFolder(dir, texts(t), wechat.Options{}).Publish(t.Context(), slot, item)
	var path *fs.PathError
	if !errors.As(err, &path) {
		t.Errorf("Publish = %v, want the path that could not be made", err)
	}
}

func TestEveryShippedItemFitsTheAccount(t *testing.T) {
	lib, err := content.Load(content.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range lib.Items {
		if _, err := wechat.Page(it, texts(t)); err != nil {
			t.Error(err)
		}
	}
	if len(lib.Items) == 0 {
		t.Error("no item is shipped")
	}
}
