package web_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/bot/web/webtest"
)

// formSite is a page with two forms of one address, one of them folded away,
// that takes nothing unless it was ticked.
type formSite struct {
	page string
	gone bool // the forms are not there any more
}

const formPage = `{{define "title"}}t{{end}}{{define "main"}}{{if .Data}}<h1>h</h1>
<form method="post" action="/f/take"><input type="hidden" name="csrf" value="{{.CSRF}}"><input type="hidden" name="token" value="{{now.UnixNano}}-a"><textarea name="words">first</textarea><button>One</button></form>
<details><summary>s</summary><form method="post" action="/f/take"><input type="hidden" name="csrf" value="{{.CSRF}}"><input type="hidden" name="token" value="{{now.UnixNano}}-b">
<textarea name="words">second</textarea><input name="day" value=""><input name="day" value="x"><select name="s"><option value="1">1</option><option value="2">2</option></select>
<input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2"><input type="checkbox" name="c" value="1"><input type="checkbox" name="agreed" value="1" required><button>Two</button></form></details>{{else}}<p>nothing</p>{{end}}{{end}}`

func (f *formSite) Routes(s *web.Server) {
	pages := s.Pages(fstest.MapFS{"pages/form.html": {Data: []byte(formPage)}})
	s.Page("GET "+f.page, func(w http.ResponseWriter, r *http.Request) error { return s.Render(w, r, pages, "form", !f.gone) })
	s.Page("POST /f/take", func(_ http.ResponseWriter, r *http.Request) error {
		if r.PostFormValue("words") == "broken, and no longer there" {
			return fault.New(fault.Internal, "away")
		}
		return fault.New(fault.Invalid, "never right")
	})
}

func TestARefusedFormComesBackAsItWasSent(t *testing.T) {
	site := &formSite{page: "/f"}
	s := web.New(web.Deps{Texts: webtest.Texts(t)}, web.Options{})
	s.Add(site)
	c := webtest.NewClient(t, webtest.Serve(t, s.Handler()))
	sent := map[string]string{"words": `<b>what & was "typed"`, "day": "2026-11-29", "s": "2", "r": "2", "c": "1", "agreed": "1"}

	p := c.Get("/f?done").Submit("Two", sent)
	for n := range 2 { // the second time it is sent from the page that came back
		if p.Status != http.StatusBadRequest || !p.Has("这里没填对") || !p.Has("您填的都还在下面") {
			t.Fatalf("time %d: %d %s", n+1, p.Status, webtest.Text(p.Root))
		}
		for _, want := range []string{
			`<textarea name="words">first</textarea>`, `<textarea name="words">&lt;b&gt;what &amp; was &#34;typed&#34;</textarea>`,
			`name="day" value="2026-11-29"`, `<option value="2" selected`, `name="r" value="2" checked`, `name="c" value="1" checked`, `<details open`, `id="again"`,
		} {
			if !strings.Contains(p.Body, want) {
				t.Errorf("time %d: the page lacks %s:\n%s", n+1, want, p.Body)
			}
		}
		if strings.Contains(p.Body, `name="r" value="1" checked`) || strings.Contains(p.Body, `required="" checked`) || strings.Contains(p.Body, `<option value="1" selected`) {
			t.Errorf("time %d: what wasn't chosen is chosen", n+1)
		}
		p = p.Submit("Two", nil)
	}
	if !strings.Contains(p.Body, `name="back" value="/f"`) {
		t.Errorf("larger letters lead elsewhere than to the page: %s", p.Body)
	}
	site.gone = true
	if p = p.Submit("Two", nil); p.Status != http.StatusBadRequest || !p.Has("nothing") || !p.Has(`what & was "typed"`) || !p.Has("可以抄走") {
		t.Errorf("the form is gone: %d %s", p.Status, webtest.Text(p.Root))
	}
	site.gone = false
	if p = c.Get("/f").Submit("One", map[string]string{"words": "broken, and no longer there"}); p.Status != http.StatusInternalServerError || !p.Has("broken, and no longer there") {
		t.Errorf("while the desk is in trouble: %d %s", p.Status, webtest.Text(p.Root))
	}
}

func TestARefusedFormLeadsNowhereElse(t *testing.T) {
	s := web.New(web.Deps{Texts: webtest.Texts(t)}, web.Options{})
	s.Add(&formSite{page: "/f"})
	base := webtest.Serve(t, s.Handler())
	for name, from := range map[string]string{
		"another host": "https://elsewhere.example/f", "no page": "", "a form's address": base + "/f/take", "nonsense": "::",
	} {
		c := webtest.NewClient(t, base)
		p := c.Get("/f")
		if q := c.Post("/f/take", map[string][]string{"csrf": {p.CSRF()}, "words": {"a long enough text"}}, "Referer", from); q.Status != http.StatusBadRequest || q.Has("second") || !q.Has("a long enough text") || from == "" && !strings.Contains(q.Body, `name="back" value="/"`) {
			t.Errorf("%s: %d %s", name, q.Status, webtest.Text(q.Root))
		}
	}
}
