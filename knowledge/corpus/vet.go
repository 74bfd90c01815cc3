package corpus

import (
	"slices"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge/statute"
)

// Vet makes an FAQ that somebody wrote in a form ready for the content: its
// citations may be written as people write them (民法典1042条) and come back as
// content has them. It returns every problem that `anjie content check` would
// find with it in lib; set may be nil while no statutes are imported, when
// citations are only looked for in the content's table of laws.
func Vet(set *statute.Set, lib *content.Library, f content.FAQ, now time.Time) (content.FAQ, []content.Problem) {
	say, err := content.NewReporter()
	if err != nil {
		return f, []content.Problem{{File: "texts/check.yaml", Text: err.Error()}}
	}
	v := &vetting{laws: lib.Laws, refs: newRefs(set, lib, now), say: say, id: f.ID}
	var cite []string
	for _, ref := range f.Cite {
		cite = append(cite, v.citations("cite", ref)...)
	}
	f.Cite = distinctRefs(cite)
	f.Deadlines = slices.Clone(f.Deadlines)
	for i, d := range f.Deadlines {
		if d.Cite == "" {
			continue // the check says that it is missing
		}
		if found := v.citations("deadlines", d.Cite); len(found) > 0 {
			f.Deadlines[i].Cite = found[0]
		}
	}
	problems := slices.Concat(v.out, content.CheckFAQ(lib, f, now))
	if len(v.out) > 0 {
		return f, problems
	}
	resolved, err := lib.Laws.Resolve(f)
	if err != nil || set == nil {
		return f, problems // what is missing has been said
	}
	return resolved, append(problems, CheckFAQ(set, lib, resolved, now)...)
}

// vetting reads the citations of one entry.
type vetting struct {
	laws *content.Laws
	refs func(string) []string
	say  *content.Reporter
	id   string
	out  []content.Problem
}

func (v *vetting) citations(field, ref string) []string {
	ref = strings.TrimSpace(ref)
	if ref == "" {
		return nil
	}
	if _, err := v.laws.Cite(ref); err == nil {
		return []string{ref}
	}
	if found := v.refs(ref); len(found) > 0 {
		return found
	}
	p := content.Problem{Entry: v.id, Field: field}
	p.Text, p.Instead = v.say.Say("check.citation", map[string]any{"Ref": ref})
	v.out = append(v.out, p)
	return []string{ref}
}

// newRefs finds the articles that words name, in the version in force, as
// content cites them: those that the statutes hold, else those of a law in the
// content's table.
func newRefs(set *statute.Set, lib *content.Library, now time.Time) func(string) []string {
	find := References(set, lib.Laws)
	return func(words string) []string {
		ref, cited := find(words, now)
		var out []string
		add := func(short, version, article string) {
			r := short + "@" + version + "#" + article
			if _, err := lib.Laws.Cite(r); err == nil {
				out = append(out, r)
			}
		}
		for _, c := range cited {
			add(c.Short, c.Version, c.Article)
		}
		if ref == nil || len(cited) > 0 {
			return out
		}
		if law, ok := lib.Laws.Named(ref.Law); ok {
			for _, no := range ref.Articles {
				add(law.Short, law.Version, no)
			}
		}
		return out
	}
}

func distinctRefs(list []string) []string {
	var out []string
	for _, r := range list {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}
