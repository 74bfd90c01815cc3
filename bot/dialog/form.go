package dialog

import "slices"

// step returns the step of that key, nil if the form has none.
func (f Form) step(key string) *Step {
	for i := range f.Steps {
		if f.Steps[i].Key == key {
			return &f.Steps[i]
		}
	}
	return nil
}

// Visible lists the steps that these answers make due, in order.
func (f Form) Visible(a Answers) []*Step { return f.visible(a) }

func (f Form) visible(a Answers) []*Step {
	var out []*Step
	for i := range f.Steps {
		if w := f.Steps[i].Only; w == nil || slices.Contains(w.In, a.Of(w.Key)) {
			out = append(out, &f.Steps[i])
		}
	}
	return out
}

// present makes the result that puts the open question of s.
func (f Form) present(s State, e Event, p Problem) Result {
	if s.Over {
		return Result{Event: e, Problem: p}
	}
	r := Result{Event: e, Problem: p, Offer: s.Offer}
	steps := f.visible(s.Answers)
	r.Of = len(steps)
	if f.Review {
		r.Of++
	}
	if s.At == AtReview {
		r.Done, r.Options = r.Of, reviewOptions(steps)
		return r
	}
	r.Step = f.step(s.At)
	r.Done = 1 + slices.IndexFunc(steps, func(x *Step) bool { return x.Key == s.At })
	r.Options = f.options(s, r.Step, r.Done > 1)
	return r
}

func reviewOptions(steps []*Step) []Option {
	out := []Option{{Value: OptSubmit}}
	for _, step := range steps {
		if step.Kind != Consent {
			out = append(out, Option{Value: EditPrefix + step.Key, Label: step.Label})
		}
	}
	return append(out, Option{Value: OptBack}, Option{Value: OptCancel})
}

// options of an open step: what answers it, then what steers.
func (f Form) options(s State, step *Step, hasBefore bool) []Option {
	var out []Option
	switch {
	case s.Offer != nil || step.Kind == Consent && len(step.Options) == 0:
		out = append(out, Option{Value: OptYes}, Option{Value: OptNo})
	case len(s.Candidates) > 0:
		out = append(out, s.Candidates...)
	default:
		out = append(out, step.Options...)
	}
	if step.Kind == Files && len(s.Attached) > 0 {
		out = append(out, Option{Value: OptDone})
	}
	if step.Optional {
		out = append(out, Option{Value: OptSkip})
	}
	if hasBefore || s.Editing {
		out = append(out, Option{Value: OptBack})
	}
	return append(out, Option{Value: OptCancel})
}

// steering finds an input that steers, by option or by word. A word that is
// also an option of the step answers the step.
func (f Form) steering(in Input, s State, step *Step) string {
	switch in.Option {
	case OptBack, OptCancel, OptSkip:
		return in.Option
	case "":
	default:
		return ""
	}
	if step != nil && labelled(in.Text, choices(s, step)) >= 0 {
		return ""
	}
	switch {
	case among(in.Text, f.Words.Cancel):
		return OptCancel
	case among(in.Text, f.Words.Back):
		return OptBack
	case s.At != AtReview && among(in.Text, f.Words.Skip):
		return OptSkip
	}
	return ""
}

func (f Form) yesNo(in Input) string {
	switch {
	case in.Option == OptYes, in.Option == "" && among(in.Text, f.Words.Yes):
		return OptYes
	case in.Option == OptNo, in.Option == "" && among(in.Text, f.Words.No):
		return OptNo
	}
	return ""
}

// choices are the options that a typed number counts.
func choices(s State, step *Step) []Option {
	if len(s.Candidates) > 0 {
		return s.Candidates
	}
	return step.Options
}

// editKey finds the line that the person wants to change: pressed, or typed as
// 改3, 改时间, 时间.
func (f Form) editKey(s State, in Input) (string, bool) {
	lines := reviewOptions(f.visible(s.Answers))
	lines = lines[1 : len(lines)-2]
	if in.Option != "" {
		i := slices.IndexFunc(lines, func(o Option) bool { return o.Value == in.Option })
		return cutEdit(lines, i)
	}
	text := tidy(in.Text)
	for _, w := range f.Words.Edit {
		if rest, ok := cutAround(text, w); ok {
			text = rest
			break
		}
	}
	return cutEdit(lines, pick(text, lines, true))
}

func cutEdit(lines []Option, i int) (string, bool) {
	if i < 0 {
		return "", false
	}
	return lines[i].Value[len(EditPrefix):], true
}
