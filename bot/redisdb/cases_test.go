package redisdb_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/content"
)

const register = `
district: {name: 试街道, city: 试市, code: "999999999", centre: 试调解中心}
number: {form: "〔{year}〕试受字第 {serial} 号", digits: 4}
source: 虚构
as_of: "2026-01-01"
villages:
- {code: "999999999001", name: 甲木村, kind: village}
- {code: "999999999002", name: 乙水村, kind: village}
- {code: "999999999003", name: 丙土社区, kind: community}
`

// The people of these tests.
var (
	resident = access.Actor{ID: "web:resident"}
	other    = access.Actor{ID: "web:other"}
	zhang    = access.Actor{ID: "zhang", Name: "张调解", Role: access.Mediator, Territories: []string{"999999999001"}}
	li       = access.Actor{ID: "li", Name: "李调解", Role: access.Mediator, Territories: []string{"999999999001", "999999999002"}}
	wang     = access.Actor{ID: "wang", Name: "王调解", Role: access.Mediator, Territories: []string{"999999999002"}}
	clerk    = access.Actor{ID: "clerk", Name: "前台", Role: access.Clerk}
	director = access.Actor{ID: "director", Name: "所长", Role: access.Director}
	grid     = access.Actor{ID: "grid", Name: "网格", Role: access.GridWorker, Territories: []string{"999999999001"}}
	editor   = access.Actor{ID: "editor", Name: "编辑", Role: access.Editor}
)

// desk is a service on a store with a clock that tests set.
type desk struct {
	*dispute.Service
	db    *redisdb.DB
	cases *redisdb.Cases
	out   *redisdb.Outbox
	rdb   redis.UniversalClient
	clock *fakeClock
}

type fakeClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *fakeClock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

var quiet = slog.New(slog.DiscardHandler)

func open(tb testing.TB, rdb redis.UniversalClient) *desk {
	tb.Helper()
	clock := &fakeClock{t: time.Date(2026, 11, 23, 6, 5, 0, 0, time.UTC)} // Monday, 14:05 in Shanghai
	db := redistest.On(tb, rdb, redisdb.Options{Now: clock.Now, Log: quiet})
	return &desk{service(tb, db, clock.Now), db, db.Cases(), db.Outbox(), rdb, clock}
}

func service(tb testing.TB, db *redisdb.DB, now func() time.Time, forms ...dispute.Form) *dispute.Service {
	tb.Helper()
	return serviceOver(tb, db.Cases(), now, forms...)
}

func serviceOver(tb testing.TB, store dispute.Store, now func() time.Time, forms ...dispute.Form) *dispute.Service {
	tb.Helper()
	return serviceOf(tb, store, now, dispute.Options{Forms: forms})
}

func serviceWith(tb testing.TB, db *redisdb.DB, now func() time.Time, opt dispute.Options) *dispute.Service {
	tb.Helper()
	return serviceOf(tb, db.Cases(), now, opt)
}

func serviceOf(tb testing.TB, store dispute.Store, now func() time.Time, opt dispute.Options) *dispute.Service {
	tb.Helper()
	reg, err := place.Parse([]byte(register), place.Options{Now: now})
	if err != nil {
		tb.Fatal(err)
	}
	days, err := holidays()
	if err != nil {
		tb.Fatal(err)
	}
	opt.Holidays, opt.Now, opt.Log = days, now, quiet
	return dispute.NewService(store, reg, opt)
}

var holidays = sync.OnceValues(func() (place.Holidays, error) {
	raw, err := os.ReadFile("../../content/places/holidays.yaml")
	if err != nil {
		return place.Holidays{}, err
	}
	return place.ParseHolidays(raw)
})

func filing(token string) dispute.Filing {
	return dispute.Filing{
		Token: token, Gate: dispute.Gate{Verdict: dispute.Yes, Rule: "plain"},
		Report: dispute.Report{
			Village: "999999999001", Category: "neighbour", What: "空调外机对着卧室窗户", Since: "去年夏天", Other: "孙某楼上", Wish: "挪走",
			Contact: dispute.Contact{Name: "赵试用", Phone: "13900000000", Address: "web:resident"},
			Extra:   map[string]string{"talked": "谈过，没谈拢"}, Source: "web", Urgency: dispute.Normal, Consented: time.Unix(1, 0),
			Evidence: []dispute.Evidence{{Name: "照片.jpg", Type: "image/jpeg", Key: "k1", Size: 5}},
		},
	}
}

func (d *desk) file(t *testing.T, token string) dispute.Case {
	t.Helper()
	c, err := d.File(t.Context(), resident, filing(token))
	must(t, err)
	return c
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// wants fails unless err is target.
func wants(t *testing.T, what string, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Errorf("%s: error %v, want %v", what, err, target)
	}
}

func wantsKind(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.Of(err) != kind {
		t.Errorf("%s: error %v of kind %d, want kind %d", what, err, fault.Of(err), kind)
	}
}

// sent takes everything out of the outbox and lists "recipient key".
func (d *desk) sent(t *testing.T) []string {
	t.Helper()
	entries, err := d.out.Take(t.Context(), 1000)
	must(t, err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Notice.To+" "+e.Notice.Key)
		data := map[string]string{"office": ""} // the conversation adds whom to turn to
		maps.Copy(data, e.Notice.Data)
		if said := texts(t).Say(e.Notice.Key, data); strings.Contains(said, "{number}") || strings.Contains(said, "no value") {
			t.Errorf("%s says %q", e.Notice.Key, said)
		}
		for _, private := range []string{"赵试用", "13900000000", "孙某", "空调"} {
			if !strings.HasPrefix(e.Notice.To, "web:") && strings.Contains(fmt.Sprint(e.Notice.Data), private) {
				t.Errorf("%s to %s holds %q", e.Notice.Key, e.Notice.To, private)
			}
		}
		must(t, d.out.Settle(t.Context(), e.ID, settled))
	}
	return all
}

func texts(t *testing.T) *content.Texts {
	t.Helper()
	x, err := loadTexts()
	must(t, err)
	return x
}

var loadTexts = sync.OnceValues(func() (*content.Texts, error) { return content.LoadTexts(content.Shipped()) })

func (d *desk) wantSent(t *testing.T, after string, want ...string) {
	t.Helper()
	got := d.sent(t)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("after %s the outbox holds\n%s\nwant\n%s", after, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestACaseFromReportToArchive(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.file(t, "draft-1")
		if c.Number != "〔2026〕试受字第 0001 号" || c.State != dispute.Accepted || len(c.Code) != 10 {
			t.Fatalf("filed as %+v", c)
		}
		d.wantSent(t, "filing", "web:resident notice.filed", "territory:999999999001 notice.new")

		c, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{})
		must(t, err)
		if c.Owner != "zhang" || !c.Lease.Equal(d.clock.Now().Add(72*time.Hour)) || c.Code != "" {
			t.Fatalf("claimed as %+v", c)
		}
		d.wantSent(t, "the claim", "web:resident notice.claimed")

		_, err = d.Start(ctx, zhang, c.ID, dispute.OpContact, "电话里双方都愿意谈", dispute.Seen{})
		must(t, err)
		_, err = d.Start(ctx, zhang, c.ID, dispute.OpConsult, "", dispute.Seen{})
		must(t, err)
		c, err = d.Start(ctx, zhang, c.ID, dispute.OpMediate, "已告知权利义务", dispute.Seen{})
		must(t, err)
		if !c.Lease.IsZero() {
			t.Errorf("a case under mediation is still leased until %v", c.Lease)
		}
		d.sent(t)
		_, err = d.Note(ctx, zhang, c.ID, "孙某说下周挪", dispute.Seen{})
		must(t, err)
		c, err = d.RecordOutcome(ctx, zhang, c.ID, dispute.Result{Outcome: dispute.AgreedWritten, Summary: "外机移到北墙", Amount: 30000}, dispute.Seen{})
		must(t, err)
		if c.State != dispute.Agreed || c.Amount != 30000 || len(c.Timers) != 0 {
			t.Errorf("agreed as %+v", c)
		}
		d.wantSent(t, "the agreement", "web:resident notice.agreed")
		c, err = d.Sign(ctx, zhang, c.ID, allSigned(d), dispute.Seen{})
		must(t, err)
		for _, op := range []dispute.Op{dispute.OpPerform, dispute.OpClose, dispute.OpArchive} {
			c, err = d.Advance(ctx, zhang, c.ID, op, "", dispute.Seen{})
			must(t, err)
		}
		if c.State != dispute.Archived {
			t.Errorf("ended as %s", c.State)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
		events, err := d.Events(ctx, zhang, c.ID)
		must(t, err)
		var kinds []string
		for i, e := range events {
			kinds = append(kinds, e.Kind)
			if e.Seq != int64(i+1) {
				t.Errorf("event %d has the number %d", i+1, e.Seq)
			}
		}
		want := "filed accepted claimed contacted consulting mediating noted agreed signed in_effect performed closed archived"
		if got := strings.Join(kinds, " "); got != want {
			t.Errorf("events %s, want %s", got, want)
		}
		if events[6].Text != "孙某说下周挪" {
			t.Errorf("the note reads %q", events[6].Text)
		}
	})
}

func TestAReportFiledTwiceIsOneCase(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		const clients, drafts = 64, 30
		ids := make([]map[dispute.CaseID]bool, drafts)
		var wg sync.WaitGroup
		var mu sync.Mutex
		for i := range ids {
			ids[i] = map[dispute.CaseID]bool{}
		}
		for range clients {
			wg.Go(func() {
				for i := range drafts {
					f := filing("draft-" + string(rune('a'+i)))
					c, err := d.File(context.Background(), clerk, f)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					ids[i][c.ID] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		for i, all := range ids {
			if len(all) != 1 {
				t.Errorf("draft %d became %d cases", i, len(all))
			}
		}
		last := d.file(t, "one more")
		if last.Number != "〔2026〕试受字第 0031 号" {
			t.Errorf("after %d reports the next number is %s", drafts, last.Number)
		}
	})
}

func TestTheGateDecidesWhatIsTaken(t *testing.T) {
	for name, tc := range map[string]struct {
		gate  dispute.Gate
		state dispute.State
		sent  string
		event string
	}{
		"may be mediated":  {dispute.Gate{Verdict: dispute.Yes}, dispute.Accepted, "notice.filed notice.new", "filed accepted"},
		"somebody decides": {dispute.Gate{}, dispute.Submitted, "notice.review notice.new.review", "filed"},
		"elsewhere first": {
			dispute.Gate{Verdict: dispute.Refer, Office: "medical_mediation", Reason: "由医调委受理", Basis: "条例第38条"},
			dispute.Referred, "notice.referred", "filed referred",
		},
		"not to be mediated": {dispute.Gate{Verdict: dispute.Decline, Reason: "公安已立案"}, dispute.Declined, "notice.declined", "filed declined"},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, redistest.Client(t))
			f := filing("x")
			f.Gate = tc.gate
			c, err := d.File(t.Context(), resident, f)
			must(t, err)
			if c.State != tc.state || c.Facts["refer_to"] != tc.gate.Office || c.Facts["reason"] != tc.gate.Reason {
				t.Errorf("case %+v", c)
			}
			entries, err := d.out.Take(t.Context(), 10)
			must(t, err)
			var keys, kinds []string
			for _, e := range entries {
				keys = append(keys, e.Notice.Key)
				if e.Notice.Data["number"] != "〔2026〕试受字第 0001 号" {
					t.Errorf("%s names the case %q", e.Notice.Key, e.Notice.Data["number"])
				}
			}
			events, err := d.cases.Events(t.Context(), c.ID, false)
			must(t, err)
			for _, e := range events {
				kinds = append(kinds, e.Kind)
			}
			if strings.Join(keys, " ") != tc.sent || strings.Join(kinds, " ") != tc.event {
				t.Errorf("sent %v, events %v", keys, kinds)
			}
			must(t, d.Verify(t.Context(), clerk, c.ID))
			queue, err := d.Queue(t.Context(), clerk, 10)
			must(t, err)
			if (len(queue) == 1) != (tc.state == dispute.Accepted) {
				t.Errorf("the queue holds %d", len(queue))
			}
		})
	}
}

func TestWhatIsMissingOrTooMuchIsRefused(t *testing.T) {
	d := open(t, redistest.Client(t))
	for name, change := range map[string]func(*dispute.Filing){
		"unknown village":  func(f *dispute.Filing) { f.Report.Village = "999999999999" },
		"no category":      func(f *dispute.Filing) { f.Report.Category = "" },
		"nothing told":     func(f *dispute.Filing) { f.Report.What = "" },
		"no consent":       func(f *dispute.Filing) { f.Report.Consented = time.Time{} },
		"odd urgency":      func(f *dispute.Filing) { f.Report.Urgency = 9 },
		"novel":            func(f *dispute.Filing) { f.Report.What = strings.Repeat("字", 4001) },
		"long answer":      func(f *dispute.Filing) { f.Report.Extra = map[string]string{"a": strings.Repeat("字", 501)} },
		"for another":      func(f *dispute.Filing) { f.For = "web:somebody" },
		"too many files":   func(f *dispute.Filing) { f.Report.Evidence = make([]dispute.Evidence, 13) },
		"number mark kept": func(f *dispute.Filing) { f.Report.Village = "{number}" },
	} {
		f := filing("")
		change(&f)
		_, err := d.File(t.Context(), resident, f)
		wantsKind(t, name, err, fault.Invalid)
	}
	_, err := d.File(t.Context(), access.Actor{}, filing(""))
	wantsKind(t, "nobody", err, fault.Invalid)
	_, err = d.File(t.Context(), editor, filing(""))
	wantsKind(t, "an editor", err, fault.Denied)
	for range 10 {
		d.file(t, "")
	}
	_, err = d.File(t.Context(), resident, filing(""))
	wants(t, "the eleventh open case", err, dispute.ErrTooMany)
	f := filing("")
	f.For = "web:at-the-counter"
	c, err := d.File(t.Context(), clerk, f)
	must(t, err)
	if c.Reporter != "web:at-the-counter" {
		t.Errorf("filed for %s", c.Reporter)
	}
}
