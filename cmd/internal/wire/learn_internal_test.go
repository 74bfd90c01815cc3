package wire

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/index"
)

// onLine does something when the first line is logged.
type onLine struct {
	slog.Handler
	do func()
}

func (h onLine) Handle(ctx context.Context, r slog.Record) error {
	h.do()
	return h.Handler.Handle(ctx, r)
}

// TestADeskLearnsInTheBackgroundAndSaysSo also when it is closed meanwhile.
func TestADeskLearnsInTheBackgroundAndSaysSo(t *testing.T) {
	var docs []knowledge.Document
	for i, thing := range strings.Fields("布鞋 袜子 瓷碗 手套 毛巾 板凳 锅铲 扫帚 茶壶 雨伞 草帽 围裙") {
		docs = append(docs, knowledge.Document{
			ID: fmt.Sprint("faq:", i), Kind: knowledge.FAQ, Title: "狗子叼走" + thing, Text: "归主人管。", Questions: []string{"旺旺叼走" + thing},
		})
	}
	open := func() *live {
		ix, err := index.OpenMemory(docs, index.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return &live{k: &Knowledge{Index: ix}}
	}
	var log bytes.Buffer
	d := &Desk{Settings: config.Settings{Data: t.TempDir()}, opt: Options{Log: slog.New(slog.NewTextHandler(&log, nil))}}
	for _, tc := range []struct{ says, not string }{
		{"learnt from the content", "by words alone"},
		{"", "learn"}, // it is kept
	} {
		log.Reset()
		l := open()
		if err := l.learn(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(log.String(), tc.says) || strings.Contains(log.String(), tc.not) {
			t.Errorf("said: %s", log.String())
		}
		if err := l.close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(d.Settings.Data, "index", "content.model")); err != nil {
		t.Error(err)
	}
	d.Settings.Data = t.TempDir()
	l := open()
	next := open().k
	d.opt.Log = slog.New(onLine{slog.NewTextHandler(&log, nil), func() {
		if err := l.swap(next, "an import"); err != nil {
			t.Error(err)
		}
	}})
	log.Reset()
	if err := l.learn(t.Context(), d); err != nil || strings.Contains(log.String(), "by words alone") {
		t.Errorf("replaced meanwhile: %v, said %s", err, log.String())
	}
	if l.k != next {
		t.Error("what replaced it is gone")
	}
	if err := l.close(); err != nil {
		t.Fatal(err)
	}

	d.opt.Log, d.Settings.Data = slog.New(slog.NewTextHandler(&log, nil)), t.TempDir()
	l = open()
	if err := l.k.Index.Close(); err != nil {
		t.Fatal(err)
	}
	log.Reset()
	if err := l.learn(t.Context(), d); err != nil || !strings.Contains(log.String(), "by words alone") {
		t.Errorf("closed meanwhile: %v, said %s", err, log.String())
	}
}
