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
