package entry_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/entry"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/content"
)

var (
	noon     = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))
	writer   = access.Actor{ID: "k1", Name: "褚试台", Role: access.Clerk}
	reader   = access.Actor{ID: "v1", Name: "陈试律", Role: access.Adviser}
	director = access.Actor{ID: "d1", Name: "蒋试任", Role: access.Director}
)

// strict finds a problem in every entry that says 错.
type strict struct{}

func (strict) Check(f content.FAQ) (content.FAQ, []content.Problem) {
	if strings.Contains(f.Conclusion, "错") {
		return f, []content.Problem{{Field: "conclusion", Text: "错了", Instead: "改对"}}
	}
	f.Cite = []string{"民法典@2020-05-28#1"}
	return f, nil
}

type bench struct {
	*entry.Service
	store   *redisdb.Entries
	used    []content.Own
	settled []string
	broken  error
}

func open(t *testing.T) *bench {
	t.Helper()
	b := &bench{store: redistest.Open(t, redisdb.Options{Now: func() time.Time { return noon }}).Entries()}
	b.Service = b.replica()
	return b
}

func (b *bench) replica() *entry.Service {
	return entry.NewService(b.store, strict{}, func(o content.Own) error { b.used = append(b.used, o); return b.broken }, entry.Options{
		Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
		Settle: func(_ context.Context, by, id string, live bool) error {
			b.settled = append(b.settled, by+" "+id+map[bool]string{true: " live", false: " dropped"}[live])
			return nil
		},
	})
}

func faq(change ...func(*content.FAQ)) content.FAQ {
	f := content.FAQ{Field: "loan", Question: "押金不退怎么办？", Conclusion: "可以要回。"}
	for _, c := range change {
		c(&f)
	}
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestADraftNeedsAnotherReaderAndNoProblems(t *testing.T) {
	b, ctx := open(t), t.Context()
	d, problems, err := b.Save(ctx, writer, faq(func(f *content.FAQ) { f.Conclusion = "错的。" }), 0)
	must(t, err)
	if d.FAQ.ID != "loan-d1" || d.Version != 1 || len(problems) != 1 || d.State != entry.Draft {
		t.Fatalf("saved %+v with %v", d, problems)
	}
	if err := b.Submit(ctx, writer, d.FAQ.ID, 1); !errors.Is(err, entry.ErrUnsound) {
		t.Errorf("handed in with a problem: %v", err)
	}
	right := faq(func(f *content.FAQ) { f.ID = d.FAQ.ID })
	if d, problems, err = b.Save(ctx, writer, right, d.Version); err != nil || len(problems) != 0 || d.FAQ.Cite[0] != "民法典@2020-05-28#1" {
		t.Fatalf("mended: %v, %v", problems, err)
	}
	if err := b.Approve(ctx, reader, d.FAQ.ID, d.Version); fault.Of(err) != fault.Conflict {
		t.Errorf("approved before it was handed in: %v", err)
	}
	must(t, b.Submit(ctx, writer, d.FAQ.ID, 2))
	for name, tc := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"the writer has no such permission": {b.Approve(ctx, writer, "loan-d1", 3), fault.Denied},
		"another version was read":          {b.Approve(ctx, reader, "loan-d1", 2), fault.Conflict},
		"there is no such draft":            {b.Approve(ctx, reader, "loan-d9", 3), fault.NotFound},
		"sent back without a reason":        {b.Return(ctx, reader, "loan-d1", " ", 3), fault.Invalid},
		"dropped in another version":        {b.Drop(ctx, writer, "loan-d1", 2), fault.Conflict},
	} {
		if fault.Of(tc.err) != tc.want {
			t.Errorf("%s: %v, want %v", name, tc.err, tc.want)
		}
	}
	must(t, b.Return(ctx, reader, "loan-d1", "写清找谁", 3))
	if d, err = b.Draft(ctx, writer, "loan-d1"); err != nil || d.State != entry.Draft || d.Note != "写清找谁" {
		t.Errorf("sent back: %+v, %v", d, err)
	}
	// whoever wrote on it reviews it no more, whatever their role
	d, _, err = b.Save(ctx, reader, right, d.Version)
	must(t, err)
	must(t, b.Submit(ctx, reader, "loan-d1", d.Version))
	if err := b.Approve(ctx, reader, "loan-d1", d.Version+1); !errors.Is(err, entry.ErrOwn) {
		t.Errorf("a writer approved: %v", err)
	}
	must(t, b.Approve(ctx, director, "loan-d1", d.Version+1))
	if !slices.Equal(b.settled, []string{"d1 loan-d1 live"}) {
		t.Errorf("settled %v", b.settled)
	}
	list, err := b.Editions(ctx, writer)
	if err != nil || len(list) != 1 || list[0].FAQ.Reviewed != "2026-11-23" || list[0].FAQ.ReviewBy != "2027-11-23" || list[0].Wrote != "陈试律" || list[0].Reviewed != "蒋试任" {
		t.Errorf("editions are %+v, %v", list, err)
	}
	if drafts, err := b.Drafts(ctx, writer); err != nil || len(drafts) != 0 {
		t.Errorf("drafts left: %v, %v", drafts, err)
	}
}

func TestPermissionsOfEntries(t *testing.T) {
	b, ctx := open(t), t.Context()
	for _, role := range []access.Role{access.Resident, access.GridWorker, access.Mediator} {
		who := access.Actor{ID: "x", Role: role}
		_, _, saved := b.Save(ctx, who, faq(), 0)
		_, drafts := b.Drafts(ctx, who)
		_, editions := b.Editions(ctx, who)
		_, history := b.History(ctx, who, "loan-d1")
		_, draft := b.Draft(ctx, who, "loan-d1")
		for what, err := range map[string]error{
			"save": saved, "list": drafts, "editions": editions, "history": history, "read": draft, "submit": b.Submit(ctx, who, "a", 1), "drop": b.Drop(ctx, who, "a", 1),
		} {
			if fault.Of(err) != fault.Denied {
				t.Errorf("%q may %s: %v", role, what, err)
			}
		}
	}
	for _, role := range []access.Role{access.Clerk, access.Editor, access.Mediator} {
		who := access.Actor{ID: "x", Role: role}
		for what, err := range map[string]error{
			"approve": b.Approve(ctx, who, "a", 1), "return": b.Return(ctx, who, "a", "x", 1), "take down": b.Down(ctx, who, faq(), "x"), "revert": b.Revert(ctx, who, "a"),
		} {
			if fault.Of(err) != fault.Denied {
				t.Errorf("%q may %s: %v", role, what, err)
			}
		}
	}
	if _, _, err := b.Save(ctx, writer, content.FAQ{Field: "loan"}, 0); fault.Of(err) != fault.Invalid {
		t.Errorf("no question: %v", err)
	}
	if err := b.Down(ctx, reader, faq(func(f *content.FAQ) { f.ID = "loan-001" }), " "); fault.Of(err) != fault.Invalid {
		t.Errorf("taken down without a reason: %v", err)
	}
}

// publish brings an entry to residents.
func (b *bench) publish(t *testing.T, f content.FAQ) string {
	t.Helper()
	d, _, err := b.Save(t.Context(), writer, f, 0)
	must(t, err)
	must(t, b.Submit(t.Context(), writer, d.FAQ.ID, 1))
	must(t, b.Approve(t.Context(), reader, d.FAQ.ID, 2))
	return d.FAQ.ID
}

func TestEveryReplicaTakesUpWhatChanged(t *testing.T) {
	b, ctx := open(t), t.Context()
	other := b.replica()
	for range 2 {
		must(t, b.Sync(ctx))
	}
	if len(b.used) != 0 {
		t.Errorf("before anything was written: %v", b.used)
	}
	id := b.publish(t, faq())
	must(t, b.Sync(ctx))
	must(t, other.Sync(ctx))
	must(t, other.Sync(ctx))
	if len(b.used) != 2 || len(b.used[1].FAQs) != 1 || b.used[1].FAQs[0].ID != id {
		t.Fatalf("in use: %+v", b.used)
	}
	must(t, b.Down(ctx, reader, faq(func(f *content.FAQ) { f.ID = "loan-001" }), "错了"))
	b.broken = errors.New("no room")
	if err := b.Sync(ctx); err == nil {
		t.Error("a failure isn't told")
	}
	b.broken = nil
	must(t, b.Sync(ctx))
	if got := b.used[len(b.used)-1]; !slices.Equal(got.Down, []string{"loan-001"}) || len(got.FAQs) != 1 {
		t.Errorf("taken down: %+v", got)
	}
	must(t, b.Revert(ctx, reader, id))
	must(t, b.Revert(ctx, reader, "loan-001"))
	must(t, b.replica().Sync(ctx)) // after a restart
	if got := b.used[len(b.used)-1]; len(got.Down)+len(got.FAQs) != 0 {
		t.Errorf("given back: %+v", got)
	}
	history, err := b.History(ctx, writer, id)
	if err != nil || len(history) != 2 || !history[0].Reverted || history[1].FAQ.Question != "押金不退怎么办？" {
		t.Errorf("history is %+v, %v", history, err)
	}
}

func TestAChangeMadeHereIsInUseAtOnce(t *testing.T) {
	b := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	done, inUse := make(chan error, 1), make(chan content.Own, 8)
	s := entry.NewService(b.store, strict{}, func(o content.Own) error { inUse <- o; return nil }, entry.Options{Look: time.Hour, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler)})
	go func() { done <- s.Run(ctx) }()
	b.Service = s
	b.publish(t, faq())
	select {
	case o := <-inUse:
		if len(o.FAQs) != 1 {
			t.Errorf("in use: %+v", o)
		}
	case <-time.After(time.Minute):
		t.Error("it is not in use before the next look, an hour later")
	}
	cancel()
	must(t, <-done)
}
