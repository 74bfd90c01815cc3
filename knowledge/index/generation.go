package index

import (
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/anjie-desk/anjie/knowledge"
)

// format changes when a built index can no longer be read or would rank
// otherwise, so that the next Build starts afresh.
const format = "4"

// contentFormat is the same for the part of the content alone.
const contentFormat = "7"

// current is the file that says which parts are in use. It is replaced as a
// whole, so that there is always one complete index.
const currentFile = "current"

// lockFile is held by whoever builds.
const lockFile = "lock"

type currentIndex struct {
	Version  string `json:"version"`
	Statutes string `json:"statutes"` // folder
	Content  string `json:"content"`  // folder
}

func readCurrent(dir string) (currentIndex, error) {
	var cur currentIndex
	raw, err := os.ReadFile(filepath.Join(dir, currentFile))
	if errors.Is(err, fs.ErrNotExist) {
		return cur, ErrNoIndex
	}
	if err != nil {
		return cur, err
	}
	if err := json.Unmarshal(raw, &cur); err != nil {
		return cur, fmt.Errorf("%s: %w", currentFile, err)
	}
	return cur, nil
}

// switchTo makes cur the index in use, atomically and durably, and removes
// what it does not need.
func switchTo(dir string, cur currentIndex) error {
	raw, err := json.MarshalIndent(cur, "", "  ")
	if err != nil {
		return err
	}
	next := filepath.Join(dir, currentFile+".next")
	if err := writeSynced(next, append(raw, '\n')); err != nil {
		return err
	}
	if err := os.Rename(next, filepath.Join(dir, currentFile)); err != nil {
		return err
	}
	if err := syncDir(dir); err != nil {
		return err
	}
	return sweep(dir, cur)
}

// sweep removes parts that are not in use: superseded ones, and what a crash
// left behind. A process that still reads one keeps it open.
func sweep(dir string, keep currentIndex) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		part := strings.HasPrefix(name, "statutes-") || strings.HasPrefix(name, "content-")
		if !part || name == keep.Statutes || name == keep.Content {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

func writeSynced(path string, raw []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return err
}

func writeGob(path string, v any) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = gob.NewEncoder(f).Encode(v)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}

func readGob(path string, v any) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	if err := gob.NewDecoder(f).Decode(v); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	return nil
}

// fingerprint adds docs to h, so that the same documents have the same name.
func fingerprint(h hash.Hash, docs []knowledge.Document) {
	var rec []byte
	for i := range docs {
		rec = appendDocument(rec[:0], &docs[i])
		_, _ = h.Write(rec)
	}
}

func shortSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil))[:12] }
