package wire

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/cmd/internal/config"
)

// TestTheConsoleSeesTheStatutesInUse opens desks without and with statutes.
func TestTheConsoleSeesTheStatutesInUse(t *testing.T) {
	if testing.Short() {
		t.Skip("two desks take minutes to start under the race detector: -short is set")
	}
	s, err := config.Load("", nil, config.Settings{Data: t.TempDir(), Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	desk := func() heldStatutes {
		d, err := Open(t.Context(), s, Options{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		return heldStatutes{d}
	}
	h := desk()
	if sum, ok := h.Holdings(); ok {
		t.Errorf("without statutes it holds %+v", sum)
	}
	if err := h.d.Close(); err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	for name, body := range map[string]string{
		"村规试行法(2019-01-01).md": "# 村规试行法\n第一条 大事由大家商量着办。", "村规试行法(2024-01-01).md": "# 村规试行法\n第一条 大事要由全村大家商量着办。",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := OpenContent(s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ImportStatutes(t.Context(), s, c, []string{dir}, ImportOptions{WithoutModel: true}); err != nil {
		t.Fatal(err)
	}
	h = desk()
	sum, ok := h.Holdings()
	if !ok || sum.Laws != 1 || sum.Versions != 2 || len(sum.Several) != 1 {
		t.Errorf("holdings %+v, %v", sum, ok)
	}
	law, ok := h.Law("村规试行法")
	if !ok || len(law.Versions) != 2 || law.Versions[1].Day != "2024-01-01" || law.Versions[1].Articles != 1 {
		t.Errorf("law %+v, %v", law, ok)
	}
	if _, ok := h.Law("火星法"); ok {
		t.Error("a law that nobody made is held")
	}
	changes, err := h.Changes("村规试行法", "2019-01-01", "2024-01-01")
	if err != nil || len(changes) != 1 || changes[0].Kind != "changed" {
		t.Errorf("changes %+v, %v", changes, err)
	}
	if _, err := h.Changes("村规试行法", "2019-01-01", "1999-01-01"); fault.Of(err) != fault.Invalid {
		t.Errorf("a version that isn't held: %v", err)
	}
}
