package content

import (
	"regexp"
	"slices"
	"strconv"
	"time"
)

const shortNumber = 5 // digits of a national hotline at most

var phone = regexp.MustCompile(`^[0-9][0-9\-— 、转]{2,29}$`)

// tables checks laws, lexicon, triage and offices.
func (c *checker) tables() {
	for _, l := range c.lib.Laws.All {
		at := place{file: "laws/", entry: l.Title}
		if l.Effective != "" && !isDay(l.Effective) {
			c.report(at, "check.law_day", map[string]any{"Day": l.Effective})
		}
		if l.Newer && (l.Source == "" || l.Effective == "" && !l.Undated) {
			c.report(at, "check.law_newer", map[string]any{"Short": l.Short})
		}
	}
	for _, s := range c.lib.Laws.Successors {
		at := place{file: "laws/", entry: s.Old}
		if !isDay(s.Since) {
			c.report(at, "check.law_day", map[string]any{"Day": s.Since})
		}
		if _, ok := c.lib.Laws.Named(s.New); s.New != "" && !ok {
			c.report(at, "check.successor", map[string]any{"New": s.New})
		}
	}
	for _, t := range c.lib.Lexicon {
		at := place{file: "lexicon/", entry: t.Say}
		if _, ok := c.rules.Fields[t.Field]; !ok && t.Field != "any" {
			c.report(at, "check.field", map[string]any{"Field": t.Field})
		}
		if slices.Contains(t.Means, t.Say) {
			c.report(at, "check.term", map[string]any{"Say": t.Say})
		}
	}
	for i := range c.lib.Triage {
		c.triage(&c.lib.Triage[i])
	}
	for _, o := range c.lib.Offices {
		at := place{file: "places/offices.yaml", entry: o.Key}
		local := len(o.Phone) > shortNumber // a national hotline is common knowledge
		if o.Phone != "" && (!phone.MatchString(o.Phone) || local && o.Source == "") {
			c.report(at, "check.phone", map[string]any{"Name": o.Name, "Phone": o.Phone})
		}
	}
}

func (c *checker) triage(t *Triage) {
	at := place{file: t.File, entry: t.Kind}
	least := c.rules.Least.Examples
	for what, n := range map[string]int{"positive": len(t.Examples.Positive), "negative": len(t.Examples.Negative)} {
		if n < least {
			c.report(at, "check.examples", map[string]any{"What": what, "N": n, "Min": least})
		}
	}
	said := append([]string{t.Card.Lead, t.Card.After}, t.Card.Lines...)
	for _, o := range t.Card.Instead {
		said = append(append(said, o.Lead, o.After), o.Lines...)
	}
	for _, s := range said {
		c.words(at, s)
	}
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// coverage says what is still to be written.
func (c *checker) coverage() {
	have := map[string]int{}
	for _, f := range c.lib.FAQs {
		have[f.Field]++
	}
	for field, want := range c.rules.Fields {
		c.enough("faq/", field, have[field], want)
	}
	months := map[int]int{}
	for _, it := range c.lib.Items {
		months[it.Month]++
	}
	for m := 1; m <= 12; m++ {
		c.enough("publicity/", strconv.Itoa(m), months[m], c.rules.Least.Month)
	}
	c.enough("guide/", "guides", len(c.lib.Guides), c.rules.Least.Guides)
	c.enough("publicity/", "items", len(c.lib.Items), c.rules.Least.Items)
	c.enough("lexicon/", "terms", len(c.lib.Lexicon), c.rules.Least.Lexicon)
	c.enough("laws/", "names", len(c.lib.Laws.byName), c.rules.Least.LawsNamed)
}

func (c *checker) enough(file, what string, have, want int) {
	if have < want {
		c.report(place{file: file, entry: what}, "check.coverage", map[string]any{"Have": have, "Want": want})
	}
}
