package console_test

import (
	"bytes"
	"image"
	"image/png"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/request"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// personal are the console's routes that show what a case holds of people. Each
// read of one must stand in the case's audit trail.
var personal = map[string]bool{
	"GET /console/cases/{id}": true, "GET /console/cases/{id}/files/{n}": true, "GET /console/cases/{id}/exhibits/{n}": true,
	"GET /console/requests": true, "GET /console/requests/{id}/data.zip": true,
}

// TestEveryReadOfPersonalDataIsInTheTrail walks all the console's GET routes as
// somebody who may see the case: what shows the parties must leave an event, and
// what leaves none must not show them.
func TestEveryReadOfPersonalDataIsInTheTrail(t *testing.T) {
	d := desktest.Open(t)
	ctx := t.Context()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	kept, err := d.Files.Keep(ctx, "photo.png", &picture)
	if err != nil {
		t.Fatal(err)
	}
	ca := d.File("t1", func(f *dispute.Filing) {
		f.Report.Evidence = []dispute.Evidence{{Name: kept.Name, Type: kept.Type, Key: kept.Ref, Size: kept.Size}}
	})
	asked, err := d.Requests.Ask(ctx, desktest.Resident0, request.Ask{Kind: request.See})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Requests.Ask(ctx, desktest.Resident0, request.Ask{Kind: request.Correct, Text: "电话不对，是 13900000000"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Cases.Claim(ctx, desktest.Mediator.Actor(), ca.ID, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	exhibit(t, d, ca.ID)
	routes := consoleRoutes(t)
	for route := range personal {
		if !routes[route] {
			t.Errorf("no route %s", route)
		}
	}
	fill := strings.NewReplacer(
		"/console/requests/{id}", "/console/requests/"+asked.ID, "{id}", string(ca.ID), "{n}", "0", "{year}", "2026", "{item}", itemOf(t, d),
	)
	for _, who := range []access.Account{desktest.Mediator, desktest.Clerk} {
		c := d.SignIn(who)
		for route := range routes {
			path := fill.Replace(strings.TrimPrefix(route, "GET "))
			if strings.Contains(path, "{") {
				continue
			}
			d.Clock.Add(16 * time.Minute) // an earlier read no longer stands for this one
			before := reads(t, d, ca.ID, who)
			p := c.Get(path)
			shows := strings.Contains(p.Body, "赵试民") || strings.Contains(p.Body, "13900000000")
			noted := reads(t, d, ca.ID, who) > before
			switch {
			case p.Status == 200 && personal[route] && !noted:
				t.Errorf("%s reads %s, and the trail doesn't say so", who.Role, path)
			case shows && !noted:
				t.Errorf("%s shows %s the parties, and the trail doesn't say so", path, who.Role)
			case personal[route] && who.ID == desktest.Clerk.ID && p.Status != 200:
				t.Errorf("%s gets %d on %s: nothing was tried", who.Role, p.Status, path)
			}
		}
	}
	c := d.SignIn(desktest.Clerk)
	d.Clock.Add(16 * time.Minute)
	before := reads(t, d, ca.ID, desktest.Clerk)
	if p := c.Post("/console/people", url.Values{"csrf": {c.Get("/console/cases").CSRF()}, "who": {"13900000000"}}); !p.Has(string(ca.Number)) {
		t.Errorf("looking for a number found: %s", webtest.Text(p.Root))
	}
	if reads(t, d, ca.ID, desktest.Clerk) != before+1 {
		t.Error("looking for people left no event")
	}
}

// exhibit has an other party come in by a link and send a file.
func exhibit(t *testing.T, d *desktest.Desk, id dispute.CaseID) {
	t.Helper()
	_, code, err := d.Cases.InviteParty(t.Context(), desktest.Mediator.Actor(), id, dispute.Invitation{Name: "孙试邻", Matter: "空调外机"}, dispute.Seen{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Cases.EnterByLink(t.Context(), code, "their-browser"); err != nil {
		t.Fatal(err)
	}
	guest, _, err := d.Cases.Guest(t.Context(), code, "their-browser")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := d.Files.Keep(t.Context(), "receipt.txt", strings.NewReader("今收到六百元"))
	if err != nil {
		t.Fatal(err)
	}
	files := []dispute.Evidence{{Name: kept.Name, Type: kept.Type, Key: kept.Ref, Size: kept.Size}}
	if _, err := d.Cases.Supplement(t.Context(), guest, id, "", files, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
}

// reads counts the events of reading by one of the staff.
func reads(t *testing.T, d *desktest.Desk, id dispute.CaseID, who access.Account) (n int) {
	t.Helper()
	events, err := d.Cases.Events(t.Context(), desktest.Clerk.Actor(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == "read" && e.Actor == who.ID {
			n++
		}
	}
	return n
}

// consoleRoutes are the GET routes that the console's sources register.
func consoleRoutes(t *testing.T) map[string]bool {
	t.Helper()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, f := range sources {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`Staff\("(GET /console[^"]*)"`).FindAllStringSubmatch(string(raw), -1) {
			all[m[1]] = true
		}
	}
	if len(all) < 10 {
		t.Fatalf("found only %d routes", len(all))
	}
	return all
}
