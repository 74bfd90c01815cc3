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
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// TestPartiesReadTheirAgreementFromTheArchive: a case that has left for its file
// is still open to its two sides, and to nobody else; it stays in the file.
func TestPartiesReadTheirAgreementFromTheArchive(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := withShelf(t, rdb), t.Context()
		c := d.taken(t, "kept")
		code := d.invite(t, c.ID, 0)
		guest, _ := d.enter(t, code, browser1)
		must(t, second(d.Advance(ctx, li, c.ID, dispute.OpMediate, "", dispute.Seen{})))
		must(t, second(d.Agree(ctx, li, c.ID, dispute.Terms{Oral: true, Terms: []string{"外机挪到北墙"}}, dispute.Seen{})))
		for _, op := range []dispute.Op{dispute.OpPerform, dispute.OpClose} {
			must(t, second(d.Advance(ctx, li, c.ID, op, "", dispute.Seen{})))
		}
		if _, err := d.Advance(ctx, li, c.ID, dispute.OpArchive, "", dispute.Seen{}); !errors.Is(err, dispute.ErrUntold) {
			t.Fatalf("archived with a party untold of her agreement: %v", err)
		}
		p, err := d.Case(ctx, li, c.ID)
		must(t, err)
		calls, err := dispute.UntoldOf(p)
		must(t, err)
		for _, u := range calls {
			must(t, second(d.Telephoned(ctx, li, c.ID, []string{u.Mark()}, "知道了", dispute.Seen{})))
		}
		must(t, second(d.Advance(ctx, li, c.ID, dispute.OpArchive, "", dispute.Seen{})))
		d.later(31)
		d.shelve(t, 1)

		who, id, err := d.Guest(ctx, code, browser1)
		must(t, err)
		if who.ID != guest.ID || id != c.ID {
			t.Errorf("by the link it is %s at %s", who.ID, id)
		}
		for _, who := range []access.Actor{guest, resident} {
			m, err := d.Aftermath(ctx, who, c.ID)
			must(t, err)
			if !m.Filed || m.State != dispute.Archived || m.Consent == nil || !slices.Equal(m.Consent.Agreement.Terms, []string{"外机挪到北墙"}) || m.Consent.Code != "" || m.MayRate {
				t.Errorf("%s reads %+v", who.ID, m)
			}
			_, err = d.Appointments(ctx, who, c.ID)
			must(t, err)
		}
		if p, err := d.Place(ctx, guest, c.ID); err != nil || p.Matter == "" {
			t.Errorf("her place is %+v, %v", p, err)
		}
		for _, thief := range []access.Actor{{ID: dispute.PartyID(c.ID, 2)}, {ID: "web:" + browser2}, {ID: dispute.PartyID("cbbbbbbbbbbbb", 1)}} {
			if _, err := d.Aftermath(ctx, thief, c.ID); fault.Of(err) != fault.NotFound {
				t.Errorf("%s reads: %v", thief.ID, err)
			}
		}
		if _, _, err := d.Guest(ctx, code, browser2); fault.Of(err) != fault.NotFound {
			t.Errorf("another browser by the link: %v", err)
		}
		brief, err := d.Brief(ctx, clerk, c.ID)
		must(t, err)
		if brief.Shelf == "" {
			t.Error("reading put the case back")
		}
		events, err := d.Events(ctx, clerk, c.ID)
		must(t, err)
		reads := 0
		for _, e := range events {
			if e.Kind == "read" && e.Actor == guest.ID {
				reads++
			}
		}
		if reads != 1 {
			t.Errorf("her reads stand in the trail %d times", reads)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

// TestBothPartiesAreRemindedOfAStepWhoOwesFirst: whom the desk reaches, first
// who does it.
func TestBothPartiesAreRemindedOfAStepWhoOwesFirst(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		for by, want := range map[string][2]string{
			dispute.RoleOther:    {"web:browser-one notice.seat.", "web:resident notice."},
			dispute.RoleReporter: {"web:resident notice.", "web:browser-one notice.seat."},
		} {
			d, ctx := open(t, rdb), t.Context()
			c := d.taken(t, by)
			d.enter(t, d.invite(t, c.ID, 0), browser1)
			must(t, second(d.Advance(ctx, li, c.ID, dispute.OpMediate, "", dispute.Seen{})))
			due := dispute.DayOf(d.clock.Now()).Plus(10)
			must(t, second(d.Agree(ctx, li, c.ID, dispute.Terms{
				Oral: true, Terms: []string{"还钱"}, Steps: []dispute.Step{{By: by, What: "还款", Due: due}},
			}, dispute.Seen{})))
			d.sent(t)
			for _, when := range []struct {
				key  string
				days int
			}{{"step.soon", 7}, {"step.today", 3}} {
				d.clock.Add(time.Duration(when.days) * 24 * time.Hour)
				must(t, second(d.TickDue(ctx)))
				var told []string
				for _, s := range d.sent(t) {
					if strings.Contains(s, "step.") {
						told = append(told, s)
					}
				}
				if !slices.Equal(told, []string{want[0] + when.key, want[1] + when.key}) {
					t.Errorf("a step of the %s, %s: told %v", by, when.key, told)
				}
			}
		}
	})
}
