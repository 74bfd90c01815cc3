package bot_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/content"
)

// toTypes begins a report and picks a type: what comes next is asked for it.
func (d *desk) toTypes(t *testing.T, from bot.Address, typeName string) bot.Reply {
	t.Helper()
	d.tell(t, from, "我要反映纠纷", "同意", "仇家洼")
	r := d.tell(t, from, "这件事说来话长，麻烦您给看看")
	if strings.Contains(r.Text, "看着是") {
		r = d.tell(t, from, "不是")
	}
	if !strings.Contains(r.Text, "哪一类") {
		t.Fatalf("the type isn't asked for:\n%s", flat(r))
	}
	d.tell(t, from, typeName)
	return d.tell(t, from, "今年三月")
}

// said answers a question as a test can tell again: its last option, or words.
func saidTo(a content.Ask, n int) (say, kept string) {
	switch {
	case len(a.Choices) > 0:
		return a.Choices[len(a.Choices)-1], a.Choices[len(a.Choices)-1]
	case a.Kind == "amount":
		return "两万五", "25000 元"
	}
	words := "答话" + string(rune('甲'+n))
	return words, words
}

// TestEachTypeAsksWhatItNeeds walks the dialogue of every type: its own
// questions come in order, what is said is kept by key, and is shown with its
// label in the chat, and in the application and the register of the dossier.
func TestEachTypeAsksWhatItNeeds(t *testing.T) {
	d := newDesk(t, bot.Options{})
	mediator := d.hire("老张", access.Mediator, "501")
	for _, c := range d.intake.Categories {
		t.Run(c.Key, func(t *testing.T) {
			if len(c.Ask) == 0 {
				t.Fatal("nothing is asked")
			}
			from := web("t-" + c.Key)
			r := d.toTypes(t, from, c.Name)
			want, instead := map[string]string{}, ""
			for n, a := range c.Ask {
				if !strings.Contains(flat(r), a.Ask) {
					t.Fatalf("%s is not asked, but\n%s", a.Key, flat(r))
				}
				say, kept := saidTo(a, n)
				want[c.KeyOf(a)] = kept
				if a.Instead == "other" {
					instead = kept
				}
				r = d.tell(t, from, say)
			}
			if instead == "" {
				if !strings.Contains(r.Text, "对方是谁") {
					t.Fatalf("who the other party is is not asked, but\n%s", flat(r))
				}
				r = d.tell(t, from, "跳过")
			}
			if !strings.Contains(r.Text, "满意") {
				t.Fatalf("what would settle it is not asked, but\n%s", flat(r))
			}
			d.tell(t, from, "办好", "我自己的事", "可以说")
			d.tell(t, from, "孙大姐 13800138000")
			if r = d.tell(t, from, "提交"); !strings.Contains(r.Text, "城区受字第") {
				t.Fatalf("it isn't filed:\n%s", flat(r))
			}
			d.keptWithLabels(t, from, mediator, c, want, instead)
		})
	}
}

func (d *desk) keptWithLabels(t *testing.T, from bot.Address, mediator access.Actor, c content.Category, want map[string]string, instead string) {
	t.Helper()
	me := access.Actor{ID: from.String()}
	mine, err := d.cases.MyReports(t.Context(), me)
	if err != nil || len(mine) != 1 {
		t.Fatalf("%d cases, %v", len(mine), err)
	}
	ca, err := d.cases.Case(t.Context(), me, mine[0].ID)
	if err != nil || ca.Report.Other != instead {
		t.Errorf("the other party is %q, %v; want %q", ca.Report.Other, err, instead)
	}
	for key, text := range want {
		if ca.Report.Extra[key] != text {
			t.Errorf("%s is kept as %q, want %q", key, ca.Report.Extra[key], text)
		}
	}
	if ca.State == dispute.Submitted {
		if ca, err = d.cases.Advance(t.Context(), d.hire("前台", access.Clerk, ""), ca.ID, dispute.OpAccept, "", dispute.Seen{}); err != nil {
			t.Fatal(err)
		}
	}
	before, err := d.cases.Case(t.Context(), mediator, ca.ID)
	if err != nil || instead != "" && slices.Contains(values(before.Report.Extra), instead) {
		t.Errorf("before the claim the other party can be read in %v, %v", before.Report.Extra, err)
	}
	if _, err := d.cases.Claim(t.Context(), mediator, ca.ID, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	dossier, err := d.cases.Dossier(t.Context(), mediator, ca.ID)
	if err != nil {
		t.Fatal(err)
	}
	for paper, field := range map[string]string{"application": "事情经过", "register": "简要情况"} {
		text := fieldOf(dossier, paper, field)
		for _, a := range c.Ask {
			if line := a.Label + "：" + want[c.KeyOf(a)]; !strings.Contains(text, line) {
				t.Errorf("the paper %s lacks %s:\n%s", paper, line, text)
			}
		}
	}
}

func values(m map[string]string) []string {
	var all []string
	for _, v := range m {
		all = append(all, v)
	}
	return all
}

func fieldOf(d dispute.Dossier, paper, field string) string {
	for _, i := range d.Items {
		if i.Key == paper {
			return i.Values()[field]
		}
	}
	return ""
}

// TestTheQuestionsOfATypeMayAllBeSkipped: nothing but the common questions has
// to be answered, and a type changed at the end takes its answers with it.
func TestTheQuestionsOfATypeMayAllBeSkipped(t *testing.T) {
	d := newDesk(t, bot.Options{})
	from := web("a")
	d.toTypes(t, from, "劳动争议")
	d.tell(t, from, "跳过", "工地绑钢筋，欠三个月", "跳过", "跳过", "给钱", "我自己的事", "可以说")
	r := d.tell(t, from, "孙大姐 13800138000")
	if !strings.Contains(r.Text, "用人单位：（没填）") || !strings.Contains(r.Text, "干了多久：工地绑钢筋") || strings.Contains(r.Text, "对方：") {
		t.Fatalf("the review reads:\n%s", flat(r))
	}
	if r = d.tell(t, from, "改类型", "消费"); !strings.Contains(r.Text, "买的是什么") {
		t.Fatalf("the new type asks nothing of its own:\n%s", flat(r))
	}
	r = d.tell(t, from, "一台冰箱", "2999", "1", "跳过")
	if !strings.Contains(r.Text, "凭据：小票或订单") || strings.Contains(r.Text, "钢筋") {
		t.Fatalf("the review reads:\n%s", flat(r))
	}
	d.tell(t, from, "提交")
	mine, err := d.cases.MyReports(t.Context(), access.Actor{ID: from.String()})
	if err != nil || len(mine) != 1 {
		t.Fatalf("%d cases, %v", len(mine), err)
	}
	c, err := d.cases.Case(t.Context(), access.Actor{ID: from.String()}, mine[0].ID)
	want := map[string]string{"consumer.goods": "一台冰箱", "consumer.amount": "2999 元", "consumer.proof": "小票或订单"}
	if err != nil || len(c.Report.Extra) != len(want) {
		t.Fatalf("kept: %v, %v; want %v", c.Report.Extra, err, want)
	}
	for key, text := range want {
		if c.Report.Extra[key] != text {
			t.Errorf("%s is kept as %q, want %q", key, c.Report.Extra[key], text)
		}
	}
}
