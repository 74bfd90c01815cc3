package publicity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/content"
)

var (
	editor   = access.Actor{ID: "e1", Role: access.Editor}
	mediator = access.Actor{ID: "m1", Role: access.Mediator}
)

// board is an outlet that remembers what was put on it.
type board struct {
	name string
	mu   sync.Mutex
	fail error // what the next Publish answers, nil for success
	put  []string
}

func (b *board) Name() string { return b.name }

func (b *board) Publish(_ context.Context, s publicity.Slot, _ content.Item) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return "", b.fail
	}
	b.put = append(b.put, s.ID)
	return b.name + ":" + s.ID, nil
}

// onceBoard cannot tell whether a failed try came out.
type onceBoard struct{ board }

var errNoAnswer = errors.New("no answer")

func (b *onceBoard) Doubtful(err error) bool { return errors.Is(err, errNoAnswer) }

// world is a service on an in-process Redis with a clock.
type world struct {
	*publicity.Service
	t     *testing.T
	store *redisdb.Publicity
	now   time.Time
}

var testItems = []content.Item{
	{ID: "march-first", Month: 3, Title: "三月一", Body: "正文"},
	{ID: "consumer", Month: 3, Title: "三一五", Body: "正文", Day: content.DayRule{Fixed: "03-15"}, StaleDays: 5},
	{ID: "elders", Month: 10, Title: "老年节", Body: "正文", Day: content.DayRule{Lunar: "09-09"}},
	{ID: "december", Month: 12, Title: "宪法日", Body: "正文", Day: content.DayRule{Fixed: "12-30"}},
}

func newWorld(t *testing.T, outlets ...publicity.Outlet) *world {
	t.Helper()
	w := &world{t: t, store: redistest.Open(t, redisdb.Options{}).Publicity()}
	w.Service = publicity.NewService(testItems, w.store, outlets, publicity.Options{Now: func() time.Time { return w.now }})
	w.at("2026-02-20 12:00")
	return w
}

func (w *world) at(s string) time.Time {
	w.t.Helper()
	now, err := time.ParseInLocation("2006-01-02 15:04", s, beijing)
	if err != nil {
		w.t.Fatal(err)
	}
	w.now = now
	return now
}

func (w *world) approve(ids ...string) {
	w.t.Helper()
	for _, id := range ids {
		if _, err := w.Approve(w.t.Context(), editor, id); err != nil {
			w.t.Fatal(err)
		}
	}
}

// publish publishes what is due and says how many releases that made.
func (w *world) publish(at string, want int) {
	w.t.Helper()
	if n, err := w.PublishDue(w.t.Context(), w.at(at)); err != nil || n != want {
		w.t.Errorf("PublishDue at %s = %d releases, %v, want %d", at, n, err, want)
	}
}

func (w *world) status(id string, want publicity.Status) {
	w.t.Helper()
	if s, _, err := w.Slot(w.t.Context(), id); err != nil || s.Status != want {
		w.t.Errorf("slot %s is %s, %v, want %s", id, s.Status, err, want)
	}
}

func TestTheYearIsPlannedByTheBuiltInRule(t *testing.T) {
	w := newWorld(t)
	year, err := w.Year(t.Context(), 2026)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range year {
		got = append(got, fmt.Sprintf("%s %s %s", s.ID, s.Due.Format("01-02 15:04 -07"), s.Status))
	}
	want := []string{
		"2026/march-first 03-01 09:00 +08 planned",
		"2026/consumer 03-15 09:00 +08 planned",
		"2026/elders 10-18 09:00 +08 planned",
		"2026/december 12-30 09:00 +08 planned",
	}
	if !slices.Equal(got, want) {
		t.Errorf("Year(2026) is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAYearOutsideTheTablesFallsBackToTheFirst(t *testing.T) {
	year, err := newWorld(t).Year(t.Context(), 2060)
	if err != nil || year[2].Item != "elders" || year[2].Due.Format("01-02") != "10-01" {
		t.Errorf("Year(2060) plans %+v, %v, want the elders' day on 1 October", year, err)
	}
}

func TestOnlyApprovedAndDueGoesOutOnceToEachOutlet(t *testing.T) {
	a, b := &board{name: "a"}, &board{name: "b"}
	w := newWorld(t, a, b)
	w.approve("2026/march-first", "2026/consumer")
	w.publish("2026-03-01 08:59", 0)
	w.publish("2026-03-01 09:00", 2)
	w.publish("2026-03-01 09:01", 0)
	w.publish("2026-10-20 09:00", 0) // the elders' day is due, but nobody approved it
	if want := []string{"2026/march-first"}; !slices.Equal(a.put, want) || !slices.Equal(b.put, want) {
		t.Errorf("outlets have %v and %v, want %v each", a.put, b.put, want)
	}
	w.status("2026/march-first", publicity.Published)
}

func TestWhatWasDueWhileTheDeskWasDownIsCaughtUpOldestFirst(t *testing.T) {
	a := &board{name: "a"}
	w := newWorld(t, a)
	w.approve("2026/consumer", "2026/march-first")
	w.publish("2026-03-16 03:00", 2)
	if want := []string{"2026/march-first", "2026/consumer"}; !slices.Equal(a.put, want) {
		t.Errorf("outlet has %v, want %v", a.put, want)
	}
}

func TestWhatIsPastItsTimeIsShownStaleAndNeverGoesOut(t *testing.T) {
	a := &board{name: "a"}
	w := newWorld(t, a)
	w.approve("2026/consumer")
	w.publish("2026-03-20 09:00", 0)
	w.status("2026/consumer", publicity.Stale)
	if stored, err := w.store.Slot(t.Context(), "2026/consumer"); err != nil || stored.Status != publicity.Stale {
		t.Errorf("stored slot is %s, %v, want stale", stored.Status, err)
	}
	w.status("2026/march-first", publicity.Planned) // due on the 1st, good for 20 days
	w.at("2026-03-21 09:00")
	w.status("2026/march-first", publicity.Stale)
	if _, err := w.Approve(t.Context(), editor, "2026/march-first"); !errors.Is(err, publicity.ErrStatus) {
		t.Errorf("Approve of a stale slot = %v, want ErrStatus", err)
	}
	if s, err := w.Schedule(t.Context(), editor, "2026/consumer", w.now.Add(time.Hour)); err != nil || s.Status != publicity.Approved {
		t.Errorf("Schedule of a stale slot = %s, %v, want it approved again", s.Status, err)
	}
	w.publish("2026-03-21 10:00", 1)
}

func TestDecembersItemIsCaughtUpInJanuary(t *testing.T) {
	a := &board{name: "a"}
	w := newWorld(t, a)
	w.approve("2026/december")
	w.publish("2027-01-02 09:00", 1)
}

func TestAFailedOutletIsRetriedAloneWithBackOff(t *testing.T) {
	a, b := &board{name: "a"}, &board{name: "b", fail: errors.New("away")}
	w := newWorld(t, b, a)
	w.approve("2026/march-first")
	w.publish("2026-03-01 09:00", 1)
	w.status("2026/march-first", publicity.Partial)
	_, rs, _ := w.Slot(t.Context(), "2026/march-first")
	if i := slices.IndexFunc(rs, func(r publicity.Release) bool { return r.Outlet == "b" }); i < 0 || rs[i].Err != "away" || rs[i].Tries != 1 {
		t.Errorf("releases are %+v, want b's first failure", rs)
	}
	w.publish("2026-03-01 09:01", 0) // second failure
	b.fail = nil
	w.publish("2026-03-01 09:02", 0) // two minutes are not over
	w.publish("2026-03-01 09:03", 1)
	w.status("2026/march-first", publicity.Published)
	if len(a.put) != 1 || len(b.put) != 1 {
		t.Errorf("outlets have %v and %v, want one each", a.put, b.put)
	}
}

func TestADoubtfulSendIsNotRepeatedUntilAnEditorLooks(t *testing.T) {
	once, sure := &onceBoard{board{name: "once", fail: errNoAnswer}}, &board{name: "sure"}
	w := newWorld(t, once, sure)
	w.approve("2026/march-first")
	w.publish("2026-03-01 09:00", 1)
	once.fail = nil
	w.publish("2026-03-01 12:00", 0)
	if len(once.put) != 0 {
		t.Fatalf("the doubtful outlet was asked again: %v", once.put)
	}
	ctx := t.Context()
	if err := w.Settle(ctx, mediator, "2026/march-first", "once", ""); fault.Of(err) != fault.Denied {
		t.Errorf("Settle by a mediator = %v, want denied", err)
	}
	if err := w.Settle(ctx, editor, "2026/march-first", "sure", ""); !errors.Is(err, publicity.ErrStatus) {
		t.Errorf("Settle of a release that is out = %v, want ErrStatus", err)
	}
	if err := w.Settle(ctx, editor, "2026/march-first", "once", ""); err != nil {
		t.Fatal(err)
	}
	w.publish("2026-03-01 12:01", 1)
	w.status("2026/march-first", publicity.Published)
}

func TestAnEditorWhoSawADoubtfulPieceEndsTheSlot(t *testing.T) {
	once := &onceBoard{board{name: "once", fail: errNoAnswer}}
	w := newWorld(t, once)
	w.approve("2026/march-first")
	w.publish("2026-03-01 09:00", 0)
	if err := w.Settle(t.Context(), editor, "2026/march-first", "once", "seen"); err != nil {
		t.Fatal(err)
	}
	w.status("2026/march-first", publicity.Published)
}

func TestARefusedSendOfAOnceOutletIsRetried(t *testing.T) {
	once := &onceBoard{board{name: "once", fail: errors.New("refused")}}
	w := newWorld(t, once)
	w.approve("2026/march-first")
	w.publish("2026-03-01 09:00", 0)
	once.fail = nil
	w.publish("2026-03-01 09:01", 1)
}

// A desk that died between the send and its mark leaves the mark of the start.
func TestADeathInMidSendLeavesADoubtfulRelease(t *testing.T) {
	once := &onceBoard{board{name: "once"}}
	w := newWorld(t, once)
	w.approve("2026/march-first")
	func() {
		dying := &dyingOutlet{once}
		svc := publicity.NewService(testItems, w.store, []publicity.Outlet{dying}, publicity.Options{Now: func() time.Time { return w.now }})
		defer func() {
			if recover() == nil {
				t.Error("the outlet did not die")
			}
		}()
		_, _ = svc.PublishDue(t.Context(), w.at("2026-03-01 09:00"))
	}()
	w.publish("2026-03-01 09:30", 0)
	_, rs, _ := w.Slot(t.Context(), "2026/march-first")
	if len(rs) != 1 || !rs[0].Doubtful {
		t.Errorf("releases are %+v, want one in doubt", rs)
	}
}

type dyingOutlet struct{ *onceBoard }

func (d *dyingOutlet) Publish(context.Context, publicity.Slot, content.Item) (string, error) {
	panic("killed")
}

func TestManyReplicasPublishOnce(t *testing.T) {
	a := &board{name: "a"}
	w := newWorld(t, a)
	w.approve("2026/march-first", "2026/consumer")
	now := w.at("2026-03-16 09:00")
	var g sync.WaitGroup
	for range 8 {
		svc := publicity.NewService(testItems, w.store, []publicity.Outlet{a}, publicity.Options{Now: func() time.Time { return now }})
		g.Go(func() {
			for range 5 {
				if _, err := svc.PublishDue(context.Background(), now); err != nil {
					t.Error(err)
				}
			}
		})
	}
	g.Wait()
	if len(a.put) != 2 {
		t.Errorf("eight replicas put out %v, want two pieces", a.put)
	}
}

func TestEditorsMoveASlot(t *testing.T) {
	w := newWorld(t, &board{name: "a"})
	ctx := t.Context()
	at := w.now.Add(48 * time.Hour)
	s, err := w.Schedule(ctx, editor, "2026/consumer", at)
	if err != nil || !s.Due.Equal(at) || s.Status != publicity.Planned || !s.StaleAt.Equal(at.Add(5*24*time.Hour)) {
		t.Errorf("Schedule = %+v, %v, want it planned for %s", s, err, at)
	}
	for name, tc := range map[string]struct {
		do   func() error
		want fault.Kind
	}{
		"a mediator may not approve":          {func() error { _, err := w.Approve(ctx, mediator, "2026/consumer"); return err }, fault.Denied},
		"a mediator may not schedule":         {func() error { _, err := w.Schedule(ctx, mediator, "2026/consumer", at); return err }, fault.Denied},
		"an unknown item":                     {func() error { _, err := w.Approve(ctx, editor, "2026/nothing"); return err }, fault.NotFound},
		"a slot without year":                 {func() error { _, err := w.Approve(ctx, editor, "consumer"); return err }, fault.NotFound},
		"a day in another year":               {func() error { _, err := w.Schedule(ctx, editor, "2026/consumer", at.AddDate(1, 0, 0)); return err }, fault.Invalid},
		"a day that would be stale already":   {func() error { _, err := w.Schedule(ctx, editor, "2026/consumer", at.AddDate(0, -1, 0)); return err }, fault.Invalid},
		"a release nobody doubts":             {func() error { return w.Settle(ctx, editor, "2026/consumer", "a", "") }, fault.Conflict},
		"a column entry that is not out":      {func() error { _, err := w.ColumnEntry(ctx, "2026/consumer"); return err }, fault.NotFound},
		"a column entry that does not exist":  {func() error { _, err := w.ColumnEntry(ctx, "2026/nothing"); return err }, fault.NotFound},
		"a column entry with a strange id":    {func() error { _, err := w.ColumnEntry(ctx, "../x"); return err }, fault.NotFound},
		"a slot in a year beyond all numbers": {func() error { _, _, err := w.Slot(ctx, "99999/consumer"); return err }, fault.NotFound},
	} {
		if err := tc.do(); err == nil || fault.Of(err) != tc.want {
			t.Errorf("%s: %v, want an error of kind %d", name, err, tc.want)
		}
	}
	w.approve("2026/consumer", "2026/consumer")
	for _, step := range []struct {
		do   func(context.Context, access.Actor, string) (publicity.Slot, error)
		want publicity.Status
	}{{w.Skip, publicity.Skipped}, {w.Approve, publicity.Approved}, {w.Unapprove, publicity.Planned}} {
		if s, err := step.do(ctx, editor, "2026/consumer"); err != nil || s.Status != step.want {
			t.Errorf("slot is %s, %v, want %s", s.Status, err, step.want)
		}
	}
}

func TestWhatIsOutCannotBeMoved(t *testing.T) {
	w := newWorld(t, &board{name: "a"})
	w.approve("2026/march-first")
	w.publish("2026-03-01 09:00", 1)
	for name, move := range map[string]func(context.Context, access.Actor, string) (publicity.Slot, error){
		"approve": w.Approve, "unapprove": w.Unapprove, "skip": w.Skip,
	} {
		if _, err := move(t.Context(), editor, "2026/march-first"); !errors.Is(err, publicity.ErrStatus) {
			t.Errorf("%s of a published slot = %v, want ErrStatus", name, err)
		}
	}
}

func TestTheColumnShowsWhatIsOutThere(t *testing.T) {
	w := newWorld(t, publicity.Column{})
	w.approve("2026/march-first", "2026/consumer")
	w.publish("2026-03-01 09:00", 1)
	w.publish("2026-03-15 09:00", 1)
	all, err := w.Column(t.Context(), 10)
	if err != nil || len(all) != 2 || all[0].Item.ID != "consumer" || all[1].Release.Ref != "/column/2026/march-first" {
		t.Errorf("Column = %+v, %v, want the consumer item before march's", all, err)
	}
	if latest, err := w.Latest(t.Context(), 1); err != nil || len(latest) != 1 || latest[0].ID != "consumer" {
		t.Errorf("Latest = %+v, %v, want the consumer item", latest, err)
	}
	if e, err := w.ColumnEntry(t.Context(), "2026/consumer"); err != nil || e.Item.Title != "三一五" {
		t.Errorf("ColumnEntry = %+v, %v", e, err)
	}
}
