package bot_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// ledger is an outbox that notes what became of its entries.
type ledger struct {
	mu      sync.Mutex // of entries
	entries []bot.Entry
	begun   map[string]bool // sends begun before and never settled
	fate    map[string]bot.Settlement
	split   map[string][]string
}

func newLedger(entries ...bot.Entry) *ledger {
	return &ledger{entries: entries, begun: map[string]bool{}, fate: map[string]bot.Settlement{}, split: map[string][]string{}}
}

// put adds an entry while a courier runs.
func (l *ledger) put(e bot.Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, e)
}

func (l *ledger) Take(context.Context, int) ([]bot.Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.entries
	l.entries = nil
	return all, nil
}

func (l *ledger) Settle(_ context.Context, id string, s bot.Settlement) error {
	l.fate[id] = s
	return nil
}

func (l *ledger) Put(_ context.Context, n ...dispute.Notice) error {
	for _, one := range n {
		l.entries = append(l.entries, bot.Entry{ID: one.To, Notice: one})
	}
	return nil
}

func (l *ledger) Split(_ context.Context, id string, to []string) error {
	l.split[id] = to
	return nil
}

func (l *ledger) Begin(_ context.Context, id string) (bool, error) { return !l.begun[id], nil }

// moody is a channel that fails as it is told to.
type moody struct {
	err  error
	sent []string
	said []string
}

func (*moody) Name() string { return "telegram" }

func (c *moody) Send(_ context.Context, to bot.Address, r bot.Reply) error {
	c.said = append(c.said, r.Text)
	c.sent = append(c.sent, to.String())
	return c.err
}

func broadcast(id string) bot.Entry {
	return bot.Entry{ID: id, Notice: dispute.Notice{To: "telegram:1", Key: "broadcast.test", Data: map[string]string{}}}
}

func receipt(id string) bot.Entry {
	return bot.Entry{ID: id, Notice: dispute.Notice{To: "telegram:1", Key: "bot.fine", Data: map[string]string{}}}
}

func TestWhatBecomesOfASend(t *testing.T) {
	lost := errors.New("no route")
	for name, tc := range map[string]struct {
		entry bot.Entry
		err   error
		begun bool
		want  bot.Settlement
		sends int
	}{
		"it is sent":                             {receipt("e"), nil, false, bot.Settlement{Sent: true}, 1},
		"nothing got through":                    {receipt("e"), lost, false, bot.Settlement{Outcome: bot.Retry, Error: "no route"}, 1},
		"the channel says when to try again":     {receipt("e"), &bot.SendError{Outcome: bot.Retry, After: 7, Err: lost}, false, bot.Settlement{Outcome: bot.Retry, After: 7 * time.Second, Error: "no route"}, 1},
		"the person has blocked us":              {receipt("e"), &bot.SendError{Outcome: bot.Dropped, Err: lost}, false, bot.Settlement{Outcome: bot.Dropped, Error: "no route"}, 1},
		"a receipt in doubt is sent again":       {receipt("e"), &bot.SendError{Outcome: bot.Unknown, Err: lost}, false, bot.Settlement{Outcome: bot.Retry, Error: "no route"}, 1},
		"a broadcast in doubt is not":            {broadcast("e"), &bot.SendError{Outcome: bot.Unknown, Err: lost}, false, bot.Settlement{Outcome: bot.Unknown, Error: "no route"}, 1},
		"a receipt begun before a crash goes on": {receipt("e"), nil, true, bot.Settlement{Sent: true}, 1},
		"a broadcast begun before does not":      {broadcast("e"), nil, true, bot.Settlement{Outcome: bot.Unknown, Error: "an earlier send may have got through"}, 0},
		"after many tries it is given up":        {bot.Entry{ID: "e", Notice: receipt("e").Notice, Tries: 39}, lost, false, bot.Settlement{Outcome: bot.Dropped, Error: "no route"}, 1},
		"nobody speaks that channel":             {bot.Entry{ID: "e", Notice: dispute.Notice{To: "pigeon:1", Key: "bot.fine"}}, nil, false, bot.Settlement{Outcome: bot.Dropped, Error: "no channel pigeon"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d, ch := newDesk(t, bot.Options{}), &moody{err: tc.err}
			box := newLedger(tc.entry)
			box.begun["e"] = tc.begun
			d.deps.Outbox, d.deps.Texts = box, withBroadcast{d.deps.Texts}
			d.restart()
			n, err := bot.NewCourier(d.bot, []bot.Channel{ch}, bot.CourierOptions{}).Deliver(t.Context())
			if n != 1 || err != nil {
				t.Fatalf("took %d, %v", n, err)
			}
			if got := box.fate["e"]; got != tc.want || len(ch.sent) != tc.sends {
				t.Errorf("settled %+v after %d sends, want %+v after %d", got, len(ch.sent), tc.want, tc.sends)
			}
		})
	}
}

// TestAMessageOfAnotherVersionReachesItsReader: what an older version queued may
// lack what a wording asks for today, and a newer one's wording may be unknown
// here. Neither is lost, and neither keeps the others waiting.
func TestAMessageOfAnotherVersionReachesItsReader(t *testing.T) {
	number := map[string]string{"case": "cabcdefghij23", "number": "〔2026〕1 号"}
	for name, tc := range map[string]struct {
		key   string
		data  map[string]string
		tries int
		want  bot.Settlement
		says  string
	}{
		"an older one, data is missing":          {"notice.filed", number, 0, bot.Settlement{Sent: true}, "编号 **〔2026〕1 号** 的事有新情况"},
		"an older one, about no case":            {"notice.filed", map[string]string{}, 0, bot.Settlement{Sent: true}, "您的事有新情况"},
		"a newer one is left to a newer replica": {"notice.tomorrow", number, 0, bot.Settlement{Outcome: bot.Retry, Error: "no wording for notice.tomorrow"}, ""},
		"a newer one that nobody takes":          {"notice.tomorrow", number, 3, bot.Settlement{Sent: true}, "编号 **〔2026〕1 号** 的事有新情况"},
	} {
		t.Run(name, func(t *testing.T) {
			d, ch := newDesk(t, bot.Options{}), &moody{}
			box := newLedger(bot.Entry{ID: "e", Tries: tc.tries, Notice: dispute.Notice{To: "telegram:1", Key: tc.key, Data: tc.data}}, receipt("next"))
			d.deps.Outbox = box
			d.restart()
			if _, err := bot.NewCourier(d.bot, []bot.Channel{ch}, bot.CourierOptions{}).Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := box.fate["e"]; got != tc.want || !box.fate["next"].Sent {
				t.Errorf("settled %+v, the next one %+v; want %+v", got, box.fate["next"], tc.want)
			}
			if tc.says != "" && !strings.HasPrefix(ch.said[0], tc.says) {
				t.Errorf("says %q", ch.said)
			}
		})
	}
}

// withBroadcast knows the wording of a broadcast of this test.
type withBroadcast struct{ bot.Texts }

func (w withBroadcast) Has(key string) bool {
	return strings.HasPrefix(key, "broadcast.") || w.Texts.Has(key)
}

func (w withBroadcast) Try(key string, data any) (string, error) {
	if strings.HasPrefix(key, "broadcast.") {
		return key, nil
	}
	return w.Texts.Try(key, data)
}

func (w withBroadcast) Say(key string, data any) string {
	if strings.HasPrefix(key, "broadcast.") {
		return key
	}
	return w.Texts.Say(key, data)
}

func TestNotesToSeveralReachThoseWhomTheyConcern(t *testing.T) {
	for name, tc := range map[string]struct {
		to   string
		want string
		sent bool // settled, with nobody to tell
	}{
		"an account":                             {"staff:老张", "telegram:501", false},
		"the mediators who cover a village":      {"territory:371083001219", "telegram:501 telegram:502", false},
		"a village that one covers by chance":    {"territory:371083001999", "telegram:502", false},
		"everybody of a role":                    {"role:clerk", "telegram:600", false},
		"a role that nobody has":                 {"role:director", "", true},
		"somebody without a chat sees it anyway": {"staff:无号", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, bot.Options{})
			d.hire("老张", access.Mediator, "501", "371083001219")
			d.hire("老李", access.Mediator, "502")
			d.hire("前台", access.Clerk, "600")
			d.hire("编辑", access.Editor, "700")
			d.hire("无号", access.Mediator, "")
			box := newLedger(bot.Entry{ID: "e", Notice: dispute.Notice{To: tc.to, Key: "bot.fine"}})
			d.deps.Outbox = box
			d.restart()
			if _, err := bot.NewCourier(d.bot, []bot.Channel{&moody{}}, bot.CourierOptions{}).Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := sorted(box.split["e"]); got != tc.want || box.fate["e"].Sent != tc.sent {
				t.Errorf("goes to %q, settled %v; want %q, %v", got, box.fate["e"].Sent, tc.want, tc.sent)
			}
		})
	}
}

func TestWithoutAMediatorTheClerksAreTold(t *testing.T) {
	d := newDesk(t, bot.Options{})
	d.hire("老张", access.Mediator, "501", "371083001219")
	d.hire("前台", access.Clerk, "600")
	box := newLedger(bot.Entry{ID: "e", Notice: dispute.Notice{To: "territory:centre", Key: "bot.fine"}})
	d.deps.Outbox = box
	d.restart()
	if _, err := bot.NewCourier(d.bot, []bot.Channel{&moody{}}, bot.CourierOptions{}).Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := sorted(box.split["e"]); got != "telegram:600" {
		t.Errorf("goes to %q, want the clerk", got)
	}
}

func sorted(list []string) string {
	slices.Sort(list)
	return strings.Join(list, " ")
}

func TestReceiptsGoBeforeNotesToTheStaff(t *testing.T) {
	d, ch := newDesk(t, bot.Options{}), &moody{}
	d.hire("前台", access.Clerk, "600")
	box := newLedger(bot.Entry{ID: "staff", Notice: dispute.Notice{To: "role:clerk", Key: "bot.fine"}}, receipt("person"))
	order := &ordered{ledger: box}
	d.deps.Outbox = order
	d.restart()
	if _, err := bot.NewCourier(d.bot, []bot.Channel{ch}, bot.CourierOptions{}).Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(order.done, " "); got != "person staff" {
		t.Errorf("done in the order %q, want the person's receipt first", got)
	}
}

type ordered struct {
	*ledger
	done []string
}

func (o *ordered) Settle(ctx context.Context, id string, s bot.Settlement) error {
	o.done = append(o.done, id)
	return o.ledger.Settle(ctx, id, s)
}

func (o *ordered) Split(ctx context.Context, id string, to []string) error {
	o.done = append(o.done, id)
	return o.ledger.Split(ctx, id, to)
}

func TestTheCourierRunsUntilItIsTold(t *testing.T) {
	d := newDesk(t, bot.Options{})
	synctest.Test(t, func(t *testing.T) {
		box, ch := newLedger(), &moody{}
		d.deps.Outbox = box
		d.restart()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- bot.NewCourier(d.bot, []bot.Channel{ch}, bot.CourierOptions{}).Run(ctx) }()
		synctest.Wait()
		box.put(receipt("e"))
		time.Sleep(time.Second)
		synctest.Wait()
		if !box.fate["e"].Sent {
			t.Error("what came into the outbox was not sent within a second")
		}
		stop()
		if err := <-done; err != nil {
			t.Errorf("Run ended with %v, want nil", err)
		}
	})
}
