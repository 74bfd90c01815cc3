// Package column is the public column page: what is released of the law
// publicity, month by month, with a page for each piece and an RSS feed.
//
// It shows what [publicity.Service] says is out, and nothing else: an item that
// waits for an editor can't be told from one that doesn't exist.
package column

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/content"
)

//go:embed pages/*.html
var files embed.FS

// most is how many pieces the column looks back: some ten years of four a month.
const most = 500

// Released tells what is out on the column; *publicity.Service does.
type Released interface {
	Column(ctx context.Context, limit int) ([]publicity.Entry, error)
	ColumnEntry(ctx context.Context, slot string) (publicity.Entry, error)
}

// Column is the site of the column's pages.
type Column struct {
	released Released
	texts    web.Texts
	zone     *time.Location
	shell    *web.Server
	pages    *web.Pages
}

var _ web.Site = (*Column)(nil)

// New returns a Column over released. Months are those of UTC+8.
func New(released Released, texts web.Texts) *Column {
	return &Column{released: released, texts: texts, zone: time.FixedZone("UTC+8", 8*60*60)}
}

// Routes adds the column's pages.
func (c *Column) Routes(s *web.Server) {
	c.shell, c.pages = s, s.Pages(files)
	s.Page("GET /column", c.list)
	s.Page("GET /column/{year}/{item}", c.item)
	s.Plain("GET /column/feed.xml", c.feed)
}

// filter is what the reader chose; "" is everything.
type filter struct{ Month, Topic, Law string }

type listView struct {
	Stories []story
	Months  []string // yyyy-mm, newest first
	Topics  []string
	Laws    []string
	Chosen  filter
	Any     bool // something is out at all
}

// story is one piece as the list and its own page show it.
type story struct {
	publicity.Entry
	Path string
	Laws []string // cited, as people call them
}

func (c *Column) list(w http.ResponseWriter, r *http.Request) error {
	entries, err := c.entries(r.Context())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := listView{Chosen: filter{q.Get("month"), q.Get("topic"), q.Get("law")}, Any: len(entries) > 0}
	for _, e := range entries {
		v.Months = appendNew(v.Months, c.month(e))
		v.Topics = appendNew(v.Topics, e.Item.Topic)
		for _, cite := range e.Item.Citations {
			v.Laws = appendNew(v.Laws, cite.Short)
		}
		if c.matches(e, v.Chosen) {
			v.Stories = append(v.Stories, c.story(e))
		}
	}
	slices.Sort(v.Topics)
	slices.Sort(v.Laws)
	return c.shell.Render(w, r, c.pages, "list", v)
}

func appendNew(to []string, v string) []string {
	if v == "" || slices.Contains(to, v) {
		return to
	}
	return append(to, v)
}

func (c *Column) entries(ctx context.Context) ([]publicity.Entry, error) {
	entries, err := c.released.Column(ctx, most)
	if err != nil {
		return nil, fmt.Errorf("column: %w", err)
	}
	return entries, nil
}

func (c *Column) month(e publicity.Entry) string { return e.Release.At.In(c.zone).Format("2006-01") }

func (c *Column) matches(e publicity.Entry, f filter) bool {
	byLaw := f.Law == "" || slices.ContainsFunc(e.Item.Citations, func(cite content.Citation) bool {
		return cite.Short == f.Law
	})
	return byLaw && (f.Month == "" || c.month(e) == f.Month) && (f.Topic == "" || e.Item.Topic == f.Topic)
}

func (c *Column) story(e publicity.Entry) story {
	st := story{Entry: e, Path: "/column/" + e.Release.Slot}
	for _, cite := range e.Item.Citations {
		st.Laws = appendNew(st.Laws, cite.Short)
	}
	return st
}

type itemView struct {
	story
	URL  string // for sharing
	Body template.HTML
}

func (c *Column) item(w http.ResponseWriter, r *http.Request) error {
	e, err := c.released.ColumnEntry(r.Context(), r.PathValue("year")+"/"+r.PathValue("item"))
	if err != nil {
		return fmt.Errorf("piece of the column: %w", err)
	}
	st := c.story(e)
	return c.shell.Render(w, r, c.pages, "item", itemView{
		story: st, URL: c.shell.URL(r, st.Path),
		Body: publicity.HTML(publicity.Compose(e.Item, c.texts).Blocks, nil),
	})
}
