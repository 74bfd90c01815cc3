package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/place"
	"github.com/anjie-desk/anjie/content"
)

// Keys of the report's questions that the conversation looks at.
const (
	keyConsent  = "consent"
	keyVillage  = "village"
	keyCategory = "category"
	keyWhat     = "what"
	keyOther    = "other"
)

// formOf makes a dialogue of questions of the content.
func (b *Bot) formOf(name string, asks []content.Ask, review bool) dialog.Form {
	w := b.d.Talk.Steer
	f := dialog.Form{Name: name, Review: review, Words: dialog.Words{
		Back: w.Back, Cancel: w.Cancel, Skip: w.Skip, Yes: w.Yes, No: w.No, Done: w.Done, Submit: w.Submit, Edit: w.Edit, Ahead: w.Ahead,
	}}
	for _, a := range asks {
		f.Steps = append(f.Steps, b.stepOf(a))
	}
	return f
}

func (b *Bot) stepOf(a content.Ask) dialog.Step {
	s := dialog.Step{
		Key: a.Key, Kind: dialog.Kind(a.Kind), Label: a.Label, Ask: a.Ask, Hint: a.Hint, Optional: a.Skip, Past: a.Past, Max: a.Max, Min: a.Min,
	}
	if a.Only != nil {
		s.Only = &dialog.When{Key: a.Only.Key, In: a.Only.In}
	}
	switch a.Kind {
	case keyVillage:
		s.Kind, s.Resolve = dialog.Look, b.lookVillage
	case keyCategory:
		s.Kind, s.Options, s.Resolve = dialog.Pick, b.categories(), b.lookCategory
	}
	for i, c := range a.Choices {
		value, label, named := strings.Cut(c, "=")
		if !named {
			label = value
		}
		if s.Kind == dialog.Consent {
			value = [...]string{dialog.OptYes, dialog.OptNo}[min(i, 1)]
		}
		s.Options = append(s.Options, dialog.Option{Value: value, Label: label})
	}
	return s
}

func (b *Bot) categories() []dialog.Option {
	out := make([]dialog.Option, 0, len(b.d.Intake.Categories))
	for _, c := range b.d.Intake.Categories {
		out = append(out, dialog.Option{Value: c.Key, Label: c.Name})
	}
	return out
}

// categoryName is what people call a type; the key itself if it is unknown.
func (b *Bot) categoryName(key string) string {
	for _, c := range b.d.Intake.Categories {
		if c.Key == key {
			return c.Name
		}
	}
	return key
}

// lookVillage finds the village that a text names.
func (b *Bot) lookVillage(text string) dialog.Found {
	if slices.Contains(b.elsewhere(), strings.Trim(strings.TrimSpace(text), "“”。")) {
		return dialog.Found{Answer: &dialog.Answer{Value: place.Centre, Shown: b.d.Register.Label(place.Centre)}}
	}
	found := b.d.Register.Find(text)
	if len(found) == 1 {
		return dialog.Found{Answer: &dialog.Answer{Value: found[0].Code, Shown: found[0].Name}}
	}
	var f dialog.Found
	for _, v := range found {
		f.Candidates = append(f.Candidates, dialog.Option{Value: v.Code, Label: v.Name})
	}
	return f
}

// elsewhere are the words for a place that the register lacks.
func (b *Bot) elsewhere() []string { return strings.Fields(b.d.Texts.Say("flow.elsewhere", nil)) }

// lookCategory guesses a type from words of the person's own.
func (b *Bot) lookCategory(text string) dialog.Found {
	if a, ok := b.guess(text); ok {
		return dialog.Found{Offer: &a}
	}
	return dialog.Found{}
}

// guess is the type that a text points to.
func (b *Bot) guess(text string) (dialog.Answer, bool) {
	c := b.d.Classify.Classify(text)
	if c.Category == "" || c.Category == otherCategory {
		return dialog.Answer{}, false
	}
	return dialog.Answer{Value: c.Category, Shown: b.categoryName(c.Category)}, true
}

// reportForm is the report's dialogue. Told beforehand what happened, the type
// is guessed from that; otherwise the story is asked for before the type.
func (b *Bot) reportForm(d *Draft) dialog.Form {
	f := b.formOf(flowReport, b.reportAsks(d), true)
	b.addTypes(&f)
	for i := range f.Steps {
		switch s := &f.Steps[i]; s.Key {
		case keyWhat:
			s.Propose = proposed(d.Seed)
		case keyCategory:
			s.Propose = b.proposeCategory(d)
		case keyVillage:
			s.Propose = b.proposeVillage(d.Seed)
		}
	}
	return f
}

func (b *Bot) reportAsks(d *Draft) []content.Ask {
	asks := slices.Clone(b.d.Intake.Form)
	what := askAt(asks, keyWhat)
	kind := askAt(asks, keyCategory)
	if d.Seed == "" && kind >= 0 && kind < what {
		moved := asks[kind]
		asks = slices.Insert(slices.Delete(asks, kind, kind+1), what, moved)
	}
	return asks
}

// addTypes puts the questions of the types before the one about the other
// party; each is asked for its own type, and the common one whose place it takes
// for the others only.
func (b *Bot) addTypes(f *dialog.Form) {
	var more []dialog.Step
	for _, c := range b.d.Intake.Categories {
		for _, a := range c.Ask {
			s := b.stepOf(a)
			s.Key, s.Only = c.KeyOf(a), &dialog.When{Key: keyCategory, In: []string{c.Key}}
			if s.Kind == dialog.Pick {
				s.Resolve = inOwnWords
			}
			more = append(more, s)
		}
	}
	at := slices.IndexFunc(f.Steps, func(s dialog.Step) bool { return s.Key == keyOther })
	f.Steps = slices.Insert(f.Steps, at, more...)
	for i := range f.Steps {
		if others := b.without(f.Steps[i].Key); f.Steps[i].Only == nil && len(others) < len(b.d.Intake.Categories) {
			f.Steps[i].Only = &dialog.When{Key: keyCategory, In: append(others, "")}
		}
	}
}

// inOwnWords takes what fits none of the options as it was said: they help to
// answer, and are no list to be ticked.
func inOwnWords(text string) dialog.Found {
	return dialog.Found{Answer: &dialog.Answer{Value: text}}
}

// without lists the types that have no question of their own in the place of a
// common one.
func (b *Bot) without(key string) []string {
	var out []string
	for _, c := range b.d.Intake.Categories {
		if !slices.ContainsFunc(c.Ask, func(a content.Ask) bool { return a.Instead == key }) {
			out = append(out, c.Key)
		}
	}
	return out
}

// typed are the answers to the questions of a type, by the keys under which the
// report keeps them, and those that took the place of a common question, by its
// key.
func (b *Bot) typed(category string, given dialog.Answers) (extra, instead map[string]string) {
	extra, instead = map[string]string{}, map[string]string{}
	for _, c := range b.d.Intake.Categories {
		if c.Key != category {
			continue
		}
		for _, a := range c.Ask {
			text := b.answerWords(a, given[c.KeyOf(a)])
			if text == "" {
				continue
			}
			extra[c.KeyOf(a)] = text
			if a.Instead != "" {
				instead[a.Instead] = text
			}
		}
	}
	return extra, instead
}

// answerWords is an answer as the report keeps it: money as a sum, all else as
// it was said.
func (b *Bot) answerWords(a content.Ask, got dialog.Answer) string {
	fen, err := strconv.ParseInt(got.Value, 10, 64)
	if dialog.Kind(a.Kind) == dialog.Amount && err == nil {
		return b.d.Texts.Say("flow.sum", yuan(fen))
	}
	return got.Text()
}

func askAt(asks []content.Ask, key string) int {
	return slices.IndexFunc(asks, func(a content.Ask) bool { return a.Key == key })
}

// proposed offers words that were said before.
func proposed(words string) func(dialog.Answers) (dialog.Answer, bool) {
	if words == "" {
		return nil
	}
	return func(dialog.Answers) (dialog.Answer, bool) { return dialog.Answer{Value: words}, true }
}

func (b *Bot) proposeCategory(d *Draft) func(dialog.Answers) (dialog.Answer, bool) {
	return func(a dialog.Answers) (dialog.Answer, bool) {
		words := a.Of(keyWhat)
		if words == "" {
			words = d.Seed
		}
		if got, ok := b.guess(words); ok {
			return got, true
		}
		if d.Category == "" {
			return dialog.Answer{}, false
		}
		return dialog.Answer{Value: d.Category, Shown: b.categoryName(d.Category)}, true
	}
}

// proposeVillage offers the village that the words name, if they name one.
func (b *Bot) proposeVillage(words string) func(dialog.Answers) (dialog.Answer, bool) {
	return func(dialog.Answers) (dialog.Answer, bool) {
		if words == "" {
			return dialog.Answer{}, false
		}
		found := b.lookVillage(words).Answer
		if found == nil || found.Value == place.Centre {
			return dialog.Answer{}, false
		}
		return *found, true
	}
}
