package bot

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"

	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
)

// Files keeps what people attach. A channel hands a file over as it comes, and
// gives its reference on in [Message.Files].
type Files interface {
	// Keep reads a file to its end and keeps it until a case takes it up. The
	// error is of kind Invalid for what can't be taken.
	Keep(ctx context.Context, name string, r io.Reader) (File, error)
	// KeepFrom is Keep for a stranger, whom from tells from others. The error is
	// also [ErrShare] or [ErrNoRoom], of kind Invalid.
	KeepFrom(ctx context.Context, from, name string, r io.Reader) (File, error)
	// Attach keeps files for good. Done twice, it does nothing the second time.
	Attach(ctx context.Context, refs ...string) error
	// Remove destroys files that no case takes up. What isn't there is gone
	// already.
	Remove(ctx context.Context, refs ...string) error
	// Drop destroys those of the files that still wait for a case.
	Drop(ctx context.Context, refs ...string) error
}

// Errors of what strangers send: files take up as much as they may before a
// case takes them up.
var (
	ErrShare  = fault.New(fault.Invalid, "the sender's files without a case take up as much as they may")
	ErrNoRoom = fault.New(fault.Invalid, "files without a case take up as much as they may")
)

// Crowded tells whether a file was refused for want of room, not for what it is.
func Crowded(err error) bool { return errors.Is(err, ErrShare) || errors.Is(err, ErrNoRoom) }

// evidence turns the files of answers, those of keys or of all, into a case's,
// kept for good.
func (b *Bot) evidence(ctx context.Context, a dialog.Answers, keys ...string) ([]dispute.Evidence, error) {
	if len(keys) == 0 {
		keys = slices.Sorted(maps.Keys(a))
	}
	var all []dispute.Evidence
	var refs []string
	for _, key := range keys {
		for _, f := range a[key].Files {
			all = append(all, dispute.Evidence{Name: f.Name, Type: f.Type, Key: f.Ref, Size: f.Size})
			refs = append(refs, f.Ref)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	if b.d.Files == nil {
		return nil, fault.New(fault.Invalid, "no files are taken here")
	}
	return all, b.d.Files.Attach(ctx, refs...)
}

// missed says before all else which files didn't come in.
func (b *Bot) missed(t *turn, r *Reply) {
	if t.m.Crowded > 0 {
		r.Text = b.d.Texts.Say("bot.files.crowded", t.m.Crowded) + "\n\n" + r.Text
	}
	if t.m.Lost > 0 {
		r.Text = b.d.Texts.Say("bot.files.lost", t.m.Lost) + "\n\n" + r.Text
	}
}

// unkeep destroys files that nothing waits for any more. That they can't be
// destroyed now is no reason not to answer: they are swept away later.
func (b *Bot) unkeep(ctx context.Context, refs []string) {
	if b.d.Files == nil || len(refs) == 0 {
		return
	}
	if err := b.d.Files.Drop(ctx, refs...); err != nil {
		b.opt.Log.WarnContext(ctx, "files that nothing waited for are left to be swept away", "err", err)
	}
}

// discard destroys files that no case takes up.
func (b *Bot) discard(ctx context.Context, files []dispute.Evidence) error {
	if b.d.Files == nil {
		return nil
	}
	var refs []string
	for _, f := range files {
		refs = append(refs, f.Key)
	}
	return b.d.Files.Remove(ctx, refs...)
}
