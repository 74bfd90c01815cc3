package party

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
)

// Files keeps what a party sends; *evidence.Store is one.
type Files interface {
	Keep(ctx context.Context, name string, r io.Reader) (bot.File, error)
	Attach(ctx context.Context, refs ...string) error
	Remove(ctx context.Context, refs ...string) error
}

// maxAttached is how many files may come at once, as in the chat.
const maxAttached = 6

// say gives the mediator words, files or both.
func (p *Party) say(r *http.Request, g guest, words string, seen dispute.Seen) error {
	parts := web.Parts(r, "file")
	if len(parts) == 0 {
		if words == "" {
			return web.Explain(fault.New(fault.Invalid, "neither words nor a file"), "web.error.nothing_said")
		}
		_, err := p.d.Cases.Supplement(r.Context(), g.who, g.id, words, nil, seen)
		return err
	}
	if err := p.room(r, g, len(parts)); err != nil {
		return err // before anything is written
	}
	files, err := p.keep(r, parts)
	if err != nil {
		return err
	}
	_, err = p.d.Cases.Supplement(r.Context(), g.who, g.id, words, files, seen)
	return errors.Join(err, p.sweep(r.Context(), g, files, err))
}

// room refuses more files than the party may still send.
func (p *Party) room(r *http.Request, g guest, n int) error {
	if p.d.Files == nil {
		return fault.New(fault.Invalid, "no files are taken here")
	}
	if n > maxAttached {
		return web.Explain(fault.New(fault.Invalid, "too many files"), "web.error.manyfiles")
	}
	m, err := p.d.Cases.Aftermath(r.Context(), g.who, g.id)
	if err == nil && m.Sent.Left < n {
		err = dispute.ErrFull
	}
	return err
}

// keep keeps the files of a form for good: all of them, or, where one can't be
// taken, none, so that nobody believes that it came through.
func (p *Party) keep(r *http.Request, parts []*multipart.FileHeader) ([]dispute.Evidence, error) {
	var all []dispute.Evidence
	var bad []string
	for _, part := range parts {
		f, err := p.keepOne(r.Context(), part)
		switch {
		case fault.Of(err) == fault.Invalid:
			bad = append(bad, part.Filename)
		case err != nil:
			return nil, errors.Join(err, p.d.Files.Remove(r.Context(), keys(all)...))
		default:
			all = append(all, dispute.Evidence{Name: f.Name, Type: f.Type, Key: f.Ref, Size: f.Size})
		}
	}
	if len(bad) > 0 {
		err := web.ExplainWith(fault.New(fault.Invalid, "files of another kind, or too large"), "web.error.files", map[string]any{
			"Names": strings.Join(bad, "、"), "Why": p.d.Texts.Say("web.error.file.body", nil),
		})
		return nil, errors.Join(err, p.d.Files.Remove(r.Context(), keys(all)...))
	}
	return all, p.d.Files.Attach(r.Context(), keys(all)...)
}

func (p *Party) keepOne(ctx context.Context, part *multipart.FileHeader) (bot.File, error) {
	body, err := part.Open()
	if err != nil {
		return bot.File{}, fmt.Errorf("attached file: %w", err)
	}
	f, err := p.d.Files.Keep(ctx, part.Filename, body)
	return f, errors.Join(err, body.Close())
}

// sweep destroys files that the case did not take up: it was refused, or the
// form came twice. What may be in the case all the same, since its store was
// lost on the way, is left.
func (p *Party) sweep(ctx context.Context, g guest, files []dispute.Evidence, refused error) error {
	left := keys(files)
	switch {
	case refused != nil && fault.Of(refused) == fault.Internal:
		return nil
	case refused == nil:
		m, err := p.d.Cases.Aftermath(ctx, g.who, g.id)
		if err != nil {
			return nil //nolint:nilerr // they are in the case; what isn't needed nobody can open
		}
		held := keys(m.Sent.Files)
		left = slices.DeleteFunc(left, func(key string) bool { return slices.Contains(held, key) })
	}
	return p.d.Files.Remove(ctx, left...)
}

func keys(files []dispute.Evidence) []string {
	var all []string
	for _, f := range files {
		all = append(all, f.Key)
	}
	return all
}
