package bot_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/place"
)

const gridRegister = `
district: {name: 槐树街道, city: 槐市, code: "999999999", centre: 调解中心}
number: {form: "〔{year}〕槐受字第 {serial} 号", digits: 4}
source: 虚构
as_of: "2026-01-01"
villages:
- {code: "999999999001", name: 槐树社区, kind: community, grids: [第一网格（花园小区、胜利街）, 第二网格（港湾小区）]}
- {code: "999999999002", name: 柳树村, kind: village}
`

// TestACaseIsRoutedByItsGrid: who tells of a place in a grid reaches the grid's
// mediators, or whoever stands in for them; with nobody of the grid there, the
// village's others; a grid worker's own grid counts where the words name none.
func TestACaseIsRoutedByItsGrid(t *testing.T) {
	const home, first, second = "999999999001", "999999999001/第一网格", "999999999001/第二网格"
	places, err := place.Parse([]byte(gridRegister), place.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := newDeskIn(t, bot.Options{}, places)
	hire := func(id string, role access.Role, chat string, change func(*access.Account)) {
		d.hire(id, role, chat, home)
		a := d.accounts[id]
		change(&a)
		d.accounts[id] = a
	}
	hire("甲", access.Mediator, "501", func(a *access.Account) { a.Grids = []string{first} })
	hire("乙", access.Mediator, "502", func(a *access.Account) { a.Grids = []string{second} })
	hire("丙", access.Mediator, "503", func(*access.Account) {})
	hire("网", access.GridWorker, "701", func(a *access.Account) { a.Grids = []string{second} })
	token := 0
	file := func(who access.Actor, what string) dispute.Case {
		t.Helper()
		token++
		c, err := d.cases.File(t.Context(), who, dispute.Filing{Token: string(rune('a' + token)), Gate: dispute.Gate{Verdict: dispute.Yes}, Report: dispute.Report{
			Village: home, Category: "neighbour", What: what, Source: "web", Urgency: dispute.Normal, Consented: d.now, ConsentBy: "x",
		}})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	told := func() string {
		t.Helper()
		d.sent.all = nil
		d.courier(t)
		to := map[string]bool{}
		for _, m := range d.sent.all {
			to[m.to.Chat] = true
		}
		return strings.Join(slices.Sorted(maps.Keys(to)), " ")
	}
	resident := access.Actor{ID: "web:a"}
	for name, tc := range map[string]struct {
		who              access.Actor
		what, grid, told string
	}{
		"an estate":                     {resident, "港湾小区楼上漏水", "第二网格", "502"},
		"a street":                      {resident, "胜利街门口堆杂物", "第一网格", "501"},
		"the grid's name":               {resident, "俺第一网格的 邻居漏水", "第一网格", "501"},
		"two grids":                     {resident, "花园小区和港湾小区的人吵架", "", "501 502 503"},
		"nothing named":                 {resident, "楼上漏水", "", "501 502 503"},
		"a grid worker's own grid":      {d.accounts["网"].Actor(), "楼上漏水 两家吵架", "第二网格", "502"},
		"a grid worker for another one": {d.accounts["网"].Actor(), "花园小区漏水", "第一网格", "501"},
	} {
		c := file(tc.who, tc.what)
		if got := told(); c.Grid() != tc.grid || got != tc.told {
			t.Errorf("%s: in the grid %q, told to %s; want %q, %s", name, c.Grid(), got, tc.grid, tc.told)
		}
	}
	today := access.Day(d.now)
	away := d.accounts["乙"]
	away.Away = []access.Leave{{From: today, To: today, Cover: "丙"}}
	d.accounts["乙"] = away
	file(resident, "港湾小区又漏水")
	if got := told(); got != "501 503" {
		t.Errorf("with the grid's mediator away, told to %s; want the others", got)
	}
	cover := d.accounts["丙"]
	cover.Stands = []access.Stand{{For: "乙", Territories: []string{home}, Grids: []string{second}, From: today, To: today}}
	d.accounts["丙"] = cover
	file(resident, "港湾小区还漏水")
	if got := told(); got != "503" {
		t.Errorf("with somebody standing in, told to %s; want 503", got)
	}
	// Where the words named none, a clerk does, and the grid's mediators are told.
	unknown := file(resident, "楼上半夜吵")
	told()
	clerk := access.Actor{ID: "clerk", Role: access.Clerk}
	if c, err := d.cases.Locate(t.Context(), clerk, unknown.ID, "第一网格", "", dispute.Seen{}); err != nil || c.Grid() != "第一网格" {
		t.Fatalf("located: %q, %v", c.Grid(), err)
	}
	if got := told(); got != "501" {
		t.Errorf("located in the first grid, told to %s; want 501", got)
	}
	if _, err := d.cases.Locate(t.Context(), clerk, unknown.ID, "第九网格", "", dispute.Seen{}); fault.Of(err) != fault.Invalid {
		t.Errorf("a grid that the village doesn't have: %v", err)
	}
	// An account that is given a grid is told of its cases from then on.
	moved := d.accounts["丙"]
	moved.Grids, moved.Stands = []string{second}, nil
	d.accounts["丙"] = moved
	file(resident, "港湾小区又吵")
	if got := told(); got != "503" { // 乙 is away today
		t.Errorf("with the grid given to another account, told to %s; want 503", got)
	}
	// One's own grid comes first among the equally urgent.
	queue, err := d.cases.Queue(t.Context(), d.accounts["乙"].Actor(), 50)
	if err != nil || len(queue) < 5 || queue[0].Grid() != "第二网格" || queue[len(queue)-1].Grid() == "第二网格" {
		t.Errorf("the queue of the second grid's mediator begins in %q, %v", queue[0].Grid(), err)
	}
}

func TestGridsOfARegisterHaveNames(t *testing.T) {
	for name, grids := range map[string]string{"twice": "[第一网格（甲）, 第一网格（乙）]", "nameless": "[（甲）]", "a place in two": "[第一网格（甲、乙）, 第二网格（乙）]", "no end": "[第一网格（甲]", "a slash": "[一/二（甲）]"} {
		bad := strings.Replace(gridRegister, "[第一网格（花园小区、胜利街）, 第二网格（港湾小区）]", grids, 1)
		if _, err := place.Parse([]byte(bad), place.Options{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestAGridWorkersMessageAnswersWhatItsTypeAsks: an option that the message names
// is its answer; what it doesn't say can be filled in at the review, and is shown
// to the mediator as still to be asked.
func TestAGridWorkersMessageAnswersWhatItsTypeAsks(t *testing.T) {
	d := newDesk(t, bot.Options{})
	const village = "371083001219"
	grid := d.hire("小网", access.GridWorker, "701", village)
	mediator := d.hire("老张", access.Mediator, "501", village)
	clerk := d.hire("前台", access.Clerk, "600")

	r := d.tellStaff(t, "701", grid, "仇家洼 楼上邻居家漏水 泡了老钱家的墙 两家吵架 13800138000")
	if text := flat(r); !strings.Contains(text, "漏水") || !strings.Contains(text, "没问题，报上去") {
		t.Fatalf("the review says\n%s", text)
	}
	if text := flat(d.press(t, bot.Address{Channel: "telegram", Chat: "701"}, grid, dataOf(t, r, "没问题，报上去"))); !strings.Contains(text, "城区受字第") {
		t.Fatalf("filed: %s", text)
	}
	cases, _, err := d.cases.Cases(t.Context(), clerk, dispute.Filter{})
	if err != nil || len(cases) != 1 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	if cases[0].State == dispute.Submitted {
		if _, err := d.cases.Advance(t.Context(), clerk, cases[0].ID, dispute.OpAccept, "", dispute.Seen{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.cases.Claim(t.Context(), mediator, cases[0].ID, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	c, err := d.cases.Case(t.Context(), mediator, cases[0].ID)
	if err != nil || c.Category != "neighbour" || c.Report.Extra["neighbour.matter"] != "漏水" {
		t.Fatalf("the report says %v of a %s, %v", c.Report.Extra, c.Category, err)
	}
	open := d.cases.Unasked(c)
	if len(open) == 0 || slices.ContainsFunc(open, func(a dispute.Answered) bool { return a.Label == "什么事" }) {
		t.Errorf("still to be asked: %v", open)
	}
	detail := flat(d.press(t, bot.Address{Channel: "telegram", Chat: "501"}, mediator, dataOf(t, d.tellStaff(t, "501", mediator, "我的案子"), "看详情")))
	if !strings.Contains(detail, "还要问："+open[0].Label) || !strings.Contains(detail, "什么事：漏水") {
		t.Errorf("the mediator reads\n%s", detail)
	}
}

// TestATypeThatTheMessageLeavesOpenIsAskedWithItsQuestions: a grid worker whose
// words name no type is asked for it, and then what it asks, each to be skipped.
func TestATypeThatTheMessageLeavesOpenIsAskedWithItsQuestions(t *testing.T) {
	d := newDesk(t, bot.Options{})
	grid := d.hire("小网", access.GridWorker, "701", "371083001219")
	if text := flat(d.tellStaff(t, "701", grid, "仇家洼 老钱家那件事 13800138000")); !strings.Contains(text, "这件事算哪一类") {
		t.Fatalf("with no type the desk says\n%s", text)
	}
	if text := flat(d.tellStaff(t, "701", grid, "邻里")); !strings.Contains(text, "主要是哪样") || !strings.Contains(text, "跳过") {
		t.Errorf("after the type the desk says\n%s", text)
	}
}
