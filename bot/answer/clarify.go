package answer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/content"
)

// decide follows the entry's question back: to the choice that the message
// already made, or ask is true when it made none. Neither when the entry asks
// nothing.
func (s *Service) decide(f *content.FAQ, text string) (to *content.FAQ, ask bool) {
	if f.Clarify == nil {
		return nil, false
	}
	for _, c := range f.Clarify.Choices {
		if told(text, c.Say) {
			if to != nil {
				return nil, true
			}
			to = s.shelf.Load().faqs[c.To]
		}
	}
	return to, to == nil
}

// optional tells whether f asks back only to be exact: one choice is f itself.
func (s *Service) optional(f *content.FAQ) bool {
	return slices.ContainsFunc(f.Clarify.Choices, func(c content.ClarifyChoice) bool { return c.To == f.ID })
}

// vague is how much worse than f another choice may fit for the question to be
// open, and bareAsked how short one is that tells nothing.
const (
	vague     = 1.2
	bareAsked = 5 // characters
)

// open tells whether the question may as well mean one of f's other choices.
func (s *Service) open(a *Answer, f *content.FAQ) bool {
	asked := Fold(s.talk.bare(a.Question))
	if utf8.RuneCountInString(asked) <= bareAsked {
		return true
	}
	if s.shelf.Load().phrased[asked] == f {
		return false
	}
	faqs, scores := s.nearest(a)
	own := slices.Index(faqs, f)
	for i, other := range faqs {
		is := func(c content.ClarifyChoice) bool { return c.To == other.ID }
		if own >= 0 && other != f && scores[i] > scores[own]-vague && slices.ContainsFunc(f.Clarify.Choices, is) {
			return true
		}
	}
	return false
}

// Chosen finds the entry that words typed in reply to an entry's question
// mean; false when they fit no choice, or several alike.
func (s *Service) Chosen(id, text string) (to string, ok bool) {
	f := s.shelf.Load().faqs[id]
	if f == nil || f.Clarify == nil {
		return "", false
	}
	if to, _ := s.decide(f, text); to != nil {
		return to.ID, true
	}
	said, best, second := Fold(text), 0.0, 0.0
	for _, c := range f.Clarify.Choices {
		switch like := overlap(said, Fold(c.Say)); {
		case like > best:
			best, second, to = like, best, c.To
		case like > second:
			second = like
		}
	}
	return to, best >= leastAlike && best-second >= apart
}

// How alike a reply and a choice must be, and how much more than to the next.
const (
	leastAlike = 0.4
	apart      = 0.1
)

// overlap is how many pairs of neighbouring characters a and b share, by the
// Dice measure.
func overlap(a, b string) float64 {
	x, y := pairs(a), pairs(b)
	if len(x)+len(y) == 0 {
		return 0
	}
	all, shared := len(x)+len(y), 0
	for _, p := range x {
		if i := slices.Index(y, p); i >= 0 {
			y = slices.Delete(y, i, i+1)
			shared++
		}
	}
	return 2 * float64(shared) / float64(all)
}

func pairs(text string) []string {
	runes := []rune(text)
	var out []string
	for i := 1; i < len(runes); i++ {
		out = append(out, string(runes[i-1:i+1]))
	}
	return out
}

// told tells whether text says every part of a choice: 没领证，没一起住.
func told(text, choice string) bool {
	flat := strings.ReplaceAll(Fold(text), "没有", "没")
	for part := range strings.FieldsFuncSeq(choice, func(r rune) bool { return strings.ContainsRune("，,、；（）() ", r) }) {
		if !says(flat, Fold(part)) {
			return false
		}
	}
	return choice != ""
}

// says finds part in flat, but not where a 没 or 不 before turns it round.
func says(flat, part string) bool {
	for from := 0; ; {
		i := strings.Index(flat[from:], part)
		if i < 0 {
			return false
		}
		before := flat[:from+i]
		if !strings.HasSuffix(before, "没") && !strings.HasSuffix(before, "不") && !strings.HasSuffix(before, "未") {
			return true
		}
		from += i + len(part)
	}
}
