package bot

import (
	"context"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// doors are the three things that the desk is for.
func (b *Bot) doors(t *turn) []Choice {
	if t.m.Group {
		return nil
	}
	return []Choice{
		b.choice("bot.door.law", data(doCommand, cmdLaw)),
		b.choice("bot.door.report", data(doCommand, cmdReport)),
		b.choice("bot.door.column", data(doCommand, cmdColumn)),
	}
}

// start greets. A dialogue left open is offered to be gone on with.
func (b *Bot) start(t *turn) Reply {
	r := b.say("bot.start", nil, b.doors(t)...)
	if t.s.draft() != nil {
		r.Choices = append([]Choice{b.choice("flow.choice.resume", data(doCommand, cmdResume))}, r.Choices...)
	}
	return r
}

// help says what can be done; of law alone when asked by that door.
func (b *Bot) help(t *turn, what string) Reply {
	if what == cmdLaw {
		return b.say("bot.law", nil)
	}
	return b.say("bot.help", t.who.Staff(), b.doors(t)...)
}

// link is a button that leads to a page of ours, if the desk has an address.
func (b *Bot) link(key, path string) []Choice {
	if b.opt.PublicURL == "" {
		return nil
	}
	return []Choice{{Label: b.d.Texts.Say(key, nil), URL: b.opt.PublicURL + path}}
}

// newest pieces shown of the column
const newestPieces = 3

// column shows the newest pieces of law publicity and where the rest is.
func (b *Bot) column(ctx context.Context, _ *turn) (Reply, error) {
	r := b.say("bot.column", nil, b.link("bot.choice.column", "/column")...)
	if b.d.Column == nil {
		return r, nil
	}
	items, err := b.d.Column.Latest(ctx, newestPieces)
	if err != nil {
		return Reply{}, err
	}
	if len(items) > 0 {
		r.Text = b.d.Texts.Say("bot.column.newest", items)
	}
	return r, nil
}

// forget drops what the desk remembers of a conversation. Cases stay: the law
// wants them kept, and withdrawing is a thing of its own.
func (b *Bot) forget(ctx context.Context, t *turn) (Reply, error) {
	if err := b.d.Dialogs.Forget(ctx, t.person()); err != nil {
		return Reply{}, err
	}
	if b.d.Transcript != nil {
		if err := b.d.Transcript.Erase(ctx, t.m.From.Chat); err != nil {
			return Reply{}, err
		}
	}
	*t.s, t.others = Session{}, nil
	return b.say("bot.forgotten", nil), nil
}
