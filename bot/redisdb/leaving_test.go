package redisdb_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// leaver is a desk where zhang holds one of everything: a case with a meeting
// booked, one whose agreement is being kept, one that li offers to zhang, and a
// part in one of li's.
func leaver(t *testing.T, d *desk) (meeting, kept, offered, helps dispute.Case) {
	t.Helper()
	ctx := t.Context()
	meeting = d.file(t, "meeting")
	must(t, second(d.Claim(ctx, zhang, meeting.ID, dispute.Seen{})))
	must(t, second(d.BookTime(ctx, zhang, meeting.ID, d.slot(100*time.Hour), dispute.Seen{})))
	kept = d.atTheTable(t, "kept")
	kept, err := d.Agree(ctx, zhang, kept.ID, instalments(true), dispute.Seen{})
	must(t, err)
	offered = d.file(t, "offered")
	must(t, second(d.Claim(ctx, li, offered.ID, dispute.Seen{})))
	must(t, second(d.Offer(ctx, li, offered.ID, zhang, "出差", dispute.Seen{})))
	helps = d.file(t, "helps")
	must(t, second(d.Claim(ctx, li, helps.ID, dispute.Seen{})))
	must(t, second(d.Invite(ctx, li, helps.ID, zhang, "", dispute.Seen{})))
	d.sent(t)
	return meeting, kept, offered, helps
}

// TestNothingIsOrphanedWhenSomebodyGoes: all that an account holds is named,
// nothing is done unless each case has somewhere to go, and then everything is
// with somebody.
func TestNothingIsOrphanedWhenSomebodyGoes(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		meeting, kept, offered, helps := leaver(t, d)
		h, err := d.Holdings(ctx, clerk, zhang.ID)
		must(t, err)
		if len(h.Cases) != 2 || len(h.Offered) != 1 || h.Offered[0].ID != offered.ID || len(h.Helps) != 1 || h.Helps[0].ID != helps.ID {
			t.Fatalf("held: %d, offered %d, helps %d", len(h.Cases), len(h.Offered), len(h.Helps))
		}
		if !slices.ContainsFunc(h.Cases, func(c dispute.Case) bool { _, is := dispute.Booked(c); return is && c.ID == meeting.ID }) {
			t.Error("the appointment isn't among what is held")
		}
		_, err = d.Holdings(ctx, zhang, zhang.ID)
		wantsKind(t, "a mediator asks", err, fault.Denied)

		back := func(dispute.Case) (dispute.Receiver, bool) { return dispute.Receiver{}, true }
		for name, tc := range map[string]struct {
			plan func(dispute.Case) (dispute.Receiver, bool)
			want error
			of   dispute.Number
		}{
			"nothing is said":               {func(dispute.Case) (dispute.Receiver, bool) { return dispute.Receiver{}, false }, dispute.ErrUnplaced, ""},
			"an agreement into the queue":   {back, dispute.ErrNoQueue, kept.Number},
			"to themselves":                 {func(dispute.Case) (dispute.Receiver, bool) { return zhang, true }, dispute.ErrUnplaced, ""},
			"to a clerk":                    {func(dispute.Case) (dispute.Receiver, bool) { return clerk, true }, dispute.ErrUnfit, ""},
			"the offered one to who has it": {func(dispute.Case) (dispute.Receiver, bool) { return li, true }, dispute.ErrUnfit, offered.Number},
		} {
			_, err := d.HandOver(ctx, clerk, zhang.ID, "调走", tc.plan)
			var of *dispute.HandError
			if !errors.Is(err, tc.want) || !errors.As(err, &of) || tc.of != "" && of.Number != tc.of {
				t.Errorf("%s: %v, want %v of %s", name, err, tc.want, tc.of)
			}
		}
		_, err = d.HandOver(ctx, clerk, zhang.ID, "", back)
		wantsKind(t, "without a reason", err, fault.Invalid)
		if c, _ := d.Brief(ctx, clerk, meeting.ID); c.Owner != zhang.ID {
			t.Fatalf("a refused plan moved a case to %q", c.Owner)
		}

		went, err := d.HandOver(ctx, clerk, zhang.ID, "调走", func(c dispute.Case) (dispute.Receiver, bool) {
			if c.ID == offered.ID {
				return dispute.Receiver{}, true
			}
			return li, true
		})
		must(t, err)
		if went[li.ID] != 2 || went[""] != 1 {
			t.Errorf("went: %v", went)
		}
		told := d.sent(t)
		for _, want := range []string{"staff:li notice.assigned", "staff:li notice.passed", "staff:li notice.turned.down", "staff:li notice.left"} {
			if !slices.Contains(told, want) {
				t.Errorf("%s isn't told: %v", want, told)
			}
		}
		for _, want := range []struct {
			id    dispute.CaseID
			state dispute.State
		}{{meeting.ID, dispute.Claimed}, {kept.ID, dispute.Performing}, {offered.ID, dispute.Claimed}, {helps.ID, dispute.Claimed}} {
			c, err := d.Brief(ctx, clerk, want.id)
			must(t, err)
			if c.Owner != li.ID || c.State != want.state || c.OfferedTo().ID != "" || len(c.Team()) != 0 {
				t.Errorf("%s: %s of %q, offered to %+v, helped by %v", want.id, c.State, c.Owner, c.OfferedTo(), c.Team())
			}
			must(t, d.Verify(ctx, clerk, c.ID))
		}
		after, err := d.Brief(ctx, clerk, meeting.ID)
		must(t, err)
		if _, booked := dispute.Booked(after); !booked {
			t.Error("the meeting is off though its new mediator is free")
		}
		if busy, err := d.InHand(ctx, zhang.ID); busy || err != nil {
			t.Errorf("still in hand: %v, %v", busy, err)
		}
	})
}

// TestTheQueueTakesWhatIsStillToBeMediated and the agreement goes to a name.
func TestTheQueueTakesWhatIsStillToBeMediated(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		meeting, kept, _, _ := leaver(t, d)
		_, err := d.HandOver(ctx, clerk, zhang.ID, "调走", func(c dispute.Case) (dispute.Receiver, bool) {
			if c.Owner == zhang.ID && !dispute.Queueable(c) {
				return li, true
			}
			return dispute.Receiver{}, true
		})
		must(t, err)
		c, err := d.Brief(ctx, clerk, meeting.ID)
		must(t, err)
		if _, booked := dispute.Booked(c); c.State != dispute.Accepted || c.Owner != "" || booked {
			t.Errorf("back in the queue: %s of %q, booked %v", c.State, c.Owner, booked)
		}
		if c, _ = d.Brief(ctx, clerk, kept.ID); c.Owner != li.ID || c.State != dispute.Performing {
			t.Errorf("kept: %s of %q", c.State, c.Owner)
		}
		_, err = d.PassOn(ctx, zhang, kept.ID, zhang, "", dispute.Seen{})
		wantsKind(t, "a mediator passes on what isn't theirs", err, fault.Denied)
	})
}
