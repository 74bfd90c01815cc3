package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// says checks that an answer holds every text.
func says(t *testing.T, what string, r bot.Reply, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(flat(r), text) {
			t.Errorf("%s: the answer lacks %q:\n%s", what, text, flat(r))
		}
	}
}

// TestAReporterChoosesATimePutsItOffAndSaysWhoTheyAre goes through a reporter's
// meetings on both channels.
func TestAReporterChoosesATimePutsItOffAndSaysWhoTheyAre(t *testing.T) {
	for _, address := range []string{"web:hana", "telegram:77"} {
		d := newDesk(t, bot.Options{})
		zhang, me := d.hire("老张", access.Mediator, "501", "371083001219"), access.Actor{ID: address}
		c, err := d.cases.File(t.Context(), me, dispute.Filing{
			Gate: dispute.Gate{Verdict: dispute.Yes}, Report: dispute.Report{
				Village: "371083001219", Category: "neighbour", What: "半夜砸墙", Source: "web", Urgency: dispute.Normal, Consented: d.now,
				Contact: dispute.Contact{Name: "赵大姐", Phone: "13800138000", Address: address},
			},
		})
		must(t, err)
		_, err = d.cases.Claim(t.Context(), zhang, c.ID, dispute.Seen{})
		must(t, err)
		video := dispute.Slot{At: d.now.Add(20 * time.Hour), Minutes: 60, Where: dispute.ByVideo, Link: "https://meet.example.cn/a"}
		room := dispute.Slot{At: d.now.Add(70 * time.Hour), Minutes: 60, Where: dispute.AtCentre, Place: "二楼"}
		_, err = d.cases.OfferTimes(t.Context(), zhang, c.ID, []dispute.Slot{video, room}, dispute.Seen{})
		must(t, err)
		note := d.sentTo(t, address)
		says(t, "times offered", note, "给了几个时间", "〔选时间〕")
		times := d.chat(t, me, address, "", buttonOf(t, note, "选时间"))
		says(t, "the times", times, "视频", "调解中心")
		first := times.Choices[0]
		again := d.chat(t, me, address, "", first.Data)
		says(t, "one chosen", again, "√ ", "等对方")
		says(t, "progress", d.chat(t, me, address, "进度", ""), "等对方", "〔选时间〕")
		says(t, "chosen out again", d.chat(t, me, address, "", again.Choices[0].Data), "您哪个时间能来")
		says(t, "none suits", d.chat(t, me, address, "", buttonOf(t, times, "这些时间都不行")), "会另给时间")
		d.chat(t, me, address, "", first.Data)
		v, err := d.cases.Appointments(t.Context(), me, c.ID)
		must(t, err)
		_, err = d.cases.PickTimes(t.Context(), zhang, c.ID, dispute.SideOther, []string{v.Offered[0].ID}, dispute.Seen{})
		must(t, err)
		booked := d.sentTo(t, address)
		says(t, "booked", booked, "约好了", "视频", "〔改时间〕")
		p := d.chat(t, me, address, "进度", "")
		says(t, "progress", p, "约好了", "〔确认是本人〕")
		if strings.Contains(flat(p), "meet.example.cn") {
			t.Error("the video link is shown before they said who they are")
		}
		if page := strings.Contains(flat(p), "打开这件事的页面"); page != (address == "web:hana") {
			t.Errorf("%s has a page of its own: %v", address, page)
		}
		says(t, "an old button", d.chat(t, me, address, "", first.Data), "约好了")
		identify := func(last4 string) bot.Reply {
			d.chat(t, me, address, "", buttonOf(t, d.chat(t, me, address, "进度", ""), "确认是本人"))
			d.chat(t, me, address, "赵大姐", "")
			d.chat(t, me, address, last4, "")
			return d.chat(t, me, address, "我看过了，自愿参加", "")
		}
		says(t, "a wrong number", identify("1234"), "对不上")
		if address == "telegram:77" {
			for range 4 {
				identify("1234")
			}
			says(t, "too often", identify("8000"), "调解员打电话核对")
		} else {
			says(t, "the right number", identify("8000"), "已确认身份", "https://meet.example.cn/a")
		}
		off := buttonOf(t, booked, "改时间")
		d.chat(t, me, address, "", off)
		says(t, "put off", d.chat(t, me, address, "家里有事", ""), "会给新的时间")
		d.chat(t, me, address, "", off)
		says(t, "put off twice", d.chat(t, me, address, "家里有事", ""), "没有约好的时间")

		// two cases, one hour
		other, err := d.cases.File(t.Context(), access.Actor{ID: "web:x"}, dispute.Filing{Gate: dispute.Gate{Verdict: dispute.Yes}, Report: dispute.Report{
			Village: "371083001219", Category: "neighbour", What: "漏水", Source: "web", Urgency: dispute.Normal, Consented: d.now,
		}})
		must(t, err)
		_, err = d.cases.Claim(t.Context(), zhang, other.ID, dispute.Seen{})
		must(t, err)
		_, err = d.cases.OfferTimes(t.Context(), zhang, c.ID, []dispute.Slot{room}, dispute.Seen{})
		must(t, err)
		v, err = d.cases.Appointments(t.Context(), me, c.ID)
		must(t, err)
		_, err = d.cases.PickTimes(t.Context(), zhang, c.ID, dispute.SideOther, []string{v.Offered[0].ID}, dispute.Seen{})
		must(t, err)
		_, err = d.cases.BookTime(t.Context(), zhang, other.ID, room, dispute.Seen{})
		must(t, err)
		times = d.chat(t, me, address, "", buttonOf(t, d.chat(t, me, address, "进度", ""), "选时间"))
		says(t, "an hour that another took", d.chat(t, me, address, "", times.Choices[0].Data), "刚刚被占了")
	}
}
