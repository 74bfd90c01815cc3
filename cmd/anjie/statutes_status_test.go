package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestStatusAndChangesOfStatutesAreSaidInChinese reads both as a clerk or the
// legal adviser does.
func TestStatusAndChangesOfStatutesAreSaidInChinese(t *testing.T) {
	dir, data := t.TempDir(), t.TempDir()
	for name, body := range map[string]string{
		"村规试行法(2019-01-01).md": "# 村规试行法\n第一条 大事由大家商量着办。\n第二条 账目半年公布一次。\n第三条 公物不许挪作自用。",
		"村规试行法(2024-01-01).md": "# 村规试行法\n第一条 大事由大家商量着办。\n第二条 账目每个季度公布一次。\n第三条 谁家有难处全村都来帮衬。\n第四条 公物不许挪作自用。",
		"食品安全法(2021-04-29).md": "# 中华人民共和国食品安全法\n第一条 吃的东西要安全。",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, _, errs := call(t, data, "", "statutes", "import", dir, "--without-model"); code != 0 {
		t.Fatalf("import: %s", errs)
	}
	says := func(args ...string) string {
		t.Helper()
		code, out, errs := call(t, data, "", args...)
		if code != 0 {
			t.Fatalf("%v: exit %d: %s", args, code, errs)
		}
		return out
	}
	for _, want := range []string{"法规 2 部、3 个版本", "有新版，手里还是旧的（1 部）", "中华人民共和国食品安全法　手里的 2021-04-29　最新的是 ", "全文还没有"} {
		if out := says("statutes", "status"); !strings.Contains(out, want) {
			t.Errorf("status lacks %q:\n%s", want, out)
		}
	}
	out := says("statutes", "diff", "村规试行法")
	for _, want := range []string{"2019-01-01 → 2024-01-01：有 3 条不一样", "第 2 条改了\n－ 账目半年", "＋ 账目每个季度", "新增 第 3 条\n＋ 谁家", "第 3 条改为第 4 条，内容没动"} {
		if !strings.Contains(out, want) {
			t.Errorf("diff lacks %q:\n%s", want, out)
		}
	}
	if out := says("statutes", "diff", "村规试行法", "2024-01-01", "2024-01-01"); !strings.Contains(out, "条文一样") {
		t.Errorf("a version against itself: %s", out)
	}
}
