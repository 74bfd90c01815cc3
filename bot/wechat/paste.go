// Package wechat prepares pieces for the official account.
//
// Publishing by program is closed to many accounts, so the desk writes a page
// that an editor opens in a browser and pastes into the account's own editor:
// styles inline, no script, nothing loaded from elsewhere, all of which that
// editor would drop.
package wechat

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/content"
)

// The official account's limits, in characters; where its documents differ, the
// smaller.
const (
	maxTitle   = 32
	maxDigest  = 120
	maxContent = 20000
	maxBytes   = 1 << 20
)

//go:embed paste.html
var page string

var pasteTemplate = template.Must(template.New("paste").Parse(page))

// Options tune a Folder; the zero value is production.
type Options struct {
	Log *slog.Logger // nil means slog.Default()
}

// Folder is the outlet "wechat": a folder of pages made for pasting, one a
// piece, by month: 2026-03/<item>.html.
type Folder struct {
	dir   string
	texts publicity.Texts
	log   *slog.Logger
}

var _ publicity.Outlet = (*Folder)(nil)

// NewFolder returns a Folder under data/outbox/wechat, which it makes when the
// first page comes.
func NewFolder(data string, texts publicity.Texts, opt Options) *Folder {
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	return &Folder{dir: filepath.Join(data, "outbox", "wechat"), texts: texts, log: opt.Log}
}

// Name implements [publicity.Outlet].
func (f *Folder) Name() string { return "wechat" }

// Publish writes the page and returns its path below the folder. To write it
// again changes nothing. The error is of kind Invalid for a piece that the
// official account would refuse.
func (f *Folder) Publish(ctx context.Context, s publicity.Slot, it content.Item) (string, error) {
	raw, err := Page(it, f.texts)
	if err != nil {
		return "", fmt.Errorf("item %s for the official account: %w", it.ID, err)
	}
	ref := s.Due.Format("2006-01") + "/" + fileName(it.ID) + ".html"
	if err := writeAtomic(filepath.Join(f.dir, filepath.FromSlash(ref)), raw); err != nil {
		return "", fmt.Errorf("page for the official account: %w", err)
	}
	f.log.InfoContext(ctx, "page for the official account written", "slot", s.ID, "file", ref)
	return ref, nil
}

// Open returns a page that was written, by the reference of its release.
func (f *Folder) Open(ref string) ([]byte, error) {
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return nil, fault.As(fault.NotFound, err)
	}
	defer func() { _ = root.Close() }()
	raw, err := root.ReadFile(filepath.FromSlash(ref))
	return raw, fault.As(fault.NotFound, err)
}

// Page is an item as a page made for pasting.
func Page(it content.Item, texts publicity.Texts) ([]byte, error) {
	p := publicity.Compose(it, texts)
	body := publicity.HTML(p.Blocks, inline)
	if err := check(p, string(body)); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err := pasteTemplate.Execute(&b, map[string]any{
		"How": texts.Say("wechat.how", nil), "TitleIs": texts.Say("wechat.title", nil), "DigestIs": texts.Say("wechat.digest", nil),
		"Title": p.Title, "TitleLength": utf8.RuneCountInString(p.Title), "MaxTitle": maxTitle,
		"Digest": p.Digest, "DigestLength": utf8.RuneCountInString(p.Digest), "MaxDigest": maxDigest,
		"Body": body,
	})
	return b.Bytes(), err
}

func check(p publicity.Piece, body string) error {
	for _, c := range []struct {
		what string
		has  int
		most int
	}{
		{"title, characters", utf8.RuneCountInString(p.Title), maxTitle},
		{"digest, characters", utf8.RuneCountInString(p.Digest), maxDigest},
		{"content, characters", utf8.RuneCountInString(body), maxContent - 1},
		{"content, bytes", len(body), maxBytes - 1},
	} {
		if c.has > c.most {
			return fault.New(fault.Invalid, fmt.Sprintf("%s: %d, at most %d", c.what, c.has, c.most))
		}
	}
	return nil
}

// inline is the style of a piece: the account's editor keeps style attributes
// and drops everything else.
func inline(element string) string {
	return map[string]string{
		"h3":         "margin:24px 0 8px;font-size:18px;font-weight:bold;color:#0b5563;",
		"p":          "margin:0 0 16px;font-size:16px;line-height:1.75;color:#222;",
		"ul":         "margin:0 0 16px;padding-left:24px;",
		"ol":         "margin:0 0 16px;padding-left:24px;",
		"li":         "margin:0 0 8px;font-size:16px;line-height:1.75;color:#222;",
		"blockquote": "margin:0 0 16px;padding:8px 12px;border-left:4px solid #0b5563;font-size:16px;line-height:1.75;color:#444;",
		"strong":     "font-weight:bold;color:#0b5563;",
	}[element]
}

// fileName keeps an id within one folder, whatever it holds.
func fileName(id string) string {
	return strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == '.' || r < ' ' {
			return '-'
		}
		return r
	}, id)
}

// writeAtomic leaves either the old file or the whole new one, on the disk.
func writeAtomic(path string, raw []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".tmp-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // nothing left to remove after the rename
	_, err = tmp.Write(raw)
	if err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
