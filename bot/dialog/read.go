package dialog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxText = 500 // characters, where a step sets no other limit

// reading is what an input means at a step: an answer, something to ask back,
// or a problem.
type reading struct {
	answer     *Answer
	offer      *Answer
	candidates []Option
	attached   []File
	noted      string // a name that waits for its number
	problem    Problem
	refused    bool
}

// read understands an input at an open step.
func (f Form) read(step *Step, s State, in Input) reading {
	r := f.readKind(step, s, in)
	if r.answer == nil {
		if r.attached == nil {
			r.attached = s.Attached
		}
		return r
	}
	if step.Kind != Files && step.Kind != Text && len(in.Files) > 0 {
		r.answer.Files = append(r.answer.Files, in.Files...)
	}
	return r
}

func (f Form) readKind(step *Step, s State, in Input) reading {
	if in.Option != "" {
		return f.readOption(step, s, in.Option)
	}
	text := strings.TrimSpace(in.Text)
	if n := utf8.RuneCountInString(text); n > step.limit() {
		return reading{problem: TooLong}
	}
	switch step.Kind { //nolint:exhaustive // the others are closed kinds, read below
	case Files:
		return f.readFiles(s, in)
	case Text:
		return readText(step, s, in)
	case Consent:
		if i := pick(text, step.Options, false); i >= 0 {
			return f.readConsent(step.Options[i].Value)
		}
		return f.readConsent(f.yesNo(in))
	}
	if text == "" {
		return reading{problem: Empty, attached: slices.Concat(s.Attached, in.Files)}
	}
	return f.readWords(step, s, text)
}

func (s *Step) limit() int {
	if s.Max > 0 {
		return s.Max
	}
	return maxText
}

// readWords understands a typed answer to a step of a closed kind.
func (f Form) readWords(step *Step, s State, text string) reading {
	named := step.Kind == Pick || step.Kind == Look
	if i := pick(text, choices(s, step), named); i >= 0 {
		return option(choices(s, step)[i])
	}
	switch step.Kind { //nolint:exhaustive // the others have options or a Resolve
	case Phone:
		return readPhone(text).named(s.Noted)
	case Amount:
		return readAmount(text)
	case Date:
		if step.Past && among(text, f.Words.Ahead) {
			return reading{problem: NotYet}
		}
		return reading{answer: &Answer{Value: text}}
	}
	if step.Resolve != nil {
		return resolved(step.Resolve(text)).orOneOf(step)
	}
	return reading{problem: NoOption}
}

func (f Form) readOption(step *Step, s State, value string) reading {
	if step.Kind == Consent {
		return f.readConsent(value)
	}
	if step.Kind == Files && value == OptDone {
		return doneFiles(s.Attached)
	}
	all := choices(s, step)
	i := slices.IndexFunc(all, func(o Option) bool { return o.Value == value })
	if i < 0 {
		return reading{problem: Stale, candidates: s.Candidates}
	}
	return option(all[i])
}

func option(o Option) reading {
	a := &Answer{Value: o.Value}
	if o.Label != o.Value {
		a.Shown = o.Label
	}
	return reading{answer: a}
}

func resolved(f Found) reading {
	switch {
	case f.Answer != nil:
		return reading{answer: f.Answer}
	case f.Offer != nil:
		return reading{offer: f.Offer}
	case len(f.Candidates) > 0:
		return reading{candidates: f.Candidates, problem: Several}
	}
	return reading{problem: NotFound}
}

// orOneOf says of a step with options that they are what was not met: only a
// name looked up elsewhere is not found.
func (r reading) orOneOf(step *Step) reading {
	if step.Kind == Pick && r.problem == NotFound {
		r.problem = NoOption
	}
	return r
}

func (f Form) readConsent(said string) reading {
	switch said {
	case OptYes:
		return reading{answer: &Answer{Value: OptYes}}
	case OptNo:
		return reading{refused: true}
	}
	return reading{problem: NoOption}
}

// readText takes words, files with words, or a recording alone. A photograph
// alone is kept, and words asked for. Where options stand below, their numbers
// choose.
func readText(step *Step, s State, in Input) reading {
	files := slices.Concat(s.Attached, in.Files)
	text := strings.TrimSpace(in.Text)
	if i := pick(text, step.Options, false); i >= 0 && len(files) == 0 {
		return option(step.Options[i])
	}
	switch {
	case text != "" && letters(text) < step.Min && !slices.ContainsFunc(files, spoken):
		return reading{attached: files, problem: TooShort}
	case text != "":
		return reading{answer: &Answer{Value: text, Files: files}}
	case slices.ContainsFunc(in.Files, spoken):
		return reading{answer: &Answer{Files: files}}
	case len(in.Files) > 0:
		return reading{attached: files, problem: NeedWords}
	}
	return reading{problem: Empty}
}

func letters(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func spoken(f File) bool { return strings.HasPrefix(f.Type, "audio/") }

// readFiles collects files until the person is done; words beside them are a
// note.
func (f Form) readFiles(s State, in Input) reading {
	files := slices.Concat(s.Attached, in.Files)
	switch {
	case len(in.Files) > 0:
		return reading{attached: files}
	case among(in.Text, f.Words.Done, f.Words.No):
		return doneFiles(files)
	}
	return reading{problem: NoOption}
}

func doneFiles(files []File) reading {
	if len(files) == 0 {
		return reading{problem: NoFile}
	}
	return reading{answer: &Answer{Files: files}}
}
