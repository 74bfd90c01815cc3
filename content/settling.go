package content

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
)

// Settling is what the desk says at the end of a mediation.
type Settling struct {
	Routes []Route `yaml:"routes"`
	Checks []Doubt `yaml:"checks"`
}

// Route is where else to go with disputes of some types when mediation fails.
type Route struct {
	Types []string `yaml:"types"` // none for all that no other names
	Ways  string   `yaml:"ways"`
	Limit string   `yaml:"limit"`
	Cite  []string `yaml:"cite"`
}

// Doubt looks for a wording of an agreement for which a court would not confirm
// it, or which should be clearer first.
type Doubt struct {
	Key      string    `yaml:"key"`
	Match    string    `yaml:"match"` // regular expression over a term; none for what the desk works out by key
	Only     []string  `yaml:"only"`  // types of dispute, none for all
	Bar      bool      `yaml:"bar"`   // it could not be confirmed at all
	Say      string    `yaml:"say"`
	Cite     []string  `yaml:"cite"`
	Examples *Examples `yaml:"examples"`
}

// LoadSettling reads forms/settling.yaml.
func LoadSettling(fsys fs.FS) (*Settling, error) {
	const name = "forms/settling.yaml"
	var s Settling
	if err := decode(fsys, name, &s); err != nil {
		return nil, err
	}
	for _, c := range s.Checks {
		if c.Key == "" || c.Say == "" {
			return nil, fmt.Errorf("%s: a check without key or words", name)
		}
		if _, err := regexp.Compile(c.Match); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", name, c.Key, err)
		}
	}
	if len(s.Routes) == 0 || !slices.ContainsFunc(s.Routes, func(r Route) bool { return len(r.Types) == 0 }) {
		return nil, fmt.Errorf("%s: no route for types that no other names", name)
	}
	return &s, nil
}

// Route is the one for a type of dispute.
func (s *Settling) Route(category string) Route {
	var rest Route
	for _, r := range s.Routes {
		if slices.Contains(r.Types, category) {
			return r
		}
		if len(r.Types) == 0 {
			rest = r
		}
	}
	return rest
}
