package content

import (
	"fmt"
	"io/fs"
)

// Category is one type of dispute (DOMAIN §3) with what intake must know.
type Category struct {
	Key    string   `yaml:"key"`    // stable: marriage, neighbour, homestead…
	Name   string   `yaml:"name"`   // as the statistics name it
	Words  []string `yaml:"words"`  // expressions that point to it, with their weight: 彩礼|彩理=6
	Fields []string `yaml:"fields"` // FAQ fields whose phrasings belong to it
	Ask    []Ask    `yaml:"ask"`    // what intake asks for this type besides the common questions
}

// Ask is one question of a form.
type Ask struct {
	Key     string            `yaml:"key"`
	Label   string            `yaml:"label"` // in the review and on paper
	Ask     string            `yaml:"ask"`   // the question put to the resident
	Hint    string            `yaml:"hint"`
	Kind    string            `yaml:"kind"` // text, choice, date, phone, amount, village, category, files, consent
	Choices []string          `yaml:"choices"`
	Skip    bool              `yaml:"skip"`    // may be left out
	Past    bool              `yaml:"past"`    // a date of what has happened: no day to come answers it
	Max     int               `yaml:"max"`     // most characters; 0 means 500
	Min     int               `yaml:"min"`     // fewest letters of a text
	Only    *Only             `yaml:"only"`    // when it is asked; nil means always
	Card    map[string]string `yaml:"card"`    // of a type's question: the help card that an answer brings, by triage kind
	Instead string            `yaml:"instead"` // of a type's question: the common one whose place it takes
}

// Only makes a question depend on the answer to another.
type Only struct {
	Key string   `yaml:"key"`
	In  []string `yaml:"in"`
}

// mostAsked is how many questions a type may add to the common ones: people on
// a phone tire.
const mostAsked = 3

// KeyOf is the key under which reports keep the answer to a question of this
// type: types share words like amount, and a case's type may be corrected.
func (c Category) KeyOf(a Ask) string { return c.Key + "." + a.Key }

// check holds the type to what the dialogue may ask of people.
func (c Category) check() error {
	more := 0
	for _, a := range c.Ask {
		if !a.Skip {
			return fmt.Errorf("forms: the question %s.%s can't be skipped", c.Key, a.Key)
		}
		if a.Instead == "" {
			more++
		}
	}
	if more > mostAsked {
		return fmt.Errorf("forms: %s asks %d questions more, %d are allowed", c.Key, more, mostAsked)
	}
	return nil
}

// Labelled is an answer with the label of its question.
type Labelled struct{ Label, Text string }

// Labelled gives answers to the questions of types their labels, in the order in
// which they are asked.
func (in *Intake) Labelled(answers map[string]string) []Labelled {
	var out []Labelled
	for _, c := range in.Categories {
		for _, a := range c.Ask {
			if text := answers[c.KeyOf(a)]; text != "" {
				out = append(out, Labelled{a.Label, text})
			}
		}
	}
	return out
}

// Unasked lists the questions of a type that have no answer, as [Labelled] whose
// Text is the question.
func (in *Intake) Unasked(category string, answers map[string]string) []Labelled {
	var out []Labelled
	for _, c := range in.Categories {
		for _, a := range c.Ask {
			if c.Key == category && answers[c.KeyOf(a)] == "" {
				out = append(out, Labelled{a.Label, a.Ask})
			}
		}
	}
	return out
}

// Gate is a rule that sends a matter elsewhere, or names who else may help.
type Gate struct {
	Key      string              `yaml:"key"`
	Match    []string            `yaml:"match"`    // regular expressions over the normalised message, any
	Triage   []string            `yaml:"triage"`   // or: triage kinds; "crime:now" only when it happens now
	Answers  map[string][]string `yaml:"answers"`  // or: one of these answers to a type's question, by its key
	Not      []string            `yaml:"not"`      // regular expressions that keep the rule out
	Only     []string            `yaml:"only"`     // types of dispute that the rule is about; empty for all
	Mediable string              `yaml:"mediable"` // no: not to be mediated; refer: others first; yes: may be, Office helps too
	Office   string              `yaml:"office"`   // whom to see instead
	Reason   string              `yaml:"reason"`   // one plain sentence for the resident
	Cite     []string            `yaml:"cite"`
	Category string              `yaml:"category"` // set when the rule decides the type, too
	Examples *Examples           `yaml:"examples"`
}

// Escalation is a sign that a matter cannot wait its turn.
type Escalation struct {
	Match   []string            `yaml:"match"` // regular expressions over the normalised message, any
	Not     []string            `yaml:"not"`
	Answers map[string][]string `yaml:"answers"` // or: one of these answers to a type's question, by its key
	Level   string              `yaml:"level"`   // raised, high, emergency
	Why     string              `yaml:"why"`     // shown to staff
}

// Intake is everything the report dialogue asks.
type Intake struct {
	Categories  []Category   `yaml:"categories"`
	Gates       []Gate       `yaml:"gates"`
	Escalations []Escalation `yaml:"escalations"`
	Form        []Ask        `yaml:"form"`
}

// LoadIntake reads forms/intake.yaml, forms/categories.yaml and forms/gates.yaml.
func LoadIntake(fsys fs.FS) (*Intake, error) {
	var in Intake
	for _, name := range []string{"forms/intake.yaml", "forms/categories.yaml", "forms/gates.yaml"} {
		var part Intake
		if err := decode(fsys, name, &part); err != nil {
			return nil, err
		}
		in.Categories = append(in.Categories, part.Categories...)
		in.Gates = append(in.Gates, part.Gates...)
		in.Escalations = append(in.Escalations, part.Escalations...)
		in.Form = append(in.Form, part.Form...)
	}
	if len(in.Categories) == 0 || len(in.Form) == 0 {
		return nil, fmt.Errorf("forms: no categories or no form")
	}
	for _, c := range in.Categories {
		if err := c.check(); err != nil {
			return nil, err
		}
	}
	return &in, nil
}

// Document is a paper of the dossier (DOMAIN §2) with its fields.
type Document struct {
	Key    string   `yaml:"key"`
	Name   string   `yaml:"name"`
	Need   string   `yaml:"need"` // must, maybe
	Fields []string `yaml:"fields"`
	Body   string   `yaml:"body"` // text/template of the printed paper
	// Endings are of cases that have it: written, oral, failed, withdrawn,
	// declined, referred, merged; none for all.
	Endings []string          `yaml:"endings"`
	Fill    []string          `yaml:"fill"`   // fields without which it isn't complete
	Lists   []string          `yaml:"lists"`  // fields that are rows of a table
	Hint    string            `yaml:"hint"`   // how to get what is missing
	Shared  bool              `yaml:"shared"` // both parties are given it
	Values  map[string]string `yaml:"values"` // templates of fields, over what the desk knows
}

type documentsFile struct {
	Values    map[string]string `yaml:"values"`   // of fields of every paper
	Withheld  string            `yaml:"withheld"` // stands in the place of a withheld name
	Documents []Document        `yaml:"documents"`
}

// Documents reads forms/documents*.yaml.
func Documents(fsys fs.FS) ([]Document, error) {
	names, err := fs.Glob(fsys, "forms/documents*.yaml")
	if err != nil {
		return nil, err
	}
	var all []Document
	for _, name := range names {
		var f documentsFile
		if err := decode(fsys, name, &f); err != nil {
			return nil, err
		}
		all = append(all, f.Documents...)
	}
	return all, nil
}
