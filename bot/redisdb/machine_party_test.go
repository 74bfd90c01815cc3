package redisdb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// The operations of other parties and of meetings, for [model].

// seat invites another party and lets a browser in by the link.
func (m *model) seat(rt *rapid.T) {
	ctx := context.Background()
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	_, code, err := m.InviteParty(ctx, a, id, dispute.Invitation{Name: "孙试用", Matter: "空调"}, dispute.Seen{})
	possible := slices.Contains(helping, b.state) && (a.ID == b.owner || a.ID == clerk.ID) && b.seats < 8
	m.expect(rt, "invite a party by "+a.ID, possible, err, b, b.state, b.owner)
	if err != nil {
		return
	}
	b.seats++
	browser := fmt.Sprint("browser", b.seats)
	for range 2 { // a second time is nothing new
		if err := m.EnterByLink(ctx, code, browser); err != nil {
			rt.Fatal(err)
		}
	}
	b.version++
	if err := m.EnterByLink(ctx, code, "thief"); !errors.Is(err, dispute.ErrLink) {
		rt.Fatalf("a second browser came in: %v", err)
	}
}

// guest has another party answer or put a meeting off.
func (m *model) guest(rt *rapid.T) {
	ctx := context.Background()
	id, b := m.pick(rt)
	if b.seats == 0 {
		rt.Skip("nobody was invited")
	}
	who := access.Actor{ID: dispute.PartyID(id, rapid.IntRange(1, b.seats).Draw(rt, "party"))}
	switch rapid.SampledFrom([]string{"yes", "no", "off", "foreign"}).Draw(rt, "says") {
	case "yes":
		_, err := m.AnswerAsked(ctx, who, id, true, "", dispute.Seen{})
		m.expect(rt, "willing", slices.Contains(inHand, b.state), err, b, b.state, b.owner)
	case "no":
		_, err := m.AnswerAsked(ctx, who, id, false, "不谈", dispute.Seen{})
		m.expect(rt, "refusal", slices.Contains(inHand, b.state), err, b, dispute.Failed, b.owner)
	case "off":
		m.putOff(rt, who, id, b, true)
	case "foreign":
		for _, other := range m.order {
			if other != id {
				if _, err := m.Appointments(ctx, who, other); !errors.Is(err, dispute.ErrNotFound) {
					rt.Fatalf("a party of %s reads %s: %v", id, other, err)
				}
			}
		}
	}
}

// checkMeeting compares the booked meeting with the model. One still to come is
// off once nobody has the case, and goes to a new mediator only if they are free.
func (m *model) checkMeeting(rt *rapid.T, c dispute.Case, b *belief) {
	got, is := dispute.Booked(c)
	ahead := b.meet.After(m.clock.Now())
	if b.moved && ahead {
		if !is {
			b.meet = time.Time{}
		} else if b.owner == "" {
			rt.Fatalf("case %s waits in the queue with a meeting at %v", c.ID, got.At)
		}
	}
	b.moved = false
	if is != !b.meet.IsZero() || is && !got.At.Equal(b.meet) {
		rt.Fatalf("case %s has a meeting %v at %v, want %v", c.ID, is, got.At, b.meet)
	}
	for other, o := range m.cases {
		gap := o.meet.Sub(b.meet)
		if is && other != c.ID && o.owner == b.owner && b.owner != "" && b.state.Open() && o.state.Open() && !o.meet.IsZero() && !o.moved && ahead && gap < time.Hour && gap > -time.Hour {
			rt.Fatalf("%s meets for %s at %v and for %s at %v", b.owner, c.ID, b.meet, other, o.meet)
		}
	}
}

func (m *model) putOff(rt *rapid.T, who access.Actor, id dispute.CaseID, b *belief, may bool) {
	_, err := m.PutOffMeeting(context.Background(), who, id, "有事", dispute.Seen{})
	m.expect(rt, "put off by "+who.ID, may && slices.Contains(helping, b.state) && !b.meet.IsZero(), err, b, b.state, b.owner)
	if err == nil {
		b.meet = time.Time{}
	}
}

// book books one of a few hours, or puts the booked one off.
func (m *model) book(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	if rapid.IntRange(0, 3).Draw(rt, "off") == 0 {
		m.putOff(rt, a, id, b, a.ID == b.owner || a.ID == clerk.ID || a.ID == resident.ID)
		return
	}
	at := m.clock.Now().Add(time.Duration(rapid.IntRange(2, 5).Draw(rt, "half hours")) * 30 * time.Minute)
	clash := false
	for other, o := range m.cases {
		gap := o.meet.Sub(at)
		clash = clash || other != id && o.owner == b.owner && o.state.Open() && !o.meet.IsZero() && gap < time.Hour && gap > -time.Hour
	}
	_, err := m.BookTime(context.Background(), a, id, dispute.Slot{At: at, Minutes: 60, Where: dispute.AtCentre}, dispute.Seen{})
	if errors.Is(err, dispute.ErrBusy) {
		return // or an hour just given up by a case that went elsewhere
	}
	possible := slices.Contains(helping, b.state) && (a.ID == b.owner || a.ID == clerk.ID) && b.meet.IsZero() && !clash
	m.expect(rt, "book by "+a.ID, possible, err, b, b.state, b.owner)
	if err == nil {
		b.meet = at.Truncate(time.Minute)
	}
}
