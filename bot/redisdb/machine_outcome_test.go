package redisdb_test

import (
	"context"
	"slices"

	"pgregory.net/rapid"

	"github.com/anjie-desk/anjie/bot/dispute"
)

// oneMust is the only paper of the model's dossiers.
var oneMust = dispute.Form{
	Key: "rights", Name: "告知书", Must: true, Fields: []string{"当事人"}, Need: []string{"当事人"},
	Fill: func(dispute.File) (map[string]string, error) { return nil, nil },
}

func allSigned(d *desk) dispute.Signing {
	today := dispute.DayOf(d.clock.Now())
	return dispute.Signing{
		Parties:  map[string]dispute.Day{dispute.RoleReporter: today, dispute.RoleOther: today},
		Mediator: today, Seal: today,
	}
}

// agree makes an agreement with one step, or without.
func (m *model) agree(rt *rapid.T) {
	id, b := m.pick(rt)
	a, steps := whoFor(rt, b), rapid.Bool().Draw(rt, "steps")
	t := dispute.Terms{Oral: rapid.Bool().Draw(rt, "oral"), Terms: []string{"外机挪走"}}
	if steps {
		t.Steps = []dispute.Step{{By: dispute.RoleOther, What: "挪走", Due: dispute.DayOf(m.clock.Now()).Plus(rapid.IntRange(0, 9).Draw(rt, "days"))}}
	}
	to := dispute.Agreed
	if t.Oral {
		to = dispute.Performing
	}
	_, err := m.Agree(context.Background(), a, id, t, dispute.Seen{})
	m.expect(rt, "agree by "+a.ID, a.ID == b.owner && b.state == dispute.Mediating, err, b, to, b.owner)
	if err == nil {
		b.steps = steps
	}
}

func (m *model) mayWork(id string, b *belief) bool {
	return id == clerk.ID || id != "" && id == b.owner
}

// sign makes every mark at once: what waits for them is then in effect.
func (m *model) sign(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	c, cerr := m.desk.cases.Case(context.Background(), id, true)
	if cerr != nil {
		rt.Fatal(cerr)
	}
	_, err := m.Sign(context.Background(), a, id, allSigned(m.desk), dispute.Seen{})
	possible := m.mayWork(a.ID, b) && (b.state == dispute.Agreed || b.state == dispute.Performing)
	if possible && c.Papers["agreement"] == "" {
		rt.Fatalf("case %s is %s without an agreement on file", id, b.state)
	}
	m.expect(rt, "sign by "+a.ID, possible, err, b, dispute.Performing, b.owner)
	if err == nil {
		m.catchUp(rt, id, b)
	}
}

// perform records the one step as done: the desk then says performed by itself.
func (m *model) perform(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	possible := m.mayWork(a.ID, b) && b.state == dispute.Performing && b.steps
	_, err := m.Fulfil(context.Background(), a, id, 0, dispute.DayOf(m.clock.Now()), "收条", dispute.Seen{})
	m.expect(rt, "fulfil by "+a.ID, possible, err, b, dispute.Performed, b.owner)
	if err == nil {
		m.catchUp(rt, id, b)
	}
}

func (m *model) visit(rt *rapid.T) {
	id, b := m.pick(rt)
	a, score := whoFor(rt, b), rapid.IntRange(1, 5).Draw(rt, "score")
	asked := slices.Contains([]dispute.State{dispute.Performing, dispute.Failed, dispute.Performed, dispute.Withdrawn, dispute.Closed}, b.state)
	kind := rapid.SampledFrom([]string{"visit", "rate", "review"}).Draw(rt, "kind")
	var err error
	possible := false
	switch kind {
	case "visit":
		_, err = m.RecordVisit(context.Background(), a, id, dispute.Visit{How: "phone", Performed: "照办了", Score: score}, dispute.Seen{})
		possible = asked && m.mayWork(a.ID, b)
	case "rate":
		_, err = m.Score(context.Background(), a, id, score, "", dispute.Seen{})
		possible = asked && a.ID == resident.ID
	case "review":
		_, err = m.Review(context.Background(), a, id, "已说明", dispute.Seen{})
		possible = asked && a.ID == clerk.ID && b.unheard
	}
	m.expect(rt, kind+" by "+a.ID, possible, err, b, b.state, b.owner)
	if err == nil {
		b.unheard = kind != "review" && (b.unheard || score <= 2)
	}
}

func (m *model) enclose(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	possible := m.mayWork(a.ID, b) && b.state != dispute.Submitted && b.state != dispute.Accepted
	_, err := m.Enclose(context.Background(), a, id, "rights", map[string]string{"当事人": "甲、乙"}, "", "补上", dispute.Seen{})
	m.expect(rt, "enclose by "+a.ID, possible, err, b, b.state, b.owner)
	if err == nil {
		b.enclosed = true
	}
}
