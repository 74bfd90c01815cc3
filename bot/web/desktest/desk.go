// Package desktest opens a whole desk for tests of its pages: the real
// conversation and services over the shipped content and an in-process Redis,
// with invented staff and a clock that tests set.
package desktest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/bot/archive"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/entry"
	"github.com/anjie-desk/anjie/bot/evidence"
	"github.com/anjie-desk/anjie/bot/needs"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/bot/request"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/bot/web/chat"
	"github.com/anjie-desk/anjie/bot/web/column"
	"github.com/anjie-desk/anjie/bot/web/console"
	"github.com/anjie-desk/anjie/bot/web/mydata"
	"github.com/anjie-desk/anjie/bot/web/party"
	"github.com/anjie-desk/anjie/bot/web/webtest"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/index"
)

// Start is when every desk of these tests opens: a Monday afternoon.
var Start = time.Date(2026, 11, 23, 14, 5, 0, 0, time.FixedZone("UTC+8", 8*60*60))

// Villages of the shipped register, for the staff's territories.
const (
	Qiujiawa  = "371083001219" // 仇家洼
	elsewhere = "371083001218"
)

// The staff: all invented.
var (
	Mediator = access.Account{ID: "m1", Name: "周试调", Role: access.Mediator, Territories: []string{Qiujiawa}}
	Second   = access.Account{ID: "m2", Name: "吴试调", Role: access.Mediator}
	Far      = access.Account{ID: "m3", Name: "郑试调", Role: access.Mediator, Territories: []string{elsewhere}}
	Grid     = access.Account{ID: "g1", Name: "冯试格", Role: access.GridWorker, Territories: []string{Qiujiawa}}
	Adviser  = access.Account{ID: "v1", Name: "陈试律", Role: access.Adviser}
	Clerk    = access.Account{ID: "k1", Name: "褚试台", Role: access.Clerk}
	Editor   = access.Account{ID: "e1", Name: "卫试编", Role: access.Editor}
	Director = access.Account{ID: "d1", Name: "蒋试任", Role: access.Director}
)

// patience is for a machine so busy that Redis, which answers from this very
// process, takes seconds: no test of pages is about that.
const patience = 2 * time.Minute

// Clock is the desk's time.
type Clock struct {
	mu    sync.Mutex
	t     time.Time
	redis *miniredis.Miniredis // whose keys run out by its own clock
}

// Now is the desk's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

// Add moves the clock on.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
	if d > 0 {
		c.redis.FastForward(d)
	}
}

// Desk is a desk that runs.
type Desk struct {
	URL       string
	Clock     *Clock
	Bot       *bot.Bot
	Cases     *dispute.Service
	Publicity *publicity.Service
	Needs     *needs.Service
	Entries   *entry.Service
	Shelf     *answer.Service
	Requests  *request.Service
	Accounts  *redisdb.Accounts
	DB        *redisdb.DB
	Files     *evidence.Store
	FilesDir  string // where they lie
	Courier   *bot.Courier
	Flags     []entry.Flag // entries that want to be read again
	Statutes  Statutes     // what is held of laws
	tb        testing.TB
	texts     *content.Texts
}

// world is what every desk reads and none changes.
type world struct {
	lib    *content.Library
	texts  *content.Texts
	talk   *content.Talk
	intake *content.Intake
	places *place.Register
	papers *content.Dossier
	ends   *content.Settling
	search *index.Index
	triage *bot.TriageMatcher
	sorter *bot.Classifier

	holidays place.Holidays
}

var theWorld = sync.OnceValues(func() (*world, error) {
	fsys, w := content.Shipped(), &world{}
	raw, err := content.Register(fsys)
	for _, step := range []func() error{
		func() error { return err },
		func() (err error) { w.lib, err = content.Load(fsys); return err },
		func() (err error) { w.texts, err = content.LoadTexts(fsys); return err },
		func() (err error) { w.talk, err = content.LoadTalk(fsys); return err },
		func() (err error) { w.intake, err = content.LoadIntake(fsys); return err },
		func() (err error) {
			w.places, err = place.Parse(gridded(raw), place.Options{Now: func() time.Time { return Start }})
			return err
		},
		func() (err error) { w.papers, err = content.LoadDossier(fsys); return err },
		func() (err error) { w.ends, err = content.LoadSettling(fsys); return err },
		w.openSearch,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	days, err := content.Holidays(fsys)
	if err == nil {
		w.holidays, err = place.ParseHolidays(days)
	}
	if err != nil {
		return nil, err
	}
	w.triage = bot.NewTriage(w.lib.Triage)
	w.sorter = bot.NewClassifier(w.intake, w.places, bot.ClassifierOptions{Triage: w.triage, FAQs: w.lib.FAQs, Terms: w.lib.Lexicon})
	return w, nil
})

// gridded gives 仇家洼 grids: the shipped register has none.
func gridded(register []byte) []byte {
	return bytes.Replace(register, []byte("name: 仇家洼村, "), []byte("name: 仇家洼村, grids: [东片网格（学校门口）, 西片网格（老供销社）], "), 1)
}

func (w *world) openSearch() error {
	docs, err := corpus.Documents(nil, w.lib, Start)
	if err != nil {
		return err
	}
	clock := func() time.Time { return Start }
	opt := index.Options{Now: clock, Refs: corpus.References(nil, w.lib.Laws)}
	for _, t := range w.lib.Lexicon {
		opt.Lexicon = append(opt.Lexicon, index.Term{Say: t.Say, Means: t.Means})
	}
	w.search, err = index.OpenMemory(docs, opt)
	return err
}

// Open opens a desk that serves until the test ends.
func Open(tb testing.TB) *Desk {
	tb.Helper()
	w, err := theWorld()
	if err != nil {
		tb.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	mini := miniredis.RunT(tb)
	d := &Desk{Clock: &Clock{t: Start, redis: mini}, tb: tb, texts: w.texts}
	now := d.Clock.Now
	d.DB = redistest.On(tb, redistest.NewClient(&redis.Options{
		Addr: mini.Addr(), ContextTimeoutEnabled: true, DialTimeout: patience, ReadTimeout: patience, WriteTimeout: patience,
	}), redisdb.Options{Now: now, Log: log, ReplicaWait: patience}) // that too bounds how long a report waits
	d.Accounts = d.DB.Accounts()
	for _, a := range []access.Account{Mediator, Second, Far, Grid, Adviser, Clerk, Editor, Director} {
		if err := d.Accounts.Save(context.Background(), a); err != nil {
			tb.Fatal(err)
		}
	}
	d.FilesDir = tb.TempDir()
	if d.Files, err = evidence.Open(d.FilesDir, evidence.Options{Now: now, Log: log}); err != nil {
		tb.Fatal(err)
	}
	shelf := d.DB.Cases().WithShelf(archive.Open(tb.TempDir()))
	cases := dispute.Options{Archive: shelf, Now: now, Files: d.Files, Log: log, Category: w.category, Holidays: w.holidays}
	bot.Papers(w.papers, w.ends, w.intake, &cases)
	d.Cases = dispute.NewService(shelf, w.places, cases)
	asked, err := d.DB.Requests()
	if err != nil {
		tb.Fatal(err)
	}
	d.Requests = request.NewService(asked, d.Cases, request.Options{Now: now})
	d.Publicity = publicity.NewService(w.lib.Items, d.DB.Publicity(), []publicity.Outlet{publicity.Column{}}, publicity.Options{Now: now, Log: log})
	dialogs, err1 := d.DB.Dialogs()
	handovers, err2 := d.DB.Handovers()
	transcripts, err3 := d.DB.Transcripts()
	kept, err4 := d.DB.Needs()
	private, err5 := content.LoadPrivate(content.Shipped())
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		tb.Fatal(err)
	}
	answers := answer.NewService(w.search, w.lib, w.talk, answer.Options{Now: now})
	d.Shelf = answers
	d.Needs = needs.NewService(kept, needs.NewStripper(private, nil), answers, w.samples(), needs.Options{Now: now, Log: log})
	d.Entries = entry.NewService(d.DB.Entries(), w.vet(answers, now), w.use(answers), entry.Options{Look: 20 * time.Millisecond, Now: now, Log: log, Settle: d.Needs.Settle})
	tb.Cleanup(func() { _ = w.search.Overlay(nil) })
	d.Bot = bot.New(bot.Deps{
		Texts: w.texts, Library: w.lib, Talk: w.talk, Intake: w.intake, Register: w.places, Triage: w.triage, Classify: w.sorter,
		Answers: answers, Needs: d.Needs, Requests: d.Requests,
		Cases: d.Cases, Accounts: d.Accounts, Dialogs: dialogs, Handovers: handovers, Outbox: d.DB.Outbox(),
		Transcript: transcripts, Column: d.Publicity, Files: d.Files,
	}, bot.Options{Now: now, Log: log})
	pages := chat.New(chat.Deps{Bot: d.Bot, Transcript: transcripts, Texts: w.texts, Files: d.Files}, chat.Options{Now: now, Log: log})
	d.Courier = bot.NewCourier(d.Bot, []bot.Channel{pages}, bot.CourierOptions{Idle: 10 * time.Millisecond, Log: log})
	shell := web.New(web.Deps{Texts: w.texts, Accounts: d.Accounts, Forget: transcripts.Erase}, web.Options{
		Now: now, Log: log, Limits: web.Limits{SessionRate: 1000, SessionBurst: 1000, IPRate: 1000, IPBurst: 1000},
	})
	shell.Add(mydata.New(d.Requests, w.texts, pages.Name()), pages, column.New(d.Publicity, w.texts), console.New(console.Deps{
		Texts: w.texts, Accounts: d.Accounts, Cases: d.Cases, Publicity: d.Publicity, Questions: d.Bot, Sorter: d.Bot, Roster: access.NewRoster(d.Accounts, now), Staffing: access.NewStaffing(d.Accounts, w.places, d.Cases.InHand, now), Needs: d.Needs, Requests: d.Requests, People: d.Cases,
		Entries: d.Entries, Shelf: answers, Laws: w.lib.Laws, Opinions: dialogs.Opinions,
		Statutes: &d.Statutes,
		Flags:    func(context.Context) ([]entry.Flag, error) { return d.Flags, nil },
		Register: w.places, Categories: w.intake.Categories, Offices: w.lib.Offices, Dossier: w.papers, Files: d.Files,
		Official: func(it content.Item) ([]byte, error) { return []byte("<p>" + it.Title + "</p>"), nil },
	}, console.Options{Now: now}), party.New(party.Deps{Texts: w.texts, Cases: d.Cases, Category: w.category, Files: d.Files}))
	d.URL = webtest.Serve(tb, shell.Handler())
	d.run(pages.Run, d.Courier.Run, d.Needs.Run, d.Entries.Run)
	return d
}

// samples are questions as people put them.
func (w *world) samples() (all []string) {
	for _, f := range w.lib.FAQs {
		all = append(append(all, f.Question), f.Phrasings...)
	}
	return all
}

// checker checks drafts without statutes.
type checker func(content.FAQ) (content.FAQ, []content.Problem)

// Check implements [entry.Checker].
func (c checker) Check(f content.FAQ) (content.FAQ, []content.Problem) { return c(f) }

func (w *world) vet(answers *answer.Service, now func() time.Time) checker {
	return func(f content.FAQ) (content.FAQ, []content.Problem) {
		lib := *w.lib
		lib.FAQs = answers.Entries()
		return corpus.Vet(nil, &lib, f, now())
	}
}

// use lays the desk's own entries over the shipped ones.
func (w *world) use(answers *answer.Service) func(content.Own) error {
	return func(own content.Own) error {
		lib, left := w.lib.With(own)
		answers.Use(lib.FAQs)
		var fresh []content.FAQ
		for _, f := range lib.FAQs {
			if f.File == content.OwnFile {
				fresh = append(fresh, f)
			}
		}
		docs := corpus.Entries(nil, w.lib.Laws, fresh, Start)
		return errors.Join(append(left, w.search.Overlay(docs))...)
	}
}

func (w *world) category(key string) string {
	for _, c := range w.intake.Categories {
		if c.Key == key {
			return c.Name
		}
	}
	return key
}

// run runs until the test ends.
func (d *Desk) run(runs ...func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	g, ctx := errgroup.WithContext(ctx)
	for _, run := range runs {
		g.Go(func() error { return run(ctx) })
	}
	d.tb.Cleanup(func() {
		cancel()
		if err := g.Wait(); err != nil {
			d.tb.Errorf("the desk ended with %v", err)
		}
	})
}

// SignInPath makes a one-time link for an account.
func (d *Desk) SignInPath(a access.Account) string {
	d.tb.Helper()
	code, err := d.Accounts.NewCode(context.Background(), a.ID, "sign-in", 10*time.Minute)
	if err != nil {
		d.tb.Fatal(err)
	}
	return console.SignInPath(code)
}

// Resident returns a browser that has never been here.
func (d *Desk) Resident() *webtest.Client { return webtest.NewClient(d.tb, d.URL) }

// SessionID is the id by which the desk knows a resident's browser.
func (d *Desk) SessionID(c *webtest.Client) string {
	d.tb.Helper()
	id := ""
	h := web.New(web.Deps{Texts: d.texts}, web.Options{Log: slog.New(slog.DiscardHandler)})
	h.Page("GET /who", func(_ http.ResponseWriter, r *http.Request) error {
		id = web.SessionID(r)
		return nil
	})
	req := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/who", http.NoBody)
	for _, ck := range c.Cookies() {
		req.AddCookie(ck)
	}
	h.Handler().ServeHTTP(httptest.NewRecorder(), req)
	return id
}

// SignIn returns a browser in which somebody of the staff is signed in.
func (d *Desk) SignIn(a access.Account) *webtest.Client {
	d.tb.Helper()
	c := d.Resident()
	if p := c.Get(d.SignInPath(a)).Submit("登录", nil); p.Status != 200 {
		d.tb.Fatalf("sign-in of %s answered %d", a.ID, p.Status)
	}
	return c
}

// Resident0 is who files the cases of [Desk.File].
var Resident0 = access.Actor{ID: "web:invented"}

// File files a case in 仇家洼 that is accepted at once.
func (d *Desk) File(token string, change ...func(*dispute.Filing)) dispute.Case {
	d.tb.Helper()
	f := dispute.Filing{
		Token: token, Gate: dispute.Gate{Verdict: dispute.Yes, Rule: "plain"},
		Report: dispute.Report{
			Village: Qiujiawa, Category: "neighbour", What: "楼上空调外机正对着卧室窗户，半夜嗡嗡响，说过两回不听。", Since: "今年夏天",
			Other: "楼上孙某", Wish: "挪个地方，或者晚上别开",
			Contact: dispute.Contact{Name: "赵试民", Phone: "13900000000", Address: "web:invented"},
			Source:  "web", Urgency: dispute.Normal, Consented: d.Clock.Now(),
		},
	}
	for _, ch := range change {
		ch(&f)
	}
	who := Resident0
	if f.For != "" {
		who, f.For = access.Actor{ID: f.For}, "" // filed by somebody else than the usual resident
	}
	c, err := d.Cases.File(context.Background(), who, f)
	if err != nil {
		d.tb.Fatal(err)
	}
	return c
}
