package console_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// walk is a mediator at the desk, in a real browser.
type walk struct {
	*webtest.Tab
	t    *testing.T
	d    *desktest.Desk
	dir  string
	path string // of the case
}

// see takes pictures of the page at both widths and finds one that is too wide.
func (w *walk) see(name string) {
	w.t.Helper()
	for _, width := range []int64{360, 1280} {
		w.Size(width, 800)
		if os.Getenv("SHOTS_DIR") != "" { // a picture of a long page takes its time
			w.Whole(w.dir, fmt.Sprintf("walk-%s-%d", name, width))
		}
		if webtest.Eval[bool](w.Tab, wide) {
			w.t.Errorf("%s is wider than %d px", name, width)
		}
	}
}

func (w *walk) at(page string) {
	w.t.Helper()
	w.Do(chromedp.Navigate(w.d.URL + w.path + page))
}

func (w *walk) says(text string) {
	w.t.Helper()
	w.Until(`document.readyState === "complete" && document.body.innerText.includes(` + fmt.Sprintf("%q", text) + `)`)
}

// do fills in the form of an operation, presses its button, and waits for what
// the page then says. A field is name=value, or name#1=value for the second of
// its name; name alone ticks a box.
func (w *walk) do(op, says string, fields ...string) {
	w.t.Helper()
	var set strings.Builder
	for _, f := range fields {
		name, value, is := strings.Cut(f, "=")
		name, nth, _ := strings.Cut(name, "#")
		if !is {
			fmt.Fprintf(&set, "f.querySelector('[name=%s]').checked = true;", name)
			continue
		}
		fmt.Fprintf(&set, "put(%q, %q, %q);", name, value, nth)
	}
	webtest.Eval[bool](w.Tab, `(() => { window.before = true; const f = document.querySelector("form[action='`+w.path+"/"+op+`']");
		const put = (n, v, i) => { const all = [...f.querySelectorAll("[name='"+n+"']")], box = all.find(e => ["radio","checkbox"].includes(e.type) && e.value === v);
			if (box) box.checked = true; else all[+i].value = v };
		`+set.String()+` for (const d of [f.closest("details")]) if (d) d.open = true; return true })()`)
	w.Do(chromedp.Click(chromedp.CSS("form[action='" + w.path + "/" + op + "'] button")))
	w.Until(`!window.before && location.search === "?done"`)
	w.says(says)
}

// signIn has somebody else sit down at the desk.
func (w *walk) signIn(a access.Account) {
	w.t.Helper()
	w.Do(chromedp.Navigate(w.d.URL + w.d.SignInPath(a)))
	press(w.Tab, "登录")
	w.Until(`location.pathname === "/console/work"`)
}

func newWalk(t *testing.T, b *webtest.Browser, who string) *walk {
	t.Helper()
	d := desktest.Open(t)
	ca := d.File(who)
	w := &walk{b.Tab(t), t, d, webtest.Scratch(t), "/console/cases/" + string(ca.ID)}
	w.Size(1280, 800)
	w.signIn(desktest.Mediator)
	w.at("")
	press(w.Tab, "我来办")
	w.says("赵试民")
	w.do("mediate", "调解中")
	return w
}

// TestAMediatorWalksFromTheAgreementToTheArchive goes the whole way after the
// table at the pages themselves: a vague term flagged and put right, signatures,
// steps, one overdue and urged, judicial confirmation, a visit to somebody who
// is dissatisfied, the centre's answer, the dossier.
func TestAMediatorWalksFromTheAgreementToTheArchive(t *testing.T) {
	w := newWalk(t, webtest.Chromium(t), "walk")
	w.see("1-mediating")
	w.at("/agreement")
	w.see("2-agreement-empty")
	w.do("agree", "说不清楚", "facts=空调外机正对卧室窗户", "terms=孙某尽快把外机挪到北墙\n孙某付赵试民 900 元", "amount=900", "how=转账")
	w.says("没有写哪天以前办完")
	w.see("3-agreement-flagged")
	w.do("amend", "人调字", "terms=孙某2026年12月10日前把外机挪到北墙\n孙某2026年12月31日前付赵试民 900 元", "when=2026年12月31日以前",
		"step_what=挪外机", "step_due=2026-12-10", "step_what#1=付款", "step_amount#1=900", "step_due#1=2026-12-31")
	if text := webtest.Eval[string](w.Tab, `document.querySelector("main").innerText`); strings.Contains(text, "请先看这几点") {
		t.Errorf("still flagged: %s", text)
	}
	w.at("")
	w.see("4-agreed")
	w.do("sign", "未盖章", "party=reporter", "party=other", "mediator")
	w.do("sign", "还有 30 天", "seal")
	w.see("5-performing")
	w.d.Clock.Add(20 * 24 * time.Hour)
	if _, err := w.d.Cases.TickDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.signIn(desktest.Mediator) // a session doesn't last that long
	w.at("")
	w.says("已超期")
	if !webtest.Eval[bool](w.Tab, `document.querySelector("form[action$='/urge']").closest("details").open`) {
		t.Error("overdue, and to urge isn't what is offered first")
	}
	w.see("6-overdue")
	w.do("urge", "督促履行", "note=打了电话，说后天挪")
	w.do("fulfil", "办了 12月13日", "step=0", "note=到场看过")
	w.do("judicial", "已向法院申请司法确认", "result=filed", "court=乳山市人民法院")
	w.do("judicial", "法院确认有效", "result=confirmed", "ruling=（2026）鲁1083诉前调确1号")
	w.do("fulfil", "履行完毕", "step=1", "note=收条")
	w.do("visit", "回访和评价", "how=phone", "performed=都办了", "score=2", "note=拖得太久")
	w.see("7-visited")
	w.do("close", "结案")
	w.at("/dossier")
	w.see("8-dossier")
	w.signIn(desktest.Director)
	w.at("")
	w.do("review", "答复：", "note=以后到期前三天先打招呼")
	w.see("9-reviewed")
}

// TestAMediatorWalksToAnEndWithoutAgreement: failed with facts that both admit,
// settled by themselves, died out; and reopened by the director.
func TestAMediatorWalksToAnEndWithoutAgreement(t *testing.T) {
	browser := webtest.Chromium(t)
	w := newWalk(t, browser, "failed")
	w.do("outcome", "调解不成", "outcome=not_agreed", "note=寸步不让", "undisputed=外机装在南墙，对着卧室", "consented")
	w.says("外机装在南墙")
	w.says("到法院起诉")
	w.see("failed")
	w.do("visit", "回访和评价", "performed=没谈成", "score=3")
	w.at("/dossier")
	w.see("failed-dossier")

	w = newWalk(t, browser, "settled")
	w.do("outcome", "自行和解", "outcome=settled", "note=他们自己说好了")
	w.see("settled")

	w = newWalk(t, browser, "died")
	w.do("die_out", "纠纷消失", "note=外机拆了，人也搬走了")
	w.see("died-out")
	c, err := w.d.Cases.Brief(t.Context(), desktest.Director.Actor(), dispute.CaseID(strings.TrimPrefix(w.path, "/console/cases/")))
	if err != nil || c.Outcome != dispute.DiedOut {
		t.Fatalf("ended as %s, %v", c.Outcome, err)
	}
	w.signIn(desktest.Director)
	w.at("")
	w.do("reopen", "待认领", "note=又装回来了")
	w.see("reopened")
}
