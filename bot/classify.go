package bot

import (
	"cmp"
	"slices"
	"strings"

	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/content"
)

// Whether people's mediation may take a matter.
const (
	MediableYes   = "yes"
	MediableNo    = "no"
	MediableRefer = "refer"
)

// otherCategory takes what no type's words point to.
const otherCategory = "other"

// leastScore is the score below which no type is proposed: half of the least
// telling word.
const leastScore = 1.0

// Villages finds the villages and communities that a text names; several when
// a name is ambiguous (东里: a village and a community). [place.Register] is one.
type Villages interface {
	Find(text string) []place.Village
}

// Classification is what the desk makes of a first message: enough to propose
// answers in the report dialogue and to put a case in the right queue. People
// may overrule all of it.
type Classification struct {
	Category   string            // key of the type
	Name       string            // the type as the statistics name it
	Score      float64           // 0..1, how far ahead of the next type it is
	Second     string            // key of the next type, "" if none
	Village    string            // code, "" if none or several are named
	Candidates []string          // codes, when several villages bear the name
	Mediable   string            // MediableYes, MediableNo or MediableRefer
	ReferTo    string            // office key: who instead, or for MediableYes who else
	Gate       string            // key of the rule that decided, "" if none
	Reason     string            // the rule's sentence for the resident
	Cite       []string          // the rule's articles
	Urgency    string            // LevelNormal, LevelRaised, LevelHigh or LevelEmergency
	Triage     *Match            // the emergency found, nil if none
	Reasons    map[string]string // category, village, mediable, urgency: why
}

// ClassifierOptions are what a Classifier may do without.
type ClassifierOptions struct {
	Triage *TriageMatcher // nil: nothing is urgent by its words
	FAQs   []content.FAQ  // phrasings that teach the types by example
	Terms  []content.Term // lexicon, the same
}

// Classifier sorts messages by the rules of content/forms. It is safe for
// concurrent use.
type Classifier struct {
	villages Villages
	triage   *TriageMatcher
	filter   *prefilter
	types    []categoryRule
	gates    []gateRule
	signs    []escalationRule
	likeness *likeness
}

type categoryRule struct {
	key, name string
	words     []weighted
}

type weighted struct {
	expression
	weight float64
}

// NewClassifier compiles the rules of in. An expression that doesn't compile is
// a bug of our own content and panics. villages may be nil.
func NewClassifier(in *content.Intake, villages Villages, opt ClassifierOptions) *Classifier {
	c := &Classifier{villages: villages, triage: opt.Triage, filter: newPrefilter()}
	for _, cat := range in.Categories {
		rule := categoryRule{key: cat.Key, name: cat.Name}
		for _, w := range cat.Words {
			expr, weight := parseWeight(w)
			rule.words = append(rule.words, weighted{compile(c.filter, expr), weight})
		}
		c.types = append(c.types, rule)
	}
	for _, g := range in.Gates {
		c.gates = append(c.gates, newGateRule(c.filter, g))
	}
	for _, e := range in.Escalations {
		c.signs = append(c.signs, escalationRule{e, compileAll(c.filter, e.Match), compileAll(c.filter, e.Not)})
	}
	c.likeness = learn(in.Categories, opt.FAQs, opt.Terms)
	return c
}

// Classify proposes type, village, gate and urgency for text.
func (c *Classifier) Classify(text string) Classification { return c.ClassifyReport(text, "", nil) }

// ClassifyReport is Classify for a matter whose type a person has chosen, "" if
// nobody has, with the answers to its questions by their keys: rules for a type
// go by what was chosen.
func (c *Classifier) ClassifyReport(text, category string, answers map[string]string) Classification {
	plain := normalise(text)
	seen := reading{text: plain, may: c.filter.scan(plain), answers: answers}
	if c.triage != nil {
		if m, ok := c.triage.Match(text); ok {
			seen.triage = &m
		}
	}
	out := Classification{Mediable: MediableYes, Urgency: LevelNormal, Triage: seen.triage, Reasons: map[string]string{}}
	c.sortByType(seen, &out)
	if category != "" {
		out.Category = category
	}
	c.findVillage(text, &out)
	c.passGates(seen, &out)
	if category != "" {
		out.Category = category
	}
	c.weighUrgency(seen, &out)
	out.Name = c.name(out.Category)
	return out
}

// reading is a message prepared for the rules.
type reading struct {
	text   string
	may    []bool
	triage *Match

	answers map[string]string // to the questions of the type
}

// answered tells whether one of the wanted answers was given.
func (r reading) answered(want map[string][]string) bool {
	for key, any := range want {
		if got := r.answers[key]; got != "" && slices.Contains(any, got) {
			return true
		}
	}
	return false
}

type vote struct {
	key   string
	score float64
	words []string
}

func (c *Classifier) sortByType(r reading, out *Classification) {
	like := c.likeness.of(r.text)
	votes := make([]vote, 0, len(c.types))
	for _, t := range c.types {
		v := vote{key: t.key, score: like[t.key]}
		for _, w := range t.words {
			if found := w.find(r.text, r.may); found != "" {
				v.score += w.weight
				v.words = append(v.words, found)
			}
		}
		votes = append(votes, v)
	}
	slices.SortStableFunc(votes, func(a, b vote) int { return cmp.Compare(b.score, a.score) })
	if len(votes) == 0 || votes[0].score < leastScore {
		out.Category = otherCategory
		return
	}
	top, next := votes[0], 0.0
	if len(votes) > 1 && votes[1].score > 0 {
		next, out.Second = votes[1].score, votes[1].key
	}
	out.Category, out.Score = top.key, top.score/(top.score+next+1)
	out.Reasons["category"] = strings.Join(top.words, "、")
}

func (c *Classifier) name(key string) string {
	for _, t := range c.types {
		if t.key == key {
			return t.name
		}
	}
	return ""
}

func (c *Classifier) findVillage(text string, out *Classification) {
	if c.villages == nil {
		return
	}
	found := c.villages.Find(text)
	if len(found) > 1 {
		found = c.ownVillage(text, found)
	}
	switch len(found) {
	case 0:
		return
	case 1:
		out.Village = found[0].Code
		out.Reasons["village"] = found[0].Name
	default:
		var names []string
		for _, v := range found {
			out.Candidates = append(out.Candidates, v.Code)
			names = append(names, v.Name)
		}
		out.Reasons["village"] = strings.Join(names, "、")
	}
}

// parseWeight splits 彩礼|彩理=6; the weight is 2 when none is given.
func parseWeight(word string) (string, float64) {
	i := strings.LastIndexByte(word, '=')
	if i < 0 {
		return word, 2
	}
	sign, digits := 1.0, word[i+1:]
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = -1, rest
	}
	if len(digits) != 1 || digits[0] < '0' || digits[0] > '9' {
		return word, 2
	}
	return word[:i], sign * float64(digits[0]-'0')
}
