package content

import (
	"fmt"
	"io/fs"
)

// Item is one piece of law publicity, the source of every rendering.
type Item struct {
	ID        string     `yaml:"id"`       // stable, unique over all files
	Month     int        `yaml:"month"`    // 1–12
	Kind      string     `yaml:"kind"`     // theme, case, antifraud, quiz
	Topic     string     `yaml:"topic"`    // shown as filter
	Title     string     `yaml:"title"`    // at most 32 characters (official account)
	Digest    string     `yaml:"digest"`   // at most 120 characters
	Body      string     `yaml:"body"`     // markdown, 300–900 characters
	Large     string     `yaml:"large"`    // large-print variant, shorter; empty means Body
	Poster    string     `yaml:"poster"`   // one line for a poster
	Spoken    string     `yaml:"spoken"`   // village loudspeaker, 60–90 s of speech
	Day       DayRule    `yaml:"day"`      // when it is due in its month
	StaleDays int        `yaml:"stale"`    // days after the due day when it is no longer worth sending; 0 means 20
	Audience  []string   `yaml:"audience"` // 居民, 老年人, 学生, 企业, 村居干部…
	Quiz      []Question `yaml:"quiz"`
	Cite      []string   `yaml:"cite"`
	Citations []Citation `yaml:"-"`
	Reviewed  string     `yaml:"-"`
	ReviewBy  string     `yaml:"-"`
	File      string     `yaml:"-"`
}

// Question is one of a quiz.
type Question struct {
	Ask     string   `yaml:"ask"`
	Choices []string `yaml:"choices"`
	Right   int      `yaml:"right"` // index into Choices, from 0
	Because string   `yaml:"because"`
	Cite    []string `yaml:"cite"`
}

// DayRule computes an item's day in a given year. Exactly one of its forms
// is set; the zero rule is the first day of the month.
type DayRule struct {
	Fixed   string `yaml:"fixed"`   // MM-DD
	Weekday string `yaml:"weekday"` // "05 3 sun": the third Sunday of May
	Term    string `yaml:"term"`    // solar term: 秋分
	Lunar   string `yaml:"lunar"`   // lunar MM-DD: 09-09
	Offset  int    `yaml:"offset"`  // days added, e.g. -7 for a week before
}

type itemFile struct {
	Reviewed string `yaml:"reviewed"`
	ReviewBy string `yaml:"review_by"`
	Items    []Item `yaml:"items"`
}

// Items reads publicity/*.yaml in file-name order.
func Items(fsys fs.FS, laws *Laws) ([]Item, error) {
	parts, names, err := each[itemFile](fsys, "publicity")
	if err != nil {
		return nil, err
	}
	var all []Item
	seen := map[string]string{}
	for i, part := range parts {
		for _, it := range part.Items {
			it.File, it.Reviewed, it.ReviewBy = names[i], part.Reviewed, part.ReviewBy
			if it.Citations, err = laws.citeAll(it.Cite); err != nil {
				return nil, fmt.Errorf("%s: item %s: %w", names[i], it.ID, err)
			}
			if err := it.check(laws, seen); err != nil {
				return nil, fmt.Errorf("%s: item %s: %w", names[i], it.ID, err)
			}
			all = append(all, it)
		}
	}
	return all, nil
}

func (it *Item) check(laws *Laws, seen map[string]string) error {
	switch {
	case it.ID == "" || it.Title == "" || it.Body == "":
		return fmt.Errorf("id, title and body are required")
	case it.Month < 1 || it.Month > 12:
		return fmt.Errorf("month %d is not 1 to 12", it.Month)
	case len(it.Citations) == 0:
		return fmt.Errorf("cites no article")
	}
	if other, dup := seen[it.ID]; dup {
		return fmt.Errorf("id stands in %s already", other)
	}
	seen[it.ID] = it.File
	for _, q := range it.Quiz {
		if q.Right < 0 || q.Right >= len(q.Choices) {
			return fmt.Errorf("quiz %q: right answer %d is no choice", q.Ask, q.Right)
		}
		if _, err := laws.citeAll(q.Cite); err != nil {
			return err
		}
	}
	return nil
}
