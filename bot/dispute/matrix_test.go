package dispute

import (
	"slices"
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/access"
)

// TestEverythingAPartyMayDo is the rows of the reporter and of the other party
// in the matrix of person, operation and state, with every operation there is:
// also those that no list of buttons shows.
func TestEverythingAPartyMayDo(t *testing.T) {
	const (
		inHand   = "claimed consulting mediating paused"
		meetings = inHand + " agreed performing"
	)
	both := map[Op]string{
		OpAdd: "submitted accepted " + meetings, OpObject: inHand, OpPick: meetings, OpPutOff: meetings, OpPresent: meetings,
		OpConfirm: "agreed performing", OpDoubt: "agreed performing", OpWish: "agreed performing performed closed", OpTell: "performing",
		OpScore: "performing failed performed withdrawn closed",
	}
	for name, tc := range map[string]struct {
		who  access.Actor
		more map[Op]string
		none bool
	}{
		"the reporter": {access.Actor{ID: "web:reporter"}, map[Op]string{OpWithdraw: "submitted accepted " + inHand}, false},
		"the other party": {access.Actor{ID: PartyID("caaaaaaaaaaaa", 1)}, map[Op]string{
			OpRefuse: inHand, OpWilling: inHand, OpRead: words(States), OpSee: words(States), OpReach: "submitted accepted " + meetings,
		}, false},
		"one who was shown out":      {access.Actor{ID: PartyID("caaaaaaaaaaaa", 2)}, nil, true},
		"a party of another case":    {access.Actor{ID: PartyID("cbbbbbbbbbbbb", 1)}, nil, true},
		"somebody at her browser":    {access.Actor{ID: "web:guest"}, nil, true},
		"a party by a longer number": {access.Actor{ID: PartyID("caaaaaaaaaaaa", 1) + "1"}, nil, true},
	} {
		for op, m := range moves {
			var got []State
			for _, state := range States {
				c := Case{ID: "caaaaaaaaaaaa", State: state, Territory: "1", Reporter: "web:reporter", Owner: "owner", Facts: map[string]string{seatFact + "1": "web:guest"}}
				if standing(tc.who, c)&m.by != 0 && state.allows(op) {
					got = append(got, state)
				}
			}
			want := tc.more[op]
			if want == "" && !tc.none {
				want = both[op]
			}
			if !slices.Equal(sorted(words(got)), sorted(want)) {
				t.Errorf("%s may %s in %q, want %q", name, op, words(got), want)
			}
		}
	}
}

func words(states []State) string {
	var all []string
	for _, s := range states {
		all = append(all, string(s))
	}
	return strings.Join(all, " ")
}

func sorted(words string) []string { return slices.Sorted(slices.Values(strings.Fields(words))) }
