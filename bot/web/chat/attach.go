package chat

import (
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"

	"github.com/anjie-desk/anjie/bot"
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
	for _, p := range parts {
		f, err := c.keep(r, p)
		if fault.Of(err) == fault.Invalid {
			return web.Explain(err, "web.error.file")
		}
		if err != nil {
			return err
		}
		in.files = append(in.files, f)
	}
	return c.answer(w, r, in)
}

func (c *Chat) keep(r *http.Request, p *multipart.FileHeader) (bot.File, error) {
	body, err := p.Open()
	if err != nil {
		return bot.File{}, fmt.Errorf("attached file: %w", err)
	}
	f, err := c.d.Files.Keep(r.Context(), p.Filename, body)
	return f, errors.Join(err, body.Close())
}
