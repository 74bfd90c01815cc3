package statute

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// On disk a set is one file <version>.statutes: magic, lengths and checksum,
// then the texts, then the table of contents. The file "current" beside it
// names the generation in use and is replaced by a rename, so that a crash
// at any moment leaves either the old generation or the new one.
const (
	magic    = "anjie-statutes-1\n"
	headSize = len(magic) + 8 + 8 + 4 + 12
	suffix   = ".statutes"
	current  = "current"
	maxMeta  = 256 << 20
)

// ErrNone is returned by [Open] when nothing was imported into the folder yet.
var ErrNone = errors.New("no statutes imported")

// ErrDamaged is returned by [Open] when what was imported can't be read any more.
var ErrDamaged = errors.New("the imported statutes are damaged: import all folders of statutes again")

// Save writes the set as a new generation of dir, makes it current, and
// removes all older generations but one. The set itself stays usable. Saving
// the same set again changes nothing.
func (s *Set) Save(dir string) error {
	if err := s.Store(dir); err != nil {
		return err
	}
	return s.Use(dir)
}

// Store writes the set into dir and leaves the generation in use as it is.
func (s *Set) Store(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // statutes are public
		return fmt.Errorf("statutes folder: %w", err)
	}
	if readable(dir, s.Version()) {
		return nil
	}
	if err := s.write(dir, s.Version()+suffix); err != nil {
		return fmt.Errorf("write statutes %s: %w", s.Version(), err)
	}
	return nil
}

// Use makes the set, which was stored before, the current generation of dir.
func (s *Set) Use(dir string) error {
	name := s.Version() + suffix
	before, _ := os.ReadFile(filepath.Join(dir, current))
	if err := replace(dir, current, func(f *os.File) error {
		_, err := f.WriteString(name + "\n")
		return err
	}); err != nil {
		return fmt.Errorf("make statutes %s current: %w", s.Version(), err)
	}
	return prune(dir, name, strings.TrimSpace(string(before)))
}

// readable says whether the generation stands in dir and is whole.
func readable(dir, version string) bool {
	s, err := OpenVersion(dir, version, Table{})
	return err == nil && s.Close() == nil
}

func (s *Set) write(dir, name string) error {
	return replace(dir, name, func(f *os.File) error {
		meta := encodeMeta(s.raw(), s.st)
		head := make([]byte, 0, headSize)
		head = append(head, magic...)
		head = binary.LittleEndian.AppendUint64(head, uint64(s.st.size)) //nolint:gosec // a size
		head = binary.LittleEndian.AppendUint64(head, uint64(len(meta)))
		head = binary.LittleEndian.AppendUint32(head, crc32.ChecksumIEEE(meta))
		head = append(head, s.Version()...)
		if _, err := f.Write(head); err != nil {
			return err
		}
		if err := s.st.copyTo(f); err != nil {
			return err
		}
		_, err := f.Write(meta)
		return err
	})
}

// raw returns the laws as the sources have them, without any table's days.
func (s *Set) raw() []*Law { return s.With(Table{}).laws }

// replace writes a file beside its final place, syncs it and renames it.
func replace(dir, name string, fill func(*os.File) error) error {
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// prune removes generations other than keep and left-overs of a crash.
func prune(dir string, keep ...string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		stale := strings.HasSuffix(name, suffix) && !contains(keep, name)
		if stale || strings.HasPrefix(name, ".new-") {
			if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("remove old statutes: %w", err)
			}
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Open reads the current generation of dir; [ErrNone] if there is none. Only
// the table of contents is held in memory. The caller closes the set.
func Open(dir string, table Table) (*Set, error) {
	raw, err := os.ReadFile(filepath.Join(dir, current))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("statutes: %w", err)
	}
	return OpenVersion(dir, strings.TrimSuffix(strings.TrimSpace(string(raw)), suffix), table)
}

// OpenVersion reads one generation, for an index that was built from it.
func OpenVersion(dir, version string, table Table) (*Set, error) {
	path := filepath.Join(dir, filepath.Base(version)+suffix)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w (%s is missing)", ErrDamaged, path)
	}
	if err != nil {
		return nil, fmt.Errorf("statutes: %w", err)
	}
	s, err := load(f, table)
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%w (%s: %w)", ErrDamaged, path, err)
	}
	return s, nil
}

func load(f *os.File, table Table) (*Set, error) {
	head := make([]byte, headSize)
	if _, err := f.ReadAt(head, 0); err != nil || string(head[:len(magic)]) != magic {
		return nil, errors.New("no statute file of this program's version")
	}
	p := head[len(magic):]
	slab, metaLen := binary.LittleEndian.Uint64(p), binary.LittleEndian.Uint64(p[8:])
	sum := binary.LittleEndian.Uint32(p[16:])
	st := &store{file: f, closer: f, base: int64(headSize), size: int64(slab), version: string(p[20:32])} //nolint:gosec // checked against the file's size next
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if metaLen > maxMeta || uint64(headSize)+slab+metaLen != uint64(info.Size()) { //nolint:gosec // sizes
		return nil, errors.New("cut short")
	}
	meta := make([]byte, metaLen)
	if _, err := f.ReadAt(meta, st.base+st.size); err != nil {
		return nil, err
	}
	if crc32.ChecksumIEEE(meta) != sum {
		return nil, errShort
	}
	r := &decoder{buf: string(meta)}
	laws := r.meta(st)
	if r.err != nil {
		return nil, r.err
	}
	return newSet(laws, st, table), nil
}
