package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot"
	"github.com/anjie-desk/anjie/bot/evidence"
	"github.com/anjie-desk/anjie/bot/fault"
)

// least is what the smallest file counts for.
const least = 64 << 10

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func bounded(t *testing.T, dir string, total, share int64) (*evidence.Store, *clock) {
	t.Helper()
	c := &clock{time.Now()}
	s, err := evidence.Open(dir, evidence.Options{Waiting: total, Share: share, Secret: []byte("secret"), Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

func send(s *evidence.Store, from string) (bot.File, error) {
	return s.KeepFrom(context.Background(), from, "收条.txt", strings.NewReader("今收到六百元"))
}

func TestStrangersCantFillTheDisk(t *testing.T) {
	dir := t.TempDir()
	s, _ := bounded(t, dir, 3*least, 2*least)
	again, _ := bounded(t, dir, 3*least, 2*least) // a replica, or the same one started again
	for i, step := range []struct {
		s    *evidence.Store
		from string
		want error
	}{
		{s, "a", nil},
		{again, "a", nil},
		{s, "a", bot.ErrShare},
		{again, "a", bot.ErrShare},
		{s, "b", nil},
		{again, "b", bot.ErrNoRoom},
		{s, "c", bot.ErrNoRoom},
	} {
		_, err := send(step.s, step.from)
		if !errors.Is(err, step.want) || step.want != nil && fault.Of(err) != fault.Invalid {
			t.Errorf("step %d: %v, want %v", i, err, step.want)
		}
	}
	if _, err := s.Keep(t.Context(), "扫描.txt", strings.NewReader("调解协议书")); err != nil {
		t.Errorf("the counter is refused what strangers used up: %v", err)
	}
	if f, n, err := s.Waiting(); n != 4*least || f != 4 || err != nil {
		t.Errorf("%d files of %d bytes wait, %v", f, n, err)
	}
	if s.Refused() != 2 || again.Refused() != 2 {
		t.Errorf("refused %d and %d", s.Refused(), again.Refused())
	}
	onDisk(t, dir, func(raw []byte) {
		if len(raw) == 0 {
			t.Error("a refused file left something")
		}
	})
}

func TestRoomComesBack(t *testing.T) {
	for name, free := range map[string]func(s *evidence.Store, c *clock, f bot.File) error{
		"taken up":  func(s *evidence.Store, _ *clock, f bot.File) error { return s.Attach(context.Background(), f.Ref) },
		"destroyed": func(s *evidence.Store, _ *clock, f bot.File) error { return s.Remove(context.Background(), f.Ref) },
		"over time": func(_ *evidence.Store, c *clock, _ bot.File) error {
			c.at = c.at.Add(9 * 24 * time.Hour) // and no sweep has come by
			return nil
		},
		"swept": func(s *evidence.Store, c *clock, _ bot.File) error {
			c.at = c.at.Add(9 * 24 * time.Hour)
			_, err := s.Sweep(context.Background())
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, c := bounded(t, t.TempDir(), least, least)
			f, err := send(s, "a")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := send(s, "b"); !errors.Is(err, bot.ErrNoRoom) {
				t.Fatalf("more than there is room for: %v", err)
			}
			if err := free(s, c, f); err != nil {
				t.Fatal(err)
			}
			if _, err := send(s, "a"); err != nil {
				t.Errorf("no room came back: %v", err)
			}
		})
	}
}

// TestUploadsAtTheSameMoment sends from two replicas over one folder at once.
func TestUploadsAtTheSameMoment(t *testing.T) {
	dir := t.TempDir()
	one, _ := bounded(t, dir, 20*least, 3*least)
	two, _ := bounded(t, dir, 20*least, 3*least)
	burst := func(from func(i int) string, want error) (kept int) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		start := make(chan struct{})
		for i := range 30 {
			s := one
			if i%2 == 1 {
				s = two
			}
			wg.Go(func() {
				<-start
				_, err := send(s, from(i))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					kept++
				} else if !errors.Is(err, want) {
					t.Errorf("refused with %v, want %v", err, want)
				}
			})
		}
		close(start)
		wg.Wait()
		return kept
	}
	if n := burst(func(int) string { return "one" }, bot.ErrShare); n != 3 {
		t.Errorf("%d of one sender were kept, want 3", n)
	}
	if n := burst(func(i int) string { return fmt.Sprint("many ", i) }, bot.ErrNoRoom); n != 17 {
		t.Errorf("%d of many senders were kept, want 17", n)
	}
}

func TestWhatIsLargeCountsAsItIs(t *testing.T) {
	s, _ := bounded(t, t.TempDir(), 3*least, 3*least)
	big := append([]byte("%PDF-1.4"), bytes.Repeat([]byte{0}, 2*least)...)
	if _, err := s.KeepFrom(t.Context(), "a", "x.pdf", bytes.NewReader(big)); err != nil {
		t.Fatal(err)
	}
	if _, err := send(s, "a"); !errors.Is(err, bot.ErrShare) && !errors.Is(err, bot.ErrNoRoom) {
		t.Errorf("more than there is room for: %v", err)
	}
}

// TestASenderIsNotNamedOnTheDisk looks for the address of who sent a file, and
// that nothing of the sender stays when the file doesn't wait any more.
func TestASenderIsNotNamedOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	s, _ := bounded(t, dir, 1<<30, 1<<30)
	f, err := send(s, "203.0.113.7")
	if err != nil {
		t.Fatal(err)
	}
	names := func() (all []string) {
		_ = filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error {
			all = append(all, path)
			return nil
		})
		return all
	}
	before := names()
	if strings.Contains(strings.Join(before, " "), "203.0.113.7") {
		t.Errorf("the sender is named: %v", before)
	}
	if err := s.Attach(t.Context(), f.Ref); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(filepath.Join(dir, "from")); len(entries) != 0 || err != nil {
		t.Errorf("what the sender sent is still told: %v, %v", entries, err)
	}
}
