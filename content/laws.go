package content

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// Law is one version of a statute that the content names: the single home of
// its short names and dates.
type Law struct {
	Title     string   `yaml:"title"`     // full official title, without 《》
	Short     string   `yaml:"short"`     // how people name it, and how content cites it
	Also      []string `yaml:"also"`      // nicknames and frequent typos
	Version   string   `yaml:"version"`   // day of adoption or amendment, YYYY-MM-DD
	Effective string   `yaml:"effective"` // first day in force, YYYY-MM-DD
	Articles  int      `yaml:"articles"`  // how many articles, where the statute is not in the public collections
	Newer     bool     `yaml:"newer"`     // newer than the public collections: cited by its dates alone
	Source    string   `yaml:"source"`    // where the facts of a Newer law were read
	Undated   bool     `yaml:"undated"`   // looked for and not found: the day from which a Newer law is in force
}

// Successor says which statute took a repealed one's place.
type Successor struct {
	Old   string `yaml:"old"`   // title or short name of the repealed statute
	New   string `yaml:"new"`   // short name of its successor; empty when nothing took its place
	Since string `yaml:"since"` // day from which the old one no longer holds, YYYY-MM-DD
	Note  string `yaml:"note"`  // one plain sentence for residents
}

// Laws is the table of statutes that content may cite.
type Laws struct {
	All        []Law
	Successors []Successor
	Then       []Then     // what held before today's laws, the first row that fits holds
	Past       []Citation // what matters of another day rest on where Then says nothing
	restarts   map[string]bool
	moved      map[string]map[string][]Citation
	order      []*Law
	byRef      map[string]*Law
	byName     map[string]*Law
}

type lawsFile struct {
	Laws       []Law       `yaml:"laws"`
	Successors []Successor `yaml:"successors"`
	Then       []Then      `yaml:"then"`
	Past       []string    `yaml:"past"`
	Moved      []Moved     `yaml:"moved"`
	Restarts   []string    `yaml:"restarts"`
}

// LoadLaws reads laws/*.yaml. The same short name and version in two files
// must agree in title and dates.
func LoadLaws(fsys fs.FS) (*Laws, error) {
	parts, names, err := each[lawsFile](fsys, "laws")
	if err != nil {
		return nil, err
	}
	l := &Laws{byRef: map[string]*Law{}, byName: map[string]*Law{}, moved: map[string]map[string][]Citation{}, restarts: map[string]bool{}}
	for i, part := range parts {
		for _, law := range part.Laws {
			if err := l.add(law); err != nil {
				return nil, fmt.Errorf("%s: %w", names[i], err)
			}
		}
		l.Successors = append(l.Successors, part.Successors...)
	}
	for i, part := range parts {
		if err := l.settle(part.Then, part.Past); err != nil {
			return nil, fmt.Errorf("%s: %w", names[i], err)
		}
		for _, ref := range part.Restarts {
			if _, err := l.Cite(ref); err != nil {
				return nil, fmt.Errorf("%s: restarts: %w", names[i], err)
			}
			l.restarts[ref] = true
		}
		if err := l.move(part.Moved); err != nil {
			return nil, fmt.Errorf("%s: %w", names[i], err)
		}
	}
	for _, p := range l.order { // only now have all files added their nicknames
		l.All = append(l.All, *p)
	}
	return l, nil
}

func (l *Laws) add(law Law) error {
	if law.Title == "" || law.Short == "" || !day.MatchString(law.Version) {
		return fmt.Errorf("law %q (%s): title, short and version YYYY-MM-DD are required", law.Title, law.Short)
	}
	key := law.Short + "@" + law.Version
	if old, ok := l.byRef[key]; ok {
		if old.Title != law.Title || old.Effective != law.Effective {
			return fmt.Errorf("law %s stands twice with different title or dates", key)
		}
		old.Also = append(old.Also, law.Also...)
		l.name(old, law.Also)
		return nil
	}
	p := &law
	l.byRef[key] = p
	l.name(p, append([]string{law.Title, law.Short}, law.Also...))
	l.order = append(l.order, p)
	return nil
}

func (l *Laws) name(p *Law, names []string) {
	for _, n := range names {
		if had, ok := l.byName[n]; !ok || had.Version < p.Version {
			l.byName[n] = p
		}
	}
}

// Named returns the newest version of the statute that people call name.
func (l *Laws) Named(name string) (Law, bool) {
	p, ok := l.byName[strings.Trim(name, "《》")]
	if !ok {
		return Law{}, false
	}
	return *p, true
}

// Restarts tells whether the limitation in the article of a deadline's cite
// runs anew when the other side was asked or owned up (民法典第195条).
func (l *Laws) Restarts(cite string) bool { return l.restarts[cite] }

// Citation points to one article of one version of a statute.
type Citation struct {
	Law       string // full title
	Short     string
	Article   string // Arabic: "1062"; "120-1" is 第一百二十条之一
	Version   string // YYYY-MM-DD
	Effective string // YYYY-MM-DD, may be empty when not established
	Newer     bool   // the statute is newer than the public collections
}

var (
	day      = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	citation = regexp.MustCompile(`^([^@#]+)@(\d{4}-\d{2}-\d{2})#(\d+(?:-\d+)?)$`)
)

// Cite parses 「民法典@2020-05-28#1062」: short name, version, article. The
// statute must stand in the table.
func (l *Laws) Cite(ref string) (Citation, error) {
	m := citation.FindStringSubmatch(ref)
	if m == nil {
		return Citation{}, fmt.Errorf("citation %q is not of the form short@YYYY-MM-DD#article", ref)
	}
	law, ok := l.byRef[m[1]+"@"+m[2]]
	if !ok {
		return Citation{}, fmt.Errorf("citation %q: no such law and version under laws/", ref)
	}
	return Citation{Law: law.Title, Short: law.Short, Article: m[3], Version: law.Version, Effective: law.Effective, Newer: law.Newer}, nil
}

func (l *Laws) citeAll(refs []string) ([]Citation, error) {
	out := make([]Citation, 0, len(refs))
	for _, ref := range refs {
		c, err := l.Cite(ref)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}
