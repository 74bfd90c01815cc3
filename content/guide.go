package content

import (
	"fmt"
	"io/fs"
)

// Guide explains one article to a resident.
type Guide struct {
	Field     string     `yaml:"-"`
	Article   string     `yaml:"article"`   // Arabic
	Means     string     `yaml:"means"`     // one plain sentence: what it means for a resident
	Example   string     `yaml:"example"`   // an invented everyday case
	Questions []string   `yaml:"questions"` // three colloquial questions that it answers
	SeeAlso   []string   `yaml:"see_also"`  // "1063" in the same law, or a full citation
	Citation  Citation   `yaml:"-"`
	Related   []Citation `yaml:"-"`
	Reviewed  string     `yaml:"-"`
	ReviewBy  string     `yaml:"-"`
	File      string     `yaml:"-"`
}

// ID is the guide's name in the index.
func (g Guide) ID() string {
	return "guide:" + g.Citation.Short + "@" + g.Citation.Version + "#" + g.Article
}

type guideFile struct {
	Law      string  `yaml:"law"` // short@version
	Field    string  `yaml:"field"`
	Reviewed string  `yaml:"reviewed"`
	ReviewBy string  `yaml:"review_by"`
	Entries  []Guide `yaml:"entries"`
}

// Guides reads guide/*.yaml in file-name order; an article is explained once.
func Guides(fsys fs.FS, laws *Laws) ([]Guide, error) {
	parts, names, err := each[guideFile](fsys, "guide")
	if err != nil {
		return nil, err
	}
	var all []Guide
	seen := map[string]string{}
	for i, part := range parts {
		for _, g := range part.Entries {
			g.Field, g.File, g.Reviewed, g.ReviewBy = part.Field, names[i], part.Reviewed, part.ReviewBy
			if err := g.resolve(part.Law, laws); err != nil {
				return nil, fmt.Errorf("%s: article %s: %w", names[i], g.Article, err)
			}
			if other, dup := seen[g.ID()]; dup {
				return nil, fmt.Errorf("%s: article %s is explained in %s already", names[i], g.Article, other)
			}
			seen[g.ID()] = names[i]
			all = append(all, g)
		}
	}
	return all, nil
}

func (g *Guide) resolve(law string, laws *Laws) (err error) {
	if g.Means == "" {
		return fmt.Errorf("means is empty")
	}
	if g.Citation, err = laws.Cite(law + "#" + g.Article); err != nil {
		return err
	}
	for _, ref := range g.SeeAlso {
		if !citation.MatchString(ref) {
			ref = law + "#" + ref
		}
		c, err := laws.Cite(ref)
		if err != nil {
			return err
		}
		g.Related = append(g.Related, c)
	}
	return nil
}
