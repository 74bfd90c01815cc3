package bot

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// Recipients that stand for several people, or for whoever holds an account.
const (
	toAccount   = "staff"
	toTerritory = "territory"
	toGrid      = "grid"
	toRole      = "role"
)

// telegramChannel is the only channel over which staff are told things.
const telegramChannel = "telegram"

// recipients splits "territory:371083001219"; group is false for an address.
func recipients(to string) (kind, name string, group bool) {
	kind, name, _ = strings.Cut(to, ":")
	return kind, name, kind == toAccount || kind == toTerritory || kind == toGrid || kind == toRole
}

// ParseAddress reverses [Address.String].
func ParseAddress(s string) (Address, bool) {
	channel, chat, ok := strings.Cut(s, ":")
	return Address{channel, chat}, ok && channel != "" && chat != ""
}

// addressesOf lists where the recipients can be reached: the account, the
// mediators on duty who cover a territory, all of a role. Where a territory has no
// mediator whom a channel reaches, the clerks are told.
func (b *Bot) addressesOf(ctx context.Context, to string) ([]string, error) {
	kind, name, _ := recipients(to)
	if kind == toAccount {
		a, err := b.d.Accounts.Account(ctx, name)
		if err != nil {
			return nil, err
		}
		return reachable([]access.Account{a}, func(access.Account) bool { return true }), nil
	}
	all, err := b.d.Accounts.List(ctx)
	if err != nil {
		return nil, err
	}
	if kind == toRole {
		return reachable(all, func(a access.Account) bool { return string(a.Role) == name }), nil
	}
	today := access.Day(b.now())
	if village, grid, ok := strings.Cut(name, "/"); ok && kind == toGrid {
		if found := reachable(all, func(a access.Account) bool { return access.ServesGrid(a, village, grid, today) }); len(found) > 0 {
			return found, nil
		}
		name = village // nobody of the grid is there: the village's others
	}
	found := reachable(all, func(a access.Account) bool { return access.Serves(a, name, today) })
	if len(found) == 0 {
		found = reachable(all, func(a access.Account) bool { return a.Role == access.Clerk && a.Actor().Covers(name) })
	}
	return found, nil
}

func reachable(all []access.Account, fits func(access.Account) bool) []string {
	var out []string
	for _, a := range all {
		if !a.Disabled && a.Telegram != "" && fits(a) {
			out = append(out, Address{telegramChannel, a.Telegram}.String())
		}
	}
	return out
}

// notice words a message from the outbox for one person, with the buttons that
// belong under it. What a button does is judged when it is pressed.
func (b *Bot) notice(ctx context.Context, to Address, n dispute.Notice) (Reply, error) {
	if id, ok := n.Data["handover"]; ok {
		return b.handoverNotice(ctx, to, n.Key, id)
	}
	d := map[string]string{"base": b.opt.PublicURL}
	maps.Copy(d, n.Data)
	d["office"] = b.place(d["refer_to"])
	id, err := dispute.ParseCaseID(n.Data["case"])
	if err != nil {
		return b.word(ctx, n.Key, d), nil //nolint:nilerr // a notice about no case has no buttons
	}
	if told[n.Key] {
		seq, _ := strconv.ParseInt(n.Data["version"], 10, 64)
		if d["text"], err = b.d.Cases.Told(ctx, id, seq, to.String()); err != nil {
			return Reply{}, err
		}
	}
	r := b.word(ctx, n.Key, d)
	version, _ := strconv.ParseInt(n.Data["version"], 10, 64) // 0 asks for no check
	var list []keyed
	if n.Data["priority"] == "0" && waiting[n.Key] {
		list = append(list, keyed{"flow.choice.ack", Handle{Action: actAck, Case: id}})
	}
	for _, k := range append(stepButtons(n), noticeButtons[n.Key]...) {
		k.handle.Case, k.handle.Version = id, version
		list = append(list, k)
	}
	r.Choices, err = b.buttons(ctx, to.String(), list)
	return r, err
}

// word is a message as this version words it. One that lacks what the wording
// asks for was queued by another version: its reader is told that there is news
// and how to read it, rather than nothing.
func (b *Bot) word(ctx context.Context, key string, d map[string]string) Reply {
	text, err := b.d.Texts.Try(key, d)
	if err != nil {
		b.opt.Log.ErrorContext(ctx, "notice of another version can't be worded", "key", key, "case", d["case"], "err", err)
		text = b.d.Texts.Say("bot.news", d["number"])
	}
	return Reply{Text: text}
}

var (
	forReporter  = []keyed{{"flow.choice.progress", Handle{Action: actProgress}}}
	forMediators = []keyed{
		{"flow.choice.claim", Handle{Action: actClaim}},
		{"flow.choice.detail", Handle{Action: actDetail}},
		{"flow.choice.not_mine", Handle{Action: actNotMine}},
	}
	forVillage = []keyed{forMediators[0], forMediators[1], {"flow.choice.turn_back", Handle{Action: actTurnBack}}}
	forMeeting = []keyed{{"flow.choice.progress", Handle{Action: actProgress}}, {"flow.choice.put_off", Handle{Action: actPutOff}}}
	forAsked   = []keyed{
		{"flow.choice.take", Handle{Action: actTake}},
		{"flow.choice.turn_down", Handle{Action: actTurnDown}},
		{"flow.choice.detail", Handle{Action: actDetail}},
	}
	forAnswer = []keyed{{"flow.choice.answer", Handle{Action: actSupplement}}, {"flow.choice.progress", Handle{Action: actProgress}}}
	forParty  = []keyed{{"flow.choice.consent", Handle{Action: actConsent}}, forReporter[0]}
	forScore  = []keyed{
		{"flow.choice.rate.5", Handle{Action: actScore, Ref: "5"}},
		{"flow.choice.rate.4", Handle{Action: actScore, Ref: "4"}},
		{"flow.choice.rate.3", Handle{Action: actScore, Ref: "3"}},
		{"flow.choice.rate.2", Handle{Action: actScore, Ref: "2"}},
		{"flow.choice.rate.1", Handle{Action: actScore, Ref: "1"}},
	}
	forUrging = []keyed{{"flow.choice.urge", Handle{Action: actUrge}}, {"flow.choice.detail", Handle{Action: actDetail}}}
	forVisit  = []keyed{{"flow.choice.visit", Handle{Action: actVisit}}, {"flow.choice.detail", Handle{Action: actDetail}}}
	forCalls  = []keyed{{"flow.choice.calls", Handle{Action: actCalls}}, {"flow.choice.detail", Handle{Action: actDetail}}}
	forOwner  = []keyed{{"flow.choice.detail", Handle{Action: actDetail}}}
)

// told are the notices whose words stand in the case's file: the outbox holds
// nothing personal.
var told = map[string]bool{"notice.message": true, "notice.kept": true}

// waiting are the notices of a case that nobody has looked at; an emergency is
// told again until somebody says that they know.
var waiting = map[string]bool{
	"notice.new": true, "notice.again": true, "notice.escalated": true, "notice.new.review": true, "notice.unreviewed": true,
}

// noticeButtons are the buttons under each notice.
var noticeButtons = map[string][]keyed{
	"notice.filed": forReporter, "notice.review": forReporter, "notice.claimed": forReporter, "notice.released": forReporter,
	"notice.consulting": forReporter, "notice.mediating": forReporter, "notice.paused": forReporter, "notice.resumed": forReporter,
	"notice.outcome": forReporter, "notice.effect": forParty, "notice.reopened": forReporter, "notice.agreed": forParty,
	"notice.reworded": forParty, "notice.late": forParty, "notice.remedies": forReporter, "notice.confirm.by": forParty, "notice.score": forScore,
	"notice.late.staff": forUrging, "notice.visit": forVisit, "notice.told": forOwner, "notice.scored": forOwner, "notice.confirmed": forOwner,
	"notice.dissatisfied": forOwner, "notice.confirm.by.staff": forOwner, "notice.archive": forOwner,
	"notice.new": forMediators, "notice.again": forMediators, "notice.escalated": forMediators,
	"notice.assigned": forOwner, "notice.expiring": forOwner, "notice.overdue": forOwner, "notice.added": forOwner,

	"notice.tell": forCalls, "notice.passed": forOwner,
	"notice.back":    forVillage,
	"notice.offered": forAsked, "notice.invited": forOwner, "notice.absorbed": forOwner, "notice.objected": forOwner, "notice.message": forAnswer,
	"notice.meeting.offered": {{"flow.choice.times", Handle{Action: actTimes}}},
	"notice.meeting.booked":  forMeeting, "notice.meeting.day": forMeeting, "notice.meeting.hour": forMeeting, "notice.meeting.off": forReporter,
	"notice.party.entered": forOwner, "notice.party.willing": forOwner, "notice.party.refused": forOwner, "notice.meeting.none": forOwner,

	"notice.meeting.stands": forMeeting, "notice.meeting.staff.moved": forOwner, "notice.doubted": forOwner, "notice.wish": forOwner,
	"notice.joint": forParty, "notice.joint.staff": forOwner, "notice.urged": forParty,

	"notice.handed": forReporter, "notice.kept": forReporter, "notice.extended": forReporter, "notice.merged": forReporter,
}

// handoverNotice words what only the hand-over itself holds, since the outbox
// keeps nothing personal.
func (b *Bot) handoverNotice(ctx context.Context, to Address, key, id string) (Reply, error) {
	h, err := b.d.Handovers.Handover(ctx, id)
	if err != nil {
		return Reply{}, err
	}
	if key == "flow.notice.answered" {
		return b.say(key, map[string]any{"Question": clip(h.Question, 40), "Reply": h.Reply}), nil
	}
	c, err := b.button(ctx, to.String(), "flow.choice.reply", Handle{Action: actReply, Ref: id})
	if err != nil {
		return Reply{}, err
	}
	return b.say(key, b.handoverText(h), c), nil
}
