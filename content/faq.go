package content

import (
	"fmt"
	"io/fs"
)

// FAQ is one question that residents ask, with its checked answer.
type FAQ struct {
	ID          string     `yaml:"id"`
	Field       string     `yaml:"-"`           // key of the file's field
	Question    string     `yaml:"question"`    // the standard question
	Phrasings   []string   `yaml:"phrasings"`   // as people type it, at least six
	Conclusion  string     `yaml:"conclusion"`  // one or two sentences
	Explanation string     `yaml:"explanation"` // at most 180 characters
	Steps       []string   `yaml:"steps"`
	See         []string   `yaml:"see"` // office keys, nearest first
	Papers      []string   `yaml:"papers"`
	Deadlines   []Deadline `yaml:"deadlines"`
	Mediation   Mediation  `yaml:"mediation"`
	Cite        []string   `yaml:"cite"`
	Citations   []Citation `yaml:"-"`
	Warning     string     `yaml:"warning"`
	Clarify     *Clarify   `yaml:"clarify"`
	Sources     []string   `yaml:"sources"` // where a number comes from that no cited article holds
	Reviewed    string     `yaml:"reviewed"`
	ReviewBy    string     `yaml:"review_by"`
	File        string     `yaml:"-"`
}

// Deadline is a limitation or time limit that a program can compute with.
type Deadline struct {
	What   string `yaml:"what"`
	Within string `yaml:"within"` // 3y, 6m, 30d, 15wd (working days), 72h
	From   string `yaml:"from"`   // from when it runs, in plain words
	Cite   string `yaml:"cite"`
}

// Mediation says whether people's mediation may take the matter.
type Mediation struct {
	Can    string `yaml:"can"`    // yes, no, refer
	Why    string `yaml:"why"`    // one plain sentence
	Office string `yaml:"office"` // who instead, an office key; required for refer
}

// Clarify is the one short question to ask back when the answer depends on a
// fact that the resident has not told.
type Clarify struct {
	Ask     string          `yaml:"ask"`
	Choices []ClarifyChoice `yaml:"choices"`
}

// ClarifyChoice leads to the FAQ To.
type ClarifyChoice struct {
	Say string `yaml:"say"`
	To  string `yaml:"to"`
}

type faqFile struct {
	Field    string `yaml:"field"`
	Reviewed string `yaml:"reviewed"`
	ReviewBy string `yaml:"review_by"`
	Entries  []FAQ  `yaml:"entries"`
}

// FAQs reads faq/*.yaml in file-name order.
func FAQs(fsys fs.FS, laws *Laws) ([]FAQ, error) {
	parts, names, err := each[faqFile](fsys, "faq")
	if err != nil {
		return nil, err
	}
	var all []FAQ
	seen := map[string]string{}
	for i, part := range parts {
		for _, e := range part.Entries {
			e.Field, e.File = part.Field, names[i]
			if e.Reviewed == "" {
				e.Reviewed = part.Reviewed
			}
			if e.ReviewBy == "" {
				e.ReviewBy = part.ReviewBy
			}
			if err := e.resolve(laws, seen); err != nil {
				return nil, fmt.Errorf("%s: faq %s: %w", names[i], e.ID, err)
			}
			all = append(all, e)
		}
	}
	return all, checkClarify(all, seen)
}

func (e *FAQ) resolve(laws *Laws, seen map[string]string) (err error) {
	if e.ID == "" || e.Question == "" || e.Conclusion == "" {
		return fmt.Errorf("id, question and conclusion are required")
	}
	if other, dup := seen[e.ID]; dup {
		return fmt.Errorf("id stands in %s already", other)
	}
	seen[e.ID] = e.File
	if len(e.Cite) == 0 {
		return fmt.Errorf("cites no article")
	}
	for _, d := range e.Deadlines {
		if d.Cite == "" {
			continue
		}
		if _, err := laws.Cite(d.Cite); err != nil {
			return err
		}
	}
	e.Citations, err = laws.citeAll(e.Cite)
	return err
}

func checkClarify(all []FAQ, ids map[string]string) error {
	for _, e := range all {
		if e.Clarify == nil {
			continue
		}
		for _, c := range e.Clarify.Choices {
			if _, ok := ids[c.To]; !ok {
				return fmt.Errorf("%s: faq %s: clarify leads to unknown id %q", e.File, e.ID, c.To)
			}
		}
	}
	return nil
}
