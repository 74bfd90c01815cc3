package column

import (
	"encoding/xml"
	"net/http"
	"time"

	"github.com/anjie-desk/anjie/bot/publicity"
)

// feedLen is how many pieces the feed holds.
const feedLen = 30

type rss struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Channel rssChannel
}

type rssChannel struct {
	XMLName     xml.Name `xml:"channel"`
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	Self        atomLink `xml:"atom:link"`
	Description string   `xml:"description"`
	Language    string   `xml:"language"`
	Built       string   `xml:"lastBuildDate,omitempty"`
	Items       []rssItem
}

type atomLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type rssItem struct {
	XMLName     xml.Name `xml:"item"`
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	GUID        string   `xml:"guid"` // the piece's address, for ever
	Published   string   `xml:"pubDate"`
	Category    string   `xml:"category,omitempty"`
	Description string   `xml:"description"`
}

// feed is RSS 2.0 with the newest pieces.
func (c *Column) feed(w http.ResponseWriter, r *http.Request) error {
	entries, err := c.entries(r.Context())
	if err != nil {
		return err
	}
	if len(entries) > feedLen {
		entries = entries[:feedLen]
	}
	b, err := xml.MarshalIndent(c.rss(r, entries), "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=600")
	_, _ = w.Write(append([]byte(xml.Header), b...)) //nolint:gosec // encoding/xml escaped every text
	return nil
}

func (c *Column) rss(r *http.Request, entries []publicity.Entry) rss {
	ch := rssChannel{
		Title: c.texts.Say("web.column.feed.title", nil), Description: c.texts.Say("web.column.hint", nil),
		Link: c.shell.URL(r, "/column"), Language: "zh-cn",
		Self: atomLink{Href: c.shell.URL(r, "/column/feed.xml"), Rel: "self", Type: "application/rss+xml"},
	}
	for _, e := range entries {
		link := c.shell.URL(r, "/column/"+e.Release.Slot)
		at := e.Release.At.In(c.zone).Format(time.RFC1123Z)
		if ch.Built == "" {
			ch.Built = at
		}
		ch.Items = append(ch.Items, rssItem{
			Title: e.Item.Title, Link: link, GUID: link, Published: at,
			Category: e.Item.Topic, Description: e.Item.Digest,
		})
	}
	return rss{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: ch}
}
