package content

import (
	"fmt"
	"io/fs"
	"regexp"
)

// Triage is one kind of emergency: how it shows in words, and the card that
// comes before everything else.
type Triage struct {
	Kind      string            `yaml:"kind"`    // violence, suicide, crime, child, fraud, elder_fraud, fire, mass, psychosis, minor
	Order     int               `yaml:"order"`   // lower is shown first when several match
	Card      Card              `yaml:"card"`    //
	Numbers   []string          `yaml:"numbers"` // telephone numbers in the order to call
	Signals   []Signal          `yaml:"signals"`
	Not       []string          `yaml:"not"`     // regular expressions that take a match back: 打官司, 打卡
	Calm      []string          `yaml:"calm"`    // regular expressions of a calm question about the past: card shown, answer follows
	Over      []string          `yaml:"over"`    // … that say of a calm question that the danger is long over: the card comes after the answer
	Acute     []string          `yaml:"acute"`   // regular expressions that say it happens now; they beat Calm
	Urgency   string            `yaml:"urgency"` // emergency (default) or high, when neither Calm nor Acute speaks
	Follows   bool              `yaml:"follows"` // the answer follows the card unless Acute speaks
	Examples  Examples          `yaml:"examples"`
	Terms     map[string]string `yaml:"terms"` // in the common file: {KIN} in any expression stands for Terms["KIN"]
	Cite      []string          `yaml:"cite"`
	Citations []Citation        `yaml:"-"`
	File      string            `yaml:"-"`
}

// Card is what a person in danger reads first.
type Card struct {
	Lead    string   `yaml:"lead"`    // bold first line
	Lines   []string `yaml:"lines"`   // numbered
	After   string   `yaml:"after"`   // evidence and law, last
	Choices []string `yaml:"choices"` // buttons
	Instead []Other  `yaml:"instead"` // what is said instead where one fits; the first does
}

// Other is how a card begins for some of the messages of its kind.
type Other struct {
	Match string   `yaml:"match"` // regular expression over the normalised message
	Lead  string   `yaml:"lead"`
	Lines []string `yaml:"lines"`
	After string   `yaml:"after"`

	Numbers []string `yaml:"numbers"` // to call first, before the others of the kind
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
	Over     []string `yaml:"over"` // calm, and the card comes after the answer
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
			continue // checked by withCommon
		}
		if t.Kind == "" || t.Card.Lead == "" {
			return nil, fmt.Errorf("%s: kind and card.lead are required", names[i])
		}
		if t.Citations, err = laws.citeAll(t.Cite); err != nil {
			return nil, fmt.Errorf("%s: %w", names[i], err)
		}
	}
	return withCommon(all)
}

// commonKind names the file that has no card, but what holds for every kind:
// terms to write expressions with, and what only sounds like danger (news,
// history, films) or is a calm question whatever it is about.
const commonKind = "common"

// withCommon spells out the terms and puts the common not, calm and acute
// expressions before those of each kind.
func withCommon(all []Triage) ([]Triage, error) {
	var common Triage
	var kinds []Triage
	for _, t := range all {
		if t.Kind == commonKind {
			common = t
		} else {
			kinds = append(kinds, t)
		}
	}
	for i := range kinds {
		t := &kinds[i]
		t.Not = append(append([]string{}, common.Not...), t.Not...)
		t.Calm = append(append([]string{}, common.Calm...), t.Calm...)
		t.Acute = append(append([]string{}, common.Acute...), t.Acute...)
		if err := t.spellOut(common.Terms); err != nil {
			return nil, fmt.Errorf("%s: %w", t.File, err)
		}
	}
	return kinds, nil
}

// spellOut puts terms into every expression and proves that each is one.
func (t *Triage) spellOut(terms map[string]string) error {
	full := func(e string) (string, error) {
		for range maxNesting {
			e = termName.ReplaceAllStringFunc(e, func(name string) string {
				if words, ok := terms[name[1:len(name)-1]]; ok {
					return "(?:" + words + ")"
				}
				return name
			})
		}
		if unknown := termName.FindString(e); unknown != "" {
			return e, fmt.Errorf("expression names the unknown term %s", unknown)
		}
		_, err := regexp.Compile(e)
		return e, err
	}
	for _, list := range [][]string{t.Not, t.Calm, t.Over, t.Acute} {
		for i := range list {
			var err error
			if list[i], err = full(list[i]); err != nil {
				return err
			}
		}
	}
	for i := range t.Card.Instead {
		var err error
		if t.Card.Instead[i].Match, err = full(t.Card.Instead[i].Match); err != nil {
			return err
		}
	}
	for i := range t.Signals {
		var err error
		if t.Signals[i].Match, err = full(t.Signals[i].Match); err != nil {
			return err
		}
	}
	return nil
}

const maxNesting = 3 // terms within terms

var termName = regexp.MustCompile(`\{[A-Z]+\}`)
