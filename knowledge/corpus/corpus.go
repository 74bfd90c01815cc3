// Package corpus joins imported statutes and the desk's own content into the
// documents that are searched, and checks the one against the other.
//
// It is the only package that knows both. What it makes quotes articles
// verbatim, and marks every citation with whether it is in force on the day
// asked for and whether a newer revision exists than the one held.
package corpus

import (
	"fmt"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// Table hands what the content knows of laws to the statutes.
func Table(laws *content.Laws) statute.Table {
	if laws == nil {
		return statute.Table{}
	}
	t := statute.Table{Names: make([]statute.Name, 0, len(laws.All))}
	for _, l := range laws.All {
		t.Names = append(t.Names, statute.Name{
			Title: l.Title, Short: l.Short, Also: l.Also, Version: l.Version, Effective: l.Effective, Newer: l.Newer,
		})
	}
	for _, s := range laws.Successors {
		t.Successors = append(t.Successors, statute.Successor{Old: s.Old, New: s.New, Since: s.Since, Note: s.Note})
	}
	return t
}

// Documents lists everything that can be found: the articles of every version
// of each law, with the days from when to when it holds and marked as of the
// day asOf, and all FAQs and guides. set may be nil while no statutes are
// imported; citations then rest on the content's own dates.
func Documents(set *statute.Set, lib *content.Library, asOf time.Time) ([]knowledge.Document, error) {
	if set != nil {
		set = set.With(Table(lib.Laws))
	}
	c := newCiter(set, lib.Laws, asOf)
	docs, err := c.articles()
	if err != nil {
		return nil, err
	}
	for i := range lib.FAQs {
		docs = append(docs, c.faq(&lib.FAQs[i]))
	}
	for i := range lib.Guides {
		docs = append(docs, c.guide(&lib.Guides[i]))
	}
	return docs, nil
}

func (c *citer) articles() ([]knowledge.Document, error) {
	if c.set == nil {
		return nil, nil
	}
	_, n := c.set.Len()
	docs := make([]knowledge.Document, 0, n)
	for _, law := range c.set.Laws() {
		for _, v := range law.Versions {
			arts, err := v.Articles()
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", law.Title, err)
			}
			for _, a := range arts {
				docs = append(docs, c.article(v, a))
			}
		}
	}
	return docs, nil
}

// ArticleID names an article in indexes.
func ArticleID(title, version, article string) string {
	return "law:" + title + "@" + version + "#" + article
}

func (c *citer) article(v *statute.Version, a statute.Article) knowledge.Document {
	l := v.Law()
	no, _ := statute.ParseNumber(a.No)
	return knowledge.Document{
		ID: ArticleID(l.Title, v.Day, a.No), Kind: knowledge.Article,
		Title: l.Short + no.Label(), Text: a.Text, Heading: a.Heading, Level: l.Level, Local: l.Local,
		Citations: []knowledge.Citation{c.of(v, a.No)},
		Until:     v.Repealed, Newer: c.overtaken(v),
	}
}

func (c *citer) faq(f *content.FAQ) knowledge.Document {
	return knowledge.Document{
		ID: "faq:" + f.ID, Kind: knowledge.FAQ, Title: f.Question,
		Text:      join("\n", f.Conclusion, f.Explanation),
		Questions: append([]string{f.Question}, f.Phrasings...),
		Citations: c.all(f.Citations), Field: f.Field,
	}
}

func (c *citer) guide(g *content.Guide) knowledge.Document {
	no, _ := statute.ParseNumber(g.Article)
	return knowledge.Document{
		ID: g.ID(), Kind: knowledge.Guide, Title: g.Citation.Short + no.Label(),
		Text: join("\n", g.Means, g.Example), Questions: g.Questions,
		Citations: c.all(append([]content.Citation{g.Citation}, g.Related...)), Field: g.Field,
	}
}

func join(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}
