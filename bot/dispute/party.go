package dispute

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

// The operations by which the other party comes in.
const (
	OpSeat    Op = "seat"    // 请对方参加：给一个链接
	OpUnseat  Op = "unseat"  // 收回链接
	OpEnter   Op = "enter"   // 对方打开链接，同意告知
	OpWilling Op = "willing" // 对方愿意调解
)

const (
	linkLife    = 14 * 24 * time.Hour // in which a new link must be opened
	secretChars = 20                  // of a link's secret: 100 bits
	mostSeats   = 8
	maxMatter   = 500 // characters
	maxPerson   = 40
)

// People is the paper with the other parties of a case and what they are told
// that it is about.
type People struct {
	Matter string  `json:"matter"` // in the mediator's neutral words
	Others []Other `json:"others,omitempty"`
}

// Other is another party: somebody who takes part without an account. Its
// number never changes and is never given to somebody else.
type Other struct {
	N        int       `json:"n"`
	Role     string    `json:"role,omitempty"`  // in the agreement
	Name     string    `json:"name"`            // as the mediator was told
	Phone    string    `json:"phone,omitempty"` // likewise
	Tel      string    `json:"tel,omitempty"`   // as they left it themselves, to be reached at
	Link     string    `json:"link,omitempty"`  // hash of the link in force, "" when there is none
	Until    time.Time `json:"until,omitzero"`  // by when it must be opened
	Browser  string    `json:"browser,omitempty"`
	Invited  time.Time `json:"invited"`
	Entered  time.Time `json:"entered,omitzero"` // opened it and agreed to the privacy notice
	Willing  string    `json:"willing,omitempty"`
	Answered time.Time `json:"answered,omitzero"`
	Gone     bool      `json:"gone,omitempty"` // no party any more
}

// What another party says to being mediated.
const (
	SaysYes = "yes"
	SaysNo  = "no"
)

const peoplePaper paper[People] = "people"

// PeopleOf reads the other parties from a case that was read with personal data.
func PeopleOf(c Case) (People, error) { return peoplePaper.of(c) }

// Present lists those who are still parties.
func (p People) Present() []Other {
	return slices.DeleteFunc(slices.Clone(p.Others), func(o Other) bool { return o.Gone })
}

func (p People) index(n int) int {
	return slices.IndexFunc(p.Others, func(o Other) bool { return o.N == n && !o.Gone })
}

// Errors of other parties.
var (
	// ErrLink stands for a link that was never made, is over, was taken back,
	// is open in another browser, or belongs to another case: a stranger learns
	// nothing from which.
	ErrLink = fault.New(fault.NotFound, "no such link for this browser")
	// ErrOwnLink says that the reporter opened the link for the other party.
	ErrOwnLink = fault.New(fault.Denied, "the reporter can't be the other party")
	// ErrPhone says that what was given for the other party is no telephone number.
	ErrPhone = fault.New(fault.Invalid, "the telephone number is none")
	// ErrMatter says that the words for the other party give away what the
	// reporter told, or a name that is withheld.
	ErrMatter = fault.New(fault.Invalid, "the words for the other party are the reporter's own, or name who wants no name told")
)

// seatFact holds, of each other party who has come in, the bot address by which
// the desk reaches them. That it is there is their right to act.
const seatFact = "seat:"

// PartyID is the actor id of a case's n-th other party.
func PartyID(id CaseID, n int) string { return "party:" + string(id) + ":" + strconv.Itoa(n) }

// OfParty tells whether an actor's id is that of an other party to the case.
func OfParty(actor string, id CaseID) bool { return strings.HasPrefix(actor, "party:"+string(id)+":") }

// isGuest tells an other party of any case, by the id alone.
func isGuest(who access.Actor) bool { return strings.HasPrefix(who.ID, "party:") }

// partyNo is the number of the other party of this case that an actor is, 0 if
// none: only who has come in and wasn't shown out acts.
func partyNo(who access.Actor, c Case) int {
	rest, ok := strings.CutPrefix(who.ID, "party:"+string(c.ID)+":")
	if n, err := strconv.Atoi(rest); ok && err == nil && c.Facts[seatFact+rest] != "" {
		return n
	}
	return 0
}

// Invitation is what a link for another party is made of.
type Invitation struct {
	N      int // whose link is made anew; 0 for somebody new
	Name   string
	Phone  string
	Matter string // what the dispute is about, in neutral words
}

// InviteParty makes a one-time link for another party and returns its code,
// which is kept nowhere but hashed. It may be opened within 14 days, in one
// browser. A new link for the same party makes the old one void, and shows out
// whoever came by it.
func (s *Service) InviteParty(ctx context.Context, who access.Actor, id CaseID, in Invitation, seen Seen) (Case, string, error) {
	if err := in.check(); err != nil {
		return Case{}, "", err
	}
	code := newLink(id)
	seen.Token = "" // a form sent twice would show a link that isn't in force; its version stops it
	after, err := s.amend(ctx, who, id, OpSeat, seen, func(c Case) (edit, error) {
		p, err := PeopleOf(c)
		if err != nil {
			return edit{}, err
		}
		if err := tactful(in.Matter, c); err != nil {
			return edit{}, err
		}
		n, err := p.invite(in, code, s.now())
		if err != nil {
			return edit{}, err
		}
		e := edit{
			detail: map[string]string{"party": strconv.Itoa(n)},
			move: func(m *Move) {
				m.note(map[string]string{seatFact + strconv.Itoa(n): "", factAsked + strconv.Itoa(n): "1"})
			},
		}
		return e, peoplePaper.put(&e, p)
	})
	if err != nil {
		return Case{}, "", err
	}
	return after, code, nil
}

func (in Invitation) check() error {
	for what, text := range map[string]string{"name": in.Name, "phone": in.Phone} {
		if utf8.RuneCountInString(text) > maxPerson {
			return fault.New(fault.Invalid, "invite: "+what+" is too long")
		}
	}
	if in.Name == "" || in.Matter == "" || utf8.RuneCountInString(in.Matter) > maxMatter {
		return fault.New(fault.Invalid, "invite: name or matter is missing or too long")
	}
	if in.Phone != "" && !IsPhone(in.Phone) { // by its end a party says who it is
		return ErrPhone
	}
	return nil
}

// IsPhone tells whether a text has as many digits as a telephone number, from
// one without its area code to one with the country's and an extension.
func IsPhone(text string) bool {
	n := len(onlyDigits(text))
	return n >= 7 && n <= 18
}

// mostQuoted is how many characters in a row the words for the other party may
// share with what the reporter told.
const mostQuoted = 15

// tactful keeps the reporter's own words, number and withheld name from the
// other party.
func tactful(matter string, c Case) error {
	k := c.Report.Contact
	if c.Report.betrays(matter) || k.Phone != "" && strings.Contains(matter, k.Phone) {
		return ErrMatter
	}
	runes := []rune(matter)
	for i := 0; i+mostQuoted < len(runes); i++ {
		if strings.Contains(c.Report.What, string(runes[i:i+mostQuoted+1])) {
			return ErrMatter
		}
	}
	return nil
}

func (p *People) invite(in Invitation, code string, now time.Time) (int, error) {
	p.Matter = in.Matter
	i := len(p.Others)
	switch {
	case in.N != 0:
		if i = p.index(in.N); i < 0 {
			return 0, ErrNotFound
		}
	case i >= mostSeats:
		return 0, fault.New(fault.Invalid, "invite: too many other parties")
	default:
		p.Others = append(p.Others, Other{N: i + 1, Role: p.freeRole()})
	}
	o := &p.Others[i]
	o.Name, o.Phone, o.Link, o.Until, o.Invited, o.Browser, o.Entered = in.Name, in.Phone, hashLink(code), now.Add(linkLife), now, "", time.Time{}
	return o.N, nil
}

// UninviteParty takes an other party's link back and shows them out. With gone
// they are no party any more: nobody waits for them to choose a time.
func (s *Service) UninviteParty(ctx context.Context, who access.Actor, id CaseID, n int, gone bool, seen Seen) (Case, error) {
	return s.amend(ctx, who, id, OpUnseat, seen, func(c Case) (edit, error) {
		p, err := PeopleOf(c)
		if err != nil {
			return edit{}, err
		}
		i := p.index(n)
		if i < 0 {
			return edit{}, ErrNotFound
		}
		p.Others[i].Link, p.Others[i].Browser, p.Others[i].Gone = "", "", gone
		e := edit{
			detail: map[string]string{"party": strconv.Itoa(n)},
			move:   func(m *Move) { m.note(shownOut(c, strconv.Itoa(n), gone)) },
		}
		return e, peoplePaper.put(&e, p)
	})
}

// shownOut takes an other party's seat away; one who is still a party has to be
// told by telephone from now on, and nobody has to be told who is none any more.
func shownOut(c Case, n string, gone bool) map[string]string {
	facts := map[string]string{seatFact + n: "", factAsked + n: "1"}
	if !gone {
		return facts
	}
	facts[factAsked+n] = ""
	for k := range c.Facts {
		if strings.HasPrefix(k, factTell+n+":") {
			facts[k] = ""
		}
	}
	return facts
}

// A link's code is the case's letters and a secret.
var linkCode = regexp.MustCompile(`^[a-z2-7]{32}$`)

func newLink(id CaseID) string { return string(id[1:]) + strings.ToLower(rand.Text()[:secretChars]) }

func caseOfLink(code string) (CaseID, error) {
	if !linkCode.MatchString(code) {
		return "", ErrLink
	}
	return ParseCaseID("c" + code[:len(code)-secretChars])
}

func hashLink(code string) string {
	sum := sha256.Sum256([]byte("anjie party link\x00" + code))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// same compares in a time that says nothing of where two texts differ.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// atLink finds the case and the place in it that a link leads to, for a browser
// that may take it or has taken it.
func (s *Service) atLink(ctx context.Context, code, browser string) (Case, Other, error) {
	id, err := caseOfLink(code)
	if err != nil {
		return Case{}, Other{}, ErrLink
	}
	c, err := s.store.Case(ctx, id, true)
	switch {
	case errors.Is(err, ErrNotFound):
		return Case{}, Other{}, ErrLink
	case err != nil:
		return Case{}, Other{}, fmt.Errorf("link of case %s: %w", id, err)
	}
	o, err := s.placeAt(c, code, browser)
	return c, o, err
}

func (s *Service) placeAt(c Case, code, browser string) (Other, error) {
	p, err := PeopleOf(c)
	if err != nil {
		return Other{}, err
	}
	hash, found := hashLink(code), Other{}
	for _, o := range p.Others { // all of them, so that the time taken tells nothing
		if same(o.Link, hash) && !o.Gone {
			found = o
		}
	}
	switch {
	case found.N == 0 || browser == "":
		return Other{}, ErrLink
	case found.Browser != "" && !same(found.Browser, browser):
		return Other{}, ErrLink
	case found.Browser == "" && s.now().After(found.Until):
		return Other{}, ErrLink
	}
	return found, nil
}

// LookAtLink tells whether this browser has taken a link, so that opening it,
// which a preview does too, uses nothing up. The error is [ErrLink] or
// [ErrOwnLink]. Browser is the id of its session, which can't be guessed.
func (s *Service) LookAtLink(ctx context.Context, code, browser string) (taken bool, err error) {
	c, o, err := s.atLink(ctx, code, browser)
	if err != nil {
		return false, err
	}
	if own(c, browser) {
		return false, ErrOwnLink
	}
	return o.Browser != "", nil
}

// own tells whether the browser is the reporter's.
func own(c Case, browser string) bool { return c.Reporter == webAddress(browser) }

func webAddress(browser string) string { return "web:" + browser }

// EnterByLink takes a link for this browser: who opened it has read the privacy
// notice and agrees. A second call by the same browser changes nothing.
func (s *Service) EnterByLink(ctx context.Context, code, browser string) error {
	c, o, err := s.atLink(ctx, code, browser)
	if err != nil {
		return err
	}
	if o.Browser != "" {
		return nil
	}
	// Nobody is a party before they have come in: the desk opens the door, by the link.
	_, err = s.amend(ctx, access.System, c.ID, OpEnter, Seen{}, func(c Case) (edit, error) { return s.enterAt(c, code, browser) })
	if fault.Of(err) == fault.NotFound {
		return ErrLink
	}
	return err
}

func (s *Service) enterAt(c Case, code, browser string) (edit, error) {
	o, err := s.placeAt(c, code, browser) // another browser may have been quicker
	if err != nil {
		return edit{}, err
	}
	if own(c, browser) {
		return edit{}, ErrOwnLink
	}
	p, err := PeopleOf(c)
	if err != nil {
		return edit{}, err
	}
	n := strconv.Itoa(o.N)
	i := p.index(o.N)
	p.Others[i].Browser, p.Others[i].Entered = browser, s.now()
	e := edit{
		detail:  map[string]string{"party": n, "consent": "privacy"},
		notices: func(c Case) []Notice { return []Notice{s.toOwner(c, c.Owner, "notice.party.entered")} },
		move: func(m *Move) {
			m.Event.Actor = PartyID(c.ID, o.N)
			m.note(map[string]string{seatFact + n: webAddress(browser), factAsked + n: ""})
		},
	}
	return e, peoplePaper.put(&e, p)
}

// Guest is who a browser acts as by the link that it has taken, and the case.
// The error is [ErrLink] for every other browser.
func (s *Service) Guest(ctx context.Context, code, browser string) (access.Actor, CaseID, error) {
	c, o, err := s.atLink(ctx, code, browser)
	if err != nil {
		return access.Actor{}, "", err
	}
	who := access.Actor{ID: PartyID(c.ID, o.N)}
	if o.Browser == "" || partyNo(who, c) == 0 {
		return access.Actor{}, "", ErrLink
	}
	return who, c.ID, nil
}

// AnswerAsked records whether an other party is willing to be mediated. A clear
// refusal ends the mediation (人民调解法 17). The words may be empty.
func (s *Service) AnswerAsked(ctx context.Context, who access.Actor, id CaseID, willing bool, words string, seen Seen) (Case, error) {
	if err := bounded("answer", words); err != nil {
		return Case{}, err
	}
	op, says := OpWilling, SaysYes
	if !willing {
		op, says = OpRefuse, SaysNo
	}
	return s.amend(ctx, who, id, op, seen, func(c Case) (edit, error) {
		n := partyNo(who, c)
		p, err := PeopleOf(c)
		if err != nil {
			return edit{}, err
		}
		i := p.index(n)
		if i < 0 {
			return edit{}, fault.New(fault.Denied, "not an other party")
		}
		p.Others[i].Willing, p.Others[i].Answered = says, s.now()
		e := edit{text: words, detail: map[string]string{"party": strconv.Itoa(n)}, notices: s.answered(willing)}
		if !willing {
			e.detail["outcome"] = string(Refused)
			e.move = func(m *Move) { m.Outcome, m.Summary = Refused, words }
		}
		return e, peoplePaper.put(&e, p)
	})
}

func (s *Service) answered(willing bool) func(Case) []Notice {
	return func(c Case) []Notice {
		if willing {
			return []Notice{s.toOwner(c, c.Owner, "notice.party.willing")}
		}
		return append(s.ended(c, Refused), s.toOwner(c, c.Owner, "notice.party.refused"))
	}
}

// Place is what an other party may know of the case: nothing that the reporter
// told, no number, and no name that is withheld.
type Place struct {
	ID        CaseID
	Number    Number
	State     State
	Version   int64
	Category  string // key
	Territory string
	Mediator  string
	Applicant string // whose dispute it is, "" if the name is withheld
	Matter    string
	Me        Other // without the link
	Outcome   Outcome
	Open      bool
	Meetings  Appointments
}

// Place reads a case for one of its other parties, and says so in its audit
// trail, once in a quarter of an hour.
func (s *Service) Place(ctx context.Context, who access.Actor, id CaseID) (Place, error) {
	c, err := s.byParty(ctx, who, id)
	if err == nil && partyNo(who, c) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Place{}, fmt.Errorf("place of %s at case %s: %w", who.ID, id, err)
	}
	p, err := PeopleOf(c)
	if err != nil {
		return Place{}, err
	}
	i := p.index(partyNo(who, c))
	if i < 0 {
		return Place{}, ErrNotFound
	}
	out := Place{
		ID: id, Number: c.Number, State: c.State, Version: c.Version, Category: c.Category, Territory: s.reg.Label(c.Territory),
		Mediator: c.OwnerName, Matter: p.Matter, Me: p.Others[i], Outcome: c.Outcome, Open: c.State.Open(),
	}
	out.Me.Link, out.Me.Browser = "", ""
	out.Applicant = c.Report.NameForOther()
	out.Meetings, err = s.appointments(c, strconv.Itoa(out.Me.N))
	return out, err
}

// toSeats tells every other party: at their page who has come in; who hasn't is
// left to be told by telephone.
func (s *Service) toSeats(c Case, key string) []Notice {
	var all []Notice
	for _, fact := range slices.Sorted(maps.Keys(c.Facts)) {
		for _, prefix := range []string{seatFact, factAsked} {
			n, ok := strings.CutPrefix(fact, prefix)
			no, err := strconv.Atoi(n)
			if !ok || err != nil || c.Facts[fact] == "" {
				continue
			}
			all = append(all, s.toOther(c, no, key))
		}
	}
	return all
}

// toOther tells one other party.
func (s *Service) toOther(c Case, n int, key string) Notice {
	return Notice{To: c.Facts[seatFact+strconv.Itoa(n)], Key: key, Data: s.dataOf(c), party: n}
}
