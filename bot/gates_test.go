package bot_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/content"
)

// gateWords reads testdata/gates.tsv: the rule, the type that the resident picks
// ("" for the one that is guessed), and what they say.
func gateWords(t *testing.T) map[string][2]string {
	t.Helper()
	f, err := os.Open("testdata/gates.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string][2]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if cells := strings.Split(lines.Text(), "\t"); len(cells) == 3 && !strings.HasPrefix(cells[0], "#") {
			out[cells[0]] = [2]string{cells[1], cells[2]}
		}
	}
	return out
}

// TestEveryGateThroughTheConversation walks each rule of content/forms/gates.yaml:
// the resident is told why, by which article, and where to turn with its number
// (or that the sub-district has still to fill it in); what the rule says stands on
// the case; the clerk's decision reaches the resident with the same.
func TestEveryGateThroughTheConversation(t *testing.T) {
	d := newDesk(t, bot.Options{})
	clerk := d.hire("前台", access.Clerk, "600")
	words := gateWords(t)
	for _, g := range d.intake.Gates {
		t.Run(g.Key, func(t *testing.T) {
			said, ok := words[g.Key]
			if !ok {
				t.Fatal("no example")
			}
			from := web("gate-" + g.Key)
			heard, r := d.reported(t, from, said[0], said[1])
			told := flat(r)
			if g.Mediable != bot.MediableYes {
				d.mustTell(t, g, heard, "the dialogue")
			}
			d.mustTell(t, g, told, "the receipt")
			mine, err := d.cases.MyReports(t.Context(), access.Actor{ID: from.String()})
			if err != nil || len(mine) != 1 {
				t.Fatalf("%d cases, %v:\n%s", len(mine), err, told)
			}
			c, err := d.cases.Brief(t.Context(), clerk, mine[0].ID)
			if err != nil {
				t.Fatal(err)
			}
			if g.Mediable == bot.MediableYes {
				if c.State != dispute.Accepted || c.Facts["rule"] != g.Key {
					t.Errorf("it is %s by the rule %q", c.State, c.Facts["rule"])
				}
				return
			}
			if c.State != dispute.Submitted || c.Facts["rule"] != g.Key || c.Facts["refer_to"] != g.Office || c.Facts["reason"] != g.Reason || !strings.Contains(c.Facts["basis"], "《") {
				t.Fatalf("it is %s, on record: %v", c.State, c.Facts)
			}
			d.turnedAway(t, g, clerk, c, from)
		})
	}
	for key := range words {
		if !strings.Contains(gateKeys(d.intake), " "+key+" ") {
			t.Errorf("testdata/gates.tsv tries %s, which is no rule", key)
		}
	}
}

func gateKeys(in *content.Intake) string {
	keys := " "
	for _, g := range in.Gates {
		keys += g.Key + " "
	}
	return keys
}

// reported walks a report to its end; heard is all that was said on the way.
func (d *desk) reported(t *testing.T, from bot.Address, typeName, story string) (heard string, last bot.Reply) {
	t.Helper()
	d.tell(t, from, "我要反映纠纷", "同意", "仇家洼")
	say := func(text string) bot.Reply {
		r := d.tell(t, from, text)
		heard += flat(r)
		return r
	}
	r := say(story)
	if strings.Contains(flat(r), "〔接着填〕") {
		r = d.press(t, from, access.Actor{}, dataOf(t, r, "接着填"))
		heard += flat(r)
	}
	for range 2 {
		switch text := flat(r); {
		case strings.Contains(text, "看着是") && (typeName == "" || strings.Contains(text, "看着是**"+typeName)):
			r = say("对")
		case strings.Contains(text, "看着是"):
			r = say("不是")
		case strings.Contains(text, "哪一类"):
			if typeName == "" {
				typeName = "其他"
			}
			r = say(typeName)
		}
	}
	for i := 0; i < 16; i++ {
		switch text := flat(r); {
		case strings.Contains(text, "请看一遍"):
			return heard, say("提交")
		case strings.Contains(text, "什么时候开始"):
			r = say("上个月")
		case strings.Contains(text, "怎么办您就满意"):
			r = say("给个说法")
		case strings.Contains(text, "替别人"):
			r = say("我自己的事")
		case strings.Contains(text, "是谁反映的"):
			r = say("可以说")
		case strings.Contains(text, "怎么联系您？"):
			r = say("老王 13800138000")
		case strings.Contains(text, "〔跳过〕"):
			r = say("跳过")
		default:
			t.Fatalf("the dialogue stands at\n%s", text)
		}
	}
	t.Fatal("the dialogue doesn't end")
	return "", r
}

// mustTell wants reason, article, place and number in a text.
func (d *desk) mustTell(t *testing.T, g content.Gate, text, where string) {
	t.Helper()
	for _, o := range d.lib.Offices {
		if o.Key != g.Office {
			continue
		}
		number := "电话待街道填写"
		if o.Phone != "" {
			number = o.Phone
		}
		law, rest, _ := strings.Cut(g.Cite[0], "@")
		_, article, _ := strings.Cut(rest, "#")
		for _, want := range []string{g.Reason, o.Name, number, "《" + law + "》第" + article + "条"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %s:\n%s", where, want, text)
			}
		}
		return
	}
	t.Errorf("there is no office %s", g.Office)
}

// turnedAway has the clerk decide as the rule says.
func (d *desk) turnedAway(t *testing.T, g content.Gate, clerk access.Actor, c dispute.Case, from bot.Address) {
	t.Helper()
	act, want := d.cases.Decline, dispute.Declined
	if g.Mediable == bot.MediableRefer {
		act, want = d.cases.Refer, dispute.Referred
	}
	gate := dispute.Gate{Rule: c.Facts["rule"], Office: c.Facts["refer_to"], Reason: c.Facts["reason"], Basis: c.Facts["basis"]}
	c, err := act(t.Context(), clerk, c.ID, gate, dispute.Seen{})
	if err != nil || c.State != want || c.Facts["turned"] != string(want) || c.Facts["refer_to"] != g.Office {
		t.Fatalf("decided: %s, %v, on record %v", c.State, err, c.Facts)
	}
	d.sent.all = nil
	d.courier(t)
	notice := ""
	for _, m := range d.sent.all {
		if m.to == from {
			notice += flat(m.reply)
		}
	}
	d.mustTell(t, g, notice, "the notice")
	d.mustTell(t, g, flat(d.tell(t, from, "进度")), "the progress")
}
