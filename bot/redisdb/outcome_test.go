package redisdb_test

import (
	"context"
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

// atTheTable brings a new case to the table.
func (d *desk) atTheTable(tb testing.TB, token string) dispute.Case {
	tb.Helper()
	ctx := context.Background()
	f := filing(token)
	f.For = resident.ID
	c, err := d.File(ctx, clerk, f)
	must(tb, err)
	_, err = d.Claim(ctx, zhang, c.ID, dispute.Seen{})
	must(tb, err)
	c, err = d.Advance(ctx, zhang, c.ID, dispute.OpMediate, "", dispute.Seen{})
	must(tb, err)
	return c
}

func instalments(oral bool) dispute.Terms {
	return dispute.Terms{
		Oral: oral, Facts: "空调外机噪声", Terms: []string{"孙某赔 900 元，分三次还"}, Amount: 90000, How: "转账", Where: "村委会",
		Steps: dispute.Instalments(dispute.RoleOther, "还款", 90000, 3, "2026-12-31", 1),
	}
}

func TestAWrittenAgreementIsInEffectWithTheLastMark(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.atTheTable(t, "x")
		c, err := d.Agree(ctx, zhang, c.ID, instalments(false), dispute.Seen{})
		must(t, err)
		if c.State != dispute.Agreed || c.Agreement != "〔2026〕人调字第 0001 号" || c.Facts["form"] != "written" || c.Amount != 90000 {
			t.Fatalf("agreed as %+v", c)
		}
		_, err = d.Advance(ctx, zhang, c.ID, dispute.OpEffect, "", dispute.Seen{})
		wantsKind(t, "effect by mere word", err, fault.Invalid)
		_, err = d.Consent(ctx, other, c.ID)
		wants(t, "a stranger reading it", err, dispute.ErrNotFound)
		k, err := d.Consent(ctx, resident, c.ID)
		must(t, err)
		if len(k.Code) != 6 || k.Agreement.Number != c.Agreement || k.Agreement.Parties[1].Code != "" || len(k.Agreement.Steps) != 3 {
			t.Errorf("the reporter reads %+v", k)
		}
		_, err = d.Confirm(ctx, resident, c.ID, "x", dispute.Seen{})
		wants(t, "another code", err, dispute.ErrCode)
		_, err = d.Confirm(ctx, other, c.ID, k.Code, dispute.Seen{})
		wants(t, "a stranger with the code", err, dispute.ErrNotFound)

		terms := instalments(false)
		terms.Terms = []string{"孙某赔 900 元，分三次还清"}
		_, err = d.Amend(ctx, zhang, c.ID, terms, "", dispute.Seen{})
		must(t, err)
		_, err = d.Confirm(ctx, resident, c.ID, k.Code, dispute.Seen{})
		wants(t, "the code of a wording since changed", err, dispute.ErrCode)
		k, err = d.Consent(ctx, resident, c.ID)
		must(t, err)
		_, err = d.Confirm(ctx, resident, c.ID, k.Code, dispute.Seen{})
		must(t, err)

		today := dispute.DayOf(d.clock.Now())
		for _, g := range []dispute.Signing{
			{}, {Mediator: today.Plus(1)}, {Seal: today.Plus(-9)},
		} {
			_, err = d.Sign(ctx, zhang, c.ID, g, dispute.Seen{})
			wantsKind(t, fmt.Sprintf("signing %+v", g), err, fault.Invalid)
		}
		c, err = d.Sign(ctx, zhang, c.ID, dispute.Signing{Parties: map[string]dispute.Day{dispute.RoleOther: today}, Mediator: today}, dispute.Seen{})
		must(t, err)
		if c.State != dispute.Agreed {
			t.Errorf("without the seal it is %s", c.State)
		}
		d.clock.Add(24 * time.Hour)
		d.sent(t)
		c, err = d.Sign(ctx, clerk, c.ID, dispute.Signing{Seal: today.Plus(1)}, dispute.Seen{})
		must(t, err)
		if c.State != dispute.Performing || c.Facts["effect_on"] != "2026-11-24" || c.Facts["confirm_by"] != "2026-12-24" {
			t.Errorf("with the seal it is %s, %v", c.State, c.Facts)
		}
		d.wantSent(t, "the seal", "web:resident notice.effect", "staff:zhang notice.effect.staff")
		must(t, d.Verify(ctx, clerk, c.ID))
		dossier, err := d.Dossier(ctx, clerk, c.ID)
		must(t, err)
		if raw := dossier.File.Case.Papers["agreement"]; !strings.Contains(raw, `"earlier"`) || !strings.Contains(raw, "分三次还\"") {
			t.Errorf("the first wording is gone: %s", raw)
		}
	})
}

func TestTheDeskItselfTakesEffectAfterACrashInBetween(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.atTheTable(t, "x")
		c, err := d.Agree(ctx, zhang, c.ID, instalments(false), dispute.Seen{})
		must(t, err)
		broken := &failing{Store: d.cases}
		s := serviceOver(t, broken, d.clock.Now)
		_, err = s.Sign(ctx, zhang, c.ID, allSigned(d), dispute.Seen{})
		if err == nil {
			t.Fatal("the second step did not fail")
		}
		half, err := d.Brief(ctx, zhang, c.ID)
		must(t, err)
		if half.State != dispute.Agreed {
			t.Fatalf("after the crash it is %s", half.State)
		}
		d.tick(t)
		if after, err := d.Brief(ctx, zhang, c.ID); err != nil || after.State != dispute.Performing {
			t.Errorf("after the next tick it is %s: %v", after.State, err)
		}
	})
}

// failing makes one move, then none.
type failing struct {
	dispute.Store
	made int
}

func (f *failing) Apply(ctx context.Context, seen dispute.Case, m dispute.Move) (dispute.Case, error) {
	if f.made++; f.made > 1 {
		return dispute.Case{}, context.DeadlineExceeded
	}
	return f.Store.Apply(ctx, seen, m)
}

func TestPerformanceFromTheReminderToTheLastInstalment(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.atTheTable(t, "x")
		c, err := d.Agree(ctx, zhang, c.ID, instalments(true), dispute.Seen{})
		must(t, err)
		if c.State != dispute.Performing || c.Facts["form"] != "oral" || c.Facts["effect_on"] != "2026-11-23" {
			t.Fatalf("agreed as %+v", c)
		}
		d.sent(t)
		until := func(day string, want ...string) {
			t.Helper()
			at, err := time.Parse("2006-01-02 15:04 -0700", day+" 09:00 +0800")
			must(t, err)
			d.clock.Add(at.Sub(d.clock.Now()))
			d.tick(t)
			got := d.sent(t)
			if strings.Join(got, ", ") != strings.Join(want, ", ") {
				t.Errorf("on %s the outbox holds\n%s\nwant\n%s", day, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		until("2026-12-13", "web:resident notice.confirm.by", "staff:zhang notice.confirm.by.staff")
		until("2026-12-20", "web:resident notice.confirm.by", "staff:zhang notice.confirm.by.staff")
		until("2026-12-23", "staff:zhang notice.visit", "web:resident notice.score")
		_, err = d.RecordVisit(ctx, zhang, c.ID, dispute.Visit{How: "phone", Performed: "还没到期", Score: 4}, dispute.Seen{})
		must(t, err)
		until("2026-12-28", "web:resident notice.step.soon")
		until("2026-12-31", "web:resident notice.step.today")
		until("2027-01-01", "staff:zhang notice.late.staff", "web:resident notice.late")
		_, err = d.Urge(ctx, zhang, c.ID, "电话催过孙某", dispute.Seen{})
		must(t, err)
		if got := strings.Join(d.sent(t), ""); got != "web:resident notice.urged" {
			t.Errorf("urging sends %s", got)
		}
		d.clock.Add(4 * 24 * time.Hour) // the third working day after
		d.tick(t)
		d.clock.Add(3 * 24 * time.Hour)
		d.tick(t)
		if got := strings.Join(d.sent(t), "\n"); !strings.Contains(got, "web:resident notice.remedies") || strings.Count(got, "remedies") != 1 {
			t.Errorf("urged in vain, the outbox holds\n%s", got)
		}
		_, err = d.Tell(ctx, resident, c.ID, 0, dispute.SaidReceived, "", dispute.Seen{})
		must(t, err)
		_, err = d.Tell(ctx, resident, c.ID, 1, dispute.SaidNot, "", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "what the reporter told", "staff:zhang notice.told", "staff:zhang notice.told")
		now, err := d.Brief(ctx, zhang, c.ID)
		must(t, err)
		if now.Facts["steps_done"] != "1" || now.Facts["late"] != "1" || slices.ContainsFunc(now.Timers, func(x dispute.Timer) bool { return x.Kind == dispute.DueLate && x.N > 0 }) {
			t.Errorf("one instalment in, late once: %v, %v", now.Facts, now.Timers)
		}
		for i := 1; i < 3; i++ {
			now, err = d.Fulfil(ctx, zhang, c.ID, i, dispute.DayOf(d.clock.Now()), "转账记录", dispute.Seen{})
			must(t, err)
		}
		if now.State != dispute.Performed || now.Facts["steps_done"] != "3" || now.Facts["performed_on"] == "" {
			t.Errorf("all instalments in: %s %v", now.State, now.Facts)
		}
		d.wantSent(t, "the last instalment", "web:resident notice.performed")
		d.clock.Add(3 * 24 * time.Hour)
		d.tick(t)
		d.wantSent(t, "three days", "staff:zhang notice.visit", "web:resident notice.score")
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

func TestADissatisfiedPartyIsHeardBeforeTheArchive(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		d.Service = service(t, d.db, d.clock.Now, oneMust)
		c := d.atTheTable(t, "x")
		_, err := d.RecordOutcome(ctx, zhang, c.ID, dispute.Result{Outcome: dispute.NotAgreed, Summary: "谈不拢", Undisputed: "外机是孙某装的"}, dispute.Seen{})
		must(t, err)
		d.sent(t)
		_, err = d.Score(ctx, resident, c.ID, 1, "拖得太久", dispute.Seen{})
		must(t, err)
		d.wantSent(t, "a bad mark", "staff:zhang notice.scored", "role:clerk notice.dissatisfied", "role:director notice.dissatisfied")
		c, err = d.Close(ctx, zhang, c.ID, "", dispute.Seen{})
		must(t, err)
		if c.Facts["undisputed"] != "1" || c.Facts["satisfaction"] != "1" {
			t.Errorf("facts %v", c.Facts)
		}
		_, err = d.Advance(ctx, zhang, c.ID, dispute.OpArchive, "", dispute.Seen{})
		wants(t, "archive without a must", err, dispute.ErrIncomplete)
		_, err = d.Enclose(ctx, zhang, c.ID, "rights", map[string]string{"当事人": "甲"}, "", "", dispute.Seen{})
		wantsKind(t, "a correction after the close without a reason", err, fault.Invalid)
		_, err = d.Enclose(ctx, zhang, c.ID, "rights", map[string]string{"当事人": "甲"}, "", "补上", dispute.Seen{})
		must(t, err)
		_, err = d.Enclose(ctx, zhang, c.ID, "rights", map[string]string{"当事人": "甲、乙"}, "", "漏了乙", dispute.Seen{})
		must(t, err)
		file, err := d.Dossier(ctx, clerk, c.ID)
		must(t, err)
		if i := file.Items[0]; file.Score != 100 || len(i.Earlier) != 1 || i.Earlier[0].Fields["当事人"] != "甲" {
			t.Errorf("the dossier is %+v", file)
		}
		_, err = d.Advance(ctx, zhang, c.ID, dispute.OpArchive, "", dispute.Seen{})
		wants(t, "archive over the party's head", err, dispute.ErrUnanswered)
		_, err = d.Review(ctx, zhang, c.ID, "说明", dispute.Seen{})
		wantsKind(t, "a mediator answering for the centre", err, fault.Denied)
		_, err = d.Review(ctx, director, c.ID, "已当面说明，改进", dispute.Seen{})
		must(t, err)
		c, err = d.Advance(ctx, zhang, c.ID, dispute.OpArchive, "", dispute.Seen{})
		must(t, err)
		if c.State != dispute.Archived || len(c.Timers) != 0 {
			t.Errorf("archived as %s with %v", c.State, c.Timers)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

func TestAReopenedCaseKeepsItsOldAgreementAndGetsANewNumber(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.atTheTable(t, "x")
		c, err := d.Agree(ctx, zhang, c.ID, instalments(true), dispute.Seen{})
		must(t, err)
		_, err = d.RecordJudicial(ctx, zhang, c.ID, dispute.Judicial{Result: dispute.JudicialRejected, Ended: "2026-11-22"}, dispute.Seen{})
		wantsKind(t, "a ruling before the agreement", err, fault.Invalid)
		_, err = d.RecordJudicial(ctx, zhang, c.ID, dispute.Judicial{Result: dispute.JudicialRejected, Ended: "2026-11-23"}, dispute.Seen{})
		must(t, err)
		c, err = d.Advance(ctx, clerk, c.ID, dispute.OpReopen, "法院没有确认", dispute.Seen{})
		must(t, err)
		_, err = d.Claim(ctx, li, c.ID, dispute.Seen{})
		must(t, err)
		_, err = d.Advance(ctx, li, c.ID, dispute.OpMediate, "", dispute.Seen{})
		must(t, err)
		c, err = d.Agree(ctx, li, c.ID, instalments(false), dispute.Seen{})
		must(t, err)
		if c.Agreement != "〔2026〕人调字第 0002 号" || c.Facts["judicial"] != "" || c.Facts["reopened"] != "1" {
			t.Errorf("agreed anew as %s, %v", c.Agreement, c.Facts)
		}
		file, err := d.Dossier(ctx, clerk, c.ID)
		must(t, err)
		if !strings.Contains(file.File.Case.Papers["past_agreements"], "0001") {
			t.Errorf("the old agreement is gone: %v", file.File.Case.Papers)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

// TestWhatIsNotSignedIsNoAgreement: written down, confirmed by one side, and then
// the other one doesn't sign. The case ends as failed, not as agreed.
func TestWhatIsNotSignedIsNoAgreement(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.atTheTable(t, "x")
		c, err := d.Agree(ctx, zhang, c.ID, instalments(false), dispute.Seen{})
		must(t, err)
		d.sent(t)
		result := dispute.Result{Outcome: dispute.NotAgreed, Summary: "对方看了协议，不肯签字"}
		_, err = d.RecordOutcome(ctx, li, c.ID, result, dispute.Seen{})
		wantsKind(t, "another mediator", err, fault.Denied)
		c, err = d.RecordOutcome(ctx, zhang, c.ID, result, dispute.Seen{})
		must(t, err)
		if c.State != dispute.Failed || c.Outcome != dispute.NotAgreed || c.Amount != 0 || c.Facts["form"] != "" || c.Facts["agreed_on"] != "" {
			t.Errorf("it ended as %s, %s, %d, %v", c.State, c.Outcome, c.Amount, c.Facts)
		}
		if got := strings.Join(d.sent(t), " "); !strings.Contains(got, "web:resident notice.outcome") {
			t.Errorf("the reporter wasn't told: %s", got)
		}
		file, err := d.Dossier(ctx, clerk, c.ID)
		must(t, err)
		if file.File.Agreement != nil || !strings.Contains(file.File.Case.Papers["past_agreements"], "0001") {
			t.Errorf("on file: %v, %v", file.File.Agreement, file.File.Case.Papers)
		}
		m, err := d.Aftermath(ctx, resident, c.ID)
		must(t, err)
		if m.Consent != nil || m.Ending == nil {
			t.Errorf("the reporter is shown %+v", m)
		}

		// one that all have signed is in effect, whatever the mediator meant to press
		today := dispute.DayOf(d.clock.Now())
		c = d.atTheTable(t, "y")
		c, err = d.Agree(ctx, zhang, c.ID, instalments(false), dispute.Seen{})
		must(t, err)
		_, err = d.Sign(ctx, zhang, c.ID, dispute.Signing{Parties: map[string]dispute.Day{dispute.RoleReporter: today, dispute.RoleOther: today}, Mediator: today, Seal: today}, dispute.Seen{})
		must(t, err)
		_, err = d.RecordOutcome(ctx, zhang, c.ID, result, dispute.Seen{})
		wants(t, "after all have signed", err, dispute.ErrMove)
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

// TestAgreementNumbersHaveNoGapsAndNoDoubles has 64 mediators agree at once,
// each case twice with one token, among calls that fail.
func TestAgreementNumbersHaveNoGapsAndNoDoubles(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := open(t, rdb)
		const clients = 64
		ids := make([]dispute.CaseID, clients)
		for i := range ids {
			ids[i] = d.atTheTable(t, fmt.Sprint("n", i)).ID
		}
		numbers := make([][]dispute.Number, clients)
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				ctx, token := context.Background(), dispute.Seen{Token: string(id)}
				for _, who := range []access.Actor{li, zhang, zhang, zhang} { // li may not
					tok := token
					if who.ID == "li" {
						tok.Token = ""
					}
					c, err := d.Agree(ctx, who, id, instalments(i%2 == 0), tok)
					if (err != nil) != (who.ID == "li") {
						t.Errorf("by %s: %v", who.ID, err)
					}
					if err == nil {
						numbers[i] = append(numbers[i], c.Agreement)
					}
				}
			})
		}
		wg.Wait()
		seen := map[dispute.Number]bool{}
		for i := range ids {
			if len(numbers[i]) != 3 || numbers[i][0] != numbers[i][1] || numbers[i][1] != numbers[i][2] {
				t.Errorf("one case is numbered %v", numbers[i])
				continue
			}
			seen[numbers[i][0]] = true
			must(t, d.Verify(context.Background(), clerk, ids[i]))
		}
		for n := 1; n <= clients; n++ {
			if want := dispute.Number(fmt.Sprintf("〔2026〕人调字第 %04d 号", n)); !seen[want] {
				t.Errorf("%s is missing", want)
			}
		}
	})
}

func TestOtherEndsAndFiguresAreFacts(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		gone := d.atTheTable(t, "gone")
		c, err := d.DieOut(ctx, zhang, gone.ID, "外机已经拆了", dispute.Seen{})
		must(t, err)
		if c.State != dispute.Withdrawn || c.Outcome != dispute.DiedOut || c.Ending() != "withdrawn" {
			t.Errorf("died out as %s, %s", c.State, c.Outcome)
		}
		back := d.atTheTable(t, "back")
		c, err = d.Withdraw(ctx, resident, back.ID, "", dispute.Seen{})
		must(t, err)
		if c.Outcome != dispute.TakenBack {
			t.Errorf("withdrawn as %s", c.Outcome)
		}
		if c.Origin() != dispute.OriginApplied {
			t.Errorf("it came as %s", c.Origin())
		}
		_, err = d.Count(ctx, zhang, back.ID, dispute.Tally{Origin: "x"}, dispute.Seen{})
		wantsKind(t, "an unknown origin", err, fault.Invalid)
		c, err = d.Count(ctx, zhang, back.ID, dispute.Tally{Origin: dispute.OriginReferred, Crime: 2, Difficult: true}, dispute.Seen{})
		must(t, err)
		if c.Origin() != dispute.OriginReferred || c.Facts["crime"] != "2" || c.Facts["petition"] != "" || c.Facts["difficult"] != "1" {
			t.Errorf("counted as %v", c.Facts)
		}
	})
}
