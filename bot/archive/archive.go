// Package archive keeps records in yearly files of a folder: appended, synced,
// read back, never changed in place.
//
// What a record says, and whether it is the one that was written, is for the
// caller to know: the package sees sealed lines and their places. The caller
// also says how much of a file counts; what stands behind that is of a run that
// was cut short, and is set aside before the next record is written.
package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

const (
	suffix     = ".cases"
	looseName  = ".loose" // what runs that were cut short left behind
	maxRecord  = 64 << 20
	folderMode = 0o700
	fileMode   = 0o600
)

// Errors of this package.
var (
	ErrShort   = errors.New("archive file is missing or shorter than what was written to it")
	ErrRecord  = errors.New("archive file has no such record")
	ErrChanged = errors.New("archive file does not give back what was just written")
)

var yearName = regexp.MustCompile(`^[0-9]{4}$`)

// Folder is a folder of yearly files. Its methods may be called at once; two
// processes must not append at the same time, which is the caller's to see to.
type Folder struct {
	dir string
	mu  sync.Mutex
}

// Open returns the Folder at dir, which is made when the first record comes.
func Open(dir string) *Folder { return &Folder{dir: dir} }

// Append writes a record, a line without its end, behind the first size bytes
// of the year's file, and returns how long the file is then. It returns once
// the record is on the disk and was read back.
func (f *Folder) Append(year string, size int64, record []byte) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !yearName.MatchString(year) || len(record) > maxRecord || bytes.IndexByte(record, '\n') >= 0 {
		return 0, fmt.Errorf("archive %q: not a record of a year", year)
	}
	after, err := f.append(year, size, append(slices.Clone(record), '\n'))
	if err != nil {
		return 0, fmt.Errorf("archive of %s: %w", year, err)
	}
	return after, nil
}

func (f *Folder) append(year string, size int64, line []byte) (after int64, err error) {
	if err := os.MkdirAll(f.dir, folderMode); err != nil {
		return 0, err
	}
	file, err := os.OpenFile(f.path(year), os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := f.setAside(year, file, size); err != nil {
		return 0, err
	}
	if _, err := file.WriteAt(line, size); err != nil {
		return 0, err
	}
	if err := errors.Join(file.Sync(), f.sync()); err != nil {
		return 0, err
	}
	back := make([]byte, len(line))
	if _, err := file.ReadAt(back, size); err != nil || !bytes.Equal(back, line) {
		return 0, errors.Join(ErrChanged, err)
	}
	return size + int64(len(line)), nil
}

// setAside moves what stands behind size into the year's loose file, so that
// nothing that was ever written is lost.
func (f *Folder) setAside(year string, file *os.File, size int64) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	switch {
	case info.Size() < size:
		return ErrShort
	case info.Size() == size:
		return nil
	}
	loose, err := os.OpenFile(f.path(year)+looseName, os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode)
	if err != nil {
		return err
	}
	_, err = io.Copy(loose, io.NewSectionReader(file, size, info.Size()-size))
	if err := errors.Join(err, loose.Sync(), loose.Close()); err != nil {
		return err
	}
	return file.Truncate(size)
}

// sync makes a file's name last.
func (f *Folder) sync() error {
	dir, err := os.Open(f.dir)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Read gives back the record of n bytes, its line's end among them, at an offset.
func (f *Folder) Read(year string, at, n int64) (record []byte, err error) {
	if !yearName.MatchString(year) || at < 0 || n < 1 || n > maxRecord {
		return nil, ErrRecord
	}
	file, err := os.Open(f.path(year))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("archive of %s: %w", year, ErrShort)
	}
	if err != nil {
		return nil, fmt.Errorf("archive of %s: %w", year, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	line := make([]byte, n)
	if _, err := file.ReadAt(line, at); err != nil {
		return nil, fmt.Errorf("archive of %s: %w", year, errors.Join(ErrShort, err))
	}
	record, ok := bytes.CutSuffix(line, []byte{'\n'})
	if !ok {
		return nil, fmt.Errorf("archive of %s: %w", year, ErrRecord)
	}
	return record, nil
}

// Scan calls each with every record of the first size bytes of a year's file,
// in order, and where it stands.
func (f *Folder) Scan(year string, size int64, each func(at int64, record []byte) error) (err error) {
	if !yearName.MatchString(year) {
		return ErrRecord
	}
	file, err := os.Open(f.path(year))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("archive of %s: %w", year, ErrShort)
	}
	if err != nil {
		return fmt.Errorf("archive of %s: %w", year, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	r := bufio.NewReaderSize(io.LimitReader(file, size), 1<<16)
	for at := int64(0); at < size; {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("archive of %s: %w", year, errors.Join(ErrShort, err))
		}
		if err := each(at, line[:len(line)-1]); err != nil {
			return err
		}
		at += int64(len(line))
	}
	return nil
}

// File is one year's file as it lies in the folder.
type File struct {
	Year  string `json:"year"`
	Bytes int64  `json:"bytes"`
	Loose int64  `json:"loose"` // set aside from runs that were cut short
}

// Files lists the yearly files, oldest first.
func (f *Folder) Files() ([]File, error) {
	entries, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	var all []File
	for _, e := range entries {
		year, ok := strings.CutSuffix(e.Name(), suffix)
		if !ok || !yearName.MatchString(year) {
			continue
		}
		one := File{Year: year}
		if info, err := e.Info(); err == nil {
			one.Bytes = info.Size()
		}
		if info, err := os.Stat(f.path(year) + looseName); err == nil {
			one.Loose = info.Size()
		}
		all = append(all, one)
	}
	return all, nil
}

func (f *Folder) path(year string) string { return filepath.Join(f.dir, year+suffix) }
