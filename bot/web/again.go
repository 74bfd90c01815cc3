package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Again names the page that a form stands on, for pages whose address goes to
// nobody as a referrer. See [Server.again].
func Again(r *http.Request, page string) { visitOf(r).again = page }

// again answers a form that was refused with the page it stands on, as that is
// now, the form filled in as it was sent: nobody types a record of a meeting
// twice. False if there is no such page, or it can't be shown.
func (s *Server) again(w http.ResponseWriter, r *http.Request, v errorView) bool {
	refused := v.Status == http.StatusBadRequest || v.Status == http.StatusConflict || v.Key == keyToken && s.fromHere(r)
	if r.Method != http.MethodPost || Fetched(r) || !refused {
		return false
	}
	page := s.formPage(r)
	if page == "" {
		return false
	}
	now, ok := s.pageNow(r, page)
	if !ok {
		return false
	}
	if policy := now.Header().Get("Referrer-Policy"); policy != "" {
		w.Header().Set("Referrer-Policy", policy)
	}
	b, err := s.refilled(r, now.Bytes(), v)
	if err != nil {
		s.opt.Log.ErrorContext(r.Context(), "form not shown again", "route", r.Pattern, "err", err)
		return false
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(v.Status)
	_, _ = w.Write(b) //nolint:gosec // a page of our own, escaped by html.Render
	return true
}

// formPage is the address of the page that a form was sent from, "" if it
// isn't known or isn't ours.
func (s *Server) formPage(r *http.Request) string {
	if page := visitOf(r).again; page != "" {
		return page
	}
	if page := r.PostForm.Get(againField); page != "" { // one that wasn't read yet isn't read here
		return localPath(page)
	}
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host == "" || from.Host != r.Host {
		return ""
	}
	q := from.Query()
	q.Del("done") // that was the time before
	from.RawQuery = q.Encode()
	return localPath(from.RequestURI())
}

// pageNow gets a page of ours as who sent r would see it.
func (s *Server) pageNow(r *http.Request, page string) (*kept, bool) {
	u, err := url.ParseRequestURI(page)
	if err != nil {
		return nil, false
	}
	get := r.Clone(context.WithoutCancel(r.Context()))
	get.Method, get.URL, get.RequestURI, get.Body, get.ContentLength = http.MethodGet, u, page, http.NoBody, 0
	get.Form, get.PostForm, get.MultipartForm = nil, nil, nil
	get.Header.Del("Content-Type")
	got := &kept{}
	s.mux.ServeHTTP(got, get)
	return got, got.status == http.StatusOK && strings.HasPrefix(got.Header().Get("Content-Type"), "text/html")
}

// kept is an answer that is held back.
type kept struct {
	bytes.Buffer
	header http.Header
	status int
}

func (k *kept) Header() http.Header {
	if k.header == nil {
		k.header = http.Header{}
	}
	return k.header
}

func (k *kept) WriteHeader(status int) { k.status = or(k.status, status) }

func (k *kept) Write(b []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	return k.Buffer.Write(b)
}

// refilled puts what r brought into its form on a page, and why it was refused
// before it; where the page has that form no more, what was typed is listed.
func (s *Server) refilled(r *http.Request, page []byte, v errorView) ([]byte, error) {
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil, fmt.Errorf("page to fill: %w", err)
	}
	main := find(doc, func(n *html.Node) bool { return n.DataAtom == atom.Main })
	if main == nil {
		return nil, fmt.Errorf("page to fill has no main part")
	}
	form, at := formOf(doc, r), main
	if form != nil {
		fill(form, r.PostForm)
		at, v.Kept = form, true
		v.Files = find(form, func(n *html.Node) bool { return attr(n, "type") == "file" }) != nil
		remember(form, s.formPage(r))
	} else {
		v.Typed = typed(r)
	}
	said, err := s.Fragment(r, s.pages, "error_fragment", v)
	if err != nil {
		return nil, err
	}
	nodes, err := html.ParseFragment(bytes.NewReader(said), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return nil, fmt.Errorf("words of a refusal: %w", err)
	}
	for first, i := at.FirstChild, 0; i < len(nodes); i++ {
		at.InsertBefore(nodes[i], first)
	}
	var b bytes.Buffer
	if err := html.Render(&b, doc); err != nil {
		return nil, fmt.Errorf("page with its form: %w", err)
	}
	return b.Bytes(), nil
}

// againField tells where a form stands that is shown again: that page has the
// address that the form was sent to, from which nothing can be got.
const againField = "again"

func remember(form *html.Node, page string) {
	field := find(form, func(n *html.Node) bool { return attr(n, "name") == againField })
	if field == nil {
		field = &html.Node{Type: html.ElementNode, Data: "input", DataAtom: atom.Input, Attr: []html.Attribute{
			{Key: "type", Val: "hidden"}, {Key: "name", Val: againField},
		}}
		form.AppendChild(field)
	}
	set(field, "value", page)
}

// unread are the fields of a form that nobody types.
var unread = []string{"csrf", "token", "version", "mid", "back", "was", "field", againField}

// worth is how many bytes it would be a pity to lose: six Chinese characters,
// and no date.
const worth = 16

// typed lists what somebody wrote that it would be a pity to lose.
func typed(r *http.Request) []string {
	var all []string
	for name, values := range r.PostForm {
		for _, text := range values {
			if len(text) >= worth && !slices.Contains(unread, name) {
				all = append(all, text)
			}
		}
	}
	slices.Sort(all)
	return all
}

func find(n *html.Node, is func(*html.Node) bool) *html.Node {
	if is(n) {
		return n
	}
	for d := range n.Descendants() {
		if is(d) {
			return d
		}
	}
	return nil
}

// formOf finds the form that r came from: of those with its address, the one
// that is most like it in what it holds hidden.
func formOf(doc *html.Node, r *http.Request) *html.Node {
	var best *html.Node
	most := -1
	for n := range doc.Descendants() {
		if n.DataAtom != atom.Form || attr(n, "action") != r.URL.Path || !strings.EqualFold(attr(n, "method"), http.MethodPost) {
			continue
		}
		alike := 0
		for in := range n.Descendants() {
			if name := attr(in, "name"); attr(in, "type") == "hidden" && slices.ContainsFunc(r.PostForm[name], func(sent string) bool {
				return kindOf(name, sent) == kindOf(name, attr(in, "value"))
			}) {
				alike++
			}
		}
		if alike > most {
			best, most = n, alike
		}
	}
	return best
}

// kindOf is the part of a hidden value that stays when the page is shown anew:
// of a token, which ends in what the form is for, only that end.
func kindOf(name, value string) string {
	if i := strings.LastIndexByte(value, '-'); name == "token" && i >= 0 {
		return value[i:]
	}
	return value
}

// fill sets the fields of a form to what was sent, and opens what it is folded
// into.
func fill(form *html.Node, sent url.Values) {
	seen := map[string]int{} // fields of one name come in the order they stand in
	for n := range form.Descendants() {
		name := attr(n, "name")
		values, ok := sent[name]
		if name == "" {
			continue
		}
		switch n.DataAtom { //nolint:exhaustive // the others hold nothing
		case atom.Input:
			switch attr(n, "type") {
			case "checkbox", "radio":
				if attr(n, "type") == "radio" || !has(n, "required") { // what must be agreed to is agreed to anew
					toggle(n, "checked", slices.Contains(values, attr(n, "value")))
				}
				continue
			case "file", "submit", "button", "image":
				continue
			}
		case atom.Textarea, atom.Select:
		default:
			continue
		}
		i := seen[name]
		seen[name]++
		if !ok || i >= len(values) || attr(n, "type") == "hidden" {
			continue
		}
		put(n, values[i])
	}
	for up := range form.Ancestors() {
		if up.DataAtom == atom.Details {
			toggle(up, "open", true)
		}
	}
	set(form, "id", "again")
}

// put sets what a field holds.
func put(n *html.Node, value string) {
	switch n.DataAtom { //nolint:exhaustive // see fill
	case atom.Input:
		set(n, "value", value)
	case atom.Textarea:
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
		n.AppendChild(&html.Node{Type: html.TextNode, Data: value})
	case atom.Select:
		for o := range n.Descendants() {
			if o.DataAtom == atom.Option {
				toggle(o, "selected", attr(o, "value") == value)
			}
		}
	}
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func set(n *html.Node, name, value string) {
	toggle(n, name, false)
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

func toggle(n *html.Node, name string, on bool) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	if on {
		n.Attr = append(n.Attr, html.Attribute{Key: name})
	}
}
