package dispute_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

const (
	village                = "999999999001"
	theCase dispute.CaseID = "caaaaaaaaaaaa"
)

var people = map[string]access.Actor{
	"reporter":          {ID: "web:reporter"},
	"stranger":          {ID: "web:stranger"},
	"nobody":            {},
	"owner":             {ID: "owner", Role: access.Mediator, Territories: []string{village}},
	"mediator":          {ID: "mediator", Role: access.Mediator, Territories: []string{village}},
	"reporting":         {ID: "web:reporter", Role: access.Mediator, Territories: []string{village}},
	"foreign mediator":  {ID: "foreign", Role: access.Mediator, Territories: []string{"999999999002"}},
	"clerk":             {ID: "clerk", Role: access.Clerk},
	"village clerk":     {ID: "village clerk", Role: access.Clerk, Territories: []string{village}},
	"foreign clerk":     {ID: "foreign clerk", Role: access.Clerk, Territories: []string{"999999999002"}},
	"director":          {ID: "director", Role: access.Director},
	"grid worker":       {ID: "grid", Role: access.GridWorker, Territories: []string{village}},
	"editor":            {ID: "editor", Role: access.Editor},
	"adviser":           {ID: "adviser", Role: access.Adviser},
	"former mediator":   {ID: "owner", Role: access.Editor},
	"owner of no roles": {ID: "owner"},

	"other party":                {ID: dispute.PartyID(theCase, 1)},
	"other party, elsewhere":     {ID: dispute.PartyID(theCase, 1), Territories: []string{"999999999002"}},
	"other party, shown out":     {ID: dispute.PartyID(theCase, 2)},
	"other party never invited":  {ID: dispute.PartyID(theCase, 0)},
	"other party of another one": {ID: dispute.PartyID("cbbbbbbbbbbbb", 1)},
}

// TestWhoMayDoWhatInWhichState is the table of DOMAIN §1 as people see it: the
// buttons of each person in each state.
func TestWhoMayDoWhatInWhichState(t *testing.T) {
	const (
		own     = "owner"
		manage  = "clerk village-clerk director"
		nothing = ""
	)
	for state, want := range map[dispute.State]map[string]string{
		dispute.Submitted: {
			"reporter": "withdraw add", manage: "accept decline tally rate locate refer merge withdraw add note",
		},
		dispute.Accepted: {
			"reporter": "withdraw add", manage: "decline settle die_out tally reassign rate locate refer merge withdraw add note",
			own: "claim", "mediator": "claim",
		},
		dispute.Claimed: {
			"reporter": "object withdraw add", manage: "settle die_out enclose tally invite release reassign object rate locate refer merge seat withdraw add note",
			own: "contact consult mediate refuse settle die_out enclose tally extend invite offer release object rate locate refer seat add note",
		},
		dispute.Consulting: {
			"reporter": "object withdraw add", manage: "settle die_out enclose tally invite release reassign object rate locate refer merge seat withdraw add note",
			own: "contact mediate refuse settle die_out enclose tally extend invite offer release object rate locate refer seat add note",
		},
		dispute.Mediating: {
			"reporter": "object withdraw add", manage: "settle die_out enclose tally invite release reassign object rate locate refer merge seat withdraw add note",
			own: "contact pause agree oral fail refuse settle die_out enclose tally extend invite offer release object rate locate refer seat add note",
		},
		dispute.Paused: {
			"reporter": "object withdraw add", manage: "settle die_out enclose tally invite release reassign object rate locate refer merge seat withdraw add note",
			own: "contact resume fail refuse settle die_out enclose tally invite offer release object rate locate refer seat add note",
		},
		dispute.Agreed: {
			"reporter": "confirm add", manage: "sign amend close enclose tally invite pass_on locate seat add note", own: "fail sign amend close enclose tally invite locate seat add note",
		},
		dispute.Performing: {
			"reporter": "confirm tell score add",
			manage:     "sign amend fulfil perform urge judicial visit review close reopen enclose tally invite pass_on locate seat add note",
			own:        "sign amend fulfil perform urge judicial visit close enclose tally invite locate seat add note",
		},
		dispute.Performed: {
			"reporter": "score", manage: "amend judicial visit review close reopen enclose tally pass_on note",
			own: "amend judicial visit close enclose tally note",
		},
		dispute.Failed: {
			"reporter": "score", manage: "visit review close reopen enclose tally pass_on note", own: "visit close enclose tally note",
		},
		dispute.Withdrawn: {
			"reporter": "score", manage: "visit review close reopen enclose tally pass_on note", own: "visit close enclose tally note",
		},
		dispute.Declined: {"reporter": nothing, manage: "close reopen enclose tally pass_on note", own: "close enclose tally note"},
		dispute.Referred: {"reporter": nothing, manage: "close enclose tally pass_on note", own: "close enclose tally note"},
		dispute.Merged:   {"reporter": nothing, manage: "close enclose tally pass_on note", own: "close enclose tally note"},
		dispute.Closed: {
			"reporter": "score", manage: "amend judicial visit review archive reopen enclose tally pass_on note",
			own: "amend judicial visit archive enclose tally note",
		},
		dispute.Archived: {"reporter": nothing, manage: "amend reopen enclose tally note", own: "amend enclose tally note"},
	} {
		c := dispute.Case{
			ID: theCase, State: state, Territory: village, Reporter: "web:reporter", Owner: "owner", Priority: dispute.Normal,
			Facts: map[string]string{"seat:1": "web:guest"},
		}
		if state == dispute.Submitted || state == dispute.Accepted {
			c.Owner = "" // nobody has it yet
		}
		all := map[string]string{}
		for who, ops := range want {
			for _, one := range strings.Fields(who) {
				all[strings.ReplaceAll(one, "-", " ")] = ops
			}
		}
		// Whoever came in by a link may what a reporter may but withdraw, wherever
		// they are said to be; who was shown out, or in at another case, nothing.
		asParty := strings.Join(slices.DeleteFunc(strings.Fields(want["reporter"]), func(op string) bool { return op == "withdraw" }), " ")
		if strings.HasPrefix(asParty, "object") { // while a mediator has it in hand
			asParty = "refuse " + asParty // 人民调解法 17
		}
		all["other party"], all["other party, elsewhere"] = asParty, asParty
		for name, who := range people {
			if name == "reporting" || name == "former mediator" {
				continue // checked below
			}
			if got := opsOf(who, c); got != all[name] {
				t.Errorf("%s: %s may %q, want %q", state, name, got, all[name])
			}
		}
	}
}

// TestWhatAnswersSomethingIsThereWhileItWaits: an offer, an objection, an
// emergency, a helper's part.
func TestWhatAnswersSomethingIsThereWhileItWaits(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(c *dispute.Case)
		who    string
		may    string // operations that come
		not    string // and that go
	}{
		"the mediator asked takes the case or doesn't": {offered, "mediator", "take turn_down", "claim offer"},
		"who asked takes the offer back":               {offered, "owner", "turn_down", "offer take"},
		"a clerk may end an offer":                     {offered, "clerk", "turn_down", "take"},
		"nobody else takes it":                         {offered, "foreign mediator", "", "take turn_down"},
		"a clerk decides on an objection":              {objected, "clerk", "replace keep", "object"},
		"the mediator doesn't decide on it":            {objected, "owner", "", "replace keep object"},
		"one objection at a time":                      {objected, "reporter", "withdraw", "object"},
		"an emergency waits for somebody":              {emergency, "mediator", "ack claim", ""},
		"a clerk may be who knows of it":               {emergency, "clerk", "ack", ""},
		"the reporter isn't":                           {emergency, "reporter", "", "ack"},
		"who was refused can't claim":                  {refused, "mediator", "", "claim ack"},
		"a helper notes and leaves":                    {helped, "mediator", "note leave", "close contact offer agree"},
		"an adviser helps":                             {helped, "adviser", "note leave", "close contact"},
		"its mediator ends a helper's part":            {helped, "owner", "leave invite", ""},
		"a reporter with an address is written to":     {reachable, "owner", "message", ""},
		"and not by themself":                          {reachable, "reporter", "", "message"},
	} {
		c := dispute.Case{
			ID: "caaaaaaaaaaaa", State: dispute.Mediating, Territory: village, Reporter: "web:reporter", Owner: "owner", Priority: dispute.Normal,
		}
		tc.change(&c)
		got := strings.Fields(opsOf(people[tc.who], c))
		for _, op := range strings.Fields(tc.may) {
			if !slices.Contains(got, op) {
				t.Errorf("%s: %s may not %s (%v)", name, tc.who, op, got)
			}
		}
		for _, op := range strings.Fields(tc.not) {
			if slices.Contains(got, op) {
				t.Errorf("%s: %s may %s", name, tc.who, op)
			}
		}
	}
}

func offered(c *dispute.Case) {
	c.Facts = map[string]string{"offer_to": "mediator", "offer_name": "乙"}
}
func objected(c *dispute.Case)  { c.Facts = map[string]string{"objected": "owner"} }
func helped(c *dispute.Case)    { c.Facts = map[string]string{"co:mediator": "乙", "co:adviser": "丙"} }
func reachable(c *dispute.Case) { c.Notify = "web:reporter" }
func emergency(c *dispute.Case) {
	c.State, c.Owner, c.Priority = dispute.Accepted, "", dispute.Emergency
}

func refused(c *dispute.Case) {
	c.State, c.Owner, c.Facts = dispute.Accepted, "", map[string]string{"recused:mediator": "乙"}
}

func opsOf(who access.Actor, c dispute.Case) string {
	var ops []string
	for _, op := range dispute.Actions(who, c) {
		ops = append(ops, string(op))
	}
	return strings.Join(ops, " ")
}

func TestAMediatorDoesNotMediateTheirOwnReport(t *testing.T) {
	c := dispute.Case{State: dispute.Accepted, Territory: village, Reporter: "web:reporter"}
	if got := opsOf(people["reporting"], c); strings.Contains(got, "claim") {
		t.Errorf("may %q", got)
	}
}

func TestWhoLostTheRoleLosesTheCase(t *testing.T) {
	c := dispute.Case{State: dispute.Mediating, Territory: village, Owner: "owner"}
	if got := opsOf(people["former mediator"], c); got != "" {
		t.Errorf("an editor who once mediated may %q", got)
	}
}

func TestEveryStateHasAWayInAndAWayOn(t *testing.T) {
	reached := map[dispute.State]bool{dispute.Submitted: true}
	boss := access.Actor{ID: "boss", Role: access.Director}
	for range dispute.States {
		for _, from := range dispute.States {
			for _, to := range dispute.Next(from) {
				if reached[from] {
					reached[to] = true
				}
			}
		}
	}
	for _, s := range dispute.States {
		if !reached[s] {
			t.Errorf("no way leads to %s", s)
		}
		ops := dispute.Actions(boss, dispute.Case{State: s})
		if s != dispute.Archived && len(dispute.Next(s)) == 0 {
			t.Errorf("no way leads on from %s", s)
		}
		if !slices.Contains(ops, dispute.OpNote) {
			t.Errorf("nothing can be noted in %s", s)
		}
		if s.Open() && s.Finished() {
			t.Errorf("%s is both open and finished", s)
		}
	}
}

func TestCaseIDsFromOutside(t *testing.T) {
	for s, ok := range map[string]bool{
		"cabcdefghij23": true, "": false, "c": false, "cabcdefghij2": false, "cabcdefghij233": false, "Cabcdefghij23": false,
		"cabcdefghij21": false, "xabcdefghij23": false, "cabcdefghij2}": false, "cabcdefghij23\n": false,
	} {
		if _, err := dispute.ParseCaseID(s); (err == nil) != ok {
			t.Errorf("%q: %v", s, err)
		}
	}
}
