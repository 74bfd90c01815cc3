package content

import (
	"fmt"
	"io/fs"
)

// FAQ is one question that residents ask, with its checked answer.
type FAQ struct {
	ID          string     `yaml:"id" json:"id,omitempty"`
	Field       string     `yaml:"-" json:"field,omitempty"`                           // key of the file's field
	Question    string     `yaml:"question" json:"question,omitempty"`                 // the standard question
	Phrasings   []string   `yaml:"phrasings,omitempty" json:"phrasings,omitempty"`     // as people type it, at least six
	Conclusion  string     `yaml:"conclusion" json:"conclusion,omitempty"`             // one or two sentences
	Explanation string     `yaml:"explanation,omitempty" json:"explanation,omitempty"` // at most 180 characters
	Steps       []string   `yaml:"steps,omitempty" json:"steps,omitempty"`
	See         []string   `yaml:"see,omitempty" json:"see,omitempty"` // office keys, nearest first
	Papers      []string   `yaml:"papers,omitempty" json:"papers,omitempty"`
	Deadlines   []Deadline `yaml:"deadlines,omitempty" json:"deadlines,omitempty"`
	Mediation   Mediation  `yaml:"mediation" json:"mediation,omitzero"`
	Cite        []string   `yaml:"cite" json:"cite,omitempty"`
	Citations   []Citation `yaml:"-" json:"-"`
	Warning     string     `yaml:"warning,omitempty" json:"warning,omitempty"`
	Clarify     *Clarify   `yaml:"clarify,omitempty" json:"clarify,omitempty"`
	Sources     []string   `yaml:"sources,omitempty" json:"sources,omitempty"` // where a number comes from that no cited article holds
	Reviewed    string     `yaml:"reviewed,omitempty" json:"reviewed,omitempty"`
	ReviewBy    string     `yaml:"review_by,omitempty" json:"review_by,omitempty"`
	File        string     `yaml:"-" json:"-"`
}

// Deadline is a limitation or time limit that a program can compute with.
type Deadline struct {
	What   string `yaml:"what" json:"what,omitempty"`
	Within string `yaml:"within" json:"within,omitempty"` // 3y, 6m, 30d, 15wd (working days), 72h
	From   string `yaml:"from" json:"from,omitempty"`     // from when it runs, in plain words
	Cite   string `yaml:"cite" json:"cite,omitempty"`
}

// Mediation says whether people's mediation may take the matter.
type Mediation struct {
	Can    string `yaml:"can" json:"can,omitempty"`                 // yes, no, refer
	Why    string `yaml:"why" json:"why,omitempty"`                 // one plain sentence
	Office string `yaml:"office,omitempty" json:"office,omitempty"` // who instead, an office key; required for refer
}

// Clarify is the one short question to ask back when the answer depends on a
// fact that the resident has not told.
type Clarify struct {
	Ask     string          `yaml:"ask" json:"ask,omitempty"`
	Choices []ClarifyChoice `yaml:"choices" json:"choices,omitempty"`
}

// ClarifyChoice leads to the FAQ To.
type ClarifyChoice struct {
	Say string `yaml:"say" json:"say,omitempty"`
	To  string `yaml:"to" json:"to,omitempty"`
}

type faqFile struct {
	Field    string `yaml:"field"`
	Reviewed string `yaml:"reviewed,omitempty"`
	ReviewBy string `yaml:"review_by,omitempty"`
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
