package dispute

import (
	"encoding/json"
	"fmt"

	"github.com/anjie-desk/anjie/bot/fault"
)

// maxPaper is how many bytes one paper of a case may have.
const maxPaper = 128 << 10

// paper is a part of a case's file that grows with the work: appointments, the
// agreement, … It is one JSON document under a name of its own, sealed like the
// report, and read with personal data only.
type paper[T any] string

// of reads the paper from a case that was read with personal data. A case
// without it gives the zero T.
func (p paper[T]) of(c Case) (T, error) {
	var t T
	text := c.Papers[string(p)]
	if text == "" {
		return t, nil
	}
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return t, fmt.Errorf("paper %s of case %s: %w", string(p), c.ID, err)
	}
	return t, nil
}

// put has an edit keep t as the paper's new content.
func (p paper[T]) put(e *edit, t T) error {
	text, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("paper %s: %w", string(p), err)
	}
	if len(text) > maxPaper {
		return fault.As(fault.Invalid, fmt.Errorf("paper %s of %d bytes, %d are allowed", string(p), len(text), maxPaper))
	}
	if e.papers == nil {
		e.papers = map[string]string{}
	}
	e.papers[string(p)] = string(text)
	return nil
}

// take has an edit take a paper away.
func (e *edit) take(name string) {
	if e.papers == nil {
		e.papers = map[string]string{}
	}
	e.papers[name] = ""
}

// plain takes off what a case has only when it is read with personal data.
func plain(c Case) Case {
	c.Summary, c.Report, c.Papers = "", Report{}, nil
	return c
}
