// Package dispute keeps a dispute from the resident's report to the archive.
//
// A [Case] changes only through [Service], along the moves in lifecycle.go.
// The package knows no database and no channel; [Store] is what it needs kept.
package dispute

import (
	"crypto/rand"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"github.com/anjie-desk/anjie/bot/fault"
)

// CaseID is the internal id of a case: "c" and 12 characters of base32.
type CaseID string

var caseID = regexp.MustCompile(`^c[a-z2-7]{12}$`)

// ParseCaseID takes an id as it comes from outside.
func ParseCaseID(s string) (CaseID, error) {
	if !caseID.MatchString(s) {
		return "", fault.As(fault.NotFound, fmt.Errorf("%.20q is no case id", s))
	}
	return CaseID(s), nil
}

func newCaseID() CaseID { return CaseID("c" + strings.ToLower(rand.Text()[:12])) }

// Number is the public number by which people name a case: 〔2026〕城区受字第 0123 号.
type Number string

// State is where a case stands. Moves between states are in lifecycle.go.
type State string

// The states of DOMAIN §1. A draft is a dialogue, not a case.
const (
	Submitted  State = "submitted"  // 已提交, under review
	Accepted   State = "accepted"   // 已受理, waiting to be claimed
	Claimed    State = "claimed"    // 已认领
	Consulting State = "consulting" // 征求对方意愿
	Mediating  State = "mediating"  // 调解中
	Paused     State = "paused"     // 中止 (expert opinion…)
	Agreed     State = "agreed"     // 达成协议, not yet in effect
	Performing State = "performing" // 履行中
	Failed     State = "failed"     // 调解不成, ended
	Performed  State = "performed"  // 履行完毕
	Withdrawn  State = "withdrawn"  // 撤回或自行和解
	Declined   State = "declined"   // 不予受理
	Referred   State = "referred"   // 转办、移交
	Merged     State = "merged"     // 并入另一案
	Closed     State = "closed"     // 结案
	Archived   State = "archived"   // 归档
)

// States lists every state in the order of the process.
var States = []State{
	Submitted, Accepted, Claimed, Consulting, Mediating, Paused, Agreed, Performing,
	Failed, Performed, Withdrawn, Declined, Referred, Merged, Closed, Archived,
}

// Priority orders the queue: lower is sooner.
type Priority int

// Priorities, also red, orange, yellow, green.
const (
	Emergency Priority = iota // red
	High                      // orange
	Raised                    // yellow
	Normal                    // green
)

// Outcome is how a mediation ended.
type Outcome string

// Outcomes that a mediator records.
const (
	AgreedWritten Outcome = "agreed_written" // 书面协议
	AgreedOral    Outcome = "agreed_oral"    // 口头协议
	NotAgreed     Outcome = "not_agreed"     // 调解不成
	Refused       Outcome = "refused"        // 对方明确拒绝
	Settled       Outcome = "settled"        // 自行和解
	TakenBack     Outcome = "withdrawn"      // 当事人撤回
	DiedOut       Outcome = "died_out"       // 纠纷自行消失
)

// Report is what a resident tells. All of it but the village, the category and
// the amount is personal data: the store seals it.
type Report struct {
	Village   string            `json:"village"` // code, or place.Centre
	Category  string            `json:"category"`
	What      string            `json:"what"`
	Since     string            `json:"since"`
	Other     string            `json:"other"` // the other party, as told
	Wish      string            `json:"wish"`
	Contact   Contact           `json:"contact"`
	Extra     map[string]string `json:"extra,omitempty"` // answers to the questions of its type, by type and question: labour.months
	Evidence  []Evidence        `json:"evidence,omitempty"`
	Source    string            `json:"source"` // channel: web, telegram, counter, grid
	Urgency   Priority          `json:"urgency"`
	Consented time.Time         `json:"consented"`            // when the privacy notice was agreed to
	ConsentBy string            `json:"consent_by,omitempty"` // who of the staff was told so, when it was said and not typed
	About     string            `json:"about,omitempty"`      // name of whom it is about, if the reporter speaks for somebody else
	Relation  string            `json:"relation,omitempty"`   // what that person is to the reporter; "" for oneself
	Agreed    string            `json:"agreed,omitempty"`     // what that person says to it, see AgreedYes
	Question  string            `json:"question,omitempty"`   // the question that led here
	Cited     []string          `json:"cited,omitempty"`
}

// unnamed is the report without the parties' names and numbers: also without
// the answer of its type that says who the other party is.
func (r Report) unnamed() Report {
	if other := r.Other; other != "" {
		r.Extra = maps.Clone(r.Extra)
		maps.DeleteFunc(r.Extra, func(_, text string) bool { return text == other })
	}
	r.Contact, r.Other, r.About = Contact{Withheld: r.Contact.Withheld}, "", ""
	return r
}

// Answered is an answer with the label of its question.
type Answered struct{ Label, Text string }

// Contact is how the reporter can be reached.
type Contact struct {
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Address  string `json:"address"`  // bot address "web:…" for the outbox
	Withheld bool   `json:"withheld"` // name not to be told to the other party
}

// Evidence is a file kept with the case.
type Evidence struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Key  string `json:"key"`
	Size int64  `json:"size"`
	Desk bool   `json:"desk,omitempty"` // taken in by the staff, so in no party's share
}

// Case is a dispute under the desk's care.
type Case struct {
	ID        CaseID
	Number    Number
	Code      string // with the number it opens [Service.Progress]; only told to the reporter
	State     State
	Version   int64  // grows by one with every event; also the number of the last one
	Edited    int64  // version of the last event that was not a mere read
	Head      string // link of the last event
	Territory string
	Category  string
	Priority  Priority
	Source    string // channel by which it came
	Reporter  string // actor id of the reporter
	Notify    string // bot address for the reporter's notices, "" if there is none
	Owner     string // account id of the mediator, "" while unclaimed
	OwnerName string // what the mediator is called
	Filed     time.Time
	Changed   time.Time
	Lease     time.Time // when the claim runs out unless renewed; zero when there is none
	Due       time.Time // next deadline, zero when none
	Timers    []Timer   // every deadline that runs
	Outcome   Outcome
	Summary   string            // of the outcome, as the mediator wrote it; empty unless read with personal data
	Amount    int64             // of the agreement, in fen
	Agreement Number            // of the agreement, in a series of its own; "" while there is none
	Facts     map[string]string // further plain facts: refer_to, reason, basis, into, …
	Report    Report            // empty unless read with personal data
	Papers    map[string]string // parts of the file by name, see paper; nil unless read with personal data
	Shelf     string            // where an archived case lies outside the store, "" while it is here
	Unknown   map[string]string // fields that a newer version of the program keeps, carried along as they are
	Seals     map[string]string // of the papers, by name: the store's own, by which it knows each as the one it wrote
}

// Event is one entry of a case's audit trail.
type Event struct {
	Seq    int64 // equals the case version after it
	At     time.Time
	Actor  string
	Kind   string // filed, accepted, claimed, released, noted, read, …
	From   State
	To     State
	Detail map[string]string // no personal data
	Text   string            // what was written, sealed; empty unless read with personal data
	Link   string            // keyed hash over this event and the link before it
}

// Notice is a message to people that a change brings with it, queued in the
// outbox by the same script that changes the state.
type Notice struct {
	// To is a bot address ("web:…", "telegram:…"), "staff:<account id>",
	// "territory:<code>" (the mediators who cover it) or "role:<role>".
	To   string            `json:"to"`
	Key  string            `json:"key"`  // text key
	Data map[string]string `json:"data"` // no personal data of others

	reporter bool // it is for the reporter: those of merged cases get it too
	party    int  // number of the other party whom it is for, 0 if for somebody else
}
