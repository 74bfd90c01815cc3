package telegram_test

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/bot/telegram"
	"github.com/anjie-desk/anjie/bot/telegram/tgtest"
	"github.com/anjie-desk/anjie/content"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a channel in front of a small conversation, with a clock for what
// the inbox puts off.
type desk struct {
	*telegram.Channel
	t        *testing.T
	server   *tgtest.Server
	inbox    *wrappedInbox
	accounts *accounts
	log      *log
	opt      telegram.Options

	mu     sync.Mutex
	now    time.Time
	heard  []bot.Message
	answer func(m bot.Message) (bot.Reply, error)
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, server: tgtest.New(t), accounts: newAccounts(), log: &log{}, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	db := redistest.Open(t, redisdb.Options{Now: d.clock})
	in, err := db.Inbox()
	if err != nil {
		t.Fatal(err)
	}
	d.inbox = &wrappedInbox{Inbox: in}
	d.answer = func(m bot.Message) (bot.Reply, error) { return bot.Reply{Text: "收到：" + m.Text + m.Choice}, nil }
	d.opt = telegram.Options{
		Endpoint: d.server.Endpoint(), Poll: time.Second, Pause: time.Millisecond,
		Limits: telegram.Limits{Overall: 1000, Chat: 1000, Group: 1000},
		Log:    slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	d.open()
	return d
}

// open makes the channel anew over the same state, as a restart does.
func (d *desk) open() {
	d.t.Helper()
	c, err := telegram.New(tgtest.Token, d, d.inbox, d.accounts, texts(d.t), d.opt)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Channel = c
}

// start runs the channel until the returned stop, or the test's end.
func (d *desk) start() (stop func()) {
	d.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func(c *telegram.Channel) {
		defer close(done)
		if err := c.Run(ctx); err != nil {
			d.t.Error(err)
		}
	}(d.Channel)
	stop = sync.OnceFunc(func() {
		cancel()
		<-done
	})
	d.t.Cleanup(stop)
	return stop
}

// Handle is the conversation.
func (d *desk) Handle(_ context.Context, m bot.Message) (bot.Reply, error) {
	d.mu.Lock()
	d.heard = append(d.heard, m)
	answer := d.answer
	d.mu.Unlock()
	return answer(m)
}

func (d *desk) messages() []bot.Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]bot.Message(nil), d.heard...)
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) wait(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

// log takes lines from all goroutines.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *log) count(s string) int { return strings.Count(l.String(), s) }

// wrappedInbox can be made to fail, as when Redis is away.
type wrappedInbox struct {
	bot.Inbox
	mu   sync.Mutex
	fail error
}

func (w *wrappedInbox) set(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail = err
}

func (w *wrappedInbox) Keep(ctx context.Context, channel string, rs ...bot.Received) (int, error) {
	w.mu.Lock()
	err := w.fail
	w.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return w.Inbox.Keep(ctx, channel, rs...)
}

// accounts is the part of access.Accounts that the channel uses.
type accounts struct {
	access.Accounts
	mu    sync.Mutex
	byID  map[string]access.Account
	codes map[string]string
	fail  error
}

func newAccounts() *accounts {
	return &accounts{byID: map[string]access.Account{}, codes: map[string]string{}}
}

func (a *accounts) ByTelegram(_ context.Context, chat string) (access.Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, acc := range a.byID {
		if acc.Telegram == chat {
			return acc, a.fail
		}
	}
	if a.fail != nil {
		return access.Account{}, a.fail
	}
	return access.Account{}, fault.New(fault.NotFound, "no account")
}

func (a *accounts) Redeem(_ context.Context, code, purpose string) (access.Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	id, ok := a.codes[purpose+" "+code]
	if !ok {
		return access.Account{}, fault.New(fault.Denied, "no such code")
	}
	delete(a.codes, purpose+" "+code)
	return a.byID[id], nil
}

func (a *accounts) Save(_ context.Context, acc access.Account) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.byID[acc.ID] = acc
	return nil
}

func (a *accounts) get(id string) access.Account {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.byID[id]
}

// texts are the shipped wordings that the channel needs.
func texts(tb testing.TB) *content.Texts {
	tb.Helper()
	tree := fstest.MapFS{}
	for _, name := range []string{"texts/tg.yaml", "texts/publicity.yaml"} {
		raw, err := fs.ReadFile(content.Shipped(), name)
		if err != nil {
			tb.Fatal(err)
		}
		tree[name] = &fstest.MapFile{Data: raw}
	}
	x, err := content.LoadTexts(tree)
	if err != nil {
		tb.Fatal(err)
	}
	return x
}
