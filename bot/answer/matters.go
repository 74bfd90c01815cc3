package answer

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// MostMatters is how many questions of one message are answered.
const MostMatters = 3

// Matters answers a message that may hold up to three questions, one after
// another. A message of one question gives one answer.
func (s *Service) Matters(ctx context.Context, q Question) ([]Answer, error) {
	whole, err := s.Ask(ctx, q)
	if err != nil || whole.Kind == Exact || whole.Say != "" {
		return []Answer{whole}, err
	}
	parts := s.cut(q.Text)
	if len(parts) < 2 {
		return []Answer{whole}, nil
	}
	var out []Answer
	for _, p := range parts {
		a, err := s.Ask(ctx, Question{Text: p, Limit: q.Limit, AsOf: q.AsOf})
		if err != nil {
			return nil, err
		}
		if s.counts(a, out) && len(out) < MostMatters {
			out = append(out, a)
		}
	}
	if len(out) > 1 || len(out) == 1 && whole.Kind == Refuse {
		return out, nil
	}
	return []Answer{whole}, nil
}

// counts tells whether a is a sure answer by an entry that none before gave.
func (s *Service) counts(a Answer, had []Answer) bool {
	if a.FAQ == nil || a.Kind == Refuse {
		return false
	}
	return !slices.ContainsFunc(had, func(h Answer) bool { return h.FAQ == a.FAQ })
}

// shortest is the length of a message or part below which it is not cut, or
// not a matter of its own, in characters.
const (
	shortestMessage = 16
	shortestPart    = 5
)

// cut takes a message apart where one question ends and the next begins. What
// is told before a question goes with it; a tail without a question goes with
// the last.
func (s *Service) cut(text string) []string {
	if utf8.RuneCountInString(text) < shortestMessage {
		return nil
	}
	var parts []string
	var open strings.Builder
	asked := false
	for _, piece := range s.pieces(text) {
		if asked && (piece.also || s.Asks(piece.text)) {
			parts = append(parts, open.String())
			open.Reset()
			asked = false
		}
		if open.Len() > 0 {
			open.WriteString("，")
		}
		open.WriteString(piece.text)
		asked = asked || s.Asks(piece.text)
	}
	if asked || len(parts) == 0 {
		return append(parts, open.String())
	}
	parts[len(parts)-1] += "，" + open.String()
	return parts
}

// piece is a clause; also says that a word before it opened another matter.
type piece struct {
	text string
	also bool
}

func (s *Service) pieces(text string) []piece {
	for _, word := range s.talk.also {
		text = strings.ReplaceAll(text, word, "\n\x00")
	}
	var out []piece
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("。！？!?；;\n", r) }) {
		p, also := strings.CutPrefix(strings.TrimSpace(part), "\x00")
		p = strings.Trim(p, " ，,、\x00")
		if utf8.RuneCountInString(p) < shortestPart {
			continue
		}
		out = append(out, piece{p, also})
	}
	return out
}
