package console_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"testing"

	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/bot/web/desktest"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

func TestFilesOfACaseAreForThoseWhoHandleIt(t *testing.T) {
	d := desktest.Open(t)
	sent, err := d.Files.Keep(t.Context(), "欠条.txt", bytes.NewReader([]byte("今欠到六百元")))
	if err != nil {
		t.Fatal(err)
	}
	ca := d.File("files", func(f *dispute.Filing) {
		f.Report.Evidence = []dispute.Evidence{{Name: sent.Name, Type: sent.Type, Key: sent.Ref, Size: sent.Size}}
	})
	path := "/console/cases/" + string(ca.ID)
	mine, far, clerk := d.SignIn(desktest.Mediator), d.SignIn(desktest.Far), d.SignIn(desktest.Clerk)
	if p := mine.Get(path); !p.Has("附了 1 份材料") || p.Has("欠条.txt") {
		t.Error("before the claim the mediator sees how many files there are, not what they are called")
	}
	if p := mine.Get(path + "/files/0"); p.Status != http.StatusForbidden {
		t.Errorf("before the claim: %d", p.Status)
	}
	mine.Get(path).Submit("我来办", nil)
	if p := mine.Get(path); !p.Has("欠条.txt") {
		t.Errorf("after the claim: %s", webtest.Text(p.Root))
	}
	for name, tc := range map[string]struct {
		who    *webtest.Client
		path   string
		status int
	}{
		"its mediator":         {mine, path + "/files/0", 200},
		"a clerk":              {clerk, path + "/files/0", 200},
		"another village's":    {far, path + "/files/0", 404},
		"one that isn't there": {mine, path + "/files/1", 404},
		"no number":            {mine, path + "/files/x", 404},
	} {
		if p := tc.who.Get(tc.path); p.Status != tc.status || tc.status == 200 && !p.Has("今欠到六百元") {
			t.Errorf("%s: %d", name, p.Status)
		}
	}

	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 9, 9))); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"csrf": {mine.Get(path).CSRF()}, "version": {"0"}, "token": {"add"}}
	if p := mine.Upload(path+"/add", form, map[string][]byte{"签字页.png": picture.Bytes()}); p.Status != 200 || !p.Has("签字页.png") || !p.Has("附了 2 份材料") {
		t.Errorf("adding a scan: %d", p.Status)
	}
	if p := mine.Upload(path+"/add", form, map[string][]byte{"a.exe": []byte("MZ\x90\x00")}); p.Status != 400 || !p.Has("a.exe 收不了") {
		t.Errorf("adding a program: %d", p.Status)
	}
}
