package redisdb_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestABookedMeetingWhenTheMediatorChanges: it stands where the new one is free,
// else it is off, and both sides are told either way.
func TestABookedMeetingWhenTheMediatorChanges(t *testing.T) {
	give := func(d *desk, id dispute.CaseID) error {
		_, err := d.Offer(t.Context(), li, id, zhang, "出差", dispute.Seen{})
		if err == nil {
			_, err = d.Take(t.Context(), zhang, id, dispute.Seen{})
		}
		return err
	}
	assign := func(d *desk, id dispute.CaseID) error {
		return second(d.Reassign(t.Context(), clerk, id, zhang, "", dispute.Seen{}))
	}
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		for name, tc := range map[string]struct {
			change func(d *desk, id dispute.CaseID) error
			busy   bool
			stands bool
			want   []string // told after it
		}{
			"taken over by one who is free": {give, false, true, []string{"web:resident notice.meeting.stands", "web:browser-one notice.seat.stands", "staff:zhang notice.meeting.staff.stands"}},
			"taken over by one who isn't":   {give, true, false, []string{"web:resident notice.meeting.off", "web:browser-one notice.seat.off", "staff:zhang notice.meeting.staff.moved"}},
			"assigned to one who is free":   {assign, false, true, []string{"web:resident notice.meeting.stands", "web:browser-one notice.seat.stands"}},
			"assigned to one who isn't":     {assign, true, false, []string{"web:resident notice.meeting.off", "web:browser-one notice.seat.off"}},
			"released": {func(d *desk, id dispute.CaseID) error {
				return second(d.Release(t.Context(), li, id, "出差", dispute.Seen{}))
			}, false, false, []string{"web:resident notice.meeting.off", "web:browser-one notice.seat.off"}},
			"its mediator refused": {func(d *desk, id dispute.CaseID) error {
				_, err := d.Object(t.Context(), resident, id, "沾亲", dispute.Seen{})
				if err == nil {
					_, err = d.Replace(t.Context(), clerk, id, "", dispute.Seen{})
				}
				return err
			}, false, false, []string{"web:resident notice.meeting.off", "web:browser-one notice.seat.off"}},
			"the lease run out": {func(d *desk, _ dispute.CaseID) error {
				d.clock.Add(73 * time.Hour)
				return second(d.TickDue(t.Context()))
			}, false, false, []string{"web:resident notice.meeting.off", "web:browser-one notice.seat.off"}},
		} {
			d := open(t, rdb)
			c := d.taken(t, name)
			d.enter(t, d.invite(t, c.ID, 0), browser1)
			booked(t, d, c.ID, 100*time.Hour)
			if tc.busy {
				other := d.file(t, name+" other")
				must(t, second(d.Claim(t.Context(), zhang, other.ID, dispute.Seen{})))
				must(t, second(d.BookTime(t.Context(), zhang, other.ID, d.slot(100*time.Hour), dispute.Seen{})))
			}
			d.sent(t)
			must(t, tc.change(d, c.ID))
			told := d.sent(t)
			for _, want := range tc.want {
				if !slices.Contains(told, want) {
					t.Errorf("%s: %s isn't told; told\n%s", name, want, strings.Join(told, "\n"))
				}
			}
			after, err := d.Brief(t.Context(), clerk, c.ID)
			must(t, err)
			if _, is := dispute.Booked(after); is != tc.stands {
				t.Errorf("%s: the meeting stands %v, want %v", name, is, tc.stands)
			}
			reminded := slices.ContainsFunc(after.Timers, func(t dispute.Timer) bool { return t.Kind == dispute.DueMeetDay })
			if reminded != tc.stands {
				t.Errorf("%s: the reminder runs %v, want %v", name, reminded, tc.stands)
			}
			a, err := d.Appointments(t.Context(), resident, c.ID)
			must(t, err)
			if (a.Booked != nil) != tc.stands {
				t.Errorf("%s: the reporter sees %v", name, a.Booked)
			}
			// the hour is the old mediator's again, and the new one's where it stands
			if name != "the lease run out" {
				d.hourIs(t, name, li, true)
				d.hourIs(t, name, zhang, !tc.stands && !tc.busy)
			}
			must(t, d.Verify(t.Context(), clerk, c.ID))
		}
	})
}

// hourIs finds whether a mediator has the hour free that the cases above book.
func (d *desk) hourIs(t *testing.T, name string, who access.Actor, free bool) {
	t.Helper()
	c := d.file(t, name+who.ID)
	must(t, second(d.Claim(t.Context(), who, c.ID, dispute.Seen{})))
	_, err := d.BookTime(t.Context(), who, c.ID, d.slot(100*time.Hour), dispute.Seen{})
	if free && err != nil || !free && !errors.Is(err, dispute.ErrBusy) {
		t.Errorf("%s: %s's hour: %v, should be free: %v", name, who.ID, err, free)
	}
}
