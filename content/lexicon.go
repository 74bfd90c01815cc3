package content

import (
	"fmt"
	"io/fs"
)

// Term leads from what people say to what statutes say.
type Term struct {
	Say   string   `yaml:"say"`   // dialect, colloquial word or frequent typo
	Means []string `yaml:"means"` // words of the statutes, or the correct spelling
	Field string   `yaml:"field"` // FAQ field it belongs to; "any" for particles and address words
	Kind  string   `yaml:"kind"`  // word (default), dialect, typo
}

type lexiconFile struct {
	Terms []Term `yaml:"terms"`
}

// Lexicon reads lexicon/*.yaml; a word stands once.
func Lexicon(fsys fs.FS) ([]Term, error) {
	parts, names, err := each[lexiconFile](fsys, "lexicon")
	if err != nil {
		return nil, err
	}
	var all []Term
	seen := map[string]string{}
	for i, part := range parts {
		for _, t := range part.Terms {
			if t.Say == "" || (len(t.Means) == 0 && t.Field != "any") {
				return nil, fmt.Errorf("%s: term %q: say and means are required", names[i], t.Say)
			}
			if other, dup := seen[t.Say]; dup {
				return nil, fmt.Errorf("%s: term %q stands in %s already", names[i], t.Say, other)
			}
			seen[t.Say] = names[i]
			all = append(all, t)
		}
	}
	return all, nil
}
