package content

import (
	"fmt"
	"io/fs"
	"regexp"
)

// Triage is one kind of emergency: how it shows in words, and the card that
// comes before everything else.
type Triage struct {
	Kind      string     `yaml:"kind"`    // violence, suicide, crime, child, fraud, elder_fraud, fire, mass, psychosis, minor
	Order     int        `yaml:"order"`   // lower is shown first when several match
	Card      Card       `yaml:"card"`    //
	Numbers   []string   `yaml:"numbers"` // telephone numbers in the order to call
	Signals   []Signal   `yaml:"signals"`
	Not       []string   `yaml:"not"`     // regular expressions that take a match back: 打官司, 打卡
	Calm      []string   `yaml:"calm"`    // regular expressions of a calm question about the past: card shown, answer follows
	Acute     []string   `yaml:"acute"`   // regular expressions that say it happens now; they beat Calm
	Urgency   string     `yaml:"urgency"` // emergency (default) or high, when neither Calm nor Acute speaks
	Examples  Examples   `yaml:"examples"`
	Cite      []string   `yaml:"cite"`
	Citations []Citation `yaml:"-"`
	File      string     `yaml:"-"`
}

// Card is what a person in danger reads first.
type Card struct {
	Lead    string   `yaml:"lead"`    // bold first line
	Lines   []string `yaml:"lines"`   // numbered
	After   string   `yaml:"after"`   // evidence and law, last
	Choices []string `yaml:"choices"` // buttons
}

// Signal is a regular expression over the normalised message. A weak one
// counts only together with another signal of its kind.
type Signal struct {
	Match string `yaml:"match"`
	Weak  bool   `yaml:"weak"`
}

// Examples are the rule's own tests.
type Examples struct {
	Positive []string `yaml:"positive"`
	Negative []string `yaml:"negative"`
	Calm     []string `yaml:"calm"`
}

// TriageRules reads triage/*.yaml, one kind a file.
func TriageRules(fsys fs.FS, laws *Laws) ([]Triage, error) {
	all, names, err := each[Triage](fsys, "triage")
	if err != nil {
		return nil, err
	}
	for i := range all {
		t := &all[i]
		t.File = names[i]
		if t.Kind == commonKind {
			continue
		}
		if t.Kind == "" || t.Card.Lead == "" {
			return nil, fmt.Errorf("%s: kind and card.lead are required", names[i])
		}
		if t.Citations, err = laws.citeAll(t.Cite); err != nil {
			return nil, fmt.Errorf("%s: %w", names[i], err)
		}
		if err := t.compile(); err != nil {
			return nil, fmt.Errorf("%s: %w", names[i], err)
		}
	}
	return withCommon(all)
}

// commonKind names the file whose not expressions hold for every kind: news,
// history, films, examination questions. It has no card.
const commonKind = "common"

// withCommon puts the common not expressions before those of each kind.
func withCommon(all []Triage) ([]Triage, error) {
	var common []string
	var kinds []Triage
	for _, t := range all {
		if t.Kind == commonKind {
			if err := t.compile(); err != nil {
				return nil, fmt.Errorf("%s: %w", t.File, err)
			}
			common = append(common, t.Not...)
			continue
		}
		kinds = append(kinds, t)
	}
	for i := range kinds {
		kinds[i].Not = append(append([]string{}, common...), kinds[i].Not...)
	}
	return kinds, nil
}

// compile proves that every expression is one; the matcher compiles its own.
func (t *Triage) compile() error {
	exprs := append(append(append([]string{}, t.Not...), t.Calm...), t.Acute...)
	for _, s := range t.Signals {
		exprs = append(exprs, s.Match)
	}
	for _, e := range exprs {
		if _, err := regexp.Compile(e); err != nil {
			return err
		}
	}
	return nil
}
