package content

import (
	"fmt"
	"strings"
)

// Moved says which articles govern today what the articles of a repealed law
// governed.
type Moved struct {
	Old      string              `yaml:"old"`      // name of the repealed law, as among the successors
	New      string              `yaml:"new"`      // its successor, short@version
	Articles map[string][]string `yaml:"articles"` // number of old: numbers of new
}

// Now lists the articles that govern today what an article of a repealed law
// did; none where the table knows of none.
func (l *Laws) Now(old, article string) []Citation { return l.moved[old][article] }

// WentTo lists where any article of a repealed law went.
func (l *Laws) WentTo(old string) []Citation {
	var out []Citation
	for _, cs := range l.moved[old] {
		out = append(out, cs...)
	}
	return out
}

// Succeeded finds what took the place of the law that people call name.
func (l *Laws) Succeeded(name string) (Successor, bool) {
	name = strings.TrimPrefix(strings.Trim(name, "《》"), "中华人民共和国")
	for _, s := range l.Successors {
		if strings.TrimPrefix(s.Old, "中华人民共和国") == name {
			return s, true
		}
	}
	return Successor{}, false
}

// move reads rows, once all laws are known.
func (l *Laws) move(rows []Moved) error {
	for _, m := range rows {
		if _, ok := l.Succeeded(m.Old); !ok || l.moved[m.Old] != nil {
			return fmt.Errorf("moved %s: stands twice, or has no successor", m.Old)
		}
		went := map[string][]Citation{}
		for article, nos := range m.Articles {
			for _, no := range nos {
				c, err := l.Cite(m.New + "#" + no)
				if err != nil {
					return fmt.Errorf("moved %s %s: %w", m.Old, article, err)
				}
				went[article] = append(went[article], c)
			}
		}
		l.moved[m.Old] = went
	}
	return nil
}
