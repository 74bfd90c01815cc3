package evidence

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot"
)

// What strangers' files may take up while no case has taken them up, if
// [Options] don't say. A file is never larger than [MaxBytes].
const (
	defaultWaiting = 2 << 30
	defaultShare   = 300 << 20
)

// least is what the smallest file counts for, so that room bounds the number of
// files, too, and the time that counting them takes.
const least = 64 << 10

// marks holds an empty file for each file of a stranger that waits, named after
// sender and file. It is made before the file and means nothing without it.
const marks = "from"

// claim makes the file that at names, as large as it will be, if there is room
// for it. What waits is counted on the disk under a lock of the folder, and
// the file made before the lock is let go: so replicas over one folder, uploads
// at the same moment and a process that starts again count alike, and whatever
// takes a file away, by whichever way, gives its room back.
//
// What isn't so: on a file system without locks that reach across machines (NFS
// before version 4, or mounted with local locks), replicas on several machines
// may pass the total by what each takes in at the same moment; on a system
// without flock, several processes on one machine may, too. A file whose
// process died while it was written takes its room until it is swept away. The
// staff's files count but are refused by nobody.
func (s *Store) claim(ctx context.Context, from string, at ref, size int64) (_ *os.File, err error) {
	if from == "" {
		return s.create(at, size)
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return nil, fmt.Errorf("evidence: lock: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	mark := s.mark(from)
	u, err := s.survey(mark)
	switch {
	case err != nil:
		return nil, err
	case u.own+charge(size) > s.opt.Share:
		s.refused.Add(1)
		return nil, bot.ErrShare
	case u.bytes+charge(size) > s.opt.Waiting:
		s.refused.Add(1)
		return nil, bot.ErrNoRoom
	}
	if err := os.WriteFile(s.path(marks, mark+"."+at.id), nil, 0o600); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return s.create(at, size)
}

func (s *Store) create(at ref, size int64) (*os.File, error) {
	f, err := os.OpenFile(s.path(waiting, at.id), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	if err := f.Truncate(size); err != nil {
		return nil, fmt.Errorf("evidence: %w", errors.Join(err, f.Close(), os.Remove(f.Name())))
	}
	return f, nil
}

// lockPatience is how long an upload waits for others to be counted.
const lockPatience = 4 * time.Second

func (s *Store) lock(ctx context.Context) (unlock func() error, err error) {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	select {
	case s.one <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	free, err := lockFolder(ctx, s.dir)
	if err != nil {
		<-s.one
		return nil, err
	}
	return func() error {
		defer func() { <-s.one }()
		return free()
	}, nil
}

// mark stands for a sender on the disk: equal for the same one, and telling
// nothing to who lacks the secret.
func (s *Store) mark(from string) string {
	h := hmac.New(sha256.New, s.opt.Secret)
	h.Write([]byte("anjie evidence sender " + from))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func charge(size int64) int64 { return max(size, least) }

// use is what waits for a case.
type use struct {
	files int
	bytes int64
	own   int64 // of it the bytes of one sender
	swept int   // files that waited too long, gone by now
}

// survey counts what waits, and of it what one sender sent. What waited too
// long it destroys on the way.
func (s *Store) survey(mark string) (u use, err error) {
	entries, err := os.ReadDir(filepath.Join(s.dir, waiting))
	if err != nil {
		return u, fmt.Errorf("evidence: %w", err)
	}
	sizes := make(map[string]int64, len(entries))
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue // taken up or destroyed meanwhile
		}
		if s.opt.Now().Sub(info.ModTime()) >= s.opt.Unclaimed {
			if err := os.Remove(s.path(waiting, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return u, fmt.Errorf("evidence: %w", err)
			}
			u.swept++
			continue
		}
		sizes[e.Name()] = charge(info.Size())
		u.files++
		u.bytes += charge(info.Size())
	}
	u.own, err = s.ownOf(mark, sizes)
	return u, err
}

// ownOf adds up what a sender's files count for, and removes the marks of files
// that don't wait any more.
func (s *Store) ownOf(mark string, sizes map[string]int64) (own int64, err error) {
	entries, err := os.ReadDir(filepath.Join(s.dir, marks))
	if err != nil {
		return 0, fmt.Errorf("evidence: %w", err)
	}
	for _, e := range entries {
		sender, id, _ := strings.Cut(e.Name(), ".")
		size, waits := sizes[id]
		switch {
		case !waits:
			if err := os.Remove(s.path(marks, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return own, fmt.Errorf("evidence: %w", err)
			}
		case sender == mark:
			own += size
		}
	}
	return own, nil
}

// Waiting tells how many files wait for a case and what they count for, in
// bytes, over all replicas.
func (s *Store) Waiting() (files int, bytes int64, err error) {
	return Waiting(s.dir)
}

// Waiting is [Store.Waiting] for a folder that nobody need have opened. It
// changes nothing there.
func Waiting(dir string) (files int, bytes int64, err error) {
	entries, err := os.ReadDir(filepath.Join(dir, waiting))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, 0, fmt.Errorf("evidence: %w", err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			files++
			bytes += charge(info.Size())
		}
	}
	return files, bytes, nil
}

// Refused tells how many files this process refused for want of room.
func (s *Store) Refused() int64 { return s.refused.Load() }
