package column_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
	"github.com/anjie-desk/anjie/bot/publicity"
	"github.com/anjie-desk/anjie/bot/web"
	"github.com/anjie-desk/anjie/bot/web/column"
	"github.com/anjie-desk/anjie/bot/web/webtest"
	"github.com/anjie-desk/anjie/content"
)

// out is what is released, newest first.
type out []publicity.Entry

func (o out) Column(_ context.Context, limit int) ([]publicity.Entry, error) {
	return o[:min(limit, len(o))], nil
}

func (o out) ColumnEntry(_ context.Context, slot string) (publicity.Entry, error) {
	for _, e := range o {
		if e.Release.Slot == slot {
			return e, nil
		}
	}
	return publicity.Entry{}, fault.New(fault.NotFound, "not out")
}

func piece(id, title, topic, law string, at time.Time) publicity.Entry {
	return publicity.Entry{
		Item: content.Item{
			ID: id, Title: title, Topic: topic, Digest: title + "的提要", Body: "## 头一条\n\n**要紧**：先留凭据。\n\n- 欠条\n- 转账记录",
			Citations: []content.Citation{{Law: law, Short: law, Article: "12"}}, Reviewed: "2026-11-22",
		},
		Release: publicity.Release{Slot: fmt.Sprintf("%d/%s", at.Year(), id), Outlet: "column", At: at, Ref: "/column/" + id},
	}
}

var three = out{
	piece("c", "供暖", "消费", "试供热法", time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC)),
	piece("b", "敬老", "老人", "试老年法", time.Date(2026, 10, 18, 1, 0, 0, 0, time.UTC)),
	// The last hour of September in UTC is October here.
	piece("a", "重阳", "老人", "试供热法", time.Date(2026, 9, 30, 16, 30, 0, 0, time.UTC)),
}

func client(t *testing.T, o out, opt web.Options) *webtest.Client {
	t.Helper()
	texts := webtest.Texts(t)
	opt.Log = slog.New(slog.DiscardHandler)
	s := web.New(web.Deps{Texts: texts}, opt)
	s.Add(column.New(o, texts))
	return webtest.NewClient(t, webtest.Serve(t, s.Handler()))
}

func TestTheListIsFilteredByMonthTopicAndLaw(t *testing.T) {
	c := client(t, three, web.Options{})
	for query, want := range map[string]string{
		"":                         "供暖 敬老 重阳",
		"?month=2026-10":           "敬老 重阳",
		"?topic=老人":                "敬老 重阳",
		"?law=试供热法":                "供暖 重阳",
		"?month=2026-10&law=试供热法":  "重阳",
		"?month=2026-11&topic=老人":  "",
		"?month=%3Cscript%3E&law=": "",
	} {
		p := c.Get("/column" + strings.NewReplacer("老人", url.QueryEscape("老人"), "试供热法", url.QueryEscape("试供热法")).Replace(query))
		var got []string
		for n := range p.Root.Descendants() {
			if n.Data == "h2" {
				got = append(got, webtest.Text(n))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q shows %q, want %q", query, got, want)
		}
	}
}

func TestAPieceIsShownWithItsSourcesAndForSharing(t *testing.T) {
	c := client(t, three, web.Options{PublicURL: "https://desk.example.cn/"})
	p := c.Get("/column/2026/b")
	for _, want := range []string{"敬老", "敬老的提要", "头一条", "先留凭据", "转账记录", "试老年法", "第12条"} {
		if !p.Has(want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if !strings.Contains(p.Body, `<link rel="canonical" href="https://desk.example.cn/column/2026/b">`) || !strings.Contains(p.Body, "<strong>要紧</strong>") {
		t.Error("no canonical address, or the body is not set")
	}
	for _, path := range []string{"/column/2026/zz", "/column/2025/b", "/column/x/b"} {
		if p := c.Get(path); p.Status != 404 {
			t.Errorf("%s answered %d", path, p.Status)
		}
	}
}

func TestAnEmptyColumnSaysSo(t *testing.T) {
	if p := client(t, nil, web.Options{}).Get("/column"); p.Status != 200 || !p.Has("还在准备") {
		t.Errorf("%d %s", p.Status, webtest.Text(p.Root))
	}
}

func TestTheFeedIsRSSWithAbsoluteLinks(t *testing.T) {
	many := out{}
	for i := range 40 {
		many = append(many, piece(fmt.Sprintf("n%02d", i), `标题 & <b>"引号"</b> ]]>`, "老人", "试老年法", time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC)))
	}
	p := client(t, many, web.Options{PublicURL: "https://desk.example.cn"}).Get("/column/feed.xml")
	if got := p.Header.Get("Content-Type"); got != "application/rss+xml; charset=utf-8" || p.Header.Get("Set-Cookie") != "" {
		t.Errorf("content type %q, cookie %q", got, p.Header.Get("Set-Cookie"))
	}
	var feed struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Channel struct {
			Title       string   `xml:"title"`
			Links       []string `xml:"link"`
			Description string   `xml:"description"`
			Items       []struct {
				Title   string `xml:"title"`
				Link    string `xml:"link"`
				GUID    string `xml:"guid"`
				PubDate string `xml:"pubDate"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal([]byte(p.Body), &feed); err != nil {
		t.Fatalf("the feed is no XML: %v", err)
	}
	ch := feed.Channel
	if feed.Version != "2.0" || ch.Title == "" || ch.Description == "" || len(ch.Links) == 0 || ch.Links[0] != "https://desk.example.cn/column" {
		t.Errorf("channel %+v", ch)
	}
	if len(ch.Items) != 30 {
		t.Fatalf("%d items, want 30", len(ch.Items))
	}
	it := ch.Items[0]
	if it.Title != many[0].Item.Title || it.Link != "https://desk.example.cn/column/2026/n00" || it.GUID != it.Link {
		t.Errorf("item %+v", it)
	}
	if at, err := time.Parse(time.RFC1123Z, it.PubDate); err != nil || !at.Equal(many[0].Release.At) {
		t.Errorf("pubDate %q: %v", it.PubDate, err)
	}
}

func TestWithoutAPublicAddressLinksNameTheHostAsked(t *testing.T) {
	p := client(t, three, web.Options{}).Get("/column/feed.xml")
	if !strings.Contains(p.Body, "<link>http://127.0.0.1:") {
		t.Errorf("feed: %s", p.Body)
	}
}
