// Package answer turns a question into a checked answer: the best entry of our
// own content, the articles it rests on, and what to do next.
//
// It composes nothing: an answer is an entry of the content, or an article as
// it stands in the statutes. What it is not certain of it says so. The package
// knows no channel and no wording beyond what the content holds.
package answer

import (
	"github.com/anjie-desk/anjie/content"
	"github.com/anjie-desk/anjie/knowledge"
)

// Kind says what sort of answer it is; as in `anjie ask --json`.
type Kind string

// The kinds. Urgent and report are decided by the conversation before and
// after Ask, and stand here so that the names have one home.
const (
	Answered Kind = "answer"
	Exact    Kind = "exact"   // an article was named
	Urgent   Kind = "urgent"  //
	Refuse   Kind = "refuse"  // we do not know; a person does
	Clarify  Kind = "clarify" // one short question back
	Report   Kind = "report"  // wants to report a dispute
)

// Reasons of a refusal that the service itself gives; content.Small brings
// further ones (chatter, abuse, manipulation, service).
const (
	ReasonUnknown = "unknown" // nothing that we hold answers it
	ReasonService = "service" // another office's business
	ReasonContext = "context" // asks about an answer before, and there is none
)

// Answer is what Ask found.
type Answer struct {
	Kind      Kind
	Question  string // as asked; one matter of a longer message
	Certainty float64
	FAQ       *content.FAQ   // the entry that answers, if one does
	Guide     *content.Guide // the guide that answers, when no FAQ does
	Hits      []knowledge.Hit
	Articles  []knowledge.Document // verbatim text of the cited articles that the corpus holds
	Citations []knowledge.Citation // of the answer, decisive first
	Clarify   *content.Clarify     // what is asked back; nil for Clarify when only the reading is, among Topics
	Exact     *knowledge.Reference
	Ended     *content.Successor // for Exact, of the first law named, if it no longer holds and its text is not held; Citations are today's
	Named     []Named            // for Exact: each law that the question names
	Law       *Law               // for Clarify: a law was named and nothing asked
	Related   []*content.FAQ     // neighbouring questions that the next thought may be, at most two
	Topics    []*content.FAQ     // what is near, at most three; for Clarify the readings that compete
	Also      []*content.FAQ     // further matters that the message may hold: offered beside, at most two
	Reason    string             // for Refuse
	Say       string             // for Refuse by a rule of the content: what it says
	Office    string             // where no entry answers: office key of who can help, "" if nobody in particular
	Deadlines []Deadline         // of the FAQ, computed where the question gave a date
	Then      *Then              // for an answer: what held on the day that the question named, if today's law is younger
	Version   string

	near []knowledge.Hit // entries and guides near the question
}

// Named is one law that a question names, with articles of it.
type Named struct {
	knowledge.Reference
	Ended *content.Successor   // nil while it holds, and where its own text is shown
	Now   []knowledge.Citation // of a law that ended: what the articles named became
	Found bool                 // some of its articles are shown
}

// Law is what is known of a law that was named without an article.
type Law struct {
	Name      string             // as people name it
	Said      string             // as it was named
	Effective string             // first day in force of the version held, YYYY-MM-DD; "" if not known
	Count     int                // how many articles; 0 if it is not held
	Ended     *content.Successor // nil while it holds
}

// Deadline is a limitation of the answer.
type Deadline struct {
	content.Deadline
	Since string // the date that the question gave, as it reads; "" if none
	Until string // the last day or month computed from it
	Over  bool   // it seems to have passed
	Anew  bool   // it runs anew when the other side was asked or owned up
}
