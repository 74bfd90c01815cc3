package statute

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Limits on what an import reads: an honest statute is far below each.
const (
	maxText    = 24 << 20  // bytes of one .md or .txt (the longest code has 0.5 MB)
	maxPacked  = 64 << 20  // bytes of one .docx as it lies on disk
	maxArchive = 512 << 20 // bytes of one .zip as it lies on disk
	maxLine    = 1 << 20   // bytes of one paragraph
)

// input is one file to read: a path on disk, or an entry of an archive.
type input struct {
	name    string // as the report names it, relative to what was asked for
	path    string // on disk
	entry   *zip.File
	from    *archive
	nesting int
}

// gathering is what [gather] found, and the archives to close afterwards.
type gathering struct {
	inputs   []input
	skipped  []Skip
	archives []*archive
	seen     map[string]bool
}

// gather lists the files below paths in a fixed order, archives entry by
// entry. Hidden files and those that start with _ are no statutes and are
// passed over in silence.
func gather(paths []string) *gathering {
	g := &gathering{seen: map[string]bool{}}
	for _, root := range paths {
		g.root(root)
	}
	slices.SortStableFunc(g.inputs, func(a, b input) int { return strings.Compare(a.name, b.name) })
	return g
}

func (g *gathering) root(root string) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		g.skip(root, refuse(Unreadable, "%v", err))
		return
	}
	base := filepath.Base(filepath.Clean(real))
	err = filepath.WalkDir(real, func(p string, d fs.DirEntry, err error) error {
		name := base
		if rel, rerr := filepath.Rel(real, p); rerr == nil {
			name = path.Join(base, filepath.ToSlash(rel))
		}
		switch {
		case err != nil:
			g.skip(name, refuse(Unreadable, "%v", err))
		case p != real && hidden(d.Name()):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.Type()&fs.ModeSymlink != 0:
			g.skip(name, refuse(Link, ""))
		case d.Type().IsRegular() && !g.seen[p]:
			g.seen[p] = true
			g.file(name, p)
		}
		return nil
	})
	if err != nil {
		g.skip(root, refuse(Unreadable, "%v", err))
	}
}

func (g *gathering) file(name, p string) {
	if !strings.EqualFold(path.Ext(name), ".zip") {
		g.inputs = append(g.inputs, input{name: name, path: p})
		return
	}
	inputs, a, err := openZip(name, p)
	if err != nil {
		g.skip(name, err)
		return
	}
	g.inputs = append(g.inputs, inputs...)
	g.archives = append(g.archives, a)
}

func (g *gathering) skip(name string, err error) { g.skipped = append(g.skipped, skipOf(name, err)) }

func (g *gathering) close() {
	for _, a := range g.archives {
		_ = a.closer.Close() // only read
	}
}

func hidden(name string) bool {
	switch strings.ToLower(name) {
	case "thumbs.db", "desktop.ini": // what Windows leaves in a folder
		return true
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || strings.HasPrefix(name, "~$")
}

func statCapped(p string, limit int64) (fs.FileInfo, error) {
	info, err := os.Stat(p)
	if err != nil {
		return nil, refuse(Unreadable, "%v", err)
	}
	if info.Size() > limit {
		return nil, refuse(TooBig, "%d MB, at most %d are read", info.Size()>>20, limit>>20)
	}
	return info, nil
}

// bytes reads the file, refusing one above limit before reading it.
func (in input) bytes(limit int64) ([]byte, error) {
	if in.entry != nil {
		return in.from.unpack(in.entry, limit)
	}
	before, err := statCapped(in.path, limit)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(in.path)
	if err != nil {
		return nil, refuse(Unreadable, "%v", err)
	}
	if after, err := os.Stat(in.path); err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return nil, refuse(Changing, "")
	}
	return raw, nil
}

// decode makes UTF-8 of a text file: UTF-8, UTF-16 with its mark, or GBK.
func decode(raw []byte) (string, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		return wideText(raw)
	}
	if text, ok := unmarkedWide(raw); ok {
		return text, nil
	}
	if utf8.Valid(raw) {
		if bytes.IndexByte(raw, 0) >= 0 {
			return "", refuse(Encoding, "holds NUL bytes: no text file")
		}
		return string(raw), nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.Contains(out, []byte("\ufffd")) || !mostlyHan(out) {
		return "", refuse(Encoding, "neither UTF-8 nor GBK")
	}
	return string(out), nil
}

// mostlyHan tells Chinese read by the right table from noise: common
// characters of statutes must show up.
func mostlyHan(text []byte) bool {
	n := 0
	for _, w := range []string{"的", "条", "法", "规定", "一"} {
		n += bytes.Count(text, []byte(w))
	}
	return n*200 > utf8.RuneCount(text)
}

// unmarkedWide reads UTF-16 that lost its mark: line ends and digits leave every
// other byte of theirs zero, which no other encoding of Chinese has.
func unmarkedWide(raw []byte) (string, bool) {
	if len(raw)%2 != 0 || bytes.IndexByte(raw, 0) < 0 {
		return "", false
	}
	for _, big := range []bool{false, true} {
		text := wide(raw, big)
		if !strings.ContainsAny(text, "\ufffd\x00") && mostlyHan([]byte(text)) {
			return text, true
		}
	}
	return "", false
}

func wideText(raw []byte) (string, error) {
	big := raw[0] == 0xfe
	raw = raw[2:]
	if len(raw)%2 != 0 {
		return "", refuse(Encoding, "UTF-16 of odd length")
	}
	return wide(raw, big), nil
}

func wide(raw []byte, big bool) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		lo, hi := raw[2*i], raw[2*i+1]
		if big {
			lo, hi = hi, lo
		}
		units[i] = uint16(lo) | uint16(hi)<<8
	}
	return string(utf16.Decode(units))
}

// overlong says whether a paragraph is beyond anything a statute has.
func overlong(text string) bool {
	for len(text) > maxLine {
		i := strings.LastIndexByte(text[:maxLine+1], '\n')
		if i < 0 {
			return true
		}
		text = text[i+1:]
	}
	return false
}

var (
	nameDay  = regexp.MustCompile(`[ _\-]*[(（]?((?:19|20)[0-9]{2})[-._]?([0-9]{2})[-._]?([0-9]{2})[)）]?$`)
	nameYear = regexp.MustCompile(`[ _]*[(（](?:19|20)[0-9]{2}年?[)）]$`)
	copyMark = regexp.MustCompile(`( ?[(（][0-9]{1,2}[)）]| ?- ?副本)$`)
)

// newSource takes day and title hints from the file's name.
func newSource(name string) *source {
	src := &source{file: name, infoEnds: -1}
	src.stem = strings.TrimSuffix(path.Base(name), path.Ext(name))
	src.stem = copyMark.ReplaceAllString(src.stem, "")
	src.folder = path.Base(path.Dir(name))
	if m := nameDay.FindStringSubmatch(src.stem); m != nil {
		if day, ok := validDay(m[1], m[2], m[3]); ok {
			src.fileDay = day
			src.stem = strings.TrimSuffix(src.stem, m[0])
		}
	}
	src.stem = nameYear.ReplaceAllString(src.stem, "")
	return src
}
