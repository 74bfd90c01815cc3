package bot

import (
	"context"
	"errors"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/request"
)

// Commands about the data that the desk holds of a person; the last two are
// buttons only.
const (
	cmdMyData    = "my_data"
	cmdErase     = "erase"
	cmdAskErase  = "erase_all"
	cmdOwnersWay = "my_data_page"
)

// Requests takes what people ask of their own data; *request.Service does.
type Requests interface {
	Ask(ctx context.Context, who access.Actor, a request.Ask) (request.Request, error)
}

var _ Requests = (*request.Service)(nil)

// ownData takes a request for what is held of a person, or first asks whether
// it shall really all be destroyed.
func (b *Bot) ownData(ctx context.Context, t *turn, name string) (Reply, error) {
	if b.d.Requests == nil || t.who.Staff() {
		return b.say("flow.mydata.page", b.opt.PublicURL), nil
	}
	kind := request.See
	switch name {
	case cmdErase:
		return b.say("flow.mydata.sure", nil, b.choice("flow.mydata.yes", data(doCommand, cmdAskErase)), b.choice("flow.mydata.no", data(doNothing, ""))), nil
	case cmdOwnersWay:
		return b.say("flow.mydata.page", b.opt.PublicURL), nil
	case cmdAskErase:
		kind = request.Destroy
	}
	r, err := b.d.Requests.Ask(ctx, t.who, request.Ask{Kind: kind, Notify: t.person()})
	if err != nil && !errors.Is(err, request.ErrSame) {
		return Reply{}, err
	}
	return b.say("flow.mydata.taken", map[string]any{
		"Kind": string(r.Kind), "Due": b.when(r.Due), "Cases": len(r.Cases), "URL": b.opt.PublicURL,
	}, b.choice("flow.mydata.else", data(doCommand, cmdOwnersWay))), nil
}
