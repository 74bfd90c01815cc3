package access_test

import (
	"strings"
	"testing"

	"github.com/anjie-desk/anjie/bot/access"
	"github.com/anjie-desk/anjie/bot/fault"
)

var permissions = []access.Permission{
	access.FileCase, access.SeeQueue, access.ClaimCase, access.WorkCase, access.ManageCases, access.SeePersonal, access.EditItems,
	access.ApproveItems, access.EditContent, access.ReviewContent, access.SeeFigures, access.ManageAccounts,
	access.AnswerQuestions, access.SeeNeeds, access.HelpCase, access.PlaceAccounts,
}

// TestEveryRoleAndPermission is the whole matrix: a row a role, a column a
// permission in the order above. Nobody but a mediator mediates, nobody but a
// director manages accounts.
func TestEveryRoleAndPermission(t *testing.T) {
	for role, row := range map[access.Role]string{
		"":                "x...............",
		access.Resident:   "x...............",
		access.GridWorker: "xx..............",
		access.Mediator:   "xxxx.x........x.",
		access.Adviser:    ".x......xxx.xxx.",
		access.Clerk:      "xx..xx..x.x.xx.x",
		access.Editor:     "......xxx.x.....",
		access.Director:   "xx..xxxxxxxxxx.x",
		"cleaner":         "................",
	} {
		for i, p := range permissions {
			for name, who := range map[string]access.Actor{
				"everywhere":    {ID: "a", Role: role},
				"in a village":  {ID: "a", Role: role, Territories: []string{"1"}},
				"with a name":   {ID: "a", Name: "甲", Role: role},
				"without an id": {Role: role},
			} {
				want := row[i] == 'x'
				if got := who.May(p); got != want {
					t.Errorf("%q %s may %s: %v, want %v", role, name, p, got, want)
				}
				err := who.Require(p)
				if want != (err == nil) || err != nil && (fault.Of(err) != fault.Denied || !strings.Contains(err.Error(), string(p))) {
					t.Errorf("%q %s requires %s: %v", role, name, p, err)
				}
			}
		}
	}
}

func TestTerritories(t *testing.T) {
	for name, tc := range map[string]struct {
		of   []string
		asks string
		want bool
	}{
		"the whole sub-district": {nil, "1", true},
		"one's own village":      {[]string{"1", "2"}, "2", true},
		"another village":        {[]string{"1", "2"}, "3", false},
		"the centre":             {[]string{"1"}, "centre", false},
		"a part of a code":       {[]string{"12"}, "1", false},
	} {
		if got := (access.Actor{ID: "a", Role: access.Mediator, Territories: tc.of}).Covers(tc.asks); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestStaff(t *testing.T) {
	for role, want := range map[access.Role]bool{"": false, access.Resident: false, access.GridWorker: true, access.Director: true} {
		if got := (access.Actor{Role: role}).Staff(); got != want {
			t.Errorf("%q is staff: %v", role, got)
		}
	}
	a := access.Account{ID: "x", Name: "甲", Role: access.Clerk, Territories: []string{"1"}}.Actor()
	if a.ID != "x" || a.Name != "甲" || a.Role != access.Clerk || !a.Covers("1") || a.Covers("2") {
		t.Errorf("acts as %+v", a)
	}
}
