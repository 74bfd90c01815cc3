package telegram

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/content"
)

// Outlet is the desk's Telegram channel, where publicity comes out.
type Outlet struct {
	c      *Channel
	chat   string
	column string
}

var _ publicity.Once = (*Outlet)(nil)

// Outlet returns the Telegram channel chat ("@name" or an id) as an outlet.
// column is the public address of the site, whose column page a post links to;
// "" for no link.
func (c *Channel) Outlet(chat, column string) *Outlet {
	return &Outlet{c: c, chat: chat, column: strings.TrimRight(column, "/")}
}

// Name implements [publicity.Outlet].
func (o *Outlet) Name() string { return Name }

// Publish posts a piece as one message and returns its address.
func (o *Outlet) Publish(ctx context.Context, s publicity.Slot, it content.Item) (string, error) {
	sent, serr := o.c.send(ctx, o.chat, o.post(s, it))
	if serr != nil {
		return "", serr
	}
	n := strconv.Itoa(sent.MessageID)
	if name, ok := strings.CutPrefix(o.chat, "@"); ok {
		return "https://t.me/" + name + "/" + n, nil
	}
	return o.chat + "/" + n, nil
}

// Doubtful implements [publicity.Once].
func (o *Outlet) Doubtful(err error) bool {
	var s *bot.SendError
	return errors.As(err, &s) && s.Outcome == bot.Unknown
}

// post is the piece as a message, cut to fit, with a button to the page.
func (o *Outlet) post(s publicity.Slot, it content.Item) outgoing {
	p := publicity.Compose(it, o.c.texts)
	all := append([]line{{{Text: p.Title, Bold: true}}}, pieceLines(p.Blocks)...)
	more := o.c.texts.Say("tg.post.cut", nil)
	fitting := pack(all, maxText-units(escape(more))-1)
	out := outgoing{Text: fitting[0]}
	if len(fitting) > 1 {
		out.Text += "\n" + escape(more)
	}
	if o.column != "" {
		out.Keys = [][]key{{{Label: o.c.texts.Say("tg.post.open", nil), URL: o.column + "/column/" + s.ID}}}
	}
	return out
}

// pieceLines sets blocks as lines, an empty one before each block.
func pieceLines(blocks []publicity.Block) []line {
	var all []line
	for _, b := range blocks {
		all = append(all, line{})
		for i, spans := range b.Lines {
			all = append(all, blockLine(b.Kind, i, spans))
		}
	}
	return all
}

func blockLine(kind publicity.BlockKind, i int, spans []publicity.Span) line {
	switch kind {
	case publicity.Heading:
		var bold line
		for _, s := range spans {
			bold = append(bold, publicity.Span{Text: s.Text, Bold: true})
		}
		return bold
	case publicity.Bullets:
		return append(line{{Text: "• "}}, spans...)
	case publicity.Numbers:
		return append(line{{Text: strconv.Itoa(i+1) + ". "}}, spans...)
	case publicity.Quote:
		return append(line{{Text: "▎"}}, spans...)
	case publicity.Paragraph:
	}
	return spans
}
