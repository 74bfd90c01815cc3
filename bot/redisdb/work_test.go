package redisdb_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

var adviser = access.Actor{ID: "adviser", Name: "顾问", Role: access.Adviser}

// inHandOf runs a test on miniredis and on a real Redis with a case that zhang has.
func inHandOf(t *testing.T, test func(t *testing.T, d *desk, c dispute.Case)) {
	t.Helper()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		c := d.file(t, "x")
		c, err := d.Claim(t.Context(), zhang, c.ID, dispute.Seen{})
		must(t, err)
		d.sent(t)
		test(t, d, c)
		must(t, d.Verify(t.Context(), clerk, c.ID))
	})
}

func (d *desk) mediating(t *testing.T, id dispute.CaseID) dispute.Case {
	t.Helper()
	c, err := d.Start(t.Context(), zhang, id, dispute.OpMediate, "", dispute.Seen{})
	must(t, err)
	d.sent(t)
	return c
}

func TestATransferWaitsForItsAnswer(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, c dispute.Case) {
		ctx := t.Context()
		d.mediating(t, c.ID)
		_, err := d.Offer(ctx, zhang, c.ID, clerk, "出差", dispute.Seen{})
		wantsKind(t, "an offer to a clerk", err, fault.Invalid)
		_, err = d.Offer(ctx, zhang, c.ID, zhang, "出差", dispute.Seen{})
		wantsKind(t, "an offer to oneself", err, fault.Invalid)
		_, err = d.Offer(ctx, zhang, c.ID, li, "", dispute.Seen{})
		wantsKind(t, "an offer without a reason", err, fault.Invalid)
		c, err = d.Offer(ctx, zhang, c.ID, li, "出差", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "an offer", "staff:li notice.offered")
		if c.Owner != zhang.ID || c.OfferedTo().ID != li.ID || c.State != dispute.Mediating {
			t.Errorf("offered: %s of %s, to %+v", c.State, c.Owner, c.OfferedTo())
		}
		_, err = d.Offer(ctx, zhang, c.ID, wang, "出差", dispute.Seen{})
		wants(t, "a second offer", err, dispute.ErrMove)
		_, err = d.Take(ctx, wang, c.ID, dispute.Seen{})
		if err == nil {
			t.Error("somebody else took it")
		}
		settleBy := c.Due
		c, err = d.Take(ctx, li, c.ID, dispute.Seen{Token: "t"})
		must(t, err)
		if c.Owner != li.ID || c.OfferedTo().ID != "" || c.State != dispute.Mediating || !c.Due.Equal(settleBy) && !c.Due.After(settleBy) {
			t.Errorf("taken: %s of %s, offered to %+v, due %v", c.State, c.Owner, c.OfferedTo(), c.Due)
		}
		d.wantSent(t, "taking it", "staff:zhang notice.taken", "web:resident notice.handed")
		_, err = d.Take(ctx, li, c.ID, dispute.Seen{Token: "t"})
		must(t, err) // the same button again
		_, err = d.Note(ctx, zhang, c.ID, "还有一句", dispute.Seen{})
		if err == nil {
			t.Error("its former mediator still writes in the file")
		}
	})
}

func TestAnOfferEndsByAnswerOrByTime(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, c dispute.Case) {
		ctx := t.Context()
		d.mediating(t, c.ID)
		_, err := d.Offer(ctx, zhang, c.ID, li, "出差", dispute.Seen{})
		must(t, err)
		_, err = d.TurnDown(ctx, li, c.ID, "忙", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "an answer", "staff:li notice.offered", "staff:zhang notice.turned.down")
		_, err = d.Offer(ctx, zhang, c.ID, li, "出差", dispute.Seen{})
		must(t, err)
		_, err = d.TurnDown(ctx, zhang, c.ID, "", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "taking it back", "staff:li notice.offered", "staff:li notice.offer.back")
		_, err = d.Offer(ctx, zhang, c.ID, li, "出差", dispute.Seen{})
		must(t, err)
		d.sent(t)
		d.clock.Add(48*time.Hour - time.Second)
		d.tick(t)
		d.wantSent(t, "just before two working days")
		d.clock.Add(time.Second)
		d.tick(t)
		d.wantSent(t, "two working days", "staff:zhang notice.offer.over", "role:clerk notice.offer.over")
		c, err = d.Brief(ctx, zhang, c.ID)
		must(t, err)
		if c.Owner != zhang.ID || c.OfferedTo().ID != "" {
			t.Errorf("after the time: of %s, offered to %+v", c.Owner, c.OfferedTo())
		}
		_, err = d.Offer(ctx, zhang, c.ID, li, "出差", dispute.Seen{})
		must(t, err)
		c, err = d.Release(ctx, zhang, c.ID, "病了", dispute.Seen{})
		must(t, err)
		for _, timer := range c.Timers {
			if timer.Kind == dispute.DueOffer {
				t.Error("an offer's time runs on in the queue")
			}
		}
		_, err = d.Take(ctx, li, c.ID, dispute.Seen{})
		if err == nil {
			t.Error("an offer was taken after the case went back")
		}
	})
}

func TestOneOfTwoTakesWinsAgainstTheOfferEnding(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, c dispute.Case) {
		ctx := context.Background()
		_, err := d.Offer(ctx, zhang, c.ID, li, "出差", dispute.Seen{})
		must(t, err)
		d.clock.Add(48 * time.Hour)
		done := make(chan error, 2)
		go func() { _, err := d.Take(ctx, li, c.ID, dispute.Seen{}); done <- err }()
		go func() { _, err := d.TickDue(ctx); done <- err }()
		first, second := <-done, <-done
		for _, err := range []error{first, second} {
			if err != nil && !errors.Is(err, dispute.ErrMove) && fault.Of(err) != fault.Denied && fault.Of(err) != fault.NotFound {
				t.Error(err)
			}
		}
		c, err = d.Brief(ctx, clerk, c.ID)
		must(t, err)
		if c.OfferedTo().ID != "" || c.Owner != zhang.ID && c.Owner != li.ID {
			t.Errorf("of %q, offered to %q", c.Owner, c.OfferedTo().ID)
		}
	})
}

func TestHelpersReadAndNoteAndDoNotClose(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, c dispute.Case) {
		ctx := t.Context()
		_, err := d.Case(ctx, adviser, c.ID)
		wantsKind(t, "an adviser who wasn't asked", err, fault.Denied)
		_, err = d.Invite(ctx, zhang, c.ID, grid, "", dispute.Seen{})
		wantsKind(t, "a grid worker as helper", err, fault.Invalid)
		for _, helper := range []access.Actor{li, adviser} {
			_, err = d.Invite(ctx, zhang, c.ID, helper, "懂行", dispute.Seen{})
			must(t, err)
		}
		d.wantSent(t, "two helpers", "staff:li notice.invited", "staff:adviser notice.invited")
		_, err = d.InviteOffice(ctx, zhang, c.ID, dispute.Person{ID: "justice_office", Name: "司法所"}, "", dispute.Seen{})
		must(t, err)
		got, err := d.Case(ctx, adviser, c.ID)
		must(t, err)
		if got.Report.Contact.Name != "赵试用" || len(got.Team()) != 2 || len(got.Organisations()) != 1 {
			t.Errorf("a helper reads %+v, team %v, organisations %v", got.Report.Contact, got.Team(), got.Organisations())
		}
		_, err = d.Note(ctx, adviser, c.ID, "看过合同", dispute.Seen{})
		must(t, err)
		for what, err := range map[string]error{
			"close":   errOf(d.Close(ctx, adviser, c.ID, "", dispute.Seen{})),
			"release": errOf(d.Release(ctx, li, c.ID, "x", dispute.Seen{})),
			"contact": errOf(d.Start(ctx, li, c.ID, dispute.OpContact, "", dispute.Seen{})),
			"dismiss": errOf(d.Dismiss(ctx, li, c.ID, adviser.ID, "", dispute.Seen{})),
		} {
			if err == nil {
				t.Errorf("a helper may %s", what)
			}
		}
		mine, err := d.Helping(ctx, adviser)
		must(t, err)
		if len(mine) != 1 || mine[0].ID != c.ID {
			t.Errorf("the adviser helps with %d cases", len(mine))
		}
		events, err := d.Events(ctx, adviser, c.ID)
		must(t, err)
		if !slices.ContainsFunc(events, func(e dispute.Event) bool { return e.Text == "看过合同" }) {
			t.Error("a helper doesn't read the notes")
		}
		d.sent(t)
		_, err = d.Dismiss(ctx, adviser, c.ID, adviser.ID, "", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "leaving", "staff:zhang notice.left")
		_, err = d.Reassign(ctx, clerk, c.ID, li, "", dispute.Seen{})
		must(t, err)
		if mine, err = d.Helping(ctx, li); err != nil || len(mine) != 0 {
			t.Errorf("its mediator helps with %d cases: %v", len(mine), err)
		}
		if mine, err = d.Helping(ctx, adviser); err != nil || len(mine) != 0 {
			t.Errorf("who left helps with %d cases: %v", len(mine), err)
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

func TestAPartyMayRefuseTheMediator(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, c dispute.Case) {
		ctx := t.Context()
		_, err := d.Object(ctx, other, c.ID, "不熟", dispute.Seen{})
		wantsKind(t, "a stranger's objection", err, fault.NotFound)
		_, err = d.Object(ctx, resident, c.ID, "他是对方的亲戚", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "an objection", "role:clerk notice.objected", "web:resident notice.objecting")
		_, err = d.Replace(ctx, zhang, c.ID, "", dispute.Seen{})
		wantsKind(t, "the mediator's own decision", err, fault.Denied)
		_, err = d.Keep(ctx, clerk, c.ID, "查过，不是亲戚", dispute.Seen{})
		must(t, err)
		entries := d.toldOf(t, "notice.kept")
		if len(entries) != 1 || entries[0] != "查过，不是亲戚" {
			t.Errorf("the reporter was told %q", entries)
		}
		_, err = d.Object(ctx, resident, c.ID, "还是不愿意", dispute.Seen{})
		must(t, err)
		d.sent(t)
		d.clock.Add(48 * time.Hour)
		d.tick(t)
		if got := strings.Join(d.sent(t), "\n"); !strings.Contains(got, "role:clerk notice.undecided") {
			t.Errorf("two working days without a decision: %s", got)
		}
		c, err = d.Replace(ctx, clerk, c.ID, "换一位", dispute.Seen{})
		must(t, err)
		if c.State != dispute.Accepted || !c.Recused(zhang.ID) || c.Objected() {
			t.Errorf("replaced: %s, %v", c.State, c.Facts)
		}
		_, err = d.Claim(ctx, zhang, c.ID, dispute.Seen{})
		wants(t, "the refused mediator claims it again", err, dispute.ErrRecused)
		_, err = d.Reassign(ctx, clerk, c.ID, zhang, "", dispute.Seen{})
		wants(t, "the refused mediator is given it", err, dispute.ErrRecused)
		_, err = d.Next(ctx, zhang, dispute.Seen{})
		wants(t, "the refused mediator's next case", err, dispute.ErrNoneWaits)
		c, err = d.Next(ctx, li, dispute.Seen{})
		must(t, err)
		if c.Owner != li.ID {
			t.Errorf("the next case is %s's", c.Owner)
		}
	})
}

// toldOf takes the outbox and returns what the reporter reads in notices of a key.
func (d *desk) toldOf(t *testing.T, key string) []string {
	t.Helper()
	entries, err := d.out.Take(t.Context(), 1000)
	must(t, err)
	var all []string
	for _, e := range entries {
		if e.Notice.Key == key {
			id, err := dispute.ParseCaseID(e.Notice.Data["case"])
			must(t, err)
			text, err := d.Told(t.Context(), id, number(t, e.Notice.Data["version"]), e.Notice.To)
			must(t, err)
			all = append(all, text)
			if _, err := d.Told(t.Context(), id, number(t, e.Notice.Data["version"]), "web:other"); fault.Of(err) != fault.NotFound {
				t.Errorf("somebody else reads it: %v", err)
			}
		}
		must(t, d.out.Settle(t.Context(), e.ID, settled))
	}
	return all
}

func number(t *testing.T, s string) (n int64) {
	t.Helper()
	for _, c := range s {
		n = n*10 + int64(c-'0')
	}
	return n
}

func TestAMessageReachesTheReporterAndTheAnswerTheMediator(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, c dispute.Case) {
		ctx := t.Context()
		_, err := d.Message(ctx, zhang, c.ID, "周五上午来一趟，带上照片", dispute.Seen{})
		must(t, err)
		_, err = d.Note(ctx, zhang, c.ID, "说话很冲", dispute.Seen{})
		must(t, err)
		if got := d.toldOf(t, "notice.message"); len(got) != 1 || got[0] != "周五上午来一趟，带上照片" {
			t.Errorf("the reporter was told %q", got)
		}
		if _, err := d.Told(ctx, c.ID, c.Version+2, "web:resident"); fault.Of(err) != fault.NotFound {
			t.Errorf("the reporter reads a note: %v", err)
		}
		_, err = d.Supplement(ctx, resident, c.ID, "好，周五去", nil, dispute.Seen{})
		must(t, err)
		d.wantSent(t, "an answer", "staff:zhang notice.added")
		_, err = d.Message(ctx, resident, c.ID, "x", dispute.Seen{})
		wantsKind(t, "a reporter's message to themself", err, fault.Denied)
	})
}

func TestBothPartiesMayAgreeToMoreTime(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, c dispute.Case) {
		ctx := t.Context()
		c = d.mediating(t, c.ID)
		day := func(n int) time.Time { return c.Due.AddDate(0, 0, n) }
		for what, tc := range map[string]struct {
			x    dispute.Extension
			want error
		}{
			"one party alone":   {dispute.Extension{Until: day(20), Reporter: true, How: "电话"}, dispute.ErrConsent},
			"an earlier day":    {dispute.Extension{Until: day(-2), Reporter: true, Other: true, How: "电话"}, dispute.ErrDay},
			"more than allowed": {dispute.Extension{Until: day(400), Reporter: true, Other: true, How: "电话"}, dispute.ErrDay},
		} {
			_, err := d.Extend(ctx, zhang, c.ID, tc.x, dispute.Seen{})
			wants(t, what, err, tc.want)
		}
		_, err := d.Extend(ctx, zhang, c.ID, dispute.Extension{Until: day(20), Reporter: true, Other: true}, dispute.Seen{})
		wantsKind(t, "not said how they agreed", err, fault.Invalid)
		after, err := d.Extend(ctx, zhang, c.ID, dispute.Extension{Until: day(20), Reporter: true, Other: true, How: "双方电话里都同意"}, dispute.Seen{})
		must(t, err)
		if got := after.Due.Sub(c.Due); got < 20*24*time.Hour || got > 21*24*time.Hour {
			t.Errorf("extended by %v", got)
		}
		d.wantSent(t, "more time", "web:resident notice.extended")
	})
}

func TestAPauseStopsEveryClock(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, c dispute.Case) {
		ctx := t.Context()
		c = d.mediating(t, c.ID)
		_, err := d.Offer(ctx, zhang, c.ID, li, "出差", dispute.Seen{})
		must(t, err)
		_, err = d.Object(ctx, resident, c.ID, "不熟", dispute.Seen{})
		must(t, err)
		d.clock.Add(time.Hour)
		before, err := d.Brief(ctx, zhang, c.ID)
		must(t, err)
		paused, err := d.Advance(ctx, zhang, c.ID, dispute.OpPause, "等鉴定", dispute.Seen{})
		must(t, err)
		if len(paused.Timers) != 0 {
			t.Errorf("paused with deadlines %v", paused.Timers)
		}
		d.sent(t)
		const months = 100 * 24 * time.Hour
		d.clock.Add(months)
		d.tick(t)
		d.wantSent(t, "a long pause")
		after, err := d.Advance(ctx, zhang, c.ID, dispute.OpResume, "", dispute.Seen{})
		must(t, err)
		for _, want := range before.Timers {
			i := slices.IndexFunc(after.Timers, func(t dispute.Timer) bool { return t.Kind == want.Kind })
			if i < 0 || after.Timers[i].At.Sub(want.At) < months-time.Second || after.Timers[i].At.Sub(want.At) > months+time.Second {
				t.Errorf("%s was due %v, resumed %v", want.Kind, want.At, after.Timers)
			}
		}
		if len(after.Timers) != 3 {
			t.Errorf("resumed with %v", after.Timers)
		}
		for k := range after.Facts {
			if strings.HasPrefix(k, "left:") {
				t.Errorf("fact %s stays", k)
			}
		}
	})
}

func TestMergedCasesNameEachOtherAndTheReporterSeesTheOther(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, c dispute.Case) {
		ctx := t.Context()
		f := filing("second")
		f.Report.Contact.Address = "web:other"
		twin, err := d.File(ctx, other, f)
		must(t, err)
		if got := strings.Join(d.sent(t), "\n"); !strings.Contains(got, "role:clerk notice.alike") {
			t.Errorf("a repetition was filed and the clerk told\n%s", got)
		}
		found, err := d.Alike(ctx, clerk, twin.ID)
		must(t, err)
		if len(found) != 1 || found[0].Case.ID != c.ID || !slices.Contains(found[0].Why, "phone") || found[0].Case.Report.What != "" {
			t.Errorf("alike: %+v", found)
		}
		_, err = d.Alike(ctx, zhang, twin.ID)
		wantsKind(t, "a mediator looks for duplicates", err, fault.Denied)
		_, err = d.Merge(ctx, clerk, twin.ID, c.ID, dispute.Seen{})
		must(t, err)
		got := d.sent(t)
		slices.Sort(got)
		if strings.Join(got, ",") != "staff:zhang notice.absorbed,web:other notice.merged" {
			t.Errorf("merging tells %q", got)
		}
		twin, err = d.Brief(ctx, clerk, twin.ID)
		must(t, err)
		if len(twin.Timers) != 0 || twin.Facts["into"] != string(c.ID) {
			t.Errorf("merged with deadlines %v, facts %v", twin.Timers, twin.Facts)
		}
		c, err = d.Brief(ctx, clerk, c.ID)
		must(t, err)
		if from := c.MergedFrom(); len(from) != 1 || from[0].ID != string(twin.ID) || from[0].Name != string(twin.Number) {
			t.Errorf("the other case names %v", from)
		}
		d.mediatingTells(t, c.ID, "web:resident notice.mediating", "web:other notice.mediating")
		mine, err := d.MyReports(ctx, other)
		must(t, err)
		if len(mine) != 1 || mine[0].Number != twin.Number || mine[0].Into != c.Number || mine[0].State != dispute.Mediating || mine[0].Mediator != zhang.Name {
			t.Errorf("the merged reporter sees %+v", mine)
		}
		must(t, d.Verify(ctx, clerk, twin.ID))
	})
}

func (d *desk) mediatingTells(t *testing.T, id dispute.CaseID, want ...string) {
	t.Helper()
	_, err := d.Start(t.Context(), zhang, id, dispute.OpMediate, "", dispute.Seen{})
	must(t, err)
	d.wantSent(t, "the start of mediation", want...)
}

// TestAMergeThatDiedHalfWayIsCompleted files the link from its timer alone.
func TestAMergeThatDiedHalfWayIsCompleted(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, c dispute.Case) {
		ctx := t.Context()
		twin, err := d.File(ctx, other, filing("second"))
		must(t, err)
		now := d.clock.Now()
		_, err = d.cases.Apply(ctx, twin, dispute.Move{
			From: []dispute.State{dispute.Accepted}, To: dispute.Merged, Queue: dispute.Dequeue, Facts: map[string]string{"into": string(c.ID)},
			Timers: []dispute.Timer{{Kind: dispute.DueLink, At: now}, {Kind: dispute.DueClaim}, {Kind: dispute.DueSettle}},
			Event:  dispute.Event{At: now, Actor: "clerk", Kind: "merged"},
		})
		must(t, err)
		d.tick(t)
		c, err = d.Brief(ctx, clerk, c.ID)
		must(t, err)
		if len(c.MergedFrom()) != 1 {
			t.Errorf("the other case names %v", c.MergedFrom())
		}
	})
}

func TestTheNextCaseIsTheMostUrgentThenTheOldest(t *testing.T) {
	inHandOf(t, func(t *testing.T, d *desk, _ dispute.Case) {
		ctx := t.Context()
		var ids []dispute.CaseID
		for i, p := range []dispute.Priority{dispute.Normal, dispute.Raised, dispute.High, dispute.Raised} {
			f := filing(string(rune('a' + i)))
			f.Report.Urgency = p
			c, err := d.File(ctx, other, f)
			must(t, err)
			ids = append(ids, c.ID)
			d.clock.Add(time.Minute)
		}
		c, err := d.Rate(ctx, clerk, ids[0], dispute.Emergency, "扬言要动手", dispute.Seen{})
		must(t, err)
		if c.Priority != dispute.Emergency || c.Due.Sub(d.clock.Now()) != time.Hour {
			t.Errorf("rated %d, due in %v", c.Priority, c.Due.Sub(d.clock.Now()))
		}
		for _, want := range []int{0, 2, 1, 3} {
			c, err := d.Next(ctx, li, dispute.Seen{})
			must(t, err)
			if c.ID != ids[want] {
				t.Errorf("the next case is number %d, want %d", slices.Index(ids, c.ID), want)
			}
		}
		_, err = d.Next(ctx, li, dispute.Seen{})
		wants(t, "an empty queue", err, dispute.ErrNoneWaits)
		_, err = d.Next(ctx, clerk, dispute.Seen{})
		wantsKind(t, "a clerk's next case", err, fault.Denied)
	})
}

// nobody is a roster on which one territory has nobody.
type nobody string

func (n nobody) OnDuty(_ context.Context, territory string) (bool, error) {
	if territory == "999999999003" {
		return false, errors.New("roster out of reach")
	}
	return territory != string(n), nil
}

func TestAVillageWithoutAnybodyOnDutyGoesToTheCentre(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		d.Service = serviceWith(t, d.db, d.clock.Now, dispute.Options{Duty: nobody("999999999001")})
		c := d.file(t, "x")
		if c.Territory != place.Centre || c.HappenedIn() != "999999999001" {
			t.Errorf("filed in %s, happened in %s", c.Territory, c.HappenedIn())
		}
		d.wantSent(t, "filing", "web:resident notice.filed", "territory:centre notice.new", "role:clerk notice.noduty")
		if _, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{}); err == nil {
			t.Error("a mediator of the village alone claimed the centre's case")
		}
		for village, want := range map[string]string{"999999999002": "999999999002", "999999999003": "999999999003", place.Centre: place.Centre} {
			f := filing(village)
			f.Report.Village = village
			c, err := d.File(ctx, resident, f)
			must(t, err)
			if c.Territory != want || c.HappenedIn() != village {
				t.Errorf("of %s filed in %s", village, c.Territory)
			}
		}
	})
}

// TestTraitsStandInNoKey looks at every key of the desk.
func TestTraitsStandInNoKey(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		d.file(t, "x")
		keys, err := rdb.Keys(t.Context(), "*").Result()
		must(t, err)
		traits := 0
		for _, k := range keys {
			if strings.Contains(k, ":ix:trait:") {
				traits++
			}
			if strings.Contains(k, "13900000000") || strings.Contains(k, "赵") {
				t.Errorf("key %s holds personal data", k)
			}
		}
		if traits == 0 {
			t.Error("no index by trait")
		}
	})
}
