package bot_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// TestAReportForAnotherSaysForWhom: who it is about, what they are to the
// reporter and what they say to it are asked only then, kept, and told to the
// mediator and in the register.
func TestAReportForAnotherSaysForWhom(t *testing.T) {
	d := newDesk(t, bot.Options{})
	mediator := d.hire("老张", access.Mediator, "501")
	r := d.tell(t, web("a"), append(append([]string{}, filed[:11]...), "把树挪走", "替别人说")...)
	if !strings.Contains(r.Text, "他（她）叫什么") {
		t.Fatalf("the name isn't asked for:\n%s", flat(r))
	}
	r = d.tell(t, web("a"), "王秀英", "父母", "还没跟他说", "可以说", "王小二 13800138000")
	for _, want := range []string{"是谁的事：王秀英", "是您什么人：父母", "本人的意思：还没跟他说"} {
		if !strings.Contains(r.Text, want) {
			t.Errorf("the review lacks %s:\n%s", want, flat(r))
		}
	}
	d.tell(t, web("a"), "提交")
	mine, err := d.cases.MyReports(t.Context(), access.Actor{ID: "web:a"})
	if err != nil || len(mine) != 1 {
		t.Fatalf("%d cases, %v", len(mine), err)
	}
	d.press(t, bot.Address{Channel: "telegram", Chat: "501"}, mediator, dataOf(t, d.tellStaff(t, "501", mediator, "待办"), "我来办"))
	shown := d.press(t, bot.Address{Channel: "telegram", Chat: "501"}, mediator, dataOf(t, d.tellStaff(t, "501", mediator, "我的案子"), "看详情"))
	if text := flat(shown); !strings.Contains(text, "替王秀英反映（父母），**还没问过本人**") {
		t.Errorf("the mediator reads:\n%s", text)
	}
	dossier, err := d.cases.Dossier(t.Context(), mediator, mine[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if who, note := fieldOf(dossier, "application", "申请人"), fieldOf(dossier, "register", "备注"); who != "王秀英" || note != "由王小二代为反映（父母），还没问过本人。" {
		t.Errorf("the papers say %q and %q", who, note)
	}
	// Her name is hers to tell the other party, and the helper's own stays out.
	code := d.invited(t, mediator, mine[0].ID)
	if place := d.otherParty(t, code); place.Applicant != "王秀英" {
		t.Errorf("the other party is told of %q", place.Applicant)
	}
}

func (d *desk) invited(t *testing.T, mediator access.Actor, id dispute.CaseID) string {
	t.Helper()
	_, code, err := d.cases.InviteParty(t.Context(), mediator, id, dispute.Invitation{Name: "李四海", Phone: "13911112222", Matter: "院里的树"}, dispute.Seen{})
	if err != nil {
		t.Fatal(err)
	}
	return code
}

const theirBrowser = "browser-of-the-other-party"

func (d *desk) otherParty(t *testing.T, code string) dispute.Place {
	t.Helper()
	if err := d.cases.EnterByLink(t.Context(), code, theirBrowser); err != nil {
		t.Fatal(err)
	}
	who, id, err := d.cases.Guest(t.Context(), code, theirBrowser)
	if err != nil {
		t.Fatal(err)
	}
	place, err := d.cases.Place(t.Context(), who, id)
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// TestAWithheldNameReachesTheOtherPartyNowhere: asked for in the dialogue, it is
// kept from the page, the invitation, the messages and the papers, until the
// reporter stands to an agreement that bears it, which they are told before.
func TestAWithheldNameReachesTheOtherPartyNowhere(t *testing.T) {
	d := newDesk(t, bot.Options{})
	mediator := d.hire("老张", access.Mediator, "501")
	d.tell(t, web("a"), append(append([]string{}, filed[:11]...), "把树挪走", "我自己的事", "先别说", "孙玉兰 13800138000", "提交")...)
	mine, err := d.cases.MyReports(t.Context(), access.Actor{ID: "web:a"})
	if err != nil || len(mine) != 1 {
		t.Fatalf("%d cases, %v", len(mine), err)
	}
	id := mine[0].ID
	step := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	_, err = d.cases.Claim(t.Context(), mediator, id, dispute.Seen{})
	step("claim", err)
	var reached []string // all that the other party ever gets to read
	note := func(v any) {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		reached = append(reached, string(raw))
	}
	if _, _, err := d.cases.InviteParty(t.Context(), mediator, id, dispute.Invitation{Name: "李四海", Matter: "孙玉兰说的树"}, dispute.Seen{}); !errors.Is(err, dispute.ErrMatter) {
		t.Errorf("an invitation with the name: %v", err)
	}
	code := d.invited(t, mediator, id)
	note(d.otherParty(t, code))
	at := func(place string) dispute.Slot {
		return dispute.Slot{At: d.now.Add(48 * time.Hour), Minutes: 60, Where: dispute.InVillage, Place: place}
	}
	if _, err := d.cases.OfferTimes(t.Context(), mediator, id, []dispute.Slot{at("孙玉兰家")}, dispute.Seen{}); !errors.Is(err, dispute.ErrMatter) {
		t.Errorf("a meeting place with the name: %v", err)
	}
	if _, err := d.cases.BookTime(t.Context(), mediator, id, at("孙玉兰家"), dispute.Seen{}); !errors.Is(err, dispute.ErrMatter) {
		t.Errorf("a booked place with the name: %v", err)
	}
	_, err = d.cases.BookTime(t.Context(), mediator, id, at("村委会"), dispute.Seen{})
	step("book", err)
	_, err = d.cases.Advance(t.Context(), mediator, id, dispute.OpMediate, "", dispute.Seen{})
	step("mediate", err)
	_, err = d.cases.RecordOutcome(t.Context(), mediator, id, dispute.Result{Outcome: dispute.AgreedWritten, Summary: "李四海替孙玉兰把树挪走"}, dispute.Seen{})
	step("agree", err)
	papers := func() (all string) {
		dossier, err := d.cases.Dossier(t.Context(), mediator, id)
		if err != nil {
			t.Fatal(err)
		}
		shared := 0
		for _, i := range dossier.Items {
			if !i.Shared {
				continue
			}
			shared++
			for _, f := range i.Fields {
				all += i.Key + " " + f.Value + "\n"
			}
		}
		if shared < 3 {
			t.Errorf("only %d papers are for both", shared)
		}
		return all
	}
	note(papers())
	other, _, err := d.cases.Guest(t.Context(), code, theirBrowser)
	if err != nil {
		t.Fatal(err)
	}
	read := func() dispute.Consent {
		k, err := d.cases.Consent(t.Context(), other, id)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	note(read())
	d.sent.all = nil
	d.courier(t)
	for _, m := range d.sent.all {
		if m.to.Chat == theirBrowser {
			reached = append(reached, flat(m.reply))
		}
	}
	if len(reached) < 4 {
		t.Errorf("nothing was sent to the other party: %d texts", len(reached))
	}
	for _, text := range reached {
		if strings.Contains(text, "孙玉兰") || strings.Contains(text, "13800138000") {
			t.Errorf("the other party reads the name in\n%s", text)
		}
	}
	// The reporter is told before they confirm, and then it stands in the agreement.
	me := access.Actor{ID: "web:a"}
	see := dataOf(t, d.tell(t, web("a"), "进度"), "看协议")
	if shown := d.press(t, web("a"), me, see); !strings.Contains(shown.Text, "您一确认，对方就看得到") {
		t.Errorf("the reporter is shown\n%s", flat(shown))
	}
	k, err := d.cases.Consent(t.Context(), me, id)
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.cases.Confirm(t.Context(), me, id, k.Code, dispute.Seen{})
	step("confirm", err)
	if k := read(); k.Agreement.Parties[0].Name != "孙玉兰" || !strings.Contains(papers(), "孙玉兰") {
		t.Errorf("an agreement that the reporter stood to names %q", k.Agreement.Parties[0].Name)
	}
}
