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
		return s.story(ctx, q, whole)
	}
	var out []Answer
	for _, p := range parts {
		a, err := s.Ask(ctx, Question{Text: p, Limit: q.Limit, AsOf: q.AsOf})
		if err != nil {
			return nil, err
		}
		if s.counts(a, out) && (len(out) == 0 || s.lies(&a, s.due(p))) && len(out) < MostMatters {
			out = append(out, a)
		}
	}
	if len(out) > 1 || len(out) == 1 && whole.Kind == Refuse {
		return out, nil
	}
	return s.story(ctx, q, whole)
}

// story answers the matters of a long message that puts no questions: its
// clauses that plainly lead to entries of different fields. One that tells of
// one matter is answered as a whole.
func (s *Service) story(ctx context.Context, q Question, whole Answer) ([]Answer, error) {
	var out []Answer
	if utf8.RuneCountInString(q.Text) < shortestStory {
		return []Answer{whole}, nil
	}
	strands := s.strands(q.Text)
	for i := range strands {
		// What a clause begins the next may finish: 他跟俺借了两万，一分没还.
		for n, due := range []float64{standing, joined} {
			a, err := s.Ask(ctx, Question{Text: strings.Join(strands[i:min(i+1+n, len(strands))], "，"), Limit: q.Limit, AsOf: q.AsOf})
			if err != nil {
				return nil, err
			}
			if len(out) < MostMatters && s.counts(a, out) && s.lies(&a, due) && !slices.ContainsFunc(out, sameField(a)) {
				out = append(out, a)
				break
			}
		}
	}
	if len(out) < 2 || whole.FAQ != nil && !slices.ContainsFunc(out, sameField(whole)) {
		return []Answer{whole}, nil
	}
	return out, nil
}

// How near an entry must lie for a clause of a story, and for two in a row, to
// stand for themselves.
const (
	standing = 1.5
	joined   = 2.5
)

func sameField(a Answer) func(Answer) bool {
	return func(had Answer) bool { return had.FAQ.Field == a.FAQ.Field }
}

// due is how near an entry must lie to answer a further part: a short one
// (那能要回来吗) may well mean what was said before it.
func (s *Service) due(part string) float64 {
	if utf8.RuneCountInString(part) < shortestStrand {
		return obvious
	}
	return nearby
}

// lies tells whether the entry that answers lies as near as score, or was
// found by other means than nearness.
func (s *Service) lies(a *Answer, score float64) bool {
	faqs, scores := s.nearest(a)
	i := slices.Index(faqs, a.FAQ)
	return i < 0 || scores[i] >= score
}

// begins tells whether a clause opens with a word by which a story goes on to
// something else.
func (s *Service) begins(clause string) bool {
	return slices.ContainsFunc(s.talk.next, func(w string) bool { return strings.HasPrefix(clause, w) })
}

// strands cuts a story into clauses long enough to tell of something, never
// across the end of a sentence or a word that opens another matter.
func (s *Service) strands(text string) []string {
	var out []string
	for _, p := range s.pieces(text) {
		open := ""
		for clause := range strings.FieldsFuncSeq(p.text, func(r rune) bool { return strings.ContainsRune("，,、 ", r) }) {
			if open != "" && s.begins(clause) {
				out, open = append(out, open), ""
			}
			if open != "" {
				open += "，"
			}
			open += clause
			if utf8.RuneCountInString(open) >= shortestStrand {
				out, open = append(out, open), ""
			}
		}
		if utf8.RuneCountInString(open) >= shortestPart {
			out = append(out, open)
		}
	}
	return out
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

// shortestStory is the length of a message that may tell of several matters,
// and shortestStrand of a clause that may be one, in characters.
const (
	shortestStory  = 50
	shortestStrand = 12
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
