package redisdb_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

func TestWhatNobodyTakesUpIsEscalated(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		d.clock.Add(4*24*time.Hour + 3*time.Hour) // Friday, 17:05
		c := d.file(t, "x")
		d.sent(t)
		monday := d.clock.Now().AddDate(0, 0, 3)
		if !c.Due.Equal(monday) {
			t.Fatalf("reported on Friday, due %v, want %v", c.Due, monday)
		}
		d.clock.Add(3*24*time.Hour - time.Millisecond)
		d.tick(t)
		d.wantSent(t, "a weekend")
		d.clock.Add(time.Millisecond)
		d.tick(t)
		d.wantSent(t, "one working day", "territory:999999999001 notice.escalated", "role:clerk notice.escalated")
		d.tick(t)
		d.wantSent(t, "the same moment")
		d.clock.Add(24 * time.Hour)
		d.tick(t)
		d.wantSent(t, "two working days", "territory:999999999001 notice.escalated", "role:clerk notice.escalated", "role:director notice.escalated")
		d.clock.Add(24 * time.Hour)
		d.tick(t)
		d.wantSent(t, "three working days", "territory:999999999001 notice.escalated", "role:clerk notice.escalated", "role:director notice.escalated")
		must(t, d.Verify(t.Context(), clerk, c.ID))
	})
}

func TestAnEmergencyIsEscalatedWithinTheHour(t *testing.T) {
	d := open(t, redistest.Client(t))
	d.clock.Add(5*24*time.Hour + 12*time.Hour) // Sunday, 02:05
	f := filing("x")
	f.Report.Urgency = dispute.Emergency
	c, err := d.File(t.Context(), resident, f)
	must(t, err)
	d.wantSent(t, "filing", "web:resident notice.filed", "territory:999999999001 notice.new", "role:clerk notice.new", "role:director notice.new")
	d.clock.Add(time.Hour)
	d.tick(t)
	all := []string{"territory:999999999001 notice.escalated", "role:clerk notice.escalated", "role:director notice.escalated"}
	d.wantSent(t, "an hour", all...)
	d.clock.Add(time.Hour)
	d.tick(t)
	d.wantSent(t, "another hour in which nobody acknowledged it", all...)
	c, err = d.Acknowledge(t.Context(), zhang, c.ID, dispute.Seen{})
	must(t, err)
	d.clock.Add(5 * time.Hour)
	d.tick(t)
	d.wantSent(t, "hours after somebody did")
	_, err = d.Acknowledge(t.Context(), li, c.ID, dispute.Seen{})
	wants(t, "acknowledging it again", err, dispute.ErrMove)
	d.clock.Add(48 * time.Hour)
	d.tick(t)
	d.wantSent(t, "days in which nobody claimed it", all...)
}

func TestDeadlinesOfReviewConsultingAndSettling(t *testing.T) {
	d, ctx := open(t, redistest.Client(t)), t.Context()
	f := filing("x")
	f.Gate = dispute.Gate{}
	c, err := d.File(ctx, resident, f)
	must(t, err)
	d.sent(t)
	d.clock.Add(24 * time.Hour)
	d.tick(t)
	d.wantSent(t, "a day without review", "role:clerk notice.unreviewed")
	_, err = d.Advance(ctx, clerk, c.ID, dispute.OpAccept, "", dispute.Seen{})
	must(t, err)
	accepted := d.clock.Now()
	_, err = d.Claim(ctx, zhang, c.ID, dispute.Seen{})
	must(t, err)
	c, err = d.Start(ctx, zhang, c.ID, dispute.OpConsult, "", dispute.Seen{})
	must(t, err)
	d.sent(t)
	d.clock.Add(c.Due.Sub(d.clock.Now()))
	d.tick(t)
	d.wantSent(t, "three working days of asking", "staff:zhang notice.overdue")
	d.clock.Add(3 * 24 * time.Hour) // over the weekend
	d.tick(t)
	d.wantSent(t, "a working day later the clerk too", "staff:zhang notice.overdue", "role:clerk notice.overdue")
	d.clock.Add(24 * time.Hour)
	d.tick(t)
	d.wantSent(t, "then the director too", "staff:zhang notice.overdue", "role:clerk notice.overdue", "role:director notice.escalated")
	c, err = d.Start(ctx, zhang, c.ID, dispute.OpMediate, "", dispute.Seen{})
	must(t, err)
	if want := accepted.AddDate(0, 0, 30); !c.Due.Equal(want) {
		t.Errorf("to be settled by %v, want 30 days from acceptance: %v", c.Due, want)
	}
	d.sent(t)
	d.clock.Add(c.Due.Sub(d.clock.Now()))
	d.tick(t)
	d.wantSent(t, "thirty days", "staff:zhang notice.overdue")
}

func TestLabourIsSettledInFifteenDays(t *testing.T) {
	d := open(t, redistest.Client(t))
	f := filing("x")
	f.Report.Category = "labour"
	c, err := d.File(t.Context(), resident, f)
	must(t, err)
	for _, timer := range c.Timers {
		if timer.Kind == dispute.DueSettle && !timer.At.Equal(d.clock.Now().AddDate(0, 0, 15)) {
			t.Errorf("to be settled by %v", timer.At)
		}
	}
}

// TestADeadlineBecomesAMessageOnce has eight replicas tick at the same time.
func TestADeadlineBecomesAMessageOnce(t *testing.T) {
	t.Parallel()
	const replicas, cases = 8, 500
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), context.Background()
		for i := range cases {
			_, err := d.File(ctx, clerk, ownFiling(i))
			must(t, err)
		}
		d.sent(t)
		for len(d.sent(t)) > 0 {
		}
		d.clock.Add(24 * time.Hour)
		var wg sync.WaitGroup
		var mu sync.Mutex
		handled := 0
		for range replicas {
			s := service(t, d.db, d.clock.Now)
			wg.Go(func() {
				n, err := s.TickDue(ctx)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				handled += n
				mu.Unlock()
			})
		}
		wg.Wait()
		counts := map[string]int{}
		for {
			got := d.sent(t)
			if len(got) == 0 {
				break
			}
			for _, m := range got {
				counts[m]++
			}
		}
		if handled != cases || counts["role:clerk notice.escalated"] != cases || len(counts) != 2 {
			t.Errorf("%d replicas handled %d of %d deadlines and queued %v", replicas, handled, cases, counts)
		}
	})
}

// TestATimerWhoseHandlerDiedComesAgain takes timers and does nothing with them.
func TestATimerWhoseHandlerDiedComesAgain(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		d.file(t, "x")
		d.clock.Add(24 * time.Hour)
		due, err := d.cases.Due(t.Context(), 10)
		must(t, err)
		if len(due) != 1 || due[0].Kind != dispute.DueClaim {
			t.Fatalf("due %v", due)
		}
		if n := d.tick(t); n != 0 {
			t.Fatalf("%d handled while another replica has them", n)
		}
		d.clock.Add(time.Minute)
		if n := d.tick(t); n != 1 {
			t.Fatalf("%d handled after the lease, want 1", n)
		}
		// The first replica wakes up after all: its timer is gone.
		seen, err := d.cases.Case(t.Context(), due[0].Case, false)
		must(t, err)
		_, err = d.cases.Apply(t.Context(), seen, dispute.Move{Fired: &due[0].Timer, Event: dispute.Event{Kind: "late", At: d.clock.Now()}})
		wants(t, "a timer handled twice", err, dispute.ErrGone)
	})
}

func TestAReplicaWithAFastClockFiresNothingEarly(t *testing.T) {
	address := redistest.Address(t)
	ctx := t.Context()
	fast := redistest.On(t, client(t, address), redisdb.Options{Tenant: "clock-" + fmt.Sprint(time.Now().UnixNano()), Log: quiet})
	if diff := time.Until(fast.Now()).Abs(); diff > 2*time.Second {
		t.Errorf("follows a clock %v away", diff)
	}
	s := service(t, fast, fast.Now)
	_, err := s.File(ctx, clerk, filing("x"))
	must(t, err)
	n, err := s.TickDue(ctx)
	must(t, err)
	if n != 0 {
		t.Errorf("%d deadlines fired at once", n)
	}
}

func client(t *testing.T, address string) redis.UniversalClient {
	t.Helper()
	conf, err := redisdb.ParseURL(address)
	must(t, err)
	return redis.NewUniversalClient(conf)
}

func TestTheOrderOfTheQueue(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		var want []dispute.CaseID
		file := func(p dispute.Priority, village string) dispute.CaseID {
			d.clock.Add(time.Minute)
			f := filing("")
			f.Report.Urgency, f.Report.Village = p, village
			c, err := d.File(ctx, clerk, f)
			must(t, err)
			return c.ID
		}
		normal := file(dispute.Normal, "999999999001")
		later := file(dispute.Normal, "999999999002")
		high := file(dispute.High, "999999999001")
		red := file(dispute.Emergency, "999999999002")
		centre := file(dispute.Raised, "centre")
		want = append(want, red, high, centre, normal, later)
		d.wantQueue(t, clerk, want...)
		d.wantQueue(t, zhang, high, normal)
		d.wantQueue(t, li, red, high, normal, later)
		cases, err := d.Queue(ctx, clerk, 2)
		must(t, err)
		if len(cases) != 2 || cases[0].ID != red || cases[1].ID != high {
			t.Errorf("the first two are %v", cases)
		}
		if cases[0].Report.What != "" || cases[0].Code != "" {
			t.Error("the queue shows personal data")
		}
		for name, err := range map[string]error{"resident": queueErr(d, resident.ID), "editor": queueErr(d, editor.ID)} {
			if err == nil {
				t.Errorf("%s sees the queue", name)
			}
		}
	})
}

func queueErr(d *desk, id string) error {
	who := resident
	if strings.HasPrefix(id, "editor") {
		who = editor
	}
	_, err := d.Queue(context.Background(), who, 1)
	return err
}
