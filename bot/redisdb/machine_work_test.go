package redisdb_test

import (
	"context"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/place"
)

// The operations of who works on a case, for [model].

// absence has the village's mediators go or come back.
func (m *model) absence(*rapid.T) { m.away = !m.away }

// atCentre picks a case that waits at the centre, where one does: few do.
func (m *model) atCentre(rt *rapid.T) (dispute.CaseID, *belief) {
	var fit []dispute.CaseID
	for _, id := range m.order {
		if b := m.cases[id]; b.centre && b.state == dispute.Accepted {
			fit = append(fit, id)
		}
	}
	if len(fit) == 0 {
		return m.pick(rt)
	}
	id := rapid.SampledFrom(fit).Draw(rt, "at the centre")
	return id, m.cases[id]
}

func (m *model) sendBack(rt *rapid.T) {
	id, b := m.atCentre(rt)
	m.away = rapid.SampledFrom([]bool{m.away, false}).Draw(rt, "away")
	a := rapid.SampledFrom([]access.Actor{clerk, clerk, clerk, zhang}).Draw(rt, "who")
	village := rapid.SampledFrom([]string{"999999999001", "999999999001", "999999999001", place.Centre, "nowhere"}).Draw(rt, "village")
	_, err := m.SendBack(context.Background(), a, id, village, "", dispute.Seen{})
	possible := a.ID == clerk.ID && village == "999999999001" && b.state == dispute.Accepted && b.centre && !b.back && !m.away
	m.expect(rt, "send back by "+a.ID, possible, err, b, b.state, b.owner)
	b.back = b.back || err == nil
}

func (m *model) turnBack(rt *rapid.T) {
	id, b := m.atCentre(rt)
	a := who(rt)
	_, err := m.TurnBack(context.Background(), a, id, "不是我们村的", dispute.Seen{})
	possible := b.state == dispute.Accepted && b.back && (a.ID == clerk.ID || territories[a.ID] && !b.recused[a.ID])
	m.expect(rt, "turn back by "+a.ID, possible, err, b, b.state, b.owner)
	b.back = b.back && err != nil
}

func (m *model) offer(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	to := rapid.SampledFrom([]access.Actor{zhang, li, wang, clerk}).Draw(rt, "to")
	_, err := m.Offer(context.Background(), a, id, to, "出差", dispute.Seen{})
	possible := slices.Contains(inHand, b.state) && a.ID == b.owner && b.offer == "" && to.ID != b.owner && to.ID != clerk.ID && !b.recused[to.ID]
	m.expect(rt, "offer to "+to.ID+" by "+a.ID, possible, err, b, b.state, b.owner)
	if err == nil {
		b.offer = to.ID
	}
}

// answer has somebody take or turn down what may have been offered to them.
func (m *model) answer(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	if b.offer != "" && rapid.Bool().Draw(rt, "asked") {
		a = map[string]access.Actor{zhang.ID: zhang, li.ID: li, wang.ID: wang}[b.offer]
	}
	asked := b.offer != "" && a.ID == b.offer
	if rapid.Bool().Draw(rt, "takes") {
		_, err := m.Take(context.Background(), a, id, dispute.Seen{})
		m.expect(rt, "take by "+a.ID, asked, err, b, b.state, a.ID)
		return
	}
	_, err := m.TurnDown(context.Background(), a, id, "", dispute.Seen{})
	m.expect(rt, "turn down by "+a.ID, b.offer != "" && (asked || a.ID == b.owner || a.ID == clerk.ID), err, b, b.state, b.owner)
	if err == nil {
		b.offer = ""
	}
}

var helping = append([]dispute.State{dispute.Agreed, dispute.Performing}, inHand...)

func (m *model) invite(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	helper := rapid.SampledFrom([]access.Actor{zhang, li, adviser, clerk}).Draw(rt, "helper")
	_, err := m.Invite(context.Background(), a, id, helper, "", dispute.Seen{})
	possible := slices.Contains(helping, b.state) && (a.ID == b.owner || a.ID == clerk.ID) && helper.ID != clerk.ID && helper.ID != b.owner &&
		!b.helpers[helper.ID] && !b.recused[helper.ID]
	m.expect(rt, "invite "+helper.ID+" by "+a.ID, possible, err, b, b.state, b.owner)
	if err == nil {
		b.helpers[helper.ID] = true
	}
}

func (m *model) dismiss(rt *rapid.T) {
	id, b := m.pick(rt)
	a := rapid.SampledFrom([]access.Actor{zhang, li, adviser, clerk, resident}).Draw(rt, "by")
	helper := rapid.SampledFrom([]string{zhang.ID, li.ID, adviser.ID}).Draw(rt, "helper")
	_, err := m.Dismiss(context.Background(), a, id, helper, "", dispute.Seen{})
	possible := slices.Contains(helping, b.state) && b.helpers[helper] && (a.ID == b.owner || a.ID == clerk.ID || a.ID == helper)
	m.expect(rt, "dismiss "+helper+" by "+a.ID, possible, err, b, b.state, b.owner)
	if err == nil {
		delete(b.helpers, helper)
	}
}

func (m *model) extend(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	x := dispute.Extension{
		Until:    m.clock.Now().AddDate(0, 0, rapid.IntRange(100, 170).Draw(rt, "days")),
		Reporter: true, Other: rapid.Bool().Draw(rt, "both"), How: "电话",
	}
	before, err := m.desk.cases.Case(context.Background(), id, false)
	if err != nil {
		rt.Fatal(err)
	}
	later := true
	for _, t := range before.Timers {
		if t.Kind == dispute.DueSettle && t.N == 0 && !x.Until.Truncate(24*60*60e9).After(t.At) {
			later = false
		}
	}
	if !later {
		rt.Skip("extended that far before")
	}
	_, err = m.Extend(context.Background(), a, id, x, dispute.Seen{})
	possible := x.Other && a.ID == b.owner && slices.Contains(inHand, b.state) && b.state != dispute.Paused
	m.expect(rt, "extend by "+a.ID, possible, err, b, b.state, b.owner)
}

func (m *model) object(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	_, err := m.Object(context.Background(), a, id, "不熟", dispute.Seen{})
	possible := slices.Contains(inHand, b.state) && !b.objected && (a.ID == b.owner || a.ID == clerk.ID || a.ID == resident.ID)
	m.expect(rt, "object by "+a.ID, possible, err, b, b.state, b.owner)
	if err == nil {
		b.objected = true
	}
}

func (m *model) decide(rt *rapid.T) {
	id, b := m.pick(rt)
	a := rapid.SampledFrom([]access.Actor{clerk, clerk, zhang, resident}).Draw(rt, "by")
	possible, refused := b.objected && a.ID == clerk.ID, b.owner
	if rapid.Bool().Draw(rt, "replaced") {
		_, err := m.Replace(context.Background(), a, id, "", dispute.Seen{})
		m.expect(rt, "replace by "+a.ID, possible, err, b, dispute.Accepted, "")
		if err == nil {
			b.recused[refused] = true
		}
		return
	}
	_, err := m.Keep(context.Background(), a, id, "查过了", dispute.Seen{})
	m.expect(rt, "keep by "+a.ID, possible, err, b, b.state, b.owner)
	if err == nil {
		b.objected = false
	}
}

func (m *model) merge(rt *rapid.T) {
	id, b := m.pick(rt)
	into, target := m.pick(rt)
	a := rapid.SampledFrom([]access.Actor{clerk, clerk, clerk, zhang}).Draw(rt, "by")
	early := append([]dispute.State{dispute.Submitted, dispute.Accepted}, inHand...)
	possible := a.ID == clerk.ID && id != into && slices.Contains(early, b.state) && target.state.Open()
	_, err := m.Merge(context.Background(), a, id, into, dispute.Seen{})
	m.expect(rt, "merge by "+a.ID, possible, err, b, dispute.Merged, b.owner)
	m.catchUp(rt, id, b)
	m.catchUp(rt, into, target)
	if err != nil {
		return
	}
	c, err := m.desk.cases.Case(context.Background(), into, false)
	if err != nil || !slices.ContainsFunc(c.MergedFrom(), func(p dispute.Person) bool { return p.ID == string(id) }) {
		rt.Fatalf("case %s merged into %s, which names %v: %v", id, into, c.MergedFrom(), err)
	}
}

func (m *model) rate(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	p := dispute.Priority(rapid.IntRange(0, 3).Draw(rt, "urgency"))
	_, err := m.Rate(context.Background(), a, id, p, "看过了", dispute.Seen{})
	early := append([]dispute.State{dispute.Submitted, dispute.Accepted}, inHand...)
	possible := slices.Contains(early, b.state) && (a.ID == b.owner && b.owner != "" || a.ID == clerk.ID) && p != b.priority
	m.expect(rt, "rate by "+a.ID, possible, err, b, b.state, b.owner)
	if err == nil {
		b.priority = p
	}
}

// next has a mediator take the best case that waits for them.
func (m *model) next(rt *rapid.T) {
	a := rapid.SampledFrom([]access.Actor{zhang, li}).Draw(rt, "who")
	var best dispute.CaseID
	for id, b := range m.cases {
		if b.state != dispute.Accepted || b.centre && !b.back || b.recused[a.ID] {
			continue
		}
		if best == "" || sooner(b, m.cases[best]) < 0 || sooner(b, m.cases[best]) == 0 && compare(id, best) < 0 {
			best = id
		}
	}
	c, err := m.Next(context.Background(), a, dispute.Seen{})
	if best == "" {
		if err == nil {
			rt.Fatalf("%s's next case is %s, none waits", a.ID, c.ID)
		}
		return
	}
	if err != nil || c.ID != best {
		rt.Fatalf("%s's next case is %q, want %s: %v", a.ID, c.ID, best, err)
	}
	b := m.cases[best]
	b.centre = b.centre && !b.back // the village took it
	b.become(dispute.Claimed, a.ID)
	b.version++
}

func sooner(a, b *belief) int {
	if a.priority != b.priority {
		return int(a.priority - b.priority)
	}
	return a.filed.Compare(b.filed)
}

// checkWork compares who works on a case with the model.
func (m *model) checkWork(rt *rapid.T, c dispute.Case, b *belief) {
	var team []string
	for _, p := range c.Team() {
		team = append(team, p.ID)
		if !b.helpers[p.ID] {
			rt.Fatalf("%s helps with case %s, want %v", p.ID, c.ID, b.helpers)
		}
		n := m.rdb.ZScore(context.Background(), "anjie:{"+m.tenant+"}:ix:helper:"+p.ID, string(c.ID))
		if n.Err() != nil {
			rt.Fatalf("%s isn't found among what %s helps with", c.ID, p.ID)
		}
	}
	if len(team) != len(b.helpers) || c.OfferedTo().ID != b.offer || c.Objected() != b.objected || c.Priority != b.priority {
		rt.Fatalf("case %s: helped by %v, offered to %q, objected %v, priority %d; want %+v", c.ID, team, c.OfferedTo().ID, c.Objected(), c.Priority, *b)
	}
	for k := range c.Facts {
		if strings.HasPrefix(k, "left:") && b.state != dispute.Paused {
			rt.Fatalf("case %s is %s with stopped deadline %s", c.ID, c.State, k)
		}
	}
}
