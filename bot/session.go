package bot

import (
	"context"
	"slices"
	"time"

	"github.com/anjie-desk/anjie/bot/dialog"
	"github.com/anjie-desk/anjie/bot/dispute"
	"github.com/anjie-desk/anjie/knowledge"
)

// Session is what the desk remembers of a conversation: dialogues that are
// open, and the last answers, so that a follow-up or a button finds its own.
// It holds what a resident said: whoever keeps it seals it.
type Session struct {
	Version int64    `json:"-"`                // counts saves, kept by the store
	Drafts  []Draft  `json:"drafts,omitempty"` // open dialogues, the innermost last
	Given   []Given  `json:"given,omitempty"`  // last answers, newest last
	Count   int      `json:"count,omitempty"`  // answers given so far
	Choices []Choice `json:"choices,omitempty"`
	Urgent  string   `json:"urgent,omitempty"` // kind of the last help card
	Words   string   `json:"words,omitempty"`  // what the card answered, to hand on
	General bool     `json:"general,omitempty"`
}

// mostGiven answers stay at hand, mostDrafts dialogues may lie in one another.
const (
	mostGiven  = 6
	mostDrafts = 3
)

// Given is an answer that was given.
type Given struct {
	N         int                  `json:"n"`
	Question  string               `json:"question"`
	FAQ       string               `json:"faq,omitempty"`
	Clarify   string               `json:"clarify,omitempty"` // entry that asked back
	Reason    string               `json:"reason,omitempty"`
	Certainty float64              `json:"certainty,omitempty"`
	Cited     []knowledge.Citation `json:"cited,omitempty"`
	Law       string               `json:"law,omitempty"` // that the question named
	At        time.Time            `json:"at"`
}

// Draft is an open dialogue.
type Draft struct {
	Form      string         `json:"form"`
	State     dialog.State   `json:"state"`
	Token     string         `json:"token"` // the same draft never files twice
	Seed      string         `json:"seed,omitempty"`
	Category  string         `json:"category,omitempty"` // guessed from where it began
	Question  string         `json:"question,omitempty"`
	Cited     []string       `json:"cited,omitempty"`
	Consented time.Time      `json:"consented,omitzero"`
	Case      dispute.CaseID `json:"case,omitempty"`
	Ref       string         `json:"ref,omitempty"`   // what else it is about: a hand-over
	Seq       int            `json:"seq,omitempty"`   // of the question now open, so that an old button is told apart
	Shown     []string       `json:"shown,omitempty"` // its options in order
	Card      string         `json:"card,omitempty"`  // kind of the help card shown within it
	Held      string         `json:"held,omitempty"`  // words that a help card kept from being taken
	Gate      string         `json:"gate,omitempty"`  // rule by which it was last said where else to go
}

// Handle is an action on a case that one person may press.
type Handle struct {
	Person  string         `json:"person"` // address of who was shown the button
	Action  string         `json:"action"`
	Case    dispute.CaseID `json:"case,omitempty"`
	Version int64          `json:"version,omitempty"`
	Ref     string         `json:"ref,omitempty"`
}

// Dialogs keeps sessions, replies already given, handles and opinions. What it
// keeps is forgotten 30 days after its last change, replies after two.
type Dialogs interface {
	// Load returns a person's session, the zero one if there is none, and the
	// reply given to a message before, nil if it is new or key is "".
	Load(ctx context.Context, person, key string) (Session, *Reply, error)
	// Save keeps the session and, under key, the reply, in one step. The error
	// is of kind fault.Conflict if the session was saved meanwhile.
	Save(ctx context.Context, person string, s Session, key string, r Reply) error
	// Forget drops a person's session.
	Forget(ctx context.Context, person string) error
	// NewHandle keeps h under a name of its own that can't be guessed.
	NewHandle(ctx context.Context, h Handle) (id string, err error)
	// Handle finds it; fault.NotFound if there is none.
	Handle(ctx context.Context, id string) (Handle, error)
	// Opinion counts 有用 and 没用 of an entry, without who said so.
	Opinion(ctx context.Context, entry string, useful bool) error
}

// Handover is a question passed to a person of the staff. It is personal data.
type Handover struct {
	ID       string    `json:"id"`
	From     Address   `json:"from"`
	Question string    `json:"question"`
	Phone    string    `json:"phone,omitempty"`
	Urgent   string    `json:"urgent,omitempty"` // kind of the help card that led here
	Asked    time.Time `json:"asked"`
	By       string    `json:"by,omitempty"` // account that answered
	Reply    string    `json:"reply,omitempty"`
	Answered time.Time `json:"answered,omitzero"`
}

// Handovers keeps questions passed to people, sealed, and queues the notices
// that they bring in the same step.
type Handovers interface {
	// Open keeps h under its ID; a second time it does nothing.
	Open(ctx context.Context, h Handover, n ...dispute.Notice) error
	Handover(ctx context.Context, id string) (Handover, error) // fault.NotFound
	// Waiting lists those without an answer, oldest first.
	Waiting(ctx context.Context, limit int) ([]Handover, error)
	// Answer keeps h with its answer; fault.Conflict if somebody answered before.
	Answer(ctx context.Context, h Handover, n ...dispute.Notice) error
}

func (s *Session) draft() *Draft {
	if len(s.Drafts) == 0 {
		return nil
	}
	return &s.Drafts[len(s.Drafts)-1]
}

// setAside takes out the drafts of forms that this version doesn't know: another
// one goes on with them.
func (s *Session) setAside(known func(form string) bool) []Draft {
	var others []Draft
	s.Drafts = slices.DeleteFunc(s.Drafts, func(d Draft) bool {
		if known(d.Form) {
			return false
		}
		others = append(others, d)
		return true
	})
	return others
}

func (s *Session) push(d Draft) {
	s.Drafts = append(s.Drafts, d)
	if over := len(s.Drafts) - mostDrafts; over > 0 {
		s.Drafts = s.Drafts[over:]
	}
}

// pop closes the innermost dialogue.
func (s *Session) pop() {
	if n := len(s.Drafts); n > 0 {
		s.Drafts = s.Drafts[:n-1]
	}
}

// give notes an answer and returns its number.
func (s *Session) give(g Given) int {
	s.Count++
	g.N = s.Count
	s.Given = append(s.Given, g)
	if over := len(s.Given) - mostGiven; over > 0 {
		s.Given = s.Given[over:]
	}
	return g.N
}

// given finds an answer by its number.
func (s *Session) given(n int) (Given, bool) {
	for _, g := range s.Given {
		if g.N == n {
			return g, true
		}
	}
	return Given{}, false
}

// last is the latest answer to a question; small talk since is passed over.
func (s *Session) last() (Given, bool) {
	for _, g := range slices.Backward(s.Given) {
		if !slices.Contains(idle, g.Reason) {
			return g, true
		}
	}
	return Given{}, false
}

// idle are the reasons of small talk: nothing that one comes back to.
var idle = []string{"chatter", "abuse", "manipulation", "out_of_scope"}
