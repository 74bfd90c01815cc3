package statute

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Limits on a .zip of statutes. The national collection unpacks to 40 MB.
const (
	maxEntries  = 20_000
	maxUnpacked = 512 << 20 // bytes of all entries together
	maxNesting  = 2         // a zip within a zip
)

// archive is one open .zip and what may still be unpacked from it.
type archive struct {
	closer io.Closer
	left   *atomic.Int64
}

// openZip lists the entries of a .zip on disk as inputs.
func openZip(name, file string) ([]input, *archive, error) {
	if _, err := statCapped(file, maxArchive); err != nil {
		return nil, nil, err
	}
	zr, err := zip.OpenReader(file)
	if err != nil {
		return nil, nil, refuse(Damaged, "no zip: %v", err)
	}
	a := &archive{closer: zr, left: &atomic.Int64{}}
	a.left.Store(maxUnpacked)
	inputs, err := a.list(name, &zr.Reader, 1)
	if err != nil {
		_ = zr.Close()
		return nil, nil, err
	}
	return inputs, a, nil
}

func (a *archive) list(name string, zr *zip.Reader, nesting int) ([]input, error) {
	if len(zr.File) > maxEntries {
		return nil, refuse(TooBig, "%d entries, at most %d are read", len(zr.File), maxEntries)
	}
	var out []input
	for _, f := range zr.File {
		inner := entryName(f)
		if f.FileInfo().IsDir() || hiddenEntry(inner) {
			continue
		}
		out = append(out, input{name: name + "/" + inner, entry: f, from: a, nesting: nesting})
	}
	slices.SortFunc(out, func(x, y input) int { return strings.Compare(x.name, y.name) })
	return out, nil
}

// entryName reads names packed on a Chinese Windows, which are GBK unmarked.
func entryName(f *zip.File) string {
	name := f.Name
	if f.NonUTF8 {
		if s, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = s
		}
	}
	name = path.Clean("/" + strings.ReplaceAll(clean(name), `\`, "/"))
	return strings.TrimPrefix(name, "/")
}

func hiddenEntry(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if hidden(part) {
			return true
		}
	}
	return false
}

// unpack reads one entry within its own limit and what is left of the archive's.
func (a *archive) unpack(f *zip.File, limit int64) ([]byte, error) {
	if f.Flags&1 != 0 { // the zip format's own mark
		return nil, refuse(Locked, "")
	}
	left := a.left.Load()
	if left <= 0 {
		return nil, refuse(TooBig, "the archive unpacks to more than %d MB", maxUnpacked>>20)
	}
	raw, err := inflate(f, min(limit, left))
	a.left.Add(-int64(len(raw)))
	return raw, err
}

// nested parses a zip inside a zip, one level deep.
func (in input) nested() result {
	if in.nesting >= maxNesting {
		return result{skipped: []Skip{{in.name, Unsupported, "archives nested too deep"}}}
	}
	raw, err := in.from.unpack(in.entry, maxPacked)
	if err != nil {
		return result{skipped: []Skip{skipOf(in.name, err)}}
	}
	zr, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return result{skipped: []Skip{{in.name, Damaged, err.Error()}}}
	}
	inputs, err := in.from.list(in.name, zr, in.nesting+1)
	if err != nil {
		return result{skipped: []Skip{skipOf(in.name, err)}}
	}
	var out result
	for _, inner := range inputs {
		r := readFile(inner)
		out.texts = append(out.texts, r.texts...)
		out.skipped = append(out.skipped, r.skipped...)
	}
	return out
}
