package redisdb_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/evidence"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
)

// canaries is everything personal that these tests tell the desk.
var canaries = []string{"赵试用", "13900000000", "孙某", "空调外机", "挪走", "去年夏天", "谈过", "照片", "孙某说", "北墙", "不想调了", "补一句", "收据"}

func TestNothingPersonalIsReadableInRedis(t *testing.T) {
	s := redistest.Start(t)
	d, ctx := open(t, client(t, s.URL())), t.Context()
	c := d.file(t, "x")
	_, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{})
	must(t, err)
	_, err = d.Note(ctx, zhang, c.ID, "孙某说下周挪", dispute.Seen{Token: "孙某"})
	must(t, err)
	_, err = d.Supplement(ctx, resident, c.ID, "补一句：还滴水", []dispute.Evidence{{Name: "收据.jpg", Key: "k2"}}, dispute.Seen{})
	must(t, err)
	_, err = d.Start(ctx, zhang, c.ID, dispute.OpMediate, "", dispute.Seen{})
	must(t, err)
	_, err = d.RecordOutcome(ctx, zhang, c.ID, dispute.Result{Outcome: dispute.AgreedOral, Summary: "外机移到北墙"}, dispute.Seen{})
	must(t, err)
	withdrawn := d.file(t, "y")
	_, err = d.Withdraw(ctx, resident, withdrawn.ID, "不想调了", dispute.Seen{})
	must(t, err)

	full, err := d.Case(ctx, zhang, c.ID)
	must(t, err)
	if full.Report.Contact.Name != "赵试用" || full.Summary != "外机移到北墙" || len(full.Report.Evidence) != 2 || full.Report.Evidence[1].Name != "收据.jpg" ||
		full.Report.Village != "999999999001" || full.Report.Extra["talked"] != "谈过，没谈拢" {
		t.Errorf("the mediator reads %+v", full)
	}
	aof := 0
	must(t, filepath.WalkDir(s.Dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		aof += len(raw)
		for _, canary := range canaries {
			if bytes.Contains(raw, []byte(canary)) {
				t.Errorf("%s holds %q", filepath.Base(path), canary)
			}
		}
		return err
	}))
	if aof < 5000 {
		t.Errorf("only %d bytes looked through", aof)
	}
}

func TestReadingPersonalDataIsRecordedOnceInAWhile(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.file(t, "x")
		reads := func() (n int) {
			t.Helper()
			events, err := d.Events(ctx, clerk, c.ID)
			must(t, err)
			for _, e := range events {
				if e.Kind == "read" {
					n++
				}
			}
			return n
		}
		for range 3 {
			_, err := d.Case(ctx, clerk, c.ID)
			must(t, err)
		}
		if n := reads(); n != 1 {
			t.Errorf("three reads in a row are recorded %d times", n)
		}
		_, err := d.Case(ctx, director, c.ID)
		must(t, err)
		d.clock.Add(20 * time.Minute)
		_, err = d.Case(ctx, clerk, c.ID)
		must(t, err)
		if n := reads(); n != 3 {
			t.Errorf("then another's and a later one: %d", n)
		}
		full, err := d.Case(ctx, resident, c.ID)
		must(t, err)
		if n := reads(); n != 3 || full.Report.What == "" || full.Code != c.Code {
			t.Errorf("the reporter's own read: %d recorded, report %q", n, full.Report.What)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

func TestWhoReadsWhat(t *testing.T) {
	d, ctx := open(t, redistest.Client(t)), t.Context()
	c := d.file(t, "x")
	_, err := d.Claim(ctx, zhang, c.ID, dispute.Seen{})
	must(t, err)
	const all, noNames, brief, nothing = "all", "no names", "brief", "nothing"
	for _, tc := range []struct {
		name string
		who  access.Actor
		want string
	}{
		{"its mediator", zhang, all},
		{"another mediator of the village", li, noNames},
		{"a mediator of another village", wang, nothing},
		{"the clerk", clerk, all},
		{"the director", director, all},
		{"a grid worker", grid, brief},
		{"the editor", editor, nothing},
		{"the reporter", resident, all},
		{"another resident", other, nothing},
		{"nobody", access.Actor{}, nothing},
	} {
		_, berr := d.Brief(ctx, tc.who, c.ID)
		full, err := d.Case(ctx, tc.who, c.ID)
		got := all
		switch {
		case fault.Of(berr) == fault.NotFound && fault.Of(err) == fault.NotFound:
			got = nothing
		case berr == nil && fault.Of(err) == fault.Denied:
			got = brief
		case berr != nil || err != nil:
			t.Errorf("%s: %v, %v", tc.name, berr, err)
		case full.Report.Contact.Name == "" && full.Report.Contact.Phone == "" && full.Report.Other == "" && full.Report.What != "":
			got = noNames
		}
		if got != tc.want {
			t.Errorf("%s reads %s, want %s", tc.name, got, tc.want)
		}
		if (full.Code != "") != (tc.name == "the reporter") {
			t.Errorf("%s gets the code %q", tc.name, full.Code)
		}
		events, err := d.Events(ctx, tc.who, c.ID)
		if (err == nil) != (tc.want != nothing) {
			t.Errorf("%s reads %d events: %v", tc.name, len(events), err)
		}
	}
	events, err := d.Events(ctx, resident, c.ID)
	must(t, err)
	for _, e := range events {
		if e.Actor != "" || e.Text != "" || e.Detail != nil || e.To == "" {
			t.Errorf("the reporter reads the event %+v", e)
		}
	}
}

func TestProgressIsForTheReporterOrTheCode(t *testing.T) {
	d, ctx := open(t, redistest.Client(t)), t.Context()
	c := d.file(t, "x")
	for name, tc := range map[string]struct {
		who          access.Actor
		number, code string
		ok           bool
	}{
		"the reporter":              {resident, string(c.Number), "", true},
		"the serial alone":          {resident, "1", "", true},
		"a stranger with the code":  {other, "0001", c.Code, true},
		"the code as people type":   {other, "2026-1", strings.ToLower(c.Code[:5]) + " " + c.Code[5:], true},
		"a stranger":                {other, "0001", "", false},
		"a wrong code":              {other, "0001", "AAAAAAAAAA", false},
		"a number that isn't there": {resident, "0002", "", false},
		"no number":                 {resident, "没有", "", false},
		"nobody":                    {access.Actor{}, "0001", "", false},
		"staff have their own list": {zhang, "0001", "", false},
	} {
		p, err := d.Progress(ctx, tc.who, tc.number, tc.code)
		if tc.ok && (err != nil || p.ID != c.ID || p.Territory != "甲木村") {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
		if !tc.ok && (err == nil || fault.Of(err) != fault.NotFound) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	mine, err := d.MyReports(ctx, resident)
	must(t, err)
	none, err := d.MyReports(ctx, other)
	must(t, err)
	if len(mine) != 1 || len(none) != 0 {
		t.Errorf("%d and %d reports", len(mine), len(none))
	}
}

func TestAnotherKeyOpensNothing(t *testing.T) {
	rdb := redistest.Client(t)
	opt := redisdb.Options{Tenant: "t", Now: time.Now, Log: quiet}
	a := redistest.On(t, rdb, opt)
	c, err := service(t, a, time.Now).File(t.Context(), clerk, filing("x"))
	must(t, err)
	opt.Secret = bytes.Repeat([]byte("z"), 32)
	b := redistest.On(t, rdb, opt)
	got, err := b.Cases().Case(t.Context(), c.ID, true)
	if err == nil || got.Report.What != "" {
		t.Errorf("another key reads %+v, %v", got.Report, err)
	}
	if err := b.Cases().Verify(t.Context(), c.ID); err == nil {
		t.Error("another key finds the trail in order")
	}
	if _, err := redisdb.New(rdb, redisdb.Options{Secret: []byte("short")}); err == nil {
		t.Error("a short secret was taken")
	}
	bare, err := redisdb.New(rdb, redisdb.Options{Tenant: "t", Now: time.Now})
	must(t, err)
	if _, err := service(t, bare, time.Now).File(t.Context(), clerk, filing("y")); err == nil {
		t.Error("filed without a secret")
	}
}

// TestSealedFieldsStayWhereTheyBelong swaps sealed fields between cases and
// between fields of one case.
func TestSealedFieldsStayWhereTheyBelong(t *testing.T) {
	rdb, ctx := redistest.Client(t), context.Background()
	opt := redisdb.Options{Tenant: "t", Now: time.Now, Log: quiet}
	db := redistest.On(t, rdb, opt)
	s := service(t, db, time.Now)
	a, err := s.File(ctx, clerk, filing("a"))
	must(t, err)
	b, err := s.File(ctx, clerk, filing("b"))
	must(t, err)
	key := func(id dispute.CaseID) string { return "anjie:{t}:sealed:" + string(id) }
	for name, move := range map[string]func(){
		"from another case":  func() { must(t, rdb.HSet(ctx, key(b.ID), "report", rdb.HGet(ctx, key(a.ID), "report").Val()).Err()) },
		"from another field": func() { must(t, rdb.HSet(ctx, key(b.ID), "contact", rdb.HGet(ctx, key(b.ID), "report").Val()).Err()) },
		"one bit turned": func() {
			v := []byte(rdb.HGet(ctx, key(b.ID), "report").Val())
			v[len(v)-1] ^= 1
			must(t, rdb.HSet(ctx, key(b.ID), "report", v).Err())
		},
		"cut short": func() {
			must(t, rdb.HSet(ctx, key(b.ID), "report", rdb.HGet(ctx, key(b.ID), "report").Val()[:14]).Err())
		},
		"the salt destroyed": func() { must(t, rdb.HDel(ctx, key(b.ID), "salt").Err()) },
	} {
		before := rdb.HGetAll(ctx, key(b.ID)).Val()
		move()
		if got, err := db.Cases().Case(ctx, b.ID, true); err == nil {
			t.Errorf("%s: opened as %+v", name, got.Report)
		}
		must(t, rdb.Del(ctx, key(b.ID)).Err())
		must(t, rdb.HSet(ctx, key(b.ID), before).Err())
		_, err := db.Cases().Case(ctx, b.ID, true)
		must(t, err)
	}
}

// TestACopyOfADestroyedCasesFilesOpensNoMore keeps a copy of the files' folder,
// as a backup does: the key of each file stands in the case alone, sealed, and
// goes with the case's own key. What is left cannot be read with the master key
// either.
func TestACopyOfADestroyedCasesFilesOpensNoMore(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := withShelf(t, rdb), t.Context()
		dir := t.TempDir()
		files, err := evidence.Open(dir, evidence.Options{})
		must(t, err)
		d.Service = serviceOf(t, d.cases, d.clock.Now, dispute.Options{Archive: d.cases, Files: files})
		const words = "%PDF-1.4 本人签字：赵试用"
		keep := func(name string) dispute.Evidence {
			f, err := files.Keep(ctx, name, strings.NewReader(words))
			must(t, err)
			must(t, files.Attach(ctx, f.Ref))
			return dispute.Evidence{Name: f.Name, Type: f.Type, Key: f.Ref, Size: f.Size}
		}
		photo, page := keep("照片.pdf"), keep("协议.pdf")
		f := filing("x")
		f.For, f.Report.Evidence = resident.ID, []dispute.Evidence{photo}
		c, err := d.File(ctx, clerk, f)
		must(t, err)
		_, err = d.Claim(ctx, zhang, c.ID, dispute.Seen{})
		must(t, err)
		_, err = d.Start(ctx, zhang, c.ID, dispute.OpMediate, "", dispute.Seen{})
		must(t, err)
		_, err = d.Agree(ctx, zhang, c.ID, instalments(false), dispute.Seen{})
		must(t, err)
		_, err = d.Sign(ctx, zhang, c.ID, dispute.Signing{Scans: []dispute.Evidence{page}}, dispute.Seen{})
		must(t, err)
		_, err = d.Advance(ctx, zhang, c.ID, dispute.OpClose, "", dispute.Seen{})
		must(t, err)

		backup := t.TempDir()
		must(t, os.CopyFS(backup, os.DirFS(dir)))
		copied, err := evidence.Open(backup, evidence.Options{})
		must(t, err)
		for _, e := range []dispute.Evidence{photo, page} { // the copy is good, while the key is known
			got, err := copied.Read(ctx, e.Key)
			must(t, err)
			if !strings.Contains(string(got), "本人签字") {
				t.Fatalf("the copy reads %q", got)
			}
		}

		d.clock.Add(4 * 366 * 24 * time.Hour)
		_, err = d.Erase(ctx, director, c.ID)
		must(t, err)
		for _, e := range []dispute.Evidence{photo, page} {
			if _, err := files.Read(ctx, e.Key); err == nil {
				t.Errorf("%s outlived its case", e.Name)
			}
		}
		after, err := d.cases.Case(ctx, c.ID, true)
		must(t, err)
		if len(after.Report.Evidence) != 0 || len(after.Papers) != 0 {
			t.Errorf("the case still names %v, %v", after.Report.Evidence, after.Papers)
		}
		dump := everything(t, rdb)
		for _, e := range []dispute.Evidence{photo, page} {
			_, key, _ := strings.Cut(e.Key, ".")
			if strings.Contains(dump, key) {
				t.Errorf("the key of %s is still in Redis", e.Name)
			}
		}
		if strings.Contains(dump, "sealed:"+string(c.ID)) {
			t.Error("the case's own key is still in Redis")
		}
	})
}

// everything is all that Redis holds, keys and values, as one text.
func everything(t *testing.T, rdb redis.UniversalClient) string {
	t.Helper()
	ctx := t.Context()
	keys, err := rdb.Keys(ctx, "*").Result()
	must(t, err)
	var all strings.Builder
	for _, k := range keys {
		all.WriteString(k + "\n")
		switch rdb.Type(ctx, k).Val() {
		case "string":
			all.WriteString(rdb.Get(ctx, k).Val())
		case "hash":
			fmt.Fprint(&all, rdb.HGetAll(ctx, k).Val())
		case "list":
			fmt.Fprint(&all, rdb.LRange(ctx, k, 0, -1).Val())
		case "zset":
			fmt.Fprint(&all, rdb.ZRange(ctx, k, 0, -1).Val())
		}
	}
	return all.String()
}
