package statute

import (
	"context"
	"errors"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// ImportOptions of [Import]; the zero value starts an empty set as of today.
type ImportOptions struct {
	Into     *Set                  // merge into this set: the same title and version is replaced
	Table    Table                 // what the content knows of laws
	AsOf     time.Time             // the day for which the report counts; zero means today
	Progress func(done, total int) // called after each file, one call at a time
	Now      func() time.Time      // nil means time.Now
}

// Import reads every .md, .txt, .docx and .zip below paths, which may be
// files or folders. A file that can't be read is named in the report and the
// others go in; the error is for what stops the whole import (ctx, or no
// statute found at all). Same files, same result, whatever their order.
func Import(ctx context.Context, paths []string, opt ImportOptions) (*Set, Report, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.AsOf.IsZero() {
		opt.AsOf = opt.Now()
	}
	found := gather(paths)
	defer found.close()
	results, err := readAll(ctx, found.inputs, opt.Progress)
	if err != nil {
		return nil, Report{}, fmt.Errorf("import statutes: %w", err)
	}
	b := newBuilder()
	if opt.Into != nil {
		if err := b.addSet(opt.Into); err != nil {
			return nil, Report{}, fmt.Errorf("import statutes: %w", err)
		}
	}
	rep := Report{Files: len(found.inputs), Skipped: found.skipped}
	for _, r := range results {
		rep.take(b, r)
	}
	slices.SortStableFunc(rep.Skipped, func(a, b Skip) int { return strings.Compare(a.File, b.File) })
	if len(b.laws) == 0 {
		return nil, rep, errors.New("import statutes: no statute found in the files given")
	}
	set, err := b.build(opt.Table)
	if err != nil {
		return nil, rep, fmt.Errorf("import statutes: %w", err)
	}
	set.count(&rep, opt.AsOf)
	return set, rep, nil
}

// take puts what one file gave into the builder and keeps account of it.
func (rep *Report) take(b *builder, r result) {
	rep.Skipped = append(rep.Skipped, r.skipped...)
	for _, t := range r.texts {
		if why := judge(t); why != "" {
			rep.Skipped = append(rep.Skipped, Skip{File: t.Source, Reason: why})
			continue
		}
		if held := b.longer(t); held > 0 {
			rep.Skipped = append(rep.Skipped, Skip{t.Source, Partial, fmt.Sprintf("%d articles, held are %d", len(t.Articles), held)})
			continue
		}
		if other, dup := b.add(t); dup {
			rep.Skipped = append(rep.Skipped, Skip{t.Source, Duplicate, other})
			continue
		}
		rep.Added++
	}
}

func (s *Set) count(rep *Report, asOf time.Time) {
	rep.Laws = len(s.laws)
	day := asOf.Format(time.DateOnly)
	for _, l := range s.laws {
		rep.Versions += len(l.Versions)
		v, ok := l.On(asOf)
		switch {
		case ok:
			rep.Articles += v.Len()
			rep.Superseded += slices.Index(l.Versions, v)
		case l.repeal.Since != "" && l.repeal.Since <= day:
			rep.Repealed++
		default:
			rep.Future++
		}
	}
}

// result is what one file gave.
type result struct {
	texts   []*Text
	skipped []Skip
}

// readAll parses the files on all processors and keeps their order.
func readAll(ctx context.Context, inputs []input, progress func(done, total int)) ([]result, error) {
	out := make([]result, len(inputs))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(2, runtime.GOMAXPROCS(0)))
	var mu sync.Mutex
	done := 0
	for i, in := range inputs {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			out[i] = readFile(in)
			if progress != nil {
				mu.Lock()
				defer mu.Unlock()
				done++
				progress(done, len(inputs))
			}
			return nil
		})
	}
	return out, g.Wait()
}

func readFile(in input) result {
	ext := strings.ToLower(path.Ext(in.name))
	limit := int64(maxText)
	switch ext {
	case ".md", ".markdown", ".txt":
	case ".docx":
		limit = maxPacked
	case ".zip":
		return in.nested()
	default:
		return result{skipped: []Skip{{in.name, strangerOf(ext), ext}}}
	}
	raw, err := in.bytes(limit)
	if err != nil {
		return result{skipped: []Skip{skipOf(in.name, err)}}
	}
	t, err := Parse(in.name, raw)
	if err != nil {
		return result{skipped: []Skip{skipOf(in.name, err)}}
	}
	return result{texts: []*Text{t}}
}

// strangers are kinds of file that hold statutes and can't be read here.
var strangers = map[string]Reason{
	".doc": OldWord, ".wps": OldWord, ".dot": OldWord, ".wpt": OldWord,
	".pdf": Fixed, ".ofd": Fixed, ".ceb": Fixed, ".caj": Fixed, ".jpg": Fixed, ".jpeg": Fixed, ".png": Fixed, ".tif": Fixed, ".tiff": Fixed, ".bmp": Fixed,
	".html": OtherText, ".htm": OtherText, ".mht": OtherText, ".mhtml": OtherText, ".rtf": OtherText, ".odt": OtherText, ".xml": OtherText,
	".rar": OtherPack, ".7z": OtherPack, ".tar": OtherPack, ".gz": OtherPack, ".tgz": OtherPack, ".bz2": OtherPack, ".xz": OtherPack,
	".crdownload": Changing, ".part": Changing, ".partial": Changing, ".download": Changing, ".tmp": Changing, ".td": Changing,
}

func strangerOf(ext string) Reason {
	if r, ok := strangers[ext]; ok {
		return r
	}
	return Unsupported
}

func skipOf(name string, err error) Skip {
	var r *refusal
	if errors.As(err, &r) {
		return Skip{name, r.reason, r.detail}
	}
	return Skip{name, Damaged, err.Error()}
}

// Parse reads one statute from the bytes of a .md, .txt or .docx file; name
// gives the kind and, often, title and day. It never panics on hostile bytes.
func Parse(name string, raw []byte) (*Text, error) {
	src := newSource(name)
	switch strings.ToLower(path.Ext(name)) {
	case ".docx":
		if err := readDocx(src, raw); err != nil {
			return nil, err
		}
	case ".md", ".markdown":
		text, err := plainText(raw)
		if err != nil {
			return nil, err
		}
		readMarkdown(src, text)
	default:
		text, err := plainText(raw)
		if err != nil {
			return nil, err
		}
		readPlain(src, text)
	}
	return assemble(src), nil
}

func plainText(raw []byte) (string, error) {
	if len(raw) > maxText {
		return "", refuse(TooBig, "%d MB, at most %d are read", len(raw)>>20, maxText>>20)
	}
	text, err := decode(raw)
	if err != nil {
		return "", err
	}
	if overlong(text) {
		return "", refuse(TooBig, "a paragraph of more than %d MB", maxLine>>20)
	}
	return text, nil
}

// readPlain takes a .txt file: a paragraph a line, no marks.
func readPlain(src *source, text string) {
	for raw := range strings.Lines(strings.ReplaceAll(text, "\r", "\n")) {
		if s := clean(raw); s != "" {
			src.lines = append(src.lines, line{text: s})
		}
	}
	src.lines = trimTitle(src.lines)
}
