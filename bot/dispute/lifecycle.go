package dispute

import (
	"slices"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/place"
)

// Op is one thing that can be done to a case.
type Op string

// The operations. Filing isn't among them: it makes the case.
const (
	OpAccept   Op = "accept"   // 受理
	OpDecline  Op = "decline"  // 不予受理
	OpRefer    Op = "refer"    // 转办、移交
	OpMerge    Op = "merge"    // 并案
	OpClaim    Op = "claim"    // 认领
	OpRenew    Op = "renew"    // 延长认领
	OpRelease  Op = "release"  // 退回
	OpLapse    Op = "lapse"    // 认领到期
	OpReassign Op = "reassign" // 指派、改派
	OpContact  Op = "contact"  // 记录联系情况
	OpConsult  Op = "consult"  // 征求对方意愿
	OpMediate  Op = "mediate"  // 开始调解
	OpPause    Op = "pause"    // 中止
	OpResume   Op = "resume"   // 恢复
	OpAgree    Op = "agree"    // 达成书面协议
	OpOral     Op = "oral"     // 达成口头协议
	OpFail     Op = "fail"     // 调解不成
	OpRefuse   Op = "refuse"   // 对方明确拒绝
	OpSettle   Op = "settle"   // 自行和解
	OpEffect   Op = "effect"   // 协议生效
	OpPerform  Op = "perform"  // 履行完毕
	OpWithdraw Op = "withdraw" // 撤回
	OpClose    Op = "close"    // 结案
	OpArchive  Op = "archive"  // 归档
	OpReopen   Op = "reopen"   // 重新打开
	OpNote     Op = "note"     // 记录
	OpAdd      Op = "add"      // 补充材料
	OpRead     Op = "read"     // 查阅个人信息
	OpRemind   Op = "remind"   // 到期提醒、升级
	OpAmend    Op = "amend"    // 写、改、更正协议
	OpConfirm  Op = "confirm"  // 当事人确认协议
	OpSign     Op = "sign"     // 签字盖章
	OpFulfil   Op = "fulfil"   // 登记履行
	OpTell     Op = "tell"     // 当事人说履行情况
	OpUrge     Op = "urge"     // 督促履行
	OpJudicial Op = "judicial" // 司法确认
	OpVisit    Op = "visit"    // 回访
	OpScore    Op = "score"    // 当事人评价
	OpDoubt    Op = "doubt"    // 当事人说协议写得不对
	OpWish     Op = "wish"     // 当事人说愿不愿意一起申请司法确认
	OpReview   Op = "review"   // 处理不满意
	OpEnclose  Op = "enclose"  // 文书入卷
	OpTally    Op = "tally"    // 统计项
	OpDieOut   Op = "die_out"  // 纠纷消失
	OpCorrect  Op = "correct"  // 按本人要求更正、补充
	OpErase    Op = "erase"    // 按本人要求删除个人信息
)

// The operations that leave a case where it is in the process and change who
// works on it, by when, and what was said.
const (
	OpPassOn    Op = "pass_on"    // 达成协议以后换人接着办
	OpOffer     Op = "offer"      // 请别的调解员接手
	OpTake      Op = "take"       // 接受转交
	OpTurnDown  Op = "turn_down"  // 不接受或收回转交
	OpOfferOver Op = "offer_over" // 转交没有回音
	OpInvite    Op = "invite"     // 请人联合调解
	OpLeave     Op = "leave"      // 退出联合调解
	OpObject    Op = "object"     // 当事人申请回避、要求换调解员
	OpReplace   Op = "replace"    // 同意更换
	OpKeep      Op = "keep"       // 不更换
	OpExtend    Op = "extend"     // 双方同意延长
	OpMessage   Op = "message"    // 给反映人的话
	OpAck       Op = "ack"        // 紧急件有人知道了
	OpRate      Op = "rate"       // 调整紧急程度
	OpLocate    Op = "locate"     // 定、改网格
	OpAbsorb    Op = "absorb"     // 另一件并了进来
	OpLink      Op = "link"       // 并案的两件互相记下了
)

// party says who may do something to a case, as a set.
type party uint16

const (
	byOwner    party = 1 << iota // the mediator who has it
	byMediator                   // any mediator of its territory who isn't a party to it
	byManager                    // who manages cases in its territory
	byReporter                   // who reported it
	byDesk                       // the desk's timers
	byParty                      // another party who has come in by a link
	byOffered                    // the mediator whom its own asked to take it over
	byHelper                     // who was asked to help with it
)

// move is one row of the lifecycle.
type move struct {
	from []State // in which states; nil means any
	to   State   // "" stays
	by   party
	done string // kind of the event
}

// working are the states in which a mediator has the case in hand.
var working = []State{Claimed, Consulting, Mediating, Paused}

// inWork are the states in which people may be asked to help.
var inWork = []State{Claimed, Consulting, Mediating, Paused, Agreed, Performing}

// early are the states before an agreement.
var early = []State{Submitted, Accepted, Claimed, Consulting, Mediating, Paused}

// open are the states in which the desk still has something to do.
var open = []State{Submitted, Accepted, Claimed, Consulting, Mediating, Paused, Agreed, Performing}

// inMeetings are the states in which the parties meet: to mediate, to sign, to
// talk about how an agreement is kept.
var inMeetings = slices.Concat(working, []State{Agreed, Performing})

// ended are the states from which a case is closed.
var ended = []State{Performed, Failed, Withdrawn, Declined, Referred, Merged}

// unfinished are the states in which a case is still in its owner's hands.
var unfinished = slices.Concat(open, ended)

// afterwards are the states after the mediation in which a case still has a mediator:
// it can be given to another, but mediated it is no more.
var afterwards = slices.Concat([]State{Agreed, Performing}, ended, []State{Closed})

// settledStates are those of a case with an agreement that may be worded anew
// before it is in effect, and corrected with a reason afterwards.
var settledStates = []State{Agreed, Performing, Performed, Closed, Archived}

// visited are the states in which people are asked how it went.
var visited = []State{Performing, Failed, Performed, Withdrawn, Closed}

// filed are the states in which papers go into the dossier.
var filed = slices.Concat(working, settledStates, []State{Failed, Withdrawn, Declined, Referred, Merged})

// moves is the lifecycle of DOMAIN §1: the only place that says what may
// follow what, and who may bring it about.
var moves = map[Op]move{
	OpAccept:   {[]State{Submitted}, Accepted, byManager, "accepted"},
	OpDecline:  {[]State{Submitted, Accepted}, Declined, byManager, "declined"},
	OpRefer:    {[]State{Submitted, Accepted, Claimed, Consulting, Mediating, Paused}, Referred, byManager | byOwner, "referred"},
	OpMerge:    {early, Merged, byManager, "merged"},
	OpClaim:    {[]State{Accepted}, Claimed, byMediator, "claimed"},
	OpRenew:    {[]State{Claimed}, "", byOwner, "renewed"},
	OpRelease:  {working, Accepted, byOwner | byManager, "released"},
	OpLapse:    {[]State{Claimed}, Accepted, byDesk, "lapsed"},
	OpReassign: {append([]State{Accepted}, working...), Claimed, byManager, "assigned"},
	OpContact:  {[]State{Claimed, Consulting, Mediating, Paused}, "", byOwner, "contacted"},
	OpConsult:  {[]State{Claimed}, Consulting, byOwner, "consulting"},
	OpMediate:  {[]State{Claimed, Consulting}, Mediating, byOwner, "mediating"},
	OpPause:    {[]State{Mediating}, Paused, byOwner, "paused"},
	OpResume:   {[]State{Paused}, Mediating, byOwner, "resumed"},
	OpAgree:    {[]State{Mediating}, Agreed, byOwner, "agreed"},
	OpOral:     {[]State{Mediating}, Performing, byOwner, "agreed"},
	OpFail:     {[]State{Mediating, Paused, Agreed}, Failed, byOwner, "failed"}, // agreed on paper, and then not signed
	OpRefuse:   {[]State{Claimed, Consulting, Mediating, Paused}, Failed, byOwner | byParty, "refused"},
	OpSettle:   {append([]State{Accepted}, working...), Withdrawn, byOwner | byManager, "settled"},
	OpEffect:   {[]State{Agreed}, Performing, byDesk, "in_effect"},
	OpPerform:  {[]State{Performing}, Performed, byOwner | byManager | byDesk, "performed"},
	OpAmend:    {settledStates, "", byOwner | byManager, "amended"},
	OpConfirm:  {[]State{Agreed, Performing}, "", byReporter | byParty, "confirmed"},
	OpSign:     {[]State{Agreed, Performing}, "", byOwner | byManager, "signed"},
	OpFulfil:   {[]State{Performing}, "", byOwner | byManager, "fulfilled"},
	OpTell:     {[]State{Performing}, "", byReporter | byParty, "told"},
	OpUrge:     {[]State{Performing}, "", byOwner | byManager, "urged"},
	OpJudicial: {[]State{Performing, Performed, Closed}, "", byOwner | byManager, "judicial"},
	OpVisit:    {visited, "", byOwner | byManager, "visited"},
	OpScore:    {visited, "", byReporter | byParty, "scored"},
	OpReview:   {visited, "", byManager, "reviewed"},
	OpDoubt:    {[]State{Agreed, Performing}, "", byReporter | byParty, "doubted"},
	OpWish:     {[]State{Agreed, Performing, Performed, Closed}, "", byReporter | byParty, "wished"},
	OpEnclose:  {filed, "", byOwner | byManager, "enclosed"},
	OpTally:    {nil, "", byOwner | byManager, "tallied"},
	OpDieOut:   {append([]State{Accepted}, working...), Withdrawn, byOwner | byManager, "died_out"},
	OpWithdraw: {append([]State{Submitted, Accepted}, working...), Withdrawn, byReporter | byManager, "withdrawn"},
	OpClose:    {append([]State{Agreed, Performing}, ended...), Closed, byOwner | byManager, "closed"},
	OpArchive:  {[]State{Closed}, Archived, byOwner | byManager, "archived"},
	OpReopen:   {[]State{Performing, Failed, Performed, Withdrawn, Declined, Closed, Archived}, Accepted, byManager, "reopened"},
	OpNote:     {nil, "", byOwner | byManager | byHelper, "noted"},
	OpAdd:      {open, "", byReporter | byParty | byOwner | byManager, "added"},
	OpCorrect:  {nil, "", byManager, "corrected"},
	OpErase:    {[]State{Closed, Archived}, "", byManager, "erased"},
	OpRead:     {nil, "", byOwner | byManager | byMediator | byOffered | byHelper | byParty, "read"},
	OpRemind:   {nil, "", byDesk, "reminded"},

	OpSeat:    {inMeetings, "", byOwner | byManager, "seated"},
	OpUnseat:  {inMeetings, "", byOwner | byManager, "unseated"},
	OpEnter:   {inMeetings, "", byDesk, "entered"},
	OpWilling: {working, "", byParty, "willing"},
	OpTimes:   {inMeetings, "", byOwner | byManager, "times"},
	OpPick:    {inMeetings, "", byOwner | byManager | byReporter | byParty, "picked"},
	OpBook:    {inMeetings, "", byOwner | byManager, "booked"},
	OpPutOff:  {inMeetings, "", byOwner | byManager | byReporter | byParty, "put_off"},
	OpPresent: {inMeetings, "", byReporter | byParty, "present"},
	OpMeet:    {inMeetings, "", byOwner, "met"},

	OpSee:   {nil, "", byParty, "seen"},
	OpPhone: {nil, "", byOwner | byManager, "phoned"},
	OpReach: {open, "", byParty, "reachable"},

	OpSendBack:  {[]State{Accepted}, "", byManager, "sent_back"},
	OpTurnBack:  {[]State{Accepted}, "", byMediator | byManager, "turned_back"},
	OpPassOn:    {afterwards, "", byManager, "passed_on"},
	OpOffer:     {working, "", byOwner, "offered"},
	OpTake:      {working, "", byOffered, "taken"},
	OpTurnDown:  {working, "", byOffered | byOwner | byManager, "turned_down"},
	OpOfferOver: {working, "", byDesk, "offer_over"},
	OpInvite:    {inWork, "", byOwner | byManager, "joined"},
	OpLeave:     {inWork, "", byOwner | byManager | byHelper, "left"},
	OpObject:    {working, "", byReporter | byParty | byOwner | byManager, "objected"},
	OpReplace:   {working, Accepted, byManager, "replaced"},
	OpKeep:      {working, "", byManager, "kept"},
	OpExtend:    {[]State{Claimed, Consulting, Mediating}, "", byOwner, "extended"},
	OpMessage:   {open, "", byOwner | byManager, "messaged"},
	OpAck:       {[]State{Submitted, Accepted}, "", byOwner | byMediator | byManager, "acknowledged"},
	OpRate:      {early, "", byOwner | byManager, "rated"},
	OpLocate:    {open, "", byOwner | byManager, "located"},
	OpAbsorb:    {open, "", byManager | byDesk, "absorbed"},
	OpLink:      {[]State{Merged}, "", byDesk, "linked"},
}

// awaits tells whether what an operation answers is there: an offer to take, a
// party's objection to decide on, an emergency that nobody has seen, something
// that was agreed.
func (c Case) awaits(op Op) bool {
	switch op { //nolint:exhaustive // the others answer nothing
	case OpPassOn:
		return c.Owner != ""
	case OpOffer:
		return c.Facts[factOffer] == ""
	case OpTake, OpTurnDown, OpOfferOver:
		return c.Facts[factOffer] != ""
	case OpLeave:
		return len(c.Team())+len(c.Organisations()) > 0
	case OpObject:
		return c.Facts[factObjected] == ""
	case OpSendBack:
		return c.Territory == place.Centre && c.SentBackTo() == ""
	case OpTurnBack:
		return c.SentBackTo() != ""
	case OpReplace, OpKeep:
		return c.Facts[factObjected] != ""
	case OpPhone:
		return c.HasUntold()
	case OpAmend, OpJudicial:
		return slices.Contains([]string{"", "written", "oral"}, c.Ending())
	case OpMessage:
		return c.Notify != ""
	case OpAck:
		return c.Priority == Emergency && c.Facts[factAcked] == "" && c.Owner == ""
	}
	return true
}

// allows tells whether the state permits op.
func (s State) allows(op Op) bool {
	from := moves[op].from
	return from == nil || slices.Contains(from, s)
}

// Open tells whether the desk still has something to do in this state.
func (s State) Open() bool { return slices.Contains(open, s) }

// Finished tells whether nothing is left to do but to keep the case.
func (s State) Finished() bool { return s == Closed || s == Archived }

// standing says what who is to the case.
func standing(who access.Actor, c Case) party {
	var p party
	if who.ID == access.System.ID {
		p |= byDesk
	}
	if who.ID != "" && c.Reporter == who.ID {
		p |= byReporter
	}
	if who.May(access.WorkCase) && c.Owner != "" && c.Owner == who.ID {
		p |= byOwner
	}
	if who.May(access.ClaimCase) && (who.Covers(c.Territory) || c.asked(who)) && c.Reporter != who.ID && !c.Recused(who.ID) {
		p |= byMediator
	}
	if who.May(access.WorkCase) && c.Facts[factOffer] == who.ID {
		p |= byOffered
	}
	if who.May(access.HelpCase) && c.Facts[factHelper+who.ID] != "" {
		p |= byHelper
	}
	if who.May(access.ManageCases) && who.Covers(c.Territory) {
		p |= byManager
	}
	if partyNo(who, c) != 0 {
		p |= byParty
	}
	return p
}

// knows tells whether who may know that the case exists.
func knows(who access.Actor, c Case) bool {
	return standing(who, c) != 0 || who.May(access.SeeQueue) && who.Covers(c.Territory)
}

// may tells whether who may do op to the case in its present state.
func may(who access.Actor, c Case, op Op) bool {
	return standing(who, c)&moves[op].by != 0 && c.State.allows(op) && c.awaits(op)
}

// Actions lists what who may do to the case now, in the order of the process:
// the buttons to show.
func Actions(who access.Actor, c Case) []Op {
	var all []Op
	for _, op := range []Op{
		OpPhone, OpAck, OpAccept, OpDecline, OpClaim, OpTake, OpTurnDown, OpReplace, OpKeep,
		OpContact, OpConsult, OpMediate, OpPause, OpResume, OpAgree, OpOral, OpFail, OpRefuse,
		OpSettle, OpDieOut, OpSign, OpAmend, OpFulfil, OpPerform, OpUrge, OpJudicial, OpVisit, OpReview, OpClose, OpArchive, OpReopen,
		OpEnclose, OpTally, OpConfirm, OpTell, OpScore, OpExtend, OpInvite, OpLeave, OpOffer, OpRelease, OpReassign, OpPassOn, OpSendBack, OpTurnBack, OpObject,
		OpRate, OpLocate, OpRefer, OpMerge, OpSeat, OpWithdraw, OpAdd, OpMessage, OpNote,
	} {
		if may(who, c, op) {
			all = append(all, op)
		}
	}
	return all
}

// Next lists the states that may follow one.
func Next(from State) []State {
	var all []State
	for _, s := range States {
		for _, m := range moves {
			if m.to == s && s != from && (m.from == nil || slices.Contains(m.from, from)) && !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}
