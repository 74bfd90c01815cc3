package bot

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/content"
)

// Levels of urgency, of a message and of a report.
const (
	LevelNormal    = "normal"
	LevelHigh      = "high"
	LevelRaised    = "raised"
	LevelEmergency = "emergency"
)

// Match is what triage found in a message.
type Match struct {
	Kind      string             // the kind whose card is shown
	Kinds     []string           // every kind that matched, most urgent first
	Acute     []string           // those of Kinds that are no calm question
	Urgent    *Urgent            // the card, with the numbers of all kinds
	Choices   []string           // labels of the card's buttons
	Citations []content.Citation // what the card rests on
	Calm      bool               // card shown, answer follows: a question about the past or in general, or a kind that asks for no instant act
	Over      bool               // of a calm match: the danger is long over, the card comes after the answer
	Level     string             // LevelEmergency, LevelHigh, or LevelNormal when calm
	Words     []string           // the words of the message that showed it, for the record of reasons
}

// TriageMatcher finds emergencies in messages. It is safe for concurrent use.
type TriageMatcher struct {
	filter *prefilter
	kinds  []triageKind
	ear    func() *ear // learns when first asked
}

type triageKind struct {
	rule                   content.Triage
	signals                []signal
	not, calm, over, acute []expression
	instead                []expression // of the card's other beginnings, in order
}

type signal struct {
	expression
	weak bool
}

// NewTriage compiles the rules. An expression that doesn't compile is a bug of
// our own content and panics; the loader has tried each before. From the
// phrasings of faqs it learns what harmless questions sound like; without them
// only the rules speak.
func NewTriage(rules []content.Triage, faqs ...content.FAQ) *TriageMatcher {
	t := &TriageMatcher{filter: newPrefilter()}
	for _, r := range rules {
		k := triageKind{
			rule: r, not: compileAll(t.filter, r.Not),
			calm: compileAll(t.filter, r.Calm), over: compileAll(t.filter, r.Over), acute: compileAll(t.filter, r.Acute),
		}
		for _, o := range r.Card.Instead {
			k.instead = append(k.instead, compile(t.filter, o.Match))
		}
		for _, s := range r.Signals {
			k.signals = append(k.signals, signal{compile(t.filter, s.Match), s.Weak})
		}
		t.kinds = append(t.kinds, k)
	}
	slices.SortStableFunc(t.kinds, func(a, b triageKind) int { return cmp.Compare(a.rule.Order, b.rule.Order) })
	t.ear = sync.OnceValue(func() *ear { return newEar(t.rules(), t.harmless(faqs)) })
	return t
}

// rules are those of the kinds, in the order in which they are shown.
func (t *TriageMatcher) rules() []content.Triage {
	out := make([]content.Triage, 0, len(t.kinds))
	for i := range t.kinds {
		out = append(out, t.kinds[i].rule)
	}
	return out
}

// harmless are the phrasings of faqs in which the rules find nothing; those of
// a field that is a kind of danger itself (fraud, elder_fraud) show none.
func (t *TriageMatcher) harmless(faqs []content.FAQ) []string {
	var out []string
	for _, q := range faqs {
		if slices.ContainsFunc(t.kinds, func(k triageKind) bool { return k.rule.Kind == q.Field }) {
			continue
		}
		for _, text := range append([]string{q.Question}, q.Phrasings...) {
			plain := normalise(text)
			if _, found := t.byRules(plain, t.filter.scan(plain)); !found {
				out = append(out, text)
			}
		}
	}
	return out
}

// Match looks for every kind of emergency in text. It is false when there is
// none.
func (t *TriageMatcher) Match(text string) (Match, bool) {
	plain := normalise(text)
	may := t.filter.scan(plain)
	if m, found := t.byRules(plain, may); found {
		return m, true
	}
	return t.overhear(plain, may)
}

func (t *TriageMatcher) byRules(plain string, may []bool) (Match, bool) {
	var found []finding
	for i := range t.kinds {
		if f, ok := t.kinds[i].find(plain, may); ok {
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		return Match{}, false
	}
	// What happens now comes before what is asked calmly.
	slices.SortStableFunc(found, func(a, b finding) int { return cmp.Compare(rank(a.level), rank(b.level)) })
	return merge(found), true
}

// overhear asks the ear where no rule spoke. It may be wrong, so the card does
// not keep the answer back; a calm question is left alone.
func (t *TriageMatcher) overhear(plain string, may []bool) (Match, bool) {
	heard := t.ear()
	if heard == nil {
		return Match{}, false
	}
	if utf8.RuneCountInString(plain) < leastHeard {
		return Match{}, false
	}
	danger, at := heard.hear(plain)
	k := &t.kinds[at]
	masked := mask(plain, k.not, may)
	words, _ := k.seen(masked, may)
	due := earSure
	if len(words) > 0 {
		due = earHint
	}
	again, same := heard.hear(masked)
	if min(danger, again) < due || same != at || hits(k.calm, plain, may) {
		return Match{}, false
	}
	m := merge([]finding{{rule: &k.rule, level: cmp.Or(k.rule.Urgency, LevelEmergency), words: words, card: k.card(plain, may)}})
	m.Calm = true
	return m, true
}

// leastHeard is how long a message is that the ear judges: a few characters
// (那孩子呢) sound like anything.
const leastHeard = 6

// finding is one kind that matched.
type finding struct {
	rule  *content.Triage
	level string
	calm  bool
	over  bool
	words []string
	card  content.Other // as it begins for this message
}

func (k *triageKind) find(text string, may []bool) (finding, bool) {
	masked := mask(text, k.not, may)
	words, ok := k.seen(masked, may)
	if !ok {
		return finding{}, false
	}
	f := finding{rule: &k.rule, words: words, level: cmp.Or(k.rule.Urgency, LevelEmergency), card: k.card(text, may)}
	switch {
	case hits(k.acute, masked, may):
		f.level = LevelEmergency
	case hits(k.calm, text, may):
		f.calm, f.over, f.level = true, hits(k.over, text, may), LevelNormal
	}
	return f, true
}

// card is how the help card reads for this message.
func (k *triageKind) card(text string, may []bool) content.Other {
	for i, x := range k.instead {
		if x.find(text, may) != "" {
			return k.rule.Card.Instead[i]
		}
	}
	c := k.rule.Card
	return content.Other{Lead: c.Lead, Lines: c.Lines, After: c.After}
}

// seen reports a strong signal, or two weak ones that differ.
func (k *triageKind) seen(text string, may []bool) (words []string, ok bool) {
	weak := 0
	for _, s := range k.signals {
		w := s.find(text, may)
		if w == "" {
			continue
		}
		words = append(words, w)
		if s.weak {
			weak++
		} else {
			ok = true
		}
	}
	return words, ok || weak > 1
}

// blankMark stands where a mask took something out.
const blankMark = '□'

// mask takes out of text what only sounds like danger (打官司), and leaves the
// rest to be looked at.
func mask(text string, not []expression, may []bool) string {
	for _, x := range not {
		text = x.blank(text, string(blankMark), may)
	}
	return text
}

func hits(list []expression, text string, may []bool) bool {
	for _, x := range list {
		if x.find(text, may) != "" {
			return true
		}
	}
	return false
}

func rank(level string) int {
	return slices.Index([]string{LevelEmergency, LevelHigh, LevelRaised, LevelNormal}, level)
}

// merge makes one card: that of the first kind, with the numbers of all.
func merge(found []finding) Match {
	top := found[0]
	m := Match{
		Kind: top.rule.Kind, Choices: top.rule.Card.Choices, Citations: top.rule.Citations,
		Calm: top.calm || top.rule.Follows && top.level != LevelEmergency, Over: top.over, Level: top.level,
		Urgent: &Urgent{Kind: top.rule.Kind, Lead: top.card.Lead, Lines: top.card.Lines, After: top.card.After},
	}
	for _, f := range found {
		m.Kinds = append(m.Kinds, f.rule.Kind)
		m.Words = append(m.Words, f.words...)
		if !f.calm {
			m.Acute = append(m.Acute, f.rule.Kind)
		}
		for _, n := range slices.Concat(f.card.Numbers, f.rule.Numbers) {
			if !slices.Contains(m.Urgent.Numbers, n) {
				m.Urgent.Numbers = append(m.Urgent.Numbers, n)
			}
		}
	}
	m.Words = slices.Compact(slices.DeleteFunc(m.Words, func(w string) bool { return strings.TrimSpace(w) == "" }))
	return m
}
