package wire_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/bot/telegram"
	"github.com/anjie-desk/anjie/bot/telegram/tgtest"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/cmd/internal/wire"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/eval"
)

// The whole desk in one go: statutes in, questions answered, a dispute
// reported over a bad line, claimed by one of two, closed, and a piece put out.
func TestTheWholeDesk(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	importStatutes(t, data)
	for name, redis := range map[string]func(testing.TB) string{
		"on the trial's Redis": func(testing.TB) string { return "" },
		"on a real Redis":      redistest.Address,
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, data, redis(t))
			t.Run("questions", d.answersRealQuestions)
			_ = t.Run("report", d.takesAReportOverABadLine) && t.Run("claim", d.letsOneOfTwoClaim) && t.Run("close", d.closesTheCase)
			t.Run("publicity", d.publishesWhenDue)
		})
	}
}

// day is a desk with a clock of its own, a Telegram of its own and the case
// that the steps are about.
type day struct {
	*wire.Desk
	tg     *tgtest.Server
	number string
	one    dispute.CaseID

	mu    sync.Mutex
	ahead time.Duration
}

var start = time.Date(2026, 12, 7, 9, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60)) // a Monday

// now runs like a clock, so that what waits for its next try gets it.
func (d *day) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Now().Add(d.ahead)
}

func (d *day) move(to time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ahead = time.Until(to)
}

const (
	resident   = 7001
	column     = "@anjie_column"
	village    = "371083001219" // 仇家洼
	statutesOf = "民法典"
)

func open(t *testing.T, data, redis string) *day {
	t.Helper()
	d := &day{tg: tgtest.New(t), ahead: time.Until(start)}
	s, err := config.Load("", nil, config.Settings{Data: data, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	s.Redis.URL, s.Tenant = redis, strings.ReplaceAll(strings.ToLower(t.Name()), "/", "-")
	s.Telegram = config.Telegram{Token: tgtest.Token, Endpoint: d.tg.Endpoint(), Channel: column, Reports: true}
	quick := func(o *telegram.Options) {
		o.Pause, o.Limits = time.Millisecond, telegram.Limits{Overall: 1000, Chat: 1000, Group: 1000}
	}
	d.Desk, err = wire.Open(t.Context(), s, wire.Options{Log: slog.New(slog.DiscardHandler), Now: d.now, Telegram: quick})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

// importStatutes imports the Civil Code alone: enough for its questions, and
// quick also with the race detector.
func importStatutes(t *testing.T, data string) {
	t.Helper()
	s, err := config.Load("", nil, config.Settings{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	c, err := wire.OpenContent(s)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := wire.ImportStatutes(t.Context(), s, c, []string{shared(t, "data", "laws", "national", statutesOf)}, wire.ImportOptions{WithoutModel: true})
	if err != nil {
		t.Fatal(err)
	}
	if rep.Laws != 1 || rep.Articles != 1260 {
		t.Fatalf("imported %d laws with %d articles, want the Civil Code's 1260", rep.Laws, rep.Articles)
	}
}

// shared finds what lies beside the project; without it the test is skipped,
// or fails in CI.
func shared(t *testing.T, path ...string) string {
	t.Helper()
	root := os.Getenv("ANJIE_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared")
	}
	name := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(name); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("missing: %s", filepath.Join(path...))
		}
		t.Skipf("missing: ../shared/%s", filepath.Join(path...))
	}
	return name
}

func (d *day) answersRealQuestions(t *testing.T) {
	f, err := os.Open(shared(t, "data", "questions", "train.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := eval.ReadLeCoQA(f)
	if err != nil {
		t.Fatal(err)
	}
	asked, found := 0, 0
	for i := 0; i < len(all) && asked < 20; i += 17 {
		if !slices.ContainsFunc(all[i].Gold, func(r eval.Ref) bool { return strings.HasSuffix(r.Law, statutesOf) }) {
			continue
		}
		asked++
		res, err := d.Bot.AskOnce(t.Context(), all[i].Text, 10)
		if err != nil {
			t.Fatal(err)
		}
		if res.Reply == "" {
			t.Errorf("no reply to %s", all[i].Text)
		}
		d.everyCitationExists(t, res)
		hits, err := d.Knowledge.Search(t.Context(), knowledge.Query{Text: all[i].Text, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		if cites(hits, all[i].Gold) {
			found++
		}
	}
	if asked < 20 || found < 10 {
		t.Errorf("of %d real questions %d found an article that answers them, want 20 and at least 10", asked, found)
	}
}

func cites(res knowledge.Result, gold []eval.Ref) bool {
	for _, h := range res.Hits {
		for _, c := range h.Document.Citations {
			if slices.ContainsFunc(gold, func(r eval.Ref) bool { return r.Is(c.Law, c.Article) }) {
				return true
			}
		}
	}
	return false
}

// everyCitationExists looks each article of the imported statutes up again.
func (d *day) everyCitationExists(t *testing.T, res bot.AskResult) {
	t.Helper()
	for _, p := range res.Passages {
		for _, c := range p.Citations {
			if !strings.HasSuffix(c.Law, statutesOf) {
				continue // not imported here: the content check knows those
			}
			if _, ok := d.Knowledge.Article(c); !ok {
				t.Errorf("cited %s article %s of %s, which the statutes lack", c.Law, c.Article, c.Version)
			}
		}
	}
}

// say has the resident write and waits until she reads what is wanted. She may
// read something twice before: a line that broke after Telegram took the
// message can't be told from one that broke before.
func (d *day) say(t *testing.T, text, want string) {
	t.Helper()
	before := len(d.read())
	d.tg.Say(resident, text)
	d.tg.Await("the answer to "+text+" with "+want, func() bool {
		return slices.ContainsFunc(d.read()[before:], func(m string) bool { return strings.Contains(m, want) })
	})
}

// hears waits until the resident reads something without saying anything.
func (d *day) hears(t *testing.T, want string) {
	t.Helper()
	d.tg.Await("the word "+want, func() bool {
		return slices.ContainsFunc(d.read(), func(m string) bool { return strings.Contains(m, want) })
	})
}

func (d *day) read() []string {
	var texts []string
	id := strconv.Itoa(resident)
	for _, m := range d.tg.Sent() {
		if m.Chat == id {
			texts = append(texts, m.Plain())
		}
	}
	return texts
}

// said is what a resident writes, and what she is to read then.
type said struct{ say, want string }

// aboutTheWall is a report from what it is about to its review.
var aboutTheWall = []said{
	{"墙界", "谈过吗"},
	{"谈过，没谈拢", "损失"},
	{"两千五", "对方"},
	{"跳过", "怎么办"},
	{"把墙修好", "替别人"},
	{"我自己的事", "是谁反映的"},
	{"可以说", "称呼"},
	{"老王", "电话"},
	{"13800138000", "看一遍"},
}

func (d *day) takesAReportOverABadLine(t *testing.T) {
	d.hire(t, "mediator-1", village)
	d.hire(t, "mediator-2", village)
	d.tg.Fail("getUpdates", tgtest.Failure{Status: 409, Text: "Conflict: terminated by other getUpdates request"}, tgtest.BadGateway)
	for i, step := range slices.Concat([]said{
		{"我要反映纠纷", "继续吗"},
		{"同意", "哪个村"},
		{"仇家洼", "什么事"},
		{"邻居盖房子把俺家院墙挤裂了，找他说他不认", "邻里"},
		{"对", "什么时候"},
		{"去年冬天", "主要是哪样"},
	}, aboutTheWall, []said{{"没问题", "城区受字第"}}) {
		d.tg.Fail("sendMessage", badLuck(i)...)
		d.say(t, step.say, step.want)
	}
	mine, err := d.Cases.MyReports(t.Context(), access.Actor{ID: "telegram:7001"})
	if err != nil || len(mine) != 1 {
		t.Fatalf("the resident has %d reports (%v), want exactly one for all the redelivery", len(mine), err)
	}
	d.number = string(mine[0].Number)
}

// badLuck is what goes wrong with the i-th answer.
func badLuck(i int) []tgtest.Failure {
	switch i % 4 {
	case 1:
		return []tgtest.Failure{tgtest.TooMany(1)}
	case 2:
		return []tgtest.Failure{tgtest.BadGateway}
	case 3:
		return []tgtest.Failure{tgtest.Silence} // accepted, but the line broke
	}
	return nil
}

func (d *day) hire(t *testing.T, id string, villages ...string) {
	t.Helper()
	a := access.Account{ID: id, Name: id, Role: access.Mediator, Territories: villages, Created: d.now()}
	if err := d.Accounts.Save(t.Context(), a); err != nil {
		t.Fatal(err)
	}
}

func (d *day) actor(t *testing.T, id string) access.Actor {
	t.Helper()
	a, err := d.Accounts.Account(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a.Actor()
}

func (d *day) letsOneOfTwoClaim(t *testing.T) {
	waiting, err := d.Cases.Queue(t.Context(), d.actor(t, "mediator-1"), 10)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d cases wait (%v), want the one", len(waiting), err)
	}
	d.one = waiting[0].ID
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i, id := range []string{"mediator-1", "mediator-2"} {
		who := d.actor(t, id)
		both.Go(func() { _, errs[i] = d.Cases.Claim(t.Context(), who, d.one, dispute.Seen{}) })
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("claims gave %v and %v, want exactly one winner", errs[0], errs[1])
	}
}

func (d *day) closesTheCase(t *testing.T) {
	c, err := d.Cases.Brief(t.Context(), access.System, d.one)
	if err != nil {
		t.Fatal(err)
	}
	who := d.actor(t, c.Owner)
	before := len(d.read())
	for _, op := range []dispute.Op{dispute.OpContact, dispute.OpConsult, dispute.OpMediate} {
		if _, err := d.Cases.Advance(t.Context(), who, d.one, op, "both sides came", dispute.Seen{}); err != nil {
			t.Fatalf("%s: %v", op, err)
		}
	}
	if _, err := d.Cases.RecordOutcome(t.Context(), who, d.one, dispute.Result{Outcome: dispute.AgreedOral, Summary: "the wall is mended by May"}, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	d.finish(t, who)
	d.tg.Await("word of how it ended", func() bool { return len(d.read()) > before+1 })
	d.say(t, "进度", d.number)
}

// finish takes the case from the agreement to its close.
func (d *day) finish(t *testing.T, who access.Actor) {
	t.Helper()
	for range 4 {
		c, err := d.Cases.Brief(t.Context(), who, d.one)
		if err != nil {
			t.Fatal(err)
		}
		if c.State == dispute.Closed {
			return
		}
		op := dispute.OpClose
		if c.State == dispute.Performing {
			op = dispute.OpPerform
		}
		if _, err := d.Cases.Advance(t.Context(), who, d.one, op, "done", dispute.Seen{}); err != nil {
			t.Fatalf("%s from %s: %v", op, c.State, err)
		}
	}
	t.Fatal("the case did not close")
}

func (d *day) publishesWhenDue(t *testing.T) {
	editor := access.Actor{ID: "editor-1", Role: access.Editor}
	slots, err := d.Publicity.Year(t.Context(), 2027)
	if err != nil || len(slots) == 0 {
		t.Fatalf("%d slots in 2027: %v", len(slots), err)
	}
	first := slots[0]
	if _, err := d.Publicity.Approve(t.Context(), editor, first.ID); err != nil {
		t.Fatal(err)
	}
	d.tick(t)
	if d.posts() != 0 {
		t.Fatal("a piece went out before it was due")
	}
	d.move(first.Due.Add(2 * time.Hour)) // the desk was down at the hour
	d.tick(t)
	d.tick(t)
	if got := d.posts(); got != 1 {
		t.Fatalf("the channel has %d posts, want 1", got)
	}
	out, err := d.Publicity.Column(t.Context(), 10)
	if err != nil || len(out) != 1 || out[0].Item.ID != first.Item {
		t.Fatalf("the column shows %d pieces (%v), want the one", len(out), err)
	}
	s, releases, err := d.Publicity.Slot(t.Context(), first.ID)
	if err != nil || s.Status != publicity.Published || len(releases) != 3 {
		t.Fatalf("slot %+v has %d releases (%v), want it published on three outlets", s, len(releases), err)
	}
}

func (d *day) tick(t *testing.T) {
	t.Helper()
	if _, err := d.Publicity.PublishDue(t.Context(), d.now()); err != nil {
		t.Fatal(err)
	}
}

func (d *day) posts() int {
	n := 0
	for _, m := range d.tg.Sent() {
		if m.Chat == column {
			n++
		}
	}
	return n
}
