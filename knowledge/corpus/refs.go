package corpus

import (
	"time"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// References returns a function that finds the articles that a question names
// (民法典1062条) among the statutes held, in the version in force on the day
// that now tells. It returns nil for a question that names no article.
func References(set *statute.Set, laws *content.Laws, now func() time.Time) func(string) (*knowledge.Reference, []knowledge.Citation) {
	if set == nil {
		return nil
	}
	names := set.Names()
	return func(text string) (*knowledge.Reference, []knowledge.Citation) {
		c := &citer{set: set, asOf: now(), laws: laws}
		var first *knowledge.Reference
		var cited []knowledge.Citation
		for _, ref := range statute.ParseRefs(text, names) {
			if len(ref.Articles) == 0 {
				continue // only a law is named: that is a question about its subject
			}
			r, found := c.reference(ref)
			if first == nil {
				first = r
			}
			cited = append(cited, found...)
		}
		return first, cited
	}
}

// reference looks the articles of one named law up.
func (c *citer) reference(ref statute.Ref) (*knowledge.Reference, []knowledge.Citation) {
	r := &knowledge.Reference{Law: ref.Law}
	for _, a := range ref.Articles {
		r.Articles = append(r.Articles, a.No)
	}
	if ref.Held == nil {
		return r, nil
	}
	v, ok := ref.Held.On(c.asOf)
	if !ok {
		v = ref.Held.Versions[len(ref.Held.Versions)-1]
	}
	r.Count = v.Len()
	r.Note = c.note(ref.Held.Title, ref.Held.Short, v.Day, c.asOf.Format(time.DateOnly))
	var cited []knowledge.Citation
	for _, a := range ref.Articles {
		if v.Has(a.No) {
			cited = append(cited, c.of(v, a.No))
		} else {
			r.Missing = append(r.Missing, a.No)
		}
	}
	return r, cited
}
