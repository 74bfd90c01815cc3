package content

import (
	"fmt"
	"strconv"
	"strings"
)

// Then says which law held before one of today's, and what holds for matters
// of that time.
type Then struct {
	Law      string   `yaml:"law"`      // short name of today's
	Articles string   `yaml:"articles"` // "463-988": only for these of its articles; empty for all
	Was      string   `yaml:"was"`      // name of the law before
	From     string   `yaml:"from"`     // first day on which that held …
	Until    string   `yaml:"until"`    // … and the first on which it no longer did, YYYY-MM-DD
	Say      string   `yaml:"say"`      // what is special about matters of that time; one sentence or two
	Cite     []string `yaml:"cite"`     // what the change of law rests on

	Citations   []Citation `yaml:"-"`
	first, last int
}

// Before finds what held on day, YYYY-MM-DD, in place of the article of today's
// law called short. It is false where the table knows of nothing.
func (l *Laws) Before(short, article, day string) (Then, bool) {
	main, _, _ := strings.Cut(article, "-")
	n, err := strconv.Atoi(main)
	if err != nil {
		return Then{}, false
	}
	for _, t := range l.Then {
		if t.Law == short && t.From <= day && day < t.Until && (t.Articles == "" || t.first <= n && n <= t.last) {
			return t, true
		}
	}
	return Then{}, false
}

// settle reads the articles and citations of the rows, once all laws are known.
func (l *Laws) settle(rows []Then, past []string) (err error) {
	for _, t := range rows {
		if t.Was == "" || !day.MatchString(t.From) || !day.MatchString(t.Until) || t.From >= t.Until {
			return fmt.Errorf("before %s: was, from and a later until (YYYY-MM-DD) are required", t.Law)
		}
		if _, ok := l.Named(t.Law); !ok {
			return fmt.Errorf("before %s: no such law under laws/", t.Law)
		}
		if t.Articles != "" {
			if n, err := fmt.Sscanf(t.Articles, "%d-%d", &t.first, &t.last); n != 2 || err != nil || t.first > t.last {
				return fmt.Errorf("before %s: articles %q are not FIRST-LAST", t.Law, t.Articles)
			}
		}
		if t.Citations, err = l.citeAll(t.Cite); err != nil {
			return fmt.Errorf("before %s: %w", t.Law, err)
		}
		l.Then = append(l.Then, t)
	}
	more, err := l.citeAll(past)
	if err != nil {
		return fmt.Errorf("past: %w", err)
	}
	l.Past = append(l.Past, more...)
	return nil
}
