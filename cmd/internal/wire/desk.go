package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/entry"
	"github.com/anjie-desk/anjie/bot/evidence"
	"github.com/anjie-desk/anjie/bot/needs"
	"github.com/anjie-desk/anjie/bot/observe"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/request"
	"github.com/anjie-desk/anjie/bot/schedule"
	"github.com/anjie-desk/anjie/bot/telegram"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/bot/web/chat"
	"github.com/anjie-desk/anjie/bot/web/column"
	"github.com/anjie-desk/anjie/bot/web/console"
	"github.com/anjie-desk/anjie/bot/web/mydata"
	"github.com/anjie-desk/anjie/bot/web/party"
	"github.com/anjie-desk/anjie/bot/wechat"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/content"
)

// Options tune a Desk; the zero value is production.
type Options struct {
	Log      *slog.Logger     // nil means slog.Default()
	Now      func() time.Time // nil means Redis's clock
	Progress Progress         // nil means that nobody watches
	Build    string           // the binary's own version
	// Learn has content teach the index in the background where no statutes are
	// held. It takes all cores for a fraction of a minute, once for each version
	// of the content.
	Learn bool
	// Telegram may touch the channel's options, to make it quicker in a test;
	// nil leaves them as they are.
	Telegram func(*telegram.Options)
}

// Desk is everything that runs.
type Desk struct {
	Settings  config.Settings
	Content   *Content
	Knowledge *live
	Bot       *bot.Bot
	Cases     *dispute.Service
	Accounts  access.Accounts
	Publicity *publicity.Service
	Entries   *entry.Service
	Web       *web.Server
	Telegram  *telegram.Channel // nil without a token

	store       *store
	transcripts *redisdb.Transcripts
	dialogs     *redisdb.Dialogs
	handovers   *redisdb.Handovers
	answers     *answer.Service
	needs       *needs.Service
	requests    *request.Service
	chat        *chat.Chat
	courier     *bot.Courier
	jobs        *schedule.Runner
	files       *evidence.Store
	metrics     *observe.Metrics
	opt         Options
}

// Open opens content, knowledge, Redis, services and channels, in that order.
// Nothing runs before Run; Close closes what Open opened.
func Open(ctx context.Context, s config.Settings, opt Options) (*Desk, error) {
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if opt.Progress == nil {
		opt.Progress = func(string, int, int) {}
	}
	if err := prepareData(s); err != nil {
		return nil, err
	}
	d := &Desk{Settings: s, opt: opt, metrics: observe.New(opt.Build)}
	for _, step := range []func(context.Context) error{d.openContent, d.openStore, d.openServices, d.openChannels, d.openJobs} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, d.Close()) //nolint:contextcheck // closes after ctx has ended, too
		}
	}
	return d, nil
}

func (d *Desk) openContent(ctx context.Context) (err error) {
	if d.Content, err = OpenContent(d.Settings); err != nil {
		return err
	}
	k, err := OpenKnowledge(ctx, d.Settings, d.Content, d.opt.Progress)
	if err != nil {
		return err
	}
	d.Knowledge = &live{k: k, from: builtFrom(d.Settings), laws: d.Content.Library.Laws}
	return nil
}

func (d *Desk) openStore(ctx context.Context) (err error) {
	if d.store, err = openStore(ctx, d.Settings, d.opt); err != nil {
		return err
	}
	if d.opt.Now == nil {
		d.opt.Now = d.store.Now
	}
	d.Accounts = d.store.Accounts()
	return nil
}

func (d *Desk) openServices(context.Context) error {
	var err error
	if err = d.openFiles(); err != nil {
		return err
	}
	if d.Cases, err = cases(d.store, d.Settings, d.files, d.Content, d.opt); err != nil {
		return err
	}
	talk, err := content.LoadTalk(d.Content.FS)
	if err != nil {
		return fmt.Errorf("content: %w", err)
	}
	if err := d.openConversation(); err != nil {
		return err
	}
	d.answers = answer.NewService(d.Knowledge, d.Content.Library, talk, answer.Options{Now: d.opt.Now})
	if err := d.openRequests(); err != nil {
		return err
	}
	if d.needs, err = d.openNeeds(); err != nil {
		return err
	}
	d.Entries = d.openEntries()
	d.Bot = bot.New(bot.Deps{
		Texts: d.Content.Texts, Library: d.Content.Library, Talk: talk,
		Answers: d.answers, Needs: d.needs, Requests: d.requests,
		Triage: bot.NewTriage(d.Content.Library.Triage, d.Content.Library.FAQs...),
		Intake: d.Content.Intake, Register: d.Content.Places, Classify: Classifier(d.Content),
		Cases: d.Cases, Accounts: d.Accounts, Dialogs: d.dialogs, Handovers: d.handovers,
		Outbox: d.store.Outbox(), Files: d.files, Transcript: d.transcripts, Column: latest{d},
	}, bot.Options{
		ReportOn:  map[string]bool{"web": true, "wechat": true, telegram.Name: d.Settings.Telegram.Reports},
		PublicURL: d.Settings.PublicURL, Now: d.opt.Now, Log: d.opt.Log, Observe: d.metrics.Answer,
	})
	d.chat = chat.New(chat.Deps{Bot: d.Bot, Transcript: d.transcripts, Texts: d.Content.Texts, Files: d.files}, chat.Options{Now: d.opt.Now, Log: d.opt.Log})
	return nil
}

func (d *Desk) openFiles() error {
	key, err := secret(d.Settings.Secret)
	if err != nil {
		return err
	}
	f := d.Settings.Files
	d.files, err = evidence.Open(filesFolder(d.Settings), evidence.Options{
		Waiting: int64(f.Waiting) << 20, Share: int64(f.Share) << 20, Secret: key, Now: d.opt.Now, Log: d.opt.Log,
	})
	if err != nil {
		return err
	}
	d.metrics.Gauge("files_waiting_bytes", "Room that files without a case take up, over all replicas.", d.waitingBytes)
	d.metrics.Total("files_refused_total", "Files of strangers that were refused for want of room.", func() float64 { return float64(d.files.Refused()) })
	return nil
}

// waitingBytes is no number where the folder can't be read.
func (d *Desk) waitingBytes() float64 {
	_, n, err := d.files.Waiting()
	if err != nil {
		return math.NaN()
	}
	return float64(n)
}

func filesFolder(s config.Settings) string { return filepath.Join(s.Data, "evidence") }

// openConversation opens what is kept of conversations, sealed.
func (d *Desk) openConversation() (err error) {
	if d.transcripts, err = d.store.Transcripts(); err != nil {
		return err
	}
	if d.dialogs, err = d.store.Dialogs(); err != nil {
		return err
	}
	d.handovers, err = d.store.Handovers()
	return err
}

func (c *Content) categoryName(key string) string {
	for _, cat := range c.Intake.Categories {
		if cat.Key == key {
			return cat.Name
		}
	}
	return key
}

// latest is the column as the conversation tells of it. It asks the desk when
// called, since publicity opens after the conversation.
type latest struct{ d *Desk }

func (l latest) Latest(ctx context.Context, n int) ([]content.Item, error) {
	entries, err := l.d.Publicity.Column(ctx, n)
	if err != nil {
		return nil, err
	}
	items := make([]content.Item, 0, len(entries))
	for _, e := range entries {
		items = append(items, e.Item)
	}
	return items, nil
}

func (d *Desk) openChannels(context.Context) error {
	channels := []bot.Channel{d.chat}
	outlets := []publicity.Outlet{publicity.Column{}, wechat.NewFolder(d.Settings.Data, d.Content.Texts, wechat.Options{Log: d.opt.Log})}
	if d.Settings.Telegram.Token != "" {
		ch, err := d.openTelegram()
		if err != nil {
			return err
		}
		d.Telegram = ch
		channels = append(channels, ch)
		if name := d.Settings.Telegram.Channel; name != "" {
			outlets = append(outlets, ch.Outlet(name, d.Settings.PublicURL))
		}
	}
	d.Publicity = publicity.NewService(d.Content.Library.Items, d.store.Publicity(), outlets, publicity.Options{Now: d.opt.Now, Log: d.opt.Log})
	d.courier = bot.NewCourier(d.Bot, channels, bot.CourierOptions{Log: d.opt.Log, Observe: d.metrics.Send})
	d.openWeb()
	return nil
}

func (d *Desk) openTelegram() (*telegram.Channel, error) {
	inbox, err := d.store.Inbox()
	if err != nil {
		return nil, err
	}
	t := d.Settings.Telegram
	opt := telegram.Options{Endpoint: t.Endpoint, Files: d.files, Now: d.opt.Now, Log: d.opt.Log}
	if t.Webhook {
		opt.Webhook, opt.Secret = d.Settings.PublicURL+webhookPath, t.Secret
	}
	if d.opt.Telegram != nil {
		d.opt.Telegram(&opt)
	}
	return telegram.New(t.Token, d.Bot, inbox, d.Accounts, d.Content.Texts, opt)
}

const webhookPath = "/telegram"

func (d *Desk) openWeb() {
	s := d.Settings
	d.Web = web.New(web.Deps{
		Texts: d.Content.Texts, Accounts: d.Accounts, Metrics: d.metrics.Handler(), Recorder: d.metrics,
		Checks: []web.Check{{Name: "redis", Do: d.store.Ready}, {Name: "index", Do: d.indexReady}},
		Versions: func() []web.Version {
			return []web.Version{{Name: "index", Value: d.Knowledge.Version()}, {Name: "content", Value: d.Content.Version}, {Name: "build", Value: d.opt.Build}}
		},
		Forget: d.forget,
	}, web.Options{
		Listen: s.Listen, PublicURL: s.PublicURL, Trial: s.Trial(), BehindProxy: s.Proxy, MetricsToken: s.Metrics.Token,
		Now: d.opt.Now, Log: d.opt.Log,
	})
	d.Web.Add(mydata.New(d.requests, d.Content.Texts, d.chat.Name()), d.chat, column.New(d.Publicity, d.Content.Texts), d.console(), party.New(party.Deps{
		Texts: d.Content.Texts, Cases: d.Cases, Category: d.Content.categoryName, Files: d.files,
	}))
	if d.Telegram != nil && s.Telegram.Webhook {
		d.Web.Raw("POST "+webhookPath, d.Telegram.Webhook())
	}
}

func (d *Desk) console() *console.Console {
	return console.New(console.Deps{
		Texts: d.Content.Texts, Accounts: d.Accounts, Cases: d.Cases, Publicity: d.Publicity, Questions: d.Bot, Sorter: d.Bot, Roster: access.NewRoster(d.Accounts, d.opt.Now), Staffing: access.NewStaffing(d.store.Accounts(), d.Content.Places, d.Cases.InHand, d.opt.Now), Needs: d.needs, Requests: d.requests, People: d.Cases, Entries: d.Entries, Shelf: d.answers, Laws: d.Content.Library.Laws, Statutes: heldStatutes{d}, Flags: d.flags, Opinions: d.dialogs.Opinions,
		Register: d.Content.Places, Categories: d.Content.Intake.Categories, Offices: d.Content.Library.Offices, Dossier: d.Content.Dossier, Files: d.files,
		Official: func(it content.Item) ([]byte, error) { return wechat.Page(it, d.Content.Texts) },
	}, console.Options{Now: d.opt.Now})
}

func (d *Desk) indexReady(context.Context) error {
	if d.Knowledge.Version() == "" {
		return errors.New("the index is closed")
	}
	return nil
}

// Run runs the desk until ctx ends and work in hand is done.
func (d *Desk) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	runs := []func(context.Context) error{d.Web.Run, d.chat.Run, d.courier.Run, d.jobs.Run, d.files.Run, d.watchIndex, d.needs.Run, d.Entries.Run, d.firstIndexTypes}
	if d.Telegram != nil {
		runs = append(runs, d.Telegram.Run)
	}
	if d.opt.Learn {
		runs = append(runs, func(ctx context.Context) error { return d.Knowledge.learn(ctx, d) })
	}
	if d.store.trial != nil {
		runs = append(runs, d.store.trial.Run)
	}
	for _, run := range runs {
		g.Go(func() error { return run(ctx) })
	}
	return g.Wait()
}

// firstIndexTypes has cases from before there was an index by type stand in it.
// Where it fails, the recurring job goes on.
func (d *Desk) firstIndexTypes(ctx context.Context) error {
	if err := d.indexTypes(ctx); err != nil && ctx.Err() == nil {
		d.opt.Log.WarnContext(ctx, "cases not indexed by type yet", "err", err)
	}
	return nil
}

func (d *Desk) indexTypes(ctx context.Context) error {
	added, err := d.store.Cases().IndexTypes(ctx, d.Content.Places.Territories())
	if added > 0 {
		d.opt.Log.InfoContext(ctx, "cases indexed by type", "cases", added)
	}
	return err
}

// sweepTypes goes on with the index by type, and adds what an older version of
// the program left out of it.
func (d *Desk) sweepTypes(ctx context.Context, open bool) error {
	if err := d.indexTypes(ctx); err != nil {
		return err
	}
	added, err := d.store.Cases().SweepTypes(ctx, d.Content.Places.Territories(), open)
	if added > 0 {
		d.opt.Log.InfoContext(ctx, "cases that an older version moved indexed by type", "cases", added)
	}
	return err
}

// Erase deletes what the desk kept, if its tenant is a measurement's own.
func (d *Desk) Erase(ctx context.Context) error { return d.store.Erase(ctx) }

// Transcripts are the residents' conversations on the page.
func (d *Desk) Transcripts() bot.Transcript { return d.transcripts }

// Close closes in reverse what Open opened.
func (d *Desk) Close() error {
	var errs []error
	if d.store != nil {
		errs = append(errs, d.store.Close())
	}
	if d.Knowledge != nil {
		errs = append(errs, d.Knowledge.close())
	}
	return errors.Join(errs...)
}
