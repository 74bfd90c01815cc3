package answer

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/content"
)

// rules are the compiled rules of the content.
type rules struct {
	smalls    []small
	followUps []followUp
	asking    []*regexp.Regexp
	polite    []*regexp.Regexp
	laws      []*regexp.Regexp
	own       []string
	also      []string
	next      []string
	corrects  []*regexp.Regexp
	today     []*regexp.Regexp
}

type small struct {
	rule       content.Small
	match, not []*regexp.Regexp
}

type followUp struct {
	rule  content.FollowUp
	match []*regexp.Regexp
}

// compile panics on an expression that the loader should have refused.
func compile(t *content.Talk) *rules {
	r := &rules{asking: expressions(t.Asking), polite: expressions(t.Polite), laws: expressions(t.LawName), own: t.Own, also: t.Also, next: t.Next, corrects: expressions(t.Corrects), today: expressions(t.Today)}
	for _, s := range t.Small {
		r.smalls = append(r.smalls, small{s, expressions(s.Match), expressions(s.Not)})
	}
	for _, f := range t.FollowUps {
		r.followUps = append(r.followUps, followUp{f, expressions(f.Match)})
	}
	return r
}

func expressions(exprs []string) []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(exprs))
	for i, e := range exprs {
		out[i] = regexp.MustCompile(e)
	}
	return out
}

func matches(exprs []*regexp.Regexp, text string) bool {
	return slices.ContainsFunc(exprs, func(e *regexp.Regexp) bool { return e.MatchString(text) })
}

// small finds the rule for a message that is no question of law.
func (r *rules) small(text string) (content.Small, bool) {
	folded := Fold(text)
	for _, s := range r.smalls {
		if matches(s.match, folded) && !matches(s.not, folded) {
			return s.rule, true
		}
	}
	return content.Small{}, false
}

// Fold makes a message ready for the content's expressions: narrow letters in
// lower case, without spaces and marks.
func Fold(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0xFF10 && r <= 0xFF5A {
			r -= 0xFEE0
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// bare takes off what is said before a question: 您好，请问一下. A message that
// is nothing else stays.
func (r *rules) bare(text string) string {
	for range len(r.polite) {
		for _, e := range r.polite {
			loc := e.FindStringIndex(text)
			if loc != nil && loc[0] == 0 && utf8.RuneCountInString(text[loc[1]:]) > 2 {
				text = text[loc[1]:]
			}
		}
	}
	return text
}

// now tells whether a message says that the matter is today's, whatever it
// tells of the past.
func (r *rules) now(text string) bool { return matches(r.today, text) }

// lawName is the name of a law, if that is all that a message says.
func (r *rules) lawName(text string) string {
	folded := Fold(r.bare(text))
	for _, e := range r.laws {
		if m := e.FindStringSubmatch(folded); m != nil {
			return m[1]
		}
	}
	return ""
}

// FollowUps tells which sides of the answer before a short message asks for:
// time, place, cost, papers, mediation and more, several where its parts ask
// for one each (那要多久？在哪办？). It is empty for a question of its own.
func (s *Service) FollowUps(text string) []string {
	text = s.talk.bare(text)
	if topic, ok := s.followUp(text); ok {
		return []string{topic}
	}
	var topics []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSpace(r) }) {
		topic, ok := s.followUp(part)
		if !ok || topic == then {
			return nil
		}
		if !slices.Contains(topics, topic) {
			topics = append(topics, topic)
		}
	}
	return topics
}

// then is the topic of a message that only says when the matter was.
const then = "then"

func (s *Service) followUp(part string) (topic string, ok bool) {
	folded := Fold(part)
	if utf8.RuneCountInString(folded) > 24 {
		return "", false
	}
	for _, f := range s.talk.followUps {
		if matches(f.match, folded) {
			return f.rule.Topic, true
		}
	}
	return "", false
}

// SeeAlso is the entry that a follow-up's topic leads to where the answer
// before says nothing of it; "" if none.
func (s *Service) SeeAlso(topic string) string {
	for _, f := range s.talk.followUps {
		if f.rule.Topic == topic && f.rule.See != "" {
			return f.rule.See
		}
	}
	return ""
}

// Corrects tells whether a message puts right what was said before (不对，是…),
// and what it says instead.
func (s *Service) Corrects(text string) (rest string, ok bool) {
	for _, e := range s.talk.corrects {
		if loc := e.FindStringIndex(text); loc != nil && loc[0] == 0 {
			return strings.TrimSpace(text[loc[1]:]), true
		}
	}
	return "", false
}

// Idle tells whether a message is small talk.
func (s *Service) Idle(text string) bool {
	_, ok := s.talk.small(text)
	return ok
}

// Asks tells whether a message is put as a question.
func (s *Service) Asks(text string) bool { return matches(s.talk.asking, text) }

// About picks the sentences of an entry that speak of a follow-up's topic.
func (s *Service) About(f *content.FAQ, topic string) []string {
	var words []string
	for _, fu := range s.talk.followUps {
		if fu.rule.Topic == topic {
			words = append(words, fu.rule.Words...)
		}
	}
	var out []string
	for _, part := range append([]string{f.Conclusion, f.Explanation}, f.Steps...) {
		for _, sentence := range sentences(part) {
			if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(sentence, w) }) {
				out = append(out, sentence)
			}
		}
	}
	return slices.Compact(out)
}

// sentences cuts at full stops and semicolons, marks dropped.
func sentences(text string) []string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。；;\n", r) })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" })
}
