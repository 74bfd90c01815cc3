package redisdb_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/redisdb/redistest"
	"github.com/anjie-desk/anjie/bot/request"
)

func sent(prefix string, n int) []dispute.Evidence {
	var all []dispute.Evidence
	for i := range n {
		all = append(all, dispute.Evidence{Name: fmt.Sprintf("%s%d.jpg", prefix, i), Type: "image/jpeg", Key: fmt.Sprintf("%s-%d", prefix, i), Size: 1})
	}
	return all
}

// TestWhatAnOtherPartySendsIsForWhoWorksOnTheCase: it lies apart from the
// report's files, stands in the trail, and the reporter learns of none of it.
func TestWhatAnOtherPartySendsIsForWhoWorksOnTheCase(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.taken(t, "x")
		who, _ := d.enter(t, d.invite(t, c.ID, 0), browser1)
		d.sent(t)
		seen := dispute.Seen{Token: "photos"}
		for range 2 { // a form sent twice
			must(t, second(d.Supplement(ctx, who, c.ID, "墙是先裂的", sent("wall", 2), seen)))
		}
		d.wantSent(t, "what the other party sent", "staff:li notice.added")

		full, err := d.Case(ctx, li, c.ID)
		must(t, err)
		x, err := dispute.ExhibitsOf(full)
		if err != nil || len(x) != 2 || x[1].Name != "wall1.jpg" || x[1].Party != 1 || x[1].At.IsZero() {
			t.Errorf("the mediator sees %+v, %v", x, err)
		}
		for _, e := range full.Report.Evidence {
			if strings.HasPrefix(e.Name, "wall") {
				t.Errorf("%s stands among the reporter's files", e.Name)
			}
		}
		events, err := d.Events(ctx, li, c.ID)
		must(t, err)
		last := events[len(events)-1]
		for _, e := range events {
			if e.Kind == "added" {
				last = e
			}
		}
		if last.Actor != who.ID || last.Detail["files"] != "2" || last.Detail["party"] != "1" {
			t.Errorf("the trail says %+v", last)
		}

		mine, err := d.Case(ctx, resident, c.ID)
		must(t, err)
		if x, err := dispute.ExhibitsOf(mine); err != nil || len(x) != 0 {
			t.Errorf("the reporter reads %+v, %v", x, err)
		}
		for name, actor := range map[string]access.Actor{"the reporter": resident, "the other party": who, "a mediator of the village": zhang, "a stranger": other} {
			if _, _, err := d.OpenExhibit(ctx, actor, c.ID, 0); err == nil || fault.Of(err) == fault.Internal {
				t.Errorf("%s opens it: %v", name, err)
			}
		}
		own, err := d.Aftermath(ctx, who, c.ID)
		if err != nil || len(own.Sent.Files) != 2 {
			t.Errorf("the other party sees of its own: %+v, %v", own.Sent, err)
		}
		theirs, err := d.Aftermath(ctx, resident, c.ID)
		if err != nil || len(theirs.Sent.Files) != len(full.Report.Evidence) {
			t.Errorf("the reporter sees of its own: %+v, %v", theirs.Sent, err)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

// TestNoPartyFillsTheOthersShareOfFiles: each party has room of its own, which
// those who come at the same moment can't pass either; the staff's are in none.
func TestNoPartyFillsTheOthersShareOfFiles(t *testing.T) {
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, ctx := open(t, rdb), t.Context()
		c := d.taken(t, "x")
		one, _ := d.enter(t, d.invite(t, c.ID, 0), browser1)
		two, _ := d.enter(t, d.invite(t, c.ID, 0), browser2)
		results := make(chan error)
		for i := range 6 {
			go func() {
				_, err := d.Supplement(ctx, one, c.ID, "", sent(fmt.Sprintf("a%d", i), 6), dispute.Seen{})
				results <- err
			}()
		}
		took := 0
		for range 6 {
			switch err := <-results; {
			case err == nil:
				took++
			case !errors.Is(err, dispute.ErrFull):
				t.Error(err)
			}
		}
		if took != 4 {
			t.Errorf("%d times six files were taken of one party, want 4", took)
		}
		must(t, second(d.Supplement(ctx, two, c.ID, "", sent("b", 12), dispute.Seen{})))
		big := []dispute.Evidence{{Name: "film.mp4", Type: "video/mp4", Key: "film", Size: 200 << 20}}
		if _, err := d.Supplement(ctx, two, c.ID, "", big, dispute.Seen{}); !errors.Is(err, dispute.ErrFull) {
			t.Errorf("more bytes than its share: %v", err)
		}
		must(t, second(d.Supplement(ctx, li, c.ID, "", sent("desk", 12), dispute.Seen{}))) // in nobody's share
		must(t, second(d.Supplement(ctx, resident, c.ID, "", sent("r", 12), dispute.Seen{})))
		theirs, err := d.Aftermath(ctx, resident, c.ID)
		must(t, err)
		must(t, second(d.Supplement(ctx, resident, c.ID, "", sent("s", theirs.Sent.Left), dispute.Seen{})))
		if _, err := d.Supplement(ctx, resident, c.ID, "", sent("t", 1), dispute.Seen{}); !errors.Is(err, dispute.ErrFull) || fault.Of(err) != fault.Invalid {
			t.Errorf("one more of the reporter's: %v", err)
		}
		must(t, d.Verify(ctx, clerk, c.ID))
	})
}

// TestACopyOfOnesDataHoldsNothingOfTheOtherParty: neither its words to the
// mediator nor what it sent.
func TestACopyOfOnesDataHoldsNothingOfTheOtherParty(t *testing.T) {
	d, ctx := withShelf(t, redistest.Client(t)), t.Context()
	c := d.taken(t, "x")
	who, _ := d.enter(t, d.invite(t, c.ID, 0), browser1)
	must(t, second(d.Supplement(ctx, who, c.ID, "他先骂的人", sent("wall", 1), dispute.Seen{})))
	must(t, second(d.Supplement(ctx, resident, c.ID, "还滴水", nil, dispute.Seen{})))
	q := d.requests(t, request.Options{})
	r, err := q.Ask(ctx, resident, request.Ask{Kind: request.See})
	must(t, err)
	must(t, second(q.Do(ctx, clerk, r.ID)))
	var out bytes.Buffer
	must(t, q.Export(ctx, resident, r.ID, texts(t), &out))
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	must(t, err)
	for _, f := range z.File {
		if strings.Contains(f.Name, "wall") {
			t.Errorf("the copy holds %s", f.Name)
		}
	}
	page, err := z.Open("index.html")
	must(t, err)
	raw, err := io.ReadAll(page)
	must(t, err)
	if text := string(raw); !strings.Contains(text, "还滴水") || strings.Contains(text, "他先骂的人") || strings.Contains(text, "wall") {
		t.Errorf("the copy says\n%s", text)
	}
}
