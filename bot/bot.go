package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/answer"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/needs"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// Answers is what the conversation asks about law; *answer.Service is one.
type Answers interface {
	Ask(ctx context.Context, q answer.Question) (answer.Answer, error)
	Matters(ctx context.Context, q answer.Question) ([]answer.Answer, error)
	FAQ(id, question string) (answer.Answer, bool)
	Entry(id string) *content.FAQ
	FollowUps(text string) (topics []string)
	About(f *content.FAQ, topic string) []string
	SeeAlso(topic string) string
	Corrects(text string) (rest string, ok bool)
	Asks(text string) bool
	Idle(text string) bool
	Chosen(id, text string) (to string, ok bool)
	Past(ctx context.Context, a *answer.Answer) error
	Article(c knowledge.Citation) (knowledge.Document, bool)
}

var _ Answers = (*answer.Service)(nil)

// Accounts is what the conversation asks of the staff list; the accounts of
// package access are one.
type Accounts interface {
	Account(ctx context.Context, id string) (access.Account, error) // fault.NotFound
	List(ctx context.Context) ([]access.Account, error)
}

var _ Accounts = access.Accounts(nil)

// Column lists what the desk has published, for 看普法.
type Column interface {
	// Latest returns published items, newest first.
	Latest(ctx context.Context, n int) ([]content.Item, error)
}

// Deps are what a Bot speaks over. AskOnce needs only the first block.
type Deps struct {
	Texts   Texts
	Library *content.Library
	Talk    *content.Talk
	Answers Answers
	Triage  *TriageMatcher

	Intake    *content.Intake
	Register  *place.Register
	Classify  *Classifier
	Cases     Cases
	Accounts  Accounts
	Dialogs   Dialogs
	Handovers Handovers
	Outbox    Outbox
	Files     Files // nil: nothing can be attached to a report

	Transcript Transcript // erased by 忘记我; nil if no channel keeps one
	Column     Column     // nil: only the address of the column is told
	Requests   Requests   // nil: people are led to the page
	Needs      Needs      // nil: nobody records what is asked
}

// Options tune a Bot; the zero value is production.
type Options struct {
	// ReportOn says on which channels a report is taken; on others the person
	// is led to PublicURL or the counter. Nil means web and wechat (Telegram's
	// servers are abroad, 个人信息保护法 36).
	ReportOn  map[string]bool
	PublicURL string           // the residents' page, "" if it has no public address
	Now       func() time.Time // nil means time.Now
	Zone      *time.Location   // of the days and hours told; nil means Asia/Shanghai
	Log       *slog.Logger     // nil means slog.Default()
	// Observe is told what each message was and how long it took; kind is
	// answer.Kind, "dialog", "command", "urgent" or "repeat". Nil: nobody is.
	Observe func(channel, kind string, took time.Duration)
}

// Bot is the conversation. It is safe for concurrent use; what one person
// sends is to be handled one message after another.
type Bot struct {
	d        Deps
	opt      Options
	commands []command
	first    expressions // questions even where a form wants a story
	offices  map[string]content.Office
	flows    map[string]flow
}

// New returns a Bot over d. It panics if the content lacks what it needs, which
// a test of the content finds first.
func New(d Deps, opt Options) *Bot {
	if opt.ReportOn == nil {
		opt.ReportOn = map[string]bool{"web": true, "wechat": true}
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Zone == nil {
		opt.Zone = shanghai
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	b := &Bot{d: d, opt: opt, commands: compileCommands(d.Talk.Commands), first: compileAllOf(d.Talk.AskFirst)}
	b.offices = map[string]content.Office{}
	for _, o := range d.Library.Offices {
		b.offices[o.Key] = o
	}
	b.flows = b.allFlows()
	return b
}

// China has one time zone and no summer time.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// now is the present in the zone in which days and hours are told.
func (b *Bot) now() time.Time { return b.opt.Now().In(b.opt.Zone) }

// turn is one message on its way through the conversation.
type turn struct {
	m    Message
	who  access.Actor
	s    *Session
	kind string // what it turned out to be, for Observe

	others []Draft // of forms that only another version knows

	asked    []needs.Asked // recorded once the reply is kept
	unwanted []string      // files, destroyed once the reply is kept: nothing waited for them, or their form was given up
}

// person is whose session and handles these are.
func (t *turn) person() string { return t.m.From.String() }

// Handle answers a message. A message whose ID came before gets the reply that
// it got then. What a person may not do, or what is not there, is answered in
// words; an error is our own trouble.
func (b *Bot) Handle(ctx context.Context, m Message) (Reply, error) {
	began := b.opt.Now()
	t := &turn{m: m, kind: "command"}
	r, err := b.handle(ctx, t)
	for range 3 {
		if fault.Of(err) != fault.Conflict {
			break
		}
		r, err = b.handle(ctx, t) // another message of the same person came between
	}
	if b.opt.Observe != nil {
		b.opt.Observe(m.From.Channel, t.kind, b.opt.Now().Sub(began))
	}
	if err != nil {
		return Reply{}, fmt.Errorf("handle a message from %s: %w", m.From.Channel, err)
	}
	b.record(t)
	b.unkeep(ctx, t.unwanted)
	return r, nil
}

func (b *Bot) handle(ctx context.Context, t *turn) (Reply, error) {
	t.asked, t.unwanted = nil, nil // of a try that another message came between
	key := ""
	if t.m.ID != "" {
		key = t.m.From.String() + ":" + t.m.ID
	}
	s, had, err := b.d.Dialogs.Load(ctx, t.person(), key)
	if err != nil {
		return Reply{}, err
	}
	if had != nil {
		t.kind = "repeat"
		return *had, nil
	}
	t.who, t.s = actor(t.m), &s
	t.others = s.setAside(func(form string) bool { _, ok := b.flows[form]; return ok })
	r, err := b.route(ctx, t)
	if err != nil {
		if r, err = b.excuse(err); err != nil {
			return Reply{}, err
		}
	}
	b.missed(t, &r)
	s.Choices = lastChoices(r)
	s.Drafts = append(t.others, s.Drafts...)
	if t.m.Group {
		s = Session{Version: s.Version} // a group remembers nothing
	}
	return r, b.d.Dialogs.Save(ctx, t.person(), s, key, r)
}

// actor is who the message is from; a channel that knows nothing more gives its
// address.
func actor(m Message) access.Actor {
	if m.Person.ID == "" {
		return access.Actor{ID: m.From.String()}
	}
	return m.Person
}

// excuse words an error that is no trouble of ours; others come back.
func (b *Bot) excuse(err error) (Reply, error) {
	if errors.Is(err, dispute.ErrTooMany) {
		return b.say("flow.report.too_many", nil), nil
	}
	if errors.Is(err, dispute.ErrMove) {
		return b.say("bot.moved_on", nil), nil
	}
	key, ok := excuses[fault.Of(err)]
	if !ok {
		return Reply{}, err
	}
	return b.say(key, nil), nil
}

// excuses are the words for each kind of error that is no trouble of ours.
var excuses = map[fault.Kind]string{
	fault.Denied: "bot.denied", fault.NotFound: "bot.not_found", fault.Invalid: "bot.invalid", fault.Conflict: "bot.conflict",
}

// say is a reply of one text.
func (b *Bot) say(key string, data any, choices ...Choice) Reply {
	return Reply{Text: b.d.Texts.Say(key, data), Choices: choices}
}

// choice is a button with the label of a text key.
func (b *Bot) choice(key, data string) Choice {
	return Choice{Label: b.d.Texts.Say(key, nil), Data: data}
}

func lastChoices(r Reply) []Choice {
	if n := len(r.More); n > 0 {
		return lastChoices(r.More[n-1])
	}
	return r.Choices
}
