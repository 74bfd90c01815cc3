package redisdb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

const browser1, browser2 = "browser-one", "browser-two"

// taken is a case that li has claimed.
func (d *desk) taken(t *testing.T, token string) dispute.Case {
	t.Helper()
	c, err := d.Claim(t.Context(), li, d.file(t, token).ID, dispute.Seen{})
	must(t, err)
	return c
}

func (d *desk) invite(t *testing.T, id dispute.CaseID, n int) string {
	t.Helper()
	_, code, err := d.InviteParty(t.Context(), li, id, dispute.Invitation{N: n, Name: "孙试用", Phone: "13911112222", Matter: "空调外机的位置和声音"}, dispute.Seen{})
	must(t, err)
	return code
}

func (d *desk) enter(t *testing.T, code, browser string) (access.Actor, dispute.CaseID) {
	t.Helper()
	must(t, d.EnterByLink(t.Context(), code, browser))
	who, id, err := d.Guest(t.Context(), code, browser)
	must(t, err)
	return who, id
}

func TestALinkLetsInOneBrowserUntilItIsTakenBack(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.taken(t, "one")
		code := d.invite(t, c.ID, 0)
		if taken, err := d.LookAtLink(ctx, code, browser1); taken || err != nil {
			t.Fatalf("looking at a fresh link: %v, %v", taken, err)
		}
		if _, _, err := d.Guest(ctx, code, browser1); !errors.Is(err, dispute.ErrLink) {
			t.Errorf("acting before coming in: %v", err)
		}
		if err := d.EnterByLink(ctx, code, "resident"); !errors.Is(err, dispute.ErrOwnLink) {
			t.Errorf("the reporter's own browser: %v", err)
		}
		who, _ := d.enter(t, code, browser1)
		must(t, d.EnterByLink(ctx, code, browser1)) // again is nothing new
		for name, err := range map[string]error{
			"another browser looks":    second(d.LookAtLink(ctx, code, browser2)),
			"another browser comes in": d.EnterByLink(ctx, code, browser2),
			"another browser acts":     third(d.Guest(ctx, code, browser2)),
			"no browser acts":          third(d.Guest(ctx, code, "")),
			"a code too short":         third(d.Guest(ctx, code[1:], browser1)),
			"another secret":           third(d.Guest(ctx, code[:12]+strings.Repeat("a", 20), browser1)),
			"another case":             third(d.Guest(ctx, strings.Repeat("a", 12)+code[12:], browser1)),
		} {
			if !errors.Is(err, dispute.ErrLink) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if who.ID != dispute.PartyID(c.ID, 1) {
			t.Errorf("acts as %s", who.ID)
		}

		again := d.invite(t, c.ID, 1)
		if _, _, err := d.Guest(ctx, code, browser1); !errors.Is(err, dispute.ErrLink) {
			t.Errorf("the old link after a new one: %v", err)
		}
		if _, err := d.Place(ctx, who, c.ID); fault.Of(err) != fault.NotFound {
			t.Errorf("who came by the old link reads: %v", err)
		}
		d.clock.Add(14*24*time.Hour + time.Minute)
		if err := d.EnterByLink(ctx, again, browser1); !errors.Is(err, dispute.ErrLink) {
			t.Errorf("a link after its time: %v", err)
		}

		d2 := d.taken(t, "two")
		code = d.invite(t, d2.ID, 0)
		who, _ = d.enter(t, code, browser1)
		_, err := d.UninviteParty(ctx, li, d2.ID, 1, true, dispute.Seen{})
		must(t, err)
		for name, err := range map[string]error{
			"the link":           third(d.Guest(ctx, code, browser1)),
			"a new browser":      d.EnterByLink(ctx, code, browser2),
			"what the guest was": second(d.AnswerAsked(ctx, who, d2.ID, true, "", dispute.Seen{})),
		} {
			if fault.Of(err) != fault.NotFound {
				t.Errorf("%s after it was taken back: %v", name, err)
			}
		}
		must(t, d.Verify(ctx, clerk, d2.ID))
	})
}

func second[A any](_ A, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }

func TestOfTwoBrowsersAtOnceOneComesIn(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		c := d.taken(t, "race")
		code := d.invite(t, c.ID, 0)
		var wg sync.WaitGroup
		got := make([]error, 8)
		for i := range got {
			wg.Go(func() { got[i] = d.EnterByLink(context.Background(), code, fmt.Sprintf("browser-%d", i)) })
		}
		wg.Wait()
		in := 0
		for _, err := range got {
			if err == nil {
				in++
			} else if !errors.Is(err, dispute.ErrLink) {
				t.Error(err)
			}
		}
		if in != 1 {
			t.Errorf("%d browsers came in by one link", in)
		}
	})
}

func TestAnOtherPartyLearnsNothingOfTheReporter(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		f := filing("withheld")
		f.Report.Contact.Withheld = true
		c, err := d.File(ctx, resident, f)
		must(t, err)
		_, err = d.Claim(ctx, li, c.ID, dispute.Seen{})
		must(t, err)
		code := d.invite(t, c.ID, 0)
		who, id := d.enter(t, code, browser1)
		p, err := d.Place(ctx, who, id)
		must(t, err)
		all := fmt.Sprintf("%+v", p)
		for _, secret := range []string{"赵试用", "13900000000", "卧室窗户", "挪走", "孙某楼上", "谈过"} {
			if strings.Contains(all, secret) {
				t.Errorf("the other party reads %q in %s", secret, all)
			}
		}
		if p.Matter != "空调外机的位置和声音" || p.Me.Name != "孙试用" || p.Mediator != li.Name {
			t.Errorf("the place is %s", all)
		}
		for _, in := range []dispute.Invitation{
			{Name: "孙试用", Matter: "赵试用说空调吵"}, {Name: "孙试用", Matter: "请打 13900000000"}, {Name: "", Matter: "空调"}, {Name: "孙试用"},
		} {
			if _, _, err := d.InviteParty(ctx, li, id, in, dispute.Seen{}); fault.Of(err) != fault.Invalid {
				t.Errorf("%+v: %v", in, err)
			}
		}
		events, err := d.Events(ctx, clerk, id)
		must(t, err)
		read := slices.ContainsFunc(events, func(e dispute.Event) bool { return e.Kind == "read" && e.Actor == who.ID })
		entered := slices.ContainsFunc(events, func(e dispute.Event) bool { return e.Kind == "entered" && e.Actor == who.ID })
		if !read || !entered {
			t.Errorf("the trail has the entry %v and the read %v", entered, read)
		}
		mine, err := d.Events(ctx, who, id)
		must(t, err)
		for _, e := range mine {
			if e.Actor != "" || e.Text != "" || len(e.Detail) > 0 {
				t.Errorf("the other party reads of the trail %+v", e)
			}
		}
		if _, err := d.Case(ctx, who, id); fault.Of(err) != fault.Denied {
			t.Errorf("the other party reads the case: %v", err)
		}
		full, err := d.Case(ctx, resident, id)
		must(t, err)
		if full.Papers != nil {
			t.Errorf("the reporter reads the papers %v", full.Papers)
		}
	})
}

// TestAPartyOfOneCaseIsNobodyToAnother tries everything that a party may do on
// a case that isn't theirs.
func TestAPartyOfOneCaseIsNobodyToAnother(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		mine, theirs := d.taken(t, "mine"), d.taken(t, "theirs")
		who, _ := d.enter(t, d.invite(t, mine.ID, 0), browser1)
		d.enter(t, d.invite(t, theirs.ID, 0), browser2)
		booked(t, d, theirs.ID, 48*time.Hour)
		for name, who := range map[string]access.Actor{
			"party of another case": who, "third party of this one": {ID: dispute.PartyID(theirs.ID, 2)}, "number that is none": {ID: "party:" + string(theirs.ID) + ":x"},
		} {
			none := dispute.Seen{}
			for what, err := range map[string]error{
				"place":    second(d.Place(ctx, who, theirs.ID)),
				"times":    second(d.Appointments(ctx, who, theirs.ID)),
				"answer":   second(d.AnswerAsked(ctx, who, theirs.ID, false, "", none)),
				"pick":     second(d.PickTimes(ctx, who, theirs.ID, "1", nil, none)),
				"put off":  second(d.PutOffMeeting(ctx, who, theirs.ID, "忙", none)),
				"confirm":  second(d.ConfirmPresence(ctx, who, theirs.ID, dispute.Identity{Name: "孙试用", Last4: "2222", Rights: true}, none)),
				"message":  second(d.Supplement(ctx, who, theirs.ID, "话", nil, none)),
				"events":   second(d.Events(ctx, who, theirs.ID)),
				"brief":    second(d.Brief(ctx, who, theirs.ID)),
				"withdraw": second(d.Withdraw(ctx, who, theirs.ID, "", none)),
			} {
				if fault.Of(err) != fault.NotFound {
					t.Errorf("%s: %s: %v", name, what, err)
				}
			}
		}
		for what, err := range map[string]error{
			"withdraws": second(d.Withdraw(ctx, who, mine.ID, "", dispute.Seen{})),
			"books":     second(d.BookTime(ctx, who, mine.ID, d.slot(50*time.Hour), dispute.Seen{})),
			"invites":   third(d.InviteParty(ctx, who, mine.ID, dispute.Invitation{Name: "钱", Matter: "事"}, dispute.Seen{})),
		} {
			if fault.Of(err) != fault.Denied {
				t.Errorf("a party of the case %s: %v", what, err)
			}
		}
	})
}

func (d *desk) slot(in time.Duration) dispute.Slot {
	return dispute.Slot{At: d.clock.Now().Add(in), Minutes: 60, Where: dispute.AtCentre, Place: "二楼调解室"}
}

func booked(t *testing.T, d *desk, id dispute.CaseID, in time.Duration) {
	t.Helper()
	_, err := d.BookTime(t.Context(), li, id, d.slot(in), dispute.Seen{})
	must(t, err)
}

func TestAClearRefusalEndsTheMediation(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.taken(t, "no")
		who, _ := d.enter(t, d.invite(t, c.ID, 0), browser1)
		_, err := d.AnswerAsked(ctx, who, c.ID, true, "", dispute.Seen{})
		must(t, err)
		after, err := d.AnswerAsked(ctx, who, c.ID, false, "没什么好谈的", dispute.Seen{})
		must(t, err)
		if after.State != dispute.Failed || after.Outcome != dispute.Refused {
			t.Errorf("the case is %s with %s", after.State, after.Outcome)
		}
		if keys := d.told(t); !slices.Contains(keys, "notice.party.willing") || !slices.Contains(keys, "notice.party.refused") || !slices.Contains(keys, "notice.outcome") {
			t.Errorf("told %v", keys)
		}
	})
}

// told empties the outbox and lists the keys of what was in it.
func (d *desk) told(t *testing.T) []string {
	t.Helper()
	var keys []string
	for {
		entries, err := d.out.Take(t.Context(), 50)
		must(t, err)
		if len(entries) == 0 {
			slices.Sort(keys)
			return keys
		}
		for _, e := range entries {
			keys = append(keys, e.Notice.Key)
			must(t, d.out.Settle(t.Context(), e.ID, settled))
		}
	}
}

func TestATimeThatSuitsBothIsBookedAndRemindedOfOnce(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.taken(t, "times")
		who, _ := d.enter(t, d.invite(t, c.ID, 0), browser1)
		video := d.slot(72 * time.Hour)
		video.Where, video.Link = dispute.ByVideo, "https://meet.example.cn/abc"
		_, err := d.OfferTimes(ctx, li, c.ID, []dispute.Slot{video, d.slot(48 * time.Hour), d.slot(50 * time.Hour)}, dispute.Seen{})
		must(t, err)
		v, err := d.Appointments(ctx, resident, c.ID)
		must(t, err)
		if len(v.Offered) != 3 || v.Offered[2].Where != dispute.ByVideo || v.Offered[2].Link != "" {
			t.Fatalf("offered %+v", v.Offered)
		}
		ids := []string{v.Offered[0].ID, v.Offered[1].ID, v.Offered[2].ID}
		_, err = d.PickTimes(ctx, resident, c.ID, "1", ids[1:], dispute.Seen{}) // whatever side they name, it is their own
		must(t, err)
		if p, err := d.Place(ctx, who, c.ID); err != nil || p.Meetings.Chosen || p.Meetings.Booked != nil {
			t.Fatalf("after the reporter chose, the other party has %+v, %v", p.Meetings, err)
		}
		_, err = d.PickTimes(ctx, who, c.ID, "", []string{ids[0], ids[2]}, dispute.Seen{})
		must(t, err)
		p, err := d.Place(ctx, who, c.ID)
		must(t, err)
		if p.Meetings.Booked == nil || p.Meetings.Booked.ID != ids[2] || p.Meetings.Booked.Link != "" {
			t.Fatalf("booked %+v", p.Meetings.Booked)
		}
		if _, err := d.OfferTimes(ctx, li, c.ID, []dispute.Slot{d.slot(90 * time.Hour)}, dispute.Seen{}); !errors.Is(err, dispute.ErrBooked) {
			t.Errorf("times offered while one is booked: %v", err)
		}
		_, err = d.Start(ctx, li, c.ID, dispute.OpMediate, "", dispute.Seen{}) // the reminders outlive a step of the work
		must(t, err)
		d.told(t)
		remind := func(want string) {
			t.Helper()
			for range 3 {
				_, err := d.TickDue(ctx)
				must(t, err)
			}
			var got []string
			for _, k := range d.told(t) {
				if strings.Contains(k, ".meeting.") || strings.Contains(k, ".seat.") {
					got = append(got, strings.TrimPrefix(k, "notice."))
				}
			}
			if strings.Join(got, " ") != want {
				t.Errorf("at %v told %v, want %s", d.clock.Now(), got, want)
			}
		}
		remind("")
		d.clock.Add(48*time.Hour + time.Second)
		remind("meeting.day meeting.staff.day seat.day")
		d.clock.Add(23 * time.Hour)
		remind("meeting.hour meeting.staff.hour seat.hour")

		// who they are, then the link
		wrong := dispute.Identity{Name: "孙试用", Last4: "1111", Rights: true}
		for range 5 {
			if _, err := d.ConfirmPresence(ctx, who, c.ID, wrong, dispute.Seen{}); !errors.Is(err, dispute.ErrIdentity) {
				t.Fatalf("a wrong number: %v", err)
			}
		}
		right := dispute.Identity{Name: "孙 试用", Last4: "2222", Rights: true}
		if _, err := d.ConfirmPresence(ctx, who, c.ID, right, dispute.Seen{}); !errors.Is(err, dispute.ErrTries) {
			t.Errorf("after five wrong numbers: %v", err)
		}
		if _, err := d.ConfirmPresence(ctx, resident, c.ID, dispute.Identity{Name: "赵试用", Last4: "0000"}, dispute.Seen{}); fault.Of(err) != fault.Invalid {
			t.Errorf("without the rights: %v", err)
		}
		_, err = d.ConfirmPresence(ctx, resident, c.ID, dispute.Identity{Name: "赵试用", Last4: "0000", Rights: true}, dispute.Seen{})
		must(t, err)
		v, err = d.Appointments(ctx, resident, c.ID)
		must(t, err)
		if v.Confirmed.IsZero() || v.Booked.Link != "https://meet.example.cn/abc" {
			t.Errorf("confirmed, the reporter sees %+v", v)
		}

		// the session, to which the other party doesn't come
		d.clock.Add(2 * time.Hour)
		_, err = d.RecordSession(ctx, li, c.ID, dispute.Session{
			At: d.clock.Now().Add(-time.Hour), Minutes: 30, Where: dispute.ByVideo, Came: []string{"reporter"}, Missed: []string{"1"}, Result: "对方未到",
		}, dispute.Seen{})
		must(t, err)
		k, err := d.Case(ctx, li, c.ID)
		must(t, err)
		m, err := dispute.MeetingsOf(k)
		must(t, err)
		if len(m.Held) != 1 || m.Booked != nil || m.Missed()["1"] != 1 || m.Held[0].Present["reporter"].IsZero() || k.Facts["missed"] != "1" {
			t.Errorf("held %+v, facts %v", m, k.Facts)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

func TestAMediatorIsBookedOnceAtATime(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		one, two := d.taken(t, "1"), d.taken(t, "2")
		booked(t, d, one.ID, 48*time.Hour)
		at := d.slot(48*time.Hour + 59*time.Minute)
		if _, err := d.BookTime(ctx, li, two.ID, at, dispute.Seen{}); !errors.Is(err, dispute.ErrBusy) {
			t.Errorf("an hour that overlaps: %v", err)
		}
		if _, err := d.OfferTimes(ctx, li, two.ID, []dispute.Slot{at}, dispute.Seen{}); !errors.Is(err, dispute.ErrBusy) {
			t.Errorf("offering it: %v", err)
		}
		booked(t, d, two.ID, 49*time.Hour) // when the other is over
		_, err := d.PutOffMeeting(ctx, resident, one.ID, "家里有事", dispute.Seen{})
		must(t, err)
		if _, err := d.PutOffMeeting(ctx, resident, one.ID, "家里有事", dispute.Seen{}); !errors.Is(err, dispute.ErrNoMeeting) {
			t.Errorf("put off twice: %v", err)
		}
		three := d.taken(t, "3")
		booked(t, d, three.ID, 48*time.Hour) // free again at once
		week, err := d.Week(ctx, li, d.clock.Now(), d.clock.Now().Add(7*24*time.Hour))
		must(t, err)
		if len(week) != 2 || week[0].ID != three.ID || week[1].ID != two.ID {
			t.Errorf("the week has %d meetings", len(week))
		}
		if week, err := d.Week(ctx, zhang, d.clock.Now(), d.clock.Now().Add(7*24*time.Hour)); err != nil || len(week) != 0 {
			t.Errorf("another mediator's week has %d meetings, %v", len(week), err)
		}

		// a reservation that came to nothing is free after a minute
		lost := d.clock.Now().Add(100 * time.Hour)
		must(t, d.cases.Reserve(ctx, li.ID, "cabcdefghij23", lost, lost.Add(time.Hour)))
		if err := d.cases.Reserve(ctx, li.ID, one.ID, lost, lost.Add(time.Hour)); !errors.Is(err, dispute.ErrBusy) {
			t.Errorf("a time just set aside: %v", err)
		}
		d.clock.Add(61 * time.Second)
		must(t, d.cases.Reserve(ctx, li.ID, one.ID, lost, lost.Add(time.Hour)))
	})
}

func TestManyCasesRaceForOneHour(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		var ids []dispute.CaseID
		for i := range 8 {
			ids = append(ids, d.taken(t, fmt.Sprint("r", i)).ID)
		}
		at := d.slot(48 * time.Hour)
		got := make([]error, len(ids))
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() { _, got[i] = d.BookTime(context.Background(), li, id, at, dispute.Seen{}) })
		}
		wg.Wait()
		in := 0
		for _, err := range got {
			if err == nil {
				in++
			} else if !errors.Is(err, dispute.ErrBusy) {
				t.Error(err)
			}
		}
		if in != 1 {
			t.Errorf("%d cases have the same hour", in)
		}
	})
}

func TestTimesThatCannotBe(t *testing.T) {
	d := open(t, redistest.Client(t))
	c := d.taken(t, "bad")
	for name, change := range map[string]func(*dispute.Slot){
		"past":             func(sl *dispute.Slot) { sl.At = d.clock.Now() },
		"in a year":        func(sl *dispute.Slot) { sl.At = d.clock.Now().AddDate(1, 0, 0) },
		"too short":        func(sl *dispute.Slot) { sl.Minutes = 5 },
		"all night":        func(sl *dispute.Slot) { sl.Minutes = 1000 },
		"nowhere":          func(sl *dispute.Slot) { sl.Where = "moon" },
		"no video link":    func(sl *dispute.Slot) { sl.Where = dispute.ByVideo },
		"a plain link":     func(sl *dispute.Slot) { sl.Where, sl.Link = dispute.ByVideo, "http://meet.example.cn/a" },
		"a script":         func(sl *dispute.Slot) { sl.Where, sl.Link = dispute.ByVideo, "javascript:alert(1)" },
		"a link with user": func(sl *dispute.Slot) { sl.Where, sl.Link = dispute.ByVideo, "https://a:b@meet.example.cn/a" },
	} {
		sl := d.slot(48 * time.Hour)
		change(&sl)
		if _, err := d.BookTime(t.Context(), li, c.ID, sl, dispute.Seen{}); fault.Of(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	shanghai := time.FixedZone("CST", 8*60*60)
	for want, at := range map[string]time.Time{
		"": time.Date(2026, 11, 24, 9, 0, 0, 0, shanghai), "hours": time.Date(2026, 11, 24, 17, 0, 0, 0, shanghai),
		"holiday": time.Date(2026, 11, 29, 9, 0, 0, 0, shanghai),
	} {
		if got := d.Warning(dispute.Slot{At: at, Minutes: 60, Where: dispute.AtCentre}); got != want {
			t.Errorf("%v warns of %q, want %q", at, got, want)
		}
	}
}
