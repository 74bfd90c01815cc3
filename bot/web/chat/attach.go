package chat

import (
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// maxAttached is how many files may come at once.
const maxAttached = 6

// attach takes files: each is kept, then the conversation is told of them as of
// anything else that was said. One that can't be taken refuses all, so that
// nobody believes that it came through.
func (c *Chat) attach(w http.ResponseWriter, r *http.Request) error {
	parts := web.Parts(r, "file")
	switch {
	case len(parts) == 0:
		return web.Explain(fault.New(fault.Invalid, "no file chosen"), "web.error.nofile")
	case len(parts) > maxAttached:
		return web.Explain(fault.New(fault.Invalid, "too many files"), "web.error.manyfiles")
	}
	in := said{token: r.PostFormValue("mid")}
	if len(in.token) > maxToken {
		in.token = ""
	}
	from := c.sender(r)
	for _, p := range parts {
		f, err := c.keep(r, from, p)
		if err != nil {
			return errors.Join(refusal(err), c.drop(r.Context(), in.files))
		}
		in.files = append(in.files, f)
	}
	return c.answer(w, r, in)
}

// refusal says why a file can't be taken, and what to do instead.
func refusal(err error) error {
	switch {
	case errors.Is(err, bot.ErrShare):
		return web.Explain(err, "web.error.crowded")
	case errors.Is(err, bot.ErrNoRoom):
		return web.Explain(err, "web.error.noroom")
	case fault.Of(err) == fault.Invalid:
		return web.Explain(err, "web.error.file")
	}
	return err
}

// sender is whose share of the room for files without a case is used up: that
// of an address, since whoever wants a new session just takes one. Staff who
// are signed in have no bound.
func (c *Chat) sender(r *http.Request) string {
	if who, ok := c.shell.Signed(r); ok && who.Role == access.GridWorker {
		return ""
	}
	return channel + ":" + c.shell.Client(r)
}

// drop destroys files that no conversation was told of.
func (c *Chat) drop(ctx context.Context, files []bot.File) error {
	if len(files) == 0 {
		return nil
	}
	var refs []string
	for _, f := range files {
		refs = append(refs, f.Ref)
	}
	return c.d.Files.Remove(context.WithoutCancel(ctx), refs...)
}

func (c *Chat) keep(r *http.Request, from string, p *multipart.FileHeader) (bot.File, error) {
	body, err := p.Open()
	if err != nil {
		return bot.File{}, fmt.Errorf("attached file: %w", err)
	}
	f, err := c.d.Files.KeepFrom(r.Context(), from, p.Filename, body)
	return f, errors.Join(err, body.Close())
}
