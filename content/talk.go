package content

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
)

// Talk is what the conversation recognises besides questions, and the small
// forms that it fills: commands, follow-ups, small talk, steering words.
type Talk struct {
	Commands  []Command        `yaml:"commands"`
	FollowUps []FollowUp       `yaml:"follow_ups"`
	Small     []Small          `yaml:"small"`
	Asking    []string         `yaml:"asking"`    // regular expressions of a question
	AskFirst  []string         `yaml:"ask_first"` // … that is one even where a form wants a story
	Polite    []string         `yaml:"polite"`    // … what stands before a question and says nothing
	Also      []string         `yaml:"also"`      // words that open another matter: 另外, 还有个事
	Next      []string         `yaml:"next"`      // words by which a clause of a story goes on to something else
	Corrects  []string         `yaml:"corrects"`  // how a message begins that puts right what was said before
	Today     []string         `yaml:"today"`     // words that make a matter today's, though a year before is named
	LawName   []string         `yaml:"law_name"`  // a message that only names a law; the first group is the name
	Own       []string         `yaml:"own"`       // offices that are the desk itself, never "another's business"
	Steer     Steer            `yaml:"steer"`
	Forms     map[string][]Ask `yaml:"forms"` // small forms by name
	After     []After          `yaml:"after"` // what the buttons of help cards lead to
}

// After says what follows a button of a help card: words, then a command
// (person, report) or a question put to the knowledge. The first that fits
// holds; a button without any shows the card again.
type After struct {
	Label string   `yaml:"label"`
	Kinds []string `yaml:"kinds"` // triage kinds; empty for all
	Say   string   `yaml:"say"`
	Do    string   `yaml:"do"`
	Ask   string   `yaml:"ask"`
}

// Command is something that a person asks the desk to do, by its words.
type Command struct {
	Name  string   `yaml:"name"`  // report, progress, cancel, …
	Match []string `yaml:"match"` // regular expressions over the folded message
	Group bool     `yaml:"group"` // may be answered in a group
}

// FollowUp is a short question that only the answer before makes clear.
type FollowUp struct {
	Topic string   `yaml:"topic"` // time, place, cost, papers, mediation, absent, proxy, evidence, late
	Match []string `yaml:"match"`
	Words []string `yaml:"words"` // sentences of an answer with these words speak of it
	See   string   `yaml:"see"`   // FAQ that speaks of it where the answer does not, by id
}

// Small is talk that is no question of law.
type Small struct {
	Reason string   `yaml:"reason"` // chatter, abuse, manipulation, service, out_of_scope
	Match  []string `yaml:"match"`
	Not    []string `yaml:"not"`
	Say    string   `yaml:"say"`
	Office string   `yaml:"office"` // whom to turn to
	See    []string `yaml:"see"`    // FAQs to offer, by id
	Yes    []string `yaml:"yes"`    // examples, tested beside the rule
	No     []string `yaml:"no"`
}

// Steer are the words that steer a dialogue.
type Steer struct {
	Back   []string `yaml:"back"`
	Cancel []string `yaml:"cancel"`
	Skip   []string `yaml:"skip"`
	Yes    []string `yaml:"yes"`
	No     []string `yaml:"no"`
	Done   []string `yaml:"done"`
	Submit []string `yaml:"submit"`
	Edit   []string `yaml:"edit"`
	Ahead  []string `yaml:"ahead"` // days to come, where one that was is asked for
}

// LoadTalk reads forms/talk.yaml.
func LoadTalk(fsys fs.FS) (*Talk, error) {
	const name = "forms/talk.yaml"
	var t Talk
	if err := decode(fsys, name, &t); err != nil {
		return nil, err
	}
	for _, expr := range t.expressions() {
		if _, err := regexp.Compile(expr); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, s := range t.Small {
		if s.Reason == "" || s.Say == "" || len(s.Match) == 0 {
			return nil, fmt.Errorf("%s: small talk %q: reason, match and say are required", name, s.Match)
		}
	}
	return &t, nil
}

// expressions lists every regular expression, to be tried at load.
func (t *Talk) expressions() []string {
	all := slices.Concat(t.Asking, t.AskFirst, t.Polite, t.Corrects, t.Today, t.LawName)
	for _, c := range t.Commands {
		all = append(all, c.Match...)
	}
	for _, f := range t.FollowUps {
		all = append(all, f.Match...)
	}
	for _, s := range t.Small {
		all = append(append(all, s.Match...), s.Not...)
	}
	return all
}
