package bot_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/bot/request"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/index"
)

// start is a Sunday afternoon, as in UX.md.
var start = time.Date(2026, 11, 22, 14, 5, 0, 0, time.FixedZone("CST", 8*60*60))

// shared is what every desk of these tests reads and none changes.
type shared struct {
	lib    *content.Library
	texts  *content.Texts
	talk   *content.Talk
	intake *content.Intake
	places *place.Register
	search *index.Index
	triage *bot.TriageMatcher
	sorter *bot.Classifier
	papers *content.Dossier
	ends   *content.Settling
}

var world = sync.OnceValues(func() (*shared, error) {
	fsys := content.Shipped()
	w := &shared{}
	var err error
	if w.lib, err = content.Load(fsys); err != nil {
		return nil, err
	}
	if w.texts, err = content.LoadTexts(fsys); err != nil {
		return nil, err
	}
	if w.talk, err = content.LoadTalk(fsys); err != nil {
		return nil, err
	}
	if w.intake, err = content.LoadIntake(fsys); err != nil {
		return nil, err
	}
	if w.papers, err = content.LoadDossier(fsys); err != nil {
		return nil, err
	}
	if w.ends, err = content.LoadSettling(fsys); err != nil {
		return nil, err
	}
	raw, err := content.Register(fsys)
	if err != nil {
		return nil, err
	}
	if w.places, err = place.Parse(raw, place.Options{Now: func() time.Time { return start }}); err != nil {
		return nil, err
	}
	clock := func() time.Time { return start }
	docs, err := corpus.Documents(nil, w.lib, start)
	if err != nil {
		return nil, err
	}
	var terms []index.Term
	for _, t := range w.lib.Lexicon {
		terms = append(terms, index.Term{Say: t.Say, Means: t.Means})
	}
	w.search, err = index.OpenMemory(docs, index.Options{Refs: corpus.References(nil, w.lib.Laws), Lexicon: terms, Now: clock})
	w.triage = bot.NewTriage(w.lib.Triage)
	w.sorter = bot.NewClassifier(w.intake, w.places, bot.ClassifierOptions{Triage: w.triage, FAQs: w.lib.FAQs, Terms: w.lib.Lexicon})
	return w, err
})

// desk is a whole conversation over the shipped content and an in-process Redis.
type desk struct {
	files attached
	*shared
	db       *redisdb.DB
	bot      *bot.Bot
	cases    *dispute.Service
	deps     bot.Deps
	opt      bot.Options
	accounts staffList
	sent     *post
	now      time.Time
}

func newDesk(tb testing.TB, opt bot.Options) *desk {
	tb.Helper()
	return newDeskIn(tb, opt, nil)
}

// newDeskIn is newDesk with a register of its own; nil means the shipped one.
func newDeskIn(tb testing.TB, opt bot.Options, places *place.Register) *desk {
	tb.Helper()
	shippedWorld, err := world()
	if err != nil {
		tb.Fatal(err)
	}
	w := *shippedWorld
	if places != nil {
		w.places = places
	}
	d := &desk{shared: &w, now: start, accounts: staffList{}, sent: &post{}}
	clock := func() time.Time { return d.now }
	d.db = redistest.Open(tb, redisdb.Options{Now: clock})
	cases := dispute.Options{Now: clock, Category: d.categoryName}
	bot.Papers(w.papers, w.ends, w.intake, &cases)
	d.cases = dispute.NewService(d.db.Cases(), w.places, cases)
	dialogs, err := d.db.Dialogs()
	if err != nil {
		tb.Fatal(err)
	}
	handovers, err := d.db.Handovers()
	if err != nil {
		tb.Fatal(err)
	}
	transcripts, err := d.db.Transcripts()
	if err != nil {
		tb.Fatal(err)
	}
	asked, err := d.db.Requests()
	if err != nil {
		tb.Fatal(err)
	}
	d.deps = bot.Deps{
		Requests: request.NewService(asked, d.cases, request.Options{Now: clock}),
		Texts:    recorder{w.texts}, Library: w.lib, Talk: w.talk, Intake: w.intake, Register: w.places, Triage: w.triage, Classify: w.sorter,
		Answers: answer.NewService(w.search, w.lib, w.talk, answer.Options{Now: clock}),
		Cases:   d.cases, Accounts: d.accounts, Dialogs: dialogs, Handovers: handovers, Outbox: d.db.Outbox(), Transcript: transcripts,
		Files: &d.files,
	}
	opt.Now = clock
	d.opt = opt
	d.restart()
	return d
}

// restart makes a new Bot over what Redis kept, as after a crash.
func (d *desk) restart() { d.bot = bot.New(d.deps, d.opt) }

func (d *desk) categoryName(key string) string {
	for _, c := range d.intake.Categories {
		if c.Key == key {
			return c.Name
		}
	}
	return key
}

// hire adds a member of the staff, reached at a Telegram chat.
func (d *desk) hire(id string, role access.Role, chat string, territories ...string) access.Actor {
	a := access.Account{ID: id, Name: id, Role: role, Telegram: chat, Territories: territories}
	d.accounts[id] = a
	return a.Actor()
}

// courier delivers what is in the outbox until it is empty.
func (d *desk) courier(tb testing.TB) {
	tb.Helper()
	c := bot.NewCourier(d.bot, []bot.Channel{channel{"web", d.sent}, channel{"telegram", d.sent}}, bot.CourierOptions{})
	for {
		n, err := c.Deliver(context.Background())
		if err != nil {
			tb.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// message is one that the courier sent.
type message struct {
	to    bot.Address
	reply bot.Reply
}

type post struct{ all []message }

type channel struct {
	name string
	post *post
}

func (c channel) Name() string { return c.name }

func (c channel) Send(_ context.Context, to bot.Address, r bot.Reply) error {
	c.post.all = append(c.post.all, message{to, r})
	return nil
}

// staffList is the accounts that the conversation asks for.
type staffList map[string]access.Account

func (s staffList) Account(_ context.Context, id string) (access.Account, error) {
	if a, ok := s[id]; ok {
		return a, nil
	}
	return access.Account{}, fault.New(fault.NotFound, "no account "+id)
}

func (s staffList) List(context.Context) ([]access.Account, error) {
	var all []access.Account
	for _, a := range s {
		all = append(all, a)
	}
	return all, nil
}

// recorder notes which texts were said, over all tests of this package.
type recorder struct{ *content.Texts }

var said sync.Map

func (r recorder) Say(key string, data any) string {
	said.Store(key, true)
	return r.Texts.Say(key, data)
}

func (r recorder) Try(key string, data any) (string, error) {
	said.Store(key, true)
	return r.Texts.Try(key, data)
}

// attached remembers which files were to be kept for good.
type attached struct{ refs, removed, dropped []string }

func (a *attached) Keep(context.Context, string, io.Reader) (bot.File, error) {
	return bot.File{}, errors.New("channels keep files, not the conversation")
}

func (a *attached) KeepFrom(context.Context, string, string, io.Reader) (bot.File, error) {
	return bot.File{}, errors.New("channels keep files, not the conversation")
}

func (a *attached) Remove(_ context.Context, refs ...string) error {
	a.removed = append(a.removed, refs...)
	return nil
}

func (a *attached) Drop(_ context.Context, refs ...string) error {
	a.dropped = append(a.dropped, refs...)
	return nil
}

func (a *attached) Attach(_ context.Context, refs ...string) error {
	a.refs = append(a.refs, refs...)
	return nil
}
