package index

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"

	"github.com/blevesearch/bleve/v2"

	"github.com/anjie-desk/anjie/knowledge"
)

// Stages of a build, as Progress names them.
const (
	StageStore    = "store"
	StagePostings = "postings"
	StageModel    = "model"
	StageContent  = "content"
	StageTuning   = "tuning"
)

// BuildOptions are how an index is built. The zero value is production.
type BuildOptions struct {
	// Progress is told how far a stage is, from one goroutine; nil means that
	// nobody asks.
	Progress func(stage string, done, total int)
	// Lexicon leads from what people say to what statutes say.
	Lexicon []Term
	// WithoutModel leaves the learned model out: builds faster, finds less.
	WithoutModel bool
	// Before is called once the new index is whole, right before it is in use;
	// nil does nothing. Its error leaves the old one in use.
	Before func() error
}

func (o BuildOptions) progress(stage string, done, total int) {
	if o.Progress != nil {
		o.Progress(stage, done, total)
	}
}

func (o BuildOptions) before() error {
	if o.Before == nil {
		return nil
	}
	return o.Before()
}

// Build makes docs the index of dir. It writes beside the index in use and
// switches at the very end, so that a crash, an error or a cancelled ctx leaves
// the old one as it was. Statutes that did not change are not indexed again, and
// content that changed little only teaches the model in use what is new. The
// same documents give the same version, and in an empty folder the same index.
// Readers notice by [Index.Reload].
// Of several processes that build into dir, one does and the others wait for it.
func Build(ctx context.Context, dir string, docs []knowledge.Document, opt BuildOptions) (err error) {
	arts, content, err := split(docs)
	if err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	unlock, err := Lock(ctx, dir)
	if err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	cur := name(arts, content, opt)
	old, was := readCurrent(dir)
	switch whole := intact(dir); { //nolint:contextcheck // opening reads nothing that can wait
	case was == nil && old == cur && whole:
		return opt.before()
	case !whole && !errors.Is(was, ErrNoIndex):
		if err := discard(dir, old, cur); err != nil {
			return fmt.Errorf("build index: remove the damaged one: %w", err)
		}
	}
	for _, part := range []struct {
		folder string
		build  func(dir string) error
	}{
		{cur.Statutes, func(dir string) error { return buildStatutes(ctx, dir, arts, opt) }},
		{cur.Content, func(part string) error {
			return buildContent(ctx, filepath.Join(dir, cur.Statutes), part, before(dir, cur), arts, content, opt)
		}},
	} {
		if err := buildPart(filepath.Join(dir, part.folder), part.build); err != nil {
			return fmt.Errorf("build index: %w", err)
		}
	}
	if err := opt.before(); err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	if err := switchTo(dir, cur); err != nil {
		return fmt.Errorf("build index: %w", err)
	}
	return nil
}

// split separates articles from content: those that are the last word first,
// in order of law and version.
func split(docs []knowledge.Document) (arts, content []knowledge.Document, err error) {
	seen := make(map[string]bool, len(docs))
	for _, d := range docs {
		if d.ID == "" || seen[d.ID] {
			return nil, nil, fmt.Errorf("document id %q is empty or stands twice", d.ID)
		}
		seen[d.ID] = true
		if d.Kind != knowledge.Article {
			content = append(content, d)
			continue
		}
		if own(&d).Law == "" {
			return nil, nil, fmt.Errorf("article %s does not cite itself", d.ID)
		}
		arts = append(arts, d)
	}
	sort.SliceStable(arts, func(i, j int) bool {
		if x, y := lastWord(&arts[i]), lastWord(&arts[j]); x != y {
			return x
		}
		a, b := own(&arts[i]), own(&arts[j])
		if a.Law != b.Law {
			return a.Law < b.Law
		}
		return a.Version < b.Version
	})
	return arts, content, nil
}

// name derives the names of the parts from what is in them.
func name(arts, content []knowledge.Document, opt BuildOptions) currentIndex {
	h := sha256.New()
	_, _ = fmt.Fprint(h, format, opt.WithoutModel)
	fingerprint(h, arts)
	statutes := shortSum(h)
	h = sha256.New()
	_, _ = fmt.Fprint(h, statutes, contentFormat)
	fingerprint(h, content)
	for _, t := range opt.Lexicon {
		_, _ = fmt.Fprintf(h, "%q", append([]string{t.Say}, t.Means...))
	}
	all := shortSum(h)
	return currentIndex{Version: all, Statutes: "statutes-" + statutes, Content: "content-" + all}
}

// intact tells whether the index in use can be opened.
func intact(dir string) bool {
	s, err := openSnapshot(dir, Options{}.withDefaults())
	return err == nil && s.release() == nil
}

// discard removes an index that can't be opened, so that none of its parts
// passes for a whole one. A process that still reads them keeps them open.
func discard(dir string, indexes ...currentIndex) error {
	errs := []error{os.RemoveAll(filepath.Join(dir, currentFile))}
	for _, x := range indexes {
		for _, part := range []string{x.Statutes, x.Content} {
			if part != "" {
				errs = append(errs, os.RemoveAll(filepath.Join(dir, filepath.Base(part))))
			}
		}
	}
	return errors.Join(errs...)
}

// buildPart builds one folder under another name and renames it when it is
// whole: a folder with its final name is a complete one.
func buildPart(folder string, build func(dir string) error) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	half := folder + ".half"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if err := os.Mkdir(half, 0o750); err != nil {
		return err
	}
	if err := build(half); err != nil {
		return errors.Join(err, os.RemoveAll(half))
	}
	if err := syncDir(half); err != nil {
		return err
	}
	return os.Rename(half, folder)
}

const (
	statutesStore   = "articles.bin"
	statutesColumns = "columns.gob"
	statutesBleve   = "bleve"
	contentStore    = "content.bin"
	contentColumns  = "content.gob"
	modelFile       = "model.gob"
)

// statutesMeta is all of the statutes' part that is kept in memory.
type statutesMeta struct {
	Columns *columns
	Starts  []uint32
	Ords    []uint32
}

type contentMeta struct {
	Starts  []uint32
	Lexicon []Term
}

func buildStatutes(ctx context.Context, dir string, arts []knowledge.Document, opt BuildOptions) error {
	opt.progress(StageStore, 0, len(arts))
	starts, err := writeStore(filepath.Join(dir, statutesStore), arts)
	if err != nil {
		return err
	}
	meta := statutesMeta{Columns: newColumns(arts), Starts: starts}
	opt.progress(StageStore, len(arts), len(arts))
	if len(arts) > 0 {
		if meta.Ords, err = buildPostings(ctx, filepath.Join(dir, statutesBleve), arts, meta.Columns, opt); err != nil {
			return err
		}
	}
	if len(arts) >= leastArticles && !opt.WithoutModel {
		m, err := trainStatutes(ctx, arts, meta.Columns, opt)
		if err != nil {
			return err
		}
		if err := writeGob(filepath.Join(dir, modelFile), m); err != nil {
			return err
		}
	}
	return writeGob(filepath.Join(dir, statutesColumns), &meta)
}

// The first course: what the statutes teach of themselves.
const (
	courseSteps       = 400
	courseBatch       = 512
	courseTemperature = 0.07
	courseRate        = 0.05
	leastArticles     = 200 // fewer teach nothing
)

func trainStatutes(ctx context.Context, arts []knowledge.Document, cols *columns, opt BuildOptions) (*model, error) {
	v := newVocab(func(yield func(string) bool) {
		for i := range arts {
			if !yield(articleText(&arts[i])) {
				return
			}
		}
	}, len(arts))
	s := newSchool(v, arts, cols)
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same input has to give the same model
	t := newTable(len(v.IDF), rng)
	c := course{steps: courseSteps, batch: courseBatch, temperature: courseTemperature, rate: courseRate, next: s.next}
	if err := t.learn(ctx, c, rng, func(done, total int) { opt.progress(StageModel, done, total) }); err != nil {
		return nil, err
	}
	return newModel(v, t, s.whole, cols), nil
}

// articleText is what an article is found by: its heading says what the text
// takes for granted.
func articleText(d *knowledge.Document) string {
	return foldHeading(d.Heading) + " " + fold(d.Text)
}

// buildPostings writes the inverted index as one segment and returns bleve's
// order of the documents. It fills in the columns' lengths.
func buildPostings(ctx context.Context, dir string, arts []knowledge.Document, cols *columns, opt BuildOptions) ([]uint32, error) {
	m, err := articleMapping()
	if err != nil {
		return nil, err
	}
	b, err := bleve.NewBuilder(dir, m, map[string]any{"batchSize": 2000, "mergeMax": 1000, "buildPathPrefix": filepath.Dir(dir)})
	if err != nil {
		return nil, err
	}
	// A builder that is given up is not closed: it would panic when empty, and
	// all that it wrote is in the folder that buildPart removes.
	cols.Length = make([]uint16, len(arts))
	for i := range arts {
		if i%500 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			opt.progress(StagePostings, i, len(arts))
		}
		text := articleText(&arts[i])
		total := 0
		eachTerm(text, func(string) { total++ })
		cols.Length[i] = uint16(min(total, 1<<16-1))
		if err := b.Index(docName(uint32(i)), map[string]any{textField: text}); err != nil {
			return nil, err
		}
	}
	if err := b.Close(); err != nil {
		return nil, err
	}
	opt.progress(StagePostings, len(arts), len(arts))
	return readOrder(dir, len(arts))
}

// docName is a document's name in bleve: its ordinal.
func docName(ord uint32) string {
	return string(binary.BigEndian.AppendUint32(nil, ord))
}

// readOrder asks bleve for the ordinal of each of its document numbers.
func readOrder(dir string, n int) (ords []uint32, err error) {
	idx, err := openPostings(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, idx.Close()) }()
	return order(idx, n)
}

func order(idx bleve.Index, n int) (ords []uint32, err error) {
	inner, err := idx.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := inner.Reader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	ids, err := reader.DocIDReaderAll()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ids.Close()) }()
	ords = make([]uint32, n)
	for {
		id, err := ids.Next()
		if err != nil || id == nil {
			return ords, err
		}
		name, err := reader.ExternalID(id)
		if err != nil {
			return nil, err
		}
		if len(name) != 4 || id.Value() >= uint64(n) {
			return nil, fmt.Errorf("bleve holds an unexpected document %q", name)
		}
		ords[id.Value()] = binary.BigEndian.Uint32([]byte(name))
	}
}

// before is the folder of the content in use over the same statutes, "" if
// there is none.
func before(dir string, cur currentIndex) string {
	old, err := readCurrent(dir)
	if err != nil || old.Statutes != cur.Statutes {
		return ""
	}
	return filepath.Join(dir, old.Content)
}

func buildContent(ctx context.Context, statutes, dir, before string, arts, docs []knowledge.Document, opt BuildOptions) error {
	opt.progress(StageContent, 0, len(docs))
	starts, err := writeStore(filepath.Join(dir, contentStore), docs)
	if err != nil {
		return err
	}
	opt.progress(StageContent, len(docs), len(docs))
	if err := writeGob(filepath.Join(dir, contentColumns), &contentMeta{Starts: starts, Lexicon: opt.Lexicon}); err != nil {
		return err
	}
	if len(arts) < leastArticles || len(docs) == 0 || opt.WithoutModel {
		return nil
	}
	return tuneContent(ctx, statutes, dir, before, arts, docs, opt)
}

// tuneContent teaches the statutes' model the content and keeps the result
// with the content.
func tuneContent(ctx context.Context, statutes, dir, before string, arts, docs []knowledge.Document, opt BuildOptions) (err error) {
	var sm statutesMeta
	if err := readGob(filepath.Join(statutes, statutesColumns), &sm); err != nil {
		return err
	}
	var base model
	if err := readGob(filepath.Join(statutes, modelFile), &base); err != nil {
		return err
	}
	idx, err := openPostings(filepath.Join(statutes, statutesBleve))
	if err != nil {
		return err
	}
	lex, err := newLexical(idx, sm.Columns, sm.Ords)
	if err != nil {
		return errors.Join(err, idx.Close())
	}
	defer func() { err = errors.Join(err, lex.close()) }()
	var had *earlier
	if before != "" {
		had = openEarlier(before)
	}
	m, err := tune(ctx, &base, had, arts, docs, lex, opt)
	if err != nil {
		return err
	}
	return writeGob(filepath.Join(dir, modelFile), m)
}
