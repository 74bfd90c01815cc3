package webtest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Chromium starts a real browser that reaches nothing but this machine, closed
// with the test. Without one the test is skipped, or fails if CI is set; with
// -short, which CI gives to the race detector's run, it is skipped.
func Chromium(tb testing.TB) *Browser {
	tb.Helper()
	if testing.Short() {
		tb.Skip("not in a real browser: -short is set")
	}
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			tb.Fatal("chromium is missing: apt-get install chromium fonts-wqy-zenhei")
		}
		tb.Skip("chromium is missing: install chromium and fonts-wqy-zenhei to run this test in a real browser")
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"),
	)
	tb.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	tb.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		tb.Fatalf("start chromium: %v", err)
	}
	return &Browser{ctx}
}

// Browser is a real browser.
type Browser struct{ ctx context.Context }

// Tab is one tab of a browser with a limit for each step.
type Tab struct {
	tb  testing.TB
	ctx context.Context
}

// patience is for a machine that runs other tests and the race detector beside.
const patience = 2 * time.Minute

// Tab opens a tab in a profile of its own, as somebody else's browser would be,
// and closes it with the test. Every step in it must be done within patience.
func (b *Browser) Tab(tb testing.TB) *Tab {
	tb.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	tb.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		tb.Fatalf("open a tab: %v", err)
	}
	return &Tab{tb: tb, ctx: ctx}
}

// Do runs steps.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.tb.Helper()
	for i, step := range steps {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		err := chromedp.Do(ctx, step)
		cancel()
		if err != nil {
			b.tb.Fatalf("step %d in the browser: %v", i+1, err)
		}
	}
}

// Eval runs a script in the page and returns what it says.
func Eval[T any](b *Tab, script string) T {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.tb.Fatalf("evaluate %s: %v", script, err)
	}
	return v
}

// Until waits until a script says true, over the loading of a new page too.
func (b *Tab) Until(script string) {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script)); err == nil && ok {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			b.tb.Fatalf("it never was that %s", script)
		}
	}
}

// Size sets the window, in CSS pixels, twice as fine on a phone.
func (b *Tab) Size(width, height int64) {
	b.tb.Helper()
	b.Do(chromedp.EmulateViewport(width, height))
}

// Scripts turns the page's scripts on or off, from the next page on.
func (b *Tab) Scripts(on bool) {
	b.tb.Helper()
	b.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// Shot writes a picture of what the window shows to dir.
func (b *Tab) Shot(dir, name string) {
	b.tb.Helper()
	b.shoot(dir, name, chromedp.CaptureScreenshot())
}

// Whole writes a picture of the whole page to dir.
func (b *Tab) Whole(dir, name string) {
	b.tb.Helper()
	b.shoot(dir, name, chromedp.FullScreenshot(100))
}

func (b *Tab) shoot(dir, name string, take chromedp.Action[[]byte]) {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, take)
	if err != nil {
		b.tb.Fatalf("screenshot %s: %v", name, err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		b.tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		b.tb.Fatal(err)
	}
}
