package main

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

const (
	asMain    = "DESK_TEST_AS_MAIN" // the test binary is the desk's own then
	oldBinary = "ANJIE_OLD_BINARY"  // of an older version, see `make versions-test`
)

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		os.Unsetenv(asMain)
		main()
	}
	os.Exit(m.Run())
}

// program is a binary of the desk and what it runs with.
type program struct {
	name, path string
	env        []string
}

func (p program) command(args ...string) *exec.Cmd {
	cmd := exec.Command(p.path, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir(), asMain + "=1"}, p.env...)
	return cmd
}

// once runs a command of the program that ends by itself.
func (p program) once(t *testing.T, args ...string) string {
	t.Helper()
	out, err := p.command(args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", p.name, args, err, out)
	}
	return string(out)
}

// serve starts the program's server and returns its address and its log.
func (p program) serve(t *testing.T) (*url.URL, *safe) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd, log := p.command("serve", "--listen", address), &safe{}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := <-ended; err != nil {
			t.Errorf("%s ended: %v\n%s", p.name, err, log)
		}
	})
	u := &url.URL{Scheme: "http", Host: address}
	wait(t, p.name+" to be ready", func() bool { return get(t, u.String()+"/readyz") == http.StatusOK })
	return u, log
}

// TestTwoVersionsWorkTheSameCases runs two processes of the desk on one Redis,
// as while replicas are changed one by one. Each request of residents and
// mediator goes to the one or the other by turns: reports begun at one go on at
// the other, and both work the same cases. The second is of an older version
// where ANJIE_OLD_BINARY names one; else of this one, with messages waiting such
// as a newer and an older version leave.
func TestTwoVersionsWorkTheSameCases(t *testing.T) {
	server, dir := redistest.Start(t), t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var to [2]*url.URL
	var turn atomic.Int64
	base := webtest.Serve(t, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to[turn.Add(1)%2])
		r.Out.Host = r.In.Host
	}})
	var all [2]program
	var logs [2]*safe
	old := os.Getenv(oldBinary)
	for i, p := range []program{{name: "this version", path: self}, {name: "the other version", path: cmp.Or(old, self)}} {
		p.env = []string{
			"REDIS_URL=" + server.URL(), "ANJIE_SECRET=" + filepath.Join(dir, "key"), "ANJIE_DATA=" + filepath.Join(dir, fmt.Sprint(i)),
			"ANJIE_PUBLIC_URL=" + base,
		}
		to[i], logs[i] = p.serve(t)
		all[i] = p
	}

	residents := make([]*webtest.Client, 2)
	for i := range residents {
		residents[i] = webtest.NewClient(t, base)
		reports(t, residents[i])
	}
	rdb := redistest.NewClient(&redis.Options{Addr: server.Addr()})
	defer rdb.Close()
	if old == "" {
		leaveMessages(t, rdb)
	}
	mediates(t, all[0], base, len(residents))
	for i, c := range residents {
		wait(t, fmt.Sprintf("resident %d to read who mediates and how it ended", i), func() bool {
			p := c.Get("/")
			return p.Has("张试调") && p.Has("你们自己商量好了")
		})
		if old == "" {
			wait(t, "what another version said", func() bool { return strings.Count(webtest.Text(c.Get("/").Root), "的事有新情况") == 2 })
		}
	}
	for i, p := range all {
		if got := p.once(t, "case", "verify"); !strings.Contains(got, fmt.Sprintf("%d cases checked, 0 tampered with", len(residents))) {
			t.Errorf("%s finds %s", p.name, got)
		}
		for line := range strings.Lines(logs[i].String()) {
			if strings.Contains(line, "panic") || strings.Contains(line, "level=ERROR") && !strings.Contains(line, "another version") {
				t.Errorf("%s says %s", p.name, line)
			}
		}
	}
	if n := rdb.ZCard(t.Context(), "anjie:{chengqu}:outbox").Val(); n != 0 {
		t.Errorf("%d messages wait that nobody sends", n)
	}
}

// dialog is what a resident answers to what she is asked; the first that the
// desk's last words hold counts.
var dialog = []struct{ asked, say string }{
	{"看一遍", "没问题"},
	{"号码不全", "13800138000"}, // as older versions say
	{"称呼记下了", "13800138000"},
	{"继续吗", "同意"},
	{"哪个村", "仇家洼"},
	{"什么事", "邻居盖房子把俺家院墙挤裂了，找他说他不认"},
	{"邻里这一类", "对"},
	{"什么时候", "去年冬天"},
	{"主要是哪样", "墙界"},
	{"谈过吗", "谈过，没谈拢"},
	{"对方是谁", "跳过"},
	{"怎么办", "把墙修好"},
	{"替别人", "我自己的事"},
	{"是谁反映的", "可以说"},
	{"称呼", "老王"},
	{"电话", "13800138000"},
	{"损失", "两千五"},
}

// deskSays stands above what the desk says on the page.
var deskSays = regexp.MustCompile(`案结 \d+月`)

// reports has a resident report a dispute. She answers what she is asked, since
// one version may ask what the other doesn't.
func reports(t *testing.T, c *webtest.Client) {
	t.Helper()
	say, said := "我要反映纠纷", ""
	for range 30 {
		said = webtest.Text(c.Get("/").Submit("发送", map[string]string{"text": say}).Root)
		if at := deskSays.FindAllStringIndex(said, -1); len(at) > 0 {
			said = said[at[len(at)-1][0]:] // to this answer
		}
		if strings.Contains(said, "城区受字第") {
			return
		}
		for _, d := range dialog {
			if strings.Contains(said, d.asked) {
				say = d.say
				break
			}
		}
	}
	t.Fatalf("no number after thirty answers, the last of them %s:\n%s", say, said)
}

// leaveMessages queues for each reporter a message that lacks what its wording
// asks for, and one whose wording nobody has.
func leaveMessages(t *testing.T, rdb *redis.Client) {
	t.Helper()
	ctx := t.Context()
	cases, err := rdb.Keys(ctx, "anjie:{chengqu}:case:*").Result()
	if err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, key := range cases {
		k := rdb.HGetAll(ctx, key).Val()
		_, id, _ := strings.Cut(key, "case:")
		for _, text := range []string{"notice.claimed", "notice.tomorrow"} {
			body := fmt.Sprintf(`{"to":%q,"key":%q,"data":{"case":%q,"number":%q},"at":0}`, k["notify"], text, id, k["number"])
			rdb.HSet(ctx, "anjie:{chengqu}:outbox:body", id+text, body)
			if err := rdb.ZAdd(ctx, "anjie:{chengqu}:outbox", redis.Z{Score: 1, Member: id + text}).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// mediates has a mediator take every case and bring it to its end.
func mediates(t *testing.T, p program, base string, want int) {
	t.Helper()
	said := p.once(t, "account", "add", "张试调", "mediator")
	link := regexp.MustCompile(`/console/in/[\w-]+`)
	if !link.MatchString(said) {
		id, _, _ := strings.Cut(strings.TrimSpace(said), " ")
		said = p.once(t, "account", "link", id)
	}
	c := webtest.NewClient(t, base)
	c.Get(link.FindString(said)).Submit("登录", nil)
	found := map[string]bool{}
	wait(t, "the queue", func() bool {
		for _, path := range regexp.MustCompile(`/console/cases/c[a-z2-7]{12}`).FindAllString(c.Get("/console/work").Body, -1) {
			found[path] = true
		}
		return len(found) == want
	})
	for path := range found {
		c.Get(path).Submit("我来办", nil)
		c.Get(path).Submit("记录联系情况", map[string]string{"note": "两家都打过电话"})
		c.Get(path).Submit("开始调解", nil)
		page := c.Get(path).Submit("记录结果", map[string]string{"outcome": "settled", "note": "谈成"})
		if page.Status != http.StatusOK {
			t.Fatalf("%s: status %d\n%s", path, page.Status, webtest.Text(page.Root))
		}
	}
}
