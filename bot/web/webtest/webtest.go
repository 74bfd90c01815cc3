// Package webtest helps to test the desk's pages: a browser of a few lines
// that keeps cookies and fills in forms, and a real one.
package webtest

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/anjie-desk/anjie/content"
)

// Texts is the shipped wording.
func Texts(tb testing.TB) *content.Texts {
	tb.Helper()
	texts, err := content.LoadTexts(content.Shipped())
	if err != nil {
		tb.Fatal(err)
	}
	return texts
}

// Client is a browser without scripts.
type Client struct {
	tb   testing.TB
	base string
	http *http.Client
	from atomic.Pointer[string] // the page that the next form is sent from
}

// Serve starts a server for h, closed with the test, and returns its address.
func Serve(tb testing.TB, h http.Handler) string {
	tb.Helper()
	ts := httptest.NewServer(h)
	tb.Cleanup(ts.Close)
	return ts.URL
}

// NewClient returns a browser that has never been at base.
func NewClient(tb testing.TB, base string) *Client {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &Client{tb: tb, base: base, http: &http.Client{Jar: jar}}
}

// Page is what the server answered, at the end of all redirects.
type Page struct {
	Status int
	Header http.Header
	Path   string // with query
	Body   string
	Root   *html.Node
	c      *Client
}

// Get opens a path.
func (c *Client) Get(path string) *Page {
	c.tb.Helper()
	return c.do(http.MethodGet, path, nil, nil)
}

// Post sends a form as it is.
func (c *Client) Post(path string, form url.Values, header ...string) *Page {
	c.tb.Helper()
	return c.do(http.MethodPost, path, strings.NewReader(form.Encode()), header)
}

// Upload sends a form with files, each by its name, in the order of their names.
func (c *Client) Upload(path string, form url.Values, files map[string][]byte) *Page {
	c.tb.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				c.tb.Fatal(err)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			c.tb.Fatal(err)
		}
		if _, err := part.Write(files[name]); err != nil {
			c.tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		c.tb.Fatal(err)
	}
	return c.do(http.MethodPost, path, &body, []string{"Content-Type", w.FormDataContentType()})
}

func (c *Client) do(method, path string, body io.Reader, header []string) *Page {
	c.tb.Helper()
	req, err := http.NewRequestWithContext(c.tb.Context(), method, c.base+path, body)
	if err != nil {
		c.tb.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if from := c.from.Load(); method == http.MethodPost && from != nil && *from != "" {
		req.Header.Set("Referer", *from)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.tb.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.tb.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(string(b)))
	if err != nil {
		c.tb.Fatal(err)
	}
	p := &Page{Status: res.StatusCode, Header: res.Header, Path: res.Request.URL.RequestURI(), Body: string(b), Root: root, c: c}
	c.comesFrom(p)
	return p
}

func (c *Client) comesFrom(p *Page) {
	from := p.address()
	c.from.Store(&from)
}

// address is what a browser tells of the page with a form that is sent from it.
func (p *Page) address() string {
	if p.Header.Get("Referrer-Policy") == "no-referrer" {
		return ""
	}
	return p.c.base + p.Path
}

// Cookies are those that the browser holds for the server.
func (c *Client) Cookies() []*http.Cookie {
	u, err := url.Parse(c.base)
	if err != nil {
		c.tb.Fatal(err)
	}
	return c.http.Jar.Cookies(u)
}

// Has tells whether the page shows a text.
func (p *Page) Has(text string) bool { return strings.Contains(Text(p.Root), text) }

// Submit fills in the form whose button shows label, and presses it. Fields
// that fill doesn't name keep what the page put in.
func (p *Page) Submit(label string, fill map[string]string) *Page {
	p.c.tb.Helper()
	form, button := p.find(label)
	if form == nil {
		p.c.tb.Fatalf("%s has no button %q:\n%s", p.Path, label, Text(p.Root))
	}
	values := fields(form)
	if name := Attr(button, "name"); name != "" {
		values.Set(name, Attr(button, "value"))
	}
	for k, v := range fill {
		if !values.Has(k) {
			p.c.tb.Fatalf("the form with button %q has no field %q", label, k)
		}
		values.Set(k, v)
	}
	action := Attr(form, "action")
	p.c.comesFrom(p)
	if strings.EqualFold(Attr(form, "method"), "post") {
		return p.c.Post(action, values)
	}
	return p.c.Get(action + "?" + values.Encode())
}

// Follow opens the link that shows label.
func (p *Page) Follow(label string) *Page {
	p.c.tb.Helper()
	for n := range p.Root.Descendants() {
		if n.DataAtom == atom.A && strings.Contains(Text(n), label) {
			return p.c.Get(Attr(n, "href"))
		}
	}
	p.c.tb.Fatalf("%s has no link %q:\n%s", p.Path, label, Text(p.Root))
	return nil
}

// CSRF is the token of the page's forms.
func (p *Page) CSRF() string {
	for n := range p.Root.Descendants() {
		if n.DataAtom == atom.Input && Attr(n, "name") == "csrf" {
			return Attr(n, "value")
		}
	}
	return ""
}

func (p *Page) find(label string) (form, button *html.Node) {
	for n := range p.Root.Descendants() {
		if n.DataAtom != atom.Button || !strings.Contains(Text(n), label) {
			continue
		}
		for f := range n.Ancestors() {
			if f.DataAtom == atom.Form {
				return f, n
			}
		}
	}
	return nil, nil
}

func fields(form *html.Node) url.Values {
	v := url.Values{}
	for n := range form.Descendants() {
		name := Attr(n, "name")
		switch {
		case name == "" || n.DataAtom == atom.Button:
		case n.DataAtom == atom.Input && (Attr(n, "type") == "checkbox" || Attr(n, "type") == "radio"):
			if has(n, "checked") {
				if v.Get(name) == "" {
					v.Del(name)
				}
				v.Add(name, Attr(n, "value"))
			} else if !v.Has(name) {
				v.Set(name, "")
			}
		case n.DataAtom == atom.Input:
			v.Add(name, Attr(n, "value"))
		case n.DataAtom == atom.Textarea:
			v.Add(name, Text(n))
		case n.DataAtom == atom.Select:
			v.Add(name, selected(n))
		}
	}
	return v
}

func selected(sel *html.Node) string {
	first, any := "", false
	for n := range sel.Descendants() {
		if n.DataAtom != atom.Option {
			continue
		}
		value := Text(n)
		if has(n, "value") {
			value = Attr(n, "value")
		}
		if has(n, "selected") {
			return value
		}
		if !any {
			first, any = value, true
		}
	}
	return first
}

// Attr is an attribute of n, "" if it has none.
func Attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// Text is what n shows, without scripts and styles, a line for each line.
func Text(n *html.Node) string {
	var b strings.Builder
	write(&b, n)
	var lines []string
	for l := range strings.Lines(b.String()) {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}

func write(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
	}
	if n.DataAtom == atom.Script || n.DataAtom == atom.Style {
		return
	}
	for c := range n.ChildNodes() {
		write(b, c)
	}
}
