package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/cmd/internal/config"
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/corpus"
	"github.com/anjie-desk/anjie/knowledge/index"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// Progress is told how far a long stage is; total may be 0 while unknown.
type Progress func(stage string, done, total int)

// Knowledge is the imported statutes and the index over them and the content.
type Knowledge struct {
	Set   *statute.Set // nil while no statutes are imported
	Index *index.Index
}

func statutesDir(s config.Settings) string { return filepath.Join(s.Data, "statutes") }
func indexDir(s config.Settings) string    { return filepath.Join(s.Data, "index") }

// OpenStatutes opens what was imported; nil without an error if nothing was.
func OpenStatutes(s config.Settings, lib *content.Library) (*statute.Set, error) {
	set, err := statute.Open(statutesDir(s), corpus.Table(lib.Laws))
	if errors.Is(err, statute.ErrNone) {
		return nil, nil //nolint:nilnil // no statutes is a state that every caller handles
	}
	if err != nil {
		return nil, fmt.Errorf("statutes: %w", err)
	}
	return set, nil
}

// OpenKnowledge opens statutes and index. An index that was built from other
// statutes or other content is built again first, which only takes long when
// the statutes changed.
func OpenKnowledge(ctx context.Context, s config.Settings, c *Content, p Progress) (*Knowledge, error) {
	defer debug.FreeOSMemory() // reading content and index leaves behind as much again as they take
	set, err := OpenStatutes(s, c.Library)
	if err != nil {
		return nil, err
	}
	k := &Knowledge{Set: set}
	if set == nil {
		docs, err := corpus.Documents(nil, c.Library, time.Now())
		if err != nil {
			return nil, err
		}
		k.Index, err = index.OpenMemory(docs, searching(set, c.Library)) //nolint:contextcheck // indexing in memory waits for nothing
		return k, err
	}
	model := !strings.Contains(builtFrom(s), withoutModel)
	if err := k.refresh(ctx, s, c, p, model, nil); err != nil {
		return k.fallBack(ctx, s, c, err)
	}
	if k.Index, err = index.Open(indexDir(s), searching(set, c.Library)); err == nil { //nolint:contextcheck // opening reads nothing that can wait
		return k, nil
	}
	slog.WarnContext(ctx, "the index can't be read and is built again", "err", err)
	if err := errors.Join(os.Remove(stampFile(s)), k.refresh(ctx, s, c, p, model, nil)); err != nil {
		return nil, errors.Join(err, set.Close())
	}
	return k.open(s, c) //nolint:contextcheck // opening reads nothing that can wait
}

// Learn has content that stands alone teach the index its model: once for each
// version of the content, since the model is kept in the data folder. Where
// statutes are held it does nothing; there the model is built with the index.
func (k *Knowledge) Learn(ctx context.Context, s config.Settings, p Progress) error {
	if k.Set != nil {
		return nil
	}
	defer debug.FreeOSMemory() // learning takes several times what is learnt
	err := k.Index.Learn(ctx, filepath.Join(indexDir(s), "content.model"), p)
	if errors.Is(err, index.ErrNotKept) { // a full or read-only disk is no reason not to answer
		slog.WarnContext(ctx, "learnt from the content, for this run only", "err", err)
		return nil
	}
	return err
}

// fallBack opens the index from before where a new one can't be built, on a full
// disk say: yesterday's answers are better than none.
func (k *Knowledge) fallBack(ctx context.Context, s config.Settings, c *Content, why error) (*Knowledge, error) {
	if ctx.Err() != nil {
		return nil, errors.Join(why, k.Set.Close())
	}
	var err error
	if k.Index, err = index.Open(indexDir(s), searching(k.Set, c.Library)); err != nil { //nolint:contextcheck // opening reads nothing that can wait
		return nil, errors.Join(why, k.Set.Close())
	}
	slog.ErrorContext(ctx, "the index could not be built again: the one before it stays in use", "err", why)
	return k, nil
}

// openBuilt opens statutes and index as they are, from whichever content the
// index was built: during an upgrade, replicas of two versions take up each
// other's index and neither builds it anew.
func openBuilt(s config.Settings, c *Content) (*Knowledge, error) {
	set, err := OpenStatutes(s, c.Library)
	if err != nil {
		return nil, err
	}
	if set == nil {
		return nil, errNoStatutes
	}
	return (&Knowledge{Set: set}).open(s, c)
}

// open opens the index over the statutes of k, which it closes if it can't.
func (k *Knowledge) open(s config.Settings, c *Content) (*Knowledge, error) {
	var err error
	if k.Index, err = index.Open(indexDir(s), searching(k.Set, c.Library)); err != nil {
		return nil, errors.Join(fmt.Errorf("index: %w", err), k.Set.Close())
	}
	return k, nil
}

func searching(set *statute.Set, lib *content.Library) index.Options {
	return index.Options{Lexicon: lexicon(lib), Refs: corpus.References(set, lib.Laws)}
}

// Close closes index and statutes.
func (k *Knowledge) Close() error {
	err := k.Index.Close()
	if k.Set != nil {
		err = errors.Join(err, k.Set.Close())
	}
	return err
}

// withoutModel is the line of a stamp that says that the index has no learned
// model; an index that is built again stays as it was wanted.
const withoutModel = "without model\n"

// stamp names what an index was built from; the day counts because articles
// come into force and go out of it.
func (k *Knowledge) stamp(c *Content, model bool) string {
	line := ""
	if !model {
		line = withoutModel
	}
	return fmt.Sprintf("statutes %s\ncontent %s\nday %s\n%s", k.Set.Version(), c.Version, forceDay(k.Set, time.Now()), line)
}

// forceDay is the latest day not after now on which any version held came into
// force: until the next such day the documents stay the same.
func forceDay(set *statute.Set, now time.Time) string {
	today, last := now.Format(time.DateOnly), ""
	for _, law := range set.Laws() {
		for _, v := range law.Versions {
			if v.Effective <= today && v.Effective > last {
				last = v.Effective
			}
		}
	}
	return last
}

// refresh builds the index if it is of other statutes or content. Before, which
// may be nil, is called when the new one is whole and not yet in use.
func (k *Knowledge) refresh(ctx context.Context, s config.Settings, c *Content, p Progress, model bool, before func() error) error {
	want := k.stamp(c, model)
	if builtFrom(s) == want {
		if before == nil {
			return nil
		}
		return before()
	}
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // building makes much that is soon let go
	docs, err := corpus.Documents(k.Set, c.Library, time.Now())
	if err != nil {
		return err
	}
	if err := index.Build(ctx, indexDir(s), docs, index.BuildOptions{Progress: p, Lexicon: lexicon(c.Library), WithoutModel: !model, Before: before}); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	debug.FreeOSMemory() // building takes three times what searching needs
	return writeFile(stampFile(s), []byte(want))
}

// ImportOptions tune ImportStatutes; the zero value is production.
type ImportOptions struct {
	Progress     Progress // nil means that nobody watches
	WithoutModel bool     // leave the learned model out: quicker, finds less
}

// ImportStatutes adds the files and folders to what is held and builds the
// index. Until its very end the old statutes and index stay in use.
//
// One import runs at a time: a second one waits, since it adds to what the
// first one leaves.
func ImportStatutes(ctx context.Context, s config.Settings, c *Content, paths []string, opt ImportOptions) (rep statute.Report, err error) {
	if err := os.MkdirAll(statutesDir(s), 0o755); err != nil { //nolint:gosec // statutes are public
		return rep, fmt.Errorf("statutes folder: %w", err)
	}
	unlock, err := index.Lock(ctx, statutesDir(s))
	if err != nil {
		return rep, fmt.Errorf("statutes folder is kept by another import: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	p := opt.Progress
	if p == nil {
		p = func(string, int, int) {}
	}
	had, err := OpenStatutes(s, c.Library)
	if errors.Is(err, statute.ErrDamaged) {
		slog.WarnContext(ctx, "what was imported before can't be read: only what is imported now will be held", "err", err)
		had, err = nil, nil
	}
	if err != nil {
		return statute.Report{}, err
	}
	set, rep, err := statute.Import(ctx, paths, statute.ImportOptions{
		Into: had, Table: corpus.Table(c.Library.Laws),
		Progress: func(done, total int) { p("import", done, total) },
	})
	if err != nil {
		return rep, fmt.Errorf("statutes: %w", err)
	}
	if err := set.Store(statutesDir(s)); err != nil {
		return rep, fmt.Errorf("statutes: %w", err)
	}
	use := func() error { return set.Use(statutesDir(s)) }
	return rep, (&Knowledge{Set: set}).refresh(ctx, s, c, p, !opt.WithoutModel, use)
}

// stampFile says what the index beside it was built from.
func stampFile(s config.Settings) string { return filepath.Join(indexDir(s), "built-from") }

// builtFrom reads it; "" if there is no index yet.
func builtFrom(s config.Settings) string {
	raw, err := os.ReadFile(stampFile(s))
	if err != nil {
		return ""
	}
	return string(raw)
}

func lexicon(lib *content.Library) []index.Term {
	terms := make([]index.Term, 0, len(lib.Lexicon))
	for _, t := range lib.Lexicon {
		terms = append(terms, index.Term{Say: t.Say, Means: t.Means})
	}
	return terms
}

// writeFile replaces a file in one step.
func writeFile(name string, data []byte) error {
	tmp := name + ".new"
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, name)
}
