package corpus

import (
	"strings"
	"sync"
	"time"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// texts is the wording of notes; it is the shipped one, since a note is part
// of the index and must not depend on where the index is read.
var texts = sync.OnceValues(func() (*content.Texts, error) { return content.LoadTexts(content.Shipped()) })

// bare makes titles of one law comparable as people write them.
func bare(title string) string {
	return strings.Trim(strings.ReplaceAll(title, "中华人民共和国", ""), "《》 ")
}

// endings lists, by bare title, what the content says of laws that ended.
func endings(laws *content.Laws) map[string][]content.Successor {
	out := map[string][]content.Successor{}
	if laws == nil {
		return out
	}
	for _, s := range laws.Successors {
		k := bare(s.Old)
		out[k] = append(out[k], s)
	}
	return out
}

// newestKnown lists, by bare title, the newest version of each law that the
// content names.
func newestKnown(laws *content.Laws) map[string]content.Law {
	out := map[string]content.Law{}
	if laws == nil {
		return out
	}
	for _, l := range laws.All {
		if k := bare(l.Title); l.Version > out[k].Version {
			out[k] = l
		}
	}
	return out
}

// newest returns the newest revision that the content knows of a law, if that
// one is not among the statutes held.
func (c *citer) newest(title string) (content.Law, bool) {
	l, ok := c.byTitle[bare(title)]
	if ok && c.set != nil {
		if _, err := c.set.Choose(l.Title, l.Version, time.Time{}); err == nil {
			return content.Law{}, false
		}
	}
	return l, ok
}

// overtaken is the day from which a revision that is not held replaces v, ""
// if none is known.
func (c *citer) overtaken(v *statute.Version) string {
	l, ok := c.newest(v.Law().Title)
	if !ok || l.Version <= v.Day {
		return ""
	}
	return start(l.Version, l.Effective)
}

// superseded says whether the revision l replaces version on that day.
func superseded(l content.Law, version, day string) bool {
	return l.Version > version && start(l.Version, l.Effective) <= day
}

func start(version, effective string) string {
	if effective != "" {
		return effective
	}
	return version
}

// ended says how a law ended by that day: by the content's table, or by the
// closing article of another law held.
func (c *citer) ended(title, short, day string) (content.Successor, bool) {
	for _, name := range []string{bare(title), bare(short)} {
		for _, s := range c.endings[name] {
			if s.Since <= day {
				return s, true
			}
		}
	}
	if c.set == nil {
		return content.Successor{}, false
	}
	l, ok := c.set.Find(title)
	if !ok || l.Repeal().Since == "" || l.Repeal().Since > day {
		return content.Successor{}, false
	}
	r := l.Repeal()
	return content.Successor{Old: title, New: bare(r.Successor), Since: r.Since, Note: r.Note}, true
}

// note warns where a quotation is not the last word: a newer revision exists
// that is not held, the law has ended, or the version is an earlier one.
func (c *citer) note(title, short, version, day string) string {
	say, err := texts()
	if err != nil {
		return ""
	}
	if l, ok := c.newest(title); ok && l.Version > version {
		key := "corpus.note.newer"
		if start(l.Version, l.Effective) > day {
			key = "corpus.note.coming"
		}
		return say.Say(key, map[string]any{"Law": short, "Version": l.Version, "Effective": l.Effective})
	}
	if s, ok := c.ended(title, short, day); ok && s.Since > version {
		return say.Say("corpus.note.ended", map[string]any{"Law": short, "Since": s.Since, "New": s.New, "Note": s.Note})
	}
	return ""
}

// earlier notes that a version held gave way to a later one held.
func (c *citer) earlier(v *statute.Version) string {
	say, err := texts()
	if err != nil {
		return ""
	}
	now, ok := v.Law().On(c.asOf)
	data := map[string]any{"Law": v.Law().Short, "Version": v.Day, "Effective": start(v.Day, v.Effective), "Now": ""}
	if ok {
		data["Now"] = now.Day
	}
	switch {
	case now == v:
		return ""
	case start(v.Day, v.Effective) > c.asOf.Format(time.DateOnly):
		return say.Say("corpus.note.future", data)
	case !ok:
		return ""
	}
	return say.Say("corpus.note.superseded", data)
}

// part notes that another law ended this article, or a paragraph of it.
func (c *citer) part(v *statute.Version, article, day string) string {
	r, ok := v.Law().Ended(article)
	say, err := texts()
	if !ok || r.Since > day || err != nil {
		return ""
	}
	return say.Say("corpus.note.part", map[string]any{"Law": v.Law().Short, "Since": r.Since, "By": bare(r.By)})
}
