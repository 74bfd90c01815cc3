// Package dialog is guided dialogues as a pure state machine: a form, the
// answers so far, and what to ask next.
//
// [Advance] takes a state and what the person said, and returns the next state
// and what to ask; the state it was given stays as it was. The package knows no
// channel, no store and no wording: the words by which a person goes back or
// says yes come with the [Form], and keeping the state between messages is its
// caller's business.
package dialog

// Kind is what sort of answer a step takes.
type Kind string

// The kinds of steps.
const (
	Text    Kind = "text"    // free words; files may come along
	Pick    Kind = "choice"  // one of Step.Options
	Date    Kind = "date"    // when, in the person's own words: 去年冬天
	Phone   Kind = "phone"   // a telephone number, a name may stand beside it
	Amount  Kind = "amount"  // money; Answer.Value is in fen
	Look    Kind = "look"    // something that Step.Resolve finds by its name: a village
	Files   Kind = "files"   // photographs and papers, until the person is done
	Consent Kind = "consent" // yes goes on, no ends the dialogue; its options, if any, are OptYes and OptNo
)

// Form is a guided dialogue.
type Form struct {
	Name   string
	Steps  []Step
	Review bool // all answers are shown, and may be changed, before submitting
	Words  Words
}

// Words are what a person may type to steer, compared whole.
type Words struct {
	Back, Cancel, Skip, Yes, No, Done, Submit, Edit []string

	Ahead []string // days to come, no answer to what lies in the past
}

// Step is one question.
type Step struct {
	Key      string
	Kind     Kind
	Label    string // names the answer in the review
	Ask      string // the question itself
	Hint     string
	Options  []Option
	Optional bool
	Past     bool // a date of what has happened
	Max      int  // most characters of a typed answer; 0 means 500
	Min      int  // fewest letters and digits of a typed text
	Only     *When
	// Resolve reads a typed answer that options alone can't, nil if none is
	// needed. It must depend on its argument alone.
	Resolve func(text string) Found
	// Propose offers an answer to be confirmed instead of asking; nil or false
	// asks. It must depend on its argument alone.
	Propose func(a Answers) (Answer, bool)
}

// When makes a step depend on another answer.
type When struct {
	Key string
	In  []string
}

// Option is one of several answers to press; Value is what is kept.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Found is what a [Step.Resolve] made of a text.
type Found struct {
	Answer     *Answer  // understood
	Offer      *Answer  // perhaps this: to be confirmed
	Candidates []Option // several fit, or several are near: to be asked back
}

// Answer is one answer given.
type Answer struct {
	Value   string `json:"value"`
	Shown   string `json:"shown,omitempty"` // as the review shows it, when other than Value
	Note    string `json:"note,omitempty"`  // what stood beside: the name next to a telephone number
	Files   []File `json:"files,omitempty"`
	Skipped bool   `json:"skipped,omitempty"`
}

// Text is how the answer reads.
func (a Answer) Text() string {
	if a.Shown != "" {
		return a.Shown
	}
	return a.Value
}

// File is something attached.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Ref  string `json:"ref"`
	Size int64  `json:"size"`
}

// Answers are the answers by the key of their step.
type Answers map[string]Answer

// Of is the value given at a step, "" if none.
func (a Answers) Of(key string) string { return a[key].Value }

// State is how far a dialogue is. The zero State has not begun: see [Start].
type State struct {
	Form       string   `json:"form"`
	At         string   `json:"at"` // key of the open step, or AtReview
	Answers    Answers  `json:"answers,omitempty"`
	Offer      *Answer  `json:"offer,omitempty"`      // an answer waiting for yes or no
	Candidates []Option `json:"candidates,omitempty"` // asked back
	Attached   []File   `json:"attached,omitempty"`   // files of the open step
	Noted      string   `json:"noted,omitempty"`      // a name that was given before its number
	Editing    bool     `json:"editing,omitempty"`    // one answer is being changed from the review
	Over       bool     `json:"over,omitempty"`
}

// AtReview is State.At while the answers are being reviewed.
const AtReview = "#review"

// Input is what the person said: an option pressed, or words, or files.
type Input struct {
	Option string
	Text   string
	Files  []File
}

// The options that steer. [EditPrefix] is followed by the key of a step.
const (
	OptBack    = "#back"
	OptCancel  = "#cancel"
	OptSkip    = "#skip"
	OptYes     = "#yes"
	OptNo      = "#no"
	OptDone    = "#done"
	OptSubmit  = "#submit"
	EditPrefix = "#edit:"
)

// Event says what an input led to.
type Event string

// What may come of an input.
const (
	Asked     Event = "asked"     // a question is open, Result.Step or the review
	Rejected  Event = "rejected"  // the input was not taken, see Result.Problem; the same question is open
	Submitted Event = "submitted" // over: all answers are in
	Cancelled Event = "cancelled" // over: the person stopped
	Refused   Event = "refused"   // over: no consent was given
)

// Problem says why an input was not taken.
type Problem string

// The problems.
const (
	Empty    Problem = "empty"     // nothing was said
	NoFile   Problem = "no_file"   // done sending, and nothing came: perhaps it was lost
	TooLong  Problem = "too_long"  //
	TooShort Problem = "too_short" // it says nothing yet
	NoOption Problem = "no_option" // not one of the options
	NoPhone  Problem = "no_phone"  //
	NoNumber Problem = "no_number" // a name, and no number yet
	NoAmount Problem = "no_amount" //

	VagueAmount    Problem = "amount_vague"    // 三万多
	RangeAmount    Problem = "amount_range"    // 三到五万
	TwoAmounts     Problem = "amount_several"  // more than one
	NegativeAmount Problem = "amount_negative" //
	MuchAmount     Problem = "amount_much"     //
	FineAmount     Problem = "amount_fine"     // a part of a fen

	NotFound  Problem = "not_found" // the name is not known
	Several   Problem = "several"   // the name fits several
	NotYet    Problem = "not_yet"   // a day to come where one that was is asked for
	Required  Problem = "required"  // may not be skipped
	NeedWords Problem = "need_words"
	AtStart   Problem = "at_start" // there is nothing to go back to
	Stale     Problem = "stale"    // an option of another question was pressed
)

// Result is what to put to the person next.
type Result struct {
	Event   Event
	Problem Problem
	Step    *Step    // nil in the review and when over
	Offer   *Answer  // to be confirmed by OptYes or OptNo
	Options []Option // of the step, the candidates, or the review's lines; steering options have no label
	Done    int      // position of the open question, from 1
	Of      int      // questions there are, with the review
}
