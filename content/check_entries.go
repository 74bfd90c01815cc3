package content

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var within = regexp.MustCompile(`^[1-9][0-9]{0,3}(y|m|d|wd|h)$`)

func (c *checker) faq(f *FAQ) {
	at := place{file: f.File, entry: f.ID}
	if _, ok := c.rules.Fields[f.Field]; !ok {
		c.report(at.in("field"), "check.field", map[string]any{"Field": f.Field})
	}
	c.length(at.in("conclusion"), "conclusion", f.Conclusion)
	c.length(at.in("explanation"), "explanation", f.Explanation)
	if n := statements(f.Conclusion); n > 2 {
		at := at.in("conclusion")
		at.near = f.Conclusion
		c.report(at, "check.conclusion", map[string]any{"N": n})
	}
	for _, s := range f.Steps {
		c.length(at.in("steps"), "step", s)
	}
	if len(f.Steps) == 0 || len(f.See) == 0 {
		c.report(at.in(missingOf(f)), "check.steps", nil)
	}
	for _, part := range f.parts() {
		for _, text := range part.texts {
			c.words(at.in(part.field), text)
		}
	}
	c.phrasings(at.in("phrasings"), f.Question, f.Phrasings)
	c.see(at.in("see"), f.See)
	c.deadlines(at.in("deadlines"), f.Deadlines)
	c.mediation(at.in("mediation"), f.Mediation)
	c.review(at.in("reviewed"), f.Reviewed, f.ReviewBy)
}

func missingOf(f *FAQ) string {
	if len(f.Steps) == 0 {
		return "steps"
	}
	return "see"
}

// part is what an FAQ says under one of its fields.
type part struct {
	field string
	texts []string
}

// parts lists all that an FAQ says.
func (e *FAQ) parts() []part {
	return []part{
		{"question", []string{e.Question}},
		{"conclusion", []string{e.Conclusion}},
		{"explanation", []string{e.Explanation}},
		{"warning", []string{e.Warning}},
		{"mediation", []string{e.Mediation.Why}},
		{"steps", e.Steps},
		{"papers", e.Papers},
	}
}

// statements counts the sentences of a conclusion. A verdict of a word or two
// (能。 不一定。) goes with the sentence that follows.
func statements(text string) (n int) {
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。！？!?", r) }) {
		if utf8.RuneCountInString(s) > 8 {
			n++
		}
	}
	return n
}

// phrasings wants enough of them, each in other words: the same words in
// another order teach the search nothing.
func (c *checker) phrasings(at place, question string, list []string) {
	if least := c.rules.Least.Phrasings; len(list) < least {
		c.report(at, "check.phrasings", map[string]any{"N": len(list), "Min": least})
	}
	seen := map[string]string{shuffled(question): question}
	for _, p := range list {
		k := shuffled(p)
		if other, ok := seen[k]; ok {
			at := at
			at.near = p
			c.report(at, "check.shuffle", map[string]any{"One": p, "Other": other})
		}
		seen[k] = p
	}
}

// shuffled is the same for two phrasings that are made of the same characters.
func shuffled(s string) string {
	r := []rune(Plain(s))
	slices.Sort(r)
	return string(r)
}

func (c *checker) see(at place, keys []string) {
	for _, k := range keys {
		if !c.offices[k] {
			c.report(at, "check.office", map[string]any{"Key": k})
		}
	}
}

func (c *checker) deadlines(at place, list []Deadline) {
	for _, d := range list {
		at.near = d.What
		if !within.MatchString(d.Within) {
			c.report(at, "check.within", map[string]any{"Within": d.Within})
		}
		if d.What == "" || d.From == "" || d.Cite == "" {
			c.report(at, "check.deadline", map[string]any{"What": d.What})
		}
	}
}

func (c *checker) mediation(at place, m Mediation) {
	if m.Can != "yes" && m.Can != "no" && m.Can != "refer" || m.Why == "" {
		c.report(at, "check.mediation", map[string]any{"Can": m.Can})
	}
	if m.Can == "refer" && !c.offices[m.Office] || m.Office != "" && !c.offices[m.Office] {
		c.report(at, "check.refer", map[string]any{"Office": m.Office})
	}
}

func (c *checker) guide(g *Guide) {
	at := place{file: g.File, entry: g.Article}
	if _, ok := c.rules.Fields[g.Field]; !ok {
		c.report(at, "check.field", map[string]any{"Field": g.Field})
	}
	c.length(at, "means", g.Means)
	c.length(at, "example", g.Example)
	if g.Example == "" {
		c.report(at, "check.example", nil)
	}
	if least := c.rules.Least.Questions; len(g.Questions) < least {
		c.report(at, "check.questions", map[string]any{"N": len(g.Questions), "Min": least})
	}
	seen := map[string]string{}
	for _, q := range g.Questions {
		if other, ok := seen[shuffled(q)]; ok {
			c.report(at, "check.shuffle", map[string]any{"One": q, "Other": other})
		}
		seen[shuffled(q)] = q
	}
	for _, text := range append([]string{g.Means, g.Example}, g.Questions...) {
		c.words(at, text)
	}
	c.review(at, g.Reviewed, g.ReviewBy)
}

var itemKinds = []string{"theme", "case", "antifraud", "quiz"}

func (c *checker) item(it *Item) {
	at := place{file: it.File, entry: it.ID}
	if !slices.Contains(itemKinds, it.Kind) {
		c.report(at, "check.kind", map[string]any{"Kind": it.Kind})
	}
	for what, text := range map[string]string{"title": it.Title, "digest": it.Digest, "body": it.Body, "large": it.Large, "poster": it.Poster, "spoken": it.Spoken} {
		c.length(at, what, text)
		if text == "" && what != "large" {
			c.report(at, "check.rendering", map[string]any{"What": what})
		}
		c.words(at, text)
	}
	c.least(at, "body", it.Body, c.rules.Body)
	c.least(at, "spoken", it.Spoken, c.rules.Spoken)
	if len(it.Audience) == 0 {
		c.report(at, "check.audience", nil)
	}
	c.day(at, it.Day)
	c.quiz(at, it)
	c.review(at, it.Reviewed, it.ReviewBy)
}

func (c *checker) least(at place, what, text string, least int) {
	if n := utf8.RuneCountInString(text); text != "" && n < least {
		at.near = text
		c.report(at, "check.too_short", map[string]any{"What": what, "N": n, "Min": least})
	}
}

func (c *checker) quiz(at place, it *Item) {
	if it.Kind == "quiz" && len(it.Quiz) < c.rules.Least.Quiz {
		c.report(at, "check.quiz", map[string]any{"N": len(it.Quiz), "Min": c.rules.Least.Quiz})
	}
	for _, q := range it.Quiz {
		at.near = q.Ask
		if len(q.Choices) < 2 || len(q.Cite) == 0 || q.Because == "" {
			c.report(at, "check.quiz_question", map[string]any{"Ask": q.Ask})
		}
		for _, text := range append([]string{q.Ask, q.Because}, q.Choices...) {
			c.words(at, text)
		}
	}
}

var (
	dayMonth = regexp.MustCompile(`^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`)
	nthDay   = regexp.MustCompile(`^(0[1-9]|1[0-2]) [1-5] (mon|tue|wed|thu|fri|sat|sun)$`)
)

// day wants at most one form of the rule, and one that can be computed.
func (c *checker) day(at place, d DayRule) {
	forms := 0
	for _, s := range []string{d.Fixed, d.Weekday, d.Term, d.Lunar} {
		if s != "" {
			forms++
		}
	}
	bad := d.Fixed != "" && !dayMonth.MatchString(d.Fixed) || d.Lunar != "" && !dayMonth.MatchString(d.Lunar) ||
		d.Weekday != "" && !nthDay.MatchString(d.Weekday) || d.Term != "" && utf8.RuneCountInString(d.Term) != 2
	if forms > 1 || bad {
		c.report(at, "check.day", map[string]any{"Rule": strings.Join([]string{d.Fixed, d.Weekday, d.Term, d.Lunar}, " ")})
	}
}
