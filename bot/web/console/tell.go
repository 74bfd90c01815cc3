package console

import (
	"slices"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

// tell is a person to telephone and what to say.
type tell struct {
	Party       int
	Name, Phone string
	Page        bool // it stands on a page of theirs
	News        []dispute.Untold
}

// tells lists whom who must telephone about a case, a person with all there is
// to say.
func tells(who access.Actor, ca dispute.Case) ([]tell, error) {
	if !slices.Contains(dispute.Actions(who, ca), dispute.OpPhone) {
		return nil, nil
	}
	all, err := dispute.UntoldOf(ca)
	var out []tell
	for _, u := range all {
		if n := len(out); n == 0 || out[n-1].Party != u.Party {
			out = append(out, tell{Party: u.Party, Name: u.Name, Phone: u.Phone, Page: u.Page})
		}
		last := &out[len(out)-1]
		last.News = append(last.News, u)
	}
	return out, err
}

// sayOf is the text key of what to say, by the notice that couldn't be sent.
var sayOf = map[string]string{
	"notice.seat.offered": "web.tell.offered", "notice.meeting.offered": "web.tell.offered",
	"notice.seat.booked": "web.tell.booked", "notice.meeting.booked": "web.tell.booked",
	"notice.seat.stands": "web.tell.booked", "notice.meeting.stands": "web.tell.booked",
	"notice.seat.off": "web.tell.off", "notice.meeting.off": "web.tell.off",
	"notice.effect": "web.tell.effect", "notice.late": "web.tell.late", "notice.remedies": "web.tell.remedies", "notice.confirm.by": "web.tell.confirm",
	"notice.seat.step.soon": "web.tell.step", "notice.seat.step.today": "web.tell.step",
	"notice.step.soon": "web.tell.step", "notice.step.today": "web.tell.step",
	"notice.seat.urged": "web.tell.urged", "notice.urged": "web.tell.urged",
	"notice.seat.reopened": "web.tell.reopened", "notice.reopened": "web.tell.reopened",
	"notice.seat.ended": "web.tell.end", "notice.outcome": "web.tell.end", "notice.died.out": "web.tell.died_out",
	"notice.declined": "web.tell.declined", "notice.referred": "web.tell.referred",
}

// What is what to say: of an agreement that it has news is all that is known.
func (t tell) What(u dispute.Untold) string {
	if key := sayOf[u.Key]; key != "" {
		return key
	}
	return "web.tell.agreement"
}
