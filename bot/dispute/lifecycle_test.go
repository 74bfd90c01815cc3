package dispute_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/dispute"
)

const village = "999999999001"

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
			"reporter": "withdraw add", manage: "accept decline refer merge withdraw add note",
		},
		dispute.Accepted: {
			"reporter": "withdraw add", manage: "decline settle reassign refer merge withdraw add note",
			own: "claim", "mediator": "claim",
		},
		dispute.Claimed: {
			"reporter": "withdraw add", manage: "settle release reassign refer withdraw add note",
			own: "contact consult mediate refuse settle release refer note",
		},
		dispute.Consulting: {
			"reporter": "withdraw add", manage: "settle release reassign refer withdraw add note",
			own: "contact mediate refuse settle release refer note",
		},
		dispute.Mediating: {
			"reporter": "withdraw add", manage: "settle release reassign refer withdraw add note",
			own: "contact pause agree oral fail refuse settle release refer note",
		},
		dispute.Paused: {
			"reporter": "withdraw add", manage: "settle release reassign refer withdraw add note",
			own: "contact resume fail refuse settle release refer note",
		},
		dispute.Agreed:     {"reporter": "add", manage: "effect close add note", own: "effect close note"},
		dispute.Performing: {"reporter": "add", manage: "perform close add note", own: "perform close note"},
		dispute.Performed:  {"reporter": nothing, manage: "close note", own: "close note"},
		dispute.Failed:     {"reporter": nothing, manage: "close reopen note", own: "close note"},
		dispute.Withdrawn:  {"reporter": nothing, manage: "close note", own: "close note"},
		dispute.Declined:   {"reporter": nothing, manage: "close reopen note", own: "close note"},
		dispute.Referred:   {"reporter": nothing, manage: "close note", own: "close note"},
		dispute.Merged:     {"reporter": nothing, manage: "close note", own: "close note"},
		dispute.Closed:     {"reporter": nothing, manage: "archive reopen note", own: "archive note"},
		dispute.Archived:   {"reporter": nothing, manage: "note", own: "note"},
	} {
		c := dispute.Case{ID: "caaaaaaaaaaaa", State: state, Territory: village, Reporter: "web:reporter", Owner: "owner"}
		if state == dispute.Submitted || state == dispute.Accepted {
			c.Owner = "" // nobody has it yet
		}
		all := map[string]string{}
		for who, ops := range want {
			for _, one := range strings.Fields(who) {
				all[strings.ReplaceAll(one, "-", " ")] = ops
			}
		}
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
