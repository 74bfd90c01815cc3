package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/anjie-desk/anjie/bot/entry"
	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
)

// openEntries opens the FAQs that the desk writes itself.
func (d *Desk) openEntries() *entry.Service {
	return entry.NewService(d.store.Entries(), vet{d}, d.useEntries, entry.Options{Now: d.opt.Now, Log: d.opt.Log, Settle: d.needs.Settle})
}

// useEntries lays the desk's own entries over those given, for answers and for
// the search, without a restart.
func (d *Desk) useEntries(own content.Own) error {
	lib, left := d.Content.Library.With(own)
	for _, err := range left {
		d.opt.Log.Warn("a desk-made entry is left out", "err", err)
	}
	d.answers.Use(lib.FAQs)
	var fresh []content.FAQ
	for _, f := range lib.FAQs {
		if f.File == content.OwnFile {
			fresh = append(fresh, f)
		}
	}
	return d.Knowledge.UseFAQs(fresh)
}

// vet checks a draft as `anjie content check` checks the content.
type vet struct{ d *Desk }

// Check implements [entry.Checker].
func (v vet) Check(f content.FAQ) (checked content.FAQ, problems []content.Problem) {
	v.d.Knowledge.with(func(k *Knowledge) {
		checked, problems = corpus.Vet(k.Set, v.d.library(), f, v.d.today())
	})
	return checked, problems
}

// today is the present where the desk stands: days are told by it.
func (d *Desk) today() time.Time { return d.opt.Now().In(china) }

var china = time.FixedZone("UTC+8", 8*60*60)

// library is the content with the entries in use.
func (d *Desk) library() *content.Library {
	lib := *d.Content.Library
	lib.FAQs = d.answers.Entries()
	return &lib
}

// flags lists the entries in use that want to be read again: those whose
// cited article a later version overtook, and those whose review is overdue.
func (d *Desk) flags(context.Context) ([]entry.Flag, error) {
	lib, now := d.library(), d.today()
	var out []entry.Flag
	d.Knowledge.with(func(k *Knowledge) {
		if k.Set == nil {
			return
		}
		for _, o := range corpus.Overtakens(k.Set, lib, now) {
			f := entry.Flag{
				Entry: o.Entry, Question: o.Question, Law: o.Law, Article: o.Article,
				Cited: o.Cited, Now: o.Now, How: string(o.How), To: o.To, Since: o.Since,
			}
			if o.How == corpus.Ended {
				f.To = o.Successor
			}
			out = append(out, f)
		}
	})
	today := now.Format(time.DateOnly)
	for _, f := range lib.FAQs {
		if f.ReviewBy != "" && f.ReviewBy < today {
			out = append(out, entry.Flag{Entry: f.ID, Question: f.Question, How: "due", Since: f.ReviewBy})
		}
	}
	return out, nil
}

// OwnEntries reads what was written in the console and is live or taken down.
// In the trial this fails while a desk runs.
func OwnEntries(ctx context.Context, s config.Settings, log *slog.Logger) (own content.Own, err error) {
	st, err := openStore(ctx, s, Options{Log: log})
	if err != nil {
		return own, err
	}
	defer func() { err = errors.Join(err, st.Close()) }() //nolint:contextcheck // closes after ctx has ended, too
	list, _, err := st.Entries().Editions(ctx)
	return entry.Own(list), err
}

// ExportEntries writes the FAQ files that the desk's own entries change, as the
// content folder has them: path to bytes.
func ExportEntries(ctx context.Context, s config.Settings, log *slog.Logger) (map[string][]byte, error) {
	c, err := OpenContent(s)
	if err != nil {
		return nil, err
	}
	own, err := OwnEntries(ctx, s, log)
	if err != nil {
		return nil, err
	}
	files, err := c.Library.Export(own)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return files, nil
}
