package corpus

import (
	"time"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// References returns a function that finds the articles that a question names
// (民法典1062条) among the statutes held, in the version in force on the day
// asked for. It returns nil for a question that names no article. A law that
// the content knows but that is not held, or has ended, is named as such; set
// may be nil. The function is safe for concurrent use.
func References(set *statute.Set, laws *content.Laws) func(text string, asOf time.Time) (*knowledge.Reference, []knowledge.Citation) {
	names := statute.NewNames(nil, Table(laws))
	if set != nil {
		set = set.With(Table(laws))
		names = set.Names()
	}
	base := newCiter(set, laws, time.Time{})
	return func(text string, asOf time.Time) (*knowledge.Reference, []knowledge.Citation) {
		c := base.on(asOf)
		var first *knowledge.Reference
		var cited []knowledge.Citation
		for _, ref := range statute.ParseRefs(text, names) {
			if len(ref.Articles) == 0 {
				continue // only a law is named: that is a question about its subject
			}
			r, found := c.reference(ref)
			if first == nil {
				first = r
			} else {
				first.Others = append(first.Others, *r)
			}
			cited = append(cited, found...)
		}
		return first, cited
	}
}

// reference looks the articles of one named law up.
func (c *citer) reference(ref statute.Ref) (*knowledge.Reference, []knowledge.Citation) {
	r := &knowledge.Reference{Law: ref.Law}
	numbers := distinct(ref.Articles)
	r.Articles = numbers
	day := c.asOf.Format(time.DateOnly)
	if ref.Held == nil {
		if _, ok := c.ended(ref.Law, ref.Law, day); ok {
			r.Note = c.note(ref.Law, ref.Law, "", day)
		}
		return r, nil
	}
	v, ok := ref.Held.On(c.asOf)
	if !ok {
		v = ref.Held.Versions[len(ref.Held.Versions)-1]
	}
	r.Count = v.Len()
	r.Note = c.note(ref.Held.Title, ref.Held.Short, v.Day, day)
	var cited []knowledge.Citation
	for _, no := range numbers {
		if v.Has(no) {
			cited = append(cited, c.of(v, no))
		} else {
			r.Missing = append(r.Missing, no)
		}
	}
	r.Parts = parts(v, ref.Articles)
	return r, cited
}

// parts reads the paragraphs and items named of articles that the version has.
func parts(v *statute.Version, named []statute.Cited) []knowledge.Part {
	var out []knowledge.Part
	for _, c := range named {
		if c.Paragraph == 0 && c.Item == 0 {
			continue
		}
		a, ok, err := v.Article(c.No)
		if err != nil || !ok {
			continue
		}
		p := knowledge.Part{Article: c.No, Paragraph: c.Paragraph, Item: c.Item, Count: a.Paragraphs()}
		if p.Item > 0 {
			p.Text = a.Item(p.Paragraph, p.Item)
		} else {
			p.Text = a.Paragraph(p.Paragraph)
		}
		out = append(out, p)
	}
	return out
}

// distinct lists each article once: 第一款 and 第二款 are of one article.
func distinct(list []statute.Cited) []string {
	var out []string
	seen := map[string]bool{}
	for _, a := range list {
		if !seen[a.No] {
			seen[a.No] = true
			out = append(out, a.No)
		}
	}
	return out
}
