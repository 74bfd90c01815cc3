package redisdb_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/archive"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// shelfDesk is a desk with an archive folder.
type shelfDesk struct {
	*desk
	dir string
}

func withShelf(tb testing.TB, rdb redis.UniversalClient) *shelfDesk {
	tb.Helper()
	d := open(tb, rdb)
	s := &shelfDesk{d, tb.TempDir()}
	s.on(tb, archive.Open(s.dir))
	return s
}

// on has the desk use another shelf, as after a restart.
func (s *shelfDesk) on(tb testing.TB, shelf redisdb.Shelf) {
	tb.Helper()
	s.cases = s.db.Cases().WithShelf(shelf)
	s.Service = serviceOn(tb, s.cases, s.clock.Now)
}

func serviceOn(tb testing.TB, cases *redisdb.Cases, now func() time.Time) *dispute.Service {
	tb.Helper()
	reg, err := place.Parse([]byte(register), place.Options{Now: now})
	must(tb, err)
	return dispute.NewService(cases, reg, dispute.Options{Archive: cases, Now: now, Log: quiet})
}

// archived files a case and brings it to the archive, with a text and a summary.
func (s *shelfDesk) archived(t *testing.T, token string) dispute.Case {
	t.Helper()
	ctx := t.Context()
	c := s.file(t, token)
	_, err := s.Note(ctx, clerk, c.ID, "孙某说下周挪", dispute.Seen{})
	must(t, err)
	_, err = s.Decline(ctx, clerk, c.ID, dispute.Gate{Reason: "不归这里"}, dispute.Seen{})
	must(t, err)
	for _, op := range []dispute.Op{dispute.OpClose, dispute.OpArchive} {
		c, err = s.Advance(ctx, clerk, c.ID, op, "", dispute.Seen{})
		must(t, err)
	}
	return c
}

func (s *shelfDesk) later(days int) { s.clock.Add(time.Duration(days) * 24 * time.Hour) }

func (s *shelfDesk) shelve(t *testing.T, want int) {
	t.Helper()
	n, err := s.ShelveDue(t.Context())
	if err != nil || n != want {
		t.Fatalf("%d cases moved to files, %v, want %d", n, err, want)
	}
}

// listed is how often each case stands in the list of archived ones.
func (s *shelfDesk) listed(t *testing.T) map[dispute.CaseID]int {
	t.Helper()
	all := map[dispute.CaseID]int{}
	for _, f := range []dispute.Filter{{State: []dispute.State{dispute.Archived}}, {Category: "neighbour"}} {
		cases, _, err := s.Cases(t.Context(), clerk, f)
		must(t, err)
		for _, c := range cases {
			all[c.ID]++
		}
	}
	return all
}

func TestAnArchivedCaseLeavesRedisAfterThirtyDaysAndReadsAsBefore(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := withShelf(t, rdb), t.Context()
		c := d.archived(t, "x")
		before, err := d.Case(ctx, clerk, c.ID)
		must(t, err)
		d.later(29)
		d.shelve(t, 0)
		d.later(2)
		d.shelve(t, 1)
		d.shelve(t, 0)

		brief, err := d.Brief(ctx, clerk, c.ID)
		must(t, err)
		if brief.Shelf == "" || brief.State != dispute.Archived || brief.Number != c.Number || brief.Category != "neighbour" || !brief.Filed.Equal(c.Filed) {
			t.Errorf("the remnant says %+v", brief)
		}
		if left := rdb.HKeys(ctx, key(t, rdb, "sealed", c.ID)).Val(); len(left) != 1 || left[0] != "salt" {
			t.Errorf("of what was sealed Redis keeps %v", left)
		}
		after, err := d.Case(ctx, clerk, c.ID)
		must(t, err)
		if after.Report.What != before.Report.What || after.Report.Contact != before.Report.Contact || after.Facts["reason"] != "不归这里" {
			t.Errorf("read from its file it is %+v, want %+v", after, before)
		}
		if got := d.listed(t); got[c.ID] != 2 {
			t.Errorf("it stands in two lists %d times", got[c.ID])
		}
		events, err := d.Events(ctx, clerk, c.ID)
		must(t, err)
		var kinds []string
		for i, e := range events {
			kinds = append(kinds, e.Kind)
			if e.Seq != int64(i+1) {
				t.Errorf("event %d has the number %d", i+1, e.Seq)
			}
		}
		if got := strings.Join(kinds, " "); got != "filed accepted noted declined closed archived read shelved read" || events[2].Text != "孙某说下周挪" {
			t.Errorf("events %s, text %q", got, events[2].Text)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
		found, err := d.Find(ctx, clerk, string(c.Number))
		if err != nil || found != c.ID {
			t.Errorf("by its number: %s, %v", found, err)
		}
		p, err := d.Progress(ctx, resident, string(c.Number), "")
		if err != nil || p.State != dispute.Archived {
			t.Errorf("the reporter is told %+v, %v", p, err)
		}
		d.noneReadable(t)
	})
}

// noneReadable fails if the files hold anything that was told.
func (s *shelfDesk) noneReadable(t *testing.T) {
	t.Helper()
	must(t, filepath.WalkDir(s.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, canary := range canaries {
			if bytes.Contains(raw, []byte(canary)) {
				t.Errorf("%s holds %q", filepath.Base(path), canary)
			}
		}
		return err
	}))
}

func key(t *testing.T, rdb redis.UniversalClient, what string, id dispute.CaseID) string {
	t.Helper()
	keys := rdb.Keys(t.Context(), "*:"+what+":"+string(id)).Val()
	if len(keys) != 1 {
		t.Fatalf("%d keys for %s", len(keys), what)
	}
	return keys[0]
}

func TestACaseComesBackFromItsFileWholeAndGoesAgain(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := withShelf(t, rdb), t.Context()
		first, c := d.archived(t, "first"), d.archived(t, "x")
		d.later(31)
		d.shelve(t, 2)
		_, err := d.Case(ctx, director, c.ID) // a read in the archive is part of the trail
		must(t, err)
		back, err := d.Unshelve(ctx, clerk, c.ID)
		must(t, err)
		if back.Shelf != "" || back.State != dispute.Archived {
			t.Errorf("put back as %+v", back)
		}
		if _, err := d.Unshelve(ctx, clerk, c.ID); !errors.Is(err, dispute.ErrMove) {
			t.Errorf("put back twice: %v", err)
		}
		if _, err := d.Unshelve(ctx, zhang, first.ID); err == nil {
			t.Error("a mediator restores from the archive")
		}
		must(t, d.Verify(ctx, clerk, c.ID))
		d.shelve(t, 0) // it stays for thirty days
		d.later(31)
		d.shelve(t, 1)
		must(t, d.Verify(ctx, clerk, c.ID))

		// Reopening needs no restore by hand.
		again, err := d.Advance(ctx, clerk, c.ID, dispute.OpReopen, "对方又占了", dispute.Seen{})
		must(t, err)
		full, err := d.Case(ctx, clerk, c.ID)
		must(t, err)
		if again.State != dispute.Accepted || full.Shelf != "" || full.Report.What == "" {
			t.Errorf("reopened as %+v", full)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
		if got := d.listed(t); got[c.ID] != 1 || got[first.ID] != 2 {
			t.Errorf("lists hold them %v times", got)
		}
		reports, err := d.cases.VerifyShelf(ctx)
		if err != nil || len(reports) != 1 || reports[0].Records != 3 || reports[0].Cases != 1 || len(reports[0].Faults) > 0 {
			t.Errorf("the files: %+v, %v", reports, err)
		}
	})
}

var errKilled = errors.New("killed")

// dying is a shelf whose process ends at a step.
type dying struct {
	redisdb.Shelf
	dir  string
	step string
}

func (d dying) Append(year string, size int64, record []byte) (int64, error) {
	switch d.step {
	case "before the record is written":
		return 0, errKilled
	case "with half the record written":
		f, err := os.OpenFile(filepath.Join(d.dir, year+".cases"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err == nil {
			_, err = f.Write(record[:len(record)/2])
			err = errors.Join(err, f.Close())
		}
		return 0, errors.Join(errKilled, err)
	case "before redis lets go":
		_, err := d.Shelf.Append(year, size, record)
		return 0, errors.Join(errKilled, err)
	}
	return d.Shelf.Append(year, size, record)
}

// TestAnArchiveRunMayDieAnywhere ends a run between any two of its steps: the
// case is in one place, once in each list, and the next run moves it.
func TestAnArchiveRunMayDieAnywhere(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		for _, step := range []string{
			"before the record is written", "with half the record written", "before redis lets go", "before it hears that redis let go",
		} {
			d, ctx := withShelf(t, rdb), t.Context()
			kept, c := d.archived(t, "kept"), d.archived(t, "x")
			d.later(31)
			_, err := d.cases.Case(ctx, kept.ID, false)
			must(t, err)
			must(t, d.cases.Shelve(ctx, kept.ID, nil, dispute.Event{At: d.clock.Now(), Actor: "system", Kind: dispute.Shelved}))
			d.on(t, dying{archive.Open(d.dir), d.dir, step})
			run := ctx
			if step == "before it hears that redis let go" {
				lost, cancel := context.WithCancel(ctx)
				defer cancel()
				rdb.AddHook(&deaf{cancel: cancel})
				run = lost
			}
			if _, err := d.ShelveDue(run); err == nil {
				t.Errorf("%s: the run went on", step)
			}
			d.on(t, archive.Open(d.dir)) // a new process
			full, err := d.Case(ctx, clerk, c.ID)
			must(t, err)
			if full.Report.What == "" {
				t.Errorf("%s: the case is in neither place", step)
			}
			if got := d.listed(t); got[c.ID] != 2 || got[kept.ID] != 2 {
				t.Errorf("%s: in two lists %v times", step, got)
			}
			must(t, d.Verify(ctx, clerk, c.ID))
			_, err = d.ShelveDue(ctx)
			must(t, err)
			for _, id := range []dispute.CaseID{kept.ID, c.ID} {
				got, err := d.Brief(ctx, clerk, id)
				must(t, err)
				must(t, d.Verify(ctx, clerk, id))
				if got.Shelf == "" {
					t.Errorf("%s: then %s is in no file", step, id)
				}
			}
			reports, err := d.cases.VerifyShelf(ctx)
			if err != nil || len(reports) != 1 || reports[0].Records != 2 || reports[0].Cases != 2 || len(reports[0].Faults) > 0 {
				t.Errorf("%s: the files: %+v, %v", step, reports, err)
			}
		}
	})
}

// deaf loses the answer to the script that lets go.
type deaf struct {
	cancel func()
	done   bool
}

func (d *deaf) DialHook(next redis.DialHook) redis.DialHook { return next }

func (d *deaf) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (d *deaf) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		args := cmd.Args()
		lets := !d.done && len(args) > 8 && slices.ContainsFunc(args, func(a any) bool {
			key, _ := a.(string)
			return strings.HasSuffix(key, ":archive") // the heads of the files, which only that script writes
		})
		err := next(ctx, cmd)
		if lets && err == nil {
			d.done = true
			d.cancel()
			cmd.SetErr(context.Canceled)
			return context.Canceled
		}
		return err
	}
}

func TestOneProcessAtATimeWritesToTheArchive(t *testing.T) {
	d, ctx := withShelf(t, redistest.Client(t)), t.Context()
	d.archived(t, "x")
	d.later(31)
	done, _, err := d.cases.Shelving(ctx)
	must(t, err)
	d.shelve(t, 0)
	done()
	d.shelve(t, 1)
}

// TestTamperingWithTheArchiveIsFound changes files in every way that is not an
// append.
func TestTamperingWithTheArchiveIsFound(t *testing.T) {
	rdb := redistest.Client(t)
	d, ctx := withShelf(t, rdb), t.Context()
	var ids []dispute.CaseID
	for i := range 3 {
		ids = append(ids, d.archived(t, strconv.Itoa(i)).ID)
	}
	d.later(31)
	d.shelve(t, 3)
	file := filepath.Join(d.dir, "2026.cases")
	whole, err := os.ReadFile(file)
	must(t, err)
	lines := bytes.SplitAfter(whole, []byte("\n"))
	shelf := rdb.HGet(ctx, key(t, rdb, "case", ids[0]), "shelf").Val()
	for name, tamper := range map[string]func(){
		"an actor changed": func() {
			must(t, os.WriteFile(file, bytes.Replace(whole, []byte(`"a":"clerk"`), []byte(`"a":"klerk"`), 1), 0o600))
		},
		"a sealed bit changed": func() {
			b := slices.Clone(whole)
			b[bytes.Index(b, []byte(`"sealed":"`))+40] ^= 1
			must(t, os.WriteFile(file, b, 0o600))
		},
		"the last cut off":  func() { must(t, os.WriteFile(file, bytes.Join(lines[:2], nil), 0o600)) },
		"the first deleted": func() { must(t, os.WriteFile(file, bytes.Join(lines[1:], nil), 0o600)) },
		"two swapped":       func() { must(t, os.WriteFile(file, bytes.Join([][]byte{lines[1], lines[0], lines[2]}, nil), 0o600)) },
		"one written twice": func() { must(t, os.WriteFile(file, bytes.Join([][]byte{lines[0], lines[0], lines[2]}, nil), 0o600)) },
		"the file gone":     func() { must(t, os.Remove(file)) },
		"the remnant led elsewhere": func() {
			must(t, rdb.HSet(ctx, key(t, rdb, "case", ids[0]), "shelf", rdb.HGet(ctx, key(t, rdb, "case", ids[1]), "shelf").Val()).Err())
		},
	} {
		tamper()
		found := 0
		for _, id := range ids {
			if err := d.Verify(ctx, clerk, id); err != nil {
				found++
				if !strings.Contains(err.Error(), "tampered") {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
		reports, err := d.cases.VerifyShelf(ctx)
		must(t, err)
		inFile := len(reports) == 1 && len(reports[0].Faults) > 0
		if found == 0 || !inFile && name != "the remnant led elsewhere" {
			t.Errorf("%s: found in %d cases, and in the file %v", name, found, reports)
		}
		must(t, os.WriteFile(file, whole, 0o600))
		must(t, rdb.HSet(ctx, key(t, rdb, "case", ids[0]), "shelf", shelf).Err())
		for _, id := range ids {
			must(t, d.Verify(ctx, clerk, id))
		}
	}
}
