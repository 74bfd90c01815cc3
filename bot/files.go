package bot

import (
	"context"
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
	// Attach keeps files for good. Done twice, it does nothing the second time.
	Attach(ctx context.Context, refs ...string) error
}

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

// remover destroys what was kept; a store of files may be one.
type remover interface {
	Remove(ctx context.Context, refs ...string) error
}

// discard destroys files that no case takes up.
func (b *Bot) discard(ctx context.Context, files []dispute.Evidence) error {
	r, ok := b.d.Files.(remover)
	if !ok {
		return nil
	}
	var refs []string
	for _, f := range files {
		refs = append(refs, f.Key)
	}
	return r.Remove(ctx, refs...)
}
