package console_test

import (
	"archive/zip"
	"bytes"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// agreed is a case with a written agreement that waits for signatures.
func agreed(t *testing.T, d *desktest.Desk) dispute.Case {
	t.Helper()
	who, ca := desktest.Mediator.Actor(), d.File("signing")
	_, err := d.Cases.Claim(t.Context(), who, ca.ID, dispute.Seen{})
	if err == nil {
		_, err = d.Cases.Advance(t.Context(), who, ca.ID, dispute.OpMediate, "", dispute.Seen{})
	}
	if err == nil {
		ca, err = d.Cases.Agree(t.Context(), who, ca.ID, dispute.Terms{Terms: []string{"2026年12月31日前把外机挪到北墙"}, When: "2026年12月31日前"}, dispute.Seen{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func picture(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestScansOfTheSignedAgreementComeWithTheSignatures(t *testing.T) {
	d := desktest.Open(t)
	ca := agreed(t, d)
	path := "/console/cases/" + string(ca.ID)
	c := d.SignIn(desktest.Mediator)
	p := c.Get(path)
	form := func() url.Values {
		p := c.Get(path)
		return url.Values{
			"csrf": {p.CSRF()}, "version": {caseVersion(p)}, "token": {"s" + caseVersion(p)}, "party": {"reporter"}, "mediator": {"1"}, "on": {"2026-11-23"}, "note": {"在村委会签的"},
		}
	}
	if !strings.Contains(p.Body, `enctype="multipart/form-data"`) {
		t.Fatal("the form takes no files")
	}

	for name, files := range map[string]map[string][]byte{
		"a program":   {"协议1.png": picture(t, 9), "坏的.png": []byte("MZ\x90\x00")},
		"a recording": {"协议1.png": picture(t, 9), "坏的.amr": []byte("#!AMR\n123456")},
	} {
		q := c.Upload(path+"/sign", form(), files)
		if q.Status != http.StatusBadRequest || !q.Has("坏的") || !q.Has("收不了，别的也没有存") || !q.Has("文件要重新选一遍") || strings.Contains(q.Body, "协议1.png 收不了") || !q.Has("在村委会签的") {
			t.Errorf("%s: %d\n%s", name, q.Status, webtest.Text(q.Root))
		}
		for _, kept := range []string{`value="reporter" checked`, `name="mediator" value="1" checked`} {
			if !strings.Contains(q.Body, kept) {
				t.Errorf("%s: the page lost %s", name, kept)
			}
		}
		if strings.Contains(q.Body, `value="other" checked`) || q.Has("已签") {
			t.Errorf("%s: something was signed, or ticked by the desk", name)
		}
	}

	q := c.Upload(path+"/sign", form(), map[string][]byte{"第一页.png": picture(t, 8), "第二页.pdf": []byte("%PDF-1.4 two")})
	if q.Status != 200 || !q.Has("扫描 2 份") || !q.Has("第一页.png") || !q.Has("第二页.pdf") {
		t.Fatalf("signed with scans: %d\n%s", q.Status, webtest.Text(q.Root))
	}
	more := form()
	more.Del("party")
	more.Del("mediator")
	more.Add("party", "other")
	more.Set("seal", "1")
	if q = c.Upload(path+"/sign", more, map[string][]byte{"第三页.png": picture(t, 7)}); !q.Has("履行中") || !q.Has("扫描 3 份") {
		t.Fatalf("the last page and the seal: %d\n%s", q.Status, webtest.Text(q.Root))
	}
	if q = c.Get(path + "/dossier"); !q.Has("扫描件 3 份") || !strings.Contains(q.Body, path+"/scans/2") {
		t.Errorf("the dossier\n%s", webtest.Text(q.Root))
	}
	wantInContents(t, d, ca.ID, "人民调解协议书", "扫描件 3 份")
	wantInZip(t, c.Get(path+"/dossier.zip").Body, "人民调解协议书-01.png", "人民调解协议书-03.png")
	if pack := c.Get(path + "/court.docx"); pack.Status != 200 || !strings.HasPrefix(pack.Body, "PK") || !strings.Contains(docxText(t, pack.Body), "主持调解证明") {
		t.Errorf("the pack for the court: %d", pack.Status)
	}
	far := d.SignIn(desktest.Far)
	if p := far.Get(path + "/court.docx"); p.Status != http.StatusNotFound {
		t.Errorf("another village's mediator gets the pack: %d", p.Status)
	}
	for name, tc := range map[string]struct {
		who    *webtest.Client
		n      string
		status int
	}{
		"its mediator": {c, "0", 200}, "a clerk": {d.SignIn(desktest.Clerk), "2", 200}, "another village's": {far, "0", 404}, "none": {c, "3", 404},
		"an editor": {d.SignIn(desktest.Editor), "0", 404},
	} {
		if p := tc.who.Get(path + "/scans/" + tc.n); p.Status != tc.status || p.Status == 200 && p.Header.Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
			t.Errorf("%s: %d %q", name, p.Status, p.Header.Get("Content-Security-Policy"))
		}
	}
}

func wantInContents(t *testing.T, d *desktest.Desk, id dispute.CaseID, all ...string) {
	t.Helper()
	dossier, err := d.Cases.Dossier(t.Context(), desktest.Clerk.Actor(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range dossier.Items {
		if i.Key != "contents" {
			continue
		}
		for line := range strings.Lines(i.Values()["目录"]) {
			has := true
			for _, want := range all {
				has = has && strings.Contains(line, want)
			}
			if has {
				return
			}
		}
		t.Errorf("the contents have no line with %v:\n%s", all, i.Values()["目录"])
	}
}

func wantInZip(t *testing.T, body string, endings ...string) {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range endings {
		found := false
		for _, f := range z.File {
			found = found || strings.HasSuffix(f.Name, want)
		}
		if !found {
			t.Errorf("no %s in the dossier's files", want)
		}
	}
}

func TestScansOfAnOldWordingStayWithIt(t *testing.T) {
	d := desktest.Open(t)
	ca := agreed(t, d)
	who, ctx := desktest.Mediator.Actor(), t.Context()
	f, err := d.Files.Keep(ctx, "旧协议.png", bytes.NewReader(picture(t, 5)))
	if err == nil {
		err = d.Files.Attach(ctx, f.Ref)
	}
	if err != nil {
		t.Fatal(err)
	}
	scan := dispute.Evidence{Name: f.Name, Type: f.Type, Key: f.Ref, Size: f.Size}
	if _, err := d.Cases.Sign(ctx, who, ca.ID, dispute.Signing{Scans: []dispute.Evidence{scan}}, dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Cases.Amend(ctx, who, ca.ID, dispute.Terms{Terms: []string{"不挪了，赔三百元"}}, "", dispute.Seen{}); err != nil {
		t.Fatal(err)
	}
	dossier, err := d.Cases.Dossier(ctx, who, ca.ID)
	if err != nil {
		t.Fatal(err)
	}
	if a := dossier.File.Agreement; len(a.Scans) != 0 || len(a.Earlier[0].Was.Scans) != 1 {
		t.Errorf("the new wording has %d scans, the old one %d", len(a.Scans), len(a.Earlier[0].Was.Scans))
	}
	// destroyed with the case, though no wording in force names it
	for _, op := range []dispute.Op{dispute.OpClose} {
		if _, err := d.Cases.Advance(ctx, who, ca.ID, op, "", dispute.Seen{}); err != nil {
			t.Fatal(err)
		}
	}
	d.Clock.Add(4 * 365 * 24 * 60 * 60 * 1e9)
	if _, err := d.Cases.Erase(ctx, desktest.Director.Actor(), ca.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Files.Read(ctx, f.Ref); err == nil {
		t.Error("the scan outlived its case")
	}
}

// caseVersion is the version of the case that a page's forms carry.
func caseVersion(p *webtest.Page) string {
	_, rest, _ := strings.Cut(p.Body, `name="version" value="`)
	v, _, _ := strings.Cut(rest, `"`)
	return v
}

// docxText is the markup of a Word file's body.
func docxText(t *testing.T, body string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
