package answer

import (
	"strings"

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
