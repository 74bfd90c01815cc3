package dialog

import "maps"

// Start opens f at its first question.
func Start(f Form) (State, Result) {
	s := State{Form: f.Name, Answers: Answers{}}
	s = s.next(f)
	return s, f.present(s, Asked, "")
}

// StartWith opens f at its first question that given doesn't answer, or at the
// review: for what was all said in one go.
func StartWith(f Form, given Answers) (State, Result) {
	s := State{Form: f.Name, Answers: given}.clone()
	s = s.next(f)
	return s, f.present(s, Asked, "").orSubmitted(s)
}

// Ask puts the open question of s again, for coming back to a dialogue. Where
// the form has changed under the state it puts what is missing.
func Ask(f Form, s State) Result {
	if !s.Over && s.At != AtReview && f.step(s.At) == nil {
		s = s.clone().next(f)
	}
	return f.present(s, Asked, "")
}

// Advance takes what the person said at s. A state that is over, or that is of
// another form, stays as it is with the problem [Stale].
func Advance(f Form, s State, in Input) (State, Result) {
	if s.Over || s.Form != f.Name {
		return s, Result{Event: Rejected, Problem: Stale}
	}
	s = s.clone()
	step := f.step(s.At)
	if step == nil && s.At != AtReview {
		s = s.next(f) // the form has changed under the state: ask what is missing
		return s, f.present(s, Asked, "")
	}
	switch f.steering(in, s, step) {
	case OptCancel:
		return s.end(), Result{Event: Cancelled}
	case OptBack:
		return f.back(s)
	case OptSkip:
		return f.skip(s, step)
	}
	if s.At == AtReview {
		return f.review(s, in)
	}
	return f.answer(s, step, in)
}

// answer takes an input that does not steer, at an open step.
func (f Form) answer(s State, step *Step, in Input) (State, Result) {
	if s.Offer != nil {
		switch f.yesNo(in) {
		case OptYes:
			return f.accept(s, step, *s.Offer)
		case OptNo:
			s.Offer = nil
			return s, f.present(s, Asked, "")
		}
	}
	got := f.read(step, s, in)
	switch {
	case got.refused:
		return s.end(), Result{Event: Refused}
	case got.answer != nil:
		return f.accept(s, step, *got.answer)
	}
	s.Attached, s.Noted = got.attached, got.noted
	if got.offer != nil {
		s.Offer, s.Candidates = got.offer, nil
		return s, f.present(s, Asked, "")
	}
	s.Candidates = got.candidates
	if got.problem == "" {
		return s, f.present(s, Asked, "")
	}
	return s, f.present(s, Rejected, got.problem)
}

func (f Form) accept(s State, step *Step, a Answer) (State, Result) {
	s.Answers[step.Key] = a
	s = s.next(f)
	return s, f.present(s, Asked, "").orSubmitted(s)
}

func (f Form) skip(s State, step *Step) (State, Result) {
	if step == nil || !step.Optional {
		return s, f.present(s, Rejected, Required)
	}
	return f.accept(s, step, Answer{Skipped: true})
}

// back opens the question before, its answer offered to be kept; from an edit
// it returns to the review with nothing changed.
func (f Form) back(s State) (State, Result) {
	if s.Editing {
		s = s.open(AtReview)
		return s, f.present(s, Asked, "")
	}
	before := ""
	for _, step := range f.visible(s.Answers) {
		if step.Key == s.At {
			break
		}
		before = step.Key
	}
	if before == "" {
		return s, f.present(s, Rejected, AtStart)
	}
	s = s.open(before)
	if a, ok := s.Answers[before]; ok && !a.Skipped {
		s.Offer = &a
	}
	return s, f.present(s, Asked, "")
}

// review takes an input while all answers are shown.
func (f Form) review(s State, in Input) (State, Result) {
	if in.Option == OptSubmit || in.Option == "" && among(in.Text, f.Words.Submit, f.Words.Yes) {
		return s.end(), Result{Event: Submitted}
	}
	if key, ok := f.editKey(s, in); ok {
		s = s.open(key)
		s.Editing = true
		return s, f.present(s, Asked, "")
	}
	return s, f.present(s, Rejected, NoOption)
}

func (s State) clone() State {
	s.Answers = maps.Clone(s.Answers)
	if s.Answers == nil {
		s.Answers = Answers{}
	}
	return s
}

// open moves to a step and forgets what belonged to the one before.
func (s State) open(key string) State {
	s.At, s.Offer, s.Candidates, s.Attached, s.Noted, s.Editing = key, nil, nil, nil, "", false
	return s
}

func (s State) end() State {
	s = s.open("")
	s.Over = true
	return s
}

// next opens the first visible step without an answer; answers to steps that
// other answers have made invisible are dropped.
func (s State) next(f Form) State {
	seen := map[string]bool{}
	for _, step := range f.visible(s.Answers) {
		seen[step.Key] = true
		if _, ok := s.Answers[step.Key]; ok {
			continue
		}
		s = s.open(step.Key)
		if step.Propose != nil {
			if a, ok := step.Propose(maps.Clone(s.Answers)); ok {
				s.Offer = &a
			}
		}
		return s
	}
	maps.DeleteFunc(s.Answers, func(k string, _ Answer) bool { return !seen[k] })
	if f.Review {
		return s.open(AtReview)
	}
	return s.end()
}

func (r Result) orSubmitted(s State) Result {
	if s.Over {
		return Result{Event: Submitted}
	}
	return r
}
