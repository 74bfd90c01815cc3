package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// call runs the binary's own entry in a data folder of the test.
func call(t *testing.T, dir, stdin string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), append(args, "--data", dir), nil, strings.NewReader(stdin), &o, &e)
	return code, o.String(), e.String()
}

// TestWithoutStatutesTheContentTeaches asks in words that stand in no entry: by
// words alone the desk doesn't understand, once it has learnt it does, and it
// learns once only.
func TestWithoutStatutesTheContentTeaches(t *testing.T) {
	if testing.Short() {
		t.Skip("learning from all content takes half a minute: not with -short")
	}
	data := t.TempDir()
	ask := func(more ...string) (out, errs string) {
		t.Helper()
		code, out, errs := call(t, data, "", append([]string{"ask", "俺姐夫欠俺三万 打了条子 就是不还"}, more...)...)
		if code != 0 {
			t.Fatalf("exit %d: %s", code, errs)
		}
		return out, errs
	}
	if out, errs := ask("--without-model"); strings.Contains(out, "借条") && strings.Contains(out, "起诉") || errs != "" {
		t.Fatalf("by words alone it is understood, and the test shows nothing: %s %s", out, errs)
	}
	full := filepath.Join(data, "index") // where nothing can be kept, it answers all the same
	if err := os.WriteFile(full, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := ask(); !strings.Contains(out, "借条") {
		t.Errorf("where nothing can be kept: %s", out)
	}
	if err := os.Remove(full); err != nil {
		t.Fatal(err)
	}
	for _, learns := range []bool{true, false} {
		out, errs := ask()
		if !strings.Contains(out, "借条") || !strings.Contains(out, "起诉") || !strings.Contains(out, "民法典") {
			t.Errorf("answered: %s", out)
		}
		if got := strings.Contains(errs, "learning"); got != learns {
			t.Errorf("learns: %v, want %v (%s)", got, learns, errs)
		}
	}
}

func TestAskKeepsItsContract(t *testing.T) {
	code, out, errs := call(t, t.TempDir(), `{"id":"a","text":"彩礼能退不"}`+"\n"+`{"id":7,"text":"刚才有人让俺把钱转到安全账户"}`, "ask", "--without-model", "--json", "--top", "3", "--batch", "-")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want one for each question:\n%s", len(lines), out)
	}
	for i, want := range []struct{ id, kind string }{{"a", "clarify"}, {"7", "urgent"}} {
		var got struct {
			ID        string
			Kind      string
			Certainty *float64
			Urgent    *struct{ Numbers []string }
			Passages  []struct {
				Type      string
				Citations []struct{ Law, Article, Version string }
			}
			Reply string
			Next  map[string]any
		}
		if err := json.Unmarshal([]byte(lines[i]), &got); err != nil {
			t.Fatal(err)
		}
		if got.ID != want.id || got.Kind != want.kind || got.Certainty == nil || got.Reply == "" || len(got.Passages) > 3 {
			t.Errorf("line %d: %s", i, lines[i])
		}
		if (want.kind == "urgent") != (got.Urgent != nil) {
			t.Errorf("line %d: urgent is %v", i, got.Urgent)
		}
		for _, p := range got.Passages {
			for _, c := range p.Citations {
				if c.Law == "" || c.Article == "" || c.Version == "" {
					t.Errorf("line %d cites %+v", i, c)
				}
			}
		}
	}
}

func TestTriageKeepsItsContract(t *testing.T) {
	in := `{"id":"1","text":"仇家洼的邻居盖房子把俺院墙挤裂了"}` + "\n" + `{"id":"2","text":"东里 邻居太吵"}`
	code, out, errs := call(t, t.TempDir(), in, "case", "triage", "--json", "--batch", "-")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	type line struct {
		Category, Mediable, Urgency string
		Village                     *string
		Candidates                  []string
	}
	var got []line
	for l := range strings.Lines(out) {
		var x line
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			t.Fatal(err)
		}
		got = append(got, x)
	}
	if len(got) != 2 || got[0].Village == nil || *got[0].Village != "371083001219" || got[0].Mediable != "yes" || got[0].Urgency != "normal" {
		t.Errorf("first: %s", out)
	}
	if len(got) == 2 && (got[1].Village != nil || len(got[1].Candidates) != 2) {
		t.Errorf("东里 is two places, got %+v", got[1])
	}
}

func TestMistakesGetOneLineAndAStatus(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "anjie.yaml"), []byte("lissen: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		dir  string
		args []string
		code int
		want string
	}{
		"a busy port":                   {t.TempDir(), []string{"--listen", busy.Addr().String()}, 1, "choose another port"},
		"a data folder that is a file":  {file, nil, 1, "--data"},
		"a broken settings file":        {broken, nil, 1, "lissen"},
		"an unknown command":            {t.TempDir(), []string{"sreve"}, 2, "sreve"},
		"an unknown flag":               {t.TempDir(), []string{"ask", "--tpo", "3"}, 2, "tpo"},
		"no question":                   {t.TempDir(), []string{"ask"}, 2, "question"},
		"a batch file that isn't there": {t.TempDir(), []string{"ask", "--batch", "/nonexistent.jsonl"}, 1, "nonexistent"},
		"an unknown role":               {t.TempDir(), []string{"account", "add", "Wang", "king"}, 2, "mediator"},
		"an unknown village":            {t.TempDir(), []string{"account", "add", "Wang", "mediator", "--village", "1"}, 1, "village"},
		"statutes never imported":       {t.TempDir(), []string{"statutes", "show", "民法典"}, 1, "import"},
		"an unknown sub-command":        {t.TempDir(), []string{"account", "lits"}, 2, "lits"},
		"no passages at all":            {t.TempDir(), []string{"ask", "--top", "0", "空调吵"}, 2, "--top"},
		"statutes that aren't there":    {t.TempDir(), []string{"statutes", "import", "/nonexistent"}, 1, "/nonexistent"},
		"nothing to import":             {t.TempDir(), []string{"statutes", "import", t.TempDir()}, 1, "statutes"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errs := call(t, tc.dir, "", tc.args...)
			if code != tc.code || !strings.Contains(errs, tc.want) || strings.Count(errs, "\n") != 1 {
				t.Errorf("exit %d, stderr %q; want exit %d and one line with %q", code, errs, tc.code, tc.want)
			}
		})
	}
}

func TestAccountsAreMadeListedAndEnded(t *testing.T) {
	dir := t.TempDir()
	code, id, errs := call(t, dir, "", "account", "add", "王芳", "mediator", "--village", "371083001219")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	id = strings.TrimSpace(id)
	if _, link, _ := call(t, dir, "", "account", "link", id); !strings.Contains(link, "http://127.0.0.1:8080/console/") {
		t.Errorf("link: %q", link)
	}
	if code, _, errs := call(t, dir, "", "account", "set", id, "--role", "grid", "--village", "371083001001"); code != 0 {
		t.Errorf("set: %s", errs)
	}
	if code, _, errs := call(t, dir, "", "account", "set", id, "--grid", "371083001001/第九网格"); code != 1 || !strings.Contains(errs, "grid") {
		t.Errorf("a grid that isn't in the register: exit %d, %s", code, errs)
	}
	if _, trail, _ := call(t, dir, "", "account", "trail", id); strings.Count(trail, "cli") != 4 || !strings.Contains(trail, "371083001219") {
		t.Errorf("the trail of an account that was made, given a link, a role and a village:\n%s", trail)
	}
	if code, _, errs := call(t, dir, "", "account", "disable", id); code != 0 {
		t.Errorf("disable: %s", errs)
	}
	if _, list, _ := call(t, dir, "", "account", "list"); !strings.Contains(list, id) || !strings.Contains(list, "disabled") || !strings.Contains(list, "王芳") {
		t.Errorf("list:\n%s", list)
	}
}

func TestDoctorFindsATrialInOrderAndABadRedisNot(t *testing.T) {
	if code, out, _ := call(t, t.TempDir(), "", "doctor"); code != 0 || strings.Contains(out, "MEND") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "anjie.yaml"), []byte("redis: {url: 'redis://127.0.0.1:1/0'}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := call(t, dir, "", "doctor"); code != 1 || !strings.Contains(out, "MEND  redis") {
		t.Errorf("exit %d:\n%s", code, out)
	}
}

func TestDoctorTellsOfRoomForFilesBeforeThereIsNone(t *testing.T) {
	dir := t.TempDir()
	put := func(name, what string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(what), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("anjie.yaml", "files: {waiting_mb: 20}\n")
	if err := os.MkdirAll(filepath.Join(dir, "evidence", "waiting"), 0o700); err != nil {
		t.Fatal(err)
	}
	put("evidence/waiting/a", "x")
	if _, out, _ := call(t, dir, "", "doctor"); !strings.Contains(out, "1 files without a case take up 0 of 20 MB") {
		t.Errorf("with one small file:\n%s", out)
	}
	put("evidence/waiting/b", strings.Repeat("x", 17<<20))
	if code, out, _ := call(t, dir, "", "doctor"); code != 1 || !strings.Contains(out, "MEND  files") {
		t.Errorf("exit %d with 17 of 20 MB:\n%s", code, out)
	}
}

// safe lets the test read what the desk prints while it runs.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func TestTheTrialStartsGreetsAnswersAndStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, errs safe
	done := make(chan int, 1)
	dir := t.TempDir()
	go func() {
		done <- run(ctx, []string{"--listen", "127.0.0.1:0", "--data", dir}, nil, strings.NewReader(""), &out, &errs)
	}()
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)
	wait(t, "the greeting", func() bool { return strings.Count(out.String(), "/console/in/") == 5 })
	base := address.FindString(out.String())
	wait(t, "readiness", func() bool { return get(t, base+"readyz") == http.StatusOK })
	for _, path := range []string{"", "column", "column/feed.xml", "privacy", "console/sign-in", "healthz", "metrics"} {
		if got := get(t, base+path); got != http.StatusOK {
			t.Errorf("/%s answers %d", path, got)
		}
	}
	stop()
	if code := <-done; code != 0 {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	if strings.Contains(errs.String(), "level=ERROR") {
		t.Errorf("the log has errors:\n%s", errs.String())
	}
}

func get(t *testing.T, url string) int {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

func wait(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}

func TestVerifyChecksEveryCase(t *testing.T) {
	if code, out, errs := call(t, t.TempDir(), "", "case", "verify"); code != 0 || !strings.Contains(out, "0 cases checked, 0 tampered") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}
