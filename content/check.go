package content

import (
	"cmp"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Problem is one fault of the content: where it stands, what is wrong, and
// what to write instead. Text and Instead are for the person who edits.
type Problem struct {
	File    string `json:"file"`
	Entry   string `json:"entry,omitempty"` // id, article, word; "" for the whole file
	Line    int    `json:"line,omitempty"`  // 0 if not known
	Field   string `json:"field,omitempty"` // of an FAQ: which of its fields; "" if it is about the whole
	Text    string `json:"text"`
	Instead string `json:"instead"`
}

// String is the form of a compiler's message.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s: %s %s", p.File, p.Line, p.Entry, p.Text, p.Instead)
}

// Counts is how much of everything there is.
type Counts struct {
	FAQs          int `json:"faqs"`
	Guides        int `json:"guides"`
	Items         int `json:"items"`
	Forms         int `json:"forms"`
	Lexicon       int `json:"lexicon"`
	LawsNamed     int `json:"laws_named"`     // short names, titles and nicknames
	TriageSignals int `json:"triage_signals"` // expressions
}

// checkRules is check/rules.yaml: limits and words, as data.
type checkRules struct {
	Fields map[string]int `yaml:"fields"`
	Least  struct {
		Guides    int `yaml:"guides"`
		Items     int `yaml:"items"`
		Month     int `yaml:"month"`
		Lexicon   int `yaml:"lexicon"`
		LawsNamed int `yaml:"laws_named"`
		Examples  int `yaml:"triage_examples"`
		Phrasings int `yaml:"phrasings"`
		Questions int `yaml:"guide_questions"`
		Quiz      int `yaml:"quiz"`
	} `yaml:"least"`
	Most      map[string]int `yaml:"most"`
	Body      int            `yaml:"body"`
	Spoken    int            `yaml:"spoken"`
	Forbidden []struct {
		Match   string `yaml:"match"`
		Instead string `yaml:"instead"`
	} `yaml:"forbidden"`
}

// Check finds everything wrong with the content that can be seen without
// statutes, in the order of files and lines: lengths, phrasings, forbidden
// words, near-duplicates, overdue reviews, and what is still to be written.
func Check(lib *Library, now time.Time) []Problem {
	c, err := newChecker(lib, now)
	if err != nil {
		return []Problem{{File: "check/rules.yaml", Text: err.Error()}}
	}
	for i := range lib.FAQs {
		c.faq(&lib.FAQs[i])
	}
	for i := range lib.Guides {
		c.guide(&lib.Guides[i])
	}
	for i := range lib.Items {
		c.item(&lib.Items[i])
	}
	c.tables()
	c.twins()
	c.coverage()
	c.sort()
	return c.out
}

// Count counts what the library holds.
func Count(lib *Library) (Counts, error) {
	n := Counts{FAQs: len(lib.FAQs), Guides: len(lib.Guides), Items: len(lib.Items), Lexicon: len(lib.Lexicon), LawsNamed: len(lib.Laws.byName)}
	for _, t := range lib.Triage {
		n.TriageSignals += len(t.Signals)
	}
	docs, err := Documents(lib.Files())
	n.Forms = len(docs)
	return n, err
}

// Files is the tree that the library was loaded from.
func (lib *Library) Files() fs.FS {
	if lib.fsys == nil {
		return Shipped()
	}
	return lib.fsys
}

// checker collects problems.
type checker struct {
	lib       *Library
	now       time.Time
	rules     checkRules
	forbidden []*regexp.Regexp
	offices   map[string]bool
	find      *Locator
	say       *Reporter
	out       []Problem
}

func newChecker(lib *Library, now time.Time) (*checker, error) {
	c := &checker{lib: lib, now: now, offices: map[string]bool{}, find: NewLocator(lib)}
	if err := decode(Shipped(), "check/rules.yaml", &c.rules); err != nil {
		return nil, err
	}
	for _, f := range c.rules.Forbidden {
		re, err := regexp.Compile(f.Match)
		if err != nil {
			return nil, err
		}
		c.forbidden = append(c.forbidden, re)
	}
	for _, o := range lib.Offices {
		c.offices[o.Key] = true
	}
	var err error
	c.say, err = NewReporter()
	return c, err
}

// Reporter words problems: each text under check.* has the fault in its first
// line and what to write instead in the second.
type Reporter struct{ texts *Texts }

// NewReporter reads the shipped wordings.
func NewReporter() (*Reporter, error) {
	t, err := LoadTexts(Shipped())
	return &Reporter{t}, err
}

// Say renders one problem's two lines.
func (r *Reporter) Say(key string, data map[string]any) (text, instead string) {
	text, instead, _ = strings.Cut(r.texts.Say(key, data), "\n")
	return strings.TrimSpace(text), strings.TrimSpace(instead)
}

// what names a field in the words of those who edit.
func (r *Reporter) what(field string) string {
	name, _ := r.Say("check.what", map[string]any{"What": field})
	return name
}

// place is where a problem stands: a file, an entry, a piece of its text, and
// which field of the entry that is.
type place struct{ file, entry, near, field string }

func (at place) in(field string) place {
	at.field = field
	return at
}

func (c *checker) report(at place, key string, data map[string]any) {
	p := Problem{File: at.file, Entry: at.entry, Field: at.field, Line: c.find.Line(at.file, at.entry, at.near)}
	p.Text, p.Instead = c.say.Say(key, data)
	c.out = append(c.out, p)
}

func (c *checker) sort() {
	slices.SortStableFunc(c.out, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Text, b.Text))
	})
}

// length complains of text longer than rules.yaml allows for what.
func (c *checker) length(at place, what, text string) {
	n, most := utf8.RuneCountInString(strings.TrimSpace(text)), c.rules.Most[what]
	if most > 0 && n > most {
		at.near = text
		c.report(at, "check.too_long", map[string]any{"What": c.say.what(what), "N": n, "Max": most})
	}
}

// words looks for what must not be said and for sentences out of breath.
func (c *checker) words(at place, text string) {
	at.near = text
	for i, re := range c.forbidden {
		if hit := re.FindString(text); hit != "" {
			c.report(at, "check.forbidden", map[string]any{"Word": hit, "Instead": c.rules.Forbidden[i].Instead})
		}
	}
	for _, s := range Sentences(text) {
		if n, most := utf8.RuneCountInString(s), c.rules.Most["sentence"]; n > most {
			at.near = s
			c.report(at, "check.sentence", map[string]any{"N": n, "Max": most, "Start": cutRunes(s, 12)})
		}
	}
}

// Sentences cuts a text at its full stops.
func Sentences(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。！？；!?\n", r) })
}

func cutRunes(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

func (c *checker) review(at place, reviewed, by string) {
	r, errR := time.Parse(time.DateOnly, reviewed)
	b, errB := time.Parse(time.DateOnly, by)
	today := c.now.Format(time.DateOnly) // where now is, not in Greenwich
	switch {
	case errR != nil || errB != nil:
		c.report(at, "check.review_date", map[string]any{"Reviewed": reviewed, "By": by})
	case reviewed > today || !b.After(r):
		c.report(at, "check.review_order", map[string]any{"Reviewed": reviewed, "By": by})
	case by < today:
		c.report(at, "check.review_due", map[string]any{"By": by})
	}
}
