// Package answer turns a question into a checked answer: the best entry of our
// own content, the articles it rests on, and what to do next.
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

// Answer is what Ask found.
type Answer struct {
	Kind      Kind
	Certainty float64
	FAQ       *content.FAQ // the entry that answers, if one does
	Hits      []knowledge.Hit
	Articles  []knowledge.Document // verbatim text of the cited articles that the corpus holds
	Citations []knowledge.Citation // of the answer, decisive first
	Clarify   *content.Clarify
	Exact     *knowledge.Reference
	Reason    string // for Refuse: unknown, chatter, abuse, manipulation, service
	Office    string // for Refuse with Reason service: office key
	Version   string
}
