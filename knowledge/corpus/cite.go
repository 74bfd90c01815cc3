package corpus

import (
	"cmp"
	"time"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// citer turns citations of the content and of statutes into the form that is
// shown, as of one day. It doesn't change once made.
type citer struct {
	set     *statute.Set // nil while no statutes are imported
	asOf    time.Time
	byTitle map[string]content.Law
	endings map[string][]content.Successor
}

func newCiter(set *statute.Set, laws *content.Laws, asOf time.Time) *citer {
	return &citer{set: set, asOf: asOf, byTitle: newestKnown(laws), endings: endings(laws)}
}

// on is the same citer for another day.
func (c *citer) on(asOf time.Time) *citer {
	other := *c
	other.asOf = asOf
	return &other
}

func (c *citer) all(list []content.Citation) []knowledge.Citation {
	out := make([]knowledge.Citation, 0, len(list))
	for _, x := range list {
		out = append(out, c.one(x))
	}
	return out
}

// one prefers what the imported statute says of its dates; the content's own
// table stands in where the statute is not held.
func (c *citer) one(x content.Citation) knowledge.Citation {
	if c.set != nil {
		if v, err := c.set.Choose(x.Law, x.Version, time.Time{}); err == nil {
			return c.of(v, x.Article)
		}
	}
	day := c.asOf.Format(time.DateOnly)
	newer, _ := c.newest(x.Law)
	_, ended := c.ended(x.Law, x.Short, day)
	return knowledge.Citation{
		Law: x.Law, Short: x.Short, Article: x.Article, Version: x.Version, Effective: x.Effective,
		InForce: start(x.Version, x.Effective) <= day && !ended && !superseded(newer, x.Version, day),
		Note:    c.note(x.Law, x.Short, x.Version, day),
	}
}

// of cites an article of a version held.
func (c *citer) of(v *statute.Version, article string) knowledge.Citation {
	l := v.Law()
	day := c.asOf.Format(time.DateOnly)
	newer, _ := c.newest(l.Title)
	note := c.note(l.Title, l.Short, v.Day, day)
	if note == "" {
		note = cmp.Or(c.part(v, article, day), c.earlier(v))
	}
	return knowledge.Citation{
		Law: l.Title, Short: l.Short, Article: article, Version: v.Day, Effective: v.Effective,
		InForce: v.InForce(c.asOf) && !superseded(newer, v.Day, day), Note: note,
	}
}
