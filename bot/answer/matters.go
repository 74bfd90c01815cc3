package answer

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/content"
)

// MostMatters is how many questions of one message are answered.
const MostMatters = 3

// mostAlso is how many further matters are offered by a button.
const mostAlso = 2

// Matters answers a message that may hold up to three matters, one after
// another. A message of one matter gives one answer. A matter that may be none
// of its own is not answered but offered, in Also of the last answer.
func (s *Service) Matters(ctx context.Context, q Question) ([]Answer, error) {
	whole, err := s.Ask(ctx, q)
	if err != nil || whole.Kind == Exact || whole.Say != "" {
		return []Answer{whole}, err
	}
	sections := s.sections(q.Text)
	if len(sections) < 2 && len(sections[0]) < 2 {
		return []Answer{whole}, nil
	}
	var out found
	for _, units := range sections {
		d := division{s: s, q: q, units: units, spans: map[[2]int]span{}, sure: whole.Certainty}
		if len(sections) == 1 {
			d.spans[[2]int{0, len(units)}] = s.span(whole)
		}
		if err := d.into(ctx, &out); err != nil {
			return nil, err
		}
	}
	return s.told(&out, whole), nil
}

// found gathers the matters of a message.
type found struct {
	answers []Answer
	also    []*content.FAQ
}

// told are the answers, with what is offered beside. Where nothing is known of
// any part, the whole message is answered.
func (s *Service) told(f *found, whole Answer) []Answer {
	known := slices.ContainsFunc(f.answers, func(a Answer) bool { return a.FAQ != nil })
	if !known {
		return []Answer{whole}
	}
	if len(f.answers) > 1 {
		for i := range f.answers {
			f.answers[i] = s.modest(f.answers[i])
		}
	}
	out := f.answers[:min(len(f.answers), MostMatters)]
	for _, a := range f.answers[len(out):] {
		f.offer(a)
	}
	for _, e := range f.also {
		last := &out[len(out)-1]
		if len(last.Also) < mostAlso && !slices.ContainsFunc(out, func(a Answer) bool { return shows(&a, e) }) {
			last.Also = append(last.Also, e)
		}
	}
	return out
}

// modest says of a part that no entry answers that it is not known: an article
// is too bold a guess where the words around a part may be another's.
func (s *Service) modest(a Answer) Answer {
	if a.FAQ != nil || a.Kind == Refuse || a.Kind == Exact {
		return a
	}
	out := Answer{Question: a.Question, Certainty: a.Certainty, Version: a.Version, Hits: a.Hits, near: a.near}
	s.refuse(&out)
	return out
}

// shows tells whether an answer is e or has a button to it.
func shows(a *Answer, e *content.FAQ) bool {
	return a.FAQ == e || slices.Contains(a.Topics, e) || slices.Contains(a.Related, e)
}

func (f *found) offer(a Answer) {
	if a.FAQ != nil && !slices.Contains(f.also, a.FAQ) {
		f.also = append(f.also, a.FAQ)
	}
}

// answer adds what a stretch is answered by, once.
func (f *found) answer(a Answer) {
	if !slices.ContainsFunc(f.answers, func(had Answer) bool { return had.FAQ == a.FAQ && a.FAQ != nil }) {
		f.answers = append(f.answers, a)
	}
}

// A unit is a stretch of a message that belongs together: a clause long enough
// to tell of something, with the short ones before and after it.
type unit struct {
	text  string
	opens tear // what stands between it and the unit before it
}

// tear is how unlikely a new matter begins at a place: what two matters must
// be nearer to their entries than one is to its own.
type tear float64

// The places where a matter may end.
const (
	turned  tear = 1   // a word by which a story goes on: 还有, 去年
	asked   tear = 1.2 // a question ends
	stopped tear = 1.8 // a sentence ends
	paused  tear = 3.5 // a clause ends
)

const (
	// shortestUnit is the length of a stretch that may tell of a matter, and
	// shortestMessage of a message that may tell of two, in characters.
	shortestUnit    = 8
	shortestMessage = 16
	// shortestSection is how much stands between two words that open a matter.
	shortestSection = 10
	// mostUnits is into about how many a part is cut.
	mostUnits = 8
)

const (
	sentenceMarks = "。！？!?；;\n"
	clauseMarks   = "，,、 　"
)

// sections cuts a message at words that open another matter, and each part
// into its units.
func (s *Service) sections(text string) [][]unit {
	if utf8.RuneCountInString(text) < shortestMessage {
		return [][]unit{nil}
	}
	for _, word := range s.talk.also {
		text = strings.ReplaceAll(text, word, "\x00")
	}
	var parts []string
	open := ""
	for part := range strings.SplitSeq(text, "\x00") {
		part = strings.Trim(part, sentenceMarks+clauseMarks)
		if open != "" && part != "" {
			open += "，"
		}
		if open += part; utf8.RuneCountInString(open) >= shortestSection || s.Asks(part) {
			parts, open = append(parts, open), ""
		}
	}
	if open != "" && len(parts) > 0 {
		parts[len(parts)-1] += "，" + open
	} else if open != "" {
		parts = []string{open}
	}
	var out [][]unit
	for _, part := range parts {
		out = append(out, s.units(part))
	}
	return out
}

// units cuts a part of a message at its marks. A clause that is too short to
// tell of anything goes with the one before it in its sentence, or after.
func (s *Service) units(text string) []unit {
	var out []unit
	least := max(shortestUnit, utf8.RuneCountInString(text)/mostUnits)
	short := func(text string) bool { return utf8.RuneCountInString(text) < least }
	opens := stopped
	for sentence := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(sentenceMarks, r) }) {
		for clause := range strings.FieldsFuncSeq(sentence, func(r rune) bool { return strings.ContainsRune(clauseMarks, r) }) {
			last := len(out) - 1
			if last > 0 && short(out[last].text) && opens != paused { // the end of a sentence
				out[last-1].text += "，" + out[last].text
				out, last = out[:last], last-1
			}
			switch {
			case last >= 0 && (short(out[last].text) || opens == paused && short(clause)):
				out[last].text += "，" + clause
			default:
				out = append(out, unit{clause, s.turn(clause, opens)})
			}
			opens = paused
		}
		opens = stopped
		if s.Asks(sentence) {
			opens = asked
		}
	}
	if last := len(out) - 1; last > 0 && short(out[last].text) {
		out[last-1].text += "，" + out[last].text
		out = out[:last]
	}
	return out
}

// turn is how likely a clause begins another matter that stands at a place.
func (s *Service) turn(clause string, at tear) tear {
	if slices.ContainsFunc(s.talk.next, func(w string) bool { return strings.HasPrefix(clause, w) }) {
		return min(at, turned)
	}
	return at
}

// span is what a stretch of units is answered by, and how well.
type span struct {
	answer Answer
	worth  float64
}

// What a stretch counts that no entry answers, and the most that any counts:
// words that are an entry's own say no more than words near them.
const (
	unanswered = -2.0
	most       = 4.0
)

func (s *Service) span(a Answer) span {
	if a.FAQ == nil || a.Kind == Refuse {
		return span{a, unanswered}
	}
	faqs, scores := s.nearest(&a)
	if i := slices.Index(faqs, a.FAQ); i >= 0 {
		return span{a, min(max(scores[i], unanswered), most)}
	}
	return span{a, most} // found by other means than nearness
}

// division looks for the matters of one section.
type division struct {
	s     *Service
	q     Question
	units []unit
	spans map[[2]int]span
	sure  float64 // certainty of the whole message, below which no part of it falls
}

func (d *division) span(ctx context.Context, from, to int) (span, error) {
	if sp, ok := d.spans[[2]int{from, to}]; ok {
		return sp, nil
	}
	texts := make([]string, 0, to-from)
	for _, u := range d.units[from:to] {
		texts = append(texts, u.text)
	}
	a, err := d.s.ask(ctx, Question{Text: strings.Join(texts, "，"), Limit: d.q.Limit, AsOf: d.q.AsOf}, d.sure)
	if err != nil {
		return span{}, err
	}
	sp := d.s.span(a)
	d.spans[[2]int{from, to}] = sp
	return sp, nil
}

// How much of what a cut costs counts: all of it for what is answered, little
// for what is only offered.
const (
	toAnswer = 1.0
	toOffer  = 0.3

	worthOffer = 0.0 // how near an entry lies that is offered
)

// into adds the matters of the section.
func (d *division) into(ctx context.Context, out *found) error {
	parts, err := d.best(ctx, toAnswer)
	if err != nil {
		return err
	}
	if len(parts) == 1 {
		if parts[0], err = d.question(ctx, parts[0]); err != nil {
			return err
		}
	}
	for _, sp := range parts {
		out.answer(sp.answer)
	}
	more, err := d.best(ctx, toOffer)
	if err != nil {
		return err
	}
	for _, sp := range more {
		if sp.worth >= worthOffer {
			out.offer(sp.answer)
		}
	}
	return nil
}

// question prefers the answer to what is asked at the end to the answer to all
// that is told, where both are of one field.
func (d *division) question(ctx context.Context, whole span) (span, error) {
	last := len(d.units) - 1
	if last < 1 || whole.answer.FAQ == nil || !d.s.Asks(d.units[last].text) || utf8.RuneCountInString(d.units[last].text) < shortestUnit {
		return whole, nil
	}
	sp, err := d.span(ctx, last, last+1)
	if err != nil || sp.answer.FAQ == nil || sp.worth < whole.worth || sp.answer.FAQ.Field != whole.answer.FAQ.Field {
		return whole, err
	}
	sp.answer.Question = whole.answer.Question // its dates count
	return sp, nil
}

// best finds the cut into at most three stretches whose entries lie nearest,
// less a share of what the places cost where it cuts.
func (d *division) best(ctx context.Context, share float64) ([]span, error) {
	top, best := never, []span(nil)
	for _, at := range cuts(len(d.units)) {
		spans, worth, err := d.cut(ctx, at, share)
		if err != nil {
			return nil, err
		}
		if worth > top {
			top, best = worth, spans
		}
	}
	return best, nil
}

// cuts are the ways to cut n units into one, two or three stretches.
func cuts(n int) [][]int {
	out := [][]int{{0, n}}
	for i := 1; i < n; i++ {
		out = append(out, []int{0, i, n})
		for j := i + 1; j < n; j++ {
			out = append(out, []int{0, i, j, n})
		}
	}
	return out
}

// never is below the worth of any cut that may be.
const never = -100.0

// cut weighs one way to cut.
func (d *division) cut(ctx context.Context, at []int, share float64) ([]span, float64, error) {
	var out []span
	sum := 0.0
	for i := range at[1:] {
		sp, err := d.span(ctx, at[i], at[i+1])
		if err != nil {
			return nil, 0, err
		}
		if i > 0 {
			opens := d.units[at[i]].opens
			if slices.ContainsFunc(out, func(had span) bool { return sameMatter(had, sp, opens) }) || opens == paused && sp.worth < share*float64(opens) {
				return nil, never, nil
			}
			sum -= share * float64(opens)
		}
		out = append(out, sp)
		sum += sp.worth
	}
	return out, sum, nil
}

// sameMatter tells whether two stretches can't be matters of their own: one
// answer for both, one of the two without an answer, or two sides of one field
// where nothing says that the first is over.
func sameMatter(a, b span, opens tear) bool {
	x, y := a.answer.FAQ, b.answer.FAQ
	return x == nil || y == nil || x == y || opens > asked && x.Field == y.Field
}
