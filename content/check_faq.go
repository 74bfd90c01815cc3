package content

import "time"

// CheckFAQ finds what [Check] would find wrong with f if it stood in lib in
// place of the entry of the same id: its own faults, and questions that another
// FAQ claims already. Each problem names the field of f that it is about.
func CheckFAQ(lib *Library, f FAQ, now time.Time) []Problem {
	c, err := newChecker(lib, now)
	if err != nil {
		return []Problem{{File: "check/rules.yaml", Text: err.Error()}}
	}
	for field, text := range map[string]string{"question": f.Question, "conclusion": f.Conclusion} {
		if text == "" {
			c.report(place{file: f.File, entry: f.ID, field: field}, "check.empty", map[string]any{"What": c.say.what(field)})
		}
	}
	if len(f.Cite) == 0 {
		c.report(place{file: f.File, entry: f.ID, field: "cite"}, "check.empty", map[string]any{"What": c.say.what("cite")})
	}
	c.faq(&f)
	c.compare(c.others(f))
	c.clarify(f)
	c.only(f.ID)
	c.sort()
	return c.out
}

// others are the questions of all FAQs but the one of f's id, and f's last, so
// that what is found is said of f.
func (c *checker) others(f FAQ) []asked {
	var list []asked
	for i := range c.lib.FAQs {
		if other := &c.lib.FAQs[i]; other.ID != f.ID {
			list = append(list, askedBy(place{file: other.File, entry: other.ID}, other)...)
		}
	}
	return append(list, askedBy(place{file: f.File, entry: f.ID}, &f)...)
}

// clarify wants every choice to lead to an entry.
func (c *checker) clarify(f FAQ) {
	if f.Clarify == nil {
		return
	}
	ids := map[string]bool{f.ID: true}
	for _, other := range c.lib.FAQs {
		ids[other.ID] = true
	}
	for _, choice := range f.Clarify.Choices {
		if !ids[choice.To] {
			c.report(place{file: f.File, entry: f.ID, field: "clarify"}, "check.clarify", map[string]any{"To": choice.To})
		}
	}
}

// only keeps the problems of one entry.
func (c *checker) only(id string) {
	kept := c.out[:0]
	for _, p := range c.out {
		if p.Entry == id {
			kept = append(kept, p)
		}
	}
	c.out = kept
}
