// Package evidence keeps the photographs, recordings and papers that people
// send, sealed on disk.
//
// Each file has a key of its own, which is part of its reference and kept
// nowhere else: references lie in sealed conversations and sealed cases alone,
// so that whoever destroys a case's key leaves nothing but noise here. What a
// file says of the place where it was made is taken out before it is kept.
// Files that no case took up are swept away, and what strangers' files take up
// until then is bounded.
package evidence

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
)

// MaxBytes is how large one file may be.
const MaxBytes = 20 << 20

var (
	// ErrTooLarge is the error of a file of more than [MaxBytes].
	ErrTooLarge = fault.New(fault.Invalid, "file too large")
	// ErrType is the error of a file whose content is none of the kinds taken,
	// whatever its name says.
	ErrType = fault.New(fault.Invalid, "no kind of file that is taken")
	// ErrNotFound is the error of a reference to what is not here.
	ErrNotFound = fault.New(fault.NotFound, "no such file")
)

// Options tune a Store; the zero value is production.
type Options struct {
	Unclaimed time.Duration    // how long a file may wait for its case; 0 means 8 days, a day longer than a draft
	Every     time.Duration    // between two sweeps; 0 means an hour
	Waiting   int64            // bytes that files without a case may take up, all together; 0 means 2 GB
	Share     int64            // bytes of it that one sender may take up; 0 means 300 MB, or all if that is less
	Secret    []byte           // hides senders on the disk; replicas over one folder need the same
	Now       func() time.Time // nil means time.Now
	Log       *slog.Logger     // nil means slog.Default()
}

// Store keeps files under a folder. Several replicas must share the folder.
type Store struct {
	dir     string
	opt     Options
	one     chan struct{} // held by who counts what waits
	refused atomic.Int64
}

var (
	_ bot.Files     = (*Store)(nil)
	_ dispute.Files = (*Store)(nil)
)

// The folders: what waits for its case, and what a case took up.
const (
	waiting = "waiting"
	kept    = "kept"
)

// Open returns a Store over dir, which it makes if need be.
func Open(dir string, opt Options) (*Store, error) {
	if opt.Unclaimed == 0 {
		opt.Unclaimed = 8 * 24 * time.Hour
	}
	if opt.Every == 0 {
		opt.Every = time.Hour
	}
	if opt.Waiting == 0 {
		opt.Waiting = defaultWaiting
	}
	if opt.Share == 0 {
		opt.Share = min(defaultShare, opt.Waiting)
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	for _, sub := range []string{waiting, kept, marks} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("evidence: %w", err)
		}
	}
	return &Store{dir: dir, opt: opt, one: make(chan struct{}, 1)}, nil
}

// ref names a file and holds the key that opens it.
type ref struct {
	id  string
	key []byte
}

func (r ref) String() string { return r.id + "." + base64.RawURLEncoding.EncodeToString(r.key) }

const (
	idLetters = 26
	keyBytes  = 32
)

func parseRef(s string) (ref, error) {
	id, key, _ := strings.Cut(s, ".")
	raw, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil || len(raw) != keyBytes || len(id) != idLetters || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return ref{}, ErrNotFound
	}
	return ref{id, raw}, nil
}

// Keep reads a file to its end, takes out what it says of places, and keeps it
// until a case takes it up. The type is read from the content. The error is
// [ErrTooLarge] or [ErrType] for what can't be taken.
//
// It is for the staff, and for who was let in to a case: nothing bounds what
// they send but their case. Everybody else's files come by [Store.KeepFrom].
func (s *Store) Keep(ctx context.Context, name string, r io.Reader) (bot.File, error) {
	return s.KeepFrom(ctx, "", name, r)
}

// KeepFrom is Keep for a stranger, whom from tells from others. The error is
// [bot.ErrShare] or [bot.ErrNoRoom], too, where what waits for a case takes up
// as much as it may; "" is nobody in particular and refused nothing.
func (s *Store) KeepFrom(ctx context.Context, from, name string, r io.Reader) (bot.File, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return bot.File{}, fmt.Errorf("evidence: read: %w", err)
	}
	if len(data) > MaxBytes {
		return bot.File{}, ErrTooLarge
	}
	kind, ok := sniff(data)
	if !ok {
		return bot.File{}, ErrType
	}
	if data, err = kind.strip(data); err != nil {
		return bot.File{}, fmt.Errorf("%w: %w", ErrType, err)
	}
	at := ref{strings.ToLower(rand.Text()[:idLetters]), make([]byte, keyBytes)}
	_, _ = rand.Read(at.key) // never fails, see crypto/rand
	if err := s.write(ctx, from, at, data); err != nil {
		return bot.File{}, err
	}
	return bot.File{Name: cleanName(name, kind), Type: kind.mime, Ref: at.String(), Size: int64(len(data))}, nil
}

// cleanName keeps what people called the file, without folders, and with the
// ending of what it is.
func cleanName(name string, k kind) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == "/" || strings.Trim(name, ". ") == "" {
		name = "file"
	}
	base := strings.TrimSuffix(name, filepath.Ext(name))
	const most = 60
	for utf8.RuneCountInString(base) > most {
		_, n := utf8.DecodeLastRuneInString(base)
		base = base[:len(base)-n]
	}
	return base + k.ending
}

func (s *Store) write(ctx context.Context, from string, at ref, data []byte) error {
	aead, err := at.aead()
	if err != nil {
		return err
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(data)+aead.Overhead())
	_, _ = rand.Read(nonce)
	sealed := aead.Seal(nonce, nonce, data, []byte(at.id))
	f, err := s.claim(ctx, from, at, int64(len(sealed)))
	if err != nil {
		return err
	}
	_, werr := f.Write(sealed)
	if err := errors.Join(werr, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("evidence: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return syncDir(filepath.Join(s.dir, waiting))
}

func (r ref) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(r.key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (s *Store) path(sub, id string) string { return filepath.Join(s.dir, sub, id) }

// Attach keeps files for good, since a case takes them up. Done twice, it does
// nothing the second time.
func (s *Store) Attach(_ context.Context, refs ...string) error {
	for _, text := range refs {
		r, err := parseRef(text)
		if err != nil {
			return err
		}
		err = os.Rename(s.path(waiting, r.id), s.path(kept, r.id))
		if errors.Is(err, fs.ErrNotExist) {
			if _, err = os.Stat(s.path(kept, r.id)); errors.Is(err, fs.ErrNotExist) {
				return ErrNotFound
			}
		}
		if err != nil {
			return fmt.Errorf("evidence: %w", err)
		}
	}
	if len(refs) == 0 {
		return nil
	}
	return errors.Join(syncDir(filepath.Join(s.dir, kept)), syncDir(filepath.Join(s.dir, waiting)))
}

// Read returns a file's content.
func (s *Store) Read(_ context.Context, text string) ([]byte, error) {
	r, err := parseRef(text)
	if err != nil {
		return nil, err
	}
	sealed, err := os.ReadFile(s.path(kept, r.id))
	if errors.Is(err, fs.ErrNotExist) {
		sealed, err = os.ReadFile(s.path(waiting, r.id))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	aead, err := r.aead()
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, fmt.Errorf("evidence %s: cut short", r.id)
	}
	data, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(r.id))
	if err != nil {
		return nil, fmt.Errorf("evidence %s: changed, or opened by another key", r.id)
	}
	return data, nil
}

// Remove destroys files. What isn't there is gone already.
func (s *Store) Remove(_ context.Context, refs ...string) error {
	return s.destroy(refs, kept, waiting)
}

// Drop destroys those of the files that still wait for a case.
func (s *Store) Drop(_ context.Context, refs ...string) error {
	return s.destroy(refs, waiting)
}

func (s *Store) destroy(refs []string, from ...string) error {
	var errs []error
	for _, text := range refs {
		r, err := parseRef(text)
		if err != nil {
			continue
		}
		for _, sub := range from {
			if err := os.Remove(s.path(sub, r.id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// Run sweeps until ctx ends.
func (s *Store) Run(ctx context.Context) error {
	tick := time.NewTicker(s.opt.Every)
	defer tick.Stop()
	for {
		if n, err := s.Sweep(ctx); err != nil {
			s.opt.Log.ErrorContext(ctx, "evidence not swept", "err", err)
		} else if n > 0 {
			s.opt.Log.InfoContext(ctx, "files that no case took up are gone", "files", n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep destroys what waited too long for a case, and returns how many.
func (s *Store) Sweep(ctx context.Context) (int, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return 0, fmt.Errorf("evidence: lock: %w", err)
	}
	u, err := s.survey("")
	return u.swept, errors.Join(err, unlock())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	return nil
}
