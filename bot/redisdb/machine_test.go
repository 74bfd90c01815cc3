package redisdb_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// model is what the desk should hold after what was done to it.
type model struct {
	*desk
	tb     *testing.T
	tenant string
	rdb    redis.UniversalClient
	clock  *fakeClock
	cases  map[dispute.CaseID]*belief
	order  []dispute.CaseID
	away   bool // nobody of the village is on duty
}

// OnDuty implements [dispute.Duty].
func (m *model) OnDuty(context.Context, string) (bool, error) { return !m.away, nil }

type belief struct {
	state    dispute.State
	owner    string
	version  int64
	filed    time.Time
	priority dispute.Priority
	centre   bool   // filed while nobody was on duty
	back     bool   // its village was asked to take it from the centre
	offer    string // who was asked to take it over
	objected bool
	recused  map[string]bool
	helpers  map[string]bool
	seats    int       // other parties who came in
	meet     time.Time // that is booked
	moved    bool      // another mediator got it since, or the queue: the meeting goes with it or is off
	enclosed bool      // the one paper without which nothing is archived
	unheard  bool      // a party is dissatisfied and has no answer
	steps    bool      // its agreement has a step that is not done
}

// TestAnySequenceOfOperationsKeepsTheDeskRight does random operations by random
// people at random times and compares the desk with the model after each: as
// often as rapid checks things in a process, three times as often on Redis.
func TestAnySequenceOfOperationsKeepsTheDeskRight(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		rounds := 1
		if strings.HasSuffix(t.Name(), "/redis") {
			rounds = 3
		}
		for n := range rounds {
			t.Run(fmt.Sprint(n+1), func(t *testing.T) {
				t.Parallel()
				anySequence(t, rdb)
			})
		}
	})
}

func anySequence(t *testing.T, rdb redis.UniversalClient) {
	t.Helper()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		clock := &fakeClock{t: time.Date(2026, 11, 23, 6, 5, 0, 0, time.UTC)}
		m := &model{
			tb: t, tenant: fmt.Sprintf("m%d-%d", time.Now().UnixNano(), n), rdb: rdb, clock: clock, cases: map[dispute.CaseID]*belief{},
		}
		m.desk = m.replica(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"file": m.file, "claim": m.claim, "release": m.release, "reassign": m.reassign, "pass on": m.passOn, "advance": m.advance, "outcome": m.outcome,
			"withdraw": m.withdraw, "agree": m.agree, "sign": m.sign, "perform": m.perform, "visit": m.visit, "enclose": m.enclose,
			"read": m.read, "time": m.time, "restart": m.restart, "deliver": m.deliver, "": m.check,
			"offer": m.offer, "answer": m.answer, "invite": m.invite, "dismiss": m.dismiss, "extend": m.extend, "object": m.object,
			"seat": m.seat, "guest": m.guest, "book": m.book,
			"send back": m.sendBack, "turn back": m.turnBack, "decide": m.decide, "merge": m.merge, "rate": m.rate, "absence": m.absence, "next": m.next,
		})
	})
}

func (m *model) pick(rt *rapid.T) (dispute.CaseID, *belief) {
	if len(m.order) == 0 {
		rt.Skip("no case yet")
	}
	id := rapid.SampledFrom(m.order).Draw(rt, "case")
	return id, m.cases[id]
}

func who(rt *rapid.T) access.Actor {
	return rapid.SampledFrom([]access.Actor{zhang, li, wang, clerk, resident, other}).Draw(rt, "who")
}

func (m *model) file(rt *rapid.T) {
	f := filing(rapid.StringMatching("[ab]?").Draw(rt, "token"))
	f.Report.Urgency = dispute.Priority(rapid.IntRange(0, 3).Draw(rt, "urgency"))
	if rapid.Bool().Draw(rt, "review") {
		f.Gate = dispute.Gate{}
	}
	f.For = resident.ID
	c, err := m.File(context.Background(), clerk, f)
	if err != nil {
		rt.Fatal(err)
	}
	if _, again := m.cases[c.ID]; again {
		if f.Token == "" {
			rt.Fatalf("a report without a token became the old case %s", c.ID)
		}
		return
	}
	m.order = append(m.order, c.ID)
	m.cases[c.ID] = &belief{
		state: c.State, version: c.Version, filed: c.Filed, priority: c.Priority, centre: m.away, recused: map[string]bool{}, helpers: map[string]bool{},
	}
	if want := fmt.Sprintf("〔2026〕试受字第 %04d 号", len(m.order)); string(c.Number) != want {
		rt.Fatalf("number %s, want %s", c.Number, want)
	}
}

// expect compares an operation's error with whether it should have been
// possible, and moves the belief on if it was.
func (m *model) expect(rt *rapid.T, what string, possible bool, err error, b *belief, to dispute.State, owner string) {
	if (err == nil) != possible {
		rt.Fatalf("%s in %s (owner %q): %v, should be possible: %v", what, b.state, b.owner, err, possible)
	}
	if err != nil {
		return
	}
	b.become(to, owner)
	b.version++
}

// become moves the belief on, with what another mediator or the end of the work
// takes off a case.
func (b *belief) become(to dispute.State, owner string) {
	if owner != b.owner || !slices.Contains(inHand, to) {
		b.offer, b.objected = "", false
	}
	if owner != b.owner {
		delete(b.helpers, owner)
		b.moved = true
	}
	b.state, b.owner = to, owner
}

var territories = map[string]bool{"zhang": true, "li": true}

// whoFor draws the case's mediator as often as all others together.
func whoFor(rt *rapid.T, b *belief) access.Actor {
	if rapid.Bool().Draw(rt, "owner") {
		switch b.owner {
		case zhang.ID:
			return zhang
		case li.ID:
			return li
		}
	}
	return who(rt)
}

func (m *model) claim(rt *rapid.T) {
	id, b := m.pick(rt)
	if rapid.IntRange(0, 3).Draw(rt, "from the centre") == 0 {
		id, b = m.atCentre(rt)
	}
	a := who(rt)
	renew := b.state == dispute.Claimed && b.owner == a.ID
	_, err := m.Claim(context.Background(), a, id, dispute.Seen{})
	free := b.state == dispute.Accepted && (!b.centre || b.back) && !b.recused[a.ID]
	m.expect(rt, "claim by "+a.ID, territories[a.ID] && (free || renew), err, b, dispute.Claimed, a.ID)
	if err == nil && b.back {
		b.centre, b.back = false, false
	}
	if err != nil && !b.centre && !b.recused[a.ID] && b.state != dispute.Accepted && b.owner != "" && territories[a.ID] && b.owner != a.ID && !errors.Is(err, dispute.ErrClaimed) {
		rt.Fatalf("claim of %s's case: %v", b.owner, err)
	}
}

var inHand = []dispute.State{dispute.Claimed, dispute.Consulting, dispute.Mediating, dispute.Paused}

func (m *model) release(rt *rapid.T) {
	id, b := m.pick(rt)
	a := who(rt)
	_, err := m.Release(context.Background(), a, id, "理由", dispute.Seen{})
	m.expect(rt, "release by "+a.ID, slices.Contains(inHand, b.state) && (a.ID == b.owner || a.ID == "clerk"), err, b, dispute.Accepted, "")
}

func (m *model) reassign(rt *rapid.T) {
	id, b := m.pick(rt)
	to := rapid.SampledFrom([]access.Actor{zhang, li}).Draw(rt, "to")
	_, err := m.Reassign(context.Background(), clerk, id, to, "", dispute.Seen{})
	possible := (b.state == dispute.Accepted || slices.Contains(inHand, b.state)) && b.owner != to.ID && !b.recused[to.ID]
	m.expect(rt, "reassign to "+to.ID, possible, err, b, dispute.Claimed, to.ID)
}

// passOn gives a case whose mediation is over to another mediator.
func (m *model) passOn(rt *rapid.T) {
	id, b := m.pick(rt)
	a := rapid.SampledFrom([]access.Actor{clerk, clerk, clerk, zhang}).Draw(rt, "who")
	to := rapid.SampledFrom([]access.Actor{zhang, li, wang, resident}).Draw(rt, "to")
	_, err := m.PassOn(context.Background(), a, id, to, "调走了", dispute.Seen{})
	possible := a.ID == clerk.ID && slices.Contains(mediated, b.state) && b.owner != "" && to.ID != resident.ID && b.owner != to.ID && !b.recused[to.ID]
	m.expect(rt, "pass on to "+to.ID+" by "+a.ID, possible, err, b, b.state, to.ID)
}

// mediated are the states after the mediation in which somebody still sees the case through.
var mediated = []dispute.State{
	dispute.Agreed, dispute.Performing, dispute.Performed, dispute.Failed, dispute.Withdrawn, dispute.Declined, dispute.Referred, dispute.Merged,
	dispute.Closed,
}

func (m *model) advance(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	op := rapid.SampledFrom([]dispute.Op{
		dispute.OpAccept, dispute.OpContact, dispute.OpConsult, dispute.OpMediate, dispute.OpMediate, dispute.OpPause, dispute.OpResume,
		dispute.OpPerform, dispute.OpClose, dispute.OpArchive, dispute.OpReopen, dispute.OpNote,
	}).Draw(rt, "op")
	version := int64(0)
	if rapid.Bool().Draw(rt, "stale") {
		version = max(b.version-5, 1)
	}
	before, berr := m.desk.cases.Case(context.Background(), id, false)
	if berr != nil {
		rt.Fatal(berr)
	}
	_, err := m.Advance(context.Background(), a, id, op, "一句话", dispute.Seen{Version: version})
	possible := slices.Contains(dispute.Actions(a, before), op) && (version == 0 || version >= before.Edited)
	if op == dispute.OpArchive {
		possible = possible && b.enclosed && !b.unheard
	}
	to, owner := b.state, b.owner
	if next, ok := map[dispute.Op]dispute.State{
		dispute.OpAccept: dispute.Accepted, dispute.OpConsult: dispute.Consulting, dispute.OpMediate: dispute.Mediating, dispute.OpPause: dispute.Paused,
		dispute.OpResume: dispute.Mediating, dispute.OpPerform: dispute.Performed, dispute.OpClose: dispute.Closed,
		dispute.OpArchive: dispute.Archived, dispute.OpReopen: dispute.Accepted,
	}[op]; ok {
		to = next
	}
	if to == dispute.Accepted {
		owner = ""
	}
	m.expect(rt, string(op)+" by "+a.ID, possible, err, b, to, owner)
	if err == nil && op == dispute.OpReopen {
		b.unheard, b.steps = false, false
	}
}

func (m *model) outcome(rt *rapid.T) {
	id, b := m.pick(rt)
	a := whoFor(rt, b)
	ends := map[dispute.Outcome]dispute.State{
		dispute.AgreedWritten: dispute.Agreed, dispute.AgreedOral: dispute.Performing, dispute.NotAgreed: dispute.Failed, dispute.Refused: dispute.Failed,
		dispute.Settled: dispute.Withdrawn,
	}
	o := rapid.SampledFrom(slices.Sorted(maps.Keys(ends))).Draw(rt, "outcome")
	possible := a.ID == b.owner && (b.state == dispute.Mediating || o == dispute.NotAgreed && b.state == dispute.Paused ||
		(o == dispute.Refused || o == dispute.Settled) && slices.Contains(inHand, b.state))
	if a.ID == "clerk" && o == dispute.Settled {
		possible = b.state == dispute.Accepted || slices.Contains(inHand, b.state)
	}
	_, err := m.RecordOutcome(context.Background(), a, id, dispute.Result{Outcome: o, Summary: "经过", Amount: 100}, dispute.Seen{})
	m.expect(rt, string(o)+" by "+a.ID, possible, err, b, ends[o], b.owner)
}

func (m *model) withdraw(rt *rapid.T) {
	id, b := m.pick(rt)
	a := who(rt)
	_, err := m.Withdraw(context.Background(), a, id, "", dispute.Seen{})
	open := b.state == dispute.Submitted || b.state == dispute.Accepted || slices.Contains(inHand, b.state)
	m.expect(rt, "withdraw by "+a.ID, open && (a.ID == resident.ID || a.ID == "clerk"), err, b, dispute.Withdrawn, b.owner)
}

func (m *model) read(rt *rapid.T) {
	id, b := m.pick(rt)
	if _, err := m.Case(context.Background(), clerk, id); err != nil {
		rt.Fatal(err)
	}
	m.catchUp(rt, id, b)
}

// time lets hours pass and handles what falls due: only leases change a state.
func (m *model) time(rt *rapid.T) {
	m.clock.Add(time.Duration(rapid.IntRange(1, 60).Draw(rt, "hours")) * time.Hour)
	leases, offers := map[dispute.CaseID]time.Time{}, map[dispute.CaseID]bool{}
	for id := range m.cases {
		c, err := m.desk.cases.Case(context.Background(), id, false)
		if err != nil {
			rt.Fatal(err)
		}
		leases[id] = c.Lease
		for _, t := range c.Timers {
			if t.Kind == dispute.DueOffer && !t.At.After(m.clock.Now()) {
				offers[id] = true
			}
		}
	}
	if _, err := m.TickDue(context.Background()); err != nil {
		rt.Fatal(err)
	}
	for id, b := range m.cases {
		if b.state == dispute.Claimed && !leases[id].After(m.clock.Now()) {
			b.become(dispute.Accepted, "")
		}
		if offers[id] {
			b.offer = ""
		}
		m.catchUp(rt, id, b)
	}
}

// catchUp takes over a version that reads and reminders moved on.
func (m *model) catchUp(rt *rapid.T, id dispute.CaseID, b *belief) {
	c, err := m.desk.cases.Case(context.Background(), id, false)
	if err != nil {
		rt.Fatal(err)
	}
	if c.Version < b.version {
		rt.Fatalf("case %s fell back from version %d to %d", id, b.version, c.Version)
	}
	b.version = c.Version
}

// restart is another replica: it knows nothing but what Redis holds.
func (m *model) restart(rt *rapid.T) { m.desk = m.replica(rt) }

func (m *model) replica(rt *rapid.T) *desk {
	db, err := redisdb.New(m.rdb, redisdb.Options{Tenant: m.tenant, Now: m.clock.Now, Log: quiet, Secret: redistest.Secret})
	if err != nil {
		rt.Fatal(err)
	}
	return &desk{serviceWith(m.tb, db, m.clock.Now, dispute.Options{Duty: m, Forms: []dispute.Form{oneMust}}), db, db.Cases(), db.Outbox(), m.rdb, m.clock}
}

func (m *model) deliver(rt *rapid.T) {
	entries, err := m.out.Take(context.Background(), 3)
	if err != nil {
		rt.Fatal(err)
	}
	for _, e := range entries {
		if err := m.out.Settle(context.Background(), e.ID, settled); err != nil {
			rt.Fatal(err)
		}
	}
}

// check compares states, owners, versions, queue and lists with the model.
func (m *model) check(rt *rapid.T) {
	ctx := context.Background()
	var waiting []dispute.CaseID
	for id, b := range m.cases {
		c, err := m.desk.cases.Case(ctx, id, false)
		if err != nil {
			rt.Fatal(err)
		}
		if c.State != b.state || c.Owner != b.owner || c.Version != b.version {
			rt.Fatalf("case %s is %s of %q at %d, want %s of %q at %d", id, c.State, c.Owner, c.Version, b.state, b.owner, b.version)
		}
		if b.back = b.back && b.state == dispute.Accepted; (c.SentBackTo() != "") != b.back || (c.Territory == place.Centre) != b.centre {
			rt.Fatalf("case %s is at %s, its village asked: %q; want the centre %v, asked %v", id, c.Territory, c.SentBackTo(), b.centre, b.back)
		}
		m.checkWork(rt, c, b)
		m.checkMeeting(rt, c, b)
		if (c.State == dispute.Claimed) != !c.Lease.IsZero() {
			rt.Fatalf("case %s is %s with a lease until %v", id, c.State, c.Lease)
		}
		if b.state == dispute.Accepted {
			waiting = append(waiting, id)
		}
		if err := m.Verify(ctx, clerk, id); err != nil {
			rt.Fatal(err)
		}
	}
	slices.SortFunc(waiting, func(x, y dispute.CaseID) int {
		a, b := m.cases[x], m.cases[y]
		if a.priority != b.priority {
			return int(a.priority - b.priority)
		}
		if n := a.filed.Compare(b.filed); n != 0 {
			return n
		}
		return compare(x, y)
	})
	m.sameIDs(rt, "queue", waiting, func() ([]dispute.Case, error) { return m.Queue(ctx, clerk, 500) })
	for _, a := range []access.Actor{zhang, li} {
		cases, err := m.Mine(ctx, a)
		if err != nil {
			rt.Fatal(err)
		}
		n := 0
		for _, b := range m.cases {
			if b.owner == a.ID && !b.state.Finished() {
				n++
			}
		}
		if len(cases) != n {
			rt.Fatalf("%s has %d cases in hand, want %d", a.ID, len(cases), n)
		}
	}
	m.checkRaw(rt, int64(len(waiting)))
	all, _, err := m.Cases(ctx, clerk, dispute.Filter{Limit: 500})
	if err != nil || len(all) != len(m.cases) {
		rt.Fatalf("%d cases are listed, want %d: %v", len(all), len(m.cases), err)
	}
}

func (m *model) sameIDs(rt *rapid.T, what string, want []dispute.CaseID, list func() ([]dispute.Case, error)) {
	cases, err := list()
	if err != nil {
		rt.Fatal(err)
	}
	var got []dispute.CaseID
	for _, c := range cases {
		got = append(got, c.ID)
	}
	if !slices.Equal(got, want) {
		rt.Fatalf("%s is %v, want %v", what, got, want)
	}
}

// checkRaw counts what the lists above would filter out: entries that no case
// answers for.
func (m *model) checkRaw(rt *rapid.T, waiting int64) {
	ctx := context.Background()
	all := m.rdb.Pipeline() // one way to the server: this runs after every step
	sum := func(keys ...string) (counts []*redis.IntCmd) {
		for _, key := range keys {
			counts = append(counts, all.ZCard(ctx, "anjie:{"+m.tenant+"}:"+key))
		}
		return counts
	}
	timers, inHand, done := int64(0), int64(0), int64(0)
	for id := range m.cases {
		c, err := m.desk.cases.Case(ctx, id, false)
		if err != nil {
			rt.Fatal(err)
		}
		timers += int64(len(c.Timers))
		if c.Owner != "" && c.State.Finished() {
			done++
		} else if c.Owner != "" {
			inHand++
		}
	}
	var states []string
	for _, state := range dispute.States {
		states = append(states, "ix:at:999999999001:"+string(state), "ix:at:centre:"+string(state))
	}
	type counted struct {
		have []*redis.IntCmd
		want int64
	}
	counts := map[string]counted{
		"queue": {sum("queue:999999999001", "queue:centre"), waiting}, "deadlines": {sum("timers"), timers}, "index by state": {sum(states...), int64(len(m.cases))},
		"index by reporter":        {sum("ix:reporter:" + resident.ID), int64(len(m.cases))},
		"index of cases in hand":   {sum("ix:owner:zhang:open", "ix:owner:li:open", "ix:owner:wang:open", "ix:owner::open"), inHand},
		"index of cases once done": {sum("ix:owner:zhang:done", "ix:owner:li:done", "ix:owner:wang:done", "ix:owner::done"), done},
	}
	if _, err := all.Exec(ctx); err != nil {
		rt.Fatal(err)
	}
	for what, c := range counts {
		var n int64
		for _, cmd := range c.have {
			n += cmd.Val()
		}
		if n != c.want {
			rt.Fatalf("the %s has %d entries, want %d", what, n, c.want)
		}
	}
}
